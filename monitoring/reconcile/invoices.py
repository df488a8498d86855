"""What was shipped against what was invoiced, and what was refunded against what was credited."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Final, Literal, NamedTuple

from monitoring.reconcile.amounts import Amount, shown, worth
from monitoring.reconcile.amounts import text as written
from monitoring.reconcile.postings import CENT

InvoiceCode = Literal[
    "not_invoiced",
    "nothing_shipped",
    "invoice_unmatched",
    "invoiced_currency",
    "invoiced_quantity",
    "invoiced_price",
    "invoiced_tax",
    "invoiced_freight",
    "invoiced_total",
    "refund_not_credited",
]
_NONE: Final = Decimal(0)


class Goods(NamedTuple):
    """What left for one order: SKU → quantity, and what the order says of price, tax and freight.

    `amount`: what the order comes to, where all of it left; else what left comes to at its prices.
    `references`: other numbers the order or its shipments go by.
    """

    order: str
    shipped_on: date
    quantities: Mapping[str, Amount]
    prices: Mapping[str, Decimal]
    tax: Decimal | None = None
    freight: Decimal | None = None
    amount: Decimal = _NONE
    currency: str = ""
    references: tuple[str, ...] = ()
    is_whole: bool = False


class Bill(NamedTuple):
    """An invoice, or all those of one order added up. `order`: empty for one that names none we know.

    `names`: what it calls its order itself; `references`: the other numbers it names. One without lines
    has no quantities and no prices.
    """

    number: str
    order: str
    issued_on: date
    quantities: Mapping[str, Amount]
    prices: Mapping[str, Decimal]
    tax: Decimal | None = None
    freight: Decimal | None = None
    total: Decimal = _NONE
    currency: str = ""
    names: str = ""
    references: tuple[str, ...] = ()


class InvoiceBreak(NamedTuple):
    """One thing wrong with the books of one order, or of one invoice that belongs to none.

    `worth`: how much money it is about, in the currency of the order or the invoice.
    """

    code: InvoiceCode
    order: str
    sentence: str
    left: str = ""
    right: str = ""
    sku: str = ""
    worth: Decimal = _NONE


def check_invoices(
    goods: Iterable[Goods], bills: Iterable[Bill], *, today: date, days: int
) -> list[InvoiceBreak]:
    """Order by order: goods without an invoice after `days`, invoices without goods, and what differs.

    Of each order there is one of each at most (`pairing.pair`); bills of no order are left to `unmatched`.
    """
    shipped = {one.order: one for one in goods}
    billed = {one.order: one for one in bills if one.order}
    return [
        one
        for order in sorted({*shipped, *billed})
        for one in _check(shipped.get(order), billed.get(order), today, days)
    ]


def _check(
    goods: Goods | None, bill: Bill | None, today: date, days: int
) -> Iterator[InvoiceBreak]:
    if goods and bill:
        yield from _both(goods, bill)
    elif goods and (today - goods.shipped_on).days > days:
        since = (today - goods.shipped_on).days
        text = f"Order {goods.order} left on {goods.shipped_on:%d %b} and has no invoice after {since} days."
        yield InvoiceBreak(
            "not_invoiced", goods.order, text, "shipped", "no invoice", worth=goods.amount
        )
    elif bill and goods is None:
        text = f"Invoice {bill.number} is for order {bill.order}, of which nothing was shipped."
        yield InvoiceBreak(
            "nothing_shipped", bill.order, text, "nothing shipped", bill.number, worth=bill.total
        )


def _both(goods: Goods, bill: Bill) -> list[InvoiceBreak]:
    """Line by line where the invoice has lines. The sums are told apart only where nothing explains it."""
    if goods.currency != bill.currency:
        text = f"Order {goods.order} was sold in {goods.currency} and invoiced in {bill.currency}."
        sides = (goods.currency, bill.currency)
        return [InvoiceBreak("invoiced_currency", goods.order, text, *sides, worth=bill.total)]
    found = [*_quantities(goods, bill), *_money(goods, bill)] if bill.quantities else []
    return found or list(_sums(goods, bill))


def _quantities(goods: Goods, bill: Bill) -> Iterator[InvoiceBreak]:
    for sku in sorted({*goods.quantities, *bill.quantities}):
        left, right = goods.quantities.get(sku, 0), bill.quantities.get(sku, 0)
        if left != right:
            text = f"{shown(left)} {sku} of order {goods.order} were shipped and {shown(right)} invoiced."
            price = bill.prices.get(sku) or goods.prices.get(sku, _NONE)
            yield InvoiceBreak("invoiced_quantity", goods.order, text, written(left), written(right), sku,
                               worth(left - right, price))  # fmt: skip


def _money(goods: Goods, bill: Bill) -> Iterator[InvoiceBreak]:
    for sku in sorted({*goods.prices} & {*bill.prices}):
        left, right = goods.prices[sku], bill.prices[sku]
        if abs(left - right) > CENT:
            text = f"{sku} of order {goods.order} was sold at {left} and invoiced at {right}."
            yield InvoiceBreak("invoiced_price", goods.order, text, str(left), str(right), sku,
                               worth(bill.quantities.get(sku, 0), abs(left - right)))  # fmt: skip
    both: tuple[tuple[InvoiceCode, str, Decimal | None, Decimal | None], ...] = (
        ("invoiced_tax", "tax", goods.tax, bill.tax),
        ("invoiced_freight", "freight", goods.freight, bill.freight),
    )
    for code, name, asked, billed in both:
        if asked is not None and billed is not None and abs(asked - billed) > CENT:
            text = f"The {name} of order {goods.order} is {asked}, and {billed} was invoiced."
            apart = abs(asked - billed)
            yield InvoiceBreak(code, goods.order, text, str(asked), str(billed), worth=apart)


def _sums(goods: Goods, bill: Bill) -> Iterator[InvoiceBreak]:
    """Only of orders that left as a whole: the sum of a part says nothing of its freight and tax."""
    apart = abs(goods.amount - bill.total)
    if goods.is_whole and apart > CENT:
        text = f"Order {goods.order} comes to {goods.amount}, and {bill.total} was invoiced."
        sides = (str(goods.amount), str(bill.total))
        yield InvoiceBreak("invoiced_total", goods.order, text, *sides, worth=apart)


def unmatched(bills: Iterable[Bill]) -> list[InvoiceBreak]:
    """Invoices that belong to no order we know, in order of their numbers: a person says whose they are."""
    return [
        InvoiceBreak(
            "invoice_unmatched",
            one.number,
            f"Invoice {one.number} of {one.issued_on:%d %b} names no order we know, and nothing that was "
            "shipped fits it.",
            "nothing shipped",
            one.number,
            worth=one.total,
        )
        for one in sorted(bills, key=lambda each: each.number)
        if not one.order
    ]


class Refund(NamedTuple):
    """What a channel gave back of an order, in the currency of the order, above zero."""

    order: str
    on: date
    amount: Decimal


def refunds_without_credit(
    refunds: Iterable[Refund], credited: Mapping[str, Decimal], *, today: date, days: int
) -> list[InvoiceBreak]:
    """Orders of which the channel gave back more, longer than `days` ago, than the ERP credited since.

    `credited`: by order, above zero.
    """
    due: dict[str, Decimal] = defaultdict(Decimal)
    for one in refunds:
        due[one.order] += one.amount if (today - one.on).days > days else _NONE
    found = []
    for order, amount in sorted(due.items()):
        given = credited.get(order, _NONE)
        if amount - given > CENT:
            text = f"{amount} of order {order} was refunded, and {given} credited in the ERP."
            found.append(
                InvoiceBreak("refund_not_credited", order, text, str(amount), str(given),
                             worth=amount - given)
            )  # fmt: skip
    return found
