"""The warehouses an order could go to, with what speaks for and against each."""

from collections.abc import Iterable
from decimal import Decimal
from typing import NamedTuple

from integrations.domain import configuration, stock
from integrations.models import Record, RouteDecision

_COMPLETE = "has all of it"


class SiteOption(NamedTuple):
    """`note` says whether the site could ship the order; `current`: the order goes there now."""

    site: str
    label: str
    note: str
    current: bool


def options(order: Record) -> list[SiteOption]:
    """Every warehouse a routed flow of the order's source leads to, those that have all of it first."""
    config = configuration.of(order.customer_id)
    flows = [f for f in config.flows_from(order.source_id or 0, "order") if f.routed]
    targets = [config.endpoints[flow.target_id] for flow in flows]
    lines = order.body["lines"]
    free = stock.free_stock(order.customer_id, {line["sku"] for line in lines})
    known = stock.sites_with_stock(order.customer_id, {t.site for t in targets})
    latest = RouteDecision.objects.filter(record=order).order_by("-pk").first()
    found = [
        SiteOption(
            target.site,
            target.label,
            _note(target.site, lines, free, active=target.active, known=target.site in known),
            latest is not None and latest.chosen == target.site,
        )
        for target in targets
        if target.site
    ]
    return sorted(found, key=lambda option: (option.note != _COMPLETE, option.site))


def _note(
    site: str,
    lines: Iterable[dict],
    free: dict[tuple[str, str], Decimal],
    *,
    active: bool,
    known: bool,
) -> str:
    if not active:
        return "paused"
    if not known:
        return "stock not known"
    for line in lines:
        have = free.get((site, line["sku"]), Decimal(0))
        if have < Decimal(line["quantity"]):
            return f"{line['sku']} needs {line['quantity']}, has {have.normalize():f}"
    return _COMPLETE
