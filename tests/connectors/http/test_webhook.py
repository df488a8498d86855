"""The door's check of generic webhooks, scheme by scheme."""

import base64
import hashlib
import hmac
from datetime import UTC, datetime

import pytest

from integrations.connectors import registry
from integrations.connectors.connection import Connection
from integrations.connectors.inbound import Received, Refused, event_key
from portal.core import clock
from tests.connectors.conformance import connection

HTTP = registry.get("http")
BODY = b'{"kind":"shipment","number":"S-1"}'
NOW = datetime(2026, 3, 2, 14, 0, tzinfo=UTC)
KEY = "whsec_" + base64.b64encode(b"twenty-four bytes of key").decode()


def system(secrets: dict[str, str], **settings: str) -> Connection:
    return connection(HTTP, settings=settings, secrets=secrets)


def refusal(given: dict[str, str], to: Connection, body: bytes = BODY) -> tuple[int, str]:
    with pytest.raises(Refused) as caught:
        HTTP.admit(given, body, to)
    return caught.value.status, caught.value.reason


def hexed(secret: str) -> str:
    return hmac.new(secret.encode(), BODY, hashlib.sha256).hexdigest()


def standard(*, at: datetime = NOW, key: bytes = b"twenty-four bytes of key") -> dict[str, str]:
    stamp = str(int(at.timestamp()))
    digest = hmac.new(key, b"msg_1." + stamp.encode() + b"." + BODY, hashlib.sha256).digest()
    return {
        "webhook-id": "msg_1",
        "webhook-timestamp": stamp,
        "webhook-signature": f"v1,{base64.b64encode(digest).decode()}",
    }


@pytest.mark.parametrize("prefix", ["sha256=", ""])
def test_an_hmac_in_a_header_is_taken(prefix: str) -> None:
    given = {"x-hub-signature-256": prefix + hexed("s3"), "x-event-id": "e-1"}
    received = HTTP.admit(given, BODY, system({"webhook_secret": "s3"}))
    assert received == Received("order", "order", BODY, event_key("e-1", BODY))


def test_an_hmac_under_the_old_secret_is_taken_during_rotation() -> None:
    given = {"x-hub-signature-256": hexed("old")}
    both = system({"webhook_secret": "new", "webhook_secret_old": "old"})
    assert HTTP.admit(given, BODY, both).dedup_key is None
    assert refusal(given, system({"webhook_secret": "new"})) == (401, "signature")


def test_a_wrong_or_missing_hmac_is_refused() -> None:
    to = system({"webhook_secret": "s3"})
    assert refusal({}, to) == (401, "signature")
    assert refusal({"x-hub-signature-256": hexed("x")}, to) == (401, "signature")
    assert refusal({"x-hub-signature-256": hexed("s3")}, to, BODY + b" ") == (401, "signature")
    assert refusal({"x-hub-signature-256": ""}, system({})) == (401, "signature")
    assert refusal({"x-hub-signature-256": hexed("")}, system({})) == (401, "signature")


def test_a_token_in_a_header_of_the_senders_choice_is_taken() -> None:
    to = system({"webhook_secret": "t0ken"}, scheme="token", signature_header="X-Api-Key")
    assert HTTP.admit({"x-api-key": "t0ken"}, BODY, to).object_type == "order"
    assert refusal({"x-api-key": "T0ken"}, to) == (401, "signature")
    assert refusal({"x-api-key": ""}, to) == (401, "signature")


def test_standard_webhooks_are_taken_and_named_by_their_id() -> None:
    to = system({"webhook_secret": KEY}, scheme="standard-webhooks")
    with clock.freeze(NOW):
        assert HTTP.admit(standard(), BODY, to).dedup_key == event_key("msg_1", BODY)


