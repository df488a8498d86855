"""From run to run: the breaks that open, change and close, each with its case."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Final

from monitoring.domain import findings, reconcile_beside, reconcile_values
from monitoring.domain.findings import Finding
from monitoring.domain.reconcile_comparison import Comparison
from monitoring.domain.reconcile_entry import Entry, fingerprint
from monitoring.domain.reconcile_evidence import lines
from monitoring.domain.reconcile_scope import Scope
from monitoring.models import Break, ExceptionCase, ReconRow
from monitoring.reconcile.agreeing import LONGEST_TRAIL

MOST_ROWS: Final = 50_000
IN_ORDER: Final = "0"  # in a trail: a light run looked at it and found no difference
_BATCH: Final = 1_000
_IN_FLIGHT: Final = "in_flight"
Status = Break.Status
_KEPT: Final = (
    "status", "code", "state", "left", "right", "gap", "value", "sentence", "cause", "causes",
    "movements", "detail", "trail", "runs", "is_back", "first_run", "first_seen", "seen_runs",
    "last_run", "last_seen", "told_at", "closed_run", "closed_at", "endpoint", "under_way",
)  # fmt: skip


def settle(scope: Scope, comparison: Comparison) -> None:
    """Bring breaks and cases in line with what the run found, and keep its rows.

    A full run closes what it does not find. A light one does not look at everything: it closes what it
    looked at and found in order, once as many runs in a row agree on that as on a difference.
    """
    entries = comparison.entries
    standing = {entry.key: entry for entry in entries if entry.is_standing}
    before = {one.key: one for one in _locked(scope)}
    breaks = _bring_up_to_date(scope, standing, before)
    if scope.run.light:
        _close_what_agrees(scope, [one for one in before.values() if one.key in comparison.agreed])
    else:
        _close_what_is_gone(scope, entries, before)
    _mark_under_way(entries, before)
    reconcile_beside.end_asked(scope)
    _tell(scope, standing, breaks)
    keep_rows(scope, entries, breaks)


def _locked(scope: Scope) -> Iterable[Break]:
    """In the order in which everybody locks them; whoever corrects one meanwhile waits."""
    found = Break.objects.select_for_update(of=("self",)).order_by("pk")
    return found.filter(reconciliation=scope.reconciliation).iterator()


def _bring_up_to_date(
    scope: Scope, standing: dict[str, Entry], before: dict[str, Break]
) -> dict[str, Break]:
    made, changed = [], []
    beside = reconcile_beside.corrected(scope)
    for key, entry in standing.items():
        one = before.get(key)
        if one is None:
            made.append(_fill(scope, _new(scope, entry), entry))
            continue
        done = (one.status, one.is_back)
        changed.append(_fill(scope, one, entry))
        if one.pk in beside:
            one.status, one.is_back = done
    Break.objects.bulk_create(made, batch_size=_BATCH)
    Break.objects.bulk_update(changed, _KEPT, batch_size=_BATCH)
    return {one.key: one for one in (*made, *changed)}


def _new(scope: Scope, entry: Entry) -> Break:
    return Break(
        reconciliation=scope.reconciliation,
        customer=scope.customer,
        key=entry.key,
        fingerprint=fingerprint(scope.reconciliation.pk, entry.key),
        location=entry.location,
        sku=entry.sku,
        subject=entry.subject,
        line_no=entry.line_no,
    )


def _fill(scope: Scope, one: Break, entry: Entry) -> Break:
    is_new = one.pk is None or one.closed_at is not None
    one.endpoint_id, one.code, one.state = entry.endpoint_id, entry.code, entry.state
    one.left, one.right = entry.left_at or entry.left, entry.right_at or entry.right
    one.gap, one.value, one.sentence = entry.gap[:130], entry.value, entry.sentence[:300]
    one.cause, one.causes, one.movements = entry.cause, list(entry.causes), list(entry.movements)
    one.detail, one.trail, one.runs = entry.detail, list(entry.trail), entry.runs
    one.is_back, one.first_seen = entry.is_back, entry.first_seen or scope.at
    one.first_run = scope.run if is_new else one.first_run
    one.seen_runs = 1 if is_new else one.seen_runs + 1
    one.last_run, one.last_seen = scope.run, scope.at
    one.closed_run, one.closed_at, one.under_way = None, None, False
    one.status = _status(one, entry)
    if entry.told and one.told_at is None:
        one.told_at = scope.at
    return one


def _status(one: Break, entry: Entry) -> str:
    if entry.is_accepted:
        return Status.ACCEPTED
    if not entry.told:
        # What people were told of stays open while one run is in doubt.
        return one.status if one.status in Break.TOLD else Status.SEEN
    return Status.OPEN


def _mark_under_way(entries: Sequence[Entry], before: dict[str, Break]) -> None:
    """What documents under way explain stays as it is, and nothing is booked for it meanwhile."""
    moving = {entry.key: entry for entry in entries if entry.state == _IN_FLIGHT}
    found = [one for key, one in before.items() if key in moving]
    for one in found:
        one.under_way, one.movements = True, list(moving[one.key].movements)
    Break.objects.bulk_update(found, ("under_way", "movements"), batch_size=_BATCH)


def _close_what_is_gone(scope: Scope, entries: Sequence[Entry], before: dict[str, Break]) -> None:
    """Closed is what the run looked at and found in order; what it could not judge stays as it is."""
    undecided = {e.key for e in entries if not e.is_standing and e.state != "in_tolerance"}
    seen = {entry.key for entry in entries if entry.is_standing} | undecided
    gone = [one for key, one in before.items() if key not in seen and one.status != Status.CLOSED]
    _close(scope, gone)


def _close_what_agrees(scope: Scope, found: Sequence[Break]) -> None:
    """In order once more: the count of agreeing runs of the difference begins anew."""
    found = [one for one in found if one.status != Status.CLOSED]
    for one in found:
        one.trail = [*one.trail, [reconcile_values.moment(scope.at), IN_ORDER]][-LONGEST_TRAIL:]
        one.runs = 0
    Break.objects.bulk_update(found, ("trail", "runs"), batch_size=_BATCH)
    needed = scope.definition.agreeing_runs
    _close(scope, [one for one in found if _in_order_since(one) >= needed])


def _in_order_since(one: Break) -> int:
    """How many runs in a row, the last one too, found nothing."""
    gaps = [gap for _, gap in reversed(one.trail)]
    return next((n for n, gap in enumerate(gaps) if gap != IN_ORDER), len(gaps))


def _close(scope: Scope, gone: Sequence[Break]) -> None:
    Break.objects.filter(pk__in=[one.pk for one in gone]).update(
        status=Status.CLOSED,
        closed_run=scope.run,
        closed_at=scope.at,
        told_at=None,
        runs=0,
        is_back=False,
        under_way=False,
    )
    told = [one.fingerprint for one in gone if one.status in Break.TOLD]
    findings.clear(told, cause=f"The run of {scope.at:%d %b %H:%M} UTC found no difference")


def _tell(scope: Scope, standing: dict[str, Entry], breaks: dict[str, Break]) -> None:
    accepted = [b.fingerprint for b in breaks.values() if b.status == Status.ACCEPTED]
    findings.clear(accepted, cause="Somebody accepted the difference as it is")
    findings.report(
        _finding(scope, standing[key], one)
        for key, one in breaks.items()
        if one.status in Break.TOLD
    )


def _finding(scope: Scope, entry: Entry, one: Break) -> Finding:
    return Finding(
        fingerprint=one.fingerprint,
        customer_id=scope.customer_id,
        endpoint_id=entry.endpoint_id,
        origin=ExceptionCase.Origin.RECONCILIATION,
        code=entry.code,
        since=_since(one),
        value=entry.subject or entry.sku or scope.reconciliation.label,
        object_type=_OBJECTS[scope.definition.kind],
        severity=2 if entry.is_back and entry.severity is None else entry.severity,
        evidence=lines(scope, entry),
        url=f"/reconciliation/breaks/{one.pk}/",
        at_risk=entry.value or Decimal(0),
        currency=scope.customer.currency if entry.value else "",
    )


_OBJECTS: Final = {
    "inventory": "inventory",
    "orders": "order",
    "shipments": "shipment",
    "financial": "invoice",
}


def _since(one: Break) -> datetime:
    return one.told_at or one.first_seen


def keep_rows(scope: Scope, entries: Sequence[Entry], breaks: dict[str, Break]) -> None:
    """The rows of the run, the worst first."""
    ordered = sorted(entries, key=_worst_first)[:MOST_ROWS]
    ReconRow.objects.filter(run=scope.run).delete()
    ReconRow.objects.bulk_create(
        (_row(scope, number, entry, breaks.get(entry.key)) for number, entry in enumerate(ordered)),
        batch_size=_BATCH,
    )


def _worst_first(entry: Entry) -> tuple[bool, bool, Decimal, str]:
    return (not entry.told, not entry.is_standing, -entry.value, entry.key)


def _row(scope: Scope, position: int, entry: Entry, difference: Break | None) -> ReconRow:
    return ReconRow(
        run=scope.run,
        position=position,
        state=entry.state,
        location=entry.location,
        sku=entry.sku,
        lot=entry.lot,
        condition=entry.condition,
        subject=entry.subject,
        line_no=entry.line_no,
        left=entry.left[:60],
        right=entry.right[:60],
        left_at=entry.left_at,
        right_at=entry.right_at,
        gap=entry.gap[:60],
        value=entry.value,
        runs=entry.runs,
        told=entry.told,
        causes=list(entry.causes),
        movements=list(entry.movements),
        note=(entry.note or entry.sentence)[:300],
        difference=difference,
    )
