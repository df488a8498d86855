"""Stock compared from what a run kept: ERP with warehouse, told with shown, shown with free."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from monitoring.domain import (
    reconcile_figures,
    reconcile_history,
    reconcile_store,
    reconcile_suspects,
    reconcile_values,
)
from monitoring.domain.reconcile_comparison import Comparison
from monitoring.domain.reconcile_entry import Entry, cause
from monitoring.domain.reconcile_history import Standing
from monitoring.domain.reconcile_scope import Party, RefusedError, Scope
from monitoring.models import ReconSnapshot
from monitoring.reconcile import (
    Cause,
    Item,
    Judged,
    Key,
    Oversell,
    Result,
    Row,
    all_off,
    amount,
    causes,
    compare,
    judge,
    oversell_risk,
    shown,
    signed,
    text,
    twins,
)
from monitoring.reconcile.amounts import Amount
from monitoring.reconcile.rolling import Moved

_KEPT_CAUSES: Final = 3
_KEPT_MOVEMENTS: Final = 20
_STOCK, _UNIT, _SHOWN, _OVERSELL, _ALL = "stock", "unit", "shown", "oversell", "all"
_UNIT_NOTES: Final = ("no conversion", "in a unit")


def compared(scope: Scope) -> Comparison:
    """From the kept snapshots alone. RefusedError when a report was cut off."""
    kept = reconcile_store.of(scope.run)
    for name in ("left", "right"):
        if kept[name].head.get("cut_off"):
            raise RefusedError(kept[name].head["cut_off"])
    items = reconcile_values.read_items(reconcile_store.rows(kept["items"]))
    known = reconcile_history.keep(scope)
    stock = reconcile_history.keys(known, _STOCK, _UNIT)
    result = _compare(scope, kept, ("left", "right", "movements"), items, watched=stock)
    shown_ = reconcile_history.keys(known, _SHOWN)
    told = _compare(scope, kept, ("told", "shown", "sales"), items, watched=shown_)
    risks = _risks(kept)
    judged = _judged(scope, result, known, _STOCK)
    entries = [
        *_stock_entries(scope, result, judged, items, known),
        *_shown_entries(scope, told, known),
        *_oversell_entries(scope, risks, _never_told(kept), known),
    ]
    figures = reconcile_figures.of_stock(scope, result, judged, risks)
    counts = {**result.counts(), "oversell_risk": len(risks)}
    return Comparison(entries, counts, figures, _agreed(known, entries, result, told))


def _agreed(
    known: Mapping[str, Standing], entries: Sequence[Entry], result: Result, told: Result
) -> frozenset[str]:
    """What was promised beyond what is free is looked at as a whole by light runs, too."""
    found = {"|".join((_STOCK, *key)) for key in _in_order(result)}
    found |= {"|".join((_SHOWN, *key)) for key in _in_order(told)}
    comparable = {row.key for row in result.rows if row.state != "not_comparable"}
    found |= {"|".join((_UNIT, *key)) for key in comparable | result.agreed}
    found |= {key for key in known if key.startswith(f"{_OVERSELL}|")}
    return frozenset(found & known.keys()) - {one.key for one in entries if one.is_standing}


def _in_order(result: Result) -> set[Key]:
    return {row.key for row in result.rows if row.state == "in_tolerance"} | result.agreed


def _compare(
    scope: Scope, kept: Mapping[str, ReconSnapshot], names: Sequence[str], items: Mapping[str, Item],
    *, watched: Iterable[Key],
) -> Result:  # fmt: skip
    left, right = (
        reconcile_values.read_snapshot(kept[name], reconcile_store.rows(kept[name]))
        for name in names[:2]
    )
    moved = map(reconcile_values.read_movement, reconcile_store.rows(kept[names[2]]))
    return compare(
        scope.definition,
        left,
        right,
        at=scope.at,
        items=items,
        movements=moved,
        light=scope.run.light,
        watched=watched if scope.run.light else (),
    )


def _judged(scope: Scope, result: Result, known: dict[str, Standing], prefix: str) -> list[Judged]:
    return judge(
        result.rows,
        reconcile_history.pasts(known, prefix),
        at=scope.at,
        agreeing_runs=scope.definition.agreeing_runs,
    )


def _stock_entries(
    scope: Scope,
    result: Result,
    judged: Sequence[Judged],
    items: Mapping[str, Item],
    known: dict[str, Standing],
) -> Iterator[Entry]:
    everywhere = all_off(result)
    if everywhere:
        yield _everywhere(scope, everywhere, known)
    suspects = {} if everywhere else reconcile_suspects.of(scope, judged)
    other = twins(result.rows)
    by_key = {one.row.key: one for one in judged}
    for row in result.rows:
        one = by_key.get(row.key)
        if one is None:
            yield _undecided(scope, row, known)
            continue
        found = causes(
            one,
            item=items.get(row.key.sku, Item()),
            suspects=suspects.get((row.key.location, row.key.sku), ()),
            twin=other.get(row.key),
            everywhere=everywhere,
        )
        code = "" if everywhere else "recon_mismatch"
        yield _entry(scope, one, _STOCK, code=code, found=found)


def _entry(scope: Scope, one: Judged, prefix: str, *, code: str, found: Sequence[Cause]) -> Entry:
    row = one.row
    return Entry(
        **_of_row(scope, row, prefix),
        code=code,
        sentence=_sentence(row, found),
        causes=[cause(each) for each in found[:_KEPT_CAUSES]],
        severity=2 if row.value > scope.definition.value_limit else None,
        runs=one.runs,
        first_seen=one.first_seen,
        trail=[[reconcile_values.moment(seen.at), text(seen.gap)] for seen in one.trail],
        told=one.is_told and bool(code),
        is_back=one.is_back,
        is_accepted=one.is_accepted,
    )


def _of_row(scope: Scope, row: Row, prefix: str) -> dict[str, Any]:
    """What an entry has of a row, whatever is made of it."""
    return {
        "key": "|".join((prefix, *row.key)),
        "state": row.state,
        "endpoint_id": scope.warehouse_at(row.key.location).id,
        "location": row.key.location,
        "sku": row.key.sku,
        "lot": row.key.lot,
        "condition": row.key.condition,
        "left": "" if row.left is None else text(row.left),
        "right": "" if row.right is None else text(row.right),
        "left_at": text(row.left_at),
        "right_at": text(row.right_at),
        "gap": text(row.gap),
        "value": row.value,
        "movements": [_movement(one) for one in row.movements[-_KEPT_MOVEMENTS:]],
        "note": row.note,
    }


def _movement(one: Moved) -> list[Any]:
    moved = one.movement
    effect = "?" if one.effect is None else signed(one.effect)
    at = reconcile_values.moment(moved.at)
    return [moved.kind, moved.reference, effect, at, sorted(moved.posted)]


def _sentence(row: Row, found: Sequence[Cause]) -> str:
    if found:
        return found[0].sentence
    if row.state == "missing_left":
        return f"The ERP has no row for {row.key.sku}, and the warehouse {shown(row.right_at)}."
    return f"The ERP has {shown(row.left_at)} and the warehouse {shown(row.right_at)}: {signed(row.gap)}."


def _undecided(scope: Scope, row: Row, known: dict[str, Standing]) -> Entry:
    """In tolerance, in flight, or not to be compared; a unit nobody can convert is told."""
    is_unit = row.state == "not_comparable" and any(note in row.note for note in _UNIT_NOTES)
    code = "recon_unit" if is_unit else ""
    sentence = row.note or f"{row.state.replace('_', ' ').capitalize()}: {signed(row.gap)}."
    values = _of_row(scope, row, _UNIT if is_unit else _STOCK)
    if not is_unit:
        return Entry(**values, code=code, sentence=sentence)
    # It has no quantities at one instant, and what stays the same from run to run is the unit.
    values |= {"gap": row.note[:130], "left_at": "", "right_at": ""}
    return reconcile_history.judged(scope, Entry(**values, code=code, sentence=sentence), known)


def _everywhere(scope: Scope, found: Cause, known: dict[str, Standing]) -> Entry:
    entry = Entry(
        key=_ALL,
        state="everywhere",
        code="recon_everywhere",
        endpoint_id=scope.warehouse_at("").id,
        gap=found.code,
        sentence=found.sentence,
        causes=[cause(found)],
    )
    return reconcile_history.judged(scope, entry, known)


def _shown_entries(scope: Scope, told: Result, known: dict[str, Standing]) -> Iterator[Entry]:
    channels = {party.slug: party for party in scope.parties("channel")}
    for one in _judged(scope, told, known, _SHOWN):
        row = one.row
        counted = f"{shown(row.left_at)} of {row.key.sku} and shows {shown(row.right_at)}"
        channel = channels[row.key.location]
        entry = _entry(scope, one, _SHOWN, code="recon_channel", found=())
        sentence = f"{channel.label} was told {counted}."
        yield replace(entry, endpoint_id=channel.id, sentence=sentence)


def _risks(kept: Mapping[str, ReconSnapshot]) -> list[Oversell]:
    """Of what channels show, whether they were told of it or not; runs of before kept only the former."""
    free = {sku: amount(quantity) for sku, quantity in reconcile_store.rows(kept["free"])}
    promised: dict[tuple[str, str], Amount] = defaultdict(int)
    for name in ("shown", "offered"):
        for row in reconcile_store.rows(kept[name]) if name in kept else ():
            promised[row[0], row[1]] += amount(row[5])
    return oversell_risk(((*where, quantity) for where, quantity in promised.items()), free)


def _never_told(kept: Mapping[str, ReconSnapshot]) -> frozenset[tuple[str, str]]:
    """Channel and SKU of what channels show without having been told of it."""
    rows = reconcile_store.rows(kept["offered"]) if "offered" in kept else ()
    return frozenset((row[0], row[1]) for row in rows)


def _oversell_entries(
    scope: Scope,
    risks: Iterable[Oversell],
    untold: frozenset[tuple[str, str]],
    known: dict[str, Standing],
) -> Iterator[Entry]:
    channels = {party.slug: party for party in scope.parties("channel")}
    for one in risks:
        entry = _oversell_entry(one, channels[one.channel])
        if (one.channel, one.sku) in untold:
            entry = replace(entry, causes=[cause(_unnamed(one, channels[one.channel]))])
        yield reconcile_history.judged(scope, entry, known)


def _unnamed(one: Oversell, channel: Party) -> Cause:
    text = f"{channel.label} was never told of {one.sku}: the item code is not cross-referenced."
    evidence = (("Shown", shown(one.published)), ("Free at all sites", shown(one.available)))
    return Cause("not_cross_referenced", text, 0.85, evidence)


def _oversell_entry(one: Oversell, channel: Party) -> Entry:
    promised = f"{shown(one.published)} of {one.sku}, and {shown(one.available)} are free"
    return Entry(
        key=f"{_OVERSELL}|{one.channel}|{one.sku}",
        state="oversell_risk",
        code="oversell_risk",
        endpoint_id=channel.id,
        gap=text(one.short),
        sentence=f"{channel.label} promises {promised}.",
        location=one.channel,
        sku=one.sku,
        left=text(one.published),
        right=text(one.available),
    )
