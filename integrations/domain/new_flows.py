"""A flow nobody has yet: what it says before it is live."""

from integrations.connectors import registry
from integrations.domain.subjects import Content, Subject, flow_content
from integrations.models import Endpoint, Flow, Kind


class NoFlowError(ValueError):
    """These two endpoints cannot have such a flow; the text says why."""


def between(source: Endpoint, target: Endpoint, object_type: str) -> tuple[Subject, Content]:
    """The subject and content of a new flow, to begin a draft with. NoFlowError."""
    if source.customer_id != target.customer_id:
        raise NoFlowError("A flow stays with one customer: both endpoints have to be theirs.")
    if source == target:
        raise NoFlowError("A flow goes from one endpoint to another one.")
    there = Flow.objects.filter(source=source, target=target, object_type=object_type).first()
    if there:
        raise NoFlowError(f"There is this flow already: {there.slug}. Change that one.")
    for endpoint, direction, verb in ((source, "in", "give"), (target, "out", "take")):
        mappings = registry.get(endpoint.connector).mapper.MAPPINGS
        if (object_type, direction) not in mappings:
            noun = object_type.replace("_", " ")
            raise NoFlowError(f"{endpoint.label} cannot {verb} {noun} documents.")
    routed = object_type == "order" and bool(target.site)
    flow = Flow(
        customer_id=source.customer_id, slug=free_slug(source, target, object_type),
        object_type=object_type, source=source, target=target, routed=routed,
    )  # fmt: skip
    content = {**flow_content(flow), "id": 0}
    return Subject(source.customer_id, Kind.FLOW, flow.slug), content


def free_slug(source: Endpoint, target: Endpoint, object_type: str) -> str:
    base = f"{source.slug}-{object_type.replace('_', '-')}-{target.slug}"[:56]
    taken = Flow.objects.filter(slug__startswith=base).count()
    return f"{base}-{taken + 1}" if taken else base
