"""What broken promises give back: a share of the fee by how far the budget was overdrawn."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final, NamedTuple

from monitoring.statements.content import Credit, Credits, Promise, Step
from portal.core.money import Money, allocate

_WHOLE: Final = Decimal(100)


@dataclass(frozen=True, slots=True)
class Agreement:
    """What is given back at most (`cap`, in percent of the fee) and for what. `fee`: of a month; None:
    not known here, so that credits are shares without amounts."""

    fee: Decimal | None
    currency: str
    cap: Decimal
    steps: tuple[Step, ...]


USUAL: Final = (
    Step(Decimal(100), Decimal(2)),
    Step(Decimal(200), Decimal(5)),
    Step(Decimal(400), Decimal(10)),
)
USUAL_CAP: Final = Decimal(20)


class Breach(NamedTuple):
    """A promise we broke ourselves, and the cause of most of it: one cause is paid for once."""

    promise: Promise
    cause: str


def propose(breaches: Sequence[Breach], terms: Agreement) -> Credits:
    """The credits of a month, promises in their order. Of one cause the largest counts, the others are
    listed with why they give nothing. What goes beyond the cap is cut from all in proportion."""
    lines = [line for breach in breaches if (line := _line(breach, terms))]
    lines = _once_per_cause(lines)
    asked = sum((line.percent for line in lines if not line.dropped), Decimal(0))
    percent = min(asked, terms.cap)
    total = _of_fee(terms, percent)
    if total:
        lines = _with_amounts(lines, total)
    return Credits(
        currency=terms.currency,
        fee=terms.fee,
        cap=terms.cap,
        steps=terms.steps,
        percent=percent,
        amount=total.amount if total else None,
        lines=tuple(lines),
    )


def _line(breach: Breach, terms: Agreement) -> Credit | None:
    used = used_by_us(breach.promise)
    reached = [step for step in terms.steps if used > step.over]
    if not reached:
        return None
    why = f"more than {reached[-1].over:f} % of the allowed misses were ours"
    promise = breach.promise
    return Credit(promise.key, promise.name, reached[-1].percent, None, why, breach.cause)


def used_by_us(promise: Promise) -> Decimal:
    """How much of the allowed misses ours took, in percent. Where none is allowed, one miss is 200."""
    ours = promise.misses_ours
    if not promise.allowed:
        return _WHOLE * (ours + 1) if ours else Decimal(0)
    return _WHOLE * ours / promise.allowed


def _once_per_cause(lines: Sequence[Credit]) -> list[Credit]:
    best: dict[str, Credit] = {}
    for line in lines:
        if line.cause and (line.cause not in best or line.percent > best[line.cause].percent):
            best[line.cause] = line
    return [
        line
        if not line.cause or best[line.cause] is line
        else replace(line, dropped=f"the same cause as {best[line.cause].name}")
        for line in lines
    ]


def _of_fee(terms: Agreement, percent: Decimal) -> Money | None:
    if terms.fee is None:
        return None
    return Money(terms.fee * percent / _WHOLE, terms.currency).rounded()


def _with_amounts(lines: Sequence[Credit], total: Money) -> list[Credit]:
    weights = [Decimal(0) if line.dropped else line.percent for line in lines]
    if not any(weights):
        return [replace(line, amount=Decimal(0)) for line in lines]
    parts = allocate(total, weights)
    return [replace(line, amount=part.amount) for line, part in zip(lines, parts, strict=True)]
