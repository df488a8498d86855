"""Driving the pipeline by hand in tests: store documents, run the lanes until nothing is left."""

import hashlib
import hmac
import json
from typing import Any

from integrations.connectors.inbound import Received
from integrations.domain import deliver, receive
from integrations.models import Endpoint, Flow, Message, MessageEvent
from integrations.queries import intake
from portal.core.secrets import encrypt

SECRET = "a webhook secret"


def endpoint(customer_id: int, slug: str, connector: str = "http", **fields: Any) -> Endpoint:
    secrets = fields.pop("secrets", {"webhook_secret": SECRET})
    return Endpoint.objects.create(
        customer_id=customer_id,
        slug=slug,
        label=fields.pop("label", slug.title()),
        connector=connector,
        secrets=encrypt(secrets),
        **fields,
    )


def flow(source: Endpoint, target: Endpoint, object_type: str = "order", **fields: Any) -> Flow:
    return Flow.objects.create(
        customer_id=source.customer_id,
        slug=f"{source.slug}-{target.slug}-{object_type}",
        object_type=object_type,
        source=source,
        target=target,
        **fields,
    )


def order(
    number: str = "1001", *, sku: str = "TENT-2P", quantity: str = "2", **fields: Any
) -> dict:
    return {
        "number": number,
        "channel": "shop",
        "placed_at": "2026-03-02T13:58:04Z",
        "currency": "USD",
        "status": "open",
        "ship_to": {"name": "Ann Ex", "lines": ["400 Quay Street"], "city": "Reno", "region": "NV",
                    "postal_code": "89502", "country": "US"},
        "totals": {"lines": "123.00", "discount": "0.00", "shipping": "5.00", "tax": "0.00",
                   "total": "128.00"},
        "lines": [{"line_no": "1", "sku": sku, "quantity": quantity, "uom": "EA", "unit_price": "61.50"}],
        **fields,
    }  # fmt: skip


def store(
    source: Endpoint, *bodies: Any, object_type: str = "order", dedup: str | None = None
) -> list:
    """What the door or a poll does: the documents are in the inbox."""
    arrivals = [
        intake.Arrival(
            source.pk,
            source.customer_id,
            Received(object_type, object_type, body if isinstance(body, bytes) else json.dumps(body).encode(),
                     dedup),
        )
        for body in bodies
    ]  # fmt: skip
    return intake.store(arrivals)


def run(customer_id: int, *, turns: int = 20) -> None:
    """Run every lane of a customer until none has work."""
    for _ in range(turns):
        done = receive.receive(customer_id).done
        for one in Endpoint.objects.filter(customer_id=customer_id):
            done += deliver.deliver(one.pk).done
        if not done:
            return
    raise AssertionError("the lanes did not come to rest")


def story() -> list[str]:
    """Every message event in words, for failing tests."""
    return [
        f"{e.message.direction} {e.message.object_type} {e.from_state}→{e.to_state} {e.cause}"
        for e in MessageEvent.objects.select_related("message").order_by("id")
    ]


def states(**filters: Any) -> list[str]:
    return list(Message.objects.filter(**filters).order_by("id").values_list("state", flat=True))


def signature(body: bytes, secret: str = SECRET) -> str:
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
