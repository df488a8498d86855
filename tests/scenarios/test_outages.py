"""Targets that fail: what waits, for how long, who is told, and in which order it goes on."""

from datetime import UTC, datetime, timedelta

import pytest

from integrations.domain import deliver, health, receive
from integrations.models import Endpoint, Message, MessageEvent, Problem
from monitoring.models import ExceptionCase
from portal.core import breaker, clock
from tests import pipeline

pytestmark = [pytest.mark.db, pytest.mark.long]

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
SCHEDULE = (0, 30, 120, 600, 1_800, 3_600, 7_200, 14_400, 28_800, 28_800)


@pytest.fixture
def frozen():
    with clock.freeze(NOON) as clock_:
        yield clock_


@pytest.fixture
def backup(kestrel, shop, depot):
    """A second target for every order of the shop."""
    made = pipeline.endpoint(
        kestrel.harbor, "backup", settings={"url": depot.url}, rate_per_second=1000, concurrency=1
    )
    pipeline.flow(shop, made)
    return made


def orders(*numbers: object) -> list[dict]:
    return [pipeline.order(str(n)) for n in numbers]


def run_until(frozen, moment: datetime, kestrel, *, step: float = 5) -> None:
    """What the lanes do as time goes by."""
    while frozen.at < moment:
        frozen.move(min(step, (moment - frozen.at).total_seconds()))
        pipeline.run(kestrel.harbor)


def open_cases() -> list[ExceptionCase]:
    return list(ExceptionCase.objects.filter(closed_at=None))


def test_a_document_refused_for_the_moment_is_tried_again_on_the_schedule(
    kestrel, shop, erp, sink, frozen
):
    sink.status = 503
    pipeline.store(shop, *orders(1))
    receive.receive(kestrel.harbor)
    for attempt, planned in enumerate(SCHEDULE, 1):
        assert deliver.deliver(erp.pk).done == 1
        message = Message.objects.get(direction="out")
        assert (message.state, message.attempts) == ("waiting", attempt)
        delay = (message.due_at - frozen.at).total_seconds()
        assert planned * 0.9 <= delay <= planned * 1.1
        if planned:
            frozen.move(delay - 1)
            assert deliver.deliver(erp.pk).done == 0
            frozen.move(1)
    assert deliver.deliver(erp.pk).done == 1
    message.refresh_from_db()
    assert (message.state, message.attempts, len(sink.tried)) == ("held", 11, 11)
    case = ExceptionCase.objects.get(documents=1)
    assert (case.code, case.severity, case.state) == ("unavailable", 1, "new")
    # 0 + 30 s + 2 + 10 + 30 min + 1 + 2 + 4 + 8 + 8 h, within the 10 % of chance
    passed = (frozen.at - NOON).total_seconds()
    assert 0.9 * sum(SCHEDULE) <= passed <= 1.1 * sum(SCHEDULE)


def test_five_failures_in_a_row_end_a_bite_and_the_rest_waits_untried(
    kestrel, shop, erp, sink, frozen
):
    sink.status = 503
    pipeline.store(shop, *orders(*range(40)))
    receive.receive(kestrel.harbor)
    deliver.deliver(erp.pk)
    assert 5 <= len(sink.tried) <= 5 + erp.concurrency
    untried = Message.objects.filter(direction="out", state="waiting", attempts=0, lease_until=None)
    assert untried.count() == 40 - len(sink.tried)
    assert [c.code for c in open_cases()] == ["unavailable"]


def test_a_slow_target_gives_the_worker_back_and_is_sent_the_rest_later(
    kestrel, shop, erp, sink, monkeypatch
):
    monkeypatch.setattr(deliver, "SEND_SECONDS", 0.5)
    erp.concurrency = 1
    erp.save()
    sink.seconds = 0.2
    pipeline.store(shop, *orders(*range(8)))
    receive.receive(kestrel.harbor)
    deliver.deliver(erp.pk)
    first = list(sink.names)
    assert 1 <= len(first) <= 4
    states = pipeline.states(direction="out")
    assert (states.count("confirmed"), states.count("waiting")) == (len(first), 8 - len(first))
    sink.seconds = 0
    pipeline.run(kestrel.harbor)
    assert sink.tried == [str(n) for n in range(8)]


