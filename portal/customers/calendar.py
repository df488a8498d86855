"""Business hours: how much of a span of time counts, and when so much of it is used up.

Local hours become instants before anything is counted (`local_time`), so a day on which clocks change is as
long as it really is.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import groupby, pairwise, takewhile
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from portal.core.words import gettext as _
from portal.customers.local_time import instant

WEEKDAYS: Final = (
    "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday",
)  # fmt: skip
FULL_DAY: Final = 24 * 60
_NOTHING: Final = timedelta(0)
_DAY: Final = timedelta(days=1)
_MINUTE: Final = timedelta(minutes=1)

Path = tuple[str, ...]
Window = tuple[datetime, datetime]


class CalendarError(ValueError):
    """A calendar nobody can work by. `problems`: for each where it is and a sentence."""

    def __init__(self, *problems: tuple[Path, str]) -> None:
        super().__init__(" ".join(text for _, text in problems))
        self.problems = problems


class Hours(NamedTuple):
    """Open from `opens` to `closes`, in minutes after local midnight; 1440 ends the day."""

    opens: int
    closes: int

    def __str__(self) -> str:
        return f"{as_time(self.opens)}–{as_time(self.closes)}"


Day = tuple[Hours, ...]


@dataclass(frozen=True)
class Calendar:
    """When somebody works. `week`: the hours of Monday to Sunday, none for a free day.

    `holidays` and `closed` are dates without hours, the country's and one's own; `extra` gives dates
    hours of their own and goes before both. `country` and `region` say whose holidays they are.
    Raises CalendarError for hours out of order, an unknown zone, and a week without hours.
    """

    zone: str
    week: tuple[Day, ...]
    holidays: frozenset[date] = frozenset()
    closed: Mapping[date, str] = field(default_factory=dict)
    extra: Mapping[date, Day] = field(default_factory=dict)
    country: str = ""
    region: str = ""
    _zone: ZoneInfo = field(init=False, repr=False, compare=False)
    _days: dict[date, list[Window]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def __post_init__(self) -> None:
        if problems := [*self._problems()]:
            raise CalendarError(*problems)
        object.__setattr__(self, "_zone", ZoneInfo(self.zone))

    def _problems(self) -> Iterator[tuple[Path, str]]:
        if not is_zone(self.zone):
            yield ("zone",), f"There is no time zone {self.zone}. Use one like Europe/Oslo."
        for name, day in zip(WEEKDAYS, self.week, strict=True):
            yield from ((("hours", key_of(name)), text) for text in day_problems(name, day))
        for on, day in self.extra.items():
            yield from (
                (("open", on.isoformat()), text) for text in day_problems(on.isoformat(), day)
            )
        if not any(self.week):
            yield ("hours",), "The week has no hours. Give at least one weekday some."

    @property
    def words(self) -> str:
        """Such as `Mon–Fri 07:00–19:00, Los Angeles time`."""
        return f"{week_words(self.week)}, {zone_words(self.zone)}"

    def hours_of(self, day: date) -> Day:
        """The local hours of a date."""
        if day in self.extra:
            return self.extra[day]
        if day in self.holidays or day in self.closed:
            return ()
        return self.week[day.weekday()]

    def windows(self, start: datetime) -> Iterator[Window]:
        """The open spans as UTC instants in their order, beginning with one not after `start`."""
        # A day early: where clocks are turned back over midnight, part of a date comes again.
        day = start.astimezone(self._zone).date() - _DAY
        while True:
            if day not in self._days:
                self._days[day] = [*self._windows_of(day)]
            yield from self._days[day]
            day += _DAY

    def _windows_of(self, day: date) -> Iterator[Window]:
        for hours in self.hours_of(day):
            yield (
                instant(day, hours.opens, zone=self._zone),
                instant(day, hours.closes, zone=self._zone),
            )


def time_between(calendar: Calendar, start: datetime, end: datetime) -> timedelta:
    """The open time between two aware instants; none when `end` is not after `start`."""
    start, end = _utc(start), _utc(end)
    until = takewhile(lambda window: window[0] < end, calendar.windows(start))
    parts = (min(closes, end) - max(opens, start) for opens, closes in until)
    return sum((part for part in parts if part > _NOTHING), _NOTHING)


def minutes_between(calendar: Calendar, start: datetime, end: datetime) -> float:
    """`time_between` in business minutes."""
    return time_between(calendar, start, end) / _MINUTE


def after(calendar: Calendar, start: datetime, minutes: float) -> datetime:
    """The first instant, in UTC, at which `minutes` of open time have gone by since `start`.

    What is used up at closing time is used up then, not next morning. `start` itself for 0 or less.
    """
    start, left = _utc(start), minutes * _MINUTE
    if left <= _NOTHING:
        return start
    windows = calendar.windows(start)
    while True:
        opens, closes = next(windows)
        begin = max(opens, start)
        if begin + left <= closes:
            return begin + left
        left -= max(_NOTHING, closes - begin)


def _utc(instant: datetime) -> datetime:
    if instant.tzinfo is None:
        raise ValueError(f"{instant} is no instant: it has no time zone")
    return instant.astimezone(UTC)


def is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):  # a folder of zones is an OSError
        return False
    return True


def day_problems(name: str, day: Day) -> Iterator[str]:
    """What is wrong with the hours of one day, which is called `name`."""
    for hours in day:
        opens, closes = map(as_time, hours)
        if hours.opens == hours.closes:
            yield f"{name} opens and closes at {opens}."
        if hours.opens > hours.closes:
            yield f"{name} closes at {closes} before it opens at {opens}."
    for before, then in pairwise(day):
        if then.opens < before.closes:
            yield f"{name} opens at {as_time(then.opens)}, when it is still open from {before}."


def as_time(minute: int) -> str:
    """Minutes after midnight as `HH:MM`."""
    return f"{minute // 60:02}:{minute % 60:02}"


def key_of(weekday: str) -> str:
    """`Monday` as `mon`."""
    return weekday[:3].lower()


def day_words(day: Day) -> str:
    """`07:00–12:00 and 13:00–17:00`, `all day`, `closed`."""
    if day == (Hours(0, FULL_DAY),):
        return "all day"
    return " and ".join(map(str, day)) or "closed"


def week_words(week: tuple[Day, ...]) -> str:
    """The open days, those in a row with the same hours as one."""
    pairs = zip((name[:3] for name in WEEKDAYS), week, strict=True)
    runs = [(day, [name for name, _ in run]) for day, run in groupby(pairs, lambda pair: pair[1])]
    return ", ".join(f"{_run_words(names)} {day_words(day)}" for day, names in runs if day)


def _run_words(names: list[str]) -> str:
    if len(names) > 2:
        return f"{names[0]}–{names[-1]}"
    return " and ".join(names)


def zone_words(zone: str) -> str:
    """`America/Los_Angeles` as `Los Angeles time`."""
    city = zone.rsplit("/", 1)[-1].replace("_", " ")
    return city if city == "UTC" else _("%(city)s time") % {"city": city}
