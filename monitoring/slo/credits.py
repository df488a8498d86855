"""What is given back when a promise was broken: percent of the monthly fee by a table, capped, and one cause
once.

A cause that broke two promises is paid for under the one that pays more. The other is then looked up again
as if that cause's misses had not been.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Final, NamedTuple

MOST_CAP: Final = Decimal(30)


class Step(NamedTuple):
    """`percent` of the fee when less than `below` (a share) was delivered."""

    below: Decimal
    percent: Decimal


class Table(NamedTuple):
    """Steps in any order, of which the lowest that fits counts; `cap`: most percent in a month."""

    steps: Sequence[Step]
    cap: Decimal


class Breach(NamedTuple):
    """A broken promise: `total` counted, and how much of it each cause (a case, an outage) missed."""

    promise: str
    total: Fraction
    by_cause: Mapping[str, Fraction]


class Credit(NamedTuple):
    """`percent` of the fee for one promise; of 0 `paid_under` names the promise that had the causes."""

    promise: str
    percent: Decimal
    causes: frozenset[str]
    paid_under: str = ""


class Credits(NamedTuple):
    lines: tuple[Credit, ...]
    percent: Decimal  # of all lines, capped
    capped: bool


def table_problems(table: Table) -> Iterator[str]:
    """What is wrong with a table, in sentences."""
    if not 0 < table.cap <= MOST_CAP:
        yield f"The cap is above 0 and at most {MOST_CAP} % of the fee."
    if not table.steps:
        yield "A table has at least one step."
    for step in table.steps:
        if not 0 < step.below <= 1:
            yield f"A step is below a share above 0 and at most 1, not {step.below}."
        if not 0 < step.percent <= 100:
            yield f"A step gives back more than 0 and at most 100 %, not {step.percent}."


def proposed(breaches: Iterable[Breach], tables: Mapping[str, Table], *, cap: Decimal) -> Credits:
    """What is proposed for all broken promises of a month, `cap` percent at most for all together.

    `tables`: by promise; one without a table gives nothing back.
    """
    left = {one.promise: one for one in breaches if one.promise in tables}
    paid: dict[str, str] = {}
    lines = []
    while left:
        best = max(left.values(), key=lambda b: (_percent(b, tables[b.promise], paid), b.promise))
        del left[best.promise]
        percent = _percent(best, tables[best.promise], paid)
        lines.append(_line(best, percent, paid))
        if percent:
            paid |= {cause: best.promise for cause in best.by_cause if cause not in paid}
    whole = sum((line.percent for line in lines), Decimal(0))
    return Credits(tuple(lines), min(whole, cap), whole > cap)


def _percent(breach: Breach, table: Table, paid: Mapping[str, str]) -> Decimal:
    missed = sum((n for cause, n in breach.by_cause.items() if cause not in paid), Fraction(0))
    delivered = 1 - missed / breach.total
    fitting = [step.percent for step in table.steps if delivered < Fraction(step.below)]
    return min(max(fitting, default=Decimal(0)), table.cap)


def _line(breach: Breach, percent: Decimal, paid: Mapping[str, str]) -> Credit:
    if percent:
        return Credit(breach.promise, percent, frozenset(breach.by_cause) - set(paid))
    under = sorted({paid[cause] for cause in breach.by_cause if cause in paid})
    return Credit(breach.promise, percent, frozenset(), ", ".join(under))
