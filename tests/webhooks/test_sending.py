"""Sending: signed as the standard says, at least once, retried, and mute about secrets."""

import base64
from datetime import UTC, datetime, timedelta
from time import perf_counter

import pytest
from standardwebhooks.webhooks import Webhook as Receiver
from standardwebhooks.webhooks import WebhookVerificationError

from monitoring.models import ExceptionCase
from portal.core import clock, guard, logs
from portal.core.secrets import decrypt
from portal.webhooks import schedule
from portal.webhooks.domain import posting, retention, setup
from portal.webhooks.models import (
    WebhookAttempt,
    WebhookDelivery,
    WebhookEvent,
    WebhookHour,
)
from portal.webhooks.tasks import webhooks_lane
from tests.core.web_server import answer, hang_up
from tests.webhooks.scenery import NOON, happen, hook, lower, numbers, send, story

pytestmark = pytest.mark.db
NO_JITTER = 1.1  # the longest that a tenth more makes of a wait


def test_a_library_we_did_not_write_takes_what_is_sent(kestrel, listening, server):
    happen(kestrel.harbor, "1001")
    send()
    _, path, headers, body = server.requests[0]
    assert path == "/in"
    taken = Receiver(listening.secret).verify(body, lower(headers))
    assert taken["type"] == "order.created"
    assert taken["data"]["customer"] == "harbor"
    assert taken["data"]["number"] == "1001"
    assert lower(headers)["content-type"] == "application/json"
    assert lower(headers)["user-agent"] == "integration/1.0"
    with pytest.raises(WebhookVerificationError):
        Receiver(listening.secret).verify(body.replace(b"1001", b"1002"), lower(headers))


def test_a_secret_is_as_the_standard_wants_it(kestrel, listening):
    assert listening.secret.startswith("whsec_")
    assert len(base64.b64decode(listening.secret[6:])) == 32
    assert decrypt(listening.now().secrets)["current"].reveal() == listening.secret
    assert listening.secret.encode() not in listening.now().secrets


def test_for_a_day_after_an_exchange_both_secrets_sign_and_then_the_new_one_alone(
    kestrel, listening, server
):
    began = clock.now()
    with clock.freeze(began) as time:
        new = setup.rotate(listening.row.pk)
        time.move(24 * 3600 - 1)
        happen(kestrel.harbor, "1001")
        send()
        time.move(1)
        happen(kestrel.harbor, "1002")
        send()
    first, second = (signatures(request) for request in server.requests)
    assert first == [signed(server.requests[0], new), signed(server.requests[0], listening.secret)]
    assert second == [signed(server.requests[1], new)]


def signatures(request) -> list[str]:
    return lower(request[2])["webhook-signature"].split(" ")


def signed(request, secret: str) -> str:
    """What the other library makes of it."""
    headers = lower(request[2])
    at = datetime.fromtimestamp(int(headers["webhook-timestamp"]), tz=UTC)
    return Receiver(secret).sign(headers["webhook-id"], at, request[3].decode())


def test_a_try_that_failed_is_made_again_by_the_schedule_with_the_same_id(
    kestrel, listening, server
):
    server.answers["/in"] = answer(500, b"maintenance")
    with clock.freeze(NOON) as time:
        happen(kestrel.harbor, "1001")
        send()
        assert story() == [("order.created", "waiting", 1)]
        for number, wait in enumerate(schedule.WAITS[1:], start=2):
            row = WebhookDelivery.objects.get()
            later = (row.due_at - clock.now()).total_seconds()
            assert wait <= later <= wait * NO_JITTER
            time.move(max(later, 300))  # a receiver that fails rests for at most five minutes
            if number < schedule.MOST_TRIES:
                send()
                assert story() == [("order.created", "waiting", number)]
        send()
    assert story() == [("order.created", "failed", 10)]
    assert len({lower(request[2])["webhook-id"] for request in server.requests}) == 1
    assert len({request[3] for request in server.requests}) == 1
    stamps = [int(lower(request[2])["webhook-timestamp"]) for request in server.requests]
    assert (
        stamps == sorted(stamps) and len(set(stamps)) == 10
    )  # signed anew with the time of each try


def test_after_all_tries_the_receiver_is_switched_off_and_a_case_says_so(shop, server):
    server.answers["/in"] = answer(500)
    one = hook(server)
    with clock.freeze(NOON):
        happen(shop.customer_id, "1001")
        WebhookDelivery.objects.update(tries=schedule.MOST_TRIES - 1)
        send()
    row = one.now()
    assert (row.is_on, row.off_reason) == (False, "10 tries in vain. It answered 500.")
    case = ExceptionCase.objects.get(code="webhook_off")
    assert case.title == "Data lake was switched off: it takes no events"
    assert case.evidence["lines"][1:] == [
        ["It says", "10 tries in vain. It answered 500."],
        ["Did not arrive", "1"],
    ]
    assert case.evidence["url"] == f"/webhooks/{row.pk}/"
    assert case.is_internal
    setup.resume(row.pk)
    assert not ExceptionCase.objects.get().is_open


