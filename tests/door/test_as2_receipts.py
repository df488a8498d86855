"""Receipts that travel alone: ours are posted where the partner wants them, theirs end what we sent."""

import json
from collections.abc import Iterator

import pytest

from integrations.connectors import as2_partner
from integrations.domain import as2_receipts
from integrations.formats.as2 import Received, judge, read_receipt, receive
from integrations.formats.as2.receipt_reader import DELIVERED
from integrations.models import As2Came, As2Went, DoorRefusal, Message, MessageEvent, Problem
from portal.core import clock, http
from tests import pipeline
from tests.door import as2_partner as partner
from tests.door.as2_partner import TODAY, keys, message, north, post, receipt
from tests.door.conftest import until
from tests.door.driver import Post
from tests.transports.test_as2 import Door

pytestmark = [pytest.mark.db, pytest.mark.long]
OURS = "https://hub.example/in/kestrel/depot"


@pytest.fixture(autouse=True)
def connector() -> Iterator[None]:
    http.set_allowed_networks(lambda: ["127.0.0.0/8"])
    with partner.registered():
        yield


@pytest.fixture
def theirs() -> Iterator[Door]:
    """The partner's server."""
    opened = Door()
    opened.posts = []
    opened.status = 200

    def notes(headers, body):
        opened.posts.append((headers, body))
        return opened.status, {}, b""

    opened.partner = notes
    yield opened
    opened.server.shutdown()
    opened.server.server_close()


def work(endpoint):
    return as2_receipts.work(endpoint.pk)


def asynchronous(url: str, **changes):
    return message(receipt="async", receipt_url=url, **changes)


def test_an_asynchronous_receipt_is_posted_once_and_again_for_a_repeat(door, site, theirs):
    depot = partner.endpoint(site.harbor)
    built = asynchronous(theirs.url)
    [answer] = door.send(post(built))
    assert (answer.status, answer.body) == (200, b"")
    assert Message.objects.count() == 1
    assert work(depot).done == 1 and work(depot).done == 0
    [(headers, body)] = theirs.posts
    assert judge(read_receipt(headers, body, north(), now=TODAY), built.expected) == DELIVERED
    assert As2Came.objects.get().posted_at
    door.send(post(built))
    assert work(depot).done == 1
    assert theirs.posts[1][1] == body
    assert Message.objects.count() == 1


def test_a_receipt_that_is_not_taken_is_posted_again_and_given_up_by_words(door, site, theirs):
    depot = partner.endpoint(site.harbor)
    theirs.status = 503
    door.send(post(asynchronous(theirs.url)))
    turn = work(depot)
    came = As2Came.objects.get()
    assert turn.next_due == came.due_at is not None
    assert came.attempts == 1 and came.said
    theirs.status = 404
    As2Came.objects.update(due_at=clock.now())
    work(depot)
    came.refresh_from_db()
    assert came.due_at is None and came.posted_at is None and "404" in came.said


@pytest.mark.parametrize(
    "url", ["http://10.0.0.1/x", "http://169.254.169.254/latest", "file:///etc/passwd"]
)
def test_no_receipt_goes_into_a_network_that_is_not_allowed(door, site, url):
    depot = partner.endpoint(site.harbor)
    door.send(post(asynchronous(url)))
    assert work(depot).done == 1
    came = As2Came.objects.get()
    assert came.due_at is None and came.posted_at is None and came.said
    assert Message.objects.count() == 1


def test_an_endless_address_for_a_receipt_keeps_no_message_out(door, site):
    depot = partner.endpoint(site.harbor)
    [answer] = door.send(post(asynchronous("http://10.0.0.1/" + "x" * 5000)))
    assert answer.status == 200 and Message.objects.count() == 1
    work(depot)
    assert As2Came.objects.get().said


def test_an_address_in_an_unsigned_message_is_not_called(door, site, theirs):
    depot = partner.endpoint(site.harbor, as2_takes="anything")
    [answer] = door.send(post(asynchronous(theirs.url, sign=None)))
    assert receipt(answer).disposition.is_success
    [answer] = door.send(post(asynchronous(theirs.url), **{"as2-from": "SOMEBODY"}))
    assert receipt(answer).disposition.reason == "unknown-trading-partner"
    assert work(depot).done == 0 and theirs.posts == []


