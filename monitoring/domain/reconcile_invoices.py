"""What left against what was invoiced, order by order."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, Final
from zoneinfo import ZoneInfo

from monitoring.domain import reconcile_figures, reconcile_history, reconcile_store
from monitoring.domain.reconcile_entry import Entry
from monitoring.domain.reconcile_inventory import Comparison
from monitoring.domain.reconcile_scope import Scope
from monitoring.domain.reconcile_store import Said
from monitoring.queries import recon_orders
from monitoring.queries.recon_orders import HubInvoice, HubOrder
from monitoring.reconcile import amount, text
from monitoring.reconcile.amounts import Amount
from monitoring.reconcile.invoices import Bill, Goods, InvoiceBreak, check_invoices
from monitoring.reconcile.postings import Posting, ageing

_LOOKED_BACK: Final = timedelta(days=60)
_LEAST_DAYS: Final = 1


def gather(scope: Scope) -> None:
    """What was shipped of each order, and its invoices added up."""
    since = scope.at - max(scope.definition.window, _LOOKED_BACK)
    channels = [party.id for party in scope.parties("channel")]
    orders = recon_orders.orders(scope.customer_id, sources=channels, warehouses=(), since=since)
    zone = ZoneInfo(scope.customer.time_zone)
    goods = [row for one in orders for row in _goods(one, zone)]
    reconcile_store.keep(scope.run, Said("goods", goods))
    known = {row[0] for row in goods}
    bills = _bills(recon_orders.invoices(scope.customer_id, since=since))
    mine = [bills[number] for number in sorted(bills) if _is_ours(bills[number], known)]
    reconcile_store.keep(scope.run, Said("bills", mine))


def _is_ours(bill: list[Any], known: set[str]) -> bool:
    """An invoice for an order of another channel is not ours to judge, one of an unknown order is."""
    return bill[1] in known or not bill[1]


def _goods(one: HubOrder, zone: ZoneInfo) -> Iterator[list[Any]]:
    """An order of which something left, with what it says of prices. Whole ones also of tax and freight."""
    left: dict[str, Amount] = defaultdict(int)
    told = [datetime.fromisoformat(shipment["told_at"]) for shipment in one.shipments]
    for shipment in one.shipments:
        for line in shipment["lines"]:
            left[str(line["sku"])] += amount(str(line["shipped"]))
    quantities = {sku: text(quantity) for sku, quantity in sorted(left.items()) if quantity}
    prices = {str(line["sku"]): str(line["unit_price"]) for line in one.lines}
    is_whole = one.state in ("shipped", "invoiced", "closed")
    tax, freight = (one.totals.get("tax"), one.totals.get("shipping")) if is_whole else (None, None)
    on = min(told).astimezone(zone).date().isoformat() if quantities else ""
    yield [one.number, on, quantities, prices, tax, freight]


def _bills(invoices: Iterator[HubInvoice]) -> dict[str, list[Any]]:
    """By order; several invoices of one are added up."""
    found: dict[str, list[Any]] = {}
    for one in invoices:
        if one.kind != "invoice":
            continue
        bill = found.setdefault(
            one.order, [one.number, one.order, one.issued_on, {}, {}, "0", "0", "0"]
        )
        for line in one.lines:
            sku = str(line.get("sku") or line.get("description") or "")
            before = amount(bill[3].get(sku, "0"))
            bill[3][sku] = text(before + amount(str(line["quantity"])))
            bill[4][sku] = str(line["unit_price"])
        for place, name in ((5, "tax"), (6, "freight"), (7, "total")):
            bill[place] = str(Decimal(bill[place]) + Decimal(one.totals.get(name) or "0"))
    return found


def compared(scope: Scope) -> Comparison:
    """From what was kept. An invoice may take as many days as `settle` says."""
    kept = reconcile_store.of(scope.run)
    known = reconcile_history.keep(scope)
    rows = list(reconcile_store.rows(kept["goods"]))
    goods = [_read_goods(row) for row in rows if row[1]]
    shipped = {one.order for one in goods}
    bills = [_read_bill(row) for row in reconcile_store.rows(kept["bills"])]
    today = scope.at.astimezone(ZoneInfo(scope.customer.time_zone)).date()
    days = max(_LEAST_DAYS, scope.definition.settle // timedelta(days=1))
    found = check_invoices(goods, bills, today=today, days=days)
    entries = [reconcile_history.judged(scope, _entry(scope, one), known) for one in found]
    compared_ = len(shipped | {bill.order for bill in bills})
    counts: dict[str, int] = {"match": compared_ - len({one.order for one in found})}
    for one in found:
        counts[one.code] = counts.get(one.code, 0) + 1
    figures = reconcile_figures.of_entries(entries, compared=compared_)
    figures["ageing"] = _ageing(goods, bills, found, today)
    return Comparison(entries, counts, figures)


def _read_goods(row: list[Any]) -> Goods:
    order, on, quantities, prices, tax, freight = row
    return Goods(
        order,
        date.fromisoformat(on),
        _amounts(quantities),
        {sku: Decimal(price) for sku, price in prices.items()},
        None if tax is None else Decimal(tax),
        None if freight is None else Decimal(freight),
    )


def _read_bill(row: list[Any]) -> Bill:
    number, order, on, quantities, prices, tax, freight, _ = row
    decimals = {sku: Decimal(price) for sku, price in prices.items()}
    return Bill(
        number, order, date.fromisoformat(on), _amounts(quantities), decimals,
        Decimal(tax), Decimal(freight),
    )  # fmt: skip


def _amounts(said: Mapping[str, str]) -> dict[str, Amount]:
    return {sku: amount(quantity) for sku, quantity in said.items()}


def _ageing(
    goods: list[Goods], bills: list[Bill], found: list[InvoiceBreak], today: date
) -> dict[str, Any]:
    """How long what has no counterpart has none, by bucket: how many."""
    lonely = {one.order for one in found if one.code in ("not_invoiced", "nothing_shipped")}
    dates = {bill.order: bill.issued_on for bill in bills}
    dates |= {one.order: one.shipped_on for one in goods}
    open_ = [Posting(order, (), "", dates[order], Decimal(0), "") for order in sorted(lonely)]
    return {name: count for name, (count, _) in ageing(open_, today=today).items()}


def _entry(scope: Scope, one: InvoiceBreak) -> Entry:
    erps = scope.parties("erp") or scope.parties("channel")
    return Entry(
        key=f"invoice|{one.code}|{one.order}|{one.sku}",
        state=one.code,
        code="invoice_differs",
        endpoint_id=erps[0].id,
        gap=f"{one.left} ≠ {one.right}"[:130],
        sentence=one.sentence,
        sku=one.sku,
        subject=one.order,
        left=one.left,
        right=one.right,
        note=one.sentence,
        evidence=[("Order", one.order), ("Differs", one.sentence)],
    )