def test_a_message_that_alone_is_refused_for_ever_switches_nobody_off(kestrel, listening, server):
    with clock.freeze(NOON) as time:
        server.answers["/in"] = answer(500)
        happen(kestrel.harbor, "1001")
        send()
        WebhookDelivery.objects.update(
            tries=schedule.MOST_TRIES - 1, due_at=NOON + timedelta(minutes=9)
        )
        server.answers["/in"] = answer(200)
        time.move(60)
        happen(kestrel.harbor, "1002")
        send()
        server.answers["/in"] = answer(500)
        time.move(600)
        send()
    assert story() == [("order.created", "failed", 10), ("order.created", "sent", 1)]
    assert listening.now().is_on


def test_410_ends_it_at_once(shop, server):
    server.answers["/in"] = answer(410)
    one = hook(server)
    happen(shop.customer_id, "1001")
    send()
    assert story() == [("order.created", "failed", 1)]
    assert one.now().off_reason == "It answered 410: it wants nothing any more."
    assert ExceptionCase.objects.filter(code="webhook_off").count() == 1
    happen(shop.customer_id, "1002")
    send()
    assert len(server.requests) == 1
    kept = WebhookEvent.objects.filter(type="order.created")
    assert kept.count() == 2  # kept, to be sent again once somebody mended it


def test_a_receiver_is_not_asked_again_before_it_said(kestrel, listening, server):
    server.answers["/in"] = answer(429, Retry_After="120")
    with clock.freeze(NOON):
        happen(kestrel.harbor, "1001")
        send()
        wait = (WebhookDelivery.objects.get().due_at - NOON).total_seconds()
    assert 120 <= wait <= 120 * NO_JITTER  # the schedule alone says 5 s


@pytest.mark.parametrize(
    ("answered", "words"),
    [
        (answer(302, Location="http://127.0.0.1:9/elsewhere"), "It answered 302: redirects are not followed. Enter the new address."),
        (answer(404), "It answered 404."),
        (hang_up, "127.0.0.1: it cannot be reached."),
    ],
    ids=["redirect", "nothing there", "hung up"],
)  # fmt: skip
def test_whatever_goes_wrong_stands_in_the_log_in_words(
    kestrel, listening, server, answered, words
):
    server.answers["/in"] = answered
    happen(kestrel.harbor, "1001")
    send()
    assert [one.error for one in WebhookAttempt.objects.all()] == [words]
    assert listening.now().last_error == words
    assert len(server.requests) == 1


def test_of_an_answer_the_first_two_kilobytes_are_kept_without_what_looks_secret(
    kestrel, listening, server
):
    server.answers["/in"] = answer(500, b"password=hunter2 <b>\x00" + b"a" * 9_000)
    happen(kestrel.harbor, "1001")
    send()
    kept = WebhookAttempt.objects.get().answer
    assert kept.startswith("password=not shown <b>aaa")
    assert len(kept) == 2_048
    assert "hunter2" not in kept


def test_a_long_answer_that_says_yes_is_a_yes(kestrel, listening, server):
    server.answers["/in"] = answer(200, b"a" * 100_000)
    happen(kestrel.harbor, "1001")
    send()
    assert story() == [("order.created", "sent", 1)]


def test_a_receiver_that_is_away_is_tried_with_one_message_at_a_time(kestrel, listening, server):
    server.answers["/in"] = answer(503)
    with clock.freeze(NOON) as time:
        happen(kestrel.harbor, "1001", "1002", "1003", "1004")
        send()
        assert len(server.requests) == 4  # one round
        assert listening.now().rest_until == NOON + timedelta(seconds=5)
        for rest in (6, 10, 20, 40):  # four more, each after its rest
            time.move(rest)
            send()
        assert len(server.requests) == 8
        assert listening.now().failures == 5
        server.answers["/in"] = answer(200)
        time.move(264)  # 340 s: the first is due again after 5 min, the last at 376 s
        send()
    assert {one[1] for one in story()} == {"sent"}  # after an outage what waited goes at once
    assert listening.now().failures == 0


def test_one_that_takes_nothing_holds_up_no_other(kestrel, listening, server):
    server.answers["/slow"] = answer(503)
    slow = hook(server, "Slow one", "/slow")
    with clock.freeze(NOON):
        happen(kestrel.harbor, *(str(n) for n in range(1001, 1011)))
        send()
        happen(kestrel.harbor, "1011")
        send()
    assert set(numbers(server, "/in")) == {str(n) for n in range(1001, 1012)}
    assert slow.now().failures == 1
    assert len(numbers(server, "/slow")) == 10  # the eleventh waits for the end of its rest
    assert listening.now().failures == 0


