"""An onboarded endpoint kept for the next customer, and a run begun from one."""

from typing import Any

from django.db import transaction

from integrations.connectors import registry
from integrations.domain import changes, flow_choices, onboarding
from integrations.domain.flow_choices import Choice
from integrations.models import (
    Contract,
    EndpointTemplate,
    Flow,
    LookupTable,
    MappingVersion,
    OnboardingRun,
)
from integrations.onboarding.template import export_template, read_template
from portal.core.redact import is_secret_name
from portal.customers.models import Customer

# What is a customer's own and is asked for again.
_OWN = frozenset({"host", "port", "user", "url", "path", "database"})


@transaction.atomic
def save(run: OnboardingRun, *, name: str, by: str) -> EndpointTemplate:
    """The next version of the template `name`, from a live endpoint. RefusedError before it is live."""
    if run.endpoint is None or run.live_at is None:
        raise onboarding.RefusedError("A template is made from an endpoint that is live.")
    text = export_template(_data(run, name))
    read_template(text)  # what we write, we must be able to read
    return keep(name, run.connector, text, by=by)


def keep(name: str, connector: str, text: str, *, by: str) -> EndpointTemplate:
    """Store a template's text as the next version of its name."""
    newest = EndpointTemplate.objects.filter(name=name).order_by("-version").first()
    return EndpointTemplate.objects.create(
        name=name[:80],
        version=newest.version + 1 if newest else 1,
        connector=connector,
        text=text,
        made_by=by[:80],
    )


def _data(run: OnboardingRun, name: str) -> dict[str, Any]:
    own = run.endpoint
    if own is None:
        raise onboarding.RefusedError("There is no endpoint.")
    declared = {setting.name: setting for setting in registry.get(own.connector).settings}
    return {
        "template": 1,
        "name": name,
        "connector": own.connector,
        "settings": {
            key: value
            for key, value in own.settings.items()
            if key in declared and key not in _OWN and key != "orders_since"
            and declared[key].kind != "url" and not is_secret_name(key)
        },
        "flows": [_flow(run, flow) for flow in flow_choices.flows_of(run)],
        "mappings": _mappings(run),
        "lookups": _lookups(run.customer),
        "contracts": [
            {"object": c.object_type, "schema": c.schema}
            for c in Contract.objects.filter(endpoint=own).order_by("object_type")
        ],
    }  # fmt: skip


def _flow(run: OnboardingRun, flow: Flow) -> dict[str, str]:
    object_type, direction, peer = _place_of(run, flow)
    return {
        "object": object_type,
        "direction": direction,
        "peer": peer,
        "latency": flow.latency,
        "drift": flow.drift,
    }


def _mappings(run: OnboardingRun) -> list[dict[str, Any]]:
    versions = MappingVersion.objects.filter(endpoint=run.endpoint).order_by(
        "object_type", "direction", "version"
    )
    newest = {(v.object_type, v.direction): v.rows for v in versions}
    return [
        {"object": object_type, "direction": direction, "rows": rows}
        for (object_type, direction), rows in newest.items()
    ]


def _lookups(customer: Customer) -> list[dict[str, Any]]:
    """Names and defaults; the rows are the customer's own words and stay with them."""
    tables = LookupTable.objects.filter(customer=customer).order_by("name")
    return [
        {"name": t.name, "default": t.default, "default_value": t.default_value, "rows": {}}
        for t in tables
    ]


@transaction.atomic
def begin_with(
    template: EndpointTemplate, customer: Customer, *, label: str, by: str
) -> OnboardingRun:
    """A run that starts from a template: its settings, mappings, contracts and lookups are there as
    soon as their steps come. TemplateError when the file does not fit this installation."""
    read_template(template.text)
    run = onboarding.begin(customer, template.connector, label=label, by=by)
    run.template = template
    run.save(update_fields=["template"])
    return run


def settings_of(run: OnboardingRun) -> dict[str, Any]:
    """What the template fills in before anything was entered."""
    return dict(read_template(run.template.text)["settings"]) if run.template else {}


def chosen_by(run: OnboardingRun, choices: list[Choice]) -> list[Choice]:
    """The choices with those of the template chosen, until the run's flows are settled."""
    if run.template is None or "flows" in run.done:
        return choices
    wanted = {_place(entry): entry for entry in read_template(run.template.text)["flows"]}
    return [choice._replace(chosen=_place_of(run, choice) in wanted) for choice in choices]


def latency_of(run: OnboardingRun, choice: Choice) -> str:
    """The template's latency class for a choice; "" where it says nothing."""
    if run.template is None:
        return ""
    entries = read_template(run.template.text)["flows"]
    found = (e["latency"] for e in entries if _place(e) == _place_of(run, choice))
    return next(found, "")


def _place(entry: dict[str, str]) -> tuple[str, str, str]:
    return entry["object"], entry["direction"], entry["peer"]


def _place_of(run: OnboardingRun, choice: Choice | Flow) -> tuple[str, str, str]:
    outward = choice.source.pk == run.endpoint_id
    peer = choice.target if outward else choice.source
    category = registry.get(peer.connector).manifest.category
    return choice.object_type, "in" if outward else "out", category


def apply(run: OnboardingRun) -> None:
    """Once its flows are chosen: the template's rows are version 1 of each mapping instead of the
    connector's, lookups the customer lacks are made with their defaults, and flows treat drift as the
    template's do."""
    if run.template is None or run.endpoint is None:
        return
    data = read_template(run.template.text)
    for entry in data["mappings"]:
        MappingVersion.objects.filter(
            endpoint=run.endpoint,
            object_type=entry["object"],
            direction=entry["direction"],
            version=1,
        ).update(rows=entry["rows"], author=f"template {run.template.name}"[:80])
    policies = {_place(entry): entry["drift"] for entry in data["flows"]}
    for flow in flow_choices.flows_of(run):
        policy = policies.get(_place_of(run, flow))
        if policy in Flow.Drift.values and policy != flow.drift:
            flow.drift = policy
            flow.save(update_fields=["drift"])
    for entry in data["lookups"]:
        LookupTable.objects.get_or_create(
            customer=run.customer,
            name=entry["name"],
            defaults={"default": entry["default"], "default_value": entry["default_value"]},
        )
    changes.touch(run.customer_id)  # rows written in bulk send no signals
