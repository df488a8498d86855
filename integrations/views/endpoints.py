"""Endpoints with their health, worst first."""

from datetime import datetime
from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from integrations.connectors import registry
from integrations.models import Endpoint
from integrations.queries import case_links, endpoint_health
from integrations.queries.endpoint_health import Queue, Speed
from integrations.views import spoken
from integrations.views.endpoint_words import condition
from integrations.views.filters import search, whose_filter
from portal.accounts.rules import requires
from portal.core.manner import number

MOST = 500


@requires("endpoints.view")
def endpoints(request: HttpRequest) -> HttpResponse:
    select, whose = whose_filter(request)
    text = request.GET.get("q", "").strip()
    found = whose.of(Endpoint.objects.select_related("customer"))
    if text:
        found = found.filter(
            Q(label__icontains=text) | Q(slug__icontains=text) | Q(customer__name__icontains=text)
        )
    rows = _rows(list(found[:MOST]))
    down = sum(row["rank"] < 2 or row["case"] is not None for row in rows)
    context = {
        "facts": [
            {"value": len(rows), "after": "endpoints"},
            *([{"value": down, "after": "need a look"}] if down else []),
        ],
        "filters": [select],
        "search": search(request, "Endpoint, customer"),
        "clear_url": request.path if whose or text else "",
        "endpoints": rows,
        "empty": None if rows else _empty(request, filtered=bool(whose or text)),
    }
    return render(request, "integrations/endpoints.html", context)


def _rows(found: list[Endpoint]) -> list[dict[str, Any]]:
    ids = [endpoint.pk for endpoint in found]
    queues, speeds = endpoint_health.queues(ids), endpoint_health.speeds(ids)
    held, cases = endpoint_health.held_counts(ids), case_links.of_endpoints(ids)
    received = endpoint_health.last_received(ids)
    rows = [
        {
            **_row(
                e, queues.get(e.pk, Queue()), speeds.get(e.pk, Speed()), received=received.get(e.pk)
            ),
            "errors": held.get(e.pk, 0),
            "case": cases.get(e.pk),
        }
        for e in found
    ]
    return sorted(rows, key=_worst_first)


def _worst_first(row: dict[str, Any]) -> tuple[Any, ...]:
    """What does not work, then what somebody must look at, then the rest."""
    return row["rank"] >= 2, row["case"] is None, row["rank"], -row["queue"], row["name"]


def _row(
    endpoint: Endpoint, queue: Queue, speed: Speed, *, received: datetime | None
) -> dict[str, Any]:
    now = condition(endpoint, received=received)
    return {
        "rank": now.rank,
        "name": endpoint.label,
        "url": f"/endpoints/{endpoint.slug}/",
        "customer": endpoint.customer.name,
        "connector": registry.get(endpoint.connector).manifest.label,
        "shape": now.shape,
        "word": now.word,
        "since": now.since,
        "last_good": spoken.moment(endpoint.last_good_at) or "none",
        "queue": queue.waiting,
        "oldest": spoken.age(queue.oldest),
        "held": queue.held,
        "limit": f"{endpoint.rate_per_second:g}",
        "p50": milliseconds(speed.p50),
        "p95": milliseconds(speed.p95),
    }


def milliseconds(value: int | None) -> str:
    return "none" if value is None else number(value)


def _empty(request: HttpRequest, *, filtered: bool) -> dict[str, Any]:
    if filtered:
        action = {"label": "Clear filters", "url": request.path}
        return {"text": "No endpoint matches.", "action": action}
    return {"text": "No system is connected yet.", "action": None}
