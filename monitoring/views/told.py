"""What happened, in plain words: the cause first, then what it stopped."""

from typing import Any

from integrations.models import Problem
from integrations.views import spoken
from monitoring.models import ExceptionCase
from monitoring.queries import waiting
from monitoring.queries.held import Summary, causes
from monitoring.views import words
from portal.core.manner import number


def happened(case: ExceptionCase, summary: Summary) -> list[str]:
    """One or two sentences."""
    if not case.is_open:
        closed = f"Closed {spoken.moment(case.closed_at)}: {case.resolution}"
        return [_ended(case.title), _ended(closed)]
    if case.is_of_endpoint:
        return _of_endpoint(case)
    if case.is_finding:
        return [_ended(case.title)]
    return [_cause(case), _stopped(case, summary)]


def _of_endpoint(case: ExceptionCase) -> list[str]:
    said = _ended(f" The last try: {case.endpoint.last_error}") if case.endpoint.last_error else ""
    good = spoken.moment(case.endpoint.last_good_at)
    last = f" The last good call was {good}." if good else ""
    wait = "What is meant for it waits and goes out in order when it answers; nothing else stops."
    untried = "So there is nothing to dry-run."
    return [f"{case.title} since {spoken.moment(case.began_at)}.{said}", f"{wait} {untried}{last}"]


def _cause(case: ExceptionCase) -> str:
    """What is wrong with the first document, as the pipeline put it."""
    first = (
        Problem.objects.filter(fingerprint__in=causes(case), closed_at=None).order_by("pk").first()
    )
    return _ended(first.text if first else case.title)


def _ended(text: str) -> str:
    """With one full stop, whether or not it came with its own."""
    return f"{text.rstrip('.')}."


def _stopped(case: ExceptionCase, summary: Summary) -> str:
    label = case.endpoint.label
    if summary.held_out:
        verb = "waits" if summary.held_out == 1 else "wait"
        sent = words.objects(summary.held_out, case.object_type)
        return f"{sent} to {label} {verb} here until somebody decides."
    if summary.held_in:
        rest = (
            "waits here and went no further"
            if summary.held_in == 1
            else "wait here; none went further"
        )
        return f"{words.objects(summary.held_in, case.object_type)} from {label} {rest}."
    noted = words.objects(summary.remarks, case.object_type)
    if summary.remarks_out:
        return f"Noted on {noted} that went out to {label}."
    return f"Noted on {noted} from {label}, which went on."


def times(summary: Summary) -> str:
    """When the first and the last document came in."""
    if summary.first is None:
        return ""
    first, last = spoken.moment(summary.first), spoken.moment(summary.last)
    return f"first {first}" if first == last else f"first {first}\nlast {last}"


def figures(case: ExceptionCase, summary: Summary) -> list[dict[str, Any]]:
    """The figures under the sentences."""
    if case.is_internal:
        return []
    if case.is_of_endpoint:
        return _waiting(case) if case.is_open else []
    if not case.is_open and not case.documents:
        return []
    shown: list[dict[str, Any]] = [
        _counted(summary)
        if case.is_open
        else {
            "value": number(case.documents),
            "shape": "good",
            "word": "was held" if case.documents == 1 else "were held",
        }
    ]
    if case.at_risk:
        risk = words.money(case.at_risk, case.currency)
        word = "at risk" if case.is_open else "was at risk"
        shown.append({"value": risk, "shape": "risk" if case.is_open else "good", "word": word})
    return shown


def _waiting(case: ExceptionCase) -> list[dict[str, Any]]:
    found = waiting.of(case.endpoint_id)
    shown = [{"value": number(found.documents), "shape": "waiting", "word": "waiting for it"}]
    return shown + [
        {"value": words.money(amount, currency), "shape": "risk", "word": "in orders waiting"}
        for currency, amount in found.worth[:2]
    ]


def _counted(summary: Summary) -> dict[str, str]:
    shape, word = ("bad", "held") if summary.held else ("risk", "noted")
    return {"value": number(summary.documents), "shape": shape, "word": word}
