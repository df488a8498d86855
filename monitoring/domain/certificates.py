"""Certificates that end soon: a case for each, until one that is good for longer is there."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID, uuid5

from integrations.connectors import as2_partner, registry
from integrations.connectors.as2_partner import Held
from integrations.domain.configuration import endpoint_config
from integrations.models import Endpoint
from monitoring.domain import findings
from monitoring.domain.findings import Finding
from monitoring.models import CaseCause, ExceptionCase
from portal.core.errors import NeedsCredentials

CODE: Final = "cert_expiring"
_CAUSE: Final = UUID("0f6a1a52-6d0e-5b1c-9a3c-2b7d1c6f8e44")
_OVER: Final = "It was replaced by one that is good for longer"
_SEVERE: Final = ((3, 1), (7, 2))  # days left → severity, the worst first


def look(now: datetime) -> None:
    """Open the cases of what ends within thirty days, and close those of what was replaced."""
    speaking = [connector.slug for connector in registry.everyone() if connector.as2]
    endpoints = Endpoint.objects.filter(connector__in=speaking).order_by("pk")
    found = [one for endpoint in endpoints for one in _ending(endpoint, now)]
    findings.report(found)
    open_now = CaseCause.objects.filter(is_open=True, case__origin=ExceptionCase.Origin.EXPIRY)
    known = {one.fingerprint for one in found}
    causes = set(open_now.values_list("fingerprint", flat=True)) - known
    findings.clear(causes, cause=_OVER)


def _ending(endpoint: Endpoint, now: datetime) -> Iterator[Finding]:
    try:
        config = endpoint_config(endpoint)
        agreement = config.connector.as2(config.connection) if config.connector.as2 else None
    except NeedsCredentials:  # nothing can be read of it; its own page says so
        return
    for one in as2_partner.ending(agreement, now) if agreement else ():
        yield _finding(endpoint, one, now)


def _finding(endpoint: Endpoint, one: Held, now: datetime) -> Finding:
    last_day = f"{one.ends.day} {one.ends:%b %Y}"
    left = one.days_left(now)
    return Finding(
        fingerprint=uuid5(_CAUSE, f"{endpoint.pk}|{one.fingerprint}"),
        customer_id=endpoint.customer_id,
        endpoint_id=endpoint.pk,
        origin=ExceptionCase.Origin.EXPIRY,
        code=CODE,
        since=one.ends - timedelta(days=as2_partner.WARN_DAYS),
        value=one.whose,
        severity=next((severity for days, severity in _SEVERE if left < days), None),
        evidence=[
            ("Certificate", f"AS2, {one.whose[0].lower()}{one.whose[1:]}, until {last_day}"),
            ("SHA-256 fingerprint", one.fingerprint),
        ],
        url=f"/endpoints/{endpoint.slug}/",
    )
