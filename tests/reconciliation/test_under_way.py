"""An adjustment is not booked beside the documents that explain its gap, asked for before or after they came."""

from datetime import timedelta

import pytest

from monitoring.domain import reconcile_correct
from monitoring.domain.states import NotNowError
from monitoring.models import Break
from portal.core import clock
from tests import pipeline
from tests.pages.scenery import page, texts
from tests.reconciliation.conftest import only_break, run
from tests.reconciliation.test_corrections import large, small

pytestmark = pytest.mark.db


@pytest.fixture
def asked(house, ana):
    """An adjustment of -5 that waits for a second person."""
    one, found = large(house)
    return one, reconcile_correct.ask(found.pk, "adjust", actor=ana, reason="Counted")


def waiting(asked) -> str:
    asked.refresh_from_db()
    return asked.state


def adjust(house, number: str, sku: str, delta: int, *, site: str = "RNO1") -> None:
    """The warehouse reports a change of its stock."""
    body = {"number": number, "site": site, "adjusted_on": "2026-03-02",
            "lines": [{"sku": sku, "delta": str(delta), "reason": "Damaged"}]}  # fmt: skip
    house.arrive(house.reno, body, "adjustment")


def test_a_shipment_that_came_late_and_is_the_gap_is_not_booked_twice(house, asked, ben):
    _, correction = asked
    house.order("1001", ("TENT-2P", 5))
    before = house.erp_stock()
    house.ship("1001", "TENT-2P", 5)
    with pytest.raises(NotNowError, match="Shipment SH-1001 came after the run that found this"):
        reconcile_correct.approve(correction.pk, actor=ben)
    pipeline.run(house.customer_id)
    assert waiting(correction) == "asked"
    assert house.erp_stock() == before - 5  # the shipment alone


def test_a_late_document_of_a_part_of_the_gap_counts_too(house, asked, ben):
    _, correction = asked
    house.order("1001", ("TENT-2P", 3))
    earlier = clock.now() - timedelta(hours=2)
    with clock.freeze(earlier):
        body = {"number": "SH-1", "site": "RNO1", "order_number": "1001", "status": "complete",
                "shipped_at": earlier.strftime("%Y-%m-%dT%H:%M:%SZ"), "tracking": ["1Z"],
                "lines": [{"sku": "TENT-2P", "shipped": "3", "ordered": "3", "uom": "EA"}]}  # fmt: skip
    house.arrive(house.reno, body, "shipment")
    with pytest.raises(NotNowError, match="Shipment SH-1 came after the run that found this"):
        reconcile_correct.approve(correction.pk, actor=ben)


def test_an_adjustment_of_the_warehouse_in_just_this_gap_is_waited_for(house, asked, ben):
    _, correction = asked
    adjust(house, "ADJ-9", "TENT-2P", -5)
    with pytest.raises(NotNowError, match="Adjustment ADJ-9 came after the run"):
        reconcile_correct.approve(correction.pk, actor=ben)


@pytest.mark.parametrize(
    ("sku", "delta", "site"),
    [("MUG-12", -5, "RNO1"), ("TENT-2P", -1, "RNO1"), ("TENT-2P", -5, "DFW1")],
)
def test_documents_that_are_not_about_the_gap_hinder_nobody(house, asked, ben, sku, delta, site):
    """Another item, another quantity of what moved since, another site."""
    _, correction = asked
    adjust(house, "ADJ-9", sku, delta, site=site)
    assert reconcile_correct.approve(correction.pk, actor=ben).state == "done"


def test_what_the_last_run_found_under_way_is_not_let_through(house, asked, ben, operator):
    one, correction = asked
    adjust(house, "ADJ-9", "TENT-2P", -5)
    run(one)
    found = only_break(one)
    assert (found.gap, found.status, found.under_way) == ("-5", "open", True)
    with pytest.raises(NotNowError, match="The last run found documents under way that explain"):
        reconcile_correct.approve(correction.pk, actor=ben)
    assert waiting(correction) == "asked"
    shown = page(operator.get(f"/reconciliation/breaks/{found.pk}/"))
    assert "Documents under way explain this gap" in texts(shown, "#break .notice")[0]


def test_a_gap_that_a_light_run_did_not_find_is_not_let_through(house, asked, ben):
    one, correction = asked
    house.book(-5)
    run(one, "hourly", light=True)
    assert (Break.objects.get().status, waiting(correction)) == ("open", "asked")
    with pytest.raises(NotNowError, match="The last run found no difference any more."):
        reconcile_correct.approve(correction.pk, actor=ben)


def test_whoever_needs_nobody_else_is_refused_alike(house, ana):
    _, found = small(house)
    adjust(house, "ADJ-9", "TENT-2P", -2)
    with pytest.raises(NotNowError, match="Adjustment ADJ-9 came after the run"):
        reconcile_correct.ask(found.pk, "adjust", actor=ana, reason="Counted")


def test_the_next_run_makes_it_possible_again(house, asked, ben):
    one, correction = asked
    house.order("1001", ("TENT-2P", 5))
    house.ship("1001", "TENT-2P", 5)
    house.count({"TENT-2P": -10}, at=clock.now() + timedelta(seconds=5))
    with clock.freeze(clock.now() + timedelta(hours=9)):
        run(one)
        assert reconcile_correct.approve(correction.pk, actor=ben).state == "done"
