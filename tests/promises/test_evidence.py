"""Figures from what was recorded."""

from datetime import timedelta
from fractions import Fraction
from uuid import uuid4

import pytest

from integrations.models import Message, Problem, Record
from monitoring.domain import closing, measure, opening, spans, states
from monitoring.models import CaseCause, CaseEvent, ExceptionCase, Outage
from portal.core import clock
from portal.core.ids import first_id_at
from tests import pipeline
from tests.promises.scenery import APRIL_1, MARCH, at, leg, orders, outage, promised

pytestmark = pytest.mark.db


def figures(place, sli, *, window=MARCH, now=APRIL_1):
    return measure.figures(place.customer, promised(place, sli), window, now=now)


def test_nothing_recorded_gives_nothing_counted(harbor):
    for sli in (
        "ingestion_latency",
        "cutoff",
        "confirmation_latency",
        "freshness",
        "exception_resolve",
    ):
        found = figures(harbor, sli)
        assert (found.total, found.kept) == (0, None), sli


def test_new_orders_are_known_in_time(harbor):
    orders(harbor, "ingest", 20)
    late = leg(harbor, "ingest", "03-11 08:00", "03-11 08:21")
    waits = leg(harbor, "ingest", "03-12 08:00")
    found = figures(harbor, "ingestion_latency", now=at("03-12 08:30"))
    assert [miss.id for miss in found.tally.misses] == [f"leg-{late.pk}", f"leg-{waits.pk}"]
    assert (found.good, found.total) == (20, 22)
    assert found.slowest == timedelta(minutes=30)  # the one that still waits


def test_what_is_not_awaited_any_more_is_not_missed(harbor):
    leg(harbor, "transmit", "03-11 08:00", "03-11 08:10", outcome="moot")
    leg(harbor, "transmit", "03-11 08:00", "03-11 09:10", outcome="moot")
    assert figures(harbor, "transmit_latency").total == 1  # the other had missed it by then


def test_another_customers_orders_are_not_measured(harbor):
    orders(harbor, "ingest", 1)
    leg(type(harbor)(pk=harbor.site.maris), "ingest", "03-11 08:00", "03-11 09:00")
    assert figures(harbor, "ingestion_latency").missed.total == 0


def test_a_cut_off_prints_gross_and_attributable(harbor):
    outage(harbor, harbor.house, "03-10 13:00", "03-10 20:00")
    taken = {"endpoint_id": harbor.house.pk}
    orders(harbor, "transmit", 300, minutes=1, **taken)  # from 08:00 to 13:00
    leg(harbor, "transmit", "03-10 12:50", "03-10 20:01", endpoint=harbor.house)
    leg(harbor, "transmit", "03-10 13:30", "03-10 20:01", endpoint=harbor.house)
    leg(harbor, "transmit", "03-10 11:00", "03-10 14:05")  # no warehouse, no cut-off
    leg(harbor, "transmit", "03-10 13:31", "03-10 20:01", endpoint=harbor.house)  # tomorrow's
    found = figures(harbor, "cutoff")
    assert (found.good, found.total) == (301, 303)
    assert found.attributable == 1
    assert {miss.reason for miss in found.tally.misses} == {"Northwind could not be reached"}
    assert {miss.at for miss in found.tally.misses} == {at("03-10 14:00")}


def test_a_shipment_is_confirmed_when_everybody_was_told(harbor):
    for minutes in (5, 40):
        leg(
            harbor,
            "confirm",
            "03-10 08:00",
            f"03-10 08:{minutes:02}",
            subject=SHIPMENT,
            endpoint=(harbor.shop if minutes == 5 else harbor.house),
        )
    leg(harbor, "confirm", "03-10 08:00", "03-10 08:20", endpoint=harbor.shop)
    found = figures(harbor, "confirmation_latency")
    assert (found.good, found.total, found.slowest) == (1, 2, timedelta(minutes=40))


SHIPMENT = uuid4()


def test_the_way_was_closed(harbor):
    one = outage(harbor, harbor.house, "03-10 08:00", "03-10 08:12")
    outage(harbor, harbor.shop, "03-10 08:12", "03-10 08:20")
    found = figures(harbor, "flow_availability")
    assert (found.total, found.missed.total) == (31 * 288, 4)
    assert found.missed == (0, Fraction(3, 5) + 1, 2 + Fraction(2, 5))
    assert found.tally.misses[0].proof == f"outage-{one.pk}"


