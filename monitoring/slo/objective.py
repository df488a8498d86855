"""An objective: what is promised of an indicator, over which time, and when its budget burns too fast.

The names are OpenSLO's. `openslo` reads and writes the whole in its form.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Final, Literal

from monitoring.slo.burn import POLICIES, Policy
from monitoring.slo.sli import METHODS, Method, Sli, limit_words
from monitoring.slo.windows import SLOT, TimeWindow

Path = tuple[str | int, ...]
Problem = tuple[Path, str]
JudgedBy = Literal["gross", "attributable"]
LONGEST: Final = timedelta(days=366)


class ObjectiveError(ValueError):
    """An objective nobody can keep. `problems`: for each where it is and a sentence."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__(" ".join(f"{path_text(path)}: {text}" for path, text in problems))
        self.problems = problems


def path_text(path: Path) -> str:
    """`spec.objectives[0].target`"""
    parts = (f"[{part}]" if isinstance(part, int) else f".{part}" for part in path)
    return "".join(parts).lstrip(".")


@dataclass(frozen=True, slots=True)
class Objective:
    """`target`: the share that has to be good, above 0, at most 1; of a percentile its rank.

    `limits`: how long it may take, by grade, "" where there is only one; none for an indicator without.
    `slice_target`: the share of a slot that makes it good. `judged_by`: whether misses of others count
    against the promise. Raises ObjectiveError with everything that is wrong.
    """

    name: str
    service: str
    sli: Sli
    target: Decimal
    window: TimeWindow
    method: Method
    limits: Mapping[str, timedelta] = field(default_factory=dict)
    slice_target: Decimal | None = None
    slice_window: timedelta | None = None
    policies: tuple[Policy, ...] = POLICIES
    judged_by: JudgedBy = "gross"

    def __post_init__(self) -> None:
        if problems := [*self._problems()]:
            raise ObjectiveError(*problems)

    @property
    def limit(self) -> timedelta:
        """The one limit. KeyError where there is none, or one for each grade."""
        return self.limits[""]

    @property
    def budget_share(self) -> Fraction:
        """The share that may miss: 1 − target, exact."""
        return 1 - Fraction(self.target)

    @property
    def title(self) -> str:
        """In the customer's words."""
        if "{limit}" not in self.sli.title:
            return self.sli.title
        return self.sli.title.format(limit=limit_words(self.limit))

    def _problems(self) -> Iterator[Problem]:
        at: Path = ("spec", "objectives", 0)
        if not (self.target.is_finite() and 0 < self.target <= 1):
            yield (*at, "target"), "A target is a share above 0 and at most 1, such as 0.995."
        yield from self._limit_problems(at)
        yield from self._slice_problems(at)

    def _limit_problems(self, at: Path) -> Iterator[Problem]:
        wanted = set(self.sli.grades) if self.sli.has_limit else set()
        for grade in sorted(wanted - set(self.limits)):
            of_grade = f" for severity {grade}" if grade else ""
            yield (*at, "value"), f"{self.sli.name} needs a limit{of_grade}."
        for grade in sorted(set(self.limits) - wanted):
            yield (*at, "value"), f"{self.sli.name} has no limit{f' {grade}' if grade else ''}."
        for limit in self.limits.values():
            if not timedelta(0) < limit <= LONGEST or limit.microseconds:
                yield (*at, "value"), "A limit is in whole seconds, above 0 and at most 366 days."

    def _slice_problems(self, at: Path) -> Iterator[Problem]:
        fit = METHODS[self.sli.measure]
        if self.method not in fit:
            text = f"{self.sli.name} is counted by {' or '.join(fit)}, not by {self.method}."
            yield ("spec", "budgetingMethod"), text
        sliced = self.method != "Occurrences"
        if (self.slice_target is not None) != (self.method == "Timeslices"):
            yield (*at, "timeSliceTarget"), "Timeslices have it, and nothing else."
        elif self.slice_target is not None and not 0 < self.slice_target <= 1:
            yield (*at, "timeSliceTarget"), "It is a share above 0 and at most 1, such as 0.8."
        if (self.slice_window is not None) != sliced:
            yield (*at, "timeSliceWindow"), "Time slices have it, and occurrences do not."
        elif self.slice_window is not None and self.slice_window != SLOT:
            yield (*at, "timeSliceWindow"), "A slot is 5 minutes: 5m."
