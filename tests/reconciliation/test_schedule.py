"""When comparisons run."""

from datetime import UTC, datetime, time, timedelta

import pytest

from monitoring.domain import reconcile_define, reconcile_run, reconcile_schedule
from monitoring.models import Reconciliation, ReconRun
from monitoring.reconcile import DefinitionError
from portal.core import clock
from tests.reconciliation.conftest import run

pytestmark = pytest.mark.db
NOON = datetime(2026, 3, 2, 20, 0, tzinfo=UTC)  # 12:00 in Reno


def finish(one):
    while reconcile_run.step(one.pk).done:
        pass


@pytest.fixture
def one(house):
    house.customer.time_zone = "America/Los_Angeles"
    house.customer.save()
    house.count(at=NOON - timedelta(days=1))
    with clock.freeze(NOON):
        yield house.define()


def test_a_full_run_is_due_at_night_in_the_customers_zone_and_a_light_one_in_an_hour(one):
    assert one.light_due_at == NOON + timedelta(hours=1)
    assert one.full_due_at == datetime(2026, 3, 3, 10, 0, tzinfo=UTC)  # 02:00 in Reno


def test_the_night_the_clocks_change_has_its_run(one):
    saturday = datetime(2026, 3, 7, 20, 0, tzinfo=UTC)
    # 02:00 on 8 March does not exist in Reno: 03:00 of summer time, 10:00 UTC.
    assert reconcile_schedule.next_night(one, now=saturday) == datetime(
        2026, 3, 8, 10, 0, tzinfo=UTC
    )


def test_nothing_runs_before_it_is_due(one):
    assert reconcile_schedule.tick() == 0


def test_every_hour_a_light_run_and_at_night_a_full_one(one):
    with clock.freeze(NOON + timedelta(hours=1)):
        assert reconcile_schedule.tick() == 1
        finish(one)
        assert reconcile_schedule.tick() == 0
    with clock.freeze(NOON + timedelta(hours=14)):
        assert reconcile_schedule.tick() == 1
        finish(one)
    made = [(r.trigger, r.light, r.state) for r in ReconRun.objects.order_by("pk")]
    assert made == [("hourly", True, "done"), ("nightly", False, "done")]
    one.refresh_from_db()
    assert one.full_due_at == datetime(2026, 3, 4, 10, 0, tzinfo=UTC)
    assert one.light_due_at == NOON + timedelta(hours=15)


def test_a_stock_count_is_followed_by_a_full_run(house):
    house.count()
    one = house.define()
    run(one)
    assert reconcile_schedule.tick() == 0
    body = {"number": "A-1", "site": "RNO1", "adjusted_on": "2026-03-02",
            "lines": [{"sku": "MUG-12", "delta": "-1", "reason": "AA"}]}  # fmt: skip
    house.arrive(house.reno, body, "adjustment")
    assert reconcile_schedule.tick() == 1
    finish(one)
    assert ReconRun.objects.first().trigger == "count"
    assert reconcile_schedule.tick() == 0


def test_what_is_switched_off_does_not_run(one):
    reconcile_define.reschedule(one.pk, hourly=True, nightly_at=time(2), enabled=False)
    with clock.freeze(NOON + timedelta(days=3)):
        assert reconcile_schedule.tick() == 0


def test_a_change_is_a_version_and_runs_keep_theirs(house):
    house.count({"TENT-2P": -2})
    one = house.define()
    first = run(one)
    content = {"sides": house.sides, "tolerances": {"piece": {"least": "2"}}}
    one = reconcile_define.change(one.pk, content, actor="E. Ngineer")
    second = run(one)
    assert (first.version, second.version) == (1, 2)
    assert (first.counts.get("variance"), second.counts.get("in_tolerance")) == (1, 1)
    assert run(one, "repeat", of=first).digest == first.digest


@pytest.mark.parametrize(
    ("side", "said"),
    [
        ({"role": "erp", "source": "live", "endpoint": "nobody"}, "has no endpoint 'nobody'"),
        ({"role": "erp", "source": "live", "endpoint": "shop"}, "cannot be asked for all it has"),
        ({"role": "warehouse", "source": "hub", "endpoint": "shop"}, "has no site code"),
    ],
)
def test_a_side_that_cannot_say_it_is_refused(house, side, said):
    with pytest.raises(DefinitionError, match=said):
        house.define("inventory", house.sides[1], side)
    assert not Reconciliation.objects.exists()


def test_what_is_usual_is_made_from_the_endpoints(house):
    found = reconcile_define.usual(house.customer, "inventory")
    assert [(s["role"], s["source"], s["endpoint"]) for s in found["sides"]] == [
        ("erp", "live", "books"), ("warehouse", "hub", "reno")]  # fmt: skip
    house.reno.settings["full_846"] = True
    house.reno.save()
    found = reconcile_define.usual(house.customer, "inventory")
    assert found["sides"][1] == {"role": "warehouse", "source": "document", "endpoint": "reno"}
    assert reconcile_define.usual(house.customer, "financial") is None
