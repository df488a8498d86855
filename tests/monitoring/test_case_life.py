"""How a case lives: opened, seen, waiting, put off, closed by itself, back again, merged, split."""

from datetime import datetime, timedelta

import pytest

from integrations.domain import changes
from integrations.models import LookupRow, Message, Problem
from monitoring.domain import clocks, counting, escalating, fixing, joining, opening, states
from monitoring.domain.states import NotNowError
from monitoring.models import AssignmentRule, CaseEvent, CaseSpan, ExceptionCase, Team
from monitoring.queries import choice
from portal.accounts.models import Person
from portal.core import clock
from tests import pipeline
from tests.monitoring.conftest import hold
from tests.monitoring.hands import mend, use
from tests.monitoring.lanes import settle
from tests.monitoring.rule_scenery import solve
from tests.pages.scenery import HELD_ROWS, page, texts

pytestmark = pytest.mark.db
MONDAY = datetime.fromisoformat("2026-03-02T09:00:00+00:00")


def told(case: ExceptionCase) -> list[str]:
    return list(CaseEvent.objects.filter(case=case).order_by("pk").values_list("text", flat=True))


def test_a_new_case_has_two_clocks_on_the_customers_calendar(harbor):
    with clock.freeze(MONDAY):
        case = hold(harbor, "1001")  # S2: acknowledge in 60 min, resolve in 480
        case.refresh_from_db()
    assert case.state == "new"
    assert case.acknowledge_due == MONDAY + timedelta(hours=1)
    assert case.resolve_due == MONDAY + timedelta(hours=8)
    assert case.resolve_warn_at == MONDAY + timedelta(hours=6)


def test_at_three_quarters_it_is_said_once(harbor):
    with clock.freeze(MONDAY) as now:
        case = hold(harbor, "1001")
        now.move(44 * 60)
        assert clocks.warn() == 0
        now.move(60)
        assert clocks.warn() == 1
        assert clocks.warn() == 0
        states.acknowledge(case.pk, actor="Ana")
        now.move(6 * 3600)
        assert clocks.warn() == 1
        states.wait(case.pk, on="customer", reason="asked", actor="Ana")
        states.take_up(case.pk, actor="Ana")
        assert clocks.warn() == 0
    assert [t for t in told(case) if "75" in t] == [
        "Acknowledge clock passed 75 %",
        "Resolve clock passed 75 %",
    ]


def test_while_the_customer_has_the_ball_our_clock_stands(harbor):
    with clock.freeze(MONDAY) as now:
        case = hold(harbor, "1001")
        now.move(3600)
        states.wait(case.pk, on="customer", reason="asked which item", actor="Ana")
        case.refresh_from_db()
        assert (case.state, case.resolve_due, case.resolve_warn_at) == ("waiting", None, None)
        now.move(2 * 3600)
        states.take_up(case.pk, actor="Ana")
        case.refresh_from_db()
        assert case.resolve_due == MONDAY + timedelta(hours=10)  # 8 of ours and 2 of theirs
        now.move(1800)
        [found] = clocks.of([case])
    assert (found.shares.us, found.shares.customer, found.shares.third_party) == (90, 120, 0)
    assert (found.resolve.used, found.resolve.left) == (90, 390)
    assert list(CaseSpan.objects.values_list("party", "reason")) == [
        ("us", "opened"),
        ("customer", "asked which item"),
        ("us", "taken up again"),
    ]


def test_a_snoozed_case_comes_back_by_itself_and_its_clock_went_on(harbor):
    with clock.freeze(MONDAY) as now:
        case = hold(harbor, "1001")
        states.snooze(case.pk, until=MONDAY + timedelta(hours=2), reason="", actor="Ana")
        case.refresh_from_db()
        assert (case.state, case.resolve_due) == ("snoozed", MONDAY + timedelta(hours=8))
        assert states.wake_snoozed() == 0
        now.move(2 * 3600)
        assert states.wake_snoozed() == 1
    case.refresh_from_db()
    assert (case.state, case.snoozed_until) == ("open", None)


def test_what_lies_behind_is_no_time_to_snooze_to(harbor):
    case = hold(harbor, "1001")
    with pytest.raises(NotNowError, match="choose one that is to come"):
        states.snooze(case.pk, until=MONDAY, reason="", actor="Ana")


def test_a_case_closes_itself_when_the_same_order_succeeds_later(harbor, sink):
    case = hold(harbor, "1001")
    pipeline.store(harbor.shop, pipeline.order("1001", sku="TENT-2P"))
    pipeline.run(harbor.customer_id)
    case.refresh_from_db()
    assert (case.state, case.resolution) == ("resolved", "A later document of the same object came")
    assert case.acknowledged_at is None
    assert CaseSpan.objects.get(case=case).ended_at == case.closed_at


