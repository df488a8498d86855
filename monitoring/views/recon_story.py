"""The story of a break: which run saw it first and last, how many did, and what ended it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from integrations.views import spoken
from monitoring.domain.reconcile_standing import IN_ORDER
from monitoring.models import Break, Correction, ReconRun
from monitoring.views import recon_words

_MOST_SEEN = 14
_NONE = "no difference"
Facts = list[dict[str, str]]


def facts(one: Break, corrections: Sequence[Correction]) -> Facts:
    """From the first run on that saw it since it was last over. A run that is deleted leaves its time."""
    return [
        _of_run("First seen", one.first_seen, one.first_run),
        {"label": "Seen in", "value": recon_words.seen_in(one)},
        _of_run("Last seen", one.last_seen, one.last_run),
        *_accepted(one, corrections),
        *_closed(one),
    ]


def _of_run(label: str, at: datetime, run: ReconRun | None) -> dict[str, str]:
    said = {"label": label, "value": spoken.moment(at)}
    if run is None:
        return said
    return {**said, "url": f"/reconciliation/runs/{run.pk}/", "link": run.label}


def _accepted(one: Break, corrections: Sequence[Correction]) -> Facts:
    """By whom, of what stands accepted."""
    if one.status != Break.Status.ACCEPTED:
        return []
    done = (
        found
        for found in corrections
        if (found.kind, found.state) == (Correction.Kind.ACCEPT, Correction.State.DONE)
    )
    found = next(done, None)
    if found is None or found.ended_at is None:
        return []
    return [
        {"label": "Accepted", "value": f"{spoken.moment(found.ended_at)}, by {who(found)}"},
    ]


def _closed(one: Break) -> Facts:
    if one.status != Break.Status.CLOSED or one.closed_at is None:
        return []
    return [_of_run("Gone since", one.closed_at, one.closed_run)]


def who(one: Correction) -> str:
    """Who asked for a correction, and who let it through."""
    if not one.approver_name:
        return one.actor_name
    return f"{one.actor_name}, let through by {one.approver_name}"


def trail(one: Break) -> list[dict[str, str]]:
    """Run by run, the newest first; the run that found it gone is the last word."""
    seen = [_seen(found) for found in reversed(one.trail[-_MOST_SEEN:])]
    if one.status != Break.Status.CLOSED or one.closed_at is None:
        return seen
    gone = {"at": spoken.moment(one.closed_at), "gap": _NONE}
    return seen if seen and seen[0] == gone else [gone, *seen]


def _seen(found: list[Any]) -> dict[str, str]:
    at, gap = found
    said = _NONE if gap == IN_ORDER else recon_words.gap(gap) or gap
    return {"at": spoken.moment(datetime.fromisoformat(at)), "gap": said}