def test_the_agreed_address_gets_refusals_too_and_few_wait(door, site, theirs, monkeypatch):
    monkeypatch.setattr("integrations.door.as2.MOST_REFUSALS", 2)
    depot = partner.endpoint(site.harbor, as2_partner_receipt_url=theirs.url)
    bad = message(receipt="async", receipt_url="http://10.0.0.1/", sign=None)
    answers = [door.send(post(bad, **{"message-id": f"<{n}@north>"}))[0] for n in (1, 2, 2, 3)]
    assert [a.status for a in answers] == [200, 200, 400, 400]
    assert work(depot).done == 2
    reasons = [read_receipt(h, b, north(), now=TODAY).disposition.reason for h, b in theirs.posts]
    assert reasons == ["insufficient-message-security"] * 2
    assert not As2Came.objects.exists() and not Message.objects.exists()


# What we send


@pytest.fixture
def depot(site, theirs):
    shop = pipeline.endpoint(site.harbor, "shop", settings={})
    made = partner.endpoint(
        site.harbor, as2_url=theirs.url, as2_receipt="async", as2_receipt_url=OURS
    )
    pipeline.flow(shop, made)
    made.shop = shop
    return made


def send_order(site, depot, number="1001"):
    pipeline.store(depot.shop, pipeline.order(number))
    pipeline.run(site.harbor)
    return Message.objects.get(direction="out", endpoint=depot, business_key__contains=number)


def their_receipt(theirs, agreement=None, *, signed=True):
    headers, body = theirs.posts[-1]
    if not signed:
        headers = {k: v for k, v in headers.items() if k != "Disposition-Notification-Options"}
    known = agreement or north()
    return receive(headers, body, lambda ours, them: known, now=TODAY, receipt_id="<r@north>")


def receipt_post(found):
    return Post(
        partner.DEPOT, [found.answer.body], {k.lower(): v for k, v in found.answer.headers.items()}
    )


def test_an_asynchronous_receipt_confirms_what_we_sent(door, site, depot, theirs):
    sent = send_order(site, depot)
    assert sent.state == "delivered", pipeline.story()
    went = As2Went.objects.get()
    assert (went.state, went.interchange_id) == ("awaited", sent.interchange_id)
    found = their_receipt(theirs)
    assert isinstance(found, Received) and found.answer.deliver_to == OURS
    [answer] = door.send(receipt_post(found))
    assert (answer.status, answer.body) == (200, b"")
    assert work(depot).done == 1
    sent.refresh_from_db()
    went.refresh_from_db()
    assert (sent.state, went.state) == ("confirmed", "proven"), pipeline.story()
    assert bytes(went.receipt_body) == found.answer.body
    last = MessageEvent.objects.filter(message=sent).latest("id")
    assert (last.from_state, last.to_state) == ("delivered", "confirmed")
    door.send(receipt_post(found))
    assert work(depot).done == 0


def test_where_documents_are_acknowledged_a_receipt_is_noted_and_confirms_nothing(
    door, site, depot, theirs
):
    depot.settings["ack_hours"] = 24
    depot.save()
    sent = send_order(site, depot)
    door.send(receipt_post(their_receipt(theirs)))
    work(depot)
    sent.refresh_from_db()
    assert sent.state == "delivered"
    assert "receipt proves" in MessageEvent.objects.filter(message=sent).latest("id").cause


def test_a_refusal_holds_what_we_sent_in_the_partners_words(door, site, depot, theirs):
    sent = send_order(site, depot)
    stranger = north()
    stranger = type(stranger)(stranger.profile, stranger.own, (keys("other").certificate,))
    found = their_receipt(theirs, stranger)
    door.send(receipt_post(found))
    work(depot)
    sent.refresh_from_db()
    assert (sent.state, As2Went.objects.get().state) == ("held", "refused")
    told = Problem.objects.get(message=sent)
    assert "authentication-failed" in told.text and told.code == "ack_rejected"


