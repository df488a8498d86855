"""Cases as links for the pages of the floor below them."""

from collections.abc import Collection
from uuid import UUID

from integrations.queries.case_links import CaseLink
from monitoring.models import CaseCause, ExceptionCase


def by_cause(fingerprints: Collection[UUID]) -> dict[UUID, CaseLink]:
    """The newest case of each cause."""
    found = (
        CaseCause.objects.filter(fingerprint__in=fingerprints)
        .select_related("case")
        .order_by("fingerprint", "-id")
        .distinct("fingerprint")
    )
    return {cause.fingerprint: link(cause.case) for cause in found}


def by_endpoint(endpoint_ids: Collection[int]) -> dict[int, CaseLink]:
    """The worst open case of each endpoint."""
    found = (
        ExceptionCase.objects.filter(
            endpoint_id__in=endpoint_ids, state__in=ExceptionCase.OPEN_STATES
        )
        .exclude(origin__in=ExceptionCase.INTERNAL)
        .order_by("endpoint_id", "severity", "opened_at")
        .distinct("endpoint_id")
    )
    return {case.endpoint_id: link(case) for case in found}


def link(case: ExceptionCase) -> CaseLink:
    return CaseLink(case.label, f"/cases/{case.number}/")