def test_a_pause_of_ours_after_the_last_call_that_failed_is_ours(harbor):
    one = outage(harbor, harbor.house, "03-10 08:00", "03-10 08:15")
    Outage.objects.filter(pk=one.pk).update(failed_until=at("03-10 08:10"))
    found = figures(harbor, "flow_availability")
    assert found.missed == (1, 0, 2)  # three slots of five minutes: two theirs, the last one ours
    reasons = [(miss.reason, miss.proof) for miss in found.tally.misses]
    assert reasons[-1] == ("We paused before we tried Northwind again", f"outage-{one.pk}")


def test_an_order_that_waited_for_our_next_try_is_ours(harbor):
    one = outage(harbor, harbor.house, "03-10 08:00", "03-10 08:40")
    Outage.objects.filter(pk=one.pk).update(failed_until=at("03-10 08:01"))
    leg(harbor, "transmit", "03-10 08:00", "03-10 08:40", endpoint=harbor.house)
    found = figures(harbor, "transmit_latency")
    assert found.missed == (1, 0, 0)


def report(place, as_of, came, *, key="RNO1/TENT"):
    """A stock report as the inbox and the hub leave it."""
    Record.objects.get_or_create(
        customer_id=place.pk, object_type="inventory", business_key=key,
        defaults={"id": uuid4(), "body": {}, "content_hash": b"x", "source": place.house, "created_at": at("02-20 08:00")},
    )  # fmt: skip
    made = first_id_at(at(came)).int + uuid4().int % 2**60
    return Message.objects.create(
        id=type(uuid4())(int=made), direction="in", endpoint=place.house, customer_id=place.pk,
        object_type="inventory", state="applied", source_at=at(as_of), created_at=at(came), updated_at=at(came),
    )  # fmt: skip


def test_stock_was_too_old_because_its_source_was_silent(harbor):
    for hour in range(24):
        if not 2 <= hour < 9:
            report(harbor, f"03-10 {hour:02}:00", f"03-10 {hour:02}:05")
    day = MARCH._replace(begins=at("03-10 00:05"), ends=at("03-11 00:00"))
    found = figures(harbor, "freshness", window=day)
    # That of 01:00 is an hour old at 02:00, the next comes at 09:05; each other one is 5 min late.
    assert found.missed == (0, 0, 7 * 60 + 5 + 15 * 5)
    assert found.total == 24 * 60 - 5
    assert {miss.reason for miss in found.tally.misses} == {"Northwind sent no stock report"}


def test_an_item_counts_from_the_day_after_it_came(harbor):
    report(harbor, "03-10 00:00", "03-10 00:00")
    Record.objects.create(
        id=uuid4(), customer_id=harbor.pk, object_type="inventory", business_key="RNO1/MUG", body={},
        content_hash=b"y", source=harbor.house, created_at=at("03-10 08:00"),
    )  # fmt: skip
    before = MARCH._replace(begins=at("03-10 00:00"), ends=at("03-11 00:00"))
    after = MARCH._replace(begins=at("03-11 00:00"), ends=at("03-12 00:00"))
    assert figures(harbor, "freshness", window=before).total == 24 * 60
    assert figures(harbor, "freshness", window=after).total == 2 * 24 * 60


# Cases: the customer's hours are 07:00–19:00 UTC, Monday to Friday; 10 March is a Tuesday.


def case(place, opened, *, severity=2):
    with clock.freeze(at(opened)):
        found = ExceptionCase.objects.create(
            customer=place.customer, endpoint=place.shop, fingerprint=uuid4(), code="unknown_sku",
            severity=severity, object_type="order", title="T", customer_title="C",
            opened_at=clock.now(), began_at=clock.now(),
        )  # fmt: skip
        opening.begin([found])
        CaseEvent.objects.filter(case=found).update(at=clock.now())
    return found


def act(found, when, deed):
    before = set(CaseEvent.objects.values_list("pk", flat=True))
    with clock.freeze(at(when)):
        deed(found)
        CaseEvent.objects.exclude(pk__in=before).update(at=clock.now())


def close(found):
    closing.close([found.pk], cause="Solved", actor="Ana")


def test_a_problem_is_answered_by_a_persons_first_act(harbor):
    found = case(harbor, "03-10 08:00", severity=1)
    act(found, "03-10 08:20", lambda c: states.acknowledge(c.pk, actor="Ana"))
    act(found, "03-10 09:00", close)
    answered, solved = (figures(harbor, f"exception_{what}") for what in ("acknowledge", "resolve"))
    assert answered.tally.durations == (timedelta(minutes=20),)
    assert solved.tally.durations == (timedelta(hours=1),)
    assert (answered.good, solved.good) == (1, 1)


