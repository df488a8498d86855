"""Erasing a person's data: whom to look for, what was found, a yes, and the certificate."""

import json
from typing import Any, Final

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from integrations.views import spoken
from portal.accounts.models import Person
from portal.accounts.rules import requires
from portal.customers.models import Customer
from portal.privacy.domain import erasing, eyes
from portal.privacy.forms import PersonForm
from portal.privacy.models import Erasure
from portal.privacy.views import table_words

_MOST: Final = 100
TYPED: Final = "erase"
_SHAPES: Final = {
    "looking": "work", "found": "waiting", "erasing": "work", "done": "good", "partly": "risk",
    "dropped": "snoozed",
}  # fmt: skip


@requires("privacy.erase")
def erasures(request: HttpRequest) -> HttpResponse:
    """Those there were; a POST looks for a person."""
    form = PersonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = erasing.ask(
                form.terms(), reason=form.cleaned_data["reason"], by=_person(request),
                one_word_name=form.cleaned_data["one_word"],
            )  # fmt: skip
        except erasing.RefusedError as error:
            form.add_error(None, str(error))
        else:
            return redirect("erasure", pk=made.pk)
    context = {
        "form": form,
        "erasures": [_row(one) for one in Erasure.objects.order_by("-pk")[:_MOST]],
    }
    return render(request, "privacy/erasures.html", context, status=422 if form.errors else 200)


def _person(request: HttpRequest) -> Person:
    person: Person = request.user  # type: ignore[assignment]
    return person


def _row(one: Erasure) -> dict[str, Any]:
    return {
        "url": f"/erasure/{one.pk}/",
        "pseudonym": one.pseudonym,
        "state": _state(one),
        "asked": f"{one.asked_by}, {spoken.moment(one.asked_at)}",
        "reason": one.reason,
    }


def _state(one: Erasure) -> dict[str, str]:
    return {"shape": _SHAPES[one.state], "word": one.get_state_display()}


@requires("privacy.erase")
@require_safe
def erasure(request: HttpRequest, pk: int) -> HttpResponse:
    """What was found, or what became of it. While a lane works the page asks again."""
    one = get_object_or_404(Erasure, pk=pk)
    if request.htmx and one.state not in Erasure.UNDER_WAY:  # type: ignore[attr-defined]
        response = HttpResponse(status=200)
        response["HX-Refresh"] = "true"  # the head has changed, too
        return response
    waits = one.state == Erasure.State.FOUND
    names = Customer.objects.filter(pk__in=one.customers).order_by("name")
    context = {
        "erasure": one,
        "state": _state(one),
        "terms": one.terms,
        "facts": _facts(one, [customer.name for customer in names]),
        "progress": _progress(one),
        "found": [table_words.row(label, said) for label, said in sorted(one.found.items())],
        "people": [
            f"{person.name}, {person.email}" for person in (erasing.people(one) if waits else [])
        ],
        "hinders": erasing.hinders(one) if waits else [],
        "other": eyes.wanted(one, _person(request)) if waits else [],
        "waits": waits,
        "nothing": waits and not one.found,
        "is_over": one.state in (Erasure.State.DONE, Erasure.State.PARTLY),
    }
    return render(request, "privacy/erasure.html", context)


def _facts(one: Erasure, customers: list[str]) -> list[dict[str, str]]:
    facts = [
        {"label": "Asked by", "value": f"{one.asked_by}, {spoken.moment(one.asked_at)}"},
        {"label": "Why", "value": one.reason},
    ]
    if customers:
        facts.append({"label": "In the data of", "value": ", ".join(customers)})
    if one.agreed_by:
        facts.append({"label": "Agreed by", "value": one.agreed_by})
    if one.finished_at:
        facts.append({"label": "Ended", "value": spoken.moment(one.finished_at)})
    return facts


def _progress(one: Erasure) -> dict[str, Any] | None:
    if one.state not in Erasure.UNDER_WAY:
        return None
    word = "looked through" if one.state == Erasure.State.LOOKING else "done"
    return {
        "done": min(one.at_step, one.steps),
        "total": one.steps,
        "text": f"{min(one.at_step, one.steps)} of {one.steps} places {word}",
    }


@requires("privacy.erase")
@require_POST
def agree(request: HttpRequest, pk: int) -> HttpResponse:
    get_object_or_404(Erasure, pk=pk)
    if request.POST.get("typed", "").strip().lower() != TYPED:
        messages.error(request, f"Nothing was erased. Type {TYPED} to say that you mean it.")
        return redirect("erasure", pk=pk)
    try:
        erasing.agree(pk, by=_person(request))
    except erasing.RefusedError as error:
        messages.error(request, str(error))
    return redirect("erasure", pk=pk)


@requires("privacy.erase")
@require_POST
def drop(request: HttpRequest, pk: int) -> HttpResponse:
    get_object_or_404(Erasure, pk=pk)
    erasing.drop(pk)
    messages.success(request, "Nothing was erased, and whom it was about is forgotten")
    return redirect("erasures")


@requires("privacy.erase")
@require_safe
def certificate(request: HttpRequest, pk: int) -> HttpResponse:
    """As a file, to answer the person with."""
    one = get_object_or_404(Erasure, pk=pk)
    if not one.certificate:
        raise Http404
    text = json.dumps(one.certificate, ensure_ascii=False, indent=2)
    response = HttpResponse(text, content_type="application/json")
    response["Content-Disposition"] = f'attachment; filename="{one.pseudonym}.json"'
    return response
