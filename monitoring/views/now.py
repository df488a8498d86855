"""What burns now: queues, clocks, promises and the pace of documents, renewed while somebody looks."""

from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from integrations.queries import endpoint_health, pressure, volumes
from integrations.queries.pressure import Pressure
from integrations.queries.windows import Window, outward
from integrations.views import spoken, traffic_charts
from integrations.views.endpoint_words import condition
from monitoring.models import ExceptionCase
from monitoring.queries import burning
from monitoring.queries.burning import Severity
from portal.accounts.rules import requires
from portal.core import clock, panels
from portal.core.charts.shown import shown
from portal.core.manner import number
from portal.core.panels import Panel

BASE = "/now/"
SIX_HOURS = timedelta(hours=6)
MOST_QUEUES = 30


def _budgets(_: HttpRequest) -> dict[str, Any]:
    return {"cases": [_budget(case) for case in burning.budgets()]}


def _budget(case: ExceptionCase) -> dict[str, Any]:
    lines = case.evidence.get("lines", [])
    return {
        "label": case.label,
        "url": f"/cases/{case.pk}/",
        "severity": f"S{case.severity}",
        "title": case.title,
        "customer": case.customer.name,
        "said": lines[0][1] if lines else "",
        "since": spoken.age(case.began_at),
    }


def _cases(_: HttpRequest) -> dict[str, Any]:
    rows = [_severity(row) for row in burning.by_severity(clock.now())]
    return {"rows": rows, "total": sum(row["cases"] for row in rows)}


def _severity(row: Severity) -> dict[str, Any]:
    now = clock.now()
    return {
        "severity": f"S{row.severity}",
        "url": f"/desk/?severity={row.severity}",
        "cases": row.cases,
        "documents": number(row.documents),
        "late": row.late,
        "soon": row.soon,
        "paused": row.paused,
        "next": spoken.span(row.next_due - now) if row.next_due else "none",
        "oldest": spoken.age(row.oldest),
    }


def _queues(_: HttpRequest) -> dict[str, Any]:
    found = pressure.pressures(clock.now())
    return {
        "rows": [_queue(one) for one in found[:MOST_QUEUES]],
        "more": max(len(found) - MOST_QUEUES, 0),
    }


def _queue(one: Pressure) -> dict[str, Any]:
    now = condition(one.endpoint)
    return {
        "name": one.endpoint.label,
        "slug": one.endpoint.slug,
        "url": f"/endpoints/{one.endpoint.slug}/",
        "customer": one.endpoint.customer.name,
        "shape": now.shape,
        "word": now.word,
        "waiting": number(one.queue.waiting),
        "oldest": spoken.age(one.queue.oldest) or "none",
        "held": number(one.queue.held),
        "held_url": f"/desk/?endpoint={one.endpoint.slug}" if one.queue.held else "",
        "retried": number(one.hour.retried),
        "sent": number(one.hour.sent),
    }


def _pace(_: HttpRequest) -> dict[str, Any]:
    end = outward(clock.now(), clock.now()).end
    window = Window(end - SIX_HOURS, end)
    sums = volumes.series(window, level=0).get((), {})
    return {"chart": shown(traffic_charts.throughput(sums, window))}


def _latency(request: HttpRequest) -> dict[str, Any]:
    way = request.GET.get("way", "out")
    way = way if way in traffic_charts.WAYS else "out"
    window = endpoint_health.day(clock.now())
    delays = volumes.delays(window, kind=way).get((), {})
    return {
        "chart": shown(traffic_charts.latency(delays, window, way=way)),
        "ways": [
            {"label": words, "url": f"{BASE}?way={one}#panel-latency", "current": one == way}
            for one, words in traffic_charts.WAYS.items()
        ],
    }


PANELS = {
    "budgets": Panel("Promises at risk", "monitoring/now/budgets.html", _budgets),
    "cases": Panel("Open cases", "monitoring/now/cases.html", _cases),
    "queues": Panel("Queues", "monitoring/now/queues.html", _queues),
    "pace": Panel("Pace", "monitoring/now/pace.html", _pace),
    "latency": Panel("Time on the way", "monitoring/now/latency.html", _latency),
}


@requires("desk.view")
def now(request: HttpRequest) -> HttpResponse:
    return render(
        request, "monitoring/now.html", {"panels": panels.shown(request, PANELS, base=BASE)}
    )


@requires("desk.view")
def panel(request: HttpRequest, slug: str) -> HttpResponse:
    """One panel again, or nothing where it has not changed."""
    return panels.answer(request, PANELS, slug, base=BASE)