def test_every_try_is_an_event_with_what_was_sent_and_answered(kestrel, shop, erp, sink, frozen):
    sink.status = 503
    pipeline.store(shop, *orders(1))
    pipeline.run(kestrel.harbor)
    sink.status = 200
    run_until(frozen, NOON + timedelta(minutes=1), kestrel)
    tries = MessageEvent.objects.filter(message__direction="out", from_state="sending")
    found = [(e.to_state, e.answer["status"], bool(e.payload_id)) for e in tries.order_by("id")]
    assert found == [("waiting", 503, True)] * 2 + [("confirmed", 200, True)]


def test_a_target_that_asks_to_wait_is_not_called_before_its_time(kestrel, shop, erp, sink, frozen):
    sink.status, sink.headers = 429, {"Retry-After": "90"}
    pipeline.store(shop, *orders(1, 2, 3))
    pipeline.run(kestrel.harbor)
    tried = len(sink.tried)
    sink.status, sink.headers = 200, {}
    run_until(frozen, NOON + timedelta(seconds=89), kestrel)
    assert (len(sink.tried), sink.taken, open_cases()) == (tried, [], [])
    run_until(frozen, NOON + timedelta(seconds=120), kestrel)
    assert sorted(sink.names) == ["1", "2", "3"]


def test_an_absurd_retry_after_puts_off_for_an_hour_at_most(kestrel, shop, erp, sink, frozen):
    sink.status, sink.headers = 503, {"Retry-After": "999999999"}
    pipeline.store(shop, *orders(1))
    pipeline.run(kestrel.harbor)
    delay = Message.objects.get(direction="out").due_at - NOON
    assert timedelta(minutes=60) <= delay <= timedelta(minutes=66)


def test_refused_credentials_open_one_case_and_everything_waits_until_a_person_acts(
    kestrel, shop, erp, sink, frozen
):
    sink.status = 401
    pipeline.store(shop, *orders(*range(6)))
    pipeline.run(kestrel.harbor)
    pipeline.store(shop, *orders(6, 7))
    run_until(frozen, NOON + timedelta(hours=30), kestrel, step=3600)
    [case] = open_cases()
    assert (case.code, case.severity, case.documents, case.endpoint_id) == (
        "auth_expired", 1, 0, erp.pk,
    )  # fmt: skip
    assert case.title == "Erp refuses our credentials"
    assert pipeline.states(direction="out") == ["waiting"] * 8
    assert not Problem.objects.exists()
    assert len(sink.tried) <= 6
    sink.status = 200
    health.reset(Endpoint.objects.get(pk=erp.pk))
    pipeline.run(kestrel.harbor)
    assert sink.names == [str(n) for n in range(8)]
    assert open_cases() == []


def test_the_order_that_failed_first_is_the_first_to_arrive_after_an_outage(
    kestrel, shop, erp, sink, frozen
):
    sink.status = 503
    pipeline.store(shop, *orders(0))
    # Tried at once, again at once and after half a minute; the fourth try is two minutes away.
    run_until(frozen, NOON + timedelta(seconds=35), kestrel)
    pipeline.store(shop, *orders(1, 2))
    pipeline.run(kestrel.harbor)
    sink.status = 200
    run_until(frozen, NOON + timedelta(seconds=60), kestrel)
    assert sink.names == ["0", "1", "2"]


def test_credentials_that_are_still_wrong_open_the_case_again(kestrel, shop, erp, sink, frozen):
    sink.status = 401
    pipeline.store(shop, *orders(1))
    pipeline.run(kestrel.harbor)
    health.reset(Endpoint.objects.get(pk=erp.pk))
    assert open_cases() == []
    pipeline.run(kestrel.harbor)
    assert [c.code for c in open_cases()] == ["auth_expired"]
    assert pipeline.states(direction="out") == ["waiting"]


def test_a_paused_endpoint_is_left_alone_and_goes_on_in_order(
    kestrel, shop, erp, backup, sink, depot
):
    erp.state = "paused"
    erp.save()
    pipeline.store(shop, *orders(1, 2, 3))
    pipeline.run(kestrel.harbor)
    assert (sink.tried, depot.names) == ([], ["1", "2", "3"])
    assert pipeline.states(endpoint=erp) == ["waiting"] * 3
    assert open_cases() == []
    erp.state = "active"
    erp.save()
    pipeline.run(kestrel.harbor)
    assert sink.names == ["1", "2", "3"]


