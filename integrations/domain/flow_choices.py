"""What goes where: the flows an endpoint being onboarded could take part in, and what they need."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from django.db import transaction

from integrations.canonical.schema import schema_of
from integrations.connectors import registry
from integrations.domain import configuration, new_flows
from integrations.domain.onboarding import RefusedError, endpoint_of, finish
from integrations.mapping import Row
from integrations.mapping.check import faults, missing
from integrations.models import Endpoint, Flow, MappingVersion, OnboardingRun
from integrations.onboarding import flows as usual


def taken_as(object_type: str, *, is_channel: bool) -> str:
    """What a target is sent of a flow's records: a sales channel hears what it may sell of stock."""
    return "availability" if object_type == "inventory" and is_channel else object_type


class Choice(NamedTuple):
    """A flow the endpoint could take part in."""

    name: str
    object_type: str
    source: Endpoint
    target: Endpoint
    usual: bool
    chosen: bool
    routed: bool


def choices(run: OnboardingRun) -> list[Choice]:
    """Every flow between this endpoint and the customer's others that both connectors have a mapping
    for; those most customers have first."""
    own = endpoint_of(run)
    peers = Endpoint.objects.filter(customer=run.customer).exclude(pk=own.pk)
    there = {
        (flow.object_type, flow.source_id, flow.target_id)
        for flow in Flow.objects.filter(customer=run.customer)
    }
    begun = any(own.pk in (source, target) for _, source, target in there)
    found = [
        choice
        for peer in peers
        for source, target in ((own, peer), (peer, own))
        for choice in _between(source, target, there, begun=begun)
    ]
    return sorted(found, key=lambda c: (not c.chosen, not c.usual, c.object_type, c.name))


def _between(
    source: Endpoint, target: Endpoint, there: set[tuple[str, int, int]], *, begun: bool
) -> list[Choice]:
    gives, takes = registry.get(source.connector), registry.get(target.connector)
    kinds = (gives.manifest.category, takes.manifest.category)
    found = []
    for object_type in sorted(
        gives.manifest.reads - {"availability"}
    ):  # our own sum, never a source's
        taken = taken_as(object_type, is_channel=bool(target.channel))
        if taken not in takes.manifest.writes or (taken, "out") not in takes.mapper.MAPPINGS:
            continue
        common = usual.is_usual(object_type, *kinds)
        exists = (object_type, source.pk, target.pk) in there
        found.append(
            Choice(
                name=f"{source.pk}-{target.pk}-{object_type}",
                object_type=object_type,
                source=source,
                target=target,
                usual=common,
                chosen=exists if begun else common,
                routed=usual.is_routed(object_type, takes.manifest.category),
            )
        )
    return found


@transaction.atomic
def choose(run: OnboardingRun, chosen: Mapping[str, str]) -> list[Flow]:
    """Have exactly these flows (name → latency class, one of Flow.Latency). RefusedError without any.

    Until the endpoint is live, only test orders take them.
    """
    wanted = [choice for choice in choices(run) if choice.name in chosen]
    if not wanted:
        raise RefusedError("Choose at least one flow: an endpoint without one does nothing.")
    own = endpoint_of(run)
    kept = []
    for choice in wanted:
        flow, _ = Flow.objects.get_or_create(
            source=choice.source,
            target=choice.target,
            object_type=choice.object_type,
            defaults={
                "customer": run.customer,
                "slug": new_flows.free_slug(choice.source, choice.target, choice.object_type),
                "routed": choice.routed,
            },
        )
        flow.latency = chosen[choice.name]
        flow.save()
        kept.append(flow)
    if own.state == Endpoint.State.TESTING:
        for end in ("source", "target"):
            Flow.objects.filter(**{end: own}).exclude(pk__in=[f.pk for f in kept]).delete()
    _pin_mappings(run, kept)
    finish(run, "flows")
    return kept


def _pin_mappings(run: OnboardingRun, flows: Sequence[Flow]) -> None:
    """Version 1 of each mapping is the connector's default of today: a release changes nothing that
    is live."""
    own = endpoint_of(run)
    mapper = registry.get(own.connector).mapper
    for object_type, direction in sorted(sides(own, flows)):
        rows = mapper.MAPPINGS[object_type, direction]
        MappingVersion.objects.get_or_create(
            endpoint=own,
            object_type=object_type,
            direction=direction,
            defaults={"version": 1, "rows": [list(row) for row in rows], "author": run.started_by},
        )


def sides(own: Endpoint, flows: Sequence[Flow]) -> set[tuple[str, Any]]:
    """The mappings of this endpoint that flows need: object type and direction."""
    mapper = registry.get(own.connector).mapper
    needed = set()
    for flow in flows:
        direction = "in" if flow.source_id == own.pk else "out"
        object_type = flow.object_type
        if direction == "out":
            object_type = taken_as(object_type, is_channel=bool(own.channel))
        if (object_type, direction) in mapper.MAPPINGS:
            needed.add((object_type, direction))
    return needed


def flows_of(run: OnboardingRun) -> list[Flow]:
    """The flows of this endpoint, as they stand."""
    own = endpoint_of(run)
    found = Flow.objects.filter(customer=run.customer).select_related("source", "target")
    return [flow for flow in found if own.pk in (flow.source_id, flow.target_id)]


class Need(NamedTuple):
    """One mapping of the endpoint: what it lacks before anything runs."""

    object_type: str
    direction: str
    rows: int
    missing: list[str]
    faults: list[str]


def needs(run: OnboardingRun) -> list[Need]:
    """Every mapping the flows use, those with something missing first."""
    own = endpoint_of(run)
    config = configuration.of(run.customer_id)
    found = []
    for object_type, direction in sorted(sides(own, flows_of(run))):
        rows: list[Row] = config.rows(own.pk, object_type, direction)
        lacks = missing(schema_of(object_type), rows) if direction == "in" else []
        wrong = [fault.message for fault in faults(rows)]
        found.append(Need(object_type, direction, len(rows), [f.path for f in lacks], wrong))
    return sorted(found, key=lambda need: not (need.missing or need.faults))


def accept_mappings(run: OnboardingRun) -> None:
    """The step is done when nothing is missing. RefusedError names what is."""
    lacking = [need for need in needs(run) if need.missing or need.faults]
    if lacking:
        fields = ", ".join([*lacking[0].missing, *lacking[0].faults][:5])
        raise RefusedError(f"Map these first: {fields}")
    finish(run, "map")
