"""What happened, in plain words: the cause first, then what it stopped."""

from typing import Any

from integrations.models import Problem
from integrations.views import spoken
from monitoring.models import ExceptionCase
from monitoring.queries.held import Page, Summary
from monitoring.views import words


def happened(case: ExceptionCase, summary: Summary, *, waiting: int) -> list[str]:
    """One to three sentences."""
    if case.is_of_endpoint:
        return _of_endpoint(case, waiting)
    if not case.is_open:
        return [f"{case.title}.", f"Closed {spoken.moment(case.closed_at)}: {case.resolution}."]
    return [_cause(case), _stopped(case, summary), _times(summary)]


def _of_endpoint(case: ExceptionCase, waiting: int) -> list[str]:
    said = f" It said: {case.endpoint.last_error}" if case.endpoint.last_error else ""
    if not case.is_open:
        return [f"{case.title}.", f"Closed {spoken.moment(case.closed_at)}: {case.resolution}."]
    good = spoken.moment(case.endpoint.last_good_at)
    last = f" The last good call was {good}." if good else ""
    wait = "What is meant for it waits and goes out in order when it answers; nothing else stops."
    return [f"{case.title} since {spoken.moment(case.opened_at)}.{said}", wait + last]


def _cause(case: ExceptionCase) -> str:
    """What is wrong with the first document, as the pipeline put it."""
    first = (
        Problem.objects.filter(fingerprint=case.fingerprint, closed_at=None).order_by("pk").first()
    )
    text = first.text.rstrip(".") if first else case.title
    return f"{text}."


def _stopped(case: ExceptionCase, summary: Summary) -> str:
    label = case.endpoint.label
    if summary.held_out:
        sent = words.objects(summary.held_out, case.object_type)
        return (
            f"{sent} to {label} waits for a person."
            if summary.held_out == 1
            else (f"{sent} to {label} wait for a person.")
        )
    if summary.held_in:
        came = words.objects(summary.held_in, case.object_type)
        verb = "waits" if summary.held_in == 1 else "wait"
        return f"{came} from {label} {verb} here; nothing of it went further."
    noted = words.objects(summary.remarks, case.object_type)
    return f"Noted on {noted} from {label}, which went on."


def _times(summary: Summary) -> str:
    first, last = spoken.moment(summary.first), spoken.moment(summary.last)
    return f"First at {first}." if first == last else f"First at {first}, last at {last}."


def figures(case: ExceptionCase, summary: Summary, *, waiting: Page) -> list[dict[str, Any]]:
    """The figures under the sentences."""
    if case.is_of_endpoint:
        more = "+" if waiting.older else ""
        word = "waiting for it"
        return [{"value": f"{len(waiting.rows):,}{more}", "shape": "waiting", "word": word}]
    if not case.is_open:
        return []
    word = "held" if summary.held else "noted"
    shown: list[dict[str, Any]] = [
        {
            "value": f"{summary.documents:,}",
            "shape": "bad" if summary.held else "risk",
            "word": word,
        }
    ]
    if case.at_risk:
        risk = words.money(case.at_risk, case.currency)
        shown.append({"value": risk, "shape": "risk", "word": "at risk"})
    return shown
