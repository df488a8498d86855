"""The door's check of Shopify's webhooks."""

import base64
import hashlib
import hmac

import pytest

from integrations.connectors import registry
from integrations.connectors.connection import Connection
from integrations.connectors.inbound import Received, Refused, event_key
from tests.connectors.conformance import connection

BODY = b'{"id":1,"admin_graphql_api_id":"gid://shopify/Order/1"}'
SHOPIFY = registry.get("shopify")


def shop(**secrets: str) -> Connection:
    return connection(SHOPIFY, settings={"url": "https://h.myshopify.com"}, secrets=secrets)


def headers(secret: str, *, topic: str = "orders/create", body: bytes = BODY) -> dict[str, str]:
    digest = hmac.new(secret.encode(), body, hashlib.sha256).digest()
    return {
        "x-shopify-hmac-sha256": base64.b64encode(digest).decode(),
        "x-shopify-topic": topic,
        "x-shopify-webhook-id": "b54557e4",
        "x-shopify-event-id": "98880550",
    }


def test_a_signed_order_is_taken_under_the_apps_secret() -> None:
    received = SHOPIFY.admit(headers("s3"), BODY, shop(client_secret="s3"))
    key = event_key("b54557e4:orders/create", BODY)
    assert received == Received("order", "orders/create", BODY, key)


@pytest.mark.parametrize(
    ("topic", "object_type"),
    [
        ("orders/updated", "order"),
        ("orders/cancelled", "order"),
        ("orders/paid", "order"),
        ("orders/fulfilled", "order"),
        ("customers/update", "customer"),
        ("refunds/create", "return"),
    ],
)
def test_the_topic_says_what_it_is(topic: str, object_type: str) -> None:
    given = headers("s3", topic=topic)
    assert SHOPIFY.admit(given, BODY, shop(webhook_secret="s3")).object_type == object_type


@pytest.mark.parametrize(
    "topic", ["products/update", "inventory_levels/update", "app/uninstalled", ""]
)
def test_what_is_not_read_is_answered_and_left(topic: str) -> None:
    with pytest.raises(Refused) as caught:
        SHOPIFY.admit(headers("s3", topic=topic), BODY, shop(webhook_secret="s3"))
    assert (caught.value.status, caught.value.reason) == (202, "topic")


def test_both_secrets_pass_while_they_are_changed_and_no_other() -> None:
    both = shop(webhook_secret="new", webhook_secret_old="old")
    for secret in ("new", "old"):
        assert SHOPIFY.admit(headers(secret), BODY, both).object_type == "order"
    for given, body in ((headers("other"), BODY), (headers("new"), BODY + b" "), ({}, BODY)):
        with pytest.raises(Refused) as caught:
            SHOPIFY.admit(given, body, both)
        assert caught.value.status == 401
    with pytest.raises(Refused):
        SHOPIFY.admit(headers(""), BODY, shop())


def test_an_unsigned_webhook_is_refused_before_its_body_is_read() -> None:
    with pytest.raises(Refused):
        SHOPIFY.check_headers({}, shop(client_secret="s3"))
    SHOPIFY.check_headers(headers("s3"), shop(client_secret="s3"))
