"""What touches what: the way of every flow, from the endpoint that gives to the one that takes."""

from collections.abc import Iterator
from typing import NamedTuple

from integrations.canonical.schema import schema_of
from integrations.connectors.connector import Direction
from integrations.domain.configuration import Configuration, FlowConfig
from integrations.domain.subjects import Subject, mapping_key
from integrations.mapping.fields import target_fields
from integrations.mapping.reads import reads
from integrations.models import Kind

FIELD = "field"


class Node(NamedTuple):
    """One thing on the way. `kind` is a Kind or FIELD; `key` as subjects have it, for a field
    “order lines[].sku”."""

    kind: str
    key: str


class Way(NamedTuple):
    """A flow and what decides over its documents: each node with its place in the order. What has
    the same place decides together."""

    flow: FlowConfig
    nodes: dict[Node, int]


class Touched(NamedTuple):
    """Everything on the same ways as a node: before it, after it, and the flows themselves."""

    flows: list[FlowConfig]
    before: list[Node]
    after: list[Node]


def ways(config: Configuration) -> list[Way]:
    """The way of every flow that is switched on."""
    return [Way(flow, _placed(config, flow)) for flow in config.flows]


def touched(found: list[Way], node: Node) -> Touched:
    """What a change of `node` may reach, and what reaches it."""
    through = [way for way in found if node in way.nodes]
    before: dict[Node, None] = {}
    after: dict[Node, None] = {}
    for way in through:
        at = way.nodes[node]
        before |= dict.fromkeys(n for n, place in way.nodes.items() if place < at)
        after |= dict.fromkeys(n for n, place in way.nodes.items() if place > at)
    return Touched(
        [way.flow for way in through], list(before), [n for n in after if n not in before]
    )


def everything(found: list[Way]) -> dict[Node, int]:
    """Every node with the number of flows it stands in, sorted by kind and key."""
    counts: dict[Node, int] = {}
    for way in found:
        for node in way.nodes:
            counts[node] = counts.get(node, 0) + 1
    return dict(sorted(counts.items()))


def node_of(subject: Subject) -> Node:
    return Node(subject.kind, subject.key)


def _placed(config: Configuration, flow: FlowConfig) -> dict[Node, int]:
    placed: dict[Node, int] = {}
    for place, nodes in enumerate(_stages(config, flow)):
        for node in nodes:
            placed.setdefault(node, place)
    return placed


def _stages(config: Configuration, flow: FlowConfig) -> Iterator[list[Node]]:
    """What decides together, one after the other."""
    source, target = config.endpoints[flow.source_id], config.endpoints[flow.target_id]
    noun = flow.object_type
    yield [Node(Kind.ENDPOINT, source.slug)]
    agreed = config.contract(source.id, noun) is not None
    yield [Node(Kind.CONTRACT, f"{source.slug} {noun}")] if agreed else []
    yield from _mapping(config, source.id, noun, "in")
    yield [
        Node(Kind.EXTENSION, f"{entity} {namespace}")
        for entity, namespace in sorted(config.extensions)
        if entity.partition(".")[0] == noun
    ]
    yield [Node(FIELD, f"{noun} {field}") for field in _fields(config, flow)]
    yield [Node(Kind.RULES, "")] if flow.routed else []
    yield [Node(Kind.FLOW, flow.slug)]
    yield from _mapping(config, target.id, noun, "out")
    yield [Node(Kind.ENDPOINT, target.slug)]


def _mapping(
    config: Configuration, endpoint_id: int, noun: str, direction: Direction
) -> Iterator[list[Node]]:
    names = sorted(config.lookups_of(endpoint_id, noun, direction))
    yield [Node(Kind.LOOKUP, name) for name in names]
    slug = config.endpoints[endpoint_id].slug
    has_rows = bool(config.rows(endpoint_id, noun, direction))
    yield [Node(Kind.MAPPING, mapping_key(slug, noun, direction))] if has_rows else []


def _fields(config: Configuration, flow: FlowConfig) -> list[str]:
    """The hub's fields that the flow's target reads."""
    written = [row.target for row in config.rows(flow.source_id, flow.object_type, "in")]
    fields = target_fields(schema_of(flow.object_type), given=written)
    sources = [row.source for row in config.rows(flow.target_id, flow.object_type, "out")]
    return [f.path for f in fields if any(reads(source, f.path) for source in sources)]
