"""What a dry run found, what a replay came to, in figures and sentences."""

from typing import Any

from integrations.views import spoken
from integrations.views.spoken import counted
from monitoring.models import Fix
from monitoring.queries import fix_results
from monitoring.queries.fix_results import Amounts, Hits, Tally
from monitoring.views import words
from monitoring.views.fix_steps import accepts, ends
from monitoring.views.outcomes import outcome
from portal.core.manner import number

State = Fix.State
_FORESEEN = (
    ("passing", "good", "good", "will pass"),
    ("failing", "bad", "bad", "would still fail"),
    ("impossible", "waiting", "third", "cannot be replayed"),
)
_ENDING = (
    ("passing", "good", "good", "will end here"),
    ("impossible", "waiting", "third", "cannot be skipped"),
)
_ACCEPTING = (
    ("passing", "good", "good", "will be accepted"),
    ("impossible", "waiting", "third", "cannot be accepted"),
)
_HAPPENED = (
    ("passed", "good", "good", "passed"),
    ("held", "bad", "bad", "held again"),
    ("moving", "work", "us", "on the way"),
    ("taken_back", "good", "good", "taken back"),
    ("compensated", "risk", "warn", "cancelled at their target"),
    ("stays", "bad", "bad", "stay as they are"),
)
_OF_ONE = {
    "cancelled at their target": "cancelled at its target",
    "stay as they are": "stays as it is",
}
_ENDED = ("passed", "good", "good", "ended here")
_ACCEPTED = ("passed", "good", "good", "accepted")


def said(fix: Fix, counts: Tally) -> dict[str, Any]:
    """Figures with their bar, and the lines that stand beside them."""
    foretold = fix.applied_at is None
    found = [(getattr(counts, name), *rest) for name, *rest in _words_for(fix)]
    shown = [one for one in found if one[0]] if counts.tried else []
    return {
        "title": _title(fix, counts),
        "figures": [
            {"value": number(count), "shape": shape, "word": _of(count, word)}
            for count, shape, _, word in shown
        ],
        "parts": _parts([(count, part, _of(count, word)) for count, _, part, word in shown]),
        "lines": _lines(fix) if foretold else [],
        "money": money_words(fix_results.amounts(fix)) if _speaks_of_money(fix, counts) else "",
        "trouble": _trouble(fix),
        "hits": _hits(fix, fix_results.hits(fix)) if _has_ended(fix) else None,
    }


def _words_for(fix: Fix) -> tuple[tuple[str, str, str, str], ...]:
    """What is counted of it, with shape, part of the bar and word."""
    foretold = fix.applied_at is None
    if not ends(fix):
        return _FORESEEN if foretold else _HAPPENED
    if accepts(fix):
        return _ACCEPTING if foretold else (_ACCEPTED, *_HAPPENED[1:])
    return _ENDING if foretold else (_ENDED, *_HAPPENED[1:])


def _of(count: int, word: str) -> str:
    return _OF_ONE.get(word, word) if count == 1 else word


def _parts(counted_parts: list[tuple[int, str, str]]) -> list[dict[str, Any]]:
    whole = sum(count for count, _, _ in counted_parts)
    return [
        {"share": round(100 * count / whole, 2), "part": part, "text": f"{number(count)} {word}"}
        for count, part, word in counted_parts
    ]


def _title(fix: Fix, counts: Tally) -> str:
    """The state in words, where the figures alone do not say it."""
    went, at = counts.went + counts.back, spoken.moment(fix.finished_at)
    titles = {
        State.PAUSED: f"The canary of {number(went)} is done",
        State.DONE: f"{_done(fix)} {number(counts.passed)} of {number(went)} at {at}",
        State.CANCELLED: f"Cancelled at {at}",
        State.FAILED: f"It stopped at {at}",
        State.UNDONE: f"Undone at {spoken.moment(fix.undone_at)}",
    }
    closed = ". The case is closed" if fix.closed_case and fix.state == State.DONE else ""
    return f"{titles[State(fix.state)]}{closed}" if State(fix.state) in titles else ""


def _done(fix: Fix) -> str:
    if not ends(fix):
        return "Replayed"
    return "Accepted" if accepts(fix) else "Skipped"


def _lines(fix: Fix) -> list[str]:
    if fix.checked_at is None:
        return []
    took = f"{fix.check_seconds:.1f} s"
    return [
        f"dry run of {number(fix.documents)} in {took}, nothing was sent",
        f"by {fix.person_name} at {spoken.moment(fix.checked_at)}",
    ]


def _speaks_of_money(fix: Fix, counts: Tally) -> bool:
    return bool(fix.applied_at is None and fix.checked_at and counts.passing) and not ends(fix)


def money_words(found: Amounts) -> str:
    """What was computed of the totals, and of how many they are known. Prices of lines are not compared."""
    if not found.known:
        return f"Of {_none(found.passing)} both totals are known: money was not compared."
    unknown = found.passing - found.known
    known = " whose totals are known" if unknown else ""
    rest = f" Of {counted(unknown, 'document')} a total is not known." if unknown else ""
    if found.known == 1:
        verb = f"changes{_by(found)}" if found.changed else "does not change"
        return f"The total of the one document{known} {verb}.{rest}"
    if not found.changed:
        return f"No total changes in any of the {number(found.known)}{known}.{rest}"
    by = f"{_by(found)} in all" if found.currency else ""
    return f"The total changes in {number(found.changed)} of the {number(found.known)}{known}{by}.{rest}"


def _none(passing: int) -> str:
    return "the one document not" if passing == 1 else f"none of the {number(passing)}"


def _by(found: Amounts) -> str:
    """By how much; nothing where that is in several currencies."""
    if not found.currency:
        return ""
    sign = "+" if found.by > 0 else "−" if found.by < 0 else ""
    return f", by {sign}{words.money(abs(found.by), found.currency)}"


def _trouble(fix: Fix) -> dict[str, str] | None:
    if not fix.trouble:
        return None
    if fix.state != State.FAILED:
        return {"text": fix.trouble, "then": "", "bad": ""}
    if fix.applied_at:
        then = "What had gone on goes on. Choose a remedy for what is left in the case."
    else:
        then = "Nothing was changed and nothing was sent. Run it again, or choose another remedy."
    return {"text": fix.trouble, "then": then, "bad": "bad"}


def _has_ended(fix: Fix) -> bool:
    return fix.state in (State.DONE, State.PAUSED) or bool(
        fix.state == State.CANCELLED and fix.applied_at
    )


def _hits(fix: Fix, found: Hits) -> dict[str, Any] | None:
    """Predicted against actual."""
    if not found.of:
        return None
    return {
        "text": f"{number(found.right)} of {counted(found.of, 'document')} came out as the dry run said.",
        "rows": [
            {
                "foretold": f"{outcome(one.verdict, ends=ends(fix))[1]}: {one.reason}",
                "became": ": ".join(
                    filter(None, (outcome(one.outcome, ends=ends(fix))[1], one.told))
                ),
                "documents": number(one.documents),
            }
            for one in found.surprises
        ],
    }
