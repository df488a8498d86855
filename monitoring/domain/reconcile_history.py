"""What earlier runs left of each key, kept with the run that judged by it."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import Q

from monitoring.domain import reconcile_store, reconcile_values
from monitoring.domain.reconcile_entry import Entry
from monitoring.domain.reconcile_scope import Scope
from monitoring.domain.reconcile_store import Said
from monitoring.models import Break
from monitoring.reconcile import Key, Past, Seen, amount
from monitoring.reconcile.agreeing import LONGEST_TRAIL

Status = Break.Status


class Standing(NamedTuple):
    """A key that some run saw. `runs` 0: it was gone meanwhile. Empty gaps: nobody did that."""

    gap: str
    runs: int
    first_seen: str
    trail: list[list[Any]]
    corrected: str
    accepted: str


def keep(scope: Scope) -> dict[str, Standing]:
    """What stands now, stored with the run; of a repeat, what stood then."""
    stored = reconcile_store.of(scope.run).get("history")
    if stored is None:
        rows = [[one.key, *_standing(scope, one)] for one in _known(scope)]
        stored = reconcile_store.keep(scope.run, Said("history", rows))
    return {key: Standing(*rest) for key, *rest in reconcile_store.rows(stored)}


def _known(scope: Scope) -> Iterable[Break]:
    """What is open, and what is over after somebody did something about it."""
    mattering = ~Q(status=Status.CLOSED) | ~Q(corrected_gap="") | ~Q(accepted_gap="")
    found = Break.objects.filter(mattering, reconciliation=scope.reconciliation)
    return found.order_by("key").iterator()


def _standing(scope: Scope, one: Break) -> Standing:
    gone = one.status == Status.CLOSED
    since = scope.at if gone else one.first_seen
    return Standing(
        gap=one.gap,
        runs=0 if gone else one.runs,
        first_seen=reconcile_values.moment(since) or "",
        trail=[] if gone else one.trail,
        corrected=one.corrected_gap,
        accepted=one.accepted_gap,
    )


def keys(known: dict[str, Standing], *prefixes: str) -> list[Key]:
    """Those of stock that begin with one of the prefixes, as the engine takes them."""
    return [Key(*key.split("|")[1:]) for key in known if key.split("|")[0] in prefixes]


def pasts(known: dict[str, Standing], prefix: str) -> dict[Key, Past]:
    """The standings of stock whose keys begin so, as the engine takes them."""
    return {
        Key(*key.split("|")[1:]): Past(
            gap=amount(one.gap),
            runs=one.runs,
            first_seen=datetime.fromisoformat(one.first_seen),
            trail=tuple(Seen(datetime.fromisoformat(at), amount(gap)) for at, gap in one.trail),
            corrected=amount(one.corrected) if one.corrected else None,
            accepted=amount(one.accepted) if one.accepted else None,
        )
        for key, one in known.items()
        if key.startswith(f"{prefix}|")
    }


def judged(scope: Scope, entry: Entry, known: dict[str, Standing]) -> Entry:
    """An entry that is no quantity, with what earlier runs said: the same words twice are told."""
    past, at = known.get(entry.key), reconcile_values.moment(scope.at)
    same = past is not None and past.gap == entry.gap
    runs = past.runs + 1 if past and same else 1
    is_accepted = past is not None and past.accepted == entry.gap
    trail = [*(past.trail if past else ()), [at, entry.gap]][-LONGEST_TRAIL:]
    return replace(
        entry,
        runs=runs,
        first_seen=datetime.fromisoformat(past.first_seen) if past else scope.at,
        trail=trail,
        told=runs >= scope.definition.agreeing_runs and not is_accepted,
        is_back=past is not None and past.corrected == entry.gap,
        is_accepted=is_accepted,
    )
