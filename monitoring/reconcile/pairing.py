"""Which invoice belongs to which goods, and what of both is left alone, and for how long."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Final, NamedTuple

from monitoring.reconcile.amounts import plain
from monitoring.reconcile.invoices import Bill, Goods, Refund
from monitoring.reconcile.postings import CENT, Posting, ageing, match

PASSES: Final = ("number", "reference", "amount", "hand")
Aged = dict[str, tuple[int, dict[str, Decimal]]]


class Pairing(NamedTuple):
    """`bills`: those of one order added up, each with its order where it has one. `passes`: how many
    orders found their invoice by each of PASSES. `goods_alone`, `bills_alone`: without a counterpart."""

    bills: tuple[Bill, ...]
    passes: Mapping[str, int]
    goods_alone: tuple[Goods, ...]
    bills_alone: tuple[Bill, ...]


def pair(goods: Sequence[Goods], bills: Iterable[Bill], *, by_hand: Mapping[str, str]) -> Pairing:
    """Invoices that name their order or are said by hand to be its; then the others by the passes of
    `postings.match`. An invoice does not say whose account it is for, so an amount has to be the only one
    of its kind within three days of all that the customer shipped.

    `by_hand`: invoice number → order.
    """
    named = [one._replace(order=by_hand.get(one.number, one.order)) for one in bills]
    whole = add_up(one for one in named if one.order)
    billed = {one.order for one in whole}
    rest = [one for one in goods if one.order not in billed]
    loose = sorted((one for one in named if not one.order), key=lambda each: each.number)
    found, passes = _matched(rest, loose)
    left = [one for one in loose if one.number not in found]
    resolved = [
        *whole,
        *(one._replace(order=found[one.number]) for one in loose if one.number in found),
    ]
    shipped = {one.order for one in goods}
    passes += _named(
        whole, shipped, {by_hand[one.number] for one in named if one.number in by_hand}
    )
    return Pairing(
        bills=(*resolved, *left),
        passes={name: passes[name] for name in PASSES},
        goods_alone=tuple(one for one in rest if one.order not in found.values()),
        bills_alone=(*(one for one in resolved if one.order not in shipped), *left),
    )


def _matched(goods: Sequence[Goods], bills: Sequence[Bill]) -> tuple[dict[str, str], Counter[str]]:
    """Invoice number → order, and how many by each pass."""
    ours = [
        Posting(one.order, one.references, "", one.shipped_on, one.amount, one.currency)
        for one in goods
    ]
    theirs = [_posting(one) for one in bills]
    numbers = {id(posting): one.number for posting, one in zip(theirs, bills, strict=True)}
    found = match(ours, theirs).matched
    orders = {numbers[id(pair.right)]: pair.left.number for pair in found}
    return orders, Counter(pair.by for pair in found)


def _posting(one: Bill) -> Posting:
    return Posting(one.names, one.references, "", one.issued_on, one.total, one.currency)


def _named(whole: Iterable[Bill], shipped: set[str], by_hand: set[str]) -> Counter[str]:
    """An order that goes by another name in its invoice was found by reference."""
    found: Counter[str] = Counter()
    for one in whole:
        if one.order in shipped:
            by_number = one.names.upper() == one.order.upper()
            found["hand" if one.order in by_hand else "number" if by_number else "reference"] += 1
    return found


def add_up(bills: Iterable[Bill]) -> list[Bill]:
    """One bill for each order, called by the number of its first invoice."""
    found: dict[str, Bill] = {}
    for one in bills:
        before = found.get(one.order)
        found[one.order] = _sum(before, one) if before else one
    return [found[order] for order in sorted(found)]


def _sum(one: Bill, other: Bill) -> Bill:
    quantities = dict(one.quantities)
    for sku, quantity in other.quantities.items():
        quantities[sku] = plain(quantities.get(sku, 0) + quantity)
    return one._replace(
        issued_on=min(one.issued_on, other.issued_on),
        quantities=quantities,
        prices={**one.prices, **other.prices},
        tax=(one.tax or 0) + (other.tax or Decimal(0)),
        freight=(one.freight or 0) + (other.freight or Decimal(0)),
        total=one.total + other.total,
        references=(*one.references, *other.references),
    )


def ages(
    found: Pairing,
    refunds: Iterable[Refund],
    credited: Mapping[str, Decimal],
    *,
    currencies: Mapping[str, str],
    today: date,
) -> dict[str, Aged]:
    """For how long what has no counterpart has none: by what it lacks, each by `postings.BUCKETS`.

    `credited`: by order; `currencies` too.
    """
    goods = [
        _alone(one.order, one.shipped_on, one.amount, one.currency) for one in found.goods_alone
    ]
    bills = [
        _alone(one.number, one.issued_on, one.total, one.currency) for one in found.bills_alone
    ]
    money = [
        _alone(order, on, amount, currencies.get(order, ""))
        for order, on, amount in _not_credited(refunds, credited)
    ]
    alone = {"not_invoiced": goods, "not_shipped": bills, "not_credited": money}
    return {name: ageing(rows, today=today) for name, rows in alone.items()}


def _alone(number: str, on: date, amount: Decimal, currency: str) -> Posting:
    return Posting(number, (), "", on, amount, currency)


def _not_credited(
    refunds: Iterable[Refund], credited: Mapping[str, Decimal]
) -> list[tuple[str, date, Decimal]]:
    """What was credited pays for the oldest refunds of its order first."""
    left, found = dict(credited), []
    for one in sorted(refunds, key=lambda each: (each.order, each.on)):
        paid = min(one.amount, left.get(one.order, Decimal(0)))
        left[one.order] = left.get(one.order, Decimal(0)) - paid
        if one.amount - paid > CENT:
            found.append((one.order, one.on, one.amount - paid))
    return found
