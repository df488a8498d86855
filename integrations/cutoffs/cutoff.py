"""From what an order says to the moment that counts."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final, Literal, NamedTuple
from zoneinfo import ZoneInfo

from integrations.cutoffs.pickup import TRANSIT_DAYS, Pickup

# What it reads of an order.
FIELDS: Final = ("requested_ship", "requested_delivery", "cancel_after", "service_level")
Kind = Literal["pickup", "ship_by", "delivery", "cancel_after"]
_LAST_SECOND: Final = time(23, 59, 59, fold=1)
_SATURDAY: Final = 5
# Years outside are placeholders of some system for never.
_YEARS: Final = range(2000, 2101)
# The slowest first: of "1-2 days" the two count.
_SERVICES: Final = (
    (2, re.compile(r"\b(2|two|2nd|second)[ -]?(business[ -])?days?\b")),
    (1, re.compile(r"\bover[ -]?night\b|\b(1|one|next|1st)[ -]?(business[ -])?days?\b")),
    (0, re.compile(r"\bsame[ -]?day\b")),
)


class Cutoff(NamedTuple):
    """`at` in UTC. `site`: whose truck it is; empty where the moment is none of a truck's."""

    at: datetime
    kind: Kind
    site: str


def cutoff(
    body: Mapping[str, Any], *, pickups: Sequence[Pickup], zone: ZoneInfo, now: datetime
) -> Cutoff | None:
    """When it is too late for an order, past moments included; None where nothing says.

    `body` is canonical and may be incomplete or wrong: a date that is none counts as missing.
    `pickups` are those of the sites the order may go from, `zone` its customer's, for days without
    a pickup. The earliest moment wins. An order without any date makes the next truck.
    """
    asked = [
        *_ship_by(_given(body, "requested_ship", zone), pickups, zone),
        *_delivery(_given(body, "requested_delivery", zone), _service(body), pickups, zone),
        *_cancel_after(_given(body, "cancel_after", zone), zone),
    ]
    next_trucks = (Cutoff(p.next_after(now), "pickup", p.site) for p in pickups)
    return min(asked or next_trucks, key=lambda one: one.at, default=None)


def _ship_by(given: date | None, pickups: Sequence[Pickup], zone: ZoneInfo) -> Iterator[Cutoff]:
    if given is None:
        return
    if isinstance(given, datetime):
        yield Cutoff(given, "ship_by", "")
    elif pickups:
        yield from (Cutoff(p.last_until(given), "ship_by", p.site) for p in pickups)
    else:
        yield Cutoff(_end(given, zone), "ship_by", "")


def _delivery(
    given: date | None, service: int | None, pickups: Sequence[Pickup], zone: ZoneInfo
) -> Iterator[Cutoff]:
    """Never later than the delivery itself, which may be on the day of the pickup."""
    if given is None:
        return
    for pickup in pickups:
        days = pickup.transit_days if service is None else service
        at = pickup.last_until(_working_days_before(_day(given, pickup.zone), days))
        yield Cutoff(min(at, _end(given, zone)), "delivery", pickup.site)
    if not pickups:
        days = TRANSIT_DAYS if service is None else service
        at = _end(_working_days_before(_day(given, zone), days), zone)
        yield Cutoff(min(at, _end(given, zone)), "delivery", "")


def _cancel_after(given: date | None, zone: ZoneInfo) -> Iterator[Cutoff]:
    if given is not None:
        yield Cutoff(_end(given, zone), "cancel_after", "")


def _given(body: Mapping[str, Any], name: str, zone: ZoneInfo) -> date | None:
    """A day, a moment in UTC, or None for what is neither."""
    text = body.get(name)
    if not isinstance(text, str):
        return None
    try:
        parsed = _parsed(text.strip(), zone)
    except ValueError:
        return None
    return parsed if parsed.year in _YEARS else None


def _parsed(text: str, zone: ZoneInfo) -> date:
    if "T" not in text and " " not in text:
        return date.fromisoformat(text)
    at = datetime.fromisoformat(text)
    if at.year not in _YEARS:  # the last day there is has no later one to be converted to
        return at
    return (at if at.tzinfo else at.replace(tzinfo=zone)).astimezone(UTC)


def _service(body: Mapping[str, Any]) -> int | None:
    """The working days an order's service level promises, where it says so."""
    text = str(body.get("service_level") or "").lower().replace("_", " ")
    return next((days for days, words in _SERVICES if words.search(text)), None)


def _day(given: date, zone: ZoneInfo) -> date:
    return given.astimezone(zone).date() if isinstance(given, datetime) else given


def _end(given: date, zone: ZoneInfo) -> datetime:
    """A moment itself, of a day its last second."""
    if isinstance(given, datetime):
        return given
    return datetime.combine(given, _LAST_SECOND, tzinfo=zone).astimezone(UTC)


def _working_days_before(day: date, count: int) -> date:
    while count:
        day -= timedelta(days=1)
        count -= day.weekday() < _SATURDAY
    return day
