"""Orders compared along their way: channel → hub → ERP, hub → warehouse."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Final

from integrations.connectors.snapshot import LineSaid, OrderSaid
from integrations.domain import clients
from monitoring.domain import (
    reconcile_figures,
    reconcile_history,
    reconcile_order_rows,
    reconcile_said,
    reconcile_store,
    reconcile_unread,
)
from monitoring.domain.reconcile_comparison import Comparison
from monitoring.domain.reconcile_entry import Entry
from monitoring.domain.reconcile_order_rows import read_row, written
from monitoring.domain.reconcile_scope import Party, Scope
from monitoring.domain.reconcile_store import Said
from monitoring.queries import recon_levels
from monitoring.reconcile import amount, text
from monitoring.reconcile.kits import Kits
from monitoring.reconcile.order_hours import HourTally, Orders, differing_hours, hour_of, tally
from monitoring.reconcile.order_rows import OrderLine, OrderRow, OrderSide
from monitoring.reconcile.orders import CENT, OrderBreak, compare_orders

Lines = tuple[OrderLine, ...]
_MINUTES: Final = timedelta(minutes=1)
_CODES: Final[Mapping[str, str]] = {
    "missed_order": "missed_order",
    "not_posted": "order_not_posted",
    "not_transmitted": "order_not_transmitted",
    "dropped_line": "dropped_line",
}
_WORDS: Final[Mapping[str, tuple[str, str]]] = {
    "missed_order": ("missed", "It was placed at the channel, and no document of it ever came."),
    "order_not_posted": ("not_posted", "It is in the hub, and the ERP does not have it."),
    "order_not_transmitted": ("not_sent", "It is in the hub, and no warehouse was sent it."),
}


def gather(scope: Scope) -> None:
    """The orders of the hub with what the warehouses have of them, those of the live sides, and bundles.

    Of a live side first the orders without lines; lines only of the hours that differ.
    """
    ours, there = reconcile_order_rows.of_hub(scope)
    kits = _kits_of(scope)
    _keep(scope, "hub", ours)
    _keep(scope, "warehouses", there)
    rows = [
        [sku, [[one, text(each)] for one, each in parts]] for sku, parts in sorted(kits.items())
    ]
    reconcile_store.keep(scope.run, Said("kits", rows))
    for role in ("channel", "erp"):
        for party in scope.parties(role):
            if party.source == "live":
                _gather_live(scope, party, ours)


def _gather_live(scope: Scope, party: Party, ours: Sequence[OrderRow]) -> None:
    endpoint = scope.config.endpoints[party.id]
    with reconcile_unread.reading(endpoint, "The orders"):
        client = clients.telling(endpoint)
        said = list(client.orders(since=scope.at - scope.definition.window))
    placed = {row.number: row for row in ours}
    heads = [_head(scope, party, one, placed) for one in said]
    kept = [one for one in heads if one is not None]
    tallies = _tallies(kept, said, party)
    hub = Orders("hub", tally(_of(party, ours)), lambda hours: ())
    there = Orders(_side(party), tallies, lambda hours: ())
    left, right = (there, hub) if party.role == "channel" else (hub, there)
    hours = set(differing_hours(left, right, definition=scope.definition, at=scope.at, cent=CENT))
    wanted = [row.remote_id for row in kept if hour_of(row.placed_at) in hours]
    with reconcile_unread.reading(endpoint, "The lines of orders"):
        lines = client.order_lines(wanted) if wanted else {}
    rows = [
        _with_lines(row, _lines(scope, party, row, lines.get(row.remote_id)), placed)
        for row in kept
    ]
    _keep(scope, f"at_{party.slug}", rows, head={"hours": _hours(tallies)})


def _head(
    scope: Scope, party: Party, said: OrderSaid, placed: Mapping[str, OrderRow]
) -> OrderRow | None:
    """An order that a system names. One that only an ERP has, which tells no time, is taken to be new."""
    known = placed.get(said.number)
    at = said.placed_at or (known.placed_at if known else None)
    if at is None:
        at = scope.at - scope.definition.settle - _MINUTES
    channel = party.slug if party.role == "channel" else known.channel if known else ""
    named = {"of": f"order {said.number}", "side": party.label}
    total = None if said.total is None else reconcile_said.money(said.total, **named)
    return OrderRow(channel, said.number, at, said.status, total, (), said.remote_id)


def _tallies(
    rows: Sequence[OrderRow], said: Sequence[OrderSaid], party: Party
) -> dict[datetime, HourTally]:
    told = {one.remote_id: one.pieces or "0" for one in said}
    counted = []
    for row in rows:
        named = {"of": f"order {row.number}", "side": party.label}
        pieces = reconcile_said.quantity(told[row.remote_id], **named)
        counted.append(row._replace(lines=(OrderLine("", "", pieces),)))
    return tally(counted)


def _with_lines(row: OrderRow, said: Lines | None, placed: Mapping[str, OrderRow]) -> OrderRow:
    """An order that went between the two questions is taken to have had the lines we know."""
    if said is not None:
        return row._replace(lines=said)
    known = placed.get(row.number)
    return row._replace(lines=known.lines) if known else row


def _lines(
    scope: Scope, party: Party, row: OrderRow, said: Iterable[LineSaid] | None
) -> Lines | None:
    if said is None:
        return None
    found = []
    for one in said:
        of = f"{one.item} in order {row.number}"
        quantity = reconcile_said.quantity(one.quantity, of=of, side=party.label)
        sku = scope.sku_of(one.item, scope.config.endpoints[party.id])
        found.append(OrderLine(one.line_no, sku, quantity))
    return tuple(found)


def _of(party: Party, rows: Iterable[OrderRow]) -> list[OrderRow]:
    """Those of the hub's orders that the party should have."""
    return [row for row in rows if party.role != "channel" or row.channel == party.slug]


