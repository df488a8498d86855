"""One expectation: the last day beside what was expected, its silences, and what was agreed."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from integrations.views import spoken
from monitoring.domain import expectation_settings
from monitoring.domain.expecting_days import of_expectations
from monitoring.domain.expecting_known import side_of
from monitoring.domain.expecting_legs import lag_of
from monitoring.expect import words
from monitoring.expect.profile_json import profile_of
from monitoring.expectation_forms import ExpectationForm
from monitoring.models import Expectation, Silence
from monitoring.queries import awaiting
from monitoring.views import expectation_words, expected_hours
from portal.accounts.rules import requires
from portal.core import clock
from portal.core.manner import number
from portal.customers.durations import duration_text

MOST_SILENCES = 30


@requires("expectations.view")
def expectation(request: HttpRequest, pk: int) -> HttpResponse:
    one = load(pk)
    return _page(request, one, ExpectationForm(expectation=one))


@requires("expectations.edit")
def change(request: HttpRequest, pk: int) -> HttpResponse:
    one = load(pk)
    form = ExpectationForm(request.POST or None, expectation=one)
    if request.method != "POST":
        return redirect(f"/expectations/{pk}/")
    if not form.is_valid():
        return _page(request, one, form, status=422)
    actor = request.user.name  # type: ignore[union-attr]
    expectation_settings.change(one.pk, **form.terms(), actor=actor)
    messages.success(request, "It is expected so from now on")
    return redirect(f"/expectations/{pk}/")


def load(pk: int) -> Expectation:
    """The expectation, or 404."""
    found = Expectation.objects.select_related("customer", "endpoint", "flow").filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def _page(
    request: HttpRequest, one: Expectation, form: ExpectationForm, *, status: int = 200
) -> HttpResponse:
    hours = expected_hours.of([one], of_expectations([one]), now=clock.now()).get(one.pk)
    context = {
        "name": expectation_words.name(one),
        "customer": one.customer.name,
        "status": expectation_words.status(one),
        "said": one.said,
        "facts": _facts(one),
        "strip": expected_hours.strip(hours) if hours else None,
        "hours": expected_hours.table(hours) if hours else [],
        "silences": [silence_row(silence) for silence in _silences(one)],
        "may_edit": request.user.may("expectations.edit"),  # type: ignore[union-attr]
        "form": form,
        "changed": _changed(one),
        "pk": one.pk,
    }
    return render(request, "monitoring/expectation.html", context, status=status)


def _silences(one: Expectation) -> list[Silence]:
    return list(one.silences.select_related("case")[:MOST_SILENCES])


def silence_row(silence: Silence) -> dict[str, Any]:
    """One line of the history."""
    ended = silence.ended_at
    return {
        "url": f"/expectations/silences/{silence.pk}/",
        "began": spoken.moment(silence.began_at),
        "said": silence.said,
        "lasted": words.span_words(ended - silence.began_at) if ended else "goes on",
        "case": silence.case.label if silence.case else "",
        "case_url": f"/cases/{silence.case_id}/" if silence.case_id else "",
    }


def _facts(one: Expectation) -> list[dict[str, str]]:
    found = [("Expected", expectation_words.expected(one))]
    if one.last_at:
        found.append(("Last", spoken.moment(one.last_at)))
    if one.is_leg:
        found += _leg_facts(one)
    elif one.due_at:
        found.append(("Silent from", expectation_words.coming(one.due_at)))
    if one.learned_at:
        found.append(("Learned", f"{spoken.moment(one.learned_at)}{_from(one)}"))
    return [{"label": label, "value": value} for label, value in found]


def _leg_facts(one: Expectation) -> list[tuple[str, str]]:
    side = side_of(one)
    waits = awaiting.waiting([side], now=clock.now()).get(side, awaiting.Waiting())
    found = [("Waiting", f"{number(waits.documents)}, {number(waits.overdue)} past due")]
    if waits.next_due:
        found.append(("Next due", expectation_words.coming(waits.next_due)))
    lag = lag_of(one)
    if lag and lag.is_learned:
        found.append(("A single one", f"missing after {duration_text(round(lag.missing))}"))
    return found


def _from(one: Expectation) -> str:
    if one.profile:
        profile = profile_of(one.profile)
        return f", from {profile.weeks:.0f} weeks, {number(profile.events)} arrivals a month"
    return f", from {number(one.lag['legs'])} that were met" if one.lag else ""


def _changed(one: Expectation) -> str:
    if not one.changed_by:
        return ""
    return f"{one.changed_by}, {spoken.moment(one.changed_at)}: {one.reason}"
