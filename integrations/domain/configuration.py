"""Everything that decides over a customer's documents, loaded once per change.

`Customer.config_version` grows with every change; a pass reads it and keeps what it has while the
number stands still.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from integrations.canonical.problem import Problem
from integrations.connectors import registry
from integrations.connectors.connection import Connection, connection_from
from integrations.connectors.connector import Connector, Direction
from integrations.mapping import (
    CompiledMapping,
    MappingSyntaxError,
    Outcome,
    Row,
    compile_mapping,
)
from integrations.models import Endpoint, Flow, LookupTable, MappingVersion, RoutingRules
from integrations.routing import Rules, compile_rules
from portal.customers.models import Customer
from portal.tenants.current import current_schema


@dataclass(frozen=True)
class EndpointConfig:
    """One endpoint, ready to use."""

    id: int
    slug: str
    label: str
    customer_id: int
    connector: Connector
    connection: Connection
    site: str
    channel: Mapping[str, Any] | None
    active: bool
    rate: float


@dataclass(frozen=True)
class FlowConfig:
    """One flow. `next_due(now)` is None for real time."""

    id: int
    slug: str
    object_type: str
    source_id: int
    target_id: int
    routed: bool
    latency: str
    every_minutes: int
    at_time: time | None
    zone: str

    def next_due(self, now: datetime) -> datetime | None:
        """When a message made at `now` may be sent."""
        if self.latency == Flow.Latency.REALTIME:
            return None
        if self.latency == Flow.Latency.NEAR_REAL_TIME or self.at_time is None:
            step = self.every_minutes * 60
            return now + timedelta(seconds=step - now.timestamp() % step)
        zone = ZoneInfo(self.zone)
        today = now.astimezone(zone).date()
        # Compared in UTC: on the day the clocks go back, a time of day says nothing of before and after.
        days = (today, today + timedelta(days=1))
        due = (datetime.combine(day, self.at_time, tzinfo=zone).astimezone(UTC) for day in days)
        return next(at for at in due if at > now)


@dataclass(frozen=True)
class LookupView:
    """One crosswalk with its default policy."""

    name: str
    rows: Mapping[str, str]
    default: str
    default_value: str


@dataclass(frozen=True)
class Mapped:
    """A compiled mapping and the name under which messages remember it."""

    name: str
    compiled: "CompiledMapping | Faulty"


class Faulty:
    """Stands in for a mapping that does not compile, so that its documents are held and no others."""

    def __init__(self, fault: MappingSyntaxError) -> None:
        self._problem = Problem("mapping_error", fault.target, "", str(fault))

    def run(self, document: Any, **_: Any) -> Outcome:
        return Outcome(None, [self._problem])


def _compiled(rows: list[Row], name: str) -> CompiledMapping | Faulty:
    try:
        return compile_mapping(rows, name=name)
    except MappingSyntaxError as fault:
        return Faulty(fault)


@dataclass
class Configuration:
    """All of one customer's configuration at one `config_version`."""

    customer_id: int
    version: int
    zone: str
    endpoints: dict[int, EndpointConfig]
    flows: list[FlowConfig]
    lookups: dict[str, LookupView]
    rules: Rules
    rules_version: int | None
    extensions: dict[tuple[str, str], dict[str, Any]]
    policies: Mapping[str, Any]
    _versions: dict[tuple[int, str, str], MappingVersion] = field(default_factory=dict)
    _mappings: dict[tuple[int, str, str], Mapped | None] = field(default_factory=dict)

    def flows_from(self, source_id: int, object_type: str) -> list[FlowConfig]:
        """The flows a record of `source_id` may take."""
        return [f for f in self.flows if f.source_id == source_id and f.object_type == object_type]

    def mapping(self, endpoint_id: int, object_type: str, direction: Direction) -> Mapped | None:
        """The endpoint's own newest mapping, else the connector's default; None if there is neither."""
        key = (endpoint_id, object_type, direction)
        if key not in self._mappings:
            self._mappings[key] = self._compile(*key)
        return self._mappings[key]

    def _compile(self, endpoint_id: int, object_type: str, direction: Direction) -> Mapped | None:
        endpoint = self.endpoints[endpoint_id]
        own = self._versions.get((endpoint_id, object_type, direction))
        if own:
            name = f"{endpoint.slug} {object_type} {direction} v{own.version}"
            rows = [Row(*row) for row in own.rows]
        else:
            name = f"{endpoint.connector.slug} {object_type} {direction}"
            found = endpoint.connector.mapper.MAPPINGS.get((object_type, direction))
            if found is None:
                return None
            rows = list(found)
        return Mapped(name, _compiled(rows, name))


