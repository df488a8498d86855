"""The door's check of the plugin's webhooks."""

import hashlib
import hmac

import pytest

from integrations.connectors import registry
from integrations.connectors.connection import Connection
from integrations.connectors.inbound import Received, Refused
from tests.connectors.conformance import connection

BODY = b'{"id":"42","code":"XJ8PQ4"}'
VENDURE = registry.get("vendure")


def shop(**secrets: str) -> Connection:
    return connection(VENDURE, settings={"url": "https://h.example/admin-api"}, secrets=secrets)


def headers(secret: str, body: bytes = BODY) -> dict[str, str]:
    return {"x-vendure-signature": hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()}


def test_a_signed_order_is_taken() -> None:
    received = VENDURE.admit(headers("s3"), BODY, shop(webhook_secret="s3"))
    assert received == Received("order", "orders.changed", BODY, None)


def test_both_secrets_pass_while_they_are_changed_and_no_other() -> None:
    both = shop(webhook_secret="new", webhook_secret_old="old")
    for secret in ("new", "old"):
        assert VENDURE.admit(headers(secret), BODY, both).object_type == "order"
    for given, body in ((headers("other"), BODY), (headers("new"), BODY + b" "), ({}, BODY)):
        with pytest.raises(Refused) as caught:
            VENDURE.admit(given, body, both)
        assert caught.value.status == 401
    with pytest.raises(Refused):
        VENDURE.admit(headers(""), BODY, shop())


def test_an_unsigned_webhook_is_refused_before_its_body_is_read() -> None:
    with pytest.raises(Refused):
        VENDURE.check_headers({}, shop(webhook_secret="s3"))
    VENDURE.check_headers(headers("s3"), shop(webhook_secret="s3"))
