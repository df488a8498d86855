"""What the door takes is stored before it is answered, and stored once."""

import hmac
import json
import time
from hashlib import sha256

import pytest
from django_tenants.utils import schema_context

from integrations.domain import receive
from integrations.models import DoorRefusal, Message, MessageEvent, Payload
from monitoring.models import ExceptionCase
from tests import pipeline
from tests.door.conftest import until
from tests.door.driver import NAME, Answer, Post, signed
from tests.scenarios import committed

pytestmark = [pytest.mark.db, pytest.mark.long]

SHOP = "/in/kestrel/shop"
STORED = {"status": "stored"}


def order(number: str = "1001", **fields: str) -> bytes:
    return json.dumps(pipeline.order(number, **fields)).encode()


def test_an_accepted_document_is_in_the_store_with_the_bytes_that_were_sent(door, shop):
    body = b"  " + order() + b"\n"
    [answer] = door.send(signed(SHOP, body))
    headers = {
        "content-type": "application/json", "content-length": "20", "cache-control": "no-store",
        "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
        "x-content-type-options": "nosniff",
    }  # fmt: skip
    assert answer == Answer(200, headers, STORED)
    message = Message.objects.get()
    assert (message.state, message.direction, message.object_type, message.endpoint_id) == (
        "received", "in", "order", shop.pk,
    )  # fmt: skip
    assert message.customer_id == shop.customer_id
    assert bytes(message.payload_id) == sha256(body).digest()
    assert bytes(Payload.objects.get().body) == body


def test_what_was_answered_outlives_the_door_and_its_sessions(door, shop):
    assert door.send(signed(SHOP, order()))[0].status == 200
    with committed.owner() as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = %s",
            [NAME],
        )
        rows = connection.execute("SELECT state FROM kestrel.integrations_message").fetchall()
    assert rows == [("received",)]


def test_an_accepted_document_wakes_the_lane_of_its_customer(door, shop):
    door.send(signed(SHOP, order()))
    until(lambda: translate_lanes() == [("kestrel", str(shop.customer_id), True)], seconds=2)


def translate_lanes() -> list[tuple]:
    with committed.owner() as connection:
        return connection.execute(
            "SELECT schema, key, due_at <= now() FROM public.jobs_wake WHERE kind = 'translate'"
        ).fetchall()


def test_an_event_that_comes_again_is_answered_as_stored_and_noted_as_a_duplicate(door, shop):
    for _ in range(2):
        assert door.send(signed(SHOP, order(), event="evt-1"))[0][::2] == (200, STORED)
    [message] = Message.objects.all()
    events = MessageEvent.objects.filter(message=message).order_by("id")
    assert [(e.from_state, e.to_state) for e in events] == [("", "received"), ("", "duplicate")]


def of_stripe(body: bytes, *, age: int) -> Post:
    stamp = int(time.time()) - age
    digest = hmac.new(pipeline.SECRET.encode(), b"%d." % stamp + body, sha256).hexdigest()
    return Post("/in/kestrel/pay", [body], {"stripe-signature": f"t={stamp},v1={digest}"})


def test_a_replay_is_a_duplicate_while_it_is_young_and_refused_by_its_time_after(door, site):
    pipeline.endpoint(site.harbor, "pay", settings={"scheme": "stripe"})
    body = order(id="evt-1")
    first = of_stripe(body, age=200)
    assert [door.send(first)[0][::2] for _ in range(2)] == [(200, STORED)] * 2
    # the sender's next try is signed anew, at its own time
    assert door.send(of_stripe(body, age=0))[0].status == 200
    [answer] = door.send(of_stripe(body, age=301))
    assert (answer.status, answer.body["detail"]) == (
        401,
        "The time in the Stripe-Signature header is too far from our time.",
    )
    events = MessageEvent.objects.filter(message=Message.objects.get()).order_by("id")
    assert [e.to_state for e in events] == ["received", "duplicate", "duplicate"]
    until(lambda: refusals() == [("timestamp", 1)], seconds=3)


def test_the_same_event_twice_within_one_group_is_one_message(door, shop):
    answers = door.send(*[signed(SHOP, order(), event="evt-1")] * 5, signed(SHOP, order("2")))
    assert [a.status for a in answers] == [200] * 6
    assert Message.objects.count() == 2
    first = MessageEvent.objects.filter(message__dedup_key__startswith="evt-1:").order_by("id")
    until(lambda: first.count() == 5, seconds=2)
    assert [e.to_state for e in first] == ["received", *["duplicate"] * 4]


def test_the_same_event_id_with_other_bytes_is_another_document(door, shop):
    """A sender that uses its order number as event id, and then sends a change of the order."""
    door.send(signed(SHOP, order("1"), event="evt-1"))
    door.send(signed(SHOP, order("1", quantity="3"), event="evt-1"))
    assert list(Message.objects.values_list("state", flat=True)) == ["received"] * 2
    assert Payload.objects.count() == 2


