"""Figures from what we record of ourselves: when we were at work, the books of each day, nightly comparisons
of stock, and notices to trading partners."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.db import connection

from integrations.models import Message
from integrations.queries import ledger
from monitoring import receivers, slo
from monitoring.domain import books, measure, uptime
from monitoring.models import DayBooks, ExceptionCase, Reconciliation, ReconRow, ReconRun, Uptime
from monitoring.queries import month_proofs
from monitoring.views import missed
from portal.core import clock
from portal.customers.models import Customer
from tests import pipeline
from tests.integrations.books import standing_flow
from tests.promises.scenery import APRIL_1, MARCH, at, leg, promised

pytestmark = pytest.mark.db


def figures(place, sli, *, window=MARCH, now=APRIL_1):
    return measure.figures(place.customer, promised(place, sli), window, now=now)


def at_work(begins, ends):
    Uptime.objects.create(began_at=at(begins), last_at=at(ends))


def test_beats_are_one_stretch_until_one_is_missed(kestrel):
    for text in ("03-10 08:00", "03-10 08:02", "03-10 08:04", "03-10 08:07", "03-10 08:08"):
        with clock.freeze(at(text)):
            uptime.beat()
    assert list(Uptime.objects.values_list("began_at", "last_at")) == [
        (at("03-10 08:00"), at("03-10 08:04")),
        (at("03-10 08:07"), at("03-10 08:08")),
    ]


def test_time_in_which_we_were_down_is_ours(harbor):
    at_work("02-10 09:00", "03-10 08:00")
    at_work("03-10 08:20", "03-31 23:59")
    found = figures(harbor, "flow_availability")
    assert (found.missed.us, found.missed.customer, found.missed.third_party) == (4, 0, 0)
    assert {miss.reason for miss in found.tally.misses} == {"We were down"}  # 20 min: 4 slots of 5


def test_we_are_down_from_one_month_to_the_next(harbor):
    at_work("02-10 09:00", "03-31 23:30")
    at_work("04-01 00:30", "04-02 00:00")
    assert (
        figures(harbor, "flow_availability", now=at("04-02 00:00")).missed.us == 6
    )  # 23:30 to 24:00


def test_before_our_first_beat_nothing_is_held_against_anybody(harbor):
    at_work("03-20 00:00", "03-31 23:59")
    assert figures(harbor, "flow_availability").missed.total == 0


def comparison(place, *, label="Stock"):
    return Reconciliation.objects.create(
        customer_id=place if isinstance(place, int) else place.pk, label=label, kind="inventory"
    )


def ran(one, day, *, pairs, off=(), **fields):
    """A nightly run; `off`: causes of the pairs that differ, "" for an unknown one."""
    counts = {"match": pairs - len(off), "in_flight": fields.pop("in_flight", 0)}
    run = ReconRun.objects.create(
        reconciliation=one, version=1, trigger=fields.pop("trigger", "nightly"), state="done",
        at=at(f"{day} 02:00"), ended_at=at(f"{day} 02:05"), counts=counts, figures={"pairs": pairs},
        **fields,
    )  # fmt: skip
    ReconRow.objects.bulk_create(
        ReconRow(run=run, position=n, state="variance", sku=f"SKU-{n}",
                 causes=[{"code": code, "sentence": "", "confidence": 0.9, "evidence": []}] if code else [])
        for n, code in enumerate(off)
    )  # fmt: skip
    return run


def test_nightly_counts_that_agree(harbor):
    stock = comparison(harbor)
    run = ran(stock, "03-10", pairs=200, off=["unit", "unit", "opening_balance", ""], in_flight=10)
    ran(stock, "03-11", pairs=100)
    found = figures(harbor, "reconciliation_accuracy")
    # 200 - 10 that move + 100 were judged; 4 of them are off
    assert (found.total, found.good) == (290, 286)
    assert (found.missed.us, found.missed.customer) == (3, 1)
    assert {(miss.id, miss.amount, miss.reason) for miss in found.tally.misses} == {
        (f"run-{run.pk}-1", 1, "The opening balance is off"),
        (f"run-{run.pk}-2", 2, "A unit was not converted"),
        (f"run-{run.pk}-3", 1, "The counts differ"),
    }


def test_only_full_nightly_runs_of_the_customer_count(harbor):
    stock = comparison(harbor)
    first = ran(stock, "03-10", pairs=10)
    ran(stock, "03-11", pairs=10, light=True)
    ran(stock, "03-12", pairs=10, trigger="person")
    ran(stock, "03-13", pairs=10, of=first)
    ran(comparison(harbor.site.maris), "03-10", pairs=10)
    assert figures(harbor, "reconciliation_accuracy").total == 10


def notice(place, *, sent, told, accepted=None):
    """A shipment whose notice to a trading partner was sent, and accepted or not."""
    retailer = pipeline.endpoint(place.pk, f"retailer-{uuid4().hex[:6]}", connector="x12")
    shipment = uuid4()
    message = Message.objects.create(
        id=uuid4(), direction="out", endpoint=retailer, customer_id=place.pk, object_type="shipment",
        state="delivered", record_id=shipment,
    )  # fmt: skip
    leg(place, "confirm", sent, told, endpoint=retailer, subject=shipment, message_id=message.pk)
    leg(place, "acknowledge", told, accepted, endpoint=retailer, subject=message.pk)
    return shipment


def test_a_notice_counts_once_it_is_accepted(harbor):
    notice(harbor, sent="03-10 08:00", told="03-10 08:01", accepted="03-10 08:50")
    notice(
        harbor, sent="03-10 08:00", told="03-10 08:01", accepted="03-10 09:10"
    )  # promised 60 min
    notice(harbor, sent="03-10 08:00", told="03-10 08:01")
    leg(harbor, "confirm", "03-10 08:00", "03-10 12:00", endpoint=harbor.shop)
    found = figures(harbor, "asn_timeliness")
    assert (found.total, found.good) == (3, 1)
    assert found.tally.durations[:2] == (timedelta(minutes=50), timedelta(minutes=70))


@pytest.fixture
def shipped(harbor):
    """Two orders that came on 10 March and went on to the ERP."""
    erp = pipeline.endpoint(harbor.pk, "books-erp", settings={"url": "http://127.0.0.1:9"})
    flow = standing_flow(harbor.shop, erp)
    with clock.freeze(at("03-10 10:00")):
        pipeline.store(harbor.shop, pipeline.order("1"), pipeline.order("2"))
    pipeline.run(harbor.pk)
    Message.objects.update(created_at=at("03-10 10:00"))
    return flow


def lose_one():
    """The order that never went on: what was sent of it is gone."""
    gone = Message.objects.filter(direction="out").order_by("id").first()
    lost = Message.objects.get(direction="in", record_id=gone.record_id)
    Message.objects.filter(pk=gone.pk).delete()
    return lost


def looked(text):
    with clock.freeze(at(text)):
        return books.look()


def test_books_that_balance_say_so(harbor, shipped):
    assert looked("03-12 03:00") == 0
    march = DayBooks.objects.filter(customer=harbor.pk, day__gte="2026-03-09")
    assert list(march.values_list("day", "lost")) == [(date(2026, 3, n), 0) for n in (9, 10, 11)]
    assert ExceptionCase.objects.filter(code=books.CODE).count() == 0


def test_a_document_that_leads_nowhere_is_a_case_and_breaks_the_promise(harbor, shipped):
    lost = lose_one()
    assert [finding.id for finding in ledger.balance().findings] == [str(lost.pk)]
    assert looked("03-11 03:00") == 1
    case = ExceptionCase.objects.get(code=books.CODE)
    assert (case.customer_id, case.severity, case.title) == (
        harbor.pk, 1, "1 document not accounted for",
    )  # fmt: skip
    assert case.evidence["lines"] == [[str(lost.pk), "the order was not sent to every target"]]
    day = DayBooks.objects.get(customer=harbor.pk, day="2026-03-10")
    found = figures(harbor, "data_loss")
    assert (found.kept, found.missed.us) == (False, 1)
    assert day.found == [[str(lost.pk), "the order was not sent to every target"]]
    (row,) = missed.shown(found)["rows"]
    assert (row["label"], row["url"]) == ("Books of 10 Mar", f"/messages/{lost.pk}/raw/")
    evidence = [slo.Batch(f"books-{day.pk}", day.begins_at, 1, 1)]
    told = month_proofs.subjects(evidence, missed={f"books-{day.pk}"}, end=APRIL_1)
    assert told[f"books-{day.pk}"].number == "Books of 10 Mar"


def test_what_was_found_again_is_off_the_books_while_they_are_open(harbor, shipped):
    lost = lose_one()
    looked("03-11 03:00")
    Message.objects.filter(pk=lost.pk).update(state="skipped")
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO integrations_messageevent (message_id, from_state, to_state, cause, actor, at)"
            " VALUES (%s, 'applied', 'skipped', 'found', 'Ana', now())", [lost.pk],
        )  # fmt: skip
    looked("03-12 03:00")
    assert DayBooks.objects.get(customer=harbor.pk, day="2026-03-10").lost == 0
    assert not ExceptionCase.objects.get(code=books.CODE).is_open


def test_what_is_missed_late_counts_where_the_books_are_still_open_and_only_once(harbor, shipped):
    looked("03-20 03:00")
    lose_one()
    for day in (21, 22, 23, 24, 25):
        looked(f"03-{day} 03:00")
    assert DayBooks.objects.get(customer=harbor.pk, day="2026-03-10").lost == 0  # over by then
    kept = DayBooks.objects.filter(customer=harbor.pk, lost__gt=0)
    assert list(kept.values_list("day", "lost")) == [(date(2026, 3, 18), 1)]  # 18 to 20 were open
    assert figures(harbor, "data_loss").missed.us == 1


def test_a_customers_books_are_their_own(harbor, shipped):
    Customer.objects.update(created_at=at("03-09 12:00"))
    lose_one()
    looked("03-11 03:00")
    theirs = DayBooks.objects.filter(customer=harbor.site.maris)
    assert list(theirs.values_list("received", "lost")) == [(0, 0), (0, 0)]


def test_the_books_are_looked_into_every_night(harbor):
    assert "books" in receivers.LANES  # which every partner opens with
    with clock.freeze(at("03-10 02:59")):
        assert books.next_at() == at("03-10 03:00")
    with clock.freeze(at("03-10 03:00")):
        assert books.next_at() == at("03-11 03:00")
