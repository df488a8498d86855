"""Cases as links for the pages of the floor below them."""

from collections.abc import Collection
from uuid import UUID

from integrations.queries.case_links import CaseLink
from monitoring.models import ExceptionCase


def by_cause(fingerprints: Collection[UUID]) -> dict[UUID, CaseLink]:
    """The newest case of each cause."""
    found = (
        ExceptionCase.objects.filter(fingerprint__in=fingerprints)
        .order_by("fingerprint", "-number")
        .distinct("fingerprint")
    )
    return {case.fingerprint: link(case) for case in found}


def by_endpoint(endpoint_ids: Collection[int]) -> dict[int, CaseLink]:
    """The worst open case of each endpoint."""
    found = (
        ExceptionCase.objects.filter(
            endpoint_id__in=endpoint_ids, state__in=ExceptionCase.OPEN_STATES
        )
        .order_by("endpoint_id", "severity", "opened_at")
        .distinct("endpoint_id")
    )
    return {case.endpoint_id: link(case) for case in found}


def link(case: ExceptionCase) -> CaseLink:
    return CaseLink(case.label, f"/cases/{case.number}/")
