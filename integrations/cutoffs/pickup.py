"""When the truck leaves a site, and how long its parcels are on the way."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo, available_timezones

DAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
WEEKDAYS: Final = "mon-fri"
TRANSIT_DAYS: Final = 3
MOST_TRANSIT_DAYS: Final = 60
_TIME: Final = re.compile(r"([01]\d|2[0-3]):[0-5]\d")
_DAY: Final = timedelta(days=1)


@dataclass(frozen=True)
class Pickup:
    """The daily pickup of a site: `at` in local time, on `days` (0 is Monday, at least one of them).

    `transit_days`: the working days to the door where an order asks for no faster service.
    """

    site: str
    at: time
    zone: ZoneInfo
    days: frozenset[int]
    transit_days: int = TRANSIT_DAYS

    def last_until(self, day: date) -> datetime:
        """The pickup of `day`; where none is on that day, the last one before it. UTC."""
        while day.weekday() not in self.days:
            day -= _DAY
        return self._on(day)

    def next_after(self, now: datetime) -> datetime:
        """The first pickup later than `now`. UTC."""
        day = now.astimezone(self.zone).date()
        while day.weekday() not in self.days or self._on(day) <= now:
            day += _DAY
        return self._on(day)

    def _on(self, day: date) -> datetime:
        return datetime.combine(day, self.at, tzinfo=self.zone).astimezone(UTC)


def pickup_from(data: Mapping[str, Any], *, site: str, zone: str) -> Pickup:
    """The pickup of an endpoint's `{time, zone, days, transit_days}`; all but `time` may be missing.

    `zone` is that of its customer. `data` has no `pickup_faults`.
    """
    return Pickup(
        site=site,
        at=time.fromisoformat(data["time"]),
        zone=ZoneInfo(data.get("zone") or zone),
        days=_days(data.get("days") or WEEKDAYS),
        transit_days=int(data.get("transit_days", TRANSIT_DAYS)),
    )


def pickup_faults(data: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """What is wrong with what a person entered: key and sentence."""
    if not _TIME.fullmatch(str(data.get("time", ""))):
        yield "time", "Write the time of the pickup like 14:00."
    zone = data.get("zone")
    if zone and zone not in available_timezones():
        yield "zone", f"There is no time zone {zone}. Use one like America/Denver."
    try:
        _days(data.get("days") or WEEKDAYS)
    except ValueError:
        yield "days", "Write the days of the pickup like mon-fri or mon,wed,sat."
    if not 0 <= data.get("transit_days", TRANSIT_DAYS) <= MOST_TRANSIT_DAYS:
        yield "transit_days", f"The days on the way are 0 to {MOST_TRANSIT_DAYS}."


def _days(text: str) -> frozenset[int]:
    """`mon-fri`, `mon,wed`, `sun-thu`, and lists of both. ValueError for anything else."""
    return frozenset(day for part in text.split(",") for day in _range(part))


def _range(part: str) -> Iterator[int]:
    first, _, last = part.strip().lower().partition("-")
    start = DAYS.index(first)
    length = (DAYS.index(last) - start) % 7 if last else 0
    return ((start + n) % 7 for n in range(length + 1))
