"""What was shipped against what was invoiced, and what was refunded against what was credited."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Literal, NamedTuple

from monitoring.reconcile.amounts import Amount, shown
from monitoring.reconcile.postings import CENT

InvoiceCode = Literal[
    "not_invoiced",
    "nothing_shipped",
    "invoiced_quantity",
    "invoiced_price",
    "invoiced_tax",
    "invoiced_freight",
    "refund_without_credit",
]


class Goods(NamedTuple):
    """What left for one order: SKU → quantity, and what the order says of price, tax and freight."""

    order: str
    shipped_on: date
    quantities: Mapping[str, Amount]
    prices: Mapping[str, Decimal]
    tax: Decimal | None = None
    freight: Decimal | None = None


class Bill(NamedTuple):
    """The invoices of one order, added up."""

    number: str
    order: str
    issued_on: date
    quantities: Mapping[str, Amount]
    prices: Mapping[str, Decimal]
    tax: Decimal | None = None
    freight: Decimal | None = None


class InvoiceBreak(NamedTuple):
    """One thing wrong with the books of one order."""

    code: InvoiceCode
    order: str
    sentence: str
    left: str = ""
    right: str = ""
    sku: str = ""


def check_invoices(
    goods: Iterable[Goods], bills: Iterable[Bill], *, today: date, days: int
) -> list[InvoiceBreak]:
    """Order by order: goods without an invoice after `days`, invoices without goods, and what differs."""
    shipped, billed = {one.order: one for one in goods}, {one.order: one for one in bills}
    return [
        one
        for order in sorted({*shipped, *billed})
        for one in _check(shipped.get(order), billed.get(order), today, days)
    ]


def _check(
    goods: Goods | None, bill: Bill | None, today: date, days: int
) -> Iterator[InvoiceBreak]:
    if goods and bill:
        yield from _quantities(goods, bill)
        yield from _money(goods, bill)
    elif goods and (today - goods.shipped_on).days > days:
        since = (today - goods.shipped_on).days
        text = f"Order {goods.order} left on {goods.shipped_on:%d %b} and has no invoice after {since} days."
        yield InvoiceBreak("not_invoiced", goods.order, text, "shipped", "no invoice")
    elif bill and goods is None:
        text = f"Invoice {bill.number} is for order {bill.order}, of which nothing was shipped."
        yield InvoiceBreak("nothing_shipped", bill.order, text, "nothing shipped", bill.number)


def _quantities(goods: Goods, bill: Bill) -> Iterator[InvoiceBreak]:
    for sku in sorted({*goods.quantities, *bill.quantities}):
        left, right = goods.quantities.get(sku, 0), bill.quantities.get(sku, 0)
        if left != right:
            text = f"{shown(left)} {sku} of order {goods.order} were shipped and {shown(right)} invoiced."
            yield InvoiceBreak(
                "invoiced_quantity", goods.order, text, shown(left), shown(right), sku
            )


def _money(goods: Goods, bill: Bill) -> Iterator[InvoiceBreak]:
    for sku in sorted({*goods.prices} & {*bill.prices}):
        left, right = goods.prices[sku], bill.prices[sku]
        if abs(left - right) > CENT:
            text = f"{sku} of order {goods.order} was sold at {left} and invoiced at {right}."
            yield InvoiceBreak("invoiced_price", goods.order, text, str(left), str(right), sku)
    both: tuple[tuple[InvoiceCode, str, Decimal | None, Decimal | None], ...] = (
        ("invoiced_tax", "tax", goods.tax, bill.tax),
        ("invoiced_freight", "freight", goods.freight, bill.freight),
    )
    for code, name, asked, billed in both:
        if asked is not None and billed is not None and abs(asked - billed) > CENT:
            text = f"The {name} of order {goods.order} is {asked}, and {billed} was invoiced."
            yield InvoiceBreak(code, goods.order, text, str(asked), str(billed))


def refunds_without_credit(
    refunds: Mapping[str, Decimal], credited: Mapping[str, Decimal]
) -> list[InvoiceBreak]:
    """Orders of which the channel gave back more than the ERP credited. Amounts by order, above zero."""
    found = []
    for order, amount in sorted(refunds.items()):
        given = credited.get(order, Decimal(0))
        if amount - given > CENT:
            text = f"{amount} of order {order} was refunded, and {given} credited in the ERP."
            code: InvoiceCode = "refund_without_credit"
            found.append(InvoiceBreak(code, order, text, str(amount), str(given)))
    return found
