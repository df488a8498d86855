"""What a feed usually brings, hour by hour of the week, and how much it swings around that."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final, NamedTuple

from monitoring.expect.chance import Expected
from monitoring.expect.days import Day, Days
from monitoring.expect.hours import HOUR, begin_of, hour_from

SUNDAY: Final = 6
UNSURE: Final = 0.5  # relative variance of a day nobody knows how it will be
AFTER_PROMOTION: Final = 0.25
PROMOTION: Final = 0.3

Week = tuple[tuple[float, ...], ...]


@dataclass(frozen=True, slots=True)
class Profile:
    """`week`: documents an hour by weekday (Monday first) and local hour, on usual days.

    `holiday`: the least share of that which a holiday brought; None: none was seen. `clump`: documents
    that come in the same five minutes. `lump`: the variance of an hour over its mean. `by_hour`, `by_day`,
    `level`: relative variances. `weeks`: how long was looked at. `events`: arrivals in 30 days.
    `longest_quiet`: the documents to expect in the longest quiet but one. `least_chance`: of the scarcest
    day but one.
    """

    week: Week
    holiday: float | None
    clump: float
    lump: float
    by_hour: float
    by_day: float
    level: float
    weeks: float
    events: float
    longest_quiet: float
    least_chance: float

    def arrivals(self) -> Expected:
        """Of arrivals, nothing yet, to be added to: whether any comes."""
        return Expected(clump=self.clump, by_hour=self.by_hour, level=self.level)

    def counts(self) -> Expected:
        """Of documents: how many come."""
        return Expected(clump=self.lump, by_hour=self.by_hour, level=self.level)


class Share(NamedTuple):
    """What to expect of a piece of time within one local hour; `spread` is the day's."""

    begins: datetime
    ends: datetime
    day: date
    documents: float
    spread: float


@dataclass(frozen=True)
class Outlook:
    """A profile on the days of its customer. It remembers the hours it was asked for."""

    profile: Profile
    days: Days
    _whole: dict[datetime, Share] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def shares(self, start: datetime, end: datetime) -> Iterator[Share]:
        """What to expect from `start` to `end`, aware UTC instants, hour by hour."""
        at = begin_of(self.days.zone, start)
        while at < end:
            whole = self._whole.get(at) or self._hour(at)
            if at >= start and whole.ends <= end:
                yield whole
            else:
                begins, ends = max(at, start), min(whole.ends, end)
                part = (ends - begins) / (whole.ends - at)
                yield Share(begins, ends, whole.day, whole.documents * part, whole.spread)
            at = whole.ends

    def _hour(self, at: datetime) -> Share:
        hour = hour_from(self.days.zone, at)
        rate, spread = self._rate(hour.day, hour.hour)
        documents = rate * ((hour.ends - at) / HOUR)
        found = self._whole[at] = Share(at, hour.ends, hour.day, documents, spread)
        return found

    def _rate(self, on: date, hour: int) -> tuple[float, float]:
        day = self.days.of(on)
        usual = self.profile.week[on.weekday()][hour]
        if day.kind == "holiday":
            return self._on_holiday(usual, hour), max(UNSURE, self.profile.by_day)
        return usual * (1.0 if day.factor is None else day.factor), self._spread(day)

    def _on_holiday(self, usual: float, hour: int) -> float:
        """Never more than a Sunday, before one was seen."""
        if self.profile.holiday is None:
            return min(usual, self.profile.week[SUNDAY][hour])
        return usual * self.profile.holiday

    def _spread(self, day: Day) -> float:
        if day.kind == "after_promotion":
            return self.profile.by_day + AFTER_PROMOTION
        if day.kind == "marked":
            return self.profile.by_day + (UNSURE if day.factor is None else PROMOTION)
        return self.profile.by_day
