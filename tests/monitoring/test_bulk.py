"""One verb on a frozen list of cases: what becomes of each, and taking it back."""

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from monitoring import tasks
from monitoring.domain import bulk, closing, leases, states
from monitoring.domain.bulk import DoneBeforeError, ListError
from monitoring.domain.deeds import NotDoneError
from monitoring.domain.fixing import ListChangedError
from monitoring.domain.states import NotNowError
from monitoring.models import BulkAction, CaseEvent, CaseSpan, ExceptionCase, Team
from portal.accounts.models import Person
from portal.core import clock
from tests.monitoring.conftest import hold
from tests.monitoring.test_desk import make

pytestmark = [pytest.mark.db, pytest.mark.long]
NINE = datetime.fromisoformat("2026-03-02T09:00:00+00:00")


def several(place, count=3):
    return [hold(place, str(1001 + n), sku=f"OLD-{n}") for n in range(count)]


def frozen(cases, person):
    return bulk.freeze([case.pk for case in cases], person=person)


def act(found, verb, who, /, **terms):
    done = bulk.act(found.pk, verb, terms, person=who, shown=found.digest)
    while bulk.work(found.pk):
        pass
    done.refresh_from_db()
    return done


def outcomes(found):
    return list(found.items.values_list("outcome", "told"))


def last(case):
    return CaseEvent.objects.filter(case=case).latest("pk").text


def test_a_list_keeps_each_case_as_it_was_in_the_order_of_the_page(harbor, ana):
    one, two, three = several(harbor)
    found = bulk.freeze([three.pk, one.pk, two.pk, one.pk], person=ana, query="view=s1")
    assert list(found.items.values_list("case_id", "edition", "documents")) == [
        (three.pk, 1, 1), (one.pk, 1, 1), (two.pk, 1, 1),
    ]  # fmt: skip
    assert (found.state, found.query, found.person) == ("shown", "view=s1", ana)
    again = bulk.freeze([three.pk, one.pk, two.pk], person=ana)
    assert again.digest == found.digest
    states.acknowledge(two.pk, actor="Ben")
    assert bulk.freeze([three.pk, one.pk, two.pk], person=ana).digest != found.digest


def test_freezing_a_long_list_takes_as_many_queries_as_a_short_one(harbor, ana):
    cases = [make(harbor.shop, f"case {n}") for n in range(30)]
    with CaptureQueriesContext(connection) as short:
        frozen(cases[:3], ana)
    with CaptureQueriesContext(connection) as long:
        frozen(cases, ana)
    assert len(short) == len(long) <= 6


def test_nothing_chosen_makes_no_list(harbor, ana):
    with pytest.raises(ListError, match="select at least one case"):
        bulk.freeze([], person=ana)
    with pytest.raises(ListError, match="select at least one case"):
        bulk.freeze([2**40], person=ana)
    assert not BulkAction.objects.exists()


@pytest.mark.parametrize("as_numbers", [True, False])
def test_more_than_two_thousand_make_no_list(harbor, ana, as_numbers):
    make(harbor.shop, "one")
    one = ExceptionCase.objects.get()
    cases = [ExceptionCase(**_copied(one)) for _ in range(2000)]
    ExceptionCase.objects.bulk_create(cases)
    chosen = ExceptionCase.objects.order_by("pk")
    numbers = list(chosen.values_list("pk", flat=True))
    with pytest.raises(ListError, match="More than 2,000 cases were chosen. Narrow the choice"):
        bulk.freeze(numbers if as_numbers else chosen, person=ana)
    assert bulk.freeze(numbers[:2000], person=ana).items.count() == 2000


def _copied(case):
    names = [f.attname for f in case._meta.concrete_fields if f.attname != "number"]
    return {name: getattr(case, name) for name in names}


def test_every_case_of_the_list_is_done_and_its_log_names_the_list(harbor, ana):
    cases = several(harbor)
    done = act(frozen(cases, ana), "wait", ana, on="customer", reason="asked for the list")
    assert done.state == "done"
    text = "Waits on the customer: asked for the list"
    assert outcomes(done) == [("done", text)] * 3
    assert {last(case) for case in cases} == {f"{text}, list {done.label}"}
    assert CaseEvent.objects.filter(text__contains=done.label).count() == 3  # one of each case
    assert set(ExceptionCase.objects.values_list("state", flat=True)) == {"waiting"}


def test_what_others_did_meanwhile_is_told_and_left_alone(harbor, ana, ben):
    with clock.freeze(NINE):
        changed, closed, held, free = several(harbor, 4)
        found = frozen([changed, closed, held, free], ana)
        states.tag(changed.pk, tags=["promo"], actor="M. Brandt")
        closing.close([closed.pk], cause="Merged into C-7", actor="M. Brandt")
        leases.take(held.pk, ben)
        done = act(found, "assign", ana, person=ana.pk)
    told = dict(zip([c.pk for c in (changed, closed, held, free)], outcomes(done), strict=True))
    assert told[changed.pk][0] == "changed"
    assert told[changed.pk][1].startswith("changed meanwhile: Tagged promo, by M. Brandt at ")
    assert told[closed.pk][0] == "closed"
    assert told[closed.pk][1].startswith("closed meanwhile: Merged into C-7, by M. Brandt at ")
    assert told[held.pk] == ("held", "held by Engineer")
    assert told[free.pk] == ("done", "Assigned to Operator")
    assert list(ExceptionCase.objects.filter(assignee=ana)) == [free]


