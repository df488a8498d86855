"""Webhooks: signed, never retried, switched off after five failures in a row."""

import base64
import hashlib
import hmac
import threading
import time
import uuid
from collections import deque
from collections.abc import Callable
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from queue import SimpleQueue
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from sandbox.faults import Faults
from sandbox.orders import stamps
from sandbox.store.replies import ApiError, bad_parameter
from sandbox.store.state import State, now

SENDERS = 8
TIMEOUT = 5.0
MOST_FAILURES = 5
TOPICS = ("order.created", "order.updated")
SOURCE = "https://shop.example.com/"


class Delivery(NamedTuple):
    webhook_id: int
    resource_id: int
    topic: str
    url: str
    headers: dict[str, str]
    body: bytes


class Outcome(NamedTuple):
    webhook_id: int
    resource_id: int
    topic: str
    delivery_id: str
    status: int
    sent_at: float
    seconds: float


def sign(body: bytes, secret: str) -> str:
    return base64.b64encode(hmac.new(secret.encode(), body, hashlib.sha256).digest()).decode()


def register(state: State, sent: Any) -> dict[str, Any]:
    """Save a webhook from an API body; the topic must be one that this store sends."""
    if not isinstance(sent, dict) or not sent.get("delivery_url"):
        raise bad_parameter("delivery_url")
    if sent.get("topic") not in TOPICS:
        raise bad_parameter("topic")
    moment = now()
    resource, event = sent["topic"].split(".")
    webhook = {
        "id": state.take_ids("webhooks")[0],
        "name": sent.get("name", f"Webhook {sent['topic']}"),
        "status": sent.get("status", "active"),
        "topic": sent["topic"],
        "resource": resource,
        "event": event,
        "hooks": [],
        "delivery_url": sent["delivery_url"],
        "secret": sent.get("secret", ""),
        "failure_count": 0,
        **stamps("created", moment),
        **stamps("modified", moment),
    }
    state.save_webhook(webhook)
    return webhook


def change(state: State, webhook_id: int, sent: Any) -> dict[str, Any]:
    webhook = state.get("webhooks", webhook_id)
    if webhook is None:
        raise ApiError(404, "woocommerce_rest_shop_webhook_invalid_id", "No webhook has this ID.")
    for field in ("name", "status", "delivery_url", "secret"):
        if field in sent:
            webhook[field] = sent[field]
    if sent.get("status") == "active":
        webhook["failure_count"] = 0
    state.save_webhook(webhook)
    return webhook


def shown(webhook: dict[str, Any]) -> dict[str, Any]:
    """What the API answers: everything but the secret."""
    return {name: value for name, value in webhook.items() if name != "secret"}


class Webhooks:
    """Builds deliveries on the store's thread and posts them from a few kept-alive senders."""

    def __init__(self, state: State, faults: Faults) -> None:
        self.state = state
        self.faults = faults
        self.queue: SimpleQueue[Delivery] = SimpleQueue()
        self.log: deque[Outcome] = deque(maxlen=100_000)
        self.active = [hook for hook in state.webhooks() if hook["status"] == "active"]

    def start(self, report: Callable[[Outcome], None]) -> None:
        for _ in range(SENDERS):
            threading.Thread(target=_send_all, args=(self.queue, report), daemon=True).start()

    def reload(self) -> None:
        self.active = [hook for hook in self.state.webhooks() if hook["status"] == "active"]

    def emit(self, topic: str, order_id: int, body: bytes) -> None:
        for webhook in self.active:
            if webhook["topic"] == topic:
                self._enqueue(webhook, order_id, body)

    def ping(self, webhook: dict[str, Any]) -> None:
        """WooCommerce announces a new webhook with an unsigned form post."""
        headers = {"Content-Type": "application/x-www-form-urlencoded", "X-WC-Webhook-ID": ""}
        body = f"webhook_id={webhook['id']}".encode()
        self.queue.put(Delivery(0, 0, "ping", webhook["delivery_url"], headers, body))

    def _enqueue(self, webhook: dict[str, Any], order_id: int, body: bytes) -> None:
        if self.faults.take("malformed"):
            body = body[: len(body) // 2]
        secret = webhook["secret"]
        if self.faults.take("bad_signature"):
            secret += "-not-this-one"
        resource, event = webhook["topic"].split(".")
        headers = {
            "Content-Type": "application/json",
            "User-Agent": "WooCommerce/10.2.1 Hookshot (WordPress/6.8)",
            "X-WC-Webhook-Source": SOURCE,
            "X-WC-Webhook-Topic": webhook["topic"],
            "X-WC-Webhook-Resource": resource,
            "X-WC-Webhook-Event": event,
            "X-WC-Webhook-Signature": sign(body, secret),
            "X-WC-Webhook-ID": str(webhook["id"]),
            "X-WC-Webhook-Delivery-ID": uuid.uuid4().hex,
        }
        url = webhook["delivery_url"]
        delivery = Delivery(webhook["id"], order_id, webhook["topic"], url, headers, body)
        self.queue.put(delivery)
        if self.faults.take("duplicate_delivery"):
            self.queue.put(delivery)

    def settle(self, outcome: Outcome) -> None:
        """Count a delivery's result; runs on the store's thread."""
        self.log.append(outcome)
        webhook = self.state.get("webhooks", outcome.webhook_id)
        if webhook is None:
            return
        failures = 0 if 200 <= outcome.status < 400 else webhook["failure_count"] + 1
        if failures != webhook["failure_count"]:
            webhook["failure_count"] = failures
            if failures >= MOST_FAILURES:
                webhook["status"] = "disabled"
            self.state.save_webhook(webhook)
            self.reload()


def _send_all(queue: SimpleQueue[Delivery], report: Callable[[Outcome], None]) -> None:
    connections: dict[tuple[str, str], HTTPConnection] = {}
    while True:
        delivery = queue.get()
        started = time.time()
        status = _post(connections, delivery)
        report(
            Outcome(
                delivery.webhook_id,
                delivery.resource_id,
                delivery.topic,
                delivery.headers.get("X-WC-Webhook-Delivery-ID", ""),
                status,
                started,
                time.time() - started,
            )
        )


def _post(connections: dict[tuple[str, str], HTTPConnection], delivery: Delivery) -> int:
    """The answer's status, or 0 when nobody answered. A stale kept-alive connection is renewed."""
    url = urlsplit(delivery.url)
    key = (url.scheme, url.netloc)
    path = url.path + (f"?{url.query}" if url.query else "")
    for attempt in ("kept", "fresh"):
        connection = connections.pop(key, None) if attempt == "kept" else _connect(*key)
        if connection is None:
            continue
        try:
            connection.request("POST", path, body=delivery.body, headers=delivery.headers)
            response = connection.getresponse()
            response.read()
        except (OSError, HTTPException) as error:
            connection.close()
            if attempt == "fresh" or isinstance(error, TimeoutError):
                return 0
            continue
        connections[key] = connection
        return response.status
    return 0


def _connect(scheme: str, netloc: str) -> HTTPConnection:
    kind = HTTPSConnection if scheme == "https" else HTTPConnection
    return kind(netloc, timeout=TIMEOUT)
