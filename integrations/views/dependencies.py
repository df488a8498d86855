"""The dependency map: what touches an endpoint, a field, a lookup, a mapping, and how far a change goes."""

from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from integrations.domain import configuration, touches
from integrations.domain.configuration import FlowConfig
from integrations.domain.evidence import SHARED_CUSTOMERS
from integrations.domain.subjects import Subject
from integrations.domain.touches import FIELD, Node, Way
from integrations.models import Kind
from integrations.queries import blast
from integrations.queries.blast import Blast
from integrations.views.endpoint_words import object_words
from integrations.views.filters import customer_filter, search
from integrations.views.spoken import counted
from portal.accounts.rules import requires
from portal.customers.models import Customer

NOUNS: dict[str, str] = {
    Kind.ENDPOINT: "Endpoints",
    Kind.FLOW: "Flows",
    Kind.MAPPING: "Mappings",
    Kind.LOOKUP: "Lookups",
    Kind.CONTRACT: "Contracts",
    Kind.EXTENSION: "Extensions",
    Kind.RULES: "Routing rules",
    FIELD: "Fields of the hub",
}
MOST = 400


@requires("endpoints.view")
def dependencies(request: HttpRequest) -> HttpResponse:
    select, customer = customer_filter(request)
    customer = customer or Customer.objects.first()
    found = _ways(customer)
    words = Words(customer)
    kind, _, key = request.GET.get("node", "").partition(":")
    node = Node(kind, key)
    text = request.GET.get("q", "").strip().lower()
    nodes = touches.everything(found)
    known = node in nodes
    context = {
        "filters": [select],
        "search": search(request, "Endpoint, field, lookup"),
        "customer": customer,
        "chosen": _chosen(found, node, words) if known else None,
        "groups": [] if known else _groups(nodes, text, words),
        "clear_url": request.path if request.GET else "",
        "nothing": "" if nodes else "Nothing depends on anything yet: this customer has no flow.",
    }
    return render(request, "integrations/dependencies.html", context)


class Words:
    """Names of nodes, with the addresses of their pages."""

    def __init__(self, customer: Customer | None) -> None:
        config = configuration.of(customer.pk) if customer else None
        self.slug = customer.slug if customer else ""
        self.labels = {e.slug: e.label for e in config.endpoints.values()} if config else {}
        self.flows = {flow.slug: self.flow(config, flow) for flow in config.flows} if config else {}

    @staticmethod
    def flow(config: configuration.Configuration, flow: FlowConfig) -> str:
        ends = (config.endpoints[pk].label for pk in (flow.source_id, flow.target_id))
        return f"{object_words(flow.object_type)}, {' → '.join(ends)}"

    def of(self, node: Node) -> str:
        words = node.key.split(" ")
        match node.kind:
            case Kind.ENDPOINT:
                return self.labels[node.key]
            case Kind.FLOW:
                return self.flows[node.key]
            case Kind.MAPPING:
                way = "from" if words[2] == "in" else "to"
                return f"{object_words(words[1])} {way} {self.labels[words[0]]}"
            case Kind.CONTRACT:
                return f"{object_words(words[1])} of {self.labels[words[0]]}"
            case Kind.RULES:
                return "Which site ships an order"
        return node.key

    def address(self, node: Node) -> str:
        named = {"customer": self.slug, "node": f"{node.kind}:{node.key}"}
        return f"/dependencies/?{urlencode(named)}"

    def link(self, node: Node) -> dict[str, str]:
        return {"text": self.of(node), "url": self.address(node)}


def _ways(customer: Customer | None) -> list[Way]:
    return touches.ways(configuration.of(customer.pk)) if customer else []


def _groups(nodes: dict[Node, int], text: str, words: Words) -> list[dict[str, Any]]:
    rows: dict[str, list[dict[str, Any]]] = {kind: [] for kind in NOUNS}
    for node, count in nodes.items():
        link = words.link(node)
        if text in link["text"].lower() or text in node.key.lower():
            rows[node.kind].append({**link, "flows": counted(count, "flow")})
    return [
        {"noun": NOUNS[kind], "nodes": found[:MOST], "more": max(0, len(found) - MOST)}
        for kind, found in rows.items()
        if found
    ]


def _chosen(found: list[Way], node: Node, words: Words) -> dict[str, Any]:
    reached = touches.touched(found, node)
    carried = blast.through([flow.id for flow in reached.flows])
    return {
        "noun": NOUNS[node.kind],
        "text": words.of(node),
        "sentence": _sentence(reached.flows, carried),
        "before": _by_kind(reached.before, words),
        "after": _by_kind(reached.after, words),
        "flows": [
            {
                **words.link(Node(Kind.FLOW, flow.slug)),
                **carried.get(flow.id, Blast(0, 0))._asdict(),
            }
            for flow in reached.flows
        ],
    }


def _by_kind(nodes: list[Node], words: Words) -> list[dict[str, Any]]:
    return [
        {"noun": NOUNS[kind], "nodes": [words.link(n) for n in nodes if n.kind == kind][:MOST]}
        for kind in NOUNS
        if any(n.kind == kind for n in nodes)
    ]


def _sentence(flows: list[FlowConfig], carried: dict[int, Blast], *, customers: int = 1) -> str:
    """How far a change of what these flows share goes, in one sentence."""
    endpoints = {e for flow in flows for e in (flow.source_id, flow.target_id)}
    documents = sum(one.documents for one in carried.values())
    held = sum(one.held for one in carried.values())
    whose = f" of {customers} customers" if customers > 1 else ""
    words = (
        f"A change reaches {counted(len(flows), 'flow')}{whose} between"
        f" {counted(len(endpoints), 'endpoint')}: {counted(documents, 'document')} in the last 7 days"
    )
    return f"{words}, {held} held now." if held else f"{words}."


class Radius(NamedTuple):
    """How far a change goes, for the page of a change request."""

    sentence: str
    url: str


def radius(subject: Subject) -> Radius | None:
    """None where nothing depends on it yet. What is the partner's is looked for with every customer
    whose documents its evidence would replay."""
    customers = Customer.objects.order_by("pk")
    if subject.customer_id is not None:
        customers = customers.filter(pk=subject.customer_id)
    node, reached = touches.node_of(subject), {}
    for customer in customers[:SHARED_CUSTOMERS]:
        flows = touches.touched(_ways(customer), node).flows
        if flows:
            reached[customer] = flows
    if not reached:
        return None
    every = [flow for flows in reached.values() for flow in flows]
    carried = blast.through([flow.id for flow in every])
    url = Words(next(iter(reached))).address(node)
    return Radius(_sentence(every, carried, customers=len(reached)), url)