def test_what_a_rule_does_is_no_answer(harbor):
    found = case(harbor, "03-10 08:00", severity=1)
    CaseEvent.objects.create(
        case=found, actor="Rule R-7", action="left", text="x", at=at("03-10 08:01")
    )
    act(found, "03-10 08:45", close)
    assert figures(harbor, "exception_acknowledge").missed.us == 1  # 45 min, promised 30


def test_the_time_of_others_is_not_counted_against_a_solution(harbor):
    found = case(harbor, "03-10 08:00", severity=1)
    act(
        found,
        "03-10 08:10",
        lambda c: states.wait(c.pk, on="customer", reason="which item", actor="Ana"),
    )
    act(found, "03-10 16:10", lambda c: states.take_up(c.pk, actor="Ana"))
    act(found, "03-10 19:00", close)
    solved = figures(harbor, "exception_resolve")
    assert solved.tally.durations == (timedelta(minutes=10 + 170),)
    assert solved.good == 1  # 3 h of 4


def test_a_case_that_comes_back_is_another_round_and_the_first_stays(harbor):
    found = case(harbor, "03-10 08:00", severity=1)
    act(found, "03-10 09:00", close)
    before = figures(harbor, "exception_resolve", now=at("03-11 00:00"))
    CaseCause.objects.update(is_open=False)
    act(found, "03-17 08:00", lambda c: opening.bring_back([c.fingerprint]))
    later = figures(harbor, "exception_resolve")
    assert (later.total, later.missed.us) == (2, 1)
    day = MARCH._replace(ends=at("03-11 00:00"))
    assert figures(harbor, "exception_resolve", window=day) == measure.figures(
        harbor.customer, promised(harbor, "exception_resolve"), day, now=at("03-11 00:00")
    )
    assert before.total == 1


def test_a_round_is_judged_by_the_severity_it_had(harbor):
    found = case(harbor, "03-10 08:00", severity=3)
    act(found, "03-10 12:00", close)
    CaseCause.objects.update(is_open=False)
    act(found, "03-17 08:00", lambda c: opening.bring_back([c.fingerprint]))
    CaseEvent.objects.create(
        case=found, action="escalated", text="S1 now, S3 before: over 100", at=at("03-17 09:00")
    )
    ExceptionCase.objects.update(severity=1)
    found = figures(harbor, "exception_resolve")
    assert [(miss.id[-1], miss.at) for miss in found.tally.misses] == [("2", at("03-17 12:00"))]
    assert found.good == 1  # S3: 4 h of 5 days


def test_what_is_good_to_know_is_promised_nothing(harbor):
    case(harbor, "03-10 08:00", severity=4)
    assert figures(harbor, "exception_resolve").total == 0


def test_an_order_that_waited_for_the_customer_is_theirs(harbor):
    order = Record.objects.create(
        id=uuid4(), customer_id=harbor.pk, object_type="order", business_key="shop/1", body={}, content_hash=b"x"
    )  # fmt: skip
    held = Message.objects.create(
        id=uuid4(), direction="in", endpoint=harbor.shop, customer_id=harbor.pk, object_type="order",
        state="held", order=order,
    )  # fmt: skip
    found = case(harbor, "03-10 08:00")
    Problem.objects.create(
        message=held, customer=harbor.customer, endpoint=harbor.shop, code="unknown_sku", path="x",
        value="y", text="z", fingerprint=found.fingerprint,
    )  # fmt: skip
    act(found, "03-10 08:05", lambda c: spans.hand([c], "customer", reason="asked"))
    leg(harbor, "transmit", "03-10 08:00", "03-10 10:00", order_id=order.pk)
    (miss,) = figures(harbor, "transmit_latency").tally.misses
    assert (miss.shares, miss.reason, miss.proof) == (
        (0, 1, 0),
        "Waited for you",
        f"case-{found.pk}",
    )


def test_real_orders_give_figures(harbor):
    """Through the pipeline itself: an order comes, its legs are made, and they are measured."""
    from monitoring.domain import legs

    placed = clock.now().replace(microsecond=0) - timedelta(minutes=20)
    pipeline.store(
        harbor.shop, pipeline.order("1001", placed_at=placed.strftime("%Y-%m-%dT%H:%M:%SZ"))
    )
    pipeline.run(harbor.pk)
    legs.advance()
    now = clock.now()
    window = promised(harbor, "ingestion_latency").promise.window.of(now)
    found = figures(harbor, "ingestion_latency", window=window, now=now + timedelta(seconds=1))
    assert (found.total, found.missed.us) == (1, 1)
