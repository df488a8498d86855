"""What broken promises give back: a share of the fee by how far the allowed misses were overdrawn.

The arithmetic is `slo.credits`; here are the terms, and amounts that add up to the cent.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from typing import Final

from monitoring.slo import credits as slo_credits
from monitoring.statements.content import Credit, Credits, Miss, Promise, Step
from portal.core.money import Money, allocate

USUAL: Final = (
    Step(Decimal(100), Decimal(2)),
    Step(Decimal(200), Decimal(5)),
    Step(Decimal(400), Decimal(10)),
)
USUAL_CAP: Final = Decimal(20)
_WHOLE: Final = Decimal(100)


@dataclass(frozen=True, slots=True)
class Agreement:
    """What is given back at most (`cap`, in percent of the fee) and for what. `fee`: of a month; None:
    not known here, so that credits are shares without amounts."""

    fee: Decimal | None
    currency: str
    cap: Decimal
    steps: tuple[Step, ...]


def propose(promises: Sequence[Promise], misses: Sequence[Miss], terms: Agreement) -> Credits:
    """The credits of a month: only what we missed counts, one cause is paid for once, and what goes beyond
    the cap is cut from all in proportion."""
    broken = {one.key: one for one in promises if one.standing == "missed"}
    found = slo_credits.proposed(
        [_breach(one, misses) for one in broken.values()],
        {key: _table(one, terms) for key, one in broken.items()},
        cap=terms.cap,
    )
    lines = [_line(one, broken) for one in found.lines if one.percent or one.paid_under]
    total = _of_fee(terms, found.percent)
    return Credits(
        currency=terms.currency,
        fee=terms.fee,
        cap=terms.cap,
        steps=terms.steps,
        percent=found.percent,
        amount=total.amount if total else None,
        lines=tuple(_with_amounts(lines, total) if total else lines),
    )


def _breach(promise: Promise, misses: Sequence[Miss]) -> slo_credits.Breach:
    """Our misses by their case; those of no known case are a cause of their own."""
    by_cause: defaultdict[str, Fraction] = defaultdict(Fraction)
    for one in misses:
        if one.promise == promise.key and one.ours:
            by_cause[one.case or f"unknown, {promise.key}"] += Fraction(one.ours)
    return slo_credits.Breach(promise.key, Fraction(promise.population), dict(by_cause))


def _table(promise: Promise, terms: Agreement) -> slo_credits.Table:
    """The steps as shares delivered: more than 200 % of 1 % used is less than 98 % delivered."""
    may_miss = (_WHOLE - _share(promise)) / _WHOLE
    steps = [
        slo_credits.Step(1 - step.over / _WHOLE * may_miss, step.percent) for step in terms.steps
    ]
    return slo_credits.Table(steps, terms.cap)


def _share(promise: Promise) -> Decimal:
    """What has to be good, in percent."""
    if promise.measure == "duration":
        return promise.percentile or _WHOLE
    return promise.target if promise.measure == "share" else _WHOLE


def _line(one: slo_credits.Credit, broken: Mapping[str, Promise]) -> Credit:
    promise = broken[one.promise]
    others = [broken[key].name for key in one.paid_under.split(", ") if key in broken]
    return Credit(
        key=promise.key,
        name=promise.name,
        percent=one.percent,
        amount=None,
        why="the misses that were ours are more than is allowed",
        cause=", ".join(sorted(cause for cause in one.causes if not cause.startswith("unknown"))),
        dropped=f"the same cause as {' and '.join(others)}" if others else "",
    )


def _of_fee(terms: Agreement, percent: Decimal) -> Money | None:
    if terms.fee is None:
        return None
    return Money(terms.fee * percent / _WHOLE, terms.currency).rounded()


def _with_amounts(lines: Sequence[Credit], total: Money) -> list[Credit]:
    weights = [line.percent for line in lines]
    if not any(weights):
        return [replace(line, amount=Decimal(0)) for line in lines]
    parts = allocate(total, weights)
    return [replace(line, amount=part.amount) for line, part in zip(lines, parts, strict=True)]
