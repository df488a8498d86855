"""What the sides of a stock comparison say: asked live, read from a stored report, or from the hub."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any, Final, NamedTuple

from integrations.connectors.snapshot import LevelSaid
from integrations.domain import clients
from integrations.domain.configuration import EndpointConfig
from integrations.domain.hub import moment as hub_moment
from integrations.domain.translate import Translator
from integrations.mapping import MISSING
from monitoring.domain import reconcile_said, reconcile_unread
from monitoring.domain.reconcile_scope import RefusedError, Scope
from monitoring.queries import recon_levels
from monitoring.queries.recon_levels import HubLevel, Report
from monitoring.reconcile import ALL, Level, Side
from portal.core import clock

_LOOKED_BACK: Final = 40  # stock reports; most are changes, and one a night is whole


class Stock(NamedTuple):
    """What one endpoint says. `free`: SKU and what can be sold of it, as decimal text."""

    levels: list[Level]
    as_of: datetime
    full: bool
    source: str
    free: list[tuple[str, str]]


def stock_of(scope: Scope, side: Side) -> Stock:
    """The stock of a side. RefusedError for a source that gives none, UnreadError where it does not
    answer."""
    endpoint = scope.endpoint(side)
    way = _WAYS.get(side.source)
    if way is None:
        text = f"{endpoint.label} has no stock by way of {side.source}. Choose another way."
        raise RefusedError(text)
    found = way(scope, endpoint)
    for one in found.levels:
        reconcile_said.quantity(one.quantity, of=one.sku, side=endpoint.label)
    for sku, free in found.free:
        reconcile_said.quantity(free, of=sku, side=endpoint.label)
    return found


def _live(scope: Scope, endpoint: EndpointConfig) -> Stock:
    at = clock.now()
    with reconcile_unread.reading(endpoint, "The stock"):
        said = list(clients.telling(endpoint).levels())
    levels = [_level(scope, endpoint, one) for one in said if _is_ours(scope, one)]
    return Stock(levels, at, True, f"{endpoint.label}, asked at {at:%d %b %H:%M} UTC", [])


def _is_ours(scope: Scope, said: LevelSaid) -> bool:
    return not said.location or not scope.sites or said.location in scope.sites


def _level(scope: Scope, endpoint: EndpointConfig, said: LevelSaid) -> Level:
    sku = scope.sku_of(said.item, endpoint)
    return Level(said.location or ALL, sku, said.lot or ALL, ALL, said.uom, said.quantity)


def _in_hub(scope: Scope, endpoint: EndpointConfig) -> Stock:
    found = _under_items(scope, recon_levels.levels(scope.customer_id, endpoint.id))
    if not found:
        raise RefusedError(
            f"{endpoint.label} has reported no stock yet. Wait for its first report."
        )
    levels = [
        Level(one.site, one.sku, one.lot, ALL, one.uom, one.on_hand, hub_moment(one.as_of))
        for one in found
    ]
    newest = max(level.at for level in levels if level.at)
    free = [(one.sku, one.available) for one in found]
    return Stock(levels, newest, True, f"{endpoint.label}, as it reported last", free)


def _under_items(scope: Scope, levels: Iterable[HubLevel]) -> list[HubLevel]:
    """The levels under the items they are of. What came under a code before its crosswalk row stays in the
    hub for ever: once its item was reported at the place itself, that is newer and holds."""
    found = [(one, scope.item_of(one.sku)) for one in levels]
    own: dict[tuple[str, str], str] = {}
    for one, item in found:
        if one.sku == item:
            before = own.get((one.site, item), "")
            own[one.site, item] = before if _is_before(one.as_of, before) else one.as_of
    return [
        one._replace(sku=item)
        for one, item in found
        if one.sku == item or not _is_before(one.as_of, own.get((one.site, item), ""))
    ]


def _is_before(first: str, second: str) -> bool:
    earlier, later = hub_moment(first), hub_moment(second)
    return earlier is not None and later is not None and earlier < later


def _reported(scope: Scope, endpoint: EndpointConfig) -> Stock:
    """The last whole report the endpoint sent. Changes since then prove nothing of what they leave out."""
    for report in recon_levels.stock_reports(endpoint.id, most=_LOOKED_BACK):
        bodies = list(_bodies(scope, endpoint, report))
        if bodies and bodies[0].get("full_report"):
            return _of_bodies(endpoint, bodies, report)
    raise RefusedError(
        f"{endpoint.label} has sent no full stock report lately, and changes cannot prove zero."
        " Ask for a full one, or say in its settings that its reports are full."
    )


def _of_bodies(endpoint: EndpointConfig, bodies: list[dict[str, Any]], report: Report) -> Stock:
    levels = [
        Level(
            str(body.get("site") or ALL),
            str(body["sku"]),
            str(body.get("lot") or ALL),
            ALL,
            str(body.get("uom") or ""),
            str(body["on_hand"]),
        )
        for body in bodies
    ]
    as_of = hub_moment(bodies[0].get("as_of")) or report.received_at
    free = [(str(body["sku"]), str(body.get("available", body["on_hand"]))) for body in bodies]
    return Stock(
        levels, as_of, True, f"{endpoint.label}, full report of {as_of:%d %b %H:%M} UTC", free
    )


def _bodies(scope: Scope, endpoint: EndpointConfig, report: Report) -> Iterator[dict[str, Any]]:
    """The lines of a report, translated. A code that no crosswalk knows stays as it came: such a line
    was held when the report arrived, and here it shows which item has no name."""
    native = endpoint.connector.mapper.read(
        "inventory", report.topic, report.body, endpoint.connection
    )
    mapped = scope.config.mapping(endpoint.id, "inventory", "in")
    if mapped is None:
        raise RefusedError(f"{endpoint.label} has no mapping for stock reports. Make one first.")
    translator = Translator(scope.config)
    context = {
        "endpoint": endpoint.slug,
        "site": endpoint.site,
        "settings": dict(endpoint.connection.settings),
    }
    for document in native.documents:
        outcome = mapped.compiled.run(
            document,
            lookup=lambda table, code: _or_itself(translator.lookup(table, code), code),
            binding=lambda kind, remote: translator.bound(endpoint.id, kind, remote),
            context=context,
        )
        if outcome.body and outcome.body.get("sku") and "on_hand" in outcome.body:
            yield {**outcome.body, "sku": scope.item_of(str(outcome.body["sku"]))}


_WAYS: Final[Mapping[str, Callable[[Scope, EndpointConfig], Stock]]] = {
    "live": _live,
    "document": _reported,
    "hub": _in_hub,
}


def _or_itself(found: Any, code: Any) -> Any:
    return code if found is MISSING else found


def joined(stocks: Iterable[Stock]) -> Stock:
    """Several endpoints as one side; each row keeps the moment it is of."""
    found = list(stocks)
    if len(found) == 1:
        return found[0]
    levels = [
        level if level.at else level._replace(at=one.as_of) for one in found for level in one.levels
    ]
    return Stock(
        levels,
        max(one.as_of for one in found),
        all(one.full for one in found),
        "; ".join(one.source for one in found),
        [pair for one in found for pair in one.free],
    )
