"""Webhooks for tests, and driving their lanes by hand."""

import json
from datetime import UTC, datetime
from typing import Any, NamedTuple

from portal.core import clock
from portal.webhooks.domain import outbox, setup
from portal.webhooks.domain.outbox import News
from portal.webhooks.models import Webhook, WebhookDelivery
from portal.webhooks.tasks import webhooks_lane
from tests.core.web_server import Server

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


class Hook(NamedTuple):
    """A webhook with the secret that was shown once."""

    row: Webhook
    secret: str

    def now(self) -> Webhook:
        return Webhook.objects.get(pk=self.row.pk)


def hook(server: Server, name: str = "Data lake", path: str = "/in", **fields: Any) -> Hook:
    row = Webhook(name=name, url=server.url(path), made_by="Ana", **fields)
    return Hook(row, setup.put(row))


def happen(customer_id: int | None, *numbers: str, event_type: str = "order.created") -> None:
    """Orders come in, as far as webhooks are told."""
    outbox.tell(
        News(
            event_type,
            customer_id,
            {"id": "01980b1e-7a00-7cc1-8d5e-3f0a9b6c2d11", "number": number, "version": 1, "state": "released"},
        )
        for number in numbers
    )  # fmt: skip


def send(*, turns: int = 50) -> None:
    """Run every lane until none has anything due."""
    for _ in range(turns):
        due = WebhookDelivery.objects.filter(state="waiting", due_at__lte=clock.now())
        ids = sorted(set(due.filter(webhook__is_on=True).values_list("webhook", flat=True)))
        if not sum(webhooks_lane(str(one)).done for one in ids):
            return
    raise AssertionError(f"the lanes did not come to rest: {story()}")


def story() -> list[tuple[str, str, int]]:
    """Every delivery: its event, its state, its tries."""
    rows = WebhookDelivery.objects.select_related("event").order_by("pk")
    return [(one.event.type, one.state, one.tries) for one in rows]


def bodies(server: Server) -> list[dict[str, Any]]:
    return [json.loads(request[3]) for request in server.requests]


def lower(headers: dict[str, str]) -> dict[str, str]:
    return {name.lower(): value for name, value in headers.items()}


def numbers(server: Server, path: str = "") -> list[str]:
    """Of the orders that a receiver was told of, in the order of their coming."""
    return [
        json.loads(body)["data"]["number"]
        for _, where, _, body in server.requests
        if not path or where == path
    ]
