"""How far a fix is, while it is under way."""

from datetime import timedelta
from typing import Any

from integrations.views import spoken
from monitoring.domain.fixing import CANARY
from monitoring.models import Fix
from monitoring.queries import fix_groups
from monitoring.queries.fix_groups import Row
from monitoring.queries.fix_results import Tally
from monitoring.views.fix_steps import ends
from monitoring.views.outcomes import outcome
from portal.core import clock
from portal.core.manner import number

State = Fix.State
_SAY_EVERY = 5  # seconds, for those who hear the page
_ENOUGH = 10


def progress(fix: Fix, counts: Tally) -> dict[str, Any] | None:
    """The context of `monitoring/fix_progress.html`; None when nothing is under way."""
    if fix.state not in (State.CHECKING, *Fix.RUNNING):
        return None
    done, total, text = _PARTS[State(fix.state)](fix, counts)
    url = f"/cases/{fix.case_id}/fixes/{fix.pk}"
    return {
        "done": done,
        "total": max(total, 1),
        "text": text,
        "cancel_url": f"{url}/cancel/" if fix.state != State.UNDOING else "",
        "poll_url": f"{url}/watch/?was={fix.state}",
        "refresh_url": f"{url}/",
        "rows": [_row(row) for row in fix_groups.let_go(fix, most=CANARY)]
        if fix.state == State.CANARY
        else [],
    }


def _row(row: Row) -> dict[str, str]:
    """A document of the canary with what became of it so far."""
    shape, word = outcome(row.item.outcome)
    told = f": {row.item.told}" if row.item.told else ""
    return {"number": row.number, "shape": shape, "word": f"{word}{told}"}


def _checking(fix: Fix, counts: Tally) -> tuple[int, int, str]:
    return (
        counts.tried,
        fix.documents,
        f"{number(counts.tried)} of {number(fix.documents)} tried, nothing is sent",
    )


def _canary(fix: Fix, counts: Tally) -> tuple[int, int, str]:
    done, sent = counts.passed + counts.held, counts.went
    return (
        done,
        sent,
        f"{number(done)} of the canary's {number(sent)} have arrived, {number(counts.held)} failed",
    )


def _replaying(fix: Fix, counts: Tally) -> tuple[int, int, str]:
    done, total = counts.passed + counts.held, counts.going
    verb = "skipped" if ends(fix) else "replayed"
    return (
        done,
        total,
        f"{number(done)} of {number(total)} {verb}, {number(counts.held)} failed{_left(counts)}",
    )


def _undoing(fix: Fix, counts: Tally) -> tuple[int, int, str]:
    total = counts.went + counts.back
    return (
        counts.back,
        total,
        f"{number(counts.back)} of {number(total)} looked at to take them back",
    )


_PARTS = {
    State.CHECKING: _checking,
    State.CANARY: _canary,
    State.REPLAYING: _replaying,
    State.UNDOING: _undoing,
}


def _left(counts: Tally) -> str:
    """About how long it takes yet, by the pace of the last minute."""
    if counts.recent < _ENOUGH or counts.recent_from is None:
        return ""
    pace = (clock.now() - counts.recent_from).total_seconds() / counts.recent
    left = round((counts.to_go + counts.moving) * pace)
    return f", about {spoken.span(timedelta(seconds=left))}" if left else ""


def progress_told(shown: dict[str, Any] | None) -> str:
    """The text, now and then: who hears the page is told every five seconds and not each second."""
    return shown["text"] if shown and int(clock.now().timestamp()) % _SAY_EVERY == 0 else ""
