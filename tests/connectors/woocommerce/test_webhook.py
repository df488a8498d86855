"""The door's check of WooCommerce webhooks."""

import base64
import hashlib
import hmac

import pytest

from integrations.connectors import registry
from integrations.connectors.connection import Connection
from integrations.connectors.inbound import Received, Refused, event_key
from tests.connectors.conformance import connection

BODY = b'{"id":1001,"number":"1001"}'
WOO = registry.get("woocommerce")


def store(**secrets: str) -> Connection:
    return connection(WOO, settings={"url": "https://shop.example.com"}, secrets=secrets)


def headers(secret: str, *, topic: str = "order.created", **more: str) -> dict[str, str]:
    digest = hmac.new(secret.encode(), BODY, hashlib.sha256).digest()
    return {
        "x-wc-webhook-signature": base64.b64encode(digest).decode(),
        "x-wc-webhook-topic": topic,
        "x-wc-webhook-delivery-id": "5a1f",
        **more,
    }


def refusal(given: dict[str, str], body: bytes, to: Connection) -> tuple[int, str]:
    with pytest.raises(Refused) as caught:
        WOO.admit(given, body, to)
    return caught.value.status, caught.value.reason


def test_a_signed_order_is_taken() -> None:
    received = WOO.admit(headers("s3"), BODY, store(webhook_secret="s3"))
    assert received == Received(
        "order", "order.created", BODY, event_key("5a1f:order.created", BODY)
    )


def test_the_signature_is_the_one_of_the_documentation() -> None:
    # printf '{"id":1001,"number":"1001"}' | openssl dgst -sha256 -hmac s3 -binary | base64
    given = headers("s3") | {
        "x-wc-webhook-signature": "xaBbPIiBKeS5mVbK7+m3xb9g8aDbHiUI0k1Vi7NbU4Q="
    }
    assert WOO.admit(given, BODY, store(webhook_secret="s3")).object_type == "order"


@pytest.mark.parametrize(
    ("topic", "object_type"),
    [
        ("order.updated", "order"),
        ("order.restored", "order"),
        ("product.created", "product"),
        ("customer.updated", "customer"),
    ],
)
def test_the_topic_says_what_it_is(topic: str, object_type: str) -> None:
    received = WOO.admit(headers("s3", topic=topic), BODY, store(webhook_secret="s3"))
    assert received.object_type == object_type


def test_the_old_secret_is_taken_while_it_is_being_changed() -> None:
    both = store(webhook_secret="new", webhook_secret_old="old")
    assert WOO.admit(headers("old"), BODY, both).object_type == "order"
    assert WOO.admit(headers("new"), BODY, both).object_type == "order"
    assert refusal(headers("old"), BODY, store(webhook_secret="new")) == (401, "signature")


def test_a_wrong_or_missing_signature_is_refused() -> None:
    to = store(webhook_secret="s3")
    assert refusal(headers("wrong"), BODY, to) == (401, "signature")
    assert refusal(headers("s3"), BODY + b" ", to) == (401, "signature")
    assert refusal({}, BODY, to) == (401, "signature")
    assert refusal({"x-wc-webhook-signature": "ü\u20ac"}, BODY, to) == (401, "signature")


def test_without_a_secret_nothing_is_taken() -> None:
    assert refusal(headers(""), BODY, store()) == (401, "signature")


def test_the_ping_of_a_new_webhook_is_answered_and_ignored() -> None:
    assert refusal({}, b"webhook_id=17", store(webhook_secret="s3")) == (200, "ping")
    assert refusal({}, b"webhook_id=17&x=1", store(webhook_secret="s3")) == (401, "signature")


def test_other_topics_are_answered_and_ignored() -> None:
    to = store(webhook_secret="s3")
    assert refusal(headers("s3", topic="order.deleted"), BODY, to) == (202, "topic")
    assert refusal(headers("s3", topic="action.anything"), BODY, to) == (202, "topic")


def test_without_a_usable_delivery_id_the_hub_tells_repeats() -> None:
    to = store(webhook_secret="s3")
    for given in ("", "x" * 81):
        received = WOO.admit(headers("s3", **{"x-wc-webhook-delivery-id": given}), BODY, to)
        assert received.dedup_key is None