def test_the_cause_that_returns_brings_its_case_back(harbor, sink):
    case = hold(harbor, "1001")
    pipeline.store(harbor.shop, pipeline.order("1001", sku="TENT-2P"))
    pipeline.run(harbor.customer_id)
    again = hold(harbor, "1002", "1003")
    assert again.pk == case.pk
    assert (again.state, again.times_back, again.documents, again.closed_at) == (
        "regressed", 1, 2, None,
    )  # fmt: skip
    assert "Came back. It was closed: A later document of the same object came" in told(case)
    assert again.began_at > case.began_at


def test_after_a_month_the_same_cause_is_a_new_case(harbor, sink):
    case = hold(harbor, "1001")
    pipeline.store(harbor.shop, pipeline.order("1001", sku="TENT-2P"))
    pipeline.run(harbor.customer_id)
    ExceptionCase.objects.update(closed_at=clock.now() - opening.COMES_BACK_WITHIN)
    assert hold(harbor, "1002").pk != case.pk


def test_merged_cases_answer_for_both_causes(harbor, sink):
    one, two = hold(harbor, "1001"), hold(harbor, "1002", "1003", sku="OLD-TENT")
    merged = joining.merge(two.pk, one.pk, actor="Ana")
    assert (merged.documents, str(merged.at_risk)) == (3, "384.0000")  # 3 orders of 128
    two.refresh_from_db()
    assert (two.state, two.merged_into_id, two.resolution) == (
        "resolved", one.pk, f"Merged into {one.label}",
    )  # fmt: skip
    pipeline.store(harbor.shop, pipeline.order("1004", sku="OLD-TENT"))
    pipeline.run(harbor.customer_id)
    one.refresh_from_db()
    assert one.documents == 4
    assert ExceptionCase.objects.filter(closed_at=None).count() == 1


def test_cases_of_two_customers_stay_apart(harbor, maris):
    one, two = hold(harbor, "1001"), hold(maris, "1001")
    with pytest.raises(NotNowError, match="two customers"):
        joining.merge(one.pk, two.pk, actor="Ana")


def test_split_documents_become_a_case_of_their_own(harbor, sink):
    case = hold(harbor, "1001", "1002", "1003")
    ids = list(Message.objects.filter(state="held").order_by("pk").values_list("pk", flat=True))
    new = joining.split(case.pk, ids[:1], title="This one is a sample order", actor="Ana")
    case.refresh_from_db()
    assert (case.documents, new.documents, new.title) == (2, 1, "This one is a sample order")
    assert Problem.objects.values("fingerprint").distinct().count() == 2
    pipeline.store(harbor.shop, pipeline.order("1004", sku="TENT-OLD"))
    pipeline.run(harbor.customer_id)
    case.refresh_from_db()
    assert case.documents == 3  # what comes with the old cause stays there
    new.refresh_from_db()
    assert (new.state, new.documents) == ("new", 1)


def test_a_split_leaves_something_on_both_sides(harbor):
    case = hold(harbor, "1001")
    ids = list(Message.objects.filter(state="held").values_list("pk", flat=True))
    with pytest.raises(NotNowError, match="nothing would be left"):
        joining.split(case.pk, ids, title="", actor="Ana")
    assert ExceptionCase.objects.count() == 1


def test_the_first_rule_that_fits_assigns_a_new_case(harbor, operator):
    ana = Person.objects.get(email="operator@kestrel.test")
    team = Team.objects.create(name="Master data")
    team.members.add(ana)
    AssignmentRule.objects.create(position=1, code="uom_mismatch", person=ana)
    AssignmentRule.objects.create(position=2, category="master data", team=team)
    AssignmentRule.objects.create(position=3, person=ana)
    case = hold(harbor, "1001")
    case.refresh_from_db()
    assert (case.team, case.assignee) == (team, None)
    assert "Assigned to Master data by rule" in told(case)
    assert ExceptionCase.objects.filter(choice.of_person(ana)).get() == case
    other = Person.objects.create_person(
        email="o@kestrel.test", name="O", role=ana.role, password="x y z"
    )
    assert not ExceptionCase.objects.filter(choice.of_person(other)).exists()


def test_tags_are_short_words_each_once(harbor):
    case = hold(harbor, "1001")
    states.tag(case.pk, tags=[" Promo ", "promo", "", "Vendor"], actor="Ana")
    case.refresh_from_db()
    assert case.tags == ["promo", "vendor"]


def test_nothing_is_done_to_a_closed_case(harbor, sink):
    case = hold(harbor, "1001")
    LookupRow.objects.create(table=harbor.table, code="TENT-OLD", value="TENT-2P")
    pipeline.store(harbor.shop, pipeline.order("1001"))
    pipeline.run(harbor.customer_id)
    with pytest.raises(NotNowError, match="is closed"):
        states.wait(case.pk, on="customer", reason="late", actor="Ana")
    case.refresh_from_db()
    assert (case.state, case.waiting_on) == ("resolved", "")


