import base64
import hashlib
import hmac
import json

import pytest
import requests


def _place(store, count: int, **wanted) -> list[int]:
    body = {"count": count, **wanted}
    return requests.post(f"{store.control}/_sandbox/orders", json=body, timeout=10).json()["ids"]


@pytest.fixture
def shop(start_store, receiver):
    return start_store("--webhook-url", receiver.url, "--webhook-secret", "whsec")


def _signed_rightly(headers: dict[str, str], body: bytes) -> bool:
    wanted = base64.b64encode(hmac.new(b"whsec", body, hashlib.sha256).digest()).decode()
    return headers["X-WC-Webhook-Signature"] == wanted


def test_an_order_is_announced_signed_and_as_the_api_shows_it(shop, receiver, eventually) -> None:
    order_id = _place(shop, 1)[0]
    eventually(lambda: receiver.requests)
    headers, body = receiver.requests[0]
    assert _signed_rightly(headers, body)
    assert headers["X-WC-Webhook-Topic"] == "order.created"
    assert (headers["X-WC-Webhook-Resource"], headers["X-WC-Webhook-Event"]) == ("order", "created")
    assert json.loads(body) == shop.api("GET", f"/orders/{order_id}").json()


def test_a_change_is_announced_once_and_no_change_not_at_all(shop, receiver, eventually) -> None:
    order_id = _place(shop, 1, webhooks=False)[0]
    for _ in range(2):
        shop.api("PUT", f"/orders/{order_id}", json={"status": "completed"})
    shop.api("PUT", f"/orders/{order_id}", json={"status": "refunded"})
    eventually(lambda: len(receiver.requests) >= 2)
    topics = [headers["X-WC-Webhook-Topic"] for headers, _ in receiver.requests]
    statuses = {json.loads(body)["status"] for _, body in receiver.requests}
    assert topics == ["order.updated", "order.updated"]
    assert statuses == {"completed", "refunded"}


def test_a_rate_of_fifty_spreads_ten_orders_over_a_fifth_of_a_second(
    shop, receiver, eventually
) -> None:
    _place(shop, 11, rate=50)
    eventually(lambda: len(receiver.requests) == 11)
    url = f"{shop.control}/_sandbox/deliveries"
    sent = sorted(row["sent_at"] for row in requests.get(url, timeout=5).json())
    assert 0.18 <= sent[-1] - sent[0] <= 0.6


def test_a_duplicate_delivery_repeats_id_and_body(shop, receiver, eventually) -> None:
    shop.misbehave(duplicate_delivery=1)
    _place(shop, 2)
    eventually(lambda: len(receiver.requests) == 3)
    ids = [headers["X-WC-Webhook-Delivery-ID"] for headers, _ in receiver.requests]
    assert len(set(ids)) == 2


def test_a_bad_signature_is_bad_and_the_next_one_is_good(shop, receiver, eventually) -> None:
    shop.misbehave(bad_signature=1)
    _place(shop, 2)
    eventually(lambda: len(receiver.requests) == 2)
    assert sorted(_signed_rightly(*one) for one in receiver.requests) == [False, True]


def test_a_malformed_body_is_signed_but_is_not_json(shop, receiver, eventually) -> None:
    shop.misbehave(malformed=1)
    _place(shop, 1)
    eventually(lambda: receiver.requests)
    headers, body = receiver.requests[0]
    assert _signed_rightly(headers, body)
    with pytest.raises(ValueError):
        json.loads(body)


def test_five_failures_in_a_row_switch_a_webhook_off_until_it_is_switched_on(
    shop, receiver, eventually
) -> None:
    receiver.status = 500
    _place(shop, 5)
    created = lambda: shop.api("GET", "/webhooks").json()[0]  # noqa: E731
    eventually(lambda: created()["status"] == "disabled")
    receiver.status = 200
    _place(shop, 1)
    url = f"{shop.control}/_sandbox/webhooks"
    requests.post(url, json={"status": "active"}, timeout=5)
    last = _place(shop, 1)[0]
    eventually(lambda: json.loads(receiver.requests[-1][1])["id"] == last)
    assert len(receiver.requests) == 6
    assert created()["failure_count"] == 0


def test_a_connector_may_register_a_webhook_and_is_pinged(store, receiver, eventually) -> None:
    body = {"topic": "order.updated", "delivery_url": receiver.url, "secret": "whsec"}
    answer = store.api("POST", "/webhooks", json=body)
    assert answer.status_code == 201
    assert "secret" not in answer.json()
    eventually(lambda: receiver.requests)
    assert receiver.requests[0][1] == f"webhook_id={answer.json()['id']}".encode()


def test_a_topic_that_the_store_does_not_send_is_refused(store) -> None:
    body = {"topic": "coupon.created", "delivery_url": "http://127.0.0.1:1/"}
    assert store.api("POST", "/webhooks", json=body).status_code == 400
