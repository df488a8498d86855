"""Other terms for a promise: tried on the evidence there is, and made a new version."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from monitoring import slo
from monitoring.domain import measure, objectives
from monitoring.domain.objectives import NotPromisedError
from monitoring.promise_forms import ChangeForm, TermsForm
from monitoring.views import promise_words as words
from monitoring.views.service_level import Shown, load
from portal.accounts.rules import requires
from portal.core import clock


@requires("promises.view")
def what_if(request: HttpRequest, slug: str, sli: str) -> HttpResponse:
    """The figures of a window as promised and under other terms, side by side. Nothing is kept."""
    shown = load(slug, sli, request.GET.get("month", ""))
    promise = shown.objective.promise
    asked = "target" in request.GET
    form = TermsForm(request.GET if asked else None, promise=promise)
    compared, refused = None, ""
    if asked and form.is_valid():
        try:
            compared = _compare(shown, form)
        except slo.ObjectiveError as error:
            refused = " ".join(text for _, text in error.problems)
    context = {
        "customer": shown.customer,
        "address": f"/service-levels/{slug}/{sli}/",
        "title": promise.title,
        "month": request.GET.get("month", ""),
        "window": words.window(shown.window, shown.customer.time_zone),
        "form": form,
        "refused": refused,
        "compared": compared,
    }
    status = 422 if refused or (asked and not form.is_valid()) else 200
    return render(request, "monitoring/service_level_what_if.html", context, status=status)


def _compare(shown: Shown, form: TermsForm) -> list[dict[str, str]]:
    now = clock.now()
    case = measure.case(shown.customer, shown.objective, shown.window, now=now)
    is_now, would_be = case.what_if(shown.window, now, **form.terms)
    both = [words.of_result(is_now), words.of_result(would_be)]
    return [
        {"label": label, "is_now": both[0][name], "would_be": both[1][name]}
        for name, label in words.RESULT_LINES
    ]


@requires("promises.edit")
def change(request: HttpRequest, slug: str, sli: str) -> HttpResponse:
    """Promise something else: a new version, who and why."""
    shown = load(slug, sli)
    promise = shown.objective.promise
    newest = objectives.coming(shown.customer.pk, sli, clock.now()) or shown.objective
    form = ChangeForm(
        request.POST or None,
        promise=promise,
        version=newest.version,
        windows=words.choices(promise.window, shown.customer.time_zone),
    )
    refused = ""
    if request.method == "POST" and form.is_valid():
        try:
            made = _change(shown, form, request.user)
        except (NotPromisedError, slo.ObjectiveError) as error:
            refused = _sentence(error)
        else:
            messages.success(request, f"{promise.title}: version {made.version} is promised")
            return redirect(
                f"/service-levels/{slug}/{sli}/" if made.promised else "/service-levels/"
            )
    context = {
        "customer": shown.customer,
        "address": f"/service-levels/{slug}/{sli}/",
        "title": promise.title,
        "form": form,
        "refused": refused,
        "coming": newest if newest != shown.objective else None,
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "monitoring/service_level_change.html", context, status=status)


def _change(shown: Shown, form: ChangeForm, person: Any) -> Any:
    given = form.cleaned_data
    shown.objective.version = given["version"]
    promise = objectives.changed(
        shown.objective.promise, judged_by=given["judged_by"], **form.terms
    )
    window = promise.window.of(clock.now())
    return objectives.change(
        shown.objective,
        promise,
        since=window.begins if given["since"] == "running" else window.ends,
        why=given["why"],
        person=person,
        promised=not given["withdraw"],
    )


def _sentence(error: NotPromisedError | slo.ObjectiveError) -> str:
    if isinstance(error, slo.ObjectiveError):
        return " ".join(text for _, text in error.problems)
    return str(error)
