"""Sending: at least once, retried, visible when it fails, and mute about secrets."""

import json
from datetime import timedelta
from typing import Any

import pytest

from monitoring.alerting.signature import signed
from monitoring.domain.alerts import lane, sending, setup
from monitoring.models import AlertChannel, AlertMessage
from portal.core import clock, guard, http
from portal.core.response import Response
from portal.core.secrets import Secret, encrypt
from tests.core.web_server import answer, hang_up
from tests.monitoring.alerts.scenery import (
    SECRET,
    bodies,
    purposes,
    rule,
    settle,
    story,
    webhook,
)
from tests.monitoring.desk import NOON, make

pytestmark = pytest.mark.db
PLANTED = "Zq7RplantedT9x"
SLACK = f"https://hooks.slack.com/services/T0/B0/{PLANTED}"
TEAMS = f"https://x.1.environment.api.powerplatform.com/workflows/1?sig={PLANTED}"
KEY = "k" * 32


@pytest.fixture
def wire(monkeypatch):
    """The services' own hosts, which no test may call: what was sent, and what they answer."""
    sent: list[tuple[str, Any]] = []
    answers = {"status": 200, "body": b"ok"}

    def request(method: str, url: str, *, data: bytes, **_: Any) -> Response:
        sent.append((url, json.loads(data)))
        return Response(method, url, answers["status"], {}, answers["body"], 0.1)

    monkeypatch.setattr(http, "request", request)
    return sent, answers


def channel(kind, name="Room", settings=None, **secrets):
    return AlertChannel.objects.create(
        name=name, kind=kind, settings=settings or {}, secrets=encrypt(secrets)
    )


def test_a_webhook_is_signed_and_has_a_key_that_stays(shop, server):
    server.answers["/alerts"] = answer(503)
    rule(webhook(server))
    with clock.freeze(NOON) as time:
        make(shop, "one", began_at=NOON)
        settle()
        server.answers["/alerts"] = answer(200)
        time.move(60)
        settle()
    first, second = server.requests
    for _, _, headers, body in server.requests:
        at = int(headers["X-Alert-Time"])
        assert signed(body, secret=SECRET, at=at).items() <= headers.items()
    assert first[2]["Idempotency-Key"] == second[2]["Idempotency-Key"]
    assert first[3] == second[3]  # the same words, the same link
    assert int(second[2]["X-Alert-Time"]) - int(first[2]["X-Alert-Time"]) == 60


def test_what_is_not_taken_is_tried_again_and_says_why(shop, server):
    server.answers["/alerts"] = answer(503, b"maintenance until ten")
    desk = webhook(server)
    rule(desk)
    with clock.freeze(NOON) as time:
        make(shop, "one", began_at=NOON)
        settle()
        message = AlertMessage.objects.get()
        assert (message.state, message.tries) == ("waiting", 1)
        assert message.last_answer == "127.0.0.1 answered 503: maintenance until ten"
        assert 15 <= (message.due_at - NOON).total_seconds() <= 16.5
        desk.refresh_from_db()
        assert (desk.failing_since, desk.last_error) == (NOON, message.last_answer)
        server.answers["/alerts"] = answer(200, b"")
        time.move(20)
        settle()
        message.refresh_from_db()
        assert (message.state, message.tries, message.sent_at) == (
            "sent", 2, NOON + timedelta(seconds=20),
        )  # fmt: skip
        assert message.last_answer == "127.0.0.1 answered 200."
    desk.refresh_from_db()
    assert (desk.failing_since, desk.last_error) == (None, "")


@pytest.mark.parametrize(
    ("given", "why"),
    [
        (answer(404, b"no_service"), "127.0.0.1 answered 404: no_service"),
        (answer(302, b"", Location="http://169.254.169.254/latest"), "127.0.0.1 answered 302."),
        (answer(401, b"no"), "127.0.0.1 answered 401: no"),
        (hang_up, "127.0.0.1: it cannot be reached."),
    ],
)
def test_what_somebody_can_mend_is_tried_again_for_a_day(shop, server, given, why):
    server.answers["/alerts"] = given
    rule(webhook(server))
    with clock.freeze(NOON) as time:
        make(shop, "one", began_at=NOON)
        settle()
        message = AlertMessage.objects.get()
        assert (message.state, message.last_answer) == ("waiting", why)
        time.move(23 * 3600)
        sending.send_due(message.lane)
        message.refresh_from_db()
        assert (message.state, message.tries) == ("waiting", 2)
        time.move(3600)
        sending.send_due(message.lane)
        message.refresh_from_db()
        assert (message.state, message.tries, message.last_answer) == ("failed", 3, why)


def test_what_is_refused_for_itself_is_not_tried_again(shop, server):
    server.answers["/alerts"] = answer(400, b"invalid_payload")
    rule(webhook(server))
    make(shop, "one")
    settle()
    message = AlertMessage.objects.get()
    assert (message.state, message.tries, len(server.requests)) == ("failed", 1, 1)


