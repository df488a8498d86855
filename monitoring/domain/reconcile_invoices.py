"""What left against what was invoiced, what was refunded against what was credited, order by order."""

from collections import Counter
from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Final, NamedTuple
from zoneinfo import ZoneInfo

from monitoring.domain import (
    reconcile_figures,
    reconcile_history,
    reconcile_invoice_rows,
    reconcile_store,
)
from monitoring.domain.reconcile_comparison import Comparison
from monitoring.domain.reconcile_entry import Entry
from monitoring.domain.reconcile_scope import Scope
from monitoring.domain.reconcile_store import Said
from monitoring.models import Correction
from monitoring.queries import recon_invoices, recon_orders
from monitoring.reconcile.invoices import (
    Bill,
    Goods,
    InvoiceBreak,
    Refund,
    check_invoices,
    refunds_without_credit,
    unmatched,
)
from monitoring.reconcile.pairing import Aged, Pairing, ages, pair

_LOOKED_BACK: Final = timedelta(days=60)
_LEAST_DAYS: Final = 1


def gather(scope: Scope) -> None:
    """What left of each order, the invoices, what was refunded and credited, and what people paired."""
    since = scope.at - max(scope.definition.window, _LOOKED_BACK)
    channels = [party.id for party in scope.parties("channel")]
    found = recon_orders.orders(scope.customer_id, sources=channels, warehouses=(), since=since)
    orders = {one.number: one for one in found}
    zone = ZoneInfo(scope.customer.time_zone)
    _keep(scope, "goods", [reconcile_invoice_rows.goods(one, zone) for one in orders.values()])
    said = list(recon_invoices.invoices(scope.customer_id, since=since))
    # An invoice for an order of another channel is not ours to judge; one of an unknown order is.
    ours = [one for one in said if one.kind == "invoice" and (one.order in orders or not one.order)]
    _keep(scope, "bills", [reconcile_invoice_rows.bill(one) for one in ours])
    back = recon_invoices.refunds(scope.customer_id, since=since, zone=zone.key)
    _keep(scope, "refunds", reconcile_invoice_rows.refunds(back, orders))
    _keep(scope, "credited", map(list, reconcile_invoice_rows.credited(said).items()))
    _keep(scope, "by_hand", map(list, _by_hand(scope).items()))


def _keep(scope: Scope, name: str, rows: Iterable[list[Any]]) -> None:
    reconcile_store.keep(scope.run, Said(name, list(rows)))


def _by_hand(scope: Scope) -> dict[str, str]:
    """Invoice number → order, as people said it; the last word counts."""
    said = Correction.objects.filter(
        kind=Correction.Kind.PAIR,
        state=Correction.State.DONE,
        difference__reconciliation=scope.reconciliation,
    )
    return dict(said.order_by("pk").values_list("difference__subject", "reference"))


class _Books(NamedTuple):
    """What a run kept, read back."""

    goods: list[Goods]
    bills: list[Bill]
    refunds: list[Refund]
    credited: dict[str, Decimal]
    by_hand: dict[str, str]
    currencies: dict[str, str]


def compared(scope: Scope) -> Comparison:
    """From what was kept. An invoice or a credit note may take as many days as `settle` says."""
    known, books = reconcile_history.keep(scope), _books(scope)
    today = scope.at.astimezone(ZoneInfo(scope.customer.time_zone)).date()
    days = max(_LEAST_DAYS, scope.definition.settle // timedelta(days=1))
    paired = pair(books.goods, books.bills, by_hand=books.by_hand)
    found = [
        *check_invoices(books.goods, paired.bills, today=today, days=days),
        *unmatched(paired.bills),
        *refunds_without_credit(books.refunds, books.credited, today=today, days=days),
    ]
    entries = [_entry(scope, one, books.currencies.get(one.order, "")) for one in found]
    subjects = {one.order for one in books.goods} | {one.order for one in books.refunds}
    subjects |= {one.order or one.number for one in paired.bills}
    counts = Counter({"match": len(subjects - {one.order for one in found})})
    counts.update(one.code for one in found)
    figures = reconcile_figures.of_entries(entries, compared=len(subjects))
    figures["ageing"] = _text(_aged(paired, books, today))
    figures["passes"] = dict(paired.passes)
    judged = [reconcile_history.judged(scope, entry, known) for entry in entries]
    return Comparison(judged, dict(counts), figures)


def _books(scope: Scope) -> _Books:
    kept = reconcile_store.of(scope.run)
    goods, bills, refunds, credited, by_hand = (
        list(reconcile_store.rows(kept[name]))
        for name in ("goods", "bills", "refunds", "credited", "by_hand")
    )
    sold = [reconcile_invoice_rows.read_goods(row) for row in goods if row[1]]
    billed = [reconcile_invoice_rows.read_bill(row) for row in bills]
    currencies = {one.order or one.number: one.currency for one in billed}
    currencies |= {one.order: one.currency for one in sold}
    return _Books(
        goods=sold,
        bills=billed,
        refunds=[reconcile_invoice_rows.read_refund(row) for row in refunds],
        credited={order: Decimal(total) for order, total in credited},
        by_hand=dict(by_hand),
        currencies={**currencies, **{row[0]: row[3] for row in refunds}},
    )


def _aged(paired: Pairing, books: _Books, today: date) -> dict[str, Aged]:
    return ages(paired, books.refunds, books.credited, currencies=books.currencies, today=today)


def _text(aged: dict[str, Aged]) -> dict[str, dict[str, list[Any]]]:
    """What is unmatched → bucket → [how many, {currency: amount}]."""
    return {
        lack: {
            name: [count, {currency: str(total) for currency, total in sorted(amounts.items())}]
            for name, (count, amounts) in buckets.items()
        }
        for lack, buckets in aged.items()
    }


def _entry(scope: Scope, one: InvoiceBreak, currency: str) -> Entry:
    """Of what is in another currency than the customer's, no worth is told: it would be read as theirs."""
    erps = scope.parties("erp") or scope.parties("channel")
    named = "Invoice" if one.code == "invoice_unmatched" else "Order"
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
        value=abs(one.worth) if currency == scope.customer.currency else Decimal(0),
        note=one.sentence,
        evidence=[(named, one.order), ("Differs", one.sentence)],
    )
