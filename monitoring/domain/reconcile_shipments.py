"""The way of each order line after it was released: the first step that is missing, and what differs."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any, Final, cast

from monitoring.domain import (
    reconcile_figures,
    reconcile_history,
    reconcile_store,
    reconcile_values,
)
from monitoring.domain.reconcile_comparison import Comparison
from monitoring.domain.reconcile_entry import Entry
from monitoring.domain.reconcile_scope import Scope
from monitoring.domain.reconcile_store import Said
from monitoring.queries import recon_orders
from monitoring.queries.recon_orders import HubOrder
from monitoring.reconcile.milestones import (
    LineTrail,
    MissingStep,
    Report,
    Step,
    first_missing,
    repeated,
    reused_tracking,
)

_OVER: Final = frozenset({"cancelled", "cancel_requested", "on_hold", "closed"})
_FOLLOWED: Final = timedelta(days=14)
_OUR_STEPS: Final = ("erp_posted", "channel_told")
# What a retry by us may mend; the others are the warehouse's to take.
_WHO: Final[Mapping[str, str]] = {
    "sent": "warehouse",
    "acknowledged": "warehouse",
    "shipped": "warehouse",
    "erp_posted": "erp",
    "channel_told": "channel",
}


def gather(scope: Scope) -> None:
    """Lines of orders with when each step of theirs happened, and the shipments that were reported."""
    since = scope.at - min(scope.definition.window, _FOLLOWED)
    channels = [party.id for party in scope.parties("channel")]
    warehouses = [party.id for party in scope.parties("warehouse")]
    found = [
        one
        for one in recon_orders.orders(
            scope.customer_id, sources=channels, warehouses=warehouses, since=since
        )
        if one.state not in _OVER
    ]
    rows = [row for one, told in _with_told(found) for row in _lines(scope, one, told)]
    reconcile_store.keep(scope.run, Said("trails", rows))
    reports = recon_orders.reports(scope.customer_id, since=since)
    kept = [[*report[:3], report[3].hex(), reconcile_values.moment(report[4]), list(report[5])]
            for report in reports]  # fmt: skip
    reconcile_store.keep(scope.run, Said("reports", kept))


def _with_told(orders: list[HubOrder]) -> Iterator[tuple[HubOrder, dict[str, dict[int, datetime]]]]:
    """Each order with, by shipment, when which endpoint was told of it."""
    ids = [shipment["id"] for one in orders for shipment in one.shipments]
    by_record: dict[str, dict[int, datetime]] = {}
    for told in recon_orders.told(ids):
        by_record.setdefault(str(told.record_id), {})[told.endpoint_id] = told.at
    for one in orders:
        yield one, {shipment["id"]: by_record.get(shipment["id"], {}) for shipment in one.shipments}


def _lines(
    scope: Scope, one: HubOrder, told: Mapping[str, Mapping[int, datetime]]
) -> Iterator[list[Any]]:
    steps = _steps(scope, one)
    for number, line in enumerate(one.lines, 1):
        happened = _happened(scope, one, str(line["sku"]), told)
        when = {step: reconcile_values.moment(at) for step, at in happened.items()}
        yield [
            one.number, str(line.get("line_no") or number), str(line["sku"]),
            reconcile_values.moment(one.came_at), steps, when,
        ]  # fmt: skip


def _steps(scope: Scope, one: HubOrder) -> list[str]:
    """The steps somebody tells us of: an acknowledgement only comes from partners that send one."""
    flows = {(flow.object_type, flow.target_id) for flow in scope.config.flows}
    found = ["sent", "shipped"]
    warehouse = scope.config.endpoints.get(one.warehouse_id or 0)
    if warehouse and "envelope" in warehouse.connector.manifest.capabilities:
        found.insert(1, "acknowledged")
    for role, step in (("erp", "erp_posted"), ("channel", "channel_told")):
        if any(("shipment", party.id) in flows for party in scope.parties(role)):
            found.append(step)
    return found


def _happened(
    scope: Scope, one: HubOrder, sku: str, told: Mapping[str, Mapping[int, datetime]]
) -> dict[str, datetime]:
    found: dict[str, datetime] = {}
    if one.sent_at:
        found["sent"] = one.sent_at
    if one.acknowledged_at:
        found["acknowledged"] = one.acknowledged_at
    for shipment in one.shipments:
        named = {str(line.get("substitute_for") or line["sku"]) for line in shipment["lines"]}
        # Where the warehouse numbers bundles otherwise, any of its reports is about the line.
        if sku not in named and len(one.shipments) > 1:
            continue
        at = datetime.fromisoformat(shipment["told_at"])
        found["shipped"] = min(at, found.get("shipped", at))
        for role, step in (("erp", "erp_posted"), ("channel", "channel_told")):
            when = [told[shipment["id"]].get(party.id) for party in scope.parties(role)]
            for moment in filter(None, when):
                found[step] = min(moment, found.get(step, moment))
    return found


def compared(scope: Scope) -> Comparison:
    """From the kept trails and reports."""
    kept = reconcile_store.of(scope.run)
    known = reconcile_history.keep(scope)
    trails = [_trail(row) for row in reconcile_store.rows(kept["trails"])]
    reports = [_report(row) for row in reconcile_store.rows(kept["reports"])]
    entries = [*_missing(scope, trails), *_reused(scope, reports)]
    judged = [reconcile_history.judged(scope, entry, known) for entry in entries]
    orders = len({trail.order for trail in trails})
    again = repeated(reports)
    counts = {
        "match": orders - len({entry.subject for entry in entries}),
        "copies": sum(one.copies for one in again),
        "versions": sum(one.versions - 1 for one in again),
    }
    for entry in entries:
        counts[entry.state] = counts.get(entry.state, 0) + 1
    return Comparison(judged, counts, reconcile_figures.of_entries(entries, compared=orders))


def _trail(row: list[Any]) -> LineTrail:
    order, line_no, sku, released, steps, happened = row
    when = {cast(Step, step): datetime.fromisoformat(at) for step, at in happened.items()}
    return LineTrail(order, line_no, sku, datetime.fromisoformat(released), tuple(steps), when)


def _report(row: list[Any]) -> Report:
    site, shipment, order, content, at, tracking = row
    when = datetime.fromisoformat(at)
    return Report(site, shipment, order, bytes.fromhex(content), when, tuple(tracking))


def _missing(scope: Scope, trails: list[LineTrail]) -> Iterator[Entry]:
    """One for each order and step, about its first line."""
    seen = set()
    for one in first_missing(trails, at=scope.at):
        if (one.order, one.step) not in seen:
            seen.add((one.order, one.step))
            yield _step_entry(scope, one)


def _step_entry(scope: Scope, one: MissingStep) -> Entry:
    parties = scope.parties(_WHO.get(one.step, "warehouse")) or scope.parties("warehouse")
    who = "us" if one.step in _OUR_STEPS else parties[0].label
    return Entry(
        key=f"step|{one.order}|{one.step}",
        state="step_missing",
        code="step_missing",
        endpoint_id=parties[0].id,
        gap=one.step,
        sentence=one.sentence,
        sku=one.sku,
        subject=one.order,
        line_no=one.line_no,
        right=one.step.replace("_", " "),
        note=one.sentence,
        evidence=[("First missing step", one.sentence), ("Waits for", who)],
    )


def _reused(scope: Scope, reports: list[Report]) -> Iterator[Entry]:
    for one in reused_tracking(reports):
        orders = " and ".join(one.orders[:4])
        yield Entry(
            key=f"tracking|{one.tracking}",
            state="tracking_reused",
            code="shipment_differs",
            endpoint_id=scope.warehouse_at("").id,
            gap=orders[:130],
            sentence=f"Tracking number {one.tracking} is on orders {orders}.",
            subject=one.orders[0],
            left=one.tracking[:60],
            evidence=[("Tracking number", one.tracking), ("Orders", orders)],
        )
