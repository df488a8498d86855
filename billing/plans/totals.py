"""From the lines of an invoice to what is to pay: credits of the lines, tax once, credits that pay."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from billing.invoices.content import CreditUsed, Line, Tax, Treatment
from billing.plans.month import month_of
from portal.core.money import EXACT, add_up, round_money

_ZERO = Decimal(0)


class TaxTerms(NamedTuple):
    """`percent` counts for the treatment "standard" alone; `note` is the sentence the law asks for."""

    treatment: Treatment
    name: str
    percent: Decimal
    note: str = ""


class CreditLeft(NamedTuple):
    """What somebody has with us, in whole minor units: `left` of it, up to and with the day it `expires`.

    `before_tax`: what a missed promise gives back lowers the price, and so the tax; everything else pays.
    """

    key: int
    name: str
    left: Decimal
    expires: date | None
    before_tax: bool


class Totals(NamedTuple):
    """`lines` with those of credits before tax; `net` + `tax.amount` = `total`.

    `total` less what `credits` pay is `due`, which is never below 0: what a total below 0 gives back is
    `carried`, to become a credit. `used`: how much of each credit, by its key.
    """

    lines: tuple[Line, ...]
    net: Decimal
    tax: Tax
    total: Decimal
    credits: tuple[CreditUsed, ...]
    used: tuple[tuple[int, Decimal], ...]
    due: Decimal
    carried: Decimal


class _Used(NamedTuple):
    credit: CreditLeft
    amount: Decimal


def totals(
    lines: Iterable[Line],
    *,
    currency: str,
    tax: TaxTerms,
    credits_left: Iterable[CreditLeft],
    on: date,
) -> Totals:
    """What an invoice with these lines comes to on a day.

    Of what expires first is used first, then of the oldest, with the lowest key. ValueError for amounts
    that are no whole minor units.
    """
    given, left = tuple(lines), tuple(credits_left)
    _refuse_fractions(given, left, currency)
    usable = sorted((one for one in left if _is_usable(one, on)), key=_order)
    lowering = [*_use((one for one in usable if one.before_tax), of=_sum(given))]
    given += tuple(_credit_line(one, on) for one in lowering)
    net = _sum(given)
    taxed = _tax(net, tax, currency)
    total = net + taxed.amount
    paying = [*_use((one for one in usable if not one.before_tax), of=total)]
    due = total - add_up(one.amount for one in paying)
    return Totals(
        lines=given,
        net=net,
        tax=taxed,
        total=total,
        credits=tuple(_credit_used(one) for one in paying),
        used=tuple((one.credit.key, one.amount) for one in [*lowering, *paying]),
        due=max(due, _ZERO),
        carried=max(-total, _ZERO),
    )


def _refuse_fractions(lines: Sequence[Line], left: Sequence[CreditLeft], currency: str) -> None:
    named = [(line.key, line.amount) for line in lines]
    named += [(credit.name, credit.left) for credit in left]
    for name, amount in named:
        if amount != round_money(amount, currency):
            raise ValueError(f"{name} is {amount}, which is not in whole units of {currency}.")


def _is_usable(credit: CreditLeft, on: date) -> bool:
    return credit.left > 0 and (credit.expires is None or credit.expires >= on)


def _order(credit: CreditLeft) -> tuple[date, int]:
    return credit.expires or date.max, credit.key


def _use(usable: Iterable[CreditLeft], *, of: Decimal) -> Iterator[_Used]:
    for credit in usable:
        if of <= 0:
            return
        amount = min(credit.left, of)
        of -= amount
        yield _Used(credit, amount)


def _sum(lines: Iterable[Line]) -> Decimal:
    return add_up(line.amount for line in lines)


def _tax(net: Decimal, terms: TaxTerms, currency: str) -> Tax:
    percent = terms.percent if terms.treatment == "standard" else _ZERO
    amount = round_money(EXACT.multiply(net, percent).scaleb(-2, context=EXACT), currency)
    return Tax(terms.treatment, terms.name, percent, net, amount, terms.note)


def _credit_line(used: _Used, on: date) -> Line:
    """Of the day on which it is used; its key is that of the credit."""
    return Line(
        key=f"credit/{used.credit.key}",
        origin="sla_credit",
        name=used.credit.name,
        detail="",
        service=month_of(on).key,
        begins=on,
        ends=on,
        quantity=None,
        unit="",
        unit_amount=None,
        gross=-used.amount,
        discount=_ZERO,
        amount=-used.amount,
    )


def _credit_used(used: _Used) -> CreditUsed:
    credit = used.credit
    return CreditUsed(credit.name, used.amount, credit.left - used.amount, credit.expires)
