"""What the page of an endpoint shows of AS2: certificates and their last days, and where receipts stand."""

from datetime import datetime
from typing import Any, Final

from cryptography.hazmat.primitives.serialization import Encoding

from integrations.connectors.as2_partner import WARN_DAYS, Held, ending, held
from integrations.domain.configuration import endpoint_config
from integrations.formats.as2 import Agreement
from integrations.models import Endpoint
from integrations.queries.as2_receipts import receipts
from integrations.views import spoken
from portal.core import clock
from portal.core.errors import NeedsCredentials

AT_ONCE: Final = 7  # days
_REMEDY: Final = "Ask the partner for another address, and enter it as theirs for receipts."


def shown(found: Endpoint) -> dict[str, Any] | None:
    """None for an endpoint that does not speak AS2. `warnings`: [{state, text}], the worst first."""
    try:
        config = endpoint_config(found)
        agreement = config.connector.as2(config.connection) if config.connector.as2 else None
    except NeedsCredentials as error:
        fault = f"Messages over AS2 can be neither sent nor taken: {error.message}"
        return {
            "warnings": [{"state": "bad", "text": fault}],
            "name": "",
            "certificates": [],
            "ours": [],
            "receipts": [],
        }
    return _panel(found, agreement, clock.now()) if agreement else None


def _panel(found: Endpoint, agreement: Agreement, now: datetime) -> dict[str, Any]:
    warnings = [_warning(one, now) for one in ending(agreement, now)]
    return {
        "warnings": sorted(warnings, key=lambda one: one["state"] != "bad"),
        "certificates": [_row(one, now) for one in held(agreement)],
        "name": agreement.profile.ours,
        "ours": [
            {"whose": one.whose, "pem": _pem(one.certificate)}
            for one in held(agreement)
            if one.is_ours
        ],
        "receipts": _receipts(found),
    }


def _warning(one: Held, now: datetime) -> dict[str, str]:
    if fault := one.fault(now):
        return {"state": "bad", "text": f"{one.whose} {fault}. Enter the new one."}
    days = one.days_left(now)
    left = spoken.counted(days, "day")
    text = f"{one.whose} ends in {left}. Exchange certificates with the partner, and enter the next one."
    return {"state": "bad" if days < AT_ONCE else "risk", "text": text}


def _row(one: Held, now: datetime) -> dict[str, Any]:
    days, fault = one.days_left(now), one.fault(now)
    shape = "bad" if fault or days < AT_ONCE else "risk" if days < WARN_DAYS else "good"
    until = f"{one.ends.day} {one.ends:%b %Y}"
    word = fault or f"good until {until}, {spoken.counted(days, 'day')}"
    return {"whose": one.whose, "shape": shape, "word": word, "fingerprint": one.fingerprint}


def _pem(certificate: Any) -> str:
    return str(certificate.public_bytes(Encoding.PEM).decode())


def _receipts(found: Endpoint) -> list[str]:
    standing = receipts(found.pk)
    lines = []
    if standing.awaited:
        text = spoken.counted(standing.awaited, "receipt")
        lines.append(
            f"{text} of the partner awaited, the first since {spoken.moment(standing.since)}"
        )
    if standing.to_post:
        text = f"{spoken.counted(standing.to_post, 'receipt')} of ours to be posted"
        lines.append(
            f"{text}. The last try: {standing.why_waiting}" if standing.why_waiting else text
        )
    if standing.lost:
        text = f"{spoken.counted(standing.lost, 'receipt')} of ours could not be posted"
        lines.append(f"{text}. The last one: {standing.said.rstrip('.')}. {_REMEDY}")
    return lines