def test_a_sender_that_was_killed_while_it_sent_sends_again_with_the_same_id(
    kestrel, listening, server, monkeypatch
):
    happen(kestrel.harbor, "1001")

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("portal.webhooks.domain.sending.note", killed)
        with pytest.raises(KeyboardInterrupt):
            webhooks_lane(str(listening.row.pk))
    assert len(server.requests) == 1
    assert story() == [("order.created", "waiting", 0)]
    send()
    first, second = server.requests
    assert lower(first[2])["webhook-id"] == lower(second[2])["webhook-id"]
    assert first[3] == second[3]
    assert story() == [("order.created", "sent", 1)]


def test_a_name_that_leads_inside_by_the_time_of_sending_is_refused(
    kestrel, server, resolve, monkeypatch
):
    """DNS rebinding: public when it was saved, this machine when it is sent."""
    resolve(rebound_test=[["93.184.215.14"], ["127.0.0.1"]])
    monkeypatch.setattr(guard, "_allowed", tuple)
    one = hook(server)
    row = one.row
    row.url = f"https://rebound.test:{server.server_port}/in"
    row.save()
    assert guard.permitted_addresses("rebound.test") == ("93.184.215.14",)
    guard.forget()
    happen(kestrel.harbor, "1001")
    send()
    assert server.requests == []
    assert one.now().last_error == (
        "rebound.test is not on the internet, and this installation does not allow calling it. Use a"
        " public address, or ask whoever runs the platform to allow the network."
    )


def test_a_letter_without_tls_stops_once_the_network_is_not_allowed_any_more(
    kestrel, listening, server, monkeypatch
):
    monkeypatch.setattr(guard, "_allowed", tuple)
    guard.forget()
    happen(kestrel.harbor, "1001")
    send()
    assert server.requests == []
    assert "is not on the internet" in listening.now().last_error


def test_how_many_tries_went_well_is_counted_by_the_hour(kestrel, listening, server):
    with clock.freeze(NOON) as time:
        happen(kestrel.harbor, "1001", "1002")
        send()
        time.move(3600)
        server.answers["/in"] = answer(500)
        happen(kestrel.harbor, "1003")
        send()
    rows = WebhookHour.objects.order_by("hour").values_list("hour", "good", "bad")
    assert list(rows) == [(NOON, 2, 0), (NOON + timedelta(hours=1), 0, 1)]


def test_the_log_goes_back_thirty_days(kestrel, listening, server):
    happen(kestrel.harbor, "1001")
    send()
    with clock.freeze(clock.now() + timedelta(days=29)) as time:
        assert retention.drop_old() == 0
        time.move(86_400 + 60)
        assert retention.drop_old() == 1
    for model in (WebhookEvent, WebhookDelivery, WebhookAttempt, WebhookHour):
        assert model.objects.count() == 0


def test_no_secret_is_in_the_audit_trail_or_in_a_log_line(kestrel, listening, server, capsys):
    from auditlog.models import LogEntry

    new = setup.rotate(listening.row.pk)
    trail = " ".join(
        str(one.changes) for one in LogEntry.objects.get_for_model(type(listening.row))
    )
    assert "not shown" in trail
    logs.configure(as_json=True)
    server.answers["/in"] = hang_up
    happen(kestrel.harbor, "1001")
    send()
    said = capsys.readouterr()
    for secret in (listening.secret, new):
        assert secret not in trail
        assert secret not in said.out + said.err
        assert secret[6:] not in trail


def test_a_try_that_never_ends_is_given_up(monkeypatch):
    """However slowly its headers drip: the thread is left behind."""
    from threading import Event

    never = Event()
    monkeypatch.setattr(posting, "_PATIENCE", 0.05)
    monkeypatch.setattr(posting, "_post", lambda *_: never.wait(2))
    monkeypatch.setattr(posting.places, "objection", lambda _: "")
    letters = [posting.Letter(n, "evt_1", b"{}") for n in (1, 2)]
    found = posting.post_all("https://slow.test/", letters, signing=[])
    never.set()
    assert sorted((one.delivery_id, one.error) for one in found) == [
        (1, "no answer within 15 seconds."),
        (2, "no answer within 15 seconds."),
    ]


@pytest.mark.timed
def test_ten_thousand_events_are_written_in_seconds_and_cost_nothing_where_nobody_listens(
    kestrel, server
):
    """Fifty bites of two hundred orders, as the translate lane makes them."""

    def written() -> float:
        began = perf_counter()
        for bite in range(50):
            happen(kestrel.harbor, *(f"{bite}-{n}" for n in range(200)))
        return perf_counter() - began

    unheard = written()
    hook(server)
    heard = written()
    print(f"10,000 events: {heard:.2f} s with one receiver, {unheard:.3f} s with none")
    assert WebhookDelivery.objects.count() == 10_000
    assert heard < 10
    assert unheard < 1