def test_what_the_person_holds_is_theirs_to_act_on(harbor, ana):
    [case] = several(harbor, 1)
    leases.take(case.pk, ana)
    assert outcomes(act(frozen([case], ana), "acknowledge", ana)) == [("done", "Acknowledged")]


def test_what_a_case_is_in_no_state_for_is_told_and_the_rest_is_done(harbor, ana):
    one, two = several(harbor, 2)
    states.acknowledge(one.pk, actor="Ben")
    states.tag(two.pk, tags=["promo"], actor="Ben")
    assert outcomes(act(frozen([one, two], ana), "acknowledge", ana)) == [
        ("refused", "It was acknowledged before."), ("done", "Acknowledged"),
    ]  # fmt: skip
    assert outcomes(act(frozen([one, two], ana), "tag", ana, add=["promo"], remove=[])) == [
        ("done", "Tagged promo"), ("refused", "Its tags are like this already."),
    ]  # fmt: skip
    assert outcomes(act(frozen([one], ana), "take_up", ana)) == [
        ("refused", "It neither waits nor is it snoozed."),
    ]  # fmt: skip


def test_another_list_than_the_one_shown_is_refused_as_a_whole(harbor, ana):
    found = frozen(several(harbor), ana)
    with pytest.raises(ListChangedError, match="Nothing was done"):
        bulk.act(found.pk, "acknowledge", {}, person=ana, shown="0" * 64)
    found.refresh_from_db()
    assert (found.state, found.verb) == ("shown", "")
    assert set(ExceptionCase.objects.values_list("state", flat=True)) == {"new"}


def test_a_list_is_acted_on_once(harbor, ana):
    found = frozen(several(harbor), ana)
    act(found, "tag", ana, add=["promo"], remove=[])
    with pytest.raises(DoneBeforeError, match="was acted on before: Tag, done"):
        bulk.act(
            found.pk, "wait", {"on": "customer", "reason": "x"}, person=ana, shown=found.digest
        )
    assert not ExceptionCase.objects.filter(state="waiting").exists()


def test_a_list_is_its_own_persons(harbor, ana, ben):
    found = frozen(several(harbor), ana)
    with pytest.raises(BulkAction.DoesNotExist):
        bulk.act(found.pk, "acknowledge", {}, person=ben, shown=found.digest)


@pytest.mark.parametrize(
    ("verb", "terms", "why"),
    [
        ("wait", {"on": "us", "reason": "x"}, "on whom it waits"),
        ("wait", {"on": "customer", "reason": " "}, "and why"),
        ("snooze", {"until": "2026-03-02T08:00:00+00:00"}, "time is over"),
        ("tag", {"add": [], "remove": []}, "at least one tag"),
        ("assign", {"person": 2**40}, "not here any more"),
        ("skip", {"reason": ""}, "Say why"),
        ("lookup", {}, "no such verb"),
    ],
)
def test_terms_that_cannot_be_right_are_refused_before_anything_is_done(
    harbor, ana, verb, terms, why
):
    found = frozen(several(harbor, 1), ana)
    with pytest.raises(NotDoneError, match=why):
        bulk.act(found.pk, verb, terms, person=ana, shown=found.digest)
    found.refresh_from_db()
    assert found.state == "shown"


def test_a_customers_person_is_nobody_to_assign_to(harbor, ana, viewer):
    theirs = Person.objects.get(email="viewer@kestrel.test")
    found = frozen(several(harbor, 1), ana)
    with pytest.raises(NotDoneError):
        bulk.act(found.pk, "assign", {"person": theirs.pk}, person=ana, shown=found.digest)


def test_undone_each_case_is_what_it_was(harbor, ana, ben):
    with clock.freeze(NINE) as now:
        one, two = several(harbor, 2)
        team = Team.objects.create(name="Master data")
        ExceptionCase.objects.filter(pk=two.pk).update(team=team, tags=["promo"])
        states.snooze(two.pk, until=NINE + timedelta(hours=5), reason="", actor="Ben")
        before = list(ExceptionCase.objects.order_by("pk").values(*_MINDED))
        done = act(frozen([one, two], ana), "wait", ana, on="third_party", reason="asked Northwind")
        now.move(300)
        bulk.undo(done.pk, ana)
        after = list(ExceptionCase.objects.order_by("pk").values(*_MINDED))
    done.refresh_from_db()
    assert (done.state, {o for o, _ in outcomes(done)}) == ("undone", {"undone"})
    assert after == before
    assert last(one) == f"Undone: Waits on a third party: asked Northwind, list {done.label}"
    assert set(CaseSpan.objects.values_list("party", flat=True)) == {"us"}  # nothing was theirs