def test_a_service_says_when_to_come_again(shop, server):
    server.answers["/alerts"] = answer(429, b"", Retry_After="120")
    rule(webhook(server))
    with clock.freeze(NOON):
        make(shop, "one", began_at=NOON)
        settle()
    wait = (AlertMessage.objects.get().due_at - NOON).total_seconds()
    assert 120 <= wait <= 132


def test_one_that_is_never_taken_does_not_hold_up_the_others(shop, server):
    def refuse_poison(handler: Any) -> None:
        answer(500 if b"poison" in server.requests[-1][3] else 200)(handler)

    server.answers["/alerts"] = refuse_poison
    rule(webhook(server))
    with clock.freeze(NOON) as time:
        make(shop, "poison", began_at=NOON)
        settle()
        make(shop, "two", began_at=NOON)
        settle()
        time.move(3600)
        settle()
    states = AlertMessage.objects.order_by("pk").values_list("content__title", "state")
    assert list(states) == [("poison", "waiting"), ("two", "sent")]


def test_a_channel_that_is_down_holds_up_no_other(shop, server):
    server.answers["/down"] = hang_up
    rule(webhook(server, "Down", "/down"), webhook(server, "Up", "/up"))
    make(shop, "one")
    settle()
    assert story() == [("Down (Webhook)", "raised", "waiting"), ("Up (Webhook)", "raised", "sent")]