def test_a_case_that_grows_past_its_limit_is_raised_and_its_clocks_with_it(harbor):
    harbor.shop.mappings.all().delete()
    broken = [["number", "$number(number) + "]]
    harbor.shop.mappings.create(object_type="order", direction="in", version=2, rows=broken)
    with clock.freeze(MONDAY):
        pipeline.store(harbor.shop, *[pipeline.order(str(n)) for n in range(1001, 1011)])
        pipeline.run(harbor.customer_id)
        assert escalating.escalate() == 0  # ten is not more than ten
        pipeline.store(harbor.shop, pipeline.order("1011"))
        pipeline.run(harbor.customer_id)
        assert escalating.escalate() == 1
        assert escalating.escalate() == 0
    case = ExceptionCase.objects.get()
    assert (case.code, case.severity) == ("mapping_error", 1)
    assert case.resolve_due == MONDAY + timedelta(hours=4)
    assert "S1 now, S2 before: 11 documents" in told(case)


def test_what_waits_for_an_endpoint_that_is_down_stands_in_its_case(harbor, sink):
    pipeline.store(harbor.shop, *[pipeline.order(n, sku="TENT-2P") for n in ("1001", "1002")])
    sink.status = 401
    pipeline.run(harbor.customer_id)
    counting.count_waiting()
    case = ExceptionCase.objects.get()
    assert (case.is_of_endpoint, case.documents, str(case.at_risk), case.currency) == (
        True, 2, "256.0000", "USD",
    )  # fmt: skip


def test_a_currency_nobody_knows_is_one_cause_in_however_many_places(harbor):
    amount = "$money(unit_price, 'XQX')"
    rows = [row for row in HELD_ROWS if row[0] != "lines[].unit_price"]
    rows += [["lines[].unit_price", amount], ["lines[].total", amount]]
    harbor.shop.mappings.update(rows=rows)
    changes.touch(harbor.customer_id)
    pipeline.store(harbor.shop, pipeline.order("1001"))
    pipeline.run(harbor.customer_id)
    assert Problem.objects.filter(code="currency_unknown").count() == 2
    case = ExceptionCase.objects.get()
    assert (case.code, case.value, case.documents) == ("currency_unknown", "XQX", 1)


def test_what_is_undone_goes_on_with_its_old_clocks_and_did_not_come_back(harbor, ana, sink):
    with clock.freeze(MONDAY) as now:
        case = hold(harbor, "1001")
        now.move(600)
        fix = solve(case, ana, remedy="skip", value="a test order")
        now.move(60)
        fixing.undo(fix.pk, person=ana)
        settle(fix)
    case.refresh_from_db()
    assert (case.state, case.times_back, case.began_at) == ("open", 0, MONDAY)
    assert case.resolve_due == MONDAY + timedelta(hours=8)
    assert "Open again: taken back is Skipped: a test order" in told(case)


def test_a_merged_case_hands_over_its_tags_and_mends_each_value(operator, harbor, sink):
    one, two = hold(harbor, "1001", sku="AAA"), hold(harbor, "1002", sku="BBB")
    states.tag(one.pk, tags=["promo"], actor="Ana")
    states.tag(two.pk, tags=["vendor"], actor="Ana")
    joining.merge(two.pk, one.pk, actor="Ana")
    one.refresh_from_db()
    assert one.tags == ["promo", "vendor"]
    closed = page(operator.get(f"/cases/{two.pk}/"))
    assert closed.find("a", string=f"Go to {one.label}")["href"] == f"/cases/{one.pk}/"
    mend(operator, one, "lookup", value="TENT-2P")
    assert LookupRow.objects.get(code="AAA").value == "TENT-2P"
    shown = page(operator.get(f"/cases/{one.pk}/"))
    assert shown.select_one("#remedies [aria-current]").text.startswith("Add a lookup")
    assert shown.select_one("#remedy input[name=code]")["value"] == "BBB"


def test_the_customer_reads_of_a_merged_case_once(viewer, harbor):
    one, two = hold(harbor, "1001", sku="AAA"), hold(harbor, "1002", sku="BBB")
    joining.merge(two.pk, one.pk, actor="Ana")
    assert "BBB" not in page(viewer.get("/questions/?view=solved")).text


def test_what_an_action_did_is_said_until_something_else_happens(operator, harbor):
    case = hold(harbor, "1001")
    done = use(operator, case, "wait", on="customer", reason="asked them").url
    assert texts(page(operator.get(done)), "#result h2, #result p, .result") != []
    states.take_up(case.pk, actor="Ana")
    assert "asked them" not in page(operator.get(done)).select_one(".case-main").text


def test_the_same_comment_sent_twice_is_one(operator, harbor):
    case = hold(harbor, "1001")
    for text in ("We asked them.", "We asked them.", "They answered.", "We asked them."):
        operator.post(f"/cases/{case.pk}/comment/", {"comment": text})
    said = CaseEvent.objects.filter(case=case, action="comment").order_by("pk")
    assert [event.text for event in said] == ["We asked them.", "They answered.", "We asked them."]
