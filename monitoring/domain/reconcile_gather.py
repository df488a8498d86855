"""Step by step, what a stock comparison is made from is gathered and kept."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Final

from integrations.domain.hub import moment as hub_moment
from monitoring.domain import reconcile_sides, reconcile_store, reconcile_values
from monitoring.domain.reconcile_scope import CHANNEL, ERP, PUBLISHED, WAREHOUSE, Scope
from monitoring.domain.reconcile_sides import Stock
from monitoring.domain.reconcile_store import Said
from monitoring.models import ReconRun, ReconSnapshot
from monitoring.queries import recon_levels, recon_movements
from monitoring.queries.recon_levels import HubItem
from monitoring.queries.recon_movements import HubMovement
from monitoring.reconcile import ALL, Item, Level, Movement, Snapshot, amount, cut_off, text
from monitoring.reconcile.amounts import worth
from monitoring.reconcile.classes import by_value

MOVED_WITHIN: Final = timedelta(days=35)
SOLD_WITHIN: Final = timedelta(days=3)
_WEIGHED: Final = frozenset({"KGM", "KG", "GRM", "LBR", "LB", "OZ", "LTR", "LT", "MTR", "GA", "FT"})


def left(scope: Scope) -> None:
    """What the ERP has at the sites that are compared."""
    stock = reconcile_sides.joined(
        reconcile_sides.stock_of(scope, side) for side in scope.sides("erp")
    )
    _keep_side(scope, "left", ERP, stock)


def right(scope: Scope) -> None:
    """What the warehouses count, and what is free there."""
    stock = reconcile_sides.joined(
        reconcile_sides.stock_of(scope, side) for side in scope.sides("warehouse")
    )
    _keep_side(scope, "right", WAREHOUSE, stock)
    free: dict[str, Fraction] = defaultdict(Fraction)
    for sku, quantity in stock.free:
        free[sku] += max(amount(quantity), 0)
    rows = [[sku, text(free[sku])] for sku in sorted(free)]
    reconcile_store.keep(scope.run, Said("free", rows, as_of=stock.as_of, sku_at=0))


def channels(scope: Scope) -> None:
    """What each channel was told of stock, and what it shows."""
    told: list[Level] = []
    shown: list[Level] = []
    for side in scope.sides("channel"):
        endpoint = scope.endpoint(side)
        for one in recon_levels.published(scope.customer_id, endpoint.id):
            sku = scope.item_of(one.sku)
            told.append(Level(side.endpoint, sku, ALL, ALL, "", one.quantity, one.at))
        for level in reconcile_sides.stock_of(scope, side).levels:
            shown.append(level._replace(location=side.endpoint))
    known = {(level.location, level.sku) for level in told}
    _keep_offered(scope, [one for one in shown if (one.location, one.sku) not in known])
    # A channel sells more than what we keep for it: only what it was told can be wrong.
    shown = [level for level in shown if (level.location, level.sku) in known]
    _keep_side(scope, "told", PUBLISHED, Stock(told, scope.at, True, "as published last", []))
    _keep_side(scope, "shown", CHANNEL, Stock(shown, scope.at, True, "as the channels show it", []))


def _keep_offered(scope: Scope, untold: Iterable[Level]) -> None:
    """What channels show and were never told of, as far as the ERP or a warehouse has the item."""
    kept = reconcile_store.of(scope.run)
    stocked = {row[1] for side in ("left", "right") for row in reconcile_store.rows(kept[side])}
    rows = [reconcile_values.level(level) for level in untold if level.sku in stocked]
    reconcile_store.keep(scope.run, Said("offered", rows, sku_at=1))


def facts(scope: Scope) -> None:
    """What moved, what was sold, what items are."""
    kept = reconcile_store.of(scope.run)
    moved = [reconcile_values.movement(one) for one in _movements(scope)]
    reconcile_store.keep(scope.run, Said("movements", moved, sku_at=1))
    sold = [reconcile_values.movement(one) for one in _sales(scope)]
    reconcile_store.keep(scope.run, Said("sales", sold, sku_at=1))
    items = _items(scope, reconcile_store.rows(kept["left"]))
    rows = [reconcile_values.item(sku, items[sku]) for sku in sorted(items)]
    reconcile_store.keep(scope.run, Said("items", rows, sku_at=0))


def _keep_side(scope: Scope, name: str, side: str, stock: Stock) -> None:
    before = _rows_before(scope.run, name)
    whole = Snapshot(side, stock.source, stock.as_of, stock.levels, stock.full, yesterday=before)
    head = {"side": side, "full": stock.full, "yesterday": before}
    if name in ("left", "right"):
        head["cut_off"] = cut_off(whole)
    rows = [reconcile_values.level(level) for level in stock.levels]
    said = Said(name, rows, stock.source, stock.as_of, head, sku_at=1)
    reconcile_store.keep(scope.run, said)


def _rows_before(run: ReconRun, name: str) -> int | None:
    """How many rows the side had in the last run that compared it."""
    found = ReconSnapshot.objects.filter(
        run__reconciliation_id=run.reconciliation_id,
        run__state=ReconRun.State.DONE,
        run__lt=run.pk,
        name=name,
    )
    last = found.order_by("-run_id").values_list("rows", flat=True).first()
    return last or None


def _movements(scope: Scope) -> Iterator[Movement]:
    erps = scope.endpoints("erp")
    found = recon_movements.movements(
        scope.customer_id,
        sites=scope.sites,
        since=scope.at - MOVED_WITHIN,
        erp_id=erps[0].id if erps else None,
    )
    by_way = _kinds_on_a_way_to(scope)
    for one in found:
        for moved in lines(one, is_sent=one.kind in by_way):
            yield moved._replace(sku=scope.item_of(moved.sku))


def _kinds_on_a_way_to(scope: Scope) -> set[str]:
    """The kinds of movement that a flow brings to the ERP. All others it is taken to book by itself."""
    targets = {endpoint.id for endpoint in scope.endpoints("erp")}
    return {flow.object_type for flow in scope.config.flows if flow.target_id in targets}


def lines(one: HubMovement, *, is_sent: bool) -> Iterator[Movement]:
    """What a document moved, line by line. `is_sent`: a flow brings its kind to the ERP."""
    at = hub_moment(one.said_at) if "T" in one.said_at else None
    when = min(at or one.told_at, one.told_at)
    posted = {WAREHOUSE: when}
    booked = one.booked_at if is_sent else when
    if booked is not None:
        posted[ERP] = booked
    for line in one.lines:
        quantity, kind = _effect(one.kind, line)
        if quantity != "0":
            yield Movement(
                one.site,
                str(line.get("sku")),
                str(line.get("lot") or ALL),
                ALL,
                str(line.get("uom") or ""),
                quantity,
                when,
                kind,
                one.number,
                one.order,
                posted,
            )


def _effect(kind: str, line: dict[str, str]) -> tuple[str, str]:
    """What a line does to the stock, and what to call that."""
    if kind == "shipment":
        return text(-amount(str(line.get("shipped") or "0"))), "ship"
    if kind == "receipt":
        return text(amount(str(line.get("received") or "0"))), "receive"
    return text(amount(str(line.get("delta") or "0"))), "adjust"


def _sales(scope: Scope) -> Iterator[Movement]:
    for endpoint in scope.endpoints("channel"):
        since = scope.at - SOLD_WITHIN
        for sale in recon_movements.sales(scope.customer_id, endpoint.id, since=since):
            posted: dict[str, datetime] = {CHANNEL: sale.placed_at, PUBLISHED: sale.known_at}
            quantity = text(-amount(sale.quantity))
            yield Movement(
                endpoint.slug, scope.item_of(sale.sku), ALL, ALL, "", quantity, sale.placed_at, "sale",
                sale.number, sale.number, posted,
            )  # fmt: skip


def as_item(one: HubItem) -> Item:
    """A product as the engine takes it."""
    return Item(
        base=one.base_uom or "EA",
        units={str(unit["uom"]): Fraction(str(unit["factor"])) for unit in one.units},
        weighed=one.base_uom in _WEIGHED,
        value=Decimal(one.price),
    )


def _items(scope: Scope, levels: Iterable[list[str]]) -> dict[str, Item]:
    """Every product, with its class by what the ERP has of it."""
    found = {one.sku: as_item(one) for one in recon_levels.items(scope.customer_id)}
    values: dict[str, Decimal] = defaultdict(Decimal)
    for level in levels:
        item = found.get(level[1])
        if item is not None:
            values[level[1]] += worth(amount(level[5]), item.value)
    classes = by_value(values)
    return {sku: item._replace(item_class=classes.get(sku, "")) for sku, item in found.items()}
