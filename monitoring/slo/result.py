"""The figures of one objective over one window."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction
from typing import Final

from monitoring.slo.attribution import Shares
from monitoring.slo.budget import Budget, budget, burn_rate
from monitoring.slo.exclusions import Excused
from monitoring.slo.intervals import Interval
from monitoring.slo.objective import Objective
from monitoring.slo.percentiles import percentile
from monitoring.slo.tally import Tally

FEW: Final = 20  # of fewer things a share says little: they are told as counts


@dataclass(frozen=True, slots=True)
class Result:
    """What came of an objective in `window`, as of an instant. Shares are 0 to 1, None for nothing counted.

    `excused`: the agreed time that did not count; what it left out stands in the tally.
    """

    objective: Objective
    window: Interval
    as_of: datetime
    tally: Tally
    excused: tuple[Excused, ...] = ()

    @property
    def total(self) -> Fraction:
        return self.tally.total

    @property
    def missed(self) -> Shares:
        return self.tally.missed

    @property
    def good(self) -> Fraction:
        return self.total - self.missed.total

    @property
    def gross(self) -> Fraction | None:
        """The share that was good, whoever missed the rest."""
        return self.good / self.total if self.total else None

    @property
    def attributable(self) -> Fraction | None:
        """The share that was not missed by us."""
        return 1 - self.missed.us / self.total if self.total else None

    @property
    def counted_misses(self) -> Fraction:
        """Those that count against the promise, by what was agreed."""
        return self.missed.us if self.objective.judged_by == "attributable" else self.missed.total

    @property
    def delivered(self) -> Fraction | None:
        """The share the promise is judged by."""
        return 1 - self.counted_misses / self.total if self.total else None

    @property
    def budget(self) -> Budget:
        """Of the whole window where time is counted; else of what came so far."""
        return budget(
            total=self.tally.planned,
            may_miss=self.objective.budget_share,
            used=self.counted_misses,
            whole=self.objective.method != "RatioTimeslices",
        )

    @property
    def burn(self) -> Fraction | None:
        """The burn rate of the window so far."""
        return burn_rate(
            missed=self.counted_misses, total=self.total, may_miss=self.objective.budget_share
        )

    @property
    def kept(self) -> bool | None:
        """Whether the budget was enough so far; None for nothing counted."""
        return self.budget.kept if self.total else None

    @property
    def few(self) -> bool:
        """Whether to tell counts, not shares."""
        return not self.objective.sli.by_time and self.total < FEW

    @property
    def percentile(self) -> timedelta | None:
        """Of all durations, by nearest rank at the target; None for no events."""
        found = self.tally.durations
        return percentile(found, self.objective.target) if found else None

    @property
    def slowest(self) -> timedelta | None:
        return max(self.tally.durations, default=None)
