"""Rules, channels and rotas for tests, and driving the lanes of alerts by hand."""

import json
from datetime import UTC, datetime
from typing import Any

from bs4 import BeautifulSoup
from django.core import mail

from monitoring.domain.alerts import lane, sending
from monitoring.models import AlertChannel, AlertMessage, AlertRule, AlertStep
from monitoring.tasks import alert_watch_lane
from portal.core import clock
from portal.core.secrets import encrypt
from tests.core.web_server import Server

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
SECRET = "a shared secret of ours"


def webhook(server: Server, name: str = "Own desk", path: str = "/alerts") -> AlertChannel:
    url = server.url(path)
    return AlertChannel.objects.create(
        name=name,
        kind="webhook",
        settings={"host": "127.0.0.1"},
        secrets=encrypt({"url": url, "secret": SECRET}),
    )


def rule(
    *receivers: Any, name: str = "Everything", waits: tuple[int, ...] = (), **fields: Any
) -> AlertRule:
    """A rule whose steps go to these people, channels and rotas, one after another."""
    made = AlertRule.objects.create(
        name=name, since=fields.pop("since", LONG_AGO), **{"severity": 4, **fields}
    )
    for position, receiver in enumerate(receivers):
        kind = {"AlertChannel": "channel", "Rota": "rota", "Person": "person"}[
            type(receiver).__name__
        ]
        wait = waits[position] if position < len(waits) else 0
        AlertStep.objects.create(
            rule=made, position=position, wait_minutes=wait, **{kind: receiver}
        )
    return made


def settle(*, turns: int = 20) -> None:
    """Run every lane of alerts until none has work now."""
    for _ in range(turns):
        alert_watch_lane("")
        done = lane.work().done
        keys = AlertMessage.objects.filter(state="waiting", due_at__lte=clock.now())
        for key in sorted(set(keys.values_list("lane", flat=True))):
            done += sending.send_due(key).done
        if not done:
            return
    raise AssertionError(f"the lanes of alerts did not come to rest: {story()}")


def story() -> list[tuple[str, str, str]]:
    """Every message: to whom, why, and what became of it."""
    return [(one.receiver, one.purpose, one.state) for one in AlertMessage.objects.order_by("pk")]


def purposes(**filters: Any) -> list[str]:
    return list(
        AlertMessage.objects.filter(**filters).order_by("pk").values_list("purpose", flat=True)
    )


def bodies(server: Server) -> list[dict[str, Any]]:
    """What a channel got."""
    return [json.loads(request[3]) for request in server.requests]


def subjects() -> list[str]:
    return [one.subject for one in mail.outbox]


def link_in(text: str) -> str:
    """The acknowledging link of a message, as a path."""
    [found] = [word for word in text.split() if "/ack/" in word]
    return "/" + found.split("/", 3)[3]


def errors(response):
    """What a refused form says under its fields."""
    assert response.status_code == 422
    soup = BeautifulSoup(response.content, "html.parser")
    return [one.get_text(" ", strip=True) for one in soup.select(".field-error")]
