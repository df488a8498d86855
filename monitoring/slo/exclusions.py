"""Time that does not count, because both sides agreed so: planned work, force majeure, a source's outage.

One person asks and another approves; what nobody else approved counts as ever. What returns does so by
the wall clock of its zone: at 02:00 in summer and in winter, and for as many minutes as agreed.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Final, Literal, NamedTuple
from zoneinfo import ZoneInfo

from monitoring.slo.intervals import Interval, clip, merged, without
from portal.customers.calendar import FULL_DAY, is_zone
from portal.customers.local_time import instant

Kind = Literal["maintenance", "force_majeure", "source_outage"]
KINDS: Final[tuple[Kind, ...]] = ("maintenance", "force_majeure", "source_outage")
LONGEST_MINUTES: Final = 7 * FULL_DAY
LAST: Final = -1
_DAY: Final = timedelta(days=1)
_WEEK: Final = timedelta(weeks=1)


class ExclusionError(ValueError):
    """An exclusion nobody can go by. `problems`: for each its field and a sentence."""

    def __init__(self, *problems: tuple[str, str]) -> None:
        super().__init__(" ".join(text for _, text in problems))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Recurrence:
    """Every week on `weekday`; or every month on `day`, or on its `nth` `weekday`, -1 being the last.

    `at`: minutes after local midnight, `minutes`: how long, from `since` on and up to `until`, both part
    of it. A month without that day goes without. Raises ExclusionError.
    """

    zone: str
    at: int
    minutes: int
    since: date
    until: date | None = None
    weekday: int | None = None
    nth: int | None = None
    day: int | None = None

    def __post_init__(self) -> None:
        if problems := [*self._problems()]:
            raise ExclusionError(*problems)

    @property
    def monthly(self) -> bool:
        return self.day is not None or self.nth is not None

    def _problems(self) -> Iterator[tuple[str, str]]:
        if not is_zone(self.zone):
            yield "zone", f"There is no time zone {self.zone}. Use one like Europe/Oslo."
        if not 0 <= self.at < FULL_DAY:
            yield "at", "It begins between 00:00 and 23:59."
        if not 1 <= self.minutes <= LONGEST_MINUTES:
            yield "minutes", "It takes at least 1 minute, and at most 7 days."
        if self.until is not None and self.until < self.since:
            yield "until", "It ends before it begins."
        if (self.day is None) == (self.weekday is None):
            yield "weekday", "It returns on a weekday or on a day of the month: give one of them."
        if self.weekday is not None and not 0 <= self.weekday <= 6:
            yield "weekday", "A weekday is 0 for Monday to 6 for Sunday."
        if self.nth is not None and self.nth not in (1, 2, 3, 4, LAST):
            yield "nth", "It is the 1st, 2nd, 3rd, 4th or last (-1) of its month."
        if self.day is not None and not 1 <= self.day <= 31:
            yield "day", "A day of the month is 1 to 31."

    def times(self, window: Interval) -> Iterator[Interval]:
        """The times that reach into the window, in order."""
        zone = ZoneInfo(self.zone)
        # A day early and late for what the zone makes of a date, and as early as the longest takes.
        first = window.begins.astimezone(zone).date() - timedelta(minutes=self.minutes) - _DAY
        last = window.ends.astimezone(zone).date() + _DAY
        for day in self._days(max(first, self.since), min(last, self.until or last)):
            begins = instant(day, self.at, zone=zone)
            one = Interval(begins, begins + timedelta(minutes=self.minutes))
            if clip(one, window):
                yield one

    def _days(self, first: date, last: date) -> Iterator[date]:
        day = first
        while day <= last:
            if self._is_on(day):
                yield day
            day += _DAY

    def _is_on(self, day: date) -> bool:
        if self.day is not None:
            return day.day == self.day
        if day.weekday() != self.weekday:
            return False
        if self.nth == LAST:
            return (day + _WEEK).month != day.month
        return self.nth is None or (day.day - 1) // 7 + 1 == self.nth


@dataclass(frozen=True, slots=True)
class Exclusion:
    """`author` asked for it, `approver` agreed: both by who they are, not by name. `once` or `recurs`."""

    id: str
    kind: Kind
    text: str
    author: str
    approver: str = ""
    once: Interval | None = None
    recurs: Recurrence | None = None

    def __post_init__(self) -> None:
        if problems := [*self._problems()]:
            raise ExclusionError(*problems)

    @property
    def approved(self) -> bool:
        return bool(self.approver)

    def _problems(self) -> Iterator[tuple[str, str]]:
        if self.kind not in KINDS:
            yield "kind", f"There is no such reason. There are: {', '.join(KINDS)}."
        if not self.text.strip():
            yield "text", "Say why this time does not count."
        if not self.author:
            yield "author", "Somebody asks for it."
        elif self.author == self.approver:
            yield "approver", "Somebody else than who asked for it has to approve it."
        if (self.once is None) == (self.recurs is None):
            yield "once", "It is once or it recurs: give one of them."
        if self.once is not None and self.once.begins >= self.once.ends:
            yield "once", "It ends before it begins."

    def times(self, window: Interval) -> list[Interval]:
        """The times that reach into the window, whole ones."""
        if self.recurs:
            return [*self.recurs.times(window)]
        return [self.once] if self.once and clip(self.once, window) else []


class Excused(NamedTuple):
    """Time that does not count, and by which exclusion."""

    span: Interval
    exclusion: Exclusion


class LeftOut(NamedTuple):
    """What was not counted: `minutes` of somebody's clock, and `things` left out whole, such as slots.

    `subject`: the event or track it is about; blank for slots.
    """

    exclusion: str
    kind: Kind
    text: str
    at: datetime
    minutes: Fraction
    things: int = 0
    subject: str = ""


def left_out(
    one: Excused, *, at: datetime, minutes: Fraction, things: int = 0, subject: str = ""
) -> LeftOut:
    given = one.exclusion
    return LeftOut(given.id, given.kind, given.text, at, minutes, things, subject)


def excused(exclusions: Iterable[Exclusion], window: Interval) -> list[Excused]:
    """The time that approved exclusions leave out of a window, in order and each minute once. Where two
    overlap, it is left out by the one that comes first."""
    found: list[Excused] = []
    for one in exclusions:
        if not one.approved:
            continue
        taken = merged(known.span for known in found)
        own = merged(filter(None, (clip(time, window) for time in one.times(window))))
        found += [Excused(span, one) for span in without(own, taken)]
    return sorted(found, key=lambda given: given.span)
