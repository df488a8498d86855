"""The evidence of one silence: what was expected, what came, since when, and probably why."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from integrations.views import spoken
from monitoring.expect import words
from monitoring.models import Silence
from monitoring.views import expectation_words
from monitoring.views.words import objects
from portal.accounts.rules import requires

_PARTIES = {"us": "us", "third_party": "the other side", "nobody": "nobody"}


@requires("expectations.view")
def silence(request: HttpRequest, pk: int) -> HttpResponse:
    found = (
        Silence.objects.select_related("case", "expectation__customer", "expectation__endpoint")
        .filter(pk=pk)
        .first()
    )
    if found is None:
        raise Http404
    one = found.expectation
    context = {
        "title": found.title,
        "customer": one.customer.name,
        "expectation": {"name": expectation_words.name(one), "url": f"/expectations/{one.pk}/"},
        "status": _status(found),
        "decided": found.decided,
        "said": found.said if found.said != found.decided else "",
        "seen_at": spoken.moment(found.seen_at),
        "facts": _facts(found),
        "causes": [_cause(cause) for cause in found.causes],
        "together": _together(found),
    }
    return render(request, "monitoring/silence.html", context)


def _status(found: Silence) -> dict[str, str]:
    if found.ended_at is None:
        return {"shape": "bad", "word": "goes on"}
    return {"shape": "good", "word": "over"}


def _facts(found: Silence) -> list[dict[str, str]]:
    facts = [
        {"label": "Since", "value": spoken.moment(found.began_at)},
        {"label": "Could be told", "value": spoken.moment(found.window_ended_at)},
        {"label": "Found", "value": spoken.moment(found.found_at)},
    ]
    if found.ended_at:
        lasted = words.span_words(found.ended_at - found.began_at)
        facts.append(
            {"label": "Ended", "value": f"{spoken.moment(found.ended_at)}, after {lasted}"}
        )
    if found.documents:
        worth = spoken.money(found.at_risk, found.currency) if found.at_risk else ""
        value = ", ".join(filter(None, (objects(found.documents, ""), worth)))
        facts.append({"label": "Waiting", "value": value})
    if found.case:
        facts.append(
            {"label": "Case", "value": found.case.label, "url": f"/cases/{found.case_id}/"}
        )
    return facts


def _cause(cause: dict[str, Any]) -> dict[str, Any]:
    return {**cause, "whose": _PARTIES.get(cause["party"], "")}


def _together(found: Silence) -> list[dict[str, str]]:
    """What fell silent with it and is one case with it."""
    others = Silence.objects.filter(fingerprint=found.fingerprint, ended_at=None)
    rest = others.exclude(pk=found.pk).select_related("expectation__endpoint")
    return [
        {"title": one.title, "said": one.decided, "url": f"/expectations/silences/{one.pk}/"}
        for one in rest[:20]
    ]
