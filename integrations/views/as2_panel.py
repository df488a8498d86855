"""What the page of an endpoint shows of AS2: certificates and their last days, and where receipts stand."""

from datetime import datetime
from typing import Any, Final

from cryptography.hazmat.primitives.serialization import Encoding

from integrations.connectors.as2_partner import Held, held
from integrations.domain.configuration import endpoint_config
from integrations.formats.as2 import Agreement
from integrations.models import Endpoint
from integrations.queries.as2_receipts import receipts
from integrations.views import spoken
from portal.core import clock
from portal.core.errors import NeedsCredentials
from portal.core.manner import number

SOON: Final = 30  # days
AT_ONCE: Final = 7


def shown(found: Endpoint) -> dict[str, Any] | None:
    """None for an endpoint that does not speak AS2. `warnings`: [{state, text}], the worst first."""
    try:
        config = endpoint_config(found)
        agreement = config.connector.as2(config.connection) if config.connector.as2 else None
    except NeedsCredentials as error:
        fault = f"Messages over AS2 can be neither sent nor taken: {error.message}"
        return {
            "warnings": [{"state": "bad", "text": fault}],
            "certificates": [],
            "ours": [],
            "receipts": [],
        }
    return _panel(found, agreement, clock.now()) if agreement else None


def _panel(found: Endpoint, agreement: Agreement, now: datetime) -> dict[str, Any]:
    known = held(agreement)
    warnings = [warning for one in known if (warning := _warning(one, known, now))]
    return {
        "warnings": sorted(warnings, key=lambda one: one["state"] != "bad"),
        "certificates": [_row(one, now) for one in known],
        "ours": [_pem(pair.certificate) for pair in agreement.own],
        "receipts": _receipts(found),
    }


def _warning(one: Held, known: list[Held], now: datetime) -> dict[str, str] | None:
    """Nothing is said of one that another of the same side, good for longer, can take over from."""
    days = one.days_left(now)
    side = one.whose.split()[0]
    if days >= SOON or any(
        other.whose.startswith(side) and other.ends > one.ends and not other.fault(now)
        for other in known
    ):
        return None
    if fault := one.fault(now):
        return {"state": "bad", "text": f"{one.whose} {fault}. Enter the new one"}
    left = spoken.counted(days, "day")
    text = f"{one.whose} ends in {left}. Exchange certificates with the partner, and enter the next one"
    return {"state": "bad" if days < AT_ONCE else "due", "text": text}


def _row(one: Held, now: datetime) -> dict[str, Any]:
    days, fault = one.days_left(now), one.fault(now)
    shape = "bad" if fault or days < AT_ONCE else "risk" if days < SOON else "good"
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
        lines.append(f"{spoken.counted(standing.to_post, 'receipt')} of ours to be posted")
    if standing.lost:
        lines.append(
            f"{number(standing.lost)} of our receipts not taken. The last time: {standing.said}"
        )
    return lines
