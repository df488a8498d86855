"""A question to the customer: asked, answered once, applied after a dry run, taken back, forgotten."""

from datetime import datetime, timedelta

import pytest

from integrations.models import LookupRow, Record
from monitoring import tasks
from monitoring.domain import clocks, closing, joining, leases, questions, states
from monitoring.domain.answers import Given
from monitoring.domain.deeds import NotDoneError
from monitoring.domain.leases import HeldError
from monitoring.domain.questions import UnfitAnswerError
from monitoring.domain.states import NotNowError
from monitoring.models import CaseQuestion, CaseSpan, Fix
from portal.accounts.models import Person
from portal.core import clock, links
from portal.core.links import LinkOverError, NoLinkError
from tests import pipeline
from tests.monitoring.asking import NO, TEXT, YES, ask, told
from tests.monitoring.conftest import hold
from tests.monitoring.lanes import settle

pytestmark = pytest.mark.db
MONDAY = datetime.fromisoformat("2026-03-02T09:00:00+00:00")


@pytest.fixture
def case(harbor):
    return hold(harbor, "1001", "1002")


def test_asking_takes_the_case_and_lets_it_wait_on_the_customer(case, ana):
    question, _ = ask(case, ana)
    case.refresh_from_db()
    assert (case.state, case.waiting_on, case.waiting_reason) == (
        "waiting", "customer", f"asked: {TEXT}",
    )  # fmt: skip
    assert leases.of([case.pk])[case.pk].person == ana
    assert (question.asked_by, question.customer_id) == ("Operator", case.customer_id)
    assert told(case, "wait") == [("Operator", f"Waits on the customer: asked: {TEXT}")]


def test_the_clock_stands_until_the_answer(harbor, ana):
    with clock.freeze(MONDAY) as now:
        case = hold(harbor, "1001")
        _, token = ask(case, ana)
        now.move(3 * 3600)
        questions.answer(token, Given(choice=1))
        case.refresh_from_db()
        assert (case.state, case.waiting_on) == ("open", "")
        now.move(1800)
        [found] = clocks.of([case])
    assert (found.shares.us, found.shares.customer) == (30, 180)
    assert list(CaseSpan.objects.values_list("party", flat=True)) == ["us", "customer", "us"]


def test_a_yes_that_passes_everywhere_goes_by_itself(case, ana, sink):
    question, token = ask(case, ana)
    questions.answer(token, Given(choice=0, by="Jo Reyes"))
    question.refresh_from_db()
    fix = settle(question.fix)
    assert (fix.state, fix.closed_case, fix.person_name) == ("done", True, "Harbor Outfitters")
    assert sorted(order["number"] for order in sink.taken) == ["1001", "1002"]
    assert (question.answer, question.answered_by) == ("Yes", "Jo Reyes")
    assert told(case, "answered") == [
        ("Jo Reyes of Harbor Outfitters", f"Answered “Yes” to “{TEXT}”")
    ]
    case.refresh_from_db()
    assert case.resolution == "TENT-OLD → TENT-2P added to lookup sku"


def test_what_would_fail_comes_back_to_the_desk_with_the_dry_runs_words(harbor, ana, sink):
    case = hold(harbor, "1001")
    body = pipeline.order("1002", sku="TENT-OLD")
    body["lines"].append({**body["lines"][0], "line_no": "2", "sku": "GONE-1"})
    pipeline.store(harbor.shop, body)
    pipeline.run(harbor.customer_id)
    question, token = ask(case, ana)
    questions.answer(token, Given(choice=0))
    question.refresh_from_db()
    fix = settle(question.fix)
    assert (fix.state, sink.taken) == ("checked", [])
    assert fix.trouble == (
        "Not sent by itself. Dry run of TENT-OLD → TENT-2P added to lookup sku: 1 pass, 1 fail"
    )
    assert told(case, "dry_run")[0][1].endswith("1 pass, 1 fail")
    assert not LookupRow.objects.filter(code="TENT-OLD").exists()
    case.refresh_from_db()
    assert case.state == "open"


def test_a_person_looks_at_a_no_and_nothing_is_tried(case, ana):
    question, token = ask(case, ana)
    questions.answer(token, Given(choice=1))
    question.refresh_from_db()
    case.refresh_from_db()
    assert (question.answer, question.fix, case.state) == ("No", None, "open")
    assert told(case, "answered", "take_up") == [
        ("Harbor Outfitters", f"Answered “No” to “{TEXT}”"),
        ("Harbor Outfitters", "Taken up again: the customer answered"),
    ]
    assert not Fix.objects.exists()


def test_an_answer_in_words_is_for_a_person(case, ana):
    _, token = ask(case, ana, form="text", options=[])
    questions.answer(token, Given(text=" It is the two-person tent. "))
    assert told(case, "answered") == [
        ("Harbor Outfitters", "Answered “It is the two-person tent.”")
    ]
    assert not Fix.objects.exists()


