"""Everything that decides over a customer's documents, loaded once per change.

`Customer.config_version` grows with every change; a pass reads it and keeps what it has while the
number stands still.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction

from integrations.canonical.problem import Problem
from integrations.connectors import registry
from integrations.connectors.connection import Connection, connection_from
from integrations.connectors.connector import Connector, Direction
from integrations.contracts import Contract
from integrations.domain import authorised, history, subjects
from integrations.domain.subjects import Content, Contents
from integrations.mapping import (
    CompiledMapping,
    MappingSyntaxError,
    Outcome,
    Row,
    compile_mapping,
)
from integrations.mapping.reads import lookups
from integrations.models import ConformanceRun, Endpoint, Flow, Kind
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
    pickup: Mapping[str, Any]
    channel: Mapping[str, Any] | None
    active: bool
    testing: bool  # being onboarded: takes part in test orders only
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
    drift: str
    testing: bool

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


_STRICTEST_FIRST = (Flow.Drift.PAUSE, Flow.Drift.WARN, Flow.Drift.IGNORE)


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
    contents: Contents
    test_orders: frozenset[str] = frozenset()
    test_skus: frozenset[str] = frozenset()
    history: int | None = None
    _own: dict[tuple[Any, ...], Content] = field(default_factory=dict)
    _agreed: dict[tuple[Any, ...], Content] = field(default_factory=dict)
    _mappings: dict[tuple[int, str, str], Mapped | None] = field(default_factory=dict)
    _contracts: dict[tuple[int, str], Contract | None] = field(default_factory=dict)

    def flows_from(self, source_id: int, object_type: str) -> list[FlowConfig]:
        """The flows a record of `source_id` may take."""
        return [f for f in self.flows if f.source_id == source_id and f.object_type == object_type]

    def mapping(self, endpoint_id: int, object_type: str, direction: Direction) -> Mapped | None:
        """The endpoint's own newest mapping, else the connector's default; None if there is neither."""
        key = (endpoint_id, object_type, direction)
        if key not in self._mappings:
            self._mappings[key] = self._compile(*key)
        return self._mappings[key]

    def contract(self, endpoint_id: int, object_type: str) -> Contract | None:
        """What the endpoint's documents of this type were agreed to look like, if it was."""
        key = (endpoint_id, object_type)
        if key not in self._contracts:
            agreed = self._agreed.get(key)
            self._contracts[key] = Contract(agreed["schema"]) if agreed else None
        return self._contracts[key]

    def on_drift(self, endpoint_id: int, object_type: str) -> str:
        """The strictest of what the flows these documents take say; a warning where none takes them."""
        flows = self.flows_from(endpoint_id, object_type)
        said = {flow.drift for flow in flows} or {Flow.Drift.WARN}
        return next(policy for policy in _STRICTEST_FIRST if policy in said)

    def rows(self, endpoint_id: int, object_type: str, direction: Direction) -> list[Row]:
        """The rows of what `mapping` compiles; empty if there is none."""
        own = self._own.get((endpoint_id, object_type, direction))
        if own:
            return [Row(*row) for row in own["rows"]]
        mapper = self.endpoints[endpoint_id].connector.mapper
        return list(mapper.MAPPINGS.get((object_type, direction), ()))

    def lookups_of(self, endpoint_id: int, object_type: str, direction: Direction) -> set[str]:
        """The names of the crosswalks a mapping asks."""
        rows = self.rows(endpoint_id, object_type, direction)
        return {name for row in rows for name in lookups(row.source)}

    def _compile(self, endpoint_id: int, object_type: str, direction: Direction) -> Mapped | None:
        endpoint = self.endpoints[endpoint_id]
        rows = self.rows(endpoint_id, object_type, direction)
        own = self._own.get((endpoint_id, object_type, direction))
        if not rows:
            return None
        whose = f"{endpoint.slug} {object_type} {direction} v{own['version']}" if own else ""
        name = whose or f"{endpoint.connector.slug} {object_type} {direction}"
        return Mapped(name, _compiled(rows, name))


_known: dict[tuple[str, int], Configuration] = {}


def version_of(customer_id: int) -> int:
    """The number that grows with every change of what decides. DoesNotExist as below."""
    return Customer.objects.values_list("config_version", flat=True).get(pk=customer_id)


def of(customer_id: int) -> Configuration:
    """The customer's configuration as it stands now. DoesNotExist if there is no such customer."""
    known = _known_now(customer_id)
    return known or _remember(_load(customer_id))


def live(customer_id: int) -> Configuration:
    """The same for whoever lets it decide over documents: what decided is kept in the history, and
    its `history` says up to which version."""
    known = _known_now(customer_id)
    while known is None or known.history is None:
        found = _load(customer_id)
        kept = history.keep(customer_id, found.contents)
        if version_of(customer_id) == found.version:
            known = _remember(replace(found, history=kept))
    return known


def _known_now(customer_id: int) -> Configuration | None:
    known = _known.get((current_schema(), customer_id))
    return known if known and known.version == version_of(customer_id) else None


def _remember(config: Configuration) -> Configuration:
    """For the next pass too, unless what was written with it is taken back."""
    key = (current_schema(), config.customer_id)
    transaction.on_commit(lambda: _known.update({key: config}))
    return config


