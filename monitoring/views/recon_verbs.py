"""What is done with reconciliations: made, run, run again, changed."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from monitoring.domain import reconcile_define, reconcile_run
from monitoring.models import Reconciliation, ReconRun, ReconVersion
from monitoring.reconcile import DefinitionError
from monitoring.views import recon_run, words
from monitoring.views.recon_forms import BooksForm, NewForm, ScheduleForm
from monitoring.views.reconciliation import form_of, load, page
from portal.accounts.rules import requires


@requires("recon.edit")
def new(request: HttpRequest) -> HttpResponse:
    form = NewForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        content = reconcile_define.usual(given["customer"], given["kind"]) or {}
        try:
            made = reconcile_define.create(
                given["customer"],
                label=given["label"],
                content=content,
                actor=request.user.name,  # type: ignore[union-attr]
            )
        except DefinitionError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, f"{made.label} runs {_when(made)}when you say so")
            return redirect(f"/reconciliation/{made.pk}/")
    context = {"form": form, "crumbs": [{"label": "Reconciliation", "url": "/reconciliation/"},
                                        {"label": "new", "url": ""}]}  # fmt: skip
    return render(request, "monitoring/recon_new.html", context, status=422 if form.errors else 200)


def _when(made: Reconciliation) -> str:
    at = reconcile_define.next_of(made)
    return f"next at {words.coming(at)}, and " if at else ""


@requires("recon.work")
@require_POST
def begin(request: HttpRequest, pk: int) -> HttpResponse:
    """Compare now."""
    one = load(pk)
    run = reconcile_run.begin(one, ReconRun.Trigger.PERSON, actor=request.user.name)  # type: ignore[union-attr]
    if run is None:
        return page(request, one, refused="A run is under way. Wait for it to end.", status=409)
    return redirect(f"/reconciliation/runs/{run.pk}/")


@requires("recon.edit")
@require_POST
def schedule(request: HttpRequest, pk: int) -> HttpResponse:
    one, form = load(pk), ScheduleForm(request.POST)
    if not form.is_valid():
        return page(request, one, schedule=form, status=422)
    given = form.cleaned_data
    reconcile_define.reschedule(
        one.pk, hourly=given["hourly"], nightly_at=given["nightly_at"], enabled=given["enabled"]
    )
    messages.success(request, f"{one.label} runs like this from now on")
    return redirect(f"/reconciliation/{pk}/")


@requires("recon.edit")
@require_POST
def limits(request: HttpRequest, pk: int) -> HttpResponse:
    """A new version with other limits."""
    one = load(pk)
    form = form_of(one)(request.POST)
    if not form.is_valid():
        return page(request, one, limits=form, status=422)
    version = ReconVersion.objects.get(reconciliation=one, version=one.version)
    written = _books_of if isinstance(form, BooksForm) else _content_of
    content = {**version.content, **written(form.cleaned_data, version.content)}
    changed = reconcile_define.change(one.pk, content, actor=request.user.name)  # type: ignore[union-attr]
    messages.success(request, f"Version {changed.version} holds from the next run on")
    return redirect(f"/reconciliation/{pk}/")


def _books_of(given: dict[str, Any], before: dict[str, Any]) -> dict[str, Any]:
    return {
        "value_limit": str(given["value_limit"]),
        "agreeing_runs": given["agreeing_runs"],
        "settle_minutes": given["settle_days"] * 24 * 60,
    }


def _content_of(given: dict[str, Any], before: dict[str, Any]) -> dict[str, Any]:
    tolerances = {
        **before["tolerances"],
        "piece": {"share": "0", "least": f"{given['piece'] or 0:f}"},
        "weight": {"share": f"{given['weight_share'] / 100:f}", "least": "1"},
    }
    return {
        "value_limit": str(given["value_limit"]),
        "interval_minutes": given["interval_minutes"],
        "agreeing_runs": given["agreeing_runs"],
        "tolerances": tolerances,
    }


@requires("recon.work")
@require_POST
def repeat(request: HttpRequest, pk: int) -> HttpResponse:
    """Make a run again from what it kept, to see that it finds the same."""
    run = recon_run.load(pk)
    made = reconcile_run.begin(
        run.reconciliation,
        ReconRun.Trigger.REPEAT,
        of=run.of or run,
        actor=request.user.name,  # type: ignore[union-attr]
    )
    if made is None:
        return recon_run.page(
            request, run, refused="A run is under way. Wait for it to end.", status=409
        )
    return redirect(f"/reconciliation/runs/{made.pk}/")
