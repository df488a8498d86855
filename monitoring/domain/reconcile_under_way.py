"""Whether documents explain a gap of stock by now, so that an adjustment would book it a second time."""

from collections.abc import Iterator, Sequence
from typing import Final

from integrations.models import Endpoint
from monitoring.domain import reconcile_gather, reconcile_second
from monitoring.domain.reconcile_adjusting import lot_of
from monitoring.domain.states import NotNowError
from monitoring.models import Break
from monitoring.queries import recon_levels, recon_movements
from monitoring.reconcile import ALL, Item, Movement, amount
from monitoring.reconcile.amounts import Amount, plain
from monitoring.reconcile.levels import NOBODY, factor
from monitoring.reconcile.rolling import Moved, explains

_MOST_NAMED: Final = 3
_KINDS: Final = {"ship": "Shipment", "receive": "Receipt", "adjust": "Adjustment"}
_WAIT: Final = "Compare again, and see what is left."


def refuse(one: Break) -> None:
    """NotNowError when the last run did not find the gap, found what is under way to be just it, or when
    documents came since then that tell of an earlier movement or are together just the gap."""
    if one.runs == 0:
        text = f"The last run found no difference any more. {_WAIT}"
        raise NotNowError(text)
    if one.under_way:
        text = f"The last run found documents under way that explain this gap. {_WAIT}"
        raise NotNowError(text)
    came = list(_came_since(one))
    late = [found for found in came if found.movement.at <= one.last_seen]
    if late or explains(amount(one.gap), came):
        text = f"{_named(late or came)} came after the run that found this, and may be all of it. {_WAIT}"
        raise NotNowError(text)


def _came_since(one: Break) -> Iterator[Moved]:
    """What documents of its item moved at its place, of those that came since the run looked."""
    found = recon_movements.movements(
        one.customer_id, sites=_sites(one), since=one.last_seen, erp_id=None, skus=[one.sku]
    )
    known = next(recon_levels.items(one.customer_id, one.sku), None)
    item = reconcile_gather.as_item(known) if known else NOBODY
    for document in found:
        for movement in reconcile_gather.lines(document, is_sent=False):
            if movement.sku == one.sku and _is_of_lot(movement, one):
                yield Moved(movement, _effect(movement, item))


def _effect(movement: Movement, item: Item) -> Amount | None:
    per_unit = factor(item, movement.uom)
    return None if per_unit is None else plain(amount(movement.quantity) * per_unit)


def _is_of_lot(movement: Movement, one: Break) -> bool:
    return ALL in (lot_of(one), movement.lot) or movement.lot == lot_of(one)


def _sites(one: Break) -> list[str]:
    if one.location != ALL:
        return [one.location]
    slugs = [s.endpoint for s in reconcile_second.definition_of(one).sides if s.role == "warehouse"]
    found = Endpoint.objects.filter(customer_id=one.customer_id, slug__in=slugs).exclude(site="")
    return sorted(set(found.values_list("site", flat=True)))


def _named(moved: Sequence[Moved]) -> str:
    names = [f"{_KINDS[found.movement.kind]} {found.movement.reference}" for found in moved]
    named = sorted(dict.fromkeys(names))
    more = f" and {len(named) - _MOST_NAMED} more" if len(named) > _MOST_NAMED else ""
    return ", ".join(named[:_MOST_NAMED]) + more
