"""Stock compared from run to run: an ERP that is asked, a warehouse that reported."""

from datetime import timedelta
from decimal import Decimal

import pytest

from integrations.domain import changes
from monitoring.domain import reconcile_run
from monitoring.models import Break, ExceptionCase, ReconRun, ReconSnapshot
from portal.core import clock
from tests.reconciliation.conftest import ITEMS, MORNING, TENT, only_break, run, twice

pytestmark = [pytest.mark.db, pytest.mark.long]


def test_systems_that_agree_have_no_breaks(house):
    house.count()
    done = run(house.define())
    assert (done.state, done.counts) == ("done", {"match": 50, "oversell_risk": 0})
    assert (done.figures["by_sku"], done.figures["pairs"]) == ("1.000000", 50)
    assert not Break.objects.exists() and not done.rows.exists()


def test_a_difference_is_told_after_two_agreeing_runs_and_is_a_case(house):
    house.count({"TENT-2P": -2})
    one = house.define()
    first = run(one)
    assert only_break(one).status == "seen" and not ExceptionCase.objects.exists()
    second = run(one)
    found = only_break(one)
    assert (found.status, found.gap, found.runs, found.value) == (
        "open",
        "-2",
        2,
        Decimal("123.00"),
    )
    assert (first.rows.get().told, second.rows.get().told) == (False, True)
    case = ExceptionCase.objects.get()
    assert case.title == "Northwind Reno and the ERP disagree on TENT-2P"
    assert (case.origin, case.at_risk, case.severity) == ("recon", Decimal("123.00"), 3)
    lines = dict(case.evidence["lines"])
    assert lines["Gap"] == "−2, worth 123.00 USD"
    assert case.evidence["url"] == f"/reconciliation/breaks/{found.pk}/"
    assert "Probable cause" in lines and lines["Agreeing runs"].startswith("2, first seen")


def test_another_gap_waits_for_another_run(house):
    house.count({"TENT-2P": -2})
    one = house.define()
    run(one)
    house.book(-1)
    run(one)
    assert (only_break(one).status, only_break(one).gap) == ("seen", "-1")


def test_the_case_closes_when_the_systems_agree_again(house):
    house.count({"TENT-2P": -2})
    one = house.define()
    twice(one)
    house.book(-2)
    run(one)
    assert Break.objects.get().status == "closed"
    case = ExceptionCase.objects.get()
    assert (case.state, "found no difference" in case.resolution) == ("resolved", True)
    house.book(2)
    twice(one)
    assert ExceptionCase.objects.get().state == "regressed"


def test_a_shipment_the_erp_has_not_booked_is_no_difference(house):
    house.count(at=MORNING)
    house.order("1001", ("TENT-2P", 5))
    house.books.flows_in.filter(object_type="shipment").update(latency="batch", at_time="23:00")
    _touch(house)
    house.ship("1001", "TENT-2P", 5)
    house.count({"TENT-2P": -5}, at=clock.now() + timedelta(seconds=5))
    later = clock.now() + timedelta(hours=9)
    with clock.freeze(later):
        done = run(house.define())
    assert done.counts == {"match": 50, "oversell_risk": 0}
    movements = ReconSnapshot.objects.get(run=done, name="movements")
    assert movements.rows == 1


def test_a_large_difference_is_severe(house):
    house.count({"TENT-2P": -5})
    twice(house.define())  # 5 × 61.50 = 307.50, over 250
    assert ExceptionCase.objects.get().severity == 2


def test_an_item_the_warehouse_counts_in_a_unit_nobody_knows_is_told_as_that(house):
    house.count()
    body = {
        "site": "RNO1",
        "sku": "TENT-2P",
        "on_hand": "7",
        "as_of": "2030-01-01T00:00:00Z",
        "uom": "PL",
    }
    house.arrive(house.reno, body, "inventory")
    one = house.define()
    twice(one)
    assert (only_break(one).code, ExceptionCase.objects.get().code) == ("recon_unit", "recon_unit")


def test_a_row_the_warehouse_calls_otherwise_is_named(house):
    house.count()
    body = {
        "site": "RNO1",
        "sku": "T2",
        "on_hand": "9",
        "as_of": "2030-01-01T00:00:00Z",
        "uom": "EA",
    }
    house.arrive(house.reno, body, "inventory")
    house.erp.rows(
        "INSERT INTO item (item_no, descr, stock_uom, case_qty) VALUES ('NEW', 'X', 'EA', 1)"
    )
    house.erp.rows("INSERT INTO stock (site, item_no, on_hand) VALUES ('RNO1', 'NEW', 9)")
    one = house.define()
    run(one)
    causes = {b.sku: b.cause for b in Break.objects.all()}
    assert causes == {"NEW": "not_cross_referenced", "T2": "not_cross_referenced"}
    assert "T2" in Break.objects.get(sku="NEW").sentence


