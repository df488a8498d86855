"""What the last action did, and how far its documents have come."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from monitoring.models import CaseEvent
from monitoring.queries import outcome as queries
from monitoring.queries.outcome import Outcome, Reason
from portal.accounts.rules import requires

_WATCHED = ("lookup", "edit", "retry")


@requires("desk.view")
def result(request: HttpRequest, number: int, pk: int) -> HttpResponse:
    """The result by itself, for polling; it stops when nothing moves any more."""
    event = CaseEvent.objects.filter(pk=pk, case_id=number).first()
    if event is None:
        raise Http404
    return render(request, "components/result.html", {"result": result_context(event)})


def result_context(event: CaseEvent | None) -> dict[str, Any] | None:
    """The context of an action's result; None without one, and for a mere comment."""
    if event is None or event.action == "comment":
        return None
    if event.action not in _WATCHED:
        return {"text": event.text, "state": "good"}
    found = queries.of(event)
    return {
        "text": event.text,
        "state": "bad" if found.reasons else "good",
        "figures": _figures(found),
        "progress": _progress(found) if found.moving else None,
        "parts": _parts(found) if found.total and not found.moving else None,
        "rows": [_row(reason) for reason in found.reasons],
        "poll_url": f"/cases/{event.case_id}/results/{event.pk}/" if found.running else "",
    }


def _figures(found: Outcome) -> list[dict[str, Any]]:
    shown = [
        {"value": f"{found.passed:,}", "shape": "good", "word": "passed"},
        {"value": f"{found.moving:,}", "shape": "work", "word": "on the way"},
        {"value": f"{found.held:,}", "shape": "bad", "word": "held again"},
    ]
    counts = (found.passed, found.moving, found.held)
    return [one for one, count in zip(shown, counts, strict=True) if count]


def _progress(found: Outcome) -> dict[str, Any]:
    done = found.passed + found.held
    text = f"{done:,} of {found.total:,} replayed, {found.held:,} failed again"
    return {"done": done, "total": found.total, "text": text, "cancel_url": ""}


def _parts(found: Outcome) -> list[dict[str, Any]]:
    passed = round(100 * found.passed / found.total)
    shown = [
        {"share": passed, "part": "good", "text": f"{found.passed:,} passed"},
        {"share": 100 - passed, "part": "bad", "text": f"{found.held:,} held again"},
    ]
    return [part for part in shown if part["share"]]


def _row(reason: Reason) -> dict[str, Any]:
    return {
        "shape": "bad",
        "word": "held",
        "why": reason.text,
        "documents": f"{reason.documents:,}",
        "then": f"case {reason.case.label}" if reason.case else "",
        "url": f"/cases/{reason.case.pk}/" if reason.case else "",
    }
