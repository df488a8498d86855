"""An alert from its beginning to its end: one for each cause, told until somebody has it."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext

from integrations.canonical.problem import Problem
from integrations.domain import problems
from integrations.domain.health import EndpointDown
from integrations.domain.problems import Trouble
from monitoring.domain import closing, opening, states
from monitoring.domain.alerts import acknowledging, lane
from monitoring.domain.states import NotNowError
from monitoring.models import Alert, AlertCourse, AlertMessage, ExceptionCase
from monitoring.tasks import alert_watch_lane, alerts_lane
from portal.core import clock
from portal.jobs.models import Wake
from tests.core.web_server import answer
from tests.monitoring.alerts.scenery import (
    bodies,
    purposes,
    rule,
    settle,
    story,
    subjects,
    webhook,
)  # fmt: skip
from tests.monitoring.conftest import hold
from tests.monitoring.desk import NOON, make

pytestmark = pytest.mark.db


@pytest.fixture
def desk(server, kestrel):
    return webhook(server)


def test_a_case_is_told_with_what_it_holds_and_where_to_look(harbor, desk, server, kestrel):
    rule(desk)
    case = hold(harbor, "1001", "1002")
    settle()
    [sent] = bodies(server)
    assert (sent["event"], sent["key"], sent["severity"]) == ("raised", f"kestrel/C-{case.pk}", 2)
    assert (sent["title"], sent["where"]) == (case.title, "Harbor Outfitters · Web shop")
    facts = {one["label"]: one["value"] for one in sent["facts"]}
    assert (facts["Case"], facts["Held"], facts["At risk"]) == (case.label, "2 orders", "$256.00")
    assert sent["url"] == f"http://kestrel.localhost:8000/cases/{case.pk}/"
    assert sent["acknowledge_url"].startswith("http://kestrel.localhost:8000/ack/")
    assert sent["from"] == "Kestrel Point"
    assert "rossdock" not in str(sent)


def test_many_failures_of_one_cause_are_one_alert(harbor, desk, server):
    rule(desk)
    hold(harbor, *[str(n) for n in range(1001, 1301)])
    settle()
    hold(harbor, *[str(n) for n in range(2001, 2101)])
    settle()
    assert (len(server.requests), Alert.objects.count(), AlertMessage.objects.count()) == (1, 1, 1)
    assert ExceptionCase.objects.get().documents == 400


def test_two_causes_are_two_alerts(harbor, desk, server):
    rule(desk)
    hold(harbor, "1001", sku="OLD-A")
    hold(harbor, "1002", sku="OLD-B")
    settle()
    assert len({one["key"] for one in bodies(server)}) == len(server.requests) == 2


def test_once_acknowledged_nobody_is_told_again(shop, desk, server, ana):
    rule(desk, ana, waits=(0, 15), repeat_minutes=30)
    with clock.freeze(NOON) as time:
        case = make(shop, "one", began_at=NOON)
        settle()
        states.acknowledge(case.pk, actor="Ana Ruiz")
        settle()
        for _ in range(10):
            time.move(3600)
            settle()
    assert purposes() == ["raised", "acknowledged"]
    assert [one["event"] for one in bodies(server)] == ["raised", "acknowledged"]
    assert {"label": "Who has it", "value": "Ana Ruiz"} in bodies(server)[1]["facts"]
    alert = Alert.objects.get()
    assert (alert.acknowledged_by, alert.over_at) == ("Ana Ruiz", None)
    assert mail.outbox == []


def test_while_nobody_has_it_the_next_step_hears_then_it_is_said_again(shop, desk, ana, ben):
    rule(desk, ana, ben, waits=(0, 15, 30), repeat_minutes=60)
    with clock.freeze(NOON) as time:
        make(shop, "one", began_at=NOON)
        told = []
        for minute in range(0, 240, 5):
            before = AlertMessage.objects.count()
            settle()
            told += [minute] * (AlertMessage.objects.count() - before)
            time.move(300)
    # At once the channel, after 15 Ana, 30 after that Ben, and every 60 after that Ben again.
    assert told == [0, 15, 45, 105, 165, 225]
    assert purposes() == ["raised", "escalated", "escalated", "repeated", "repeated", "repeated"]
    assert [one.receiver.split()[0] for one in AlertMessage.objects.order_by("pk")] == [
        "Own", "Operator", "Engineer", "Engineer", "Engineer", "Engineer",
    ]  # fmt: skip
    assert "Unanswered for: 15 min" in mail.outbox[0].body


def test_receivers_without_a_wait_hear_together(shop, desk, ana, ben):
    rule(desk, ana, ben, waits=(0, 0, 10))
    with clock.freeze(NOON) as time:
        make(shop, "one", began_at=NOON)
        settle()
        assert purposes() == ["raised", "raised"]
        time.move(600)
        settle()
    assert purposes() == ["raised", "raised", "escalated"]


def test_a_case_that_closes_is_over_for_everybody_who_was_told(shop, desk, server, ana, ben):
    rule(desk, ana, ben, waits=(0, 0, 60))
    with clock.freeze(NOON) as time:
        case = make(shop, "one", began_at=NOON)
        settle()
        time.move(20 * 60)
        closing.close([case.pk], cause="A row for OLD-1 was added", actor="Ana")
        settle()
    assert purposes() == ["raised", "raised", "over", "over"]
    over = bodies(server)[-1]
    assert (over["event"], over["key"], over["acknowledge_url"]) == (
        "over",
        f"kestrel/C-{case.pk}",
        "",
    )
    assert over["facts"] == [
        {"label": "Because", "value": "A row for OLD-1 was added"},
        {"label": "It lasted", "value": "20 min"},
    ]
    assert subjects() == ["S2 one", "Over: one"]


def test_a_cause_that_comes_back_is_the_same_case_and_another_alert(harbor, desk, server):
    rule(desk, repeat_minutes=None)
    case = hold(harbor, "1001")
    settle()
    closing.close([case.pk], cause="mended", actor="Ana")
    held = [Trouble(
        p.message_id, harbor.customer_id, harbor.shop.pk, "order",
        [Problem("unknown_sku", p.path, p.value, p.text)],
    ) for p in case_problems(case)]  # fmt: skip
    settle()
    problems.open_problems(held)
    settle()
    case.refresh_from_db()
    assert (case.state, case.times_back, ExceptionCase.objects.count()) == ("regressed", 1, 1)
    assert [one["event"] for one in bodies(server)] == ["raised", "over", "came_back"]
    assert len({one["key"] for one in bodies(server)}) == 1
    assert bodies(server)[-1]["text"].startswith("Came back: S2")


def case_problems(case):
    from integrations.models import Problem as Stored

    return list(Stored.objects.filter(fingerprint=case.fingerprint))


def test_a_case_that_closed_and_came_back_between_two_looks_is_both(shop, desk, server):
    rule(desk)
    case = make(shop, "one")
    settle()
    ExceptionCase.objects.filter(pk=case.pk).update(times_back=1, state="regressed")
    settle()
    assert [one["event"] for one in bodies(server)] == ["raised", "over", "came_back"]
    assert bodies(server)[1]["facts"][0]["value"] == "It came back meanwhile."


def test_a_case_that_is_open_again_because_its_end_was_undone_is_told_again(shop, desk, server):
    rule(desk)
    case = make(shop, "one")
    settle()
    closing.close([case.pk], cause="gone by itself")
    settle()
    opening.bring_back([case.fingerprint], taken_back=True)
    settle()
    assert [one["event"] for one in bodies(server)] == ["raised", "over", "raised"]


def test_two_rules_tell_one_receiver_once(shop, desk, server):
    rule(desk)
    rule(desk, name="The same again")
    make(shop, "one")
    settle()
    assert len(server.requests) == 1
    assert AlertCourse.objects.count() == 2


def test_who_acknowledges_in_the_app_has_the_case_too(shop, desk):
    rule(desk)
    case = make(shop, "one")
    settle()
    acknowledging.acknowledge(Alert.objects.get().pk, actor="Ana Ruiz")
    case.refresh_from_db()
    assert (case.state, case.acknowledged_at is not None) == ("open", True)
    with pytest.raises(NotNowError, match="Ana Ruiz has it already"):
        acknowledging.acknowledge(Alert.objects.get().pk, actor="Ben")
    closing.close([case.pk], cause="mended", actor="Ana")
    settle()
    with pytest.raises(NotNowError, match="It is over: mended"):
        acknowledging.acknowledge(Alert.objects.get().pk, actor="Ben")


def test_what_is_over_before_it_was_sent_is_not_sent(shop, desk, server):
    server.answers["/alerts"] = answer(503)
    rule(desk, waits=(5,))
    with clock.freeze(NOON) as time:
        case = make(shop, "one", began_at=NOON)
        settle()
        assert story() == []
        closing.close([case.pk], cause="gone")
        time.move(600)
        settle()
    assert story() == []


def test_what_may_have_arrived_is_followed_by_its_end(shop, desk, server):
    """The service may have taken it and not said so: an incident left open would page people for ever."""
    server.answers["/alerts"] = answer(500)
    rule(desk)
    with clock.freeze(NOON) as time:
        case = make(shop, "one", began_at=NOON)
        settle()
        closing.close([case.pk], cause="gone")
        server.answers["/alerts"] = answer(200)
        time.move(60)
        settle()
    assert [one["event"] for one in bodies(server)] == ["raised", "raised", "over"]
    assert story() == [
        ("Own desk (Webhook)", "raised", "sent"),
        ("Own desk (Webhook)", "over", "sent"),
    ]


@pytest.mark.parametrize(
    ("fields", "fits"),
    [
        ({"severity": 1}, False),
        ({"severity": 2}, True),
        ({"category": "master data"}, True),
        ({"category": "connection"}, False),
        ({"code": "unknown_sku"}, True),
        ({"code": "bad_uom"}, False),
        ({"origin": "documents"}, True),
        ({"origin": "endpoint"}, False),
        ({"value_over": 99}, True),
        ({"value_over": 100}, False),
        ({"is_on": False}, False),
        ({"since": NOON + timedelta(seconds=1)}, False),
    ],
)
def test_a_rule_takes_what_it_is_for(shop, desk, fields, fits):
    rule(desk, **fields)
    with clock.freeze(NOON):
        make(shop, "one", began_at=NOON, at_risk=100)
        settle()
    assert Alert.objects.exists() is fits


def test_a_rule_of_one_customer_is_silent_about_the_other(harbor, maris, desk):
    rule(desk, customer_id=maris.customer_id)
    make(harbor.shop, "one")
    settle()
    assert not Alert.objects.exists()
    make(maris.shop, "two")
    settle()
    assert Alert.objects.get().customer_id == maris.customer_id


def test_a_case_is_told_once_it_has_grown_into_a_rule(shop, desk, server):
    rule(desk, value_over=1_000)
    case = make(shop, "one", at_risk=500)
    settle()
    assert server.requests == []
    ExceptionCase.objects.filter(pk=case.pk).update(at_risk=1_500)
    settle()
    assert len(server.requests) == 1


def test_an_alert_gets_as_severe_as_its_case(shop, desk, ana):
    rule(desk)
    rule(ana, name="Urgent", severity=1)
    case = make(shop, "one")
    settle()
    assert subjects() == []
    ExceptionCase.objects.filter(pk=case.pk).update(severity=1)
    settle()
    assert (subjects(), Alert.objects.get().severity) == (["S1 one"], 1)


def test_a_storm_comes_together_after_twenty(shop, desk, server):
    rule(desk)
    with clock.freeze(NOON) as time:
        for n in range(30):
            make(shop, f"cause {n}", began_at=NOON)
        settle()
        assert len(server.requests) == 20
        time.move(21)
        settle()
    last = bodies(server)[-1]
    assert (len(server.requests), last["event"], len(last["alerts"])) == (21, "digest", 10)
    assert last["title"] == "10 alerts since Mon 12:00 UTC"


def test_without_rules_the_lane_rests_until_it_is_woken(shop):
    make(shop, "one")
    assert (alerts_lane(""), alert_watch_lane("")) == ((0, None), (0, None))


def test_an_endpoint_that_is_down_is_told_and_over_when_it_answers(shop, desk, server):
    rule(desk, origin="endpoint")
    opening.endpoint_down(
        EndpointDown(shop.pk, shop.customer_id, "unavailable", "no answer", False, clock.now())
    )
    settle()
    opening.endpoint_up(shop.pk)
    settle()
    assert [one["event"] for one in bodies(server)] == ["raised", "over"]


def test_what_begins_comes_back_or_ends_wakes_the_lane(shop, django_capture_on_commit_callbacks):
    case = ExceptionCase.objects.create(
        customer_id=shop.customer_id, endpoint=shop, fingerprint=uuid4(), code="unknown_sku", severity=2,
        title="one", customer_title="one",
    )  # fmt: skip
    for deed, given in (
        (opening.begin, {"cases": [case]}),
        (closing.close, {"numbers": [case.pk], "cause": "mended"}),
        (opening.bring_back, {"fingerprints": [case.fingerprint]}),
    ):
        Wake.objects.filter(kind="alerts").delete()
        with django_capture_on_commit_callbacks(execute=True):
            deed(**given)
        assert Wake.objects.filter(schema="kestrel", kind="alerts", due_at__isnull=False).exists()


@pytest.mark.parametrize("causes", [1, 3, 12])
def test_a_look_takes_as_many_queries_for_many_causes_as_for_one(shop, desk, ana, causes):
    rule(desk, ana)
    for n in range(causes):
        make(shop, f"cause {n}")
    with CaptureQueriesContext(connection) as asked:
        lane.work()
    assert len(asked) <= 40, len(asked)
    _QUERIES.add(len(asked))
    assert len(_QUERIES) == 1, _QUERIES
    assert AlertMessage.objects.count() == 2 * causes


_QUERIES: set[int] = set()
