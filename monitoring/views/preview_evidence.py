"""The lines around the bad value of one document, and the way to the next document."""

from typing import Any

from django.http import QueryDict

from integrations.queries import documents
from integrations.queries.panes import pane
from integrations.views import hidden
from monitoring.models import ExceptionCase
from monitoring.queries.glance import Glance
from monitoring.remedies import Situation
from monitoring.views import addresses, words
from portal.core.manner import number

_AROUND = 1
_LONGEST = 400
_MOST_DIGITS = 18


def place(query: QueryDict) -> tuple[int, int]:
    """Which document of the case is looked at, counted from 1, and the problem where it begins."""
    count, _, since = query.get("evidence", "").partition(".")
    parts = (count, since)
    if not all(p.isascii() and p.isdigit() and len(p) <= _MOST_DIGITS for p in parts):
        return 1, 0
    return int(count), int(since)


def evidence_context(request: Any, situation: Situation, seen: Glance) -> dict[str, Any]:
    """The lines with the bad value marked, which document they are of, and where the next one is."""
    case, first = situation.case, seen.documents[0] if seen.documents else None
    if first is None or first.problem is None or situation.document is None:
        return {"evidence": None}
    count, _ = place(request.GET)
    spot = words.place(first.problem.path)
    refused = hidden.reason(situation.person, case.customer.name)
    lines = _around(situation.payload, case) if situation.payload else []
    return {
        "evidence": lines or ([[{"text": refused, "bad": False}]] if refused else None),
        "evidence_note": f"{_which(count, case.documents)}{situation.document.number}"
        + (f", {spot}" if spot else ""),
        "evidence_next_url": _next(request, seen, count),
        "explanation": first.problem.text,
    }


def _which(count: int, documents: int) -> str:
    return f"{number(count)} of {number(documents)} · " if documents > 1 else ""


def _next(request: Any, seen: Glance, count: int) -> str:
    """The next document; after the last one the first again."""
    evidence = f"{count + 1}.{seen.following}" if seen.following is not None else ""
    if not evidence and count == 1:
        return ""
    return addresses.with_values(request, here=True, evidence=evidence)


def _around(payload: documents.Document, case: ExceptionCase) -> list[list[dict[str, Any]]]:
    shown = pane(
        "", payload.body, content_type=payload.content_type, marks=[case.path], values=[case.value]
    )["lines"]
    bad = next((n for n, line in enumerate(shown) if line["mark"]), 0)
    lines = shown[max(bad - _AROUND, 0) : bad + _AROUND + 1]
    return [
        [{"text": part["text"][:_LONGEST], "bad": part["kind"] == "bad"} for part in line["parts"]]
        for line in lines
    ]
