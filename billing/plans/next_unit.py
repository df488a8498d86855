"""What one unit more costs, by how many there are already."""

from collections.abc import Iterator, Sequence
from decimal import Context, Decimal
from typing import Final, NamedTuple

from billing.plans.content import PlanCharge
from billing.rating import read
from billing.rating.flat import Flat
from billing.rating.graduated import Graduated
from billing.rating.graduated_percentage import GraduatedPercentage
from billing.rating.package import Package
from billing.rating.percentage import Percentage
from billing.rating.standard import Standard
from billing.rating.tiers import Tier
from billing.rating.volume import Volume

_ZERO: Final = Decimal(0)
_DIVIDING: Final = Context(prec=12)
LATE: Final = 10_000  # a month after every ramp


class PriceStep(NamedTuple):
    """Every unit above so many costs `price`, up to where the next step begins."""

    above: Decimal
    price: Decimal


def price_steps(charge: PlanCharge, *, number: int = LATE) -> tuple[PriceStep, ...]:
    """In the subscription's month of this number; of a volume price what all units cost each. A package is
    said by the unit, of a percentage the price is in per cent. None for a charge that counts nothing."""
    found = [*_steps(charge, number)]
    if not found or not charge.included:
        return tuple(found)
    moved = [PriceStep(one.above + charge.included, one.price) for one in found]
    return (PriceStep(_ZERO, _ZERO), *moved)


def _steps(charge: PlanCharge, number: int) -> Iterator[PriceStep]:
    match read(charge.model, charge.terms_in(number)):
        case Flat():
            return
        case Standard(unit_amount=price, free_units=free):
            yield from _after(free, price)
        case Package(amount=amount, package_size=size, free_units=free):
            yield from _after(free, _DIVIDING.divide(amount, size))
        case Percentage(rate_percent=rate, free_amount=free):
            yield from _after(free or _ZERO, rate)
        case Graduated(tiers=tiers) | Volume(tiers=tiers) | GraduatedPercentage(tiers=tiers):
            yield from _of_tiers(tiers)


def _after(free: Decimal, price: Decimal) -> Iterator[PriceStep]:
    if free:
        yield PriceStep(_ZERO, _ZERO)
    yield PriceStep(free, price)


def _of_tiers(tiers: Sequence[Tier]) -> Iterator[PriceStep]:
    above = _ZERO
    for tier in tiers:
        yield PriceStep(above, tier.price)
        above = tier.up_to or above


def price_at(steps: Sequence[PriceStep], units: Decimal) -> Decimal:
    """What one more costs after so many units. ValueError without steps."""
    if not steps:
        raise ValueError("A charge that counts nothing has no price of a unit.")
    return [one.price for one in steps if one.above <= units][-1]