_known: dict[tuple[str, int], Configuration] = {}


def of(customer_id: int) -> Configuration:
    """The customer's configuration as it stands now. DoesNotExist if there is no such customer."""
    key = (current_schema(), customer_id)
    version = Customer.objects.values_list("config_version", flat=True).get(pk=customer_id)
    known = _known.get(key)
    if known is None or known.version != version:
        known = _known[key] = _load(customer_id)
    return known


def _load(customer_id: int) -> Configuration:
    customer = Customer.objects.get(pk=customer_id)
    rules = RoutingRules.objects.filter(customer=customer).order_by("-version").first()
    versions = MappingVersion.objects.filter(endpoint__customer=customer).order_by("version")
    return Configuration(
        customer_id=customer.pk,
        version=customer.config_version,
        zone=customer.time_zone,
        endpoints={e.pk: endpoint_config(e) for e in customer.endpoints.all()},
        flows=[_flow(f, customer) for f in customer.flows.filter(enabled=True)],
        lookups=_lookups(customer),
        rules=compile_rules(rules.rules if rules else []),
        rules_version=rules.version if rules else None,
        extensions={
            (entity, namespace): schema
            for entity, namespaces in customer.extensions.items()
            for namespace, schema in namespaces.items()
        },
        policies=customer.policies,
        _versions={(v.endpoint_id, v.object_type, v.direction): v for v in versions},
    )


def endpoint_config(endpoint: Endpoint) -> EndpointConfig:
    """An endpoint's row, ready to use."""
    connector = registry.get(endpoint.connector)
    return EndpointConfig(
        id=endpoint.pk,
        slug=endpoint.slug,
        label=endpoint.label,
        customer_id=endpoint.customer_id,
        connector=connector,
        connection=connection_from(
            connector.settings,
            endpoint_id=endpoint.pk,
            slug=endpoint.slug,
            settings=endpoint.settings,
            secrets=endpoint.secrets,
            concurrency=endpoint.concurrency,
        ),
        site=endpoint.site,
        channel=endpoint.channel,
        active=endpoint.state == Endpoint.State.ACTIVE,
        rate=endpoint.rate_per_second,
    )


def _flow(flow: Flow, customer: Customer) -> FlowConfig:
    return FlowConfig(
        id=flow.pk,
        slug=flow.slug,
        object_type=flow.object_type,
        source_id=flow.source_id,
        target_id=flow.target_id,
        routed=flow.routed,
        latency=flow.latency,
        every_minutes=flow.every_minutes,
        at_time=flow.at_time,
        zone=customer.time_zone,
    )


def _lookups(customer: Customer) -> dict[str, LookupView]:
    """The partner's tables, overlaid row by row with the customer's own."""
    views: dict[str, LookupView] = {}
    shared = LookupTable.objects.filter(customer=None).prefetch_related("rows")
    own = customer.lookup_tables.prefetch_related("rows")
    for table in [*shared, *own]:
        rows = {row.code: row.value for row in table.rows.all()}
        if table.name in views:
            rows = {**views[table.name].rows, **rows}
        views[table.name] = LookupView(table.name, rows, table.default, table.default_value)
    return views


def forget() -> None:
    """Drop what is cached; the next use loads it again."""
    _known.clear()
