"""What is firing, and who has it."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from integrations.views import spoken
from monitoring.domain import clocks
from monitoring.domain.alerts import acknowledging, rotas, texts
from monitoring.domain.states import NotNowError
from monitoring.models import Alert, Rota
from monitoring.queries import alerts as queries
from monitoring.views import alert_words, ticking
from portal.accounts.rules import requires
from portal.core import clock, panels
from portal.core.panels import Panel
from portal.tenants import mailing

BASE = "/alerts/"
SIZE = 100
NO_MAIL = "No mail server is set up for this house: people and lists of addresses are not told."


@requires("alerts.view")
def alerts(request: HttpRequest) -> HttpResponse:
    """What fires, current by itself while somebody looks."""
    context = {
        "tabs": tabs("alerts"),
        "panels": panels.shown(request, PANELS, base=BASE),
        "may_work": request.user.may("alerts.work"),  # type: ignore[union-attr]
        "on_call": _on_call(),
    }
    return render(request, "monitoring/alerts.html", context)


@requires("alerts.view")
def panel(request: HttpRequest, slug: str) -> HttpResponse:
    """What fires again, or nothing where it has not changed."""
    return panels.answer(request, PANELS, slug, base=BASE)


def _firing(request: HttpRequest) -> dict[str, Any]:
    """Every alert that is not over: those nobody has first."""
    found = list(queries.firing()[: SIZE + 1])
    shown = found[:SIZE]
    return {
        "alerts": _rows(shown),
        "more": len(found) > SIZE,
        "may_work": request.user.may("alerts.work"),  # type: ignore[union-attr]
        "notices": _notices(),
        "empty": None if shown else {"text": _nothing(), "action": None},
    }


PANELS = {"firing": Panel("", "monitoring/alerts_firing.html", _firing)}


def tabs(current: str) -> list[dict[str, Any]]:
    """The pages of alerts, as tabs."""
    return [
        {"label": label, "url": reverse(name), "count": None, "current": name == current}
        for name, label in alert_words.TABS
    ]


def _rows(shown: list[Alert]) -> list[dict[str, Any]]:
    told, coming, running = queries.told(shown), queries.next_steps(shown), _clocks(shown)
    return [
        {
            "pk": alert.pk,
            "at_risk": _at_risk(alert),
            "clock": running.get(alert.case_id),
            "title": alert.title,
            "url": _address(alert),
            "case": alert.case.label if alert.case else "",
            "where": alert_words.where(alert),
            "severity": f"S{alert.severity}",
            "holder": alert_words.holder(alert),
            "free": alert.acknowledged_at is None,
            "came_back": alert.came_back,
            "since": spoken.moment(alert.raised_at),
            "told": _told(told.get(alert.pk)),
            "failed": bool(told.get(alert.pk) and told[alert.pk].failed),
            "next": spoken.moment(coming[alert.pk]) if alert.pk in coming else "",
            "facts": alert.facts.get("lines", ()),
        }
        for alert in shown
    ]


def _clocks(shown: list[Alert]) -> dict[int | None, dict[str, Any]]:
    """How long each case may still take, by its number."""
    cases = [alert.case for alert in shown if alert.case and alert.case.is_open]
    return {
        case.pk: ticking.clock_context(
            found.resolve, customer=case.customer.name, reason=case.waiting_reason
        )
        for case, found in zip(cases, clocks.of(cases), strict=True)
    }


def _at_risk(alert: Alert) -> str:
    case = alert.case
    return spoken.money(case.at_risk, case.currency) if case and case.at_risk else ""


def _address(alert: Alert) -> str:
    """Its case; of a limit what was sent about it."""
    if alert.case_id:
        return texts.address(alert)
    return f"{reverse('alert-log')}?alert={alert.pk}"


def _told(found: queries.Told | None) -> str:
    if found is None or not found.sent:
        return "nobody yet"
    return spoken.counted(found.sent, "message")


def _notices() -> list[dict[str, str]]:
    """What keeps people from being told."""
    no_mail = [{"text": NO_MAIL, "url": ""}] if not mailing.goes_out() else []
    return no_mail + [
        {
            "text": f"{channel.name} takes nothing since {spoken.moment(channel.failing_since)}:"
            f" {channel.last_error}",
            "url": reverse("alert-channel", args=[channel.pk]),
        }
        for channel in queries.failing()
    ]


def _on_call() -> list[dict[str, str]]:
    """Who is on call now, by rota."""
    now = clock.now()
    names = dict(Rota.objects.values_list("pk", "name"))
    return [
        {"rota": names[pk], "url": reverse("rota", args=[pk]), "person": _name(one.on_call(now))}
        for pk, one in rotas.load().items()
    ]


def _name(person: Any) -> str:
    return str(person.name) if person else "nobody"


def _nothing() -> str:
    last = queries.last_over()
    if last is None:
        return "Nothing fires, and nothing ever did."
    return f"Nothing fires. The last alert was over {spoken.moment(last)}."


@requires("alerts.work")
@require_POST
def acknowledge(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that one has it."""
    if not Alert.objects.filter(pk=pk).exists():
        raise Http404
    person: Any = request.user
    try:
        alert = acknowledging.acknowledge(pk, actor=person.name)
    except NotNowError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, f"{alert.title[:120]}: you have it. Nobody is told again.")
    return redirect("alerts")
