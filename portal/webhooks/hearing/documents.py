"""Documents on their way, and the systems they come from and go to."""

from typing import Any, Final
from uuid import UUID

from integrations.domain.go_live import EndpointLive
from integrations.domain.health import EndpointDown, EndpointUp
from integrations.domain.messages import DocumentsEnded
from integrations.models import Endpoint, Message
from portal.core.events import subscribe
from portal.webhooks.domain import wanted
from portal.webhooks.domain.outbox import News, tell

_FAILED: Final = "message.failed"
_TYPES: Final = {
    "held": "message.held",
    "delivered": "message.delivered",
    "confirmed": "message.confirmed",
    "skipped": "message.skipped",
}
_FIELDS: Final = (
    "pk", "customer_id", "direction", "object_type", "business_key", "endpoint__slug", "order__number",
)  # fmt: skip


@subscribe(DocumentsEnded)
def documents_ended(event: DocumentsEnded) -> None:
    ended = dict(event.ended)
    types = {_TYPES[state] for state in ended.values()}
    types |= {_FAILED} if "held" in ended.values() else set()
    if wanted.wants(*types):
        rows = Message.objects.filter(pk__in=ended).order_by("pk").values(*_FIELDS)
        tell(_news(row, ended) for row in rows)


def _news(row: dict[str, Any], ended: dict[UUID, str]) -> News:
    name = _TYPES[ended[row["pk"]]]
    if name == "message.held" and row["direction"] == Message.Direction.OUT:
        name = _FAILED
    return News(
        name,
        row["customer_id"],
        {
            "id": str(row["pk"]),
            "direction": row["direction"],
            "object_type": row["object_type"],
            "key": row["business_key"],
            "endpoint": row["endpoint__slug"],
            "order_number": row["order__number"] or "",
        },
    )


@subscribe(EndpointDown)
def endpoint_down(event: EndpointDown) -> None:
    if wanted.wants("endpoint.down"):
        said = {
            "code": event.code,
            "needs_person": event.needs_person,
            "since": event.since.isoformat(),
        }
        tell([_of_endpoint("endpoint.down", event.endpoint_id, said)])


@subscribe(EndpointUp)
def endpoint_up(event: EndpointUp) -> None:
    if wanted.wants("endpoint.up"):
        until = {"until": event.failed_until.isoformat()}
        tell([_of_endpoint("endpoint.up", event.endpoint_id, until)])


@subscribe(EndpointLive)
def endpoint_live(event: EndpointLive) -> None:
    if wanted.wants("endpoint.live"):
        tell([_of_endpoint("endpoint.live", event.endpoint_id, {})])


def _of_endpoint(name: str, endpoint_id: int, said: dict[str, Any]) -> News:
    endpoint = Endpoint.objects.get(pk=endpoint_id)
    named = {"endpoint": endpoint.slug, "endpoint_name": endpoint.label}
    return News(name, endpoint.customer_id, {**named, **said})