def _load(customer_id: int) -> Configuration:
    customer = Customer.objects.get(pk=customer_id)
    config = build(customer_id, subjects.live(customer), version=customer.config_version)
    if any(endpoint.testing for endpoint in config.endpoints.values()):
        runs = ConformanceRun.objects.filter(run__customer=customer).values_list("number", "sku")
        config.test_orders = frozenset(number for number, _ in runs if number)
        config.test_skus = frozenset(sku for _, sku in runs if sku)
    return config


def build(customer_id: int, contents: Contents, *, version: int = 0) -> Configuration:
    """A configuration from contents: the live ones, those of another day, or those with a draft."""
    by_kind: dict[str, dict[str, Content]] = defaultdict(dict)
    for subject, content in contents.items():
        if subject.kind != Kind.LOOKUP:
            by_kind[subject.kind][subject.key] = content
    policy = by_kind[Kind.POLICY][""]
    endpoints = _endpoints(customer_id, by_kind[Kind.ENDPOINT])
    ids = {endpoint.slug: endpoint.id for endpoint in endpoints.values()}
    testing = {e.id for e in endpoints.values() if e.testing}
    flows = [_flow(slug, c, policy["zone"], testing) for slug, c in by_kind[Kind.FLOW].items()]
    rules = by_kind[Kind.RULES].get("")
    return Configuration(
        customer_id=customer_id,
        version=version,
        zone=policy["zone"],
        endpoints=endpoints,
        flows=[flow for flow in flows if by_kind[Kind.FLOW][flow.slug]["enabled"]],
        lookups=_lookups(contents),
        rules=compile_rules(rules["rules"] if rules else []),
        rules_version=rules["version"] if rules else None,
        extensions=_extensions(by_kind[Kind.EXTENSION]),
        policies=policy["policies"],
        contents=contents,
        _own=_by_place(by_kind[Kind.MAPPING], ids),
        _agreed=_by_place(by_kind[Kind.CONTRACT], ids),
    )


def _extensions(found: dict[str, Content]) -> dict[tuple[str, str], dict[str, Any]]:
    """By entity and namespace."""
    split = ((key.split(" ", 1), content["schema"]) for key, content in found.items())
    return {(entity, namespace): schema for (entity, namespace), schema in split}


def _by_place(found: dict[str, Content], ids: Mapping[str, int]) -> dict[tuple[Any, ...], Content]:
    """By endpoint id and what follows its name in the key."""
    split = ((key.split(" "), content) for key, content in found.items())
    return {(ids[words[0]], *words[1:]): content for words, content in split if words[0] in ids}


def _endpoints(customer_id: int, found: dict[str, Content]) -> dict[int, EndpointConfig]:
    secrets = dict(Endpoint.objects.filter(customer_id=customer_id).values_list("pk", "secrets"))
    return {
        c["id"]: _endpoint(slug, customer_id, c, secrets.get(c["id"])) for slug, c in found.items()
    }


def endpoint_config(endpoint: Endpoint) -> EndpointConfig:
    """An endpoint's row, ready to use."""
    content = subjects.endpoint_content(endpoint)
    return _endpoint(endpoint.slug, endpoint.customer_id, content, endpoint.secrets)


def _endpoint(
    slug: str, customer_id: int, content: Content, secrets: bytes | memoryview | None
) -> EndpointConfig:
    connector = registry.get(content["connector"])
    connection = connection_from(
        connector.settings,
        endpoint_id=content["id"],
        slug=slug,
        settings=content["settings"],
        secrets=secrets,
        concurrency=content["concurrency"],
    )
    return EndpointConfig(
        id=content["id"],
        slug=slug,
        label=content["label"],
        customer_id=customer_id,
        connector=connector,
        connection=authorised.with_tokens(connector, connection),
        site=content["site"],
        pickup=content.get("pickup", {}),  # contents of days before there were any have none
        channel=content["channel"],
        active=content["state"] == Endpoint.State.ACTIVE,
        testing=content["state"] == Endpoint.State.TESTING,
        rate=content["rate"],
    )


def _flow(slug: str, content: Content, zone: str, testing: set[int]) -> FlowConfig:
    return FlowConfig(
        id=content["id"],
        slug=slug,
        object_type=content["object"],
        source_id=content["from"],
        target_id=content["to"],
        routed=content["routed"],
        latency=content["latency"],
        every_minutes=content["every_minutes"],
        at_time=subjects.time_of(content),
        zone=zone,
        drift=content["drift"],
        testing=not testing.isdisjoint((content["from"], content["to"])),
    )


def _lookups(contents: Contents) -> dict[str, LookupView]:
    """The partner's tables, overlaid row by row with the customer's own."""
    views: dict[str, LookupView] = {}
    found = [(s, c) for s, c in contents.items() if s.kind == Kind.LOOKUP]
    for subject, content in sorted(found, key=lambda pair: pair[0].customer_id is not None):
        rows = content["rows"]
        if subject.key in views:
            rows = {**views[subject.key].rows, **rows}
        views[subject.key] = LookupView(
            subject.key, rows, content["default"], content["default_value"]
        )
    return views


def forget() -> None:
    """Drop what is cached; the next use loads it again."""
    _known.clear()