def test_with_a_remark_it_is_tried_and_waits_for_whoever_reads_it(case, ana, sink):
    question, token = ask(case, ana)
    questions.answer(token, Given(choice=0, remark="Only the green ones."))
    question.refresh_from_db()
    fix = settle(question.fix)
    assert (fix.state, fix.trouble, sink.taken) == ("checked", "", [])
    assert told(case, "comment") == [("Harbor Outfitters", "Only the green ones.")]


def test_of_two_questions_the_second_takes_the_first_back(case, ana):
    first, old = ask(case, ana)
    second, new = ask(case, ana, text="Is it the green one?")
    first.refresh_from_db()
    assert (first.revoked_at is None, second.revoked_at) == (False, None)
    assert told(case, "taken_back") == [("Operator", f"Took back “{TEXT}”: another was asked")]
    with pytest.raises(LinkOverError, match="Operator does not need this answer any more"):
        questions.answer(old, Given(choice=0))
    case.refresh_from_db()
    assert (case.state, case.waiting_reason) == ("waiting", "asked: Is it the green one?")
    assert questions.find(new) == second


def test_a_link_is_used_once(case, ana):
    _, token = ask(case, ana)
    questions.answer(token, Given(choice=1))
    with pytest.raises(LinkOverError, match="answered already: the link works once. To change"):
        questions.answer(token, Given(choice=0))
    assert CaseQuestion.objects.get().answer == "No"
    assert not Fix.objects.exists()


@pytest.mark.parametrize("change", ["x{}", "{}x", "nonsense", "{}:{}"])
def test_a_forged_link_finds_nothing(case, ana, change):
    _, token = ask(case, ana)
    with pytest.raises(NoLinkError):
        questions.answer(change.format(token, token), Given(choice=0))
    assert CaseQuestion.objects.get().answered_at is None


def test_a_signed_token_that_was_never_given_out_finds_nothing(case, ana):
    with pytest.raises(NoLinkError):
        questions.find(links.new_token("monitoring.questions"))


def test_a_key_link_is_no_answer_link(case, ana):
    with pytest.raises(NoLinkError):
        questions.find(links.new_token("integrations.secret_links"))


def test_the_database_and_the_log_of_the_case_hold_no_token(case, ana):
    _, token = ask(case, ana, email="jo@harbor.test")
    questions.answer(token, Given(choice=1))
    rows = str(list(CaseQuestion.objects.values())) + str(list(case.events.values()))
    assert token not in rows
    assert token.partition(":")[0] not in rows


def test_unanswered_in_time_the_case_is_taken_up_by_itself(harbor, ana):
    with clock.freeze(MONDAY) as now:
        case = hold(harbor, "1001")
        _, token = ask(case, ana, lasts=timedelta(days=1))
        now.move(24 * 3600 - 1)
        tasks.desk_lane("")
        case.refresh_from_db()
        assert case.state == "waiting"
        now.move(1)
        tasks.desk_lane("")
        case.refresh_from_db()
        assert (case.state, case.resolve_due is None) == ("open", False)
        assert told(case, "take_up") == [("", f"No answer came in time to “{TEXT}”")]
        with pytest.raises(LinkOverError, match="time for this answer is over. Ask Operator for"):
            questions.answer(token, Given(choice=0))
        assert questions.expire() == 0


def test_a_case_somebody_took_up_meanwhile_is_only_told_that_no_answer_came(harbor, ana):
    with clock.freeze(MONDAY) as now:
        case = hold(harbor, "1001")
        ask(case, ana)
        states.take_up(case.pk, actor="Ana")
        states.wait(case.pk, on="third_party", reason="the ERP's vendor", actor="Ana")
        now.move(3 * 24 * 3600)
        assert questions.expire() == 1
    case.refresh_from_db()
    assert (case.state, case.waiting_on) == ("waiting", "third_party")
    assert told(case, "unanswered") == [("", f"No answer came in time to “{TEXT}”")]


def test_an_answer_takes_a_snoozed_case_up_and_leaves_a_third_partys_turn(harbor, ana):
    snoozed, third = hold(harbor, "1001"), hold(harbor, "1002", sku="OTHER")
    tokens = [
        ask(case, ana, options=[NO, {**NO, "label": "Never"}])[1] for case in (snoozed, third)
    ]
    states.snooze(snoozed.pk, until=clock.now() + timedelta(hours=2), reason="", actor="Ana")
    states.wait(third.pk, on="third_party", reason="the vendor", actor="Ana")
    for token in tokens:
        questions.answer(token, Given(choice=0))
    snoozed.refresh_from_db()
    third.refresh_from_db()
    assert (snoozed.state, third.state, third.waiting_on) == ("open", "waiting", "third_party")


def test_taken_back_by_a_person_the_case_is_taken_up_again(case, ana):
    question, token = ask(case, ana)
    assert questions.revoke(question.pk, by="Ana") is True
    assert questions.revoke(question.pk, by="Ana") is False
    case.refresh_from_db()
    assert case.state == "open"
    assert told(case, "take_up") == [("Ana", f"Took back “{TEXT}”")]
    with pytest.raises(LinkOverError):
        questions.find(token)


