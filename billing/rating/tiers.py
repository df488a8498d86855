"""Tiers that can neither overlap nor leave a gap: each holds only where it ends.

A tier is of all units above the one before it, up to and with `up_to`: with 100 and then without end, unit
100 is of the first and unit 101 of the second, and half a unit more than 100 is of the second, too.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from billing.rating import rated
from billing.rating.rated import Line
from billing.rating.terms import negative

_ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Tier:
    """`up_to` None: without end. `price`: of a unit, or in percent. `flat_amount`: once if anything is in the
    tier."""

    up_to: Decimal | None
    price: Decimal
    flat_amount: Decimal = _ZERO


class Part(NamedTuple):
    """What of a quantity is in a tier: more than nothing."""

    tier: Tier
    above: Decimal
    quantity: Decimal


def parts(tiers: Sequence[Tier], quantity: Decimal) -> Iterator[Part]:
    """The quantity, tier by tier, from the first on."""
    above = _ZERO
    for tier in tiers:
        ends = quantity if tier.up_to is None else min(quantity, tier.up_to)
        if ends <= above:
            return
        yield Part(tier, above, ends - above)
        above = ends


def reached(tiers: Sequence[Tier], quantity: Decimal) -> Part | None:
    """The last tier that a quantity reaches, with all of it; None for nothing."""
    found = [*parts(tiers, quantity)]
    return found[-1]._replace(quantity=quantity) if found else None


def lines(part: Part, by: Callable[..., Line]) -> Iterator[Line]:
    """What is in a tier at its price, `by` unit or by percentage, and its flat amount once."""
    tier, above = part.tier, part.above
    yield by(part.quantity, tier.price, above=above, up_to=tier.up_to)
    if tier.flat_amount:
        yield rated.flat(tier.flat_amount, above=above, up_to=tier.up_to)


def problems(tiers: Sequence[Tier], *, price: str = "unit_amount") -> Iterator[tuple[str, str]]:
    """Why nobody can be charged by these: field and sentence. `price`: what the terms call a tier's price."""
    if not tiers:
        yield "tiers", "There has to be one."
        return
    before = _ZERO
    for number, tier in enumerate(tiers):
        here = f"tiers[{number}]"
        for field, text in negative(**{price: tier.price, "flat_amount": tier.flat_amount}):
            yield f"{here}.{field}", text
        if tier.up_to is None:
            if tier is not tiers[-1]:
                yield f"{here}.up_to", "Only the last tier is without end."
            continue
        if tier.up_to <= before:
            yield f"{here}.up_to", f"It ends at {tier.up_to}, and the tier before it at {before}."
        before = tier.up_to
    if tiers[-1].up_to is not None:
        yield f"tiers[{len(tiers) - 1}].up_to", "The last tier is without end: null."
