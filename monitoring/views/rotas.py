"""On call: who is, who is next, taking over and swapping."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from integrations.views.spoken import counted
from monitoring.alerting.rota import Shift
from monitoring.domain.alerts import receivers, rotas
from monitoring.domain.alerts.rotas import NoSwapError, Turns
from monitoring.models import AlertStep, Rota, RotaSwap
from monitoring.rota_forms import RotaForm, SwapForm
from monitoring.views import alert_words
from monitoring.views.alerts import tabs
from portal.accounts.rules import requires
from portal.core import clock, manner
from portal.customers.calendar import as_time

_AHEAD = timedelta(days=28)


@requires("alerts.view")
def on_call(request: HttpRequest) -> HttpResponse:
    """Every rota: who is on call now, and who is next."""
    turns = rotas.load()
    context = {
        "tabs": tabs("rotas"),
        "may_edit": request.user.may("alerts.edit"),  # type: ignore[union-attr]
        "may_work": request.user.may("alerts.work"),  # type: ignore[union-attr]
        "rotas": [_row(rota, turns[rota.pk], request.user) for rota in Rota.objects.all()],
    }
    return render(request, "monitoring/rotas.html", context)


def _row(rota: Rota, turns: Turns, reader: Any) -> dict[str, Any]:
    now = clock.now()
    person, coming = turns.on_call(now), turns.coming(now)
    return {
        "pk": rota.pk,
        "url": reverse("rota", args=[rota.pk]),
        "name": rota.name,
        "how": _how(rota),
        "now": person.name if person else "nobody",
        "gap": _gap(person),
        "is_reader": person == reader,
        "next": turns.people[coming.person].name if coming else "nobody else",
        "from": _when(coming.begins) if coming else "",
    }


def _gap(person: Any) -> str:
    if person is None:
        return "Nobody is told."
    why = receivers.missing(person)
    return f"{why} Nobody is told." if why else ""


def _how(rota: Rota) -> str:
    day = f"on {rota.first_on:%A}s" if rota.every == Rota.Every.WEEKLY else "every day"
    return f"{day} at {as_time(rota.minute)}, {alert_words.zone(rota.time_zone)}"


def _when(at: Any) -> str:
    """Shifts are weeks ahead: a weekday alone would mislead."""
    local = timezone.localtime(at)
    day = manner.day(local.date(), with_year=False)
    return f"{manner.weekday(local)} {day} {manner.time(local)}"


@requires("alerts.view")
def rota(request: HttpRequest, pk: int) -> HttpResponse:
    """One rota: its next four weeks, and the swaps in them."""
    return _page(request, get_object_or_404(Rota, pk=pk), SwapForm())


def _page(request: HttpRequest, found: Rota, form: SwapForm, *, status: int = 200) -> HttpResponse:
    turns = rotas.load(only=found.pk)[found.pk]
    now = clock.now()
    swaps = RotaSwap.objects.filter(rota=found, ends_at__gt=now).select_related("person")
    context = {
        "rota": _row(found, turns, request.user),
        "may_edit": request.user.may("alerts.edit"),  # type: ignore[union-attr]
        "may_work": request.user.may("alerts.work"),  # type: ignore[union-attr]
        "shifts": [_shift(one, turns, now) for one in turns.shifts(now, ahead=_AHEAD)],
        "members": ", ".join(turns.people[pk].name for pk in turns.rota.members),
        "swaps": [
            {
                "pk": one.pk, "person": one.person.name, "from": _when(one.begins_at),
                "until": _when(one.ends_at), "by": one.made_by,
            }
            for one in swaps
        ],
        "form": form,
        "zone": alert_words.zone(timezone.get_current_timezone_name()),
    }  # fmt: skip
    return render(request, "monitoring/rota.html", context, status=status)


def _shift(shift: Shift, turns: Turns, now: Any) -> dict[str, Any]:
    person = turns.people[shift.person]
    is_now = shift.begins <= now
    return {
        "person": person.name,
        "from": "now" if is_now else _when(shift.begins),
        "until": "and on" if shift.ends >= now + _AHEAD else _when(shift.ends),
        "gap": receivers.missing(person),
        "current": is_now,
    }


@requires("alerts.work")
@require_POST
def take_over(request: HttpRequest, pk: int) -> HttpResponse:
    """The reader is on call until the next handover."""
    found = get_object_or_404(Rota, pk=pk)
    try:
        swap = rotas.take_over(found, request.user)
    except NoSwapError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, f"You are on call until {_when(swap.ends_at)}.")
    return redirect("rota", pk=pk)


@requires("alerts.work")
@require_POST
def swap(request: HttpRequest, pk: int) -> HttpResponse:
    """Somebody else is on call for a span."""
    found = get_object_or_404(Rota, pk=pk)
    form = SwapForm(request.POST)
    if not form.is_valid():
        return _page(request, found, form, status=422)
    given, reader = form.cleaned_data, request.user
    try:
        rotas.swap(
            found,
            given["person"],
            begins_at=given["begins_at"] or clock.now(),
            ends_at=given["ends_at"],
            by=reader.name,  # type: ignore[union-attr]
        )
    except NoSwapError as error:
        form.add_error("ends_at", str(error))
        return _page(request, found, form, status=422)
    messages.success(request, f"{given['person'].name} is on call then.")
    return redirect("rota", pk=pk)


@requires("alerts.work")
@require_POST
def undo_swap(request: HttpRequest, pk: int, swap_pk: int) -> HttpResponse:
    """Take a swap back."""
    get_object_or_404(RotaSwap, pk=swap_pk, rota=pk).delete()
    return redirect("rota", pk=pk)


@requires("alerts.edit")
def new(request: HttpRequest) -> HttpResponse:
    """A new rota."""
    return _edit(request, Rota())


@requires("alerts.edit")
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """A rota and its people."""
    return _edit(request, get_object_or_404(Rota, pk=pk))


def _edit(request: HttpRequest, found: Rota) -> HttpResponse:
    title = f"Edit {found.name}" if found.pk else "New rota"
    back = reverse("rota", args=[found.pk]) if found.pk else reverse("rotas")
    given = request.POST if request.method == "POST" else None
    zone = request.tenant.time_zone  # type: ignore[attr-defined]
    form = RotaForm(given, rota=found, zone=zone)
    if given is not None and form.is_valid():
        kept = rotas.put(form.apply(), members=form.members())
        return redirect("rota", pk=kept.pk)
    context = {
        "form": form,
        "title": title,
        "crumb": {"label": "On call", "url": back},
        "delete_url": f"{reverse('rota', args=[found.pk])}delete/" if found.pk else "",
    }
    status = 422 if form.errors else 200
    return render(request, "monitoring/alert_edit.html", context, status=status)


@requires("alerts.edit")
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Asks first: the steps that call it go with it."""
    found = get_object_or_404(Rota, pk=pk)
    if request.method == "POST":
        found.delete()
        return redirect("rotas")
    steps = AlertStep.objects.filter(rota=found).count()
    back = reverse("rota", args=[pk])
    context = {
        "question": f"Delete the rota {found.name}?",
        "verb": "Delete the rota",
        "danger_text": f"{counted(steps, 'step')} of rules would go with it.",
        "back_url": back,
        "crumbs": [{"label": found.name, "url": back}],
    }
    return render(request, "asks_first.html", context)
