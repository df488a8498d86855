"""What kind of day it is for a customer's traffic: usual, a holiday, or one that a person marked."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final, Literal, NamedTuple

from portal.customers.calendar import Calendar

Kind = Literal["usual", "holiday", "marked", "after_promotion"]
AFTERWARDS: Final = timedelta(days=3)  # what was bought ahead is missing then


class Mark(NamedTuple):
    """From `first` to `last`, both included, `factor` times the usual traffic; None: nobody knows."""

    first: date
    last: date
    factor: float | None
    reason: str

    @property
    def is_promotion(self) -> bool:
        return self.factor is None or self.factor > 1


class Day(NamedTuple):
    """A local date. `factor` is of a marked day; None: not known. `reason`: in people's words."""

    kind: Kind
    factor: float | None
    reason: str


USUAL: Final = Day("usual", 1.0, "")


@dataclass(frozen=True)
class Days:
    """The days of one customer. Where two marks meet, the later in the list holds; a mark goes before
    a holiday."""

    calendar: Calendar
    marks: Sequence[Mark] = ()
    _known: dict[date, Day] = field(default_factory=dict, init=False, repr=False, compare=False)

    @property
    def zone(self) -> str:
        return self.calendar.zone

    def of(self, day: date) -> Day:
        if day not in self._known:
            self._known[day] = self._find(day)
        return self._known[day]

    def _find(self, day: date) -> Day:
        for mark in reversed(self.marks):
            if mark.first <= day <= mark.last:
                return Day("marked", mark.factor, mark.reason)
        if self._is_holiday(day):
            return Day("holiday", None, self.calendar.closed.get(day) or "public holiday")
        for mark in self.marks:
            if mark.is_promotion and mark.last < day <= mark.last + AFTERWARDS:
                return Day("after_promotion", 1.0, mark.reason)
        return USUAL

    def _is_holiday(self, day: date) -> bool:
        """A day on which the calendar is shut though its weekday is not."""
        off = day in self.calendar.holidays or day in self.calendar.closed
        return off and not self.calendar.extra.get(day)
