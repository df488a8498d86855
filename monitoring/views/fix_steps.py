"""The steps of a fix, with the one it is at."""

from typing import Any

from monitoring.domain import deeds
from monitoring.domain.fixing import CANARY
from monitoring.domain.foreseeing import ACCEPTED
from monitoring.models import Fix, FixItem
from monitoring.queries.fix_results import Tally

State = Fix.State
_AT = {
    State.CHECKING: "dry run", State.CHECKED: "dry run", State.CANARY: "canary", State.PAUSED: "canary",
    State.REPLAYING: "last", State.DONE: "last", State.UNDOING: "last", State.UNDONE: "last",
}  # fmt: skip


def ends(fix: Fix) -> bool:
    """Whether its documents end instead of going on."""
    return deeds.of(fix.remedy).ends


def accepts(fix: Fix) -> bool:
    """Whether nothing of it is held: what ends are the remarks on its documents."""
    if not ends(fix):
        return False
    passing = fix.items.filter(verdict=FixItem.Verdict.PASS).order_by()
    return set(passing.values_list("reason", flat=True).distinct()) == {ACCEPTED}


def has_canary(fix: Fix, counts: Tally) -> bool:
    """Few documents are no risk worth a canary, and what ends is shown and confirmed instead."""
    several = counts.going > CANARY or (not counts.tried and fix.documents > CANARY)
    return (several and not ends(fix)) or fix.state in (State.CANARY, State.PAUSED)


def steps(fix: Fix, counts: Tally) -> list[dict[str, Any]]:
    """Remedy, dry run, canary where there is one, and what it is all for."""
    known = [("remedy", "Remedy"), ("dry run", "Dry run")]
    if has_canary(fix, counts):
        known.append(("canary", f"Canary of {CANARY}"))
    known.append(("last", "Skip" if ends(fix) else "Replay"))
    at = _AT.get(State(fix.state), "last" if fix.applied_at else "dry run")
    remedy_url = f"/cases/{fix.case_id}/?remedy={fix.remedy}"
    return [
        {"label": label, "url": remedy_url if name == "remedy" else "", "current": name == at}
        for name, label in known
    ]
