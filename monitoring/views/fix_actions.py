"""What can be done with a fix now, and the sentence that says what has been sent."""

from typing import Any

from integrations.views.spoken import counted
from monitoring.domain import carrying, deeds, fixing
from monitoring.models import Fix
from monitoring.queries.fix_results import Tally
from monitoring.views.fix_steps import accepts, ends, has_canary
from portal.accounts.models import Person
from portal.core import clock, manner

State = Fix.State
_CANCELLABLE = (State.CHECKED, State.PAUSED)
_GOES_ON = "Cancelled, what has gone goes on; the rest stays held."
_AFTER = {
    State.CANARY: _GOES_ON,
    State.REPLAYING: _GOES_ON,
    State.DONE: "Undoing holds again what has not arrived, and cancels orders where their target allows it.",
    State.CANCELLED: "What went on goes on, unless you undo it; the rest is held as before.",
    State.FAILED: "Undoing takes back what had gone on, where its target allows it.",
}
_UNSKIP = "Undoing holds again what was skipped."


def actions(fix: Fix, counts: Tally, *, person: Person, holding: dict[str, Any]) -> dict[str, Any]:
    """The buttons at the end of the page: `go` first, then what else there is. `holding`: see `holder`."""
    url, may = f"/cases/{fix.case_id}/fixes/{fix.pk}", person.may("desk.work")
    hindered = fixing.hindered(fix, person) if may and fix.state == State.CHECKED else ""
    tried = fix.state in (State.CHECKED, State.FAILED) and fix.applied_at is None
    return {
        "go": _go(fix, counts) if may and not hindered else [],
        "go_url": f"{url}/go/",
        "shown": fix.digest,
        "again_url": f"{url}/again/" if may and tried else "",
        "other_url": f"/cases/{fix.case_id}/?remedy={fix.remedy}",
        "cancel_url": f"{url}/cancel/" if may and fix.state in _CANCELLABLE else "",
        "undo": _undo(fix, counts, f"{url}/undo/") if may else None,
        "note": _hindered(fix, hindered, mine=bool(holding["release_url"]))
        if hindered
        else _note(fix, counts),
        "blocked": holding["blocked"],
    }


def _hindered(fix: Fix, why: str, *, mine: bool) -> str:
    """Why this person may not let it go. `mine`: the case is theirs, and a colleague can do nothing."""
    release = " Release the case for that." if mine and deeds.of(fix.remedy).by_another else ""
    return f"Nothing has been sent. {why}{release}"


def _go(fix: Fix, counts: Tally) -> list[dict[str, str]]:
    if fix.state == State.PAUSED and counts.to_go:
        return [
            _button(f"Replay the other {manner.number(counts.to_go)}", canary=False, key="enter")
        ]
    if fix.state != State.CHECKED or not counts.going:
        return []
    if ends(fix):
        verb = "Accept" if accepts(fix) else "Skip"
        return [_button(f"{verb} {manner.number(counts.going)}", canary=False, key="")]
    if not has_canary(fix, counts):
        return [_button(_all(counts), canary=False, key="enter")]
    few = len(carrying.canary(fix))
    rest = _button(f"{_all(counts, every=True)} without canary", canary=False, key="")
    return [_button(f"Send canary of {few}", canary=True, key="enter"), rest] if few else [rest]


def _all(counts: Tally, *, every: bool = False) -> str:
    """Those that pass give the button its number; others that move on are said beside it."""
    if not counts.passing:
        return f"Let {manner.number(counts.moving_on)} move on"
    return f"Replay {'all ' if every else ''}{manner.number(counts.passing)}"


def _button(label: str, *, canary: bool, key: str) -> dict[str, str]:
    return {"label": label, "canary": "1" if canary else "", "key": key}


def _undo(fix: Fix, counts: Tally, url: str) -> dict[str, str] | None:
    until = fixing.undo_until(fix)
    went = counts.passed + counts.held + (counts.moving if fix.state == State.FAILED else 0)
    if until is None or until <= clock.now() or not went:
        return None
    label = f"Undo the {manner.number(went)}"
    if fix.state == State.PAUSED:  # it waits for a person, and its time has not begun
        return {"url": url, "label": label, "until": "", "left": ""}
    left = int((until - clock.now()).total_seconds())
    return {
        "url": url,
        "label": label,
        "until": until.isoformat(),
        "left": f"{left // 60}:{left % 60:02d}",
    }


def _note(fix: Fix, counts: Tally) -> str:
    """What has been sent and what has not, in one sentence."""
    if fix.state == State.CHECKING:
        return "Nothing has been sent."
    if fix.state == State.CHECKED:
        return _before(fix, counts)
    if fix.state == State.PAUSED:
        went, to_go = manner.number(counts.went), manner.number(counts.to_go)
        return f"{went} were let go, the other {to_go} wait for you."
    if fix.state in (State.CANCELLED, State.FAILED) and fix.applied_at is None:
        return "Nothing was sent."
    if fix.state == State.UNDONE:
        return _undone(counts)
    if fix.state == State.DONE and fix.case.is_open and fix.case.documents:
        return f"{_still_held(fix)} {_after(fix)}"
    return _after(fix)


def _undone(counts: Tally) -> str:
    """What the undo came to; each document says below why."""
    if counts.taken_back:
        rest = " See below why the others are not." if counts.stays or counts.compensated else ""
        return f"What was taken back is held in the case again.{rest}"
    if counts.compensated:
        return "What its target had is cancelled or put right there: see below."
    return "Nothing could be taken back: see why below."


def _after(fix: Fix) -> str:
    """What an undo does, to documents and to what the remedy taught."""
    text = _AFTER.get(State(fix.state), "")
    if fix.state == State.DONE and ends(fix):
        return _UNSKIP
    if fix.change is None or fixing.undo_until(fix) is None:
        return text
    return f"{text} Undoing {deeds.of(fix.remedy).undoes}, too."


def _still_held(fix: Fix) -> str:
    """Why the case is not closed: what this did not mend, and what came after its list was frozen."""
    held = counted(fix.case.documents, "document")
    return (
        f"The case holds {held}: go back to it for what this did not mend and for what came since."
    )


def _before(fix: Fix, counts: Tally) -> str:
    if not counts.going:
        return "Nothing has been sent, and with this remedy nothing can be."
    if accepts(fix):
        return "Nothing has been accepted yet. It can be undone for 10 minutes."
    if ends(fix):
        return "Nothing has been skipped yet. What is skipped ends here. It can be undone for 10 minutes."
    others = f" {counted(counts.moving_on, 'document')} would move to other cases."
    moving = others if counts.moving_on else ""
    return f"Nothing has been sent.{moving} In order per object. Undo for 10 min where systems allow it."