def test_an_answer_after_the_case_was_closed_is_recorded_and_changes_nothing(case, ana):
    question, token = ask(case, ana)
    closing.close([case.pk], cause="mended elsewhere", actor="Ana")
    questions.answer(token, Given(choice=0))
    question.refresh_from_db()
    case.refresh_from_db()
    assert (question.answer, question.fix, case.state) == ("Yes", None, "resolved")
    assert told(case, "answered") == [("Harbor Outfitters", f"Answered “Yes” to “{TEXT}”")]
    assert not LookupRow.objects.filter(code="TENT-OLD").exists()


def test_the_answer_of_a_merged_case_stands_in_the_case_it_is_part_of(harbor, case, ana):
    other = hold(harbor, "1003", sku="OLD-3")
    _, token = ask(case, ana)
    joining.merge(case.pk, other.pk, actor="Ana")
    questions.answer(token, Given(choice=0))
    assert told(other, "answered") == [("Harbor Outfitters", f"Answered “Yes” to “{TEXT}”")]
    assert not Fix.objects.exists()


def test_an_answer_that_cannot_be_applied_says_why_and_the_case_is_on_the_desk(case, ana):
    _, token = ask(case, ana)
    Fix.objects.create(
        case=case, remedy="retry", words="Replayed as it is", state="replaying", person_name="Ben"
    )
    questions.answer(token, Given(choice=0))
    case.refresh_from_db()
    assert case.state == "open"
    assert told(case, "not_applied") == [
        (
            "",
            "The answer was not applied: Ben is at it: Replayed as it is, replaying. First wait for its end.",
        )
    ]


def test_ten_answers_that_fit_nothing_end_the_link(case, ana):
    _, token = ask(case, ana)
    for _ in range(10):
        with pytest.raises(UnfitAnswerError, match="Choose one of the answers"):
            questions.answer(token, Given(choice=7))
    with pytest.raises(LinkOverError):
        questions.answer(token, Given(choice=0))
    case.refresh_from_db()
    assert case.state == "open"
    assert told(case, "take_up") == [("", f"Took back “{TEXT}”: 10 answers fitted nothing")]


@pytest.mark.parametrize("given", [Given(), Given(choice=-1), Given(choice=2), Given(text="Yes")])
def test_what_is_no_option_is_no_answer(case, ana, given):
    _, token = ask(case, ana)
    with pytest.raises(UnfitAnswerError):
        questions.answer(token, given)
    assert CaseQuestion.objects.get().tries == 1


@pytest.mark.parametrize("text", ["", "   ", "x" * 401])
def test_an_answer_in_words_has_some_and_not_too_many(case, ana, text):
    _, token = ask(case, ana, form="text", options=[])
    with pytest.raises(UnfitAnswerError, match="400 characters"):
        questions.answer(token, Given(text=text))


def terms(**changed):
    return {**YES, "terms": {**YES["terms"], **changed}}


@pytest.mark.parametrize(
    ("form", "options", "why"),
    [
        ("yes_no", [YES], "has 2 answers"),
        ("choice", [YES], "has 2 to 6 answers"),
        ("text", [YES, NO], "has 0 answers"),
        ("yes_no", [YES, {**NO, "label": " "}], "Each answer has words"),
        ("yes_no", [YES, {**NO, "label": "yes"}], "say the same"),
        ("yes_no", [{**YES, "remedy": "edit"}, NO], "cannot do this: edit"),
        ("yes_no", [{**YES, "remedy": "mapping"}, NO], "cannot do this: mapping"),
        ("yes_no", [terms(value=3), NO], "does not say what it does"),
        ("yes_no", [terms(more="x"), NO], "does not say what it does"),
        ("yes_no", [{**NO, "remedy": "skip", "terms": {"reason": " "}}, YES], "Say why"),
    ],
)
def test_answers_that_cannot_be_right_are_refused_before_anything_is_asked(
    case, ana, form, options, why
):
    with pytest.raises(NotDoneError, match=why):
        ask(case, ana, form=form, options=options)
    assert not CaseQuestion.objects.exists()
    case.refresh_from_db()
    assert case.state == "new"


def test_a_value_that_is_no_product_is_refused_before_anybody_is_asked(harbor, case, ana):
    harbor.table.default = "master"
    harbor.table.save()
    with pytest.raises(NotDoneError, match="is no product"):
        ask(case, ana, options=[terms(value="NOTHING"), NO])
    assert Record.objects.filter(object_type="product").count() == 0


@pytest.mark.parametrize("days", [0, 15])
def test_a_question_lasts_from_one_day_to_fourteen(case, ana, days):
    with pytest.raises(ValueError, match="one day to fourteen"):
        ask(case, ana, lasts=timedelta(days=days))


def test_nobody_asks_in_a_case_that_another_has_or_that_is_closed(case, ana, engineer):
    leases.take(case.pk, Person.objects.get(email="engineer@kestrel.test"))
    with pytest.raises(HeldError):
        ask(case, ana)
    closing.close([case.pk], cause="mended", actor="Ana")
    with pytest.raises(NotNowError):
        ask(case, ana)
    assert not CaseQuestion.objects.exists()