def test_whoever_dies_while_sending_has_it_sent_again(shop, server, monkeypatch):
    """At least once: marked as sent only after it was taken."""
    rule(webhook(server))
    make(shop, "one")
    lane.work()
    kept = sending._settle

    def die(*_: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(sending, "_settle", die)
    with pytest.raises(KeyboardInterrupt):
        sending.send_due(AlertMessage.objects.get().lane)
    monkeypatch.setattr(sending, "_settle", kept)
    settle()
    assert [one["event"] for one in bodies(server)] == ["raised", "raised"]
    assert bodies(server)[0] == bodies(server)[1]
    assert AlertMessage.objects.get().tries == 2


def test_slack_and_teams_get_their_own_shape(shop, wire):
    sent, _ = wire
    rule(channel("slack", url=SLACK), channel("teams", "Teams", url=TEAMS))
    make(shop, "one")
    settle()
    got = dict(sent)
    assert got[SLACK]["blocks"][0]["text"]["text"] == "S2 one"
    assert got[TEAMS]["attachments"][0]["content"]["body"][0]["text"] == "S2 one"
    assert AlertMessage.objects.filter(state="sent").count() == 2


def test_an_incident_has_the_key_of_its_case_and_ends_with_it(shop, wire):
    from monitoring.domain import closing, states

    sent, _ = wire
    rule(channel("pagerduty", settings={"region": "eu"}, routing_key=KEY))
    case = make(shop, "one")
    settle()
    states.acknowledge(case.pk, actor="Ana")
    settle()
    closing.close([case.pk], cause="mended", actor="Ana")
    settle()
    assert {url for url, _ in sent} == {"https://events.eu.pagerduty.com/v2/enqueue"}
    assert [(one["event_action"], one["dedup_key"]) for _, one in sent] == [
        ("trigger", f"kestrel/C-{case.pk}"),
        ("acknowledge", f"kestrel/C-{case.pk}"),
        ("resolve", f"kestrel/C-{case.pk}"),
    ]


def test_a_test_of_pagerduty_opens_an_incident_and_ends_it(kestrel, wire):
    sent, _ = wire
    made = channel("pagerduty", settings={"region": "us"}, routing_key=KEY)
    setup.test_channel(made, by="Ana")
    settle()
    assert [one["event_action"] for _, one in sent] == ["trigger", "resolve"]
    assert len({one["dedup_key"] for _, one in sent}) == 1


@pytest.mark.parametrize("kind", ["slack", "teams", "pagerduty"])
def test_no_answer_and_no_error_holds_a_secret(shop, wire, kind, caplog):
    """A service may repeat what it was sent."""
    _, answers = wire
    url = SLACK if kind == "slack" else TEAMS
    made = channel(kind, settings={"region": "us"}, url=url, routing_key=f"{PLANTED}{'x' * 18}")
    path = f"/services/T0/B0/{PLANTED}"
    echo = f"{url} {path} routing_key {PLANTED}{'x' * 18} not known"
    answers |= {"status": 500, "body": echo.encode()}
    rule(made)
    make(shop, "one")
    settle()
    made.refresh_from_db()
    kept = AlertMessage.objects.get().last_answer + made.last_error + caplog.text
    assert PLANTED not in kept
    assert "answered 500" in kept


def test_no_trouble_of_the_connection_quotes_the_address(shop, server, caplog):
    caplog.set_level("DEBUG")
    made = channel("webhook", url=f"http://127.0.0.1:9/{PLANTED}?x=1", secret=SECRET)
    rule(made)
    make(shop, "one")
    settle()
    made.refresh_from_db()
    assert made.last_error == "127.0.0.1: it cannot be reached."
    assert PLANTED not in caplog.text


def test_an_address_inside_the_house_is_never_called(shop, server, monkeypatch):
    """Also one that was public when it was entered."""
    monkeypatch.setattr(guard, "_allowed", tuple)
    guard.forget()
    rule(webhook(server))
    make(shop, "one")
    settle()
    guard.forget()
    assert server.requests == []
    assert AlertMessage.objects.get().last_answer == (
        "127.0.0.1: this installation does not allow calling it."
    )


def test_a_redirect_is_not_followed(shop, server):
    server.answers["/alerts"] = answer(307, b"", Location=server.url("/inside"))
    rule(webhook(server))
    make(shop, "one")
    settle()
    assert [path for _, path, *_ in server.requests] == ["/alerts"]


def test_a_secret_prints_as_nothing_and_is_encrypted(kestrel):
    made = channel("slack", url=SLACK)
    made.refresh_from_db()
    assert PLANTED.encode() not in bytes(made.secrets)
    assert str(Secret(SLACK)) == "not shown"


def test_a_channel_that_is_switched_off_gets_nothing(shop, server):
    desk = webhook(server)
    rule(desk, repeat_minutes=10)
    make(shop, "one")
    lane.work()
    desk.is_on = False
    desk.save()
    settle()
    assert (server.requests, story()) == ([], [("Own desk (Webhook)", "raised", "dropped")])


def test_a_deleted_receiver_is_said_in_the_log(shop, server, ana):
    desk = webhook(server)
    rule(desk)
    make(shop, "one")
    lane.work()
    desk.delete()
    settle()
    message = AlertMessage.objects.get()
    assert (message.state, message.last_answer) == ("dropped", "Its receiver is gone.")
    assert purposes() == ["raised"]


def test_a_test_says_that_it_is_one(kestrel, server):
    desk = webhook(server)
    message = setup.test_channel(desk, by="Ana Ruiz")
    settle()
    message.refresh_from_db()
    [sent] = bodies(server)
    assert (message.state, sent["event"], sent["title"]) == (
        "sent", "test", "A test from Kestrel Point",
    )  # fmt: skip
    assert "Ana Ruiz wanted to see whether Own desk works." in sent["where"]


def test_new_secrets_let_what_waits_go_at_once(shop, server):
    desk = webhook(server, path="/old")
    server.answers["/old"] = answer(404)
    rule(desk)
    with clock.freeze(NOON):
        make(shop, "one", began_at=NOON)
        settle()
        setup.put_channel(desk, {"url": server.url("/new"), "secret": ""})
        settle()
    assert [path for _, path, *_ in server.requests] == ["/old", "/new"]
    assert AlertMessage.objects.get().state == "sent"
    assert "X-Alert-Signature" in server.requests[1][2]


def test_what_breaks_our_own_code_is_seen_and_tried_ever_more_seldom(shop, server):
    broken = channel("webhook", url=f"http://127.0.0.1:{server.server_port}/alerts")  # no secret
    rule(broken)
    with clock.freeze(NOON) as time:
        make(shop, "one", began_at=NOON)
        settle()
        time.move(10)
        settle()
    message = AlertMessage.objects.get()
    assert (message.state, message.tries, message.last_answer) == ("waiting", 1, sending.OURS)
    broken.refresh_from_db()
    assert (broken.failing_since, broken.last_error) == (NOON, sending.OURS)


@pytest.mark.parametrize(
    "echo",
    [
        "Cannot POST /hooks/Zq7RplantedT9x/in?code=QqPlantedQuery77",
        r'{"url": "\/hooks\/Zq7RplantedT9x\/in", "code": "QqPlantedQuery77"}',
        "no hook Zq7RplantedT9x, no code QqPlantedQuery77",
        "hooks%2FZq7RplantedT9x%2Fin code%3DQqPlantedQuery77",
        "Zq7Rplan\u200btedT9x QqPlanted\u200bQuery77",
    ],
)
def test_no_part_of_an_address_comes_back_from_its_service(shop, server, echo):
    path = "/hooks/Zq7RplantedT9x/in"
    server.answers[path] = answer(404, echo.encode())
    room = channel("webhook", url=server.url(f"{path}?code=QqPlantedQuery77"), secret=SECRET)
    setup.test_channel(room, by="Ana")
    settle()
    said = AlertMessage.objects.get().last_answer
    assert said.startswith("127.0.0.1 answered 404: ")
    assert "Zq7R" not in said
    assert "QqPlanted" not in said
