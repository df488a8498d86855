"""What is left of what customers pay after what the same service costs: derived, never kept."""

from collections.abc import Iterable, Iterator, Mapping
from decimal import Context, Decimal
from typing import Final, NamedTuple

from portal.core.money import EXACT, Money, add_up, allocate, round_money, round_to

_ZERO = Decimal(0)
_ONE = Decimal(1)
_DIVIDING: Final = Context(prec=60)
PERCENT_PLACES: Final = 2


class WholesaleFee(NamedTuple):
    """`amount` of one fee, and by what it is shared: each customer's part of the usage, for one. Without
    weights above 0 every customer bears the same."""

    amount: Decimal
    weights: Mapping[str, Decimal]


class Margin(NamedTuple):
    """`retail` − `wholesale` = `margin`, which is `percent` of retail, half up to two decimals; None where
    nothing was sold."""

    retail: Decimal
    wholesale: Decimal
    margin: Decimal
    percent: Decimal | None


class Margins(NamedTuple):
    """`by_customer` in the order of their names; `unshared` is wholesale that no customer bears, because
    there is none. `total` is of all of it."""

    by_customer: Mapping[str, Margin]
    unshared: Decimal
    total: Margin


def margins(
    retail: Mapping[str, Decimal], wholesale: Iterable[WholesaleFee], *, currency: str
) -> Margins:
    """Everything in one currency and whole minor units, or ValueError; what costs is shared to the cent."""
    fees = tuple(wholesale)
    _refuse_fractions([*retail.values(), *(fee.amount for fee in fees)], currency)
    customers = sorted(retail.keys() | {one for fee in fees for one in fee.weights})
    borne = dict.fromkeys(customers, _ZERO)
    for fee in fees if customers else ():
        for customer, part in shared(fee, customers, currency=currency):
            borne[customer] += part
    costs = add_up(fee.amount for fee in fees)
    return Margins(
        {one: of(retail.get(one, _ZERO), borne[one]) for one in customers},
        _ZERO if customers else costs,
        of(add_up(retail.values()), costs),
    )


def shared(
    fee: WholesaleFee, customers: list[str], *, currency: str
) -> Iterator[tuple[str, Decimal]]:
    """Each customer's part of a fee; together they are all of it."""
    weights = [fee.weights.get(one, _ZERO) for one in customers]
    if not any(weights):
        weights = [_ONE for _ in customers]
    parts = allocate(Money(fee.amount, currency), weights)
    return zip(customers, (part.amount for part in parts), strict=True)


def of(retail: Decimal, wholesale: Decimal) -> Margin:
    margin = retail - wholesale
    return Margin(retail, wholesale, margin, percent_of(margin, retail))


def percent_of(margin: Decimal, retail: Decimal) -> Decimal | None:
    if not retail:
        return None
    return round_to(_DIVIDING.divide(EXACT.multiply(margin, Decimal(100)), retail), PERCENT_PLACES)


def _refuse_fractions(amounts: Iterable[Decimal], currency: str) -> None:
    for amount in amounts:
        if amount != round_money(amount, currency):
            raise ValueError(f"{amount} is not in whole units of {currency}.")