def _side(party: Party) -> OrderSide:
    return "channel" if party.role == "channel" else "erp"


def _hours(tallies: Mapping[datetime, HourTally]) -> list[list[Any]]:
    return [
        [hour.isoformat(), one.orders, None if one.total is None else str(one.total),
         None if one.pieces is None else text(one.pieces), one.open]
        for hour, one in tallies.items()
    ]  # fmt: skip


def _keep(
    scope: Scope, name: str, rows: Iterable[OrderRow], *, head: dict[str, Any] | None = None
) -> None:
    reconcile_store.keep(scope.run, Said(name, [written(row) for row in rows], head=head))


def _kits_of(scope: Scope) -> dict[str, tuple[tuple[str, Any], ...]]:
    return {
        item.sku: tuple((str(one["sku"]), amount(str(one["quantity"]))) for one in item.components)
        for item in recon_levels.items(scope.customer_id)
        if item.components
    }


def compared(scope: Scope) -> Comparison:
    """Every pair of neighbours, from what was kept."""
    kept = reconcile_store.of(scope.run)
    known = reconcile_history.keep(scope)
    ours = [read_row(row) for row in reconcile_store.rows(kept["hub"])]
    kits: Kits = {
        sku: tuple((one, amount(each)) for one, each in parts)
        for sku, parts in reconcile_store.rows(kept["kits"])
    }
    entries, hours = [], set[datetime]()
    for party, left, right in _pairs(scope, ours, kits):
        found = compare_orders(scope.definition, left, right, at=scope.at, kits=kits)
        hours.update(found.hours)
        entries += [
            reconcile_history.judged(scope, _entry(scope, party, one), known)
            for one in found.breaks
        ]
    counts: dict[str, int] = {"match": len(ours) - len({one.subject for one in entries})}
    for entry in entries:
        counts[entry.state] = counts.get(entry.state, 0) + 1
    figures = reconcile_figures.of_entries(entries, compared=len(ours), hours=len(hours))
    return Comparison(entries, counts, figures)


def _pairs(
    scope: Scope, ours: list[OrderRow], kits: Kits
) -> Iterator[tuple[Party, Orders, Orders]]:
    kept = reconcile_store.of(scope.run)
    for party in (*scope.parties("channel"), *scope.parties("erp")):
        stored = kept.get(f"at_{party.slug}")
        if stored is None:
            continue
        rows = [read_row(row) for row in reconcile_store.rows(stored)]
        hours = {
            datetime.fromisoformat(at): HourTally(
                n,
                None if total is None else Decimal(total),
                None if q is None else amount(q),
                open_,
            )
            for at, n, total, q, open_ in stored.head["hours"]
        }
        there = Orders(_side(party), hours, _reader(rows))
        mine = _of(party, ours)
        hub = Orders("hub", tally(mine), _reader(mine))
        yield (party, there, hub) if party.role == "channel" else (party, hub, there)
    warehouses = scope.parties("warehouse")
    if warehouses:
        rows = [read_row(row) for row in reconcile_store.rows(kept["warehouses"])]
        hub = Orders("hub", tally(ours, kits), _reader(ours))
        yield warehouses[0], hub, Orders("warehouse", tally(rows), _reader(rows))


def _reader(rows: Sequence[OrderRow]) -> Callable[[Sequence[datetime]], list[OrderRow]]:
    by_hour: dict[datetime, list[OrderRow]] = {}
    for row in rows:
        by_hour.setdefault(hour_of(row.placed_at), []).append(row)
    return lambda hours: [row for hour in hours for row in by_hour.get(hour, ())]


def _entry(scope: Scope, party: Party, one: OrderBreak) -> Entry:
    code = _CODES.get(one.code, "order_differs")
    told, cause = _WORDS.get(code, (one.code, one.sentence))
    return Entry(
        key=f"order|{party.slug}|{one.code}|{one.channel}|{one.number}|{one.line_no}|{one.sku}",
        state=one.code,
        code=code,
        endpoint_id=_about(scope, party, one),
        gap=f"{one.left} ≠ {one.right}"[:130],
        sentence=one.sentence,
        sku=one.sku,
        subject=one.number,
        line_no=one.line_no,
        left=one.left,
        right=one.right,
        causes=[_cause(one, told, cause)],
        detail={"remote_id": one.remote_id, "channel": one.channel},
        evidence=_evidence(one),
    )


def _about(scope: Scope, party: Party, one: OrderBreak) -> int:
    """Whose order it is where it never came, else whose copy is wrong."""
    if one.code == "missed_order":
        return next((p.id for p in scope.parties("channel") if p.slug == one.channel), party.id)
    return party.id


def _cause(one: OrderBreak, code: str, sentence: str) -> dict[str, Any]:
    if one.code != "dropped_line":
        return {"code": code, "sentence": sentence, "confidence": 0.8, "evidence": []}
    evidence = [["Line", f"{one.line_no}: {one.left} {one.sku}"], ["At the warehouse", one.right]]
    return {
        "code": "dropped_line",
        "sentence": one.sentence,
        "confidence": 0.95,
        "evidence": evidence,
    }


def _evidence(one: OrderBreak) -> list[tuple[str, str]]:
    found = [("Order", one.number), ("Differs", one.sentence)]
    if one.placed_at:
        found.append(("Placed", f"{one.placed_at:%d %b %H:%M} UTC"))
    return found
