"""Light runs: what an hourly look at some of the stock may say of breaks."""

import pytest

from monitoring.models import Break, ExceptionCase, ReconRun
from tests.reconciliation.conftest import ITEMS, only_break, run, twice

pytestmark = pytest.mark.db


def light(one) -> ReconRun:
    return run(one, "hourly", light=True)


def statuses() -> dict[str, str]:
    return {one.sku: one.status for one in Break.objects.all()}


@pytest.fixture
def two_open(house):
    """A tent of class A and a mug of class C that both differ, and are told."""
    for sku, price in (("TENT-2P", "61.50"), ("MUG-12", "0.01")):
        house.product(sku, price=price)
    house.count({"TENT-2P": -2, "MUG-12": -2})
    one = house.define()
    twice(one)
    assert statuses() == {"TENT-2P": "open", "MUG-12": "open"}
    return one


def test_two_light_runs_that_agree_close_what_they_looked_at_and_nothing_else(house, two_open):
    house.book(-2)
    house.book(-2, ITEMS["MUG-12"])
    light(two_open)
    assert statuses() == {"TENT-2P": "open", "MUG-12": "open"}
    light(two_open)
    assert statuses() == {"TENT-2P": "closed", "MUG-12": "open"}
    states = {c.value: c.state for c in ExceptionCase.objects.all()}
    assert states == {"TENT-2P": "resolved", "MUG-12": "new"}
    run(two_open)
    assert statuses() == {"TENT-2P": "closed", "MUG-12": "closed"}


def test_a_light_run_in_doubt_begins_the_count_anew(house, two_open):
    house.book(-2)
    light(two_open)
    house.book(2)
    light(two_open)
    tent = Break.objects.get(sku="TENT-2P")
    # In order once, then the same gap once: neither is said by two runs in a row.
    assert (tent.status, tent.runs, [gap for _, gap in tent.trail]) == (
        "open",
        1,
        ["-2", "-2", "0", "-2"],
    )
    house.book(-2)
    light(two_open)
    assert statuses()["TENT-2P"] == "open"
    light(two_open)
    assert statuses()["TENT-2P"] == "closed"


def test_what_was_in_order_between_two_runs_is_not_told(house):
    house.product("TENT-2P", price="61.50")
    house.count({"TENT-2P": -2})
    one = house.define()
    for delta in (0, -2, 2):
        house.book(delta)
        light(one)
    assert (only_break(one).status, only_break(one).runs) == ("seen", 1)
    light(one)
    assert (only_break(one).status, only_break(one).runs) == ("open", 2)


def test_as_many_light_runs_close_as_the_definition_asks_for(house):
    house.count({"TENT-2P": -2})
    one = house.define(agreeing_runs=3)
    for _ in range(3):
        light(one)
    house.book(-2)
    seen = []
    for _ in range(3):
        light(one)
        seen.append(statuses()["TENT-2P"])
    assert seen == ["open", "open", "closed"]
