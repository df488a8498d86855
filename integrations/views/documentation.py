"""A customer's whole integration on paper, from the live configuration and nothing else."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from integrations.connectors import registry
from integrations.contracts.lines import KINDS, lines_of
from integrations.domain import configuration, differences, history, subjects
from integrations.domain.configuration import Configuration
from integrations.domain.subjects import Content, Subject
from integrations.mapping import Row
from integrations.mapping.form import describe, read_form
from integrations.models import Endpoint, Flow, Kind, LookupTable, Version
from integrations.routing.lines import write_actions, write_conditions
from integrations.views import change_words, spoken
from integrations.views.endpoint import shown_settings
from integrations.views.endpoint_words import object_words
from integrations.views.flows import latency
from integrations.views.pickup_form import pickup_words
from portal.accounts.rules import requires
from portal.core import clock
from portal.customers.models import Customer

MOST_ROWS, MOST_LINES, MOST_VERSIONS = 200, 200, 40


@requires("endpoints.view")
def documentation(request: HttpRequest, slug: str) -> HttpResponse:
    customer = Customer.objects.filter(slug=slug).first()
    if customer is None:
        raise Http404
    contents = subjects.live(customer)
    history.keep(customer.pk, contents)
    config = configuration.of(customer.pk)
    context = {
        "customer": customer,
        "at": spoken.moment(clock.now()),
        "endpoints": _endpoints(customer),
        "flows": _flows(customer),
        "mappings": _mappings(config),
        "lookups": [_lookup(s, c) for s, c in contents.items() if s.kind == Kind.LOOKUP],
        "rules": _rules(contents.get(Subject(customer.pk, Kind.RULES, ""))),
        "schemas": [
            _schema(s, c) for s, c in contents.items() if s.kind in (Kind.CONTRACT, Kind.EXTENSION)
        ],
        "versions": _versions(customer),
    }
    return render(request, "integrations/documentation.html", context)


def _endpoints(customer: Customer) -> list[dict[str, Any]]:
    return [
        {
            "label": endpoint.label,
            "connector": registry.get(endpoint.connector).manifest.label,
            "state": endpoint.get_state_display(),
            "site": endpoint.site,
            "pickup": pickup_words(endpoint),
            "settings": shown_settings(endpoint, registry.get(endpoint.connector), whole=True),
        }
        for endpoint in Endpoint.objects.filter(customer=customer)
        .select_related("customer")
        .order_by("label")
    ]


def _flows(customer: Customer) -> list[dict[str, Any]]:
    found = Flow.objects.filter(customer=customer).select_related("source", "target")
    return [
        {
            "noun": object_words(flow.object_type),
            "source": flow.source.label,
            "target": flow.target.label,
            "when": latency(flow) if flow.enabled else "switched off",
            "drift": flow.get_drift_display(),
        }
        for flow in found
    ]


def _mappings(config: Configuration) -> list[dict[str, Any]]:
    """The mappings that flows use, each once."""
    used = {
        (endpoint_id, flow.object_type, direction)
        for flow in config.flows
        for endpoint_id, direction in ((flow.source_id, "in"), (flow.target_id, "out"))
    }
    made = [_mapping(config, *place) for place in used]
    return sorted((one for one in made if one["rows"]), key=lambda one: str(one["title"]))


def _mapping(
    config: Configuration, endpoint_id: int, object_type: str, direction: Any
) -> dict[str, Any]:
    key = subjects.mapping_key(config.endpoints[endpoint_id].slug, object_type, direction)
    mapped = config.mapping(endpoint_id, object_type, direction)
    own = mapped is not None and key in mapped.name
    return {
        "title": change_words.subject_title(Kind.MAPPING, key).partition(": ")[2],
        "version": mapped.name.rpartition(" ")[2] if own and mapped else "the connector's default",
        "rows": [_row(row) for row in config.rows(endpoint_id, object_type, direction)],
    }


def _row(row: Row) -> dict[str, str]:
    return {"target": row.target, "words": describe(read_form(row))}


def _lookup(subject: Subject, content: Content) -> dict[str, Any]:
    rows = list(content["rows"].items())
    return {
        "name": subject.key,
        "shared": subject.customer_id is None,
        "default": LookupTable.Default(content["default"]).label,
        "default_value": content["default_value"],
        "count": len(rows),
        "rows": rows[:MOST_ROWS],
        "more": max(0, len(rows) - MOST_ROWS),
    }


def _rules(content: Content | None) -> list[dict[str, Any]]:
    return [
        {
            "n": rule["n"],
            "when": write_conditions(rule["if"]).splitlines() or ["every order"],
            "then": write_actions(rule["then"]).splitlines(),
        }
        for rule in (content["rules"] if content else [])
    ]


def _schema(subject: Subject, content: Content) -> dict[str, Any]:
    lines = lines_of(content["schema"])
    return {
        "title": change_words.subject_title(subject.kind, subject.key),
        "lines": [{**line._asdict(), "kind": KINDS[line.kind]} for line in lines[:MOST_LINES]],
        "more": max(0, len(lines) - MOST_LINES),
    }


def _versions(customer: Customer) -> list[dict[str, Any]]:
    shown = Version.objects.filter(customer=customer, kind__in=differences.NOUNS)
    return [
        {
            "title": change_words.subject_title(version.kind, version.key),
            "number": f"v{version.number}",
            "at": spoken.moment(version.at),
            "author": version.author or "found changed",
            "cause": version.cause,
        }
        for version in shown.order_by("-id")[:MOST_VERSIONS]
    ]
