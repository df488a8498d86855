"""Orders whose quantities could be the gaps of a run."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any, Final

from monitoring.domain import reconcile_figures, reconcile_store, reconcile_values
from monitoring.domain.reconcile_scope import Scope
from monitoring.domain.reconcile_store import Said
from monitoring.queries import recon_movements
from monitoring.reconcile import Judged, Suspect, amount, text

_MOST_SUSPECTED: Final = 2_000  # items; those with the largest gaps by value


def of(scope: Scope, judged: Sequence[Judged]) -> dict[tuple[str, str], list[Suspect]]:
    """The orders whose quantities could be the gaps, kept with the run when it is made."""
    stored = reconcile_store.of(scope.run).get("suspects")
    if stored is None:
        rows = list(_suspect_rows(scope, judged))
        stored = reconcile_store.keep(scope.run, Said("suspects", rows, sku_at=1))
    found: dict[tuple[str, str], list[Suspect]] = defaultdict(list)
    for location, sku, order, quantity, at, shipment, reports, postings in reconcile_store.rows(
        stored
    ):
        when = reconcile_values.read_moment(at) or scope.at
        suspect = Suspect(order, amount(quantity), when, shipment, reports, postings)
        found[location, sku].append(suspect)
    return found


def _suspect_rows(scope: Scope, judged: Sequence[Judged]) -> Iterator[list[Any]]:
    worst = sorted(judged, key=lambda one: (-one.row.value, one.row.key))[:_MOST_SUSPECTED]
    skus = sorted({one.row.key.sku for one in worst})
    if not skus:
        return
    for one in recon_movements.sent_and_not_reported(scope.customer_id, skus):
        at = reconcile_values.moment(one.at)
        yield [one.site, one.sku, one.order, text(amount(one.quantity)), at, "", 0, None]
    erps = scope.endpoints("erp")
    for told in recon_movements.movements(
        scope.customer_id,
        sites=scope.sites,
        since=scope.at - reconcile_figures.SUSPECTED_WITHIN,
        erp_id=erps[0].id if erps else None,
        skus=skus,
        kinds=("shipment",),
    ):
        at = reconcile_values.moment(told.told_at)
        for line in told.lines:
            if line.get("sku") in skus:
                quantity = text(amount(str(line.get("shipped") or "0")))
                yield [
                    told.site, line["sku"], told.order, quantity, at, told.number, told.reports,
                    told.bookings,
                ]  # fmt: skip