def test_undone_the_customer_has_the_ball_for_the_reason_they_had_it(harbor, ana):
    [case] = several(harbor, 1)
    states.wait(case.pk, on="customer", reason="asked which item", actor="Ben")
    done = act(frozen([case], ana), "wait", ana, on="customer", reason="by mistake")
    bulk.undo(done.pk, ana)
    assert CaseSpan.objects.get(case=case, ended_at=None).reason == "asked which item"
    again = act(frozen([case], ana), "take_up", ana)
    bulk.undo(again.pk, ana)
    span = CaseSpan.objects.get(case=case, ended_at=None)
    assert (span.party, span.reason) == ("customer", "asked which item")


_MINDED = (
    "state", "assignee", "team", "tags", "waiting_on", "waiting_reason", "snoozed_until",
    "acknowledged_at", "acknowledge_due", "resolve_due", "resolve_warn_at",
)  # fmt: skip


def test_what_somebody_changed_since_stays_and_the_rest_goes_back(harbor, ana, ben):
    changed, closed, held, free = cases = several(harbor, 4)
    done = act(frozen(cases, ana), "tag", ana, add=["promo"], remove=[])
    states.wait(changed.pk, on="customer", reason="asked", actor="M. Brandt")
    closing.close([closed.pk], cause="Mended", actor="M. Brandt")
    leases.take(held.pk, ben)
    bulk.undo(done.pk, ana)
    told = outcomes(done)
    assert [outcome for outcome, _ in told] == ["stays", "stays", "stays", "undone"]
    assert told[0][1].startswith("changed since: Waits on the customer: asked, by M. Brandt at ")
    assert told[1][1].startswith("closed since: Mended, by M. Brandt at ")
    assert told[2][1] == "held by Engineer"
    tags = dict(ExceptionCase.objects.values_list("pk", "tags"))
    assert tags == {changed.pk: ["promo"], closed.pk: ["promo"], held.pk: ["promo"], free.pk: []}


def test_undo_is_for_ten_minutes_and_once(harbor, ana):
    with clock.freeze(NINE) as now:
        cases = several(harbor, 2)
        early, late = frozen(cases[:1], ana), frozen(cases[1:], ana)
        act(early, "acknowledge", ana)
        act(late, "acknowledge", ana)
        now.move(599)
        bulk.undo(early.pk, ana)
        with pytest.raises(DoneBeforeError, match="was undone before"):
            bulk.undo(early.pk, ana)
        now.move(1)
        with pytest.raises(NotNowError, match="10 minutes at most"):
            bulk.undo(late.pk, ana)
    assert dict(ExceptionCase.objects.values_list("pk", "state")) == {
        cases[0].pk: "new", cases[1].pk: "open",
    }  # fmt: skip


def test_a_long_list_is_done_in_its_lane(harbor, ana):
    cases = [make(harbor.shop, f"case {n}") for n in range(120)]
    found = frozen(cases, ana)
    bulk.act(found.pk, "tag", {"add": ["promo"]}, person=ana, shown=found.digest)
    assert not ExceptionCase.objects.filter(tags=["promo"]).exists()
    turn = tasks.bulk_lane(str(found.pk))
    assert (turn.done, turn.next_due is None) == (100, False)
    turn = tasks.bulk_lane(str(found.pk))
    assert (turn.done, turn.next_due is None) == (20, False)
    turn = tasks.bulk_lane(str(found.pk))
    assert (turn.done, turn.next_due) == (0, None)
    assert BulkAction.objects.get().state == "done"
    assert ExceptionCase.objects.filter(tags=["promo"]).count() == 120


def test_a_list_that_breaks_our_code_ends_and_says_so(harbor, ana):
    cases = [make(harbor.shop, f"case {n}") for n in range(51)]
    found = frozen(cases, ana)
    bulk.act(found.pk, "tag", {"add": ["promo"]}, person=ana, shown=found.digest)
    BulkAction.objects.update(terms={"add": [1]})  # no tag is a number
    tasks.bulk_lane(str(found.pk))
    tasks.bulk_lane(str(found.pk))
    assert BulkAction.objects.get().state == "done"
    assert set(outcomes(found)) == {("refused", tasks.STOPPED)}


@pytest.mark.parametrize(
    ("verb", "terms"),
    [
        ("acknowledge", {}),
        ("assign", {}),
        ("tag", {"add": ["promo"]}),
        ("wait", {"on": "customer", "reason": "asked"}),
        ("snooze", {"until": (clock.now() + timedelta(days=30)).isoformat(), "reason": ""}),
    ],
)
def test_many_cases_take_as_many_queries_as_few(harbor, ana, verb, terms):
    cases = several(harbor, 6)
    ExceptionCase.objects.update(assignee=ana)
    counts = []
    for some in (cases[:2], cases[2:]):
        found = frozen(some, ana)
        with CaptureQueriesContext(connection) as done:
            act(found, verb, ana, **terms)
        with CaptureQueriesContext(connection) as undone:
            bulk.undo(found.pk, ana)
        assert {outcome for outcome, _ in outcomes(found)} == {"undone"}
        counts.append((len(done), len(undone)))
    assert counts[0] == counts[1]