def test_an_event_that_comes_a_hundred_times_at_once_is_one_message_and_its_duplicates(door, shop):
    answers = door.send(*[signed(SHOP, order(), event="evt-1")] * 100)
    assert {a.status for a in answers} == {200}
    assert Message.objects.count() == 1
    duplicates = MessageEvent.objects.filter(to_state="duplicate")
    until(lambda: duplicates.count() == 99, seconds=5)
    assert MessageEvent.objects.count() == 100


def test_the_same_bytes_without_an_event_id_are_two_messages_of_one_payload(door, shop):
    door.send(signed(SHOP, order()), signed(SHOP, order()))
    assert (Message.objects.count(), Payload.objects.count()) == (2, 1)


def test_three_hundred_at_once_are_each_stored_once(door, shop):
    numbers = [str(n) for n in range(300)]
    answers = door.send(*[signed(SHOP, order(n), event=f"evt-{n}") for n in numbers])
    assert {a.status for a in answers} == {200}
    bodies = [json.loads(bytes(body)) for (body,) in Payload.objects.values_list("body")]
    assert sorted(b["number"] for b in bodies) == sorted(numbers)
    keys = Message.objects.values_list("dedup_key", flat=True)
    assert sorted(key.partition(":")[0] for key in keys) == sorted(f"evt-{n}" for n in numbers)
    assert MessageEvent.objects.count() == 300


def test_two_partners_at_the_same_moment_do_not_mix(door, shop):
    aurora = committed.site("aurora")
    with schema_context("aurora"):
        pipeline.endpoint(aurora.harbor, "shop", settings={}, secrets={"webhook_secret": "other"})
    theirs = [
        signed("/in/aurora/shop", order(f"A{n}"), secret="other", event=f"e{n}") for n in range(40)
    ]
    ours = [signed(SHOP, order(f"K{n}"), event=f"e{n}") for n in range(40)]
    mixed = [post for pair in zip(theirs, ours, strict=True) for post in pair]
    assert {a.status for a in door.send(*mixed)} == {200}
    for schema, letter in (("kestrel", "K"), ("aurora", "A")):
        with schema_context(schema):
            bodies = [json.loads(bytes(body)) for (body,) in Payload.objects.values_list("body")]
            assert sorted(b["number"] for b in bodies) == sorted(f"{letter}{n}" for n in range(40))
            assert Message.objects.count() == 40


def test_the_secret_of_one_partner_opens_no_door_of_another(door, shop):
    aurora = committed.site("aurora")
    with schema_context("aurora"):
        pipeline.endpoint(aurora.harbor, "shop", settings={}, secrets={"webhook_secret": "other"})
    [answer] = door.send(signed("/in/aurora/shop", order()))
    assert answer.status == 401
    with schema_context("aurora"):
        assert not Message.objects.exists()


@pytest.mark.parametrize(
    "body",
    [b'{"number": "10', b"", b"\xff\xfe\x00", b"[" * 100_000],
    ids=["cut off", "empty", "not UTF-8", "bottomless"],
)
def test_what_is_not_json_is_stored_and_then_held_in_a_case(door, shop, body):
    [answer] = door.send(signed(SHOP, body))
    assert (answer.status, answer.body) == (200, STORED)
    receive.receive(shop.customer_id)
    assert pipeline.states() == ["held"], pipeline.story()
    case = ExceptionCase.objects.get()
    assert (case.documents, case.state) == (1, "new")
    assert case.code in {"malformed_document", "encoding_error"}
    assert bytes(Payload.objects.get().body) == body


@pytest.mark.parametrize("event", ["a\x00b", "\x00"], ids=["with a NUL", "only a NUL"])
def test_a_document_with_a_hostile_event_id_does_not_fail_the_others_of_its_group(
    door, shop, event
):
    good = [signed(SHOP, order(str(n))) for n in range(20)]
    answers = door.send(*good[:10], signed(SHOP, order("bad"), event=event), *good[10:])
    assert [a.status for a in answers] == [*[200] * 10, 400, *[200] * 10]
    assert answers[10].body["detail"].startswith("The event id or the topic holds characters")
    assert Message.objects.count() == 20
    until(lambda: refusals() == [("unstorable", 1)], seconds=3)


def refusals() -> list[tuple]:
    return list(DoorRefusal.objects.order_by("reason").values_list("reason", "count"))


def test_an_event_id_longer_than_any_column_is_stored_without_one(door, shop):
    [answer] = door.send(signed(SHOP, order(), event="x" * 10_000))
    assert answer.status == 200
    assert Message.objects.get().dedup_key is None