def test_when_everything_differs_there_is_one_case(house):
    house.count(dict.fromkeys(ITEMS, 3))
    one = house.define()
    twice(one)
    assert [(b.key, b.status) for b in Break.objects.all()] == [("all", "open")]
    assert ExceptionCase.objects.get().code == "recon_everywhere"


def test_a_report_that_shrank_is_refused_as_a_whole(house):
    house.count()
    one = house.define()
    run(one)
    house.erp.rows("DELETE FROM stock WHERE item_no > '12'")
    refused = run(one)
    assert refused.state == "refused" and "the one before had 50" in refused.trouble
    assert not refused.rows.exists() and not Break.objects.exists()
    assert ExceptionCase.objects.get().code == "recon_refused"


def test_a_system_that_does_not_answer_fails_the_run_and_the_next_one_clears_it(house):
    house.count()
    one = house.define()
    house.books.settings = {"url": "postgresql://portal@127.0.0.1:1/erp"}
    house.books.save()
    _touch(house)
    assert run(one).state == "failed"
    assert ExceptionCase.objects.get().state == "new"
    house.books.settings = {"url": house.erp.url}
    house.books.save()
    _touch(house)
    assert run(one).state == "done"
    assert ExceptionCase.objects.get().state == "resolved"


def _touch(house):
    changes.touch(house.customer_id)


def test_a_run_can_be_made_again_to_the_same_bytes(house):
    house.count({"TENT-2P": -24, "MUG-12": 7})
    one = house.define()
    twice(one)
    done = ReconRun.objects.first()
    house.book(-50)
    house.count({"MUG-12": 1}, at=clock.now() + timedelta(hours=1))
    house.reno.label = "Another name"
    house.reno.save()
    _touch(house)
    run(one)
    again = run(one, "repeat", of=done)
    assert (again.digest, again.counts, again.at) == (done.digest, done.counts, done.at)
    assert [r.causes for r in again.rows.all()] == [r.causes for r in done.rows.all()]
    assert not again.snapshots.exists()


def test_a_second_run_waits_for_the_first(house):
    one = house.define()
    assert reconcile_run.begin(one, "person") is not None
    assert reconcile_run.begin(one, "person") is None


def test_what_was_planted_is_named(house):
    house.count({"TENT-2P": -24})
    one = house.define()
    twice(one)
    found = only_break(one)
    assert (found.cause, found.causes[0]["evidence"][0]) == ("unit", ["Unit", "1 CA = 12 EA"])


def test_a_lost_945_is_named_with_its_order(house):
    house.count(at=MORNING)
    house.order("1001", ("TENT-2P", 7))
    house.count({"TENT-2P": -7}, at=clock.now())
    one = house.define()
    twice(one)
    found = only_break(one)
    assert found.cause == "lost_945"
    assert found.sentence == "The gap is just what order 1001 took: its 945 was lost."


def test_a_gap_that_grows_by_the_day_is_named(house):
    house.count()
    one = house.define()
    start = clock.now()
    for day in range(5):
        with clock.freeze(start + timedelta(days=day)):
            house.book(3)
            run(one)
    found = only_break(one)
    assert (found.cause, found.gap, found.status) == ("unposted_movement", "-15", "open")


def test_a_wrong_sign_is_named(house):
    house.count({"TENT-2P": -5})
    one = house.define()
    twice(one)
    house.book(5)  # somebody posted the correction of 5 the wrong way round
    run(one)
    assert (only_break(one).cause, only_break(one).gap) == ("sign_error", "-10")


def test_an_opening_balance_is_named(house):
    house.count({"TENT-2P": -5})
    one = house.define()
    start = clock.now()
    for day in (0, 7, 14, 30):
        with clock.freeze(start + timedelta(days=day)):
            run(one)
    assert only_break(one).cause == "opening_balance"


def test_the_erp_is_asked_in_its_own_codes(house):
    house.count({"TENT-2P": -1})
    run(house.define())
    left = ReconSnapshot.objects.filter(name="left").get()
    assert (left.rows, TENT not in {r.sku for r in Break.objects.all()}) == (50, True)