def test_a_receipt_over_other_bytes_holds_what_we_sent(door, site, depot, theirs):
    sent = send_order(site, depot)
    As2Went.objects.update(expected={**As2Went.objects.get().expected, "mic": "b3RoZXI="})
    door.send(receipt_post(their_receipt(theirs)))
    work(depot)
    sent.refresh_from_db()
    assert sent.state == "held"
    assert "other bytes than were sent" in Problem.objects.get(message=sent).text


def test_receipts_that_prove_nothing_are_refused_and_change_nothing(door, site, depot, theirs):
    sent = send_order(site, depot)
    good = their_receipt(theirs)
    unsigned = their_receipt(theirs, signed=False)
    assert isinstance(unsigned, Received)
    mallory = their_receipt(theirs, north(key=keys("mallory")))
    changed = good.answer.body.replace(b"processed", b"proceeded")
    answers = door.send(
        receipt_post(unsigned),
        receipt_post(mallory),
        receipt_post(good)._replace(chunks=[changed]),
    )
    assert [a.status for a in answers] == [400, 400, 400]
    assert work(depot).done == 0
    sent.refresh_from_db()
    assert (sent.state, As2Went.objects.get().state) == ("delivered", "awaited")
    until(lambda: DoorRefusal.objects.filter(reason="authentication-failed").exists(), seconds=3)


def test_a_receipt_of_no_message_of_ours_is_refused(door, site, depot, theirs):
    send_order(site, depot)
    found = their_receipt(theirs)
    As2Went.objects.update(message_id="<other@as2>")
    [answer] = door.send(receipt_post(found))
    assert answer.status == 400
    assert "No message of ours" in answer.body["detail"]


def test_a_receipt_that_is_faster_than_our_note_is_judged_afterwards(door, site, depot, theirs):
    send_order(site, depot)
    expected = As2Went.objects.get().expected
    As2Went.objects.update(expected=None, state="sending")
    door.send(receipt_post(their_receipt(theirs)))
    assert work(depot).done == 0
    As2Went.objects.update(expected=expected)
    assert work(depot).done == 1
    assert As2Went.objects.get().state == "proven"


def test_without_a_receipt_the_file_goes_again_under_its_id_and_is_held_in_the_end(
    site, depot, theirs
):
    sent = send_order(site, depot)
    for tries in range(2, as2_receipts.TRIES + 1):
        As2Went.objects.update(at=clock.now() - as2_receipts.PATIENCE)
        assert work(depot).done == 1
        pipeline.run(site.harbor)
        sent.refresh_from_db()
        assert (sent.state, len(theirs.posts)) == ("delivered", tries)
    assert len({headers["Message-ID"] for headers, _ in theirs.posts}) == 1
    As2Went.objects.update(at=clock.now() - as2_receipts.PATIENCE)
    work(depot)
    sent.refresh_from_db()
    assert sent.state == "held" and As2Went.objects.get().state == "refused"
    assert "No receipt came" in Problem.objects.get(message=sent).text


def test_a_synchronous_receipt_confirms_at_once(site, depot, theirs):
    depot.settings["as2_receipt"] = "sync"
    depot.save()
    theirs.partner = lambda headers, body: _answered(headers, body)
    sent = send_order(site, depot)
    went = As2Went.objects.get()
    assert (sent.state, went.state) == ("confirmed", "proven"), pipeline.story()
    answer = MessageEvent.objects.filter(message=sent).latest("id").answer
    assert answer["status"] == as2_partner.PROVEN and "as2" not in json.dumps(answer).replace(
        "@as2", ""
    )


def _answered(headers, body):
    found = receive(headers, body, lambda ours, them: north(), now=TODAY, receipt_id="<r@north>")
    return 200, found.answer.headers, found.answer.body


def test_work_that_nobody_was_woken_for_is_found(site, depot, theirs):
    send_order(site, depot)
    As2Went.objects.update(unread=True)
    woken = []
    as2_receipts.lanes.wake, before = (
        lambda kind, key: woken.append((kind, key)),
        as2_receipts.lanes.wake,
    )
    try:
        as2_receipts.wake_all()
    finally:
        as2_receipts.lanes.wake = before
    assert woken == [("as2", str(depot.pk))]