def test_a_target_that_is_down_for_ten_minutes(kestrel, shop, erp, backup, sink, depot, frozen):
    """One case for the endpoint, orders wait, nothing else stops; it comes back and all flow."""
    sink.status = 503
    told: list[str] = []
    while frozen.at < NOON + timedelta(minutes=10):
        number = str(len(told) % 8)  # eight orders, in several versions
        told.append(number)
        pipeline.store(shop, pipeline.order(number, quantity=str(len(told))))
        pipeline.run(kestrel.harbor)
        assert depot.names == told  # the other target has each at once
        assert len(open_cases()) <= 1
        frozen.move(30)
    assert len(told) == 20
    [case] = ExceptionCase.objects.all()
    assert (case.code, case.state, case.documents) == ("unavailable", "new", 0)
    assert case.title == "Erp does not answer"
    assert case.customer_title == "Erp cannot be reached"
    assert set(pipeline.states(endpoint=erp)) == {"waiting"}
    assert not Problem.objects.exists()
    assert len(sink.tried) < 20  # the breaker spares a system that is down

    sink.status = 200
    run_until(frozen, NOON + timedelta(minutes=16), kestrel)
    case.refresh_from_db()
    assert case.state == "resolved", pipeline.story()[-20:]
    assert case.resolution == "It answers again; what waited goes out in order"
    assert sorted(sink.names) == sorted(told)
    assert pipeline.states(endpoint=erp) == ["confirmed"] * 20
    for number in {*told}:
        versions = [int(o["lines"][0]["quantity"]) for o in sink.taken if o["number"] == number]
        assert versions == sorted(versions)
    assert breaker.from_json(Endpoint.objects.get(pk=erp.pk).breaker["state"]).state == "closed"


def test_orders_that_came_during_an_outage_go_out_in_the_order_in_which_they_came(
    kestrel, shop, erp, sink, frozen
):
    sink.status = 503
    for n in range(30):
        pipeline.store(shop, *orders(n))
        pipeline.run(kestrel.harbor)
        frozen.move(10)
    sink.status = 200
    run_until(frozen, frozen.at + timedelta(minutes=6), kestrel)
    first, *rest = sink.names  # the probe is whichever was due
    assert rest == sorted((n for n in sink.names if n != first), key=int)
    assert len(sink.names) == 30


def test_a_refused_document_opens_no_breaker_and_stops_nobody(kestrel, shop, erp, sink):
    sink.refusing = {str(n): 422 for n in range(0, 20, 2)}
    pipeline.store(shop, *orders(*range(20)))
    pipeline.run(kestrel.harbor)
    assert sink.names == [str(n) for n in range(1, 20, 2)]
    assert pipeline.states(direction="out") == ["held", "confirmed"] * 10
    [case] = open_cases()
    assert (case.code, case.documents) == ("rejected", 10)


def test_a_target_nobody_listens_at_is_down_and_not_broken(kestrel, shop, erp, frozen):
    erp.settings = {"url": "http://127.0.0.1:9"}
    erp.save()
    pipeline.store(shop, *orders(*range(8)))
    pipeline.run(kestrel.harbor)
    assert pipeline.states(direction="out") == ["waiting"] * 8
    [case] = open_cases()
    assert (case.endpoint_id, case.documents) == (erp.pk, 0)


def test_another_customers_target_does_not_suffer(kestrel, shop, erp, sink, depot, frozen):
    sink.status = 503
    maris_shop = pipeline.endpoint(kestrel.maris, "marisshop", settings={})
    maris_erp = pipeline.endpoint(kestrel.maris, "mariserp", settings={"url": depot.url})
    pipeline.flow(maris_shop, maris_erp)
    pipeline.store(shop, *orders(*range(8)))
    pipeline.store(maris_shop, *orders(*range(8)))
    pipeline.run(kestrel.harbor)
    pipeline.run(kestrel.maris)
    assert sorted(depot.names) == [str(n) for n in range(8)]
    assert [c.customer_id for c in open_cases()] == [kestrel.harbor]
