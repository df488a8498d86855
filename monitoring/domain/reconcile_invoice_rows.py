"""What is kept of a comparison of books: goods, invoices and refunds as rows, and read back from them."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final
from zoneinfo import ZoneInfo

from monitoring.queries.recon_invoices import HubInvoice, HubRefund
from monitoring.queries.recon_orders import HubOrder
from monitoring.reconcile import amount, text
from monitoring.reconcile.amounts import Amount, worth
from monitoring.reconcile.invoices import Bill, Goods, Refund

_WHOLE: Final = ("shipped", "invoiced", "closed")
_NONE: Final = Decimal(0)


def goods(one: HubOrder, zone: ZoneInfo) -> list[Any]:
    """An order with what left of it; of one that left as a whole also its tax, freight and total."""
    left: dict[str, Amount] = defaultdict(int)
    told = [datetime.fromisoformat(shipment["told_at"]) for shipment in one.shipments]
    for shipment in one.shipments:
        for line in shipment["lines"]:
            left[str(line["sku"])] += amount(str(line["shipped"]))
    quantities = {sku: text(quantity) for sku, quantity in sorted(left.items()) if quantity}
    prices = {str(line["sku"]): str(line["unit_price"]) for line in one.lines}
    whole = one.state in _WHOLE
    tax, freight = (one.totals.get("tax"), one.totals.get("shipping")) if whole else (None, None)
    on = min(told).astimezone(zone).date().isoformat() if quantities else ""
    total = (one.totals.get("total") if whole else None) or str(_priced(left, prices))
    return [
        one.number,
        on,
        quantities,
        prices,
        tax,
        freight,
        total,
        one.currency,
        _references(one),
        whole,
    ]


def _priced(quantities: Mapping[str, Amount], prices: Mapping[str, str]) -> Decimal:
    priced = (
        worth(left, Decimal(prices[sku])) for sku, left in quantities.items() if sku in prices
    )
    return sum(priced, _NONE)


def _references(one: HubOrder) -> list[str]:
    shipped = [shipment[name] for shipment in one.shipments for name in ("number", "bol")]
    return [name for name in dict.fromkeys([*one.references, *shipped]) if name]


def read_goods(row: list[Any]) -> Goods:
    order, on, quantities, prices, tax, freight, total, currency, references, whole = row
    return Goods(
        order=order,
        shipped_on=date.fromisoformat(on),
        quantities=_amounts(quantities),
        prices=_prices(prices),
        tax=None if tax is None else Decimal(tax),
        freight=None if freight is None else Decimal(freight),
        amount=Decimal(total),
        currency=currency,
        references=tuple(references),
        is_whole=whole,
    )


def bill(one: HubInvoice) -> list[Any]:
    """One invoice; several lines of one item are added up."""
    quantities: dict[str, Amount] = defaultdict(int)
    prices = {}
    for line in one.lines:
        sku = str(line.get("sku") or line.get("description") or "")
        quantities[sku] += amount(str(line["quantity"]))
        prices[sku] = str(line["unit_price"])
    money = [one.totals.get(name) or "0" for name in ("tax", "freight", "total")]
    counted = {sku: text(quantity) for sku, quantity in quantities.items()}
    return [one.number, one.order, one.issued_on, counted, prices, *money, one.currency, one.names,
            [one.shipment] if one.shipment else []]  # fmt: skip


def read_bill(row: list[Any]) -> Bill:
    number, order, on, quantities, prices, tax, freight, total, currency, names, references = row
    return Bill(
        number=number,
        order=order,
        issued_on=date.fromisoformat(on),
        quantities=_amounts(quantities),
        prices=_prices(prices),
        tax=Decimal(tax),
        freight=Decimal(freight),
        total=Decimal(total),
        currency=currency,
        names=names,
        references=(*references, *([names] if names else [])),
    )


def refunds(found: Iterable[HubRefund], orders: Mapping[str, HubOrder]) -> Iterator[list[Any]]:
    """Of these orders. Where the channel told no amount, what came back at the prices of the order."""
    for one in found:
        order = orders.get(one.order)
        if order is None:
            continue
        prices = {str(line["sku"]): str(line["unit_price"]) for line in order.lines}
        back = {str(line["sku"]): amount(str(line["quantity"])) for line in one.lines}
        given = _priced(back, prices) if one.amount is None else Decimal(one.amount)
        yield [one.order, one.on.isoformat(), str(abs(given)), order.currency]


def read_refund(row: list[Any]) -> Refund:
    order, on, given, _ = row
    return Refund(order, date.fromisoformat(on), Decimal(given))


def credited(found: Iterable[HubInvoice]) -> dict[str, str]:
    """By order, above zero, whatever sign the ERP gives its credit notes."""
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for one in found:
        if one.kind == "credit" and one.order:
            sums[one.order] += abs(Decimal(one.totals.get("total") or "0"))
    return {order: str(total) for order, total in sorted(sums.items())}


def _amounts(said: Mapping[str, str]) -> dict[str, Amount]:
    return {sku: amount(quantity) for sku, quantity in said.items()}


def _prices(said: Mapping[str, str]) -> dict[str, Decimal]:
    return {sku: Decimal(price) for sku, price in said.items()}