def test_the_published_example_of_standard_webhooks_is_taken() -> None:
    # The example of the specification's reference libraries.
    to = system(
        {"webhook_secret": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"}, scheme="standard-webhooks"
    )
    given = {
        "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "webhook-timestamp": "1614265330",
        "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    }
    with clock.freeze(datetime.fromtimestamp(1614265330, UTC)):
        assert HTTP.admit(given, b'{"test": 2432232314}', to).object_type == "order"


def test_one_good_signature_among_several_is_enough() -> None:
    to = system({"webhook_secret": KEY}, scheme="standard-webhooks")
    given = standard()
    given["webhook-signature"] = f"v1a,eA== v1,eA== {given['webhook-signature']}"
    with clock.freeze(NOW):
        assert HTTP.admit(given, BODY, to).object_type == "order"


@pytest.mark.parametrize(
    ("seconds", "taken"), [(300, True), (301, False), (-300, True), (-301, False)]
)
def test_a_webhook_may_be_five_minutes_off(seconds: int, taken: bool) -> None:
    to = system({"webhook_secret": KEY}, scheme="standard-webhooks")
    given = standard(at=datetime.fromtimestamp(NOW.timestamp() - seconds, UTC))
    with clock.freeze(NOW):
        if taken:
            assert HTTP.admit(given, BODY, to).dedup_key == event_key("msg_1", BODY)
        else:
            assert refusal(given, to) == (401, "timestamp")


@pytest.mark.parametrize(
    "change",
    [
        {"webhook-id": "msg_2"},
        {"webhook-signature": "v1,"},
        {"webhook-signature": "v2,eA=="},
        {"webhook-signature": ""},
    ],
)
def test_a_changed_standard_webhook_is_refused(change: dict[str, str]) -> None:
    to = system({"webhook_secret": KEY}, scheme="standard-webhooks")
    with clock.freeze(NOW):
        assert refusal(standard() | change, to) == (401, "signature")


@pytest.mark.parametrize("stamp", ["", "soon", "-1", "1e9", "99999999999999999999", "\u0661"])
def test_a_timestamp_that_is_none_is_refused(stamp: str) -> None:
    to = system({"webhook_secret": KEY}, scheme="standard-webhooks")
    assert refusal(standard() | {"webhook-timestamp": stamp}, to) == (401, "timestamp")


def test_a_user_and_a_password_are_taken() -> None:
    both = {"webhook_secret": "new", "webhook_secret_old": "open: sesame"}
    to = system(both, scheme="basic", basic_user="Aladdin")
    for password in ("new", "open: sesame"):
        proof = base64.b64encode(f"Aladdin:{password}".encode()).decode()
        assert HTTP.admit({"authorization": f"Basic {proof}"}, BODY, to).object_type == "order"
    for pair in ("Aladin:new", "Aladdin:old", "new", ":new"):
        proof = base64.b64encode(pair.encode()).decode()
        assert refusal({"authorization": f"Basic {proof}"}, to) == (401, "signature")
    assert refusal({"x-hub-signature-256": hexed("new")}, to) == (401, "signature")


def test_a_scheme_with_an_event_id_of_its_own_looks_at_no_other_header() -> None:
    proof = base64.b64encode(bytes.fromhex(hexed("s3"))).decode()
    given = {"x-shopify-hmac-sha256": proof, "x-event-id": "e-1"}
    to = system({"webhook_secret": "s3"}, scheme="shopify", signature_header="X-Other")
    assert HTTP.admit(given, BODY, to).dedup_key is None
    given["x-shopify-webhook-id"] = "d-1"
    assert HTTP.admit(given, BODY, to).dedup_key == event_key("d-1", BODY)


def test_a_scheme_without_one_takes_it_from_the_header_set_for_it() -> None:
    proof = base64.b64encode(bytes.fromhex(hexed("s3"))).decode()
    to = system(
        {"webhook_secret": "s3"},
        scheme="hmac-sha256-base64",
        signature_header="X-Proof",
        event_id_header="X-Delivery",
    )
    given = {"x-proof": proof, "x-delivery": "d-1"}
    assert HTTP.admit(given, BODY, to).dedup_key == event_key("d-1", BODY)
    assert refusal({"x-hub-signature-256": hexed("s3")}, to) == (401, "signature")


def test_the_settings_say_which_schemes_need_them() -> None:
    told = {setting.name: setting for setting in HTTP.settings}
    assert told["scheme"].default == "hmac-sha256"
    assert {"hmac-sha256", "token", "standard-webhooks"} < set(told["scheme"].choices)
    assert told["scheme"].said("hmac-sha256") == "HMAC, hex"
    assert told["signature_header"].fitting == ("hmac-sha256", "hmac-sha256-base64", "token")
    assert told["basic_user"].when == ("scheme", "basic")
    assert not told["event_id_header"].applies({"scheme": "github"})
    assert told["event_id_header"].applies({"scheme": "token"})
    assert told["client_id"].applies({"token_url": "https://login.example.com/token"})
    assert not any(told["client_id"].applies({"token_url": none}) for none in ("", None))


def signed(**more: str) -> dict[str, str]:
    return {"x-hub-signature-256": hexed("s3"), **more}


def test_the_object_type_comes_from_header_field_or_setting() -> None:
    secrets = {"webhook_secret": "s3"}
    by_field = system(secrets, object_type_field="kind")
    assert HTTP.admit(signed(), BODY, by_field).object_type == "shipment"
    by_header = system(secrets, object_type_header="X-Kind", object_type_field="kind")
    assert HTTP.admit(signed(**{"x-kind": "invoice"}), BODY, by_header).object_type == "invoice"
    assert HTTP.admit(signed(), BODY, by_header).object_type == "shipment"
    by_setting = system(secrets, object_type="product")
    assert HTTP.admit(signed(), BODY, by_setting).object_type == "product"


def test_a_type_there_is_none_of_is_answered_and_ignored() -> None:
    to = system({"webhook_secret": "s3"}, object_type_header="X-Kind")
    assert refusal(signed(**{"x-kind": "weather"}), to) == (202, "topic")


def test_malformed_json_is_taken_to_be_held_and_not_refused() -> None:
    body = b'{"kind":'
    given = {"x-hub-signature-256": hmac.new(b"s3", body, hashlib.sha256).hexdigest()}
    to = system({"webhook_secret": "s3"}, object_type_field="kind")
    assert HTTP.admit(given, body, to) == Received("order", "order", body, None)


def test_an_event_id_too_long_for_a_key_is_not_used() -> None:
    to = system({"webhook_secret": "s3"})
    assert HTTP.admit(signed(**{"x-event-id": "e" * 101}), BODY, to).dedup_key is None
