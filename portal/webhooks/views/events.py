"""Which events there are, what they hold, and how a receiver knows that they are ours."""

import json
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from portal.accounts.rules import requires
from portal.webhooks.catalogue import EVENTS, EventType
from portal.webhooks.forms import grouped
from portal.webhooks.views import words


@requires("webhooks.manage")
def events(request: HttpRequest) -> HttpResponse:
    context = {
        "tabs": words.tabs("events"),
        "groups": [
            {"name": group, "events": [{"name": n, "says": s} for n, s in found]}
            for group, found in grouped()
        ],
    }
    return render(request, "webhooks/events.html", context)


@requires("webhooks.manage")
def event(request: HttpRequest, name: str) -> HttpResponse:
    """One type: its fields, an example, and its schema."""
    found = EVENTS.get(name)
    if found is None:
        raise Http404
    context = {
        "event": found,
        "fields": [
            {"name": field.name, "says": field.says, "type": _type(field.schema)}
            for field in found.fields
        ],
        "example": json.dumps(_example(found), indent=2, ensure_ascii=False),
        "schema": json.dumps(found.schema, indent=2, ensure_ascii=False),
    }
    return render(request, "webhooks/event.html", context)


def _type(schema: Any) -> str:
    if "enum" in schema:
        return " or ".join(schema["enum"])
    found = schema["type"]
    named = found if isinstance(found, str) else " or ".join(found)
    return f"{named}, {schema['format']}" if "format" in schema else named


def _example(found: EventType) -> dict[str, Any]:
    return {
        "type": found.name,
        "timestamp": "2026-03-02T13:58:04.120000+00:00",
        "data": dict(found.example),
    }
