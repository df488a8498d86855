"""Flows: records of one type from one endpoint to another."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from integrations.models import Flow, MappingVersion
from integrations.queries import flow_traffic
from integrations.queries.endpoint_health import Queue
from integrations.views import spoken
from integrations.views.endpoint_words import condition, object_words
from integrations.views.filters import customer_filter
from portal.accounts.rules import requires
from portal.core import clock
from portal.core.manner import number

MOST = 500


@requires("endpoints.view")
def flows(request: HttpRequest) -> HttpResponse:
    select, customer = customer_filter(request)
    found = Flow.objects.select_related("customer", "source", "target")
    if customer:
        found = found.filter(customer=customer)
    rows = _rows(list(found[:MOST]))
    clear = {"label": "Clear filters", "url": request.path}
    nothing = "No flow matches." if customer else "No flow yet: nothing goes anywhere."
    context = {
        "facts": [{"value": len(rows), "after": "flows"}],
        "filters": [select] if len(select["options"]) > 1 else [],
        "clear_url": request.path if customer else "",
        "flows": rows,
        "may_edit": request.user.may("mappings.edit"),  # type: ignore[union-attr]
        "empty": None if rows else {"text": nothing, "action": clear if customer else None},
    }
    return render(request, "integrations/flows.html", context)


def _rows(found: list[Flow]) -> list[dict[str, Any]]:
    midnight = timezone.localtime(clock.now()).replace(hour=0, minute=0, second=0, microsecond=0)
    queues, moved, mappings = flow_traffic.queues(), flow_traffic.moved(midnight), _mappings()
    return [
        {
            **_row(flow, queues.get(flow.pk, Queue())),
            "moved": number(moved.get(flow.pk, 0)),
            "mapping": mappings.get((flow.target_id, flow.object_type), ""),
        }
        for flow in found
    ]


def _mappings() -> dict[tuple[int, str], str]:
    """The newest own mapping out of each endpoint and type."""
    versions = MappingVersion.objects.filter(direction="out").order_by("version")
    return {
        (v.endpoint_id, v.object_type): f"{v.endpoint.slug} {v.object_type} v{v.version}"
        for v in versions.select_related("endpoint")
    }


def _row(flow: Flow, queue: Queue) -> dict[str, Any]:
    target = condition(flow.target)
    if not flow.enabled:
        shape, word = "snoozed", "off"
    elif target.rank <= 2:
        shape, word = target.shape, f"{flow.target.label}: {target.word}"
    else:
        shape, word = "good", "on"
    return {
        "text": f"{object_words(flow.object_type)}, {flow.source.label} → {flow.target.label}",
        "url": f"/endpoints/{flow.target.slug}/",
        "slug": flow.slug,
        "customer": flow.customer.name,
        "customer_slug": flow.customer.slug,
        "latency": latency(flow),
        "shape": shape,
        "word": word,
        "waiting": queue.waiting,
        "oldest": spoken.age(queue.oldest),
        "held": queue.held,
    }


def latency(flow: Flow) -> str:
    """When the flow's documents go."""
    when = "at once"
    if flow.latency == Flow.Latency.NEAR_REAL_TIME:
        when = f"every {flow.every_minutes} min"
    elif flow.latency == Flow.Latency.BATCH and flow.at_time:
        when = f"daily {flow.at_time:%H:%M}"
    return f"{when}, if routed there" if flow.routed else when
