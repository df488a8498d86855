"""Rules at work are judged by what they did: they lose their right, and their minutes are counted."""

from datetime import timedelta

import pytest

from integrations.models import Message, Problem
from monitoring.domain import fixing, opening, rule_engine
from monitoring.models import ExceptionCase, Fix, FixItem
from portal.accounts.models import Person
from tests import pipeline
from tests.monitoring.conftest import hold
from tests.monitoring.lanes import outcomes, settle
from tests.monitoring.rule_scenery import act, rule, solve, steps

pytestmark = pytest.mark.db


def hold_again(fix: Fix) -> None:
    """What it let go is held once more, for the cause it was meant to end."""
    ids = list(fix.items.values_list("message_id", flat=True))
    Message.objects.filter(pk__in=ids).update(state="held")
    Problem.objects.filter(message_id__in=ids).update(closed_at=None)


def test_documents_held_again_for_the_same_cause_switch_it_off(harbor, sink):
    acting = rule()
    case = hold(harbor, "1001", "1002")
    fix = act(case)
    hold_again(fix)
    opening.bring_back([case.fingerprint])
    assert rule_engine.consider(case.pk) is None
    acting.refresh_from_db()
    why = "2 documents it let go were held again for the same cause."
    assert (acting.state, acting.off_reason, acting.missed) == ("off", why, 2)
    assert acting.off_at is not None
    assert steps(acting)[-1] == f"Switched itself off. {why}"
    assert outcomes(fix) == ["held", "held"]
    rule_engine.consider(case.pk)
    acting.refresh_from_db()
    assert acting.missed == 2  # each counts once


def test_a_rule_that_solves_nothing_is_off_after_its_first_case(harbor, sink):
    """A retry whose dry run passes, and whose documents the target refuses just the same."""
    sink.status = 422
    pipeline.store(harbor.shop, pipeline.order("1001"))
    pipeline.run(harbor.customer_id)
    case = ExceptionCase.objects.get()
    acting = rule(
        code=case.code, value="", remedy="retry", terms={}, words="Replayed as it is",
        judged_from=case.began_at,
    )  # fmt: skip
    fix = act(case)
    acting.refresh_from_db()
    assert (fix.state, outcomes(fix)) == ("done", ["held"])
    assert (acting.state, acting.fired, acting.missed, acting.minutes_saved) == ("off", 1, 1, 0)
    assert acting.off_reason == "1 document it let go was held again for the same cause."


def test_more_than_one_in_twenty_held_again_for_whatever_cause_switches_it_off(harbor, maris, sink):
    acting = rule()
    fix = act(hold(harbor, "1001", "1002"))
    FixItem.objects.filter(fix=fix, position=1).update(outcome="held")
    act(hold(maris, "2001"))
    acting.refresh_from_db()
    assert acting.off_reason == (
        "1 of the last 3 documents it let go was held again: more than 5 % is too many."
    )


def take_back(fix: Fix, person: Person) -> None:
    fixing.undo(fix.pk, person=person)
    settle(fix)
    assert fix.state == "undone"


def test_the_first_time_somebody_takes_it_back_it_only_suggests(harbor, maris, ana, ben, sink):
    acting = rule()
    case = hold(harbor, "1001")
    take_back(act(case), ana)
    acting.refresh_from_db()
    assert (acting.state, acting.reversed, acting.minutes_saved) == ("suggesting", 1, 0)
    assert steps(acting)[-2:] == [
        f"What it did at {case.label} was taken back",
        "Only suggests from now on. A person took back what it did.",
    ]
    other = hold(maris, "2001")
    assert rule_engine.consider(other.pk) is None
    take_back(solve(other, ben), ben)
    acting.refresh_from_db()
    assert (acting.state, acting.reversed) == ("off", 2)
    assert acting.off_reason == "People took back 2 times what it did."


def test_the_minutes_it_saved_are_those_the_kind_was_measured_to_take(harbor, ana, sink):
    for n in range(5):
        fix = solve(hold(harbor, f"10{n}", sku=f"OLD-{n}"), ana)
        fix.case.leases.update(began_at=fix.finished_at - timedelta(minutes=n + 1))
    acting = rule()
    act(hold(harbor, "1001"))
    acting.refresh_from_db()
    assert acting.minutes_saved == pytest.approx(3)  # of 1, 2, 3, 4 and 5 minutes
