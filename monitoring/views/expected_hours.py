"""The last 24 hours of a feed, hour by hour: what came beside what was to be expected."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

from django.utils import timezone

from monitoring.domain.expecting_known import key_of
from monitoring.expect.days import Days
from monitoring.expect.hours import HOUR, begin_of
from monitoring.expect.profile import Outlook
from monitoring.expect.profile_json import profile_of
from monitoring.expect.words import about
from monitoring.models import Expectation
from monitoring.queries import arrivals
from monitoring.queries.arrivals import Key
from portal.core.manner import number

HOURS: Final = 24
_HEIGHT: Final = 34
_STEP: Final = 10


class Hour(NamedTuple):
    """`expected` is None where nothing was learned."""

    at: datetime
    seen: int
    expected: float | None


def of(
    expectations: Collection[Expectation], days: Mapping[int, Days], *, now: datetime
) -> dict[int, list[Hour]]:
    """By expectation, the oldest hour first; one query for each zone. Next documents have none."""
    ways = [one for one in expectations if not one.is_leg]
    counts: dict[Key, dict[datetime, int]] = {}
    for zone in sorted({days[one.customer_id].zone for one in ways}):
        keys = [key_of(one) for one in ways if days[one.customer_id].zone == zone]
        counts |= arrivals.hourly(keys, since=_first(zone, now), zone=zone)
    return {one.pk: _hours(one, days[one.customer_id], counts, now) for one in ways}


def _first(zone: str, now: datetime) -> datetime:
    return begin_of(zone, now - (HOURS - 1) * HOUR)


def _hours(
    one: Expectation, days: Days, counts: Mapping[Key, Mapping[datetime, int]], now: datetime
) -> list[Hour]:
    seen = counts.get(key_of(one), {})
    first = _first(days.zone, now)
    if not one.profile:
        return [Hour(first + n * HOUR, seen.get(first + n * HOUR, 0), None) for n in range(HOURS)]
    shares = Outlook(profile_of(one.profile), days).shares(first, now + timedelta(minutes=1))
    return [Hour(s.begins, seen.get(s.begins, 0), s.documents) for s in shares][:HOURS]


def strip(hours: Collection[Hour]) -> dict[str, Any]:
    """Bars for what came, a line for what was to be expected; see `components/expected_strip.html`."""
    most = max([1.0, *(hour.seen for hour in hours), *(hour.expected or 0 for hour in hours)])
    seen, expected = sum(hour.seen for hour in hours), [hour.expected for hour in hours]
    learned = [one for one in expected if one is not None]
    text = f"{number(seen)} came in 24 h" + (
        f", about {about(sum(learned))} expected" if learned else ""
    )
    return {
        "text": text,
        "bars": [_bar(n, hour.seen, most) for n, hour in enumerate(hours) if hour.seen],
        "lines": [
            {"x": n * _STEP, "y": _y(one, most)}
            for n, one in enumerate(expected)
            if one is not None
        ],
    }


def _bar(place: int, count: int, most: float) -> dict[str, Any]:
    y = _y(count, most)
    return {"x": place * _STEP + 1, "y": y, "height": round(_HEIGHT + 1 - y, 1)}


def _y(count: float, most: float) -> float:
    return round(1 + _HEIGHT * (1 - count / most), 1)


def table(hours: Collection[Hour]) -> list[dict[str, str]]:
    """The same as rows, the newest first."""
    return [
        {
            "at": f"{timezone.localtime(hour.at):%a %H:%M}",
            "seen": number(hour.seen),
            "expected": "not learned" if hour.expected is None else about(hour.expected),
        }
        for hour in reversed([*hours])
    ]
