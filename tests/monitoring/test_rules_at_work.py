"""Rules at work: acting with nobody there, keeping to their limits, leaving people theirs."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection

from integrations.models import LookupRow
from monitoring.domain import (
    carrying,
    fixing,
    leases,
    rule_engine,
    rule_record,
    rule_states,
    states,
)
from monitoring.models import CaseEvent, Fix, RuleStep
from monitoring.queries import rules
from portal.core import clock
from tests import pipeline
from tests.monitoring.conftest import hold
from tests.monitoring.lanes import outcomes, settle
from tests.monitoring.rule_scenery import TERMS, act, begin, earlier, rule, solve, steps

pytestmark = pytest.mark.db
HOUR = timedelta(hours=1)


def test_a_rule_that_acts_replays_a_new_case_with_nobody_there(harbor, sink):
    acting = rule()
    case = hold(harbor, "1001", "1002")
    fix = act(case)
    assert (fix.state, fix.person, fix.person_name) == ("done", None, acting.name)
    assert sorted(order["number"] for order in sink.taken) == ["1001", "1002"]
    case.refresh_from_db()
    assert (case.state, case.resolution) == ("resolved", acting.words)
    acting.refresh_from_db()
    assert (acting.state, acting.fired, acting.missed) == ("acting", 1, 0)
    assert acting.minutes_saved == 4  # typical for an unknown SKU: nothing is measured yet
    assert steps(acting) == [f"Acted on {case.label}: 2 of 2 passed"]
    assert CaseEvent.objects.filter(case=case, actor=acting.name).exists()


def test_a_new_problem_wakes_the_lane_where_a_rule_acts_on_its_kind(
    harbor, django_capture_on_commit_callbacks
):
    rule(code="other_code")
    with django_capture_on_commit_callbacks(execute=True):
        hold(harbor, "1001", sku="NEW-1")
    assert woken() == []
    rule()
    with django_capture_on_commit_callbacks(execute=True):
        case = hold(harbor, "1002")
    assert woken() == [str(case.pk)]


def woken() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT key FROM public.jobs_wake WHERE kind = 'rules' ORDER BY key")
        return [row[0] for row in cursor.fetchall()]


def test_a_rule_that_suggests_does_nothing_and_the_case_shows_what_it_would_do(harbor, sink):
    suggesting = rule("suggesting")
    case = hold(harbor, "1001", sku="tent-old")
    assert rule_engine.consider(case.pk) is None
    assert sink.taken == []
    found = rules.suggestion(case)
    assert (found.rule, found.words) == (suggesting, suggesting.words)
    assert found.terms == {**TERMS, "code": "tent-old"}


def test_the_rule_of_the_customer_goes_before_that_of_all(harbor, kestrel):
    rule("suggesting")
    own = rule("suggesting", customer_id=kestrel.harbor)
    assert rules.suggestion(hold(harbor, "1001")).rule == own


def test_a_suggestion_that_a_person_takes_counts_as_right(harbor, ana, sink):
    suggesting = rule("suggesting", suggestions_needed=1)
    fix = solve(hold(harbor, "1001"), ana)
    suggesting.refresh_from_db()
    assert (fix.suggested_by, fix.rule) == (suggesting, None)
    assert (suggesting.accepted, suggesting.right, suggesting.fired) == (1, 1, 0)
    assert rule_record.may_act(suggesting)
    assert steps(suggesting)[-1] == "Was right once: somebody may let it act"


def test_a_suggestion_that_is_cancelled_half_way_says_nothing(harbor, ana, sink):
    suggesting = rule("suggesting", right=4)
    fix = settle(begin(hold(harbor, "1001"), ana))
    fixing.go(fix.pk, person=ana, shown=fix.digest, canary=False)
    carrying.step(fix.pk)
    fixing.cancel(fix.pk, actor=ana.name)
    settle(fix)
    suggesting.refresh_from_db()
    assert (fix.state, outcomes(fix)) == ("cancelled", ["passed"])
    assert (suggesting.accepted, suggesting.right) == (0, 4)


def test_a_case_resolved_otherwise_speaks_against_what_was_suggested(harbor, ana, sink):
    suggesting = rule("suggesting", right=29)
    case = hold(harbor, "1001")
    solve(case, ana, value="TENT-3P")
    suggesting.refresh_from_db()
    assert (suggesting.declined, suggesting.accepted, suggesting.right) == (1, 0, 0)
    assert steps(suggesting) == [
        f"Operator resolved {case.label} otherwise: TENT-OLD → TENT-3P added to lookup sku"
    ]


@pytest.mark.parametrize(
    ("limits", "why"),
    [
        ({"most_documents": 1}, "2 documents are more than the 1 it may let go."),
        ({"most_amount": Decimal("255.99")}, "256.00 is more than the 255.99 it may let go."),
        ({"most_per_day": 1}, "With 2 more it would have let 2 documents go in 24 hours; 1 is its limit."),
    ],
)  # fmt: skip
def test_over_a_limit_it_only_suggests_and_says_so_once(harbor, sink, limits, why):
    limited = rule(**limits)
    case = hold(harbor, "1001", "1002")  # 2 × 128.00
    assert rule_engine.consider(case.pk) is None
    assert rule_engine.consider(case.pk) is None
    assert (sink.taken, Fix.objects.count()) == ([], 0)
    assert steps(limited) == [f"Only suggested at {case.label}. {why}"]
    assert rules.suggestion(case).rule == limited


def test_the_limit_of_a_day_counts_all_its_cases(harbor, maris, sink):
    limited = rule(most_per_day=3)
    act(hold(harbor, "1001", "1002"))
    case = hold(maris, "2001", "2002")
    assert rule_engine.consider(case.pk) is None
    assert "let 4 documents go in 24 hours" in steps(limited)[-1]
    Fix.objects.update(created_at=clock.now() - timedelta(hours=25))
    CaseEvent.objects.filter(case=case, action="left").delete()
    assert act(case).state == "done"


def test_an_expired_rule_does_nothing(harbor, sink):
    rule(expires_at=clock.now() - timedelta(seconds=1))
    case = hold(harbor, "1001")
    assert rule_engine.consider(case.pk) is None
    assert (rules.suggestion(case), sink.taken) == (None, [])
    assert not RuleStep.objects.exists()


def test_a_rule_of_one_customer_touches_no_other(harbor, maris, kestrel, sink):
    rule(customer_id=kestrel.harbor)
    other = hold(maris, "2001")
    assert (rule_engine.consider(other.pk), rules.suggestion(other)) == (None, None)
    assert pipeline.states(customer_id=kestrel.maris) == ["held"]
    act(hold(harbor, "1001"))
    assert not LookupRow.objects.filter(table=maris.table, code="TENT-OLD").exists()


def test_what_would_not_all_pass_is_left_to_people(harbor, sink):
    careful = rule()
    case = hold(harbor, "1001")
    body = pipeline.order("1002", sku="TENT-OLD")
    body["lines"].append({**body["lines"][0], "line_no": "2", "sku": "GONE-1"})
    pipeline.store(harbor.shop, body)
    pipeline.run(harbor.customer_id)
    fix = act(case)
    careful.refresh_from_db()
    assert (fix.state, sink.taken) == ("checked", [])
    assert (careful.state, careful.fired, careful.missed, careful.handed_back) == (
        "acting",
        0,
        0,
        1,
    )
    assert steps(careful) == [
        f"Left {case.label} to people. Dry run of {careful.words}: 1 pass, 1 fail"
    ]
    earlier(fix, 2 * HOUR)
    assert rule_engine.consider(case.pk) is None  # it stays with people


def test_what_was_left_to_people_is_theirs_when_they_let_it_go(harbor, ana, sink):
    careful = rule()
    case = hold(harbor, "1001")
    body = pipeline.order("1002", sku="TENT-OLD")
    body["lines"].append({**body["lines"][0], "line_no": "2", "sku": "GONE-1"})
    pipeline.store(harbor.shop, body)
    pipeline.run(harbor.customer_id)
    fix = act(case)
    fixing.go(fix.pk, person=ana, shown=fix.digest, canary=False)
    settle(fix)
    careful.refresh_from_db()
    assert (fix.state, fix.rule, fix.suggested_by, fix.person) == ("done", None, careful, ana)
    assert (careful.state, careful.fired, careful.missed, careful.accepted) == ("acting", 0, 0, 1)


def test_terms_that_are_refused_are_no_misfire(harbor, sink):
    harbor.table.default = "master"
    harbor.table.save()
    careful = rule()
    case = hold(harbor, "1001")
    assert rule_engine.consider(case.pk) is None
    careful.refresh_from_db()
    assert (careful.state, careful.handed_back) == ("acting", 1)
    assert "TENT-2P is no product" in steps(careful)[-1]
    assert rule_engine.consider(case.pk) is None
    assert len(steps(careful)) == 1


def test_a_person_who_has_the_case_keeps_rules_from_it(harbor, ana, sink):
    rule()
    case = hold(harbor, "1001")
    leases.take(case.pk, ana)
    assert rule_engine.consider(case.pk) is None
    assert not Fix.objects.exists()


def test_what_a_person_tried_is_not_thrown_away(harbor, ana, sink):
    rule()
    case = hold(harbor, "1001")
    fix = settle(begin(case, ana, value="TENT-3P"))
    leases.release(case.pk, ana)
    earlier(fix, 2 * HOUR)
    assert rule_engine.consider(case.pk) is None
    fix.refresh_from_db()
    assert fix.state == "checked"


def test_what_somebody_tried_and_cancelled_is_for_people(harbor, ana, sink):
    rule()
    case = hold(harbor, "1001")
    fixing.cancel(settle(begin(case, ana)).pk, actor=ana.name)
    leases.release(case.pk, ana)
    assert rule_engine.consider(case.pk) is None


def test_who_takes_the_case_during_the_dry_run_keeps_it(harbor, ana, sink):
    careful = rule()
    case = hold(harbor, "1001")
    fix = rule_engine.consider(case.pk)
    leases.take(case.pk, ana)
    settle(fix)
    assert (fix.state, sink.taken) == ("checked", [])
    assert f"Left {case.label} to people. Operator works on it since" in steps(careful)[-1]


def test_a_rule_that_is_switched_off_during_the_dry_run_lets_nothing_go(harbor, ben, sink):
    acting = rule()
    fix = rule_engine.consider(hold(harbor, "1001").pk)
    rule_states.switch_off(acting.pk, ben, "the item is renamed")
    settle(fix)
    assert (fix.state, sink.taken) == ("checked", [])
    assert steps(acting)[-1].endswith(f"{acting.label} does not act any more.")


@pytest.mark.parametrize("verb", ["wait", "snooze"])
def test_cases_that_wait_are_left_alone(harbor, verb, sink):
    rule()
    case = hold(harbor, "1001")
    if verb == "wait":
        states.wait(case.pk, on="customer", reason="asked", actor="Ana")
    else:
        states.snooze(case.pk, until=clock.now() + HOUR, reason="", actor="Ana")
    assert rule_engine.consider(case.pk) is None


def test_cases_that_were_open_before_it_acted_are_for_people(harbor, sink):
    case = hold(harbor, "1001")
    rule()
    assert rule_engine.consider(case.pk) is None


def test_a_rule_does_not_act_twice_on_a_case_within_an_hour(harbor, sink):
    acting = rule()
    case = hold(harbor, "1001")
    fix = rule_engine.consider(case.pk)
    pipeline.store(harbor.shop, pipeline.order("1002", sku="TENT-OLD"))
    pipeline.run(harbor.customer_id)  # too late for the list
    settle(fix)
    case.refresh_from_db()
    assert (case.is_open, case.documents, fix.state) == (True, 1, "done")
    assert rule_engine.consider(case.pk) is None
    earlier(fix, HOUR)
    assert act(case).state == "done"
    acting.refresh_from_db()
    assert (acting.fired, len(sink.taken)) == (2, 2)


def test_no_second_rule_acts_on_a_case(harbor, kestrel, sink):
    first = rule()
    case = hold(harbor, "1001")
    fix = rule_engine.consider(case.pk)
    pipeline.store(harbor.shop, pipeline.order("1002", sku="TENT-OLD"))
    pipeline.run(harbor.customer_id)
    settle(fix)
    earlier(fix, 2 * HOUR)
    rule(customer_id=kestrel.harbor, judged_from=first.judged_from)
    assert rule_engine.consider(case.pk) is None


def test_rules_of_another_partner_do_not_reach_here(harbor, aurora, sink):
    from django_tenants.utils import schema_context

    with schema_context("aurora"):
        rule()
    case = hold(harbor, "1001")
    assert (rule_engine.consider(case.pk), rules.suggestion(case)) == (None, None)
