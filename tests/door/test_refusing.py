"""What the door does not take, and how it says so."""

import pytest

from integrations.models import DoorRefusal, Endpoint, Message
from tests import pipeline
from tests.door.conftest import until
from tests.door.driver import MOST, SILENCE, Post, RunningDoor, signed

pytestmark = [pytest.mark.db, pytest.mark.long]

SHOP = "/in/kestrel/shop"
BODY = b'{"number": "1001"}'


def counted() -> dict[tuple[str, str], int]:
    rows = DoorRefusal.objects.values_list("endpoint__slug", "reason", "count")
    return {(slug, reason): count for slug, reason, count in rows}


@pytest.mark.parametrize(
    ("headers", "detail"),
    [
        (
            {"x-hub-signature-256": "sha256=" + "0" * 64},
            "The X-Hub-Signature-256 header does not match the secret.",
        ),
        ({"x-hub-signature-256": ""}, "The X-Hub-Signature-256 header does not match the secret."),
        (
            {"x-hub-signature-256": "sha256=ünfug\udcff".encode("latin-1", "replace").decode("latin-1")},
            "The X-Hub-Signature-256 header does not match the secret.",
        ),
        ({}, "The X-Hub-Signature-256 header is missing."),
    ],
    ids=["wrong", "empty", "no hex", "missing"],
)  # fmt: skip
def test_a_wrong_or_missing_signature_is_refused_and_counted(door, shop, headers, detail):
    answers = door.send(*[Post(SHOP, [BODY], headers)] * 3)
    assert [(a.status, a.body) for a in answers] == [(401, {"detail": detail})] * 3
    assert not Message.objects.exists()
    until(lambda: counted() == {("shop", "signature"): 3}, seconds=2)
    door.send(Post(SHOP, [BODY], headers))
    until(lambda: counted() == {("shop", "signature"): 4}, seconds=2)


def test_a_signature_of_another_body_is_refused(door, shop):
    post = signed(SHOP, BODY)._replace(chunks=[b'{"number": "1002"}'])
    assert door.send(post)[0].status == 401


def test_an_endpoint_without_a_secret_takes_nothing(door, site):
    pipeline.endpoint(site.harbor, "open", settings={}, secrets={})
    assert door.send(signed("/in/kestrel/open", BODY, secret=""))[0].status == 401


@pytest.mark.parametrize(
    "path",
    [
        "/in/kestrel/nobody",
        "/in/nobody/shop",
        "/in/public/shop",
        "/in/pg_catalog/shop",
        "/in/information_schema/shop",
        "/in/kestrel",
        "/in/kestrel/",
        "/in/",
        "/in//shop",
        "/in/kestrel//shop",
        "/in/kestrel/../shop",
        "/in/aurora/../kestrel/shop",
        "/in/kestrel/./shop",
        "/in/kestrel/shop/more",
        "/in/kestrel/shop\x00",
        "/in/kestrel/shop'; DROP SCHEMA kestrel CASCADE; --",
        '/in/kestrel"/shop',
        "/in/KESTREL/shop",
        "/in/kestrel/Shop",
        "/in/kestrel/shоp",  # a Cyrillic о
        "/in/kestrel/магазин",
        "/in/kestrel/%73hop",
        "/in/" + "k" * 100_000 + "/shop",
        "/in/kestrel/" + "s" * 100_000,
    ],
)
def test_an_address_nobody_has_is_not_found(door, shop, path):
    [answer] = door.send(signed(path, BODY))
    assert (answer.status, answer.body) == (
        404,
        {"detail": "No endpoint takes documents at this address."},
    )
    assert not Message.objects.exists()


def test_a_slash_at_the_end_of_an_address_is_forgiven(door, shop):
    assert door.send(signed(SHOP + "/", BODY))[0].status == 200


def test_guessed_addresses_that_can_not_exist_are_not_remembered(door, shop):
    door.send(*[signed(f"/in/kestrel/{'x' * 60}{n}", BODY) for n in range(50)])
    assert door.door._addresses._known == {}


def test_an_endpoint_that_takes_no_webhooks_is_not_found(door, site):
    pipeline.endpoint(site.harbor, "depot", "x12", settings={})
    assert door.send(signed("/in/kestrel/depot", BODY))[0].status == 404


def test_an_endpoint_of_the_other_partner_is_not_found_here(door, shop):
    assert door.send(signed("/in/aurora/shop", BODY))[0].status == 404


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE", "OPTIONS", "PATCH"])
def test_only_posts_are_taken(door, shop, method):
    [answer] = door.send(signed(SHOP, BODY)._replace(method=method))
    assert (answer.status, answer.body) == (405, {"detail": "Send documents with POST."})
    assert not Message.objects.exists()


def test_a_document_announced_as_too_large_is_refused_unread(door, shop):
    post = Post(SHOP, [None], {"content-length": str(20 * 2**20)})
    [answer] = door.send(post)
    detail = "A document may have at most 10 MB."
    assert (answer.status, answer.body) == (413, {"detail": detail})
    until(lambda: counted() == {("shop", "size"): 1}, seconds=2)


def test_a_document_that_turns_out_too_large_is_refused(door, shop):
    chunks = [b"x" * 2**20] * 20
    assert door.send(signed(SHOP, b"")._replace(chunks=chunks))[0].status == 413
    assert not Message.objects.exists()


def test_a_lie_about_the_length_does_not_help(door, shop):
    for length in ("5", "-1", "0x10", "²", "9" * 400):
        headers = {**signed(SHOP, b"").headers, "content-length": length}
        post = Post(SHOP, [b"x" * 2**20] * 11, headers)
        assert door.send(post)[0].status == 413


def test_a_document_of_exactly_the_largest_size_is_taken(door, shop):
    chunk = b" " * 2**20
    body = chunk * 10
    assert len(body) == MOST
    assert door.send(signed(SHOP, body)._replace(chunks=[chunk] * 10))[0].status == 200
    assert door.send(signed(SHOP, body + b" "))[0].status == 413


def test_a_document_that_is_cut_off_is_not_stored(door, shop):
    post = signed(SHOP, BODY)._replace(chunks=[BODY[:5], None])
    [answer] = door.send(post)
    detail = "The connection ended before the document did."
    assert (answer.status, answer.body) == (400, {"detail": detail})
    assert not Message.objects.exists()
    until(lambda: counted() == {("shop", "cut"): 1}, seconds=2)


def test_a_document_of_a_type_there_is_none_of_is_accepted_and_dropped(door, site):
    settings = {"object_type_header": "x-type"}
    pipeline.endpoint(site.harbor, "erp", settings=settings)
    post = signed("/in/kestrel/erp", BODY)
    [answer] = door.send(post._replace(headers={**post.headers, "x-type": "unicorn"}))
    assert (answer.status, answer.body) == (202, {"status": "Documents of this type are not read."})
    assert not Message.objects.exists()


def test_no_answer_names_the_vendor(door, shop):
    answers = door.send(
        signed(SHOP, BODY),
        signed(SHOP, BODY)._replace(method="GET"),
        signed("/in/nobody/shop", BODY),
        Post(SHOP, [BODY], {}),
        Post(SHOP, [None], {"content-length": str(20 * 2**20)}),
    )
    assert [a.status for a in answers] == [200, 405, 404, 401, 413]
    assert "crossdock" not in str(answers).lower()


def test_refusals_of_two_endpoints_are_counted_apart(door, shop, site):
    pipeline.endpoint(site.harbor, "erp", settings={})
    cut = signed(SHOP, BODY)._replace(chunks=[None])
    door.send(Post(SHOP, [BODY], {}), Post("/in/kestrel/erp", [BODY], {}), cut)
    until(
        lambda: (
            counted() == {("shop", "signature"): 1, ("erp", "signature"): 1, ("shop", "cut"): 1}
        ),
        seconds=2,
    )
    assert Endpoint.objects.get(slug="erp").doorrefusal_set.get().count == 1


def test_an_unsigned_document_is_refused_unread(door, shop):
    [answer] = door.send(Post(SHOP, [None], {}))  # reading it would end in 400
    assert answer.status == 401
    assert answer.body == {"detail": "The X-Hub-Signature-256 header is missing."}


def test_a_document_of_another_time_is_refused_unread(door, site):
    pipeline.endpoint(site.harbor, "erp", settings={"scheme": "standard-webhooks"})
    headers = {"webhook-id": "1", "webhook-timestamp": "1000000000", "webhook-signature": "v1,x"}
    [answer] = door.send(Post("/in/kestrel/erp", [None], headers))
    assert (answer.status, answer.body["detail"]) == (
        401,
        "The webhook-timestamp header is too far from our time.",
    )


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"content-length": "16"}, 200),
        ({"content-length": "100"}, 401),
        ({"content-length": "9437184"}, 401),
        ({"transfer-encoding": "chunked"}, 401),
    ],
)
def test_of_a_store_only_the_ping_comes_unsigned_and_it_is_short(door, site, headers, status):
    pipeline.endpoint(site.harbor, "store", "woocommerce")
    ping = Post("/in/kestrel/store", [b"webhook_id=", b"12345"], headers)
    assert door.send(ping)[0].status == status
    assert door.send(ping._replace(chunks=[None]))[0].status == (400 if status == 200 else 401)


def test_a_document_that_never_ends_is_refused_at_its_time(shop):
    running = RunningDoor(within=0.3)
    try:
        slow = signed(SHOP, BODY)._replace(chunks=[BODY[:4], SILENCE])
        answers = running.send(slow, signed(SHOP, BODY), slow._replace(chunks=[SILENCE]))
    finally:
        running.stop()
    assert [a.status for a in answers] == [408, 200, 408]
    assert answers[0].body == {"detail": "The document took too long to arrive."}
    assert Message.objects.count() == 1


def test_unfinished_documents_share_a_budget_and_small_ones_come_in_beside_them(shop):
    running = RunningDoor(within=1, budget=2**20)
    waiting = signed(SHOP, BODY)._replace(chunks=[b"x" * 2**20, SILENCE])
    large = signed(SHOP, b"y" * 2**20)._replace(chunks=[b"y" * 2**19] * 2)
    try:
        answers = running.send(waiting, waiting, signed(SHOP, BODY))
        again = running.send(large)[0]
    finally:
        running.stop()
    assert sorted(a.status for a in answers[:2]) == [408, 503]  # whichever came first
    assert [a.headers["retry-after"] for a in answers if a.status == 503] == ["5"]
    assert answers[2].status == 200
    assert again.status == 200
