"""A customer's own pages: what waits for their answer, what they were told, and whose nobody answers."""

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.db import ProgrammingError, connection, transaction
from django.test.utils import CaptureQueriesContext

from monitoring.domain import closing, own_answer, questions, states
from monitoring.domain.answers import Given
from monitoring.models import CaseQuestion, Fix
from portal import env
from portal.accounts.models import Person
from portal.core import clock
from portal.core.links import NoLinkError
from portal.env import CUSTOMER_ROLE
from portal.tenants.rows import limited_to_customer
from tests.monitoring.asking import NO, TEXT, YES, ask, told
from tests.monitoring.conftest import hold
from tests.monitoring.lanes import settle
from tests.pages.scenery import page, texts
from tests.people import sign_in

pytestmark = pytest.mark.db


@pytest.fixture
def case(harbor):
    return hold(harbor, "1001", "1002")


@pytest.fixture
def jo(viewer):
    return Person.objects.get(email="viewer@kestrel.test")


def nav(shown):
    return texts(shown, "nav.tabs a")


def test_what_waits_for_an_answer_stands_first(viewer, case, ana):
    assert nav(page(viewer.get("/questions/")))[6] == "Questions"
    question, _ = ask(case, ana)
    shown = page(viewer.get("/questions/"))
    assert texts(shown, "h1") == ["We need your answer"]
    assert texts(shown, ".portal-lead") == [
        "1 question waits for you. Answer here, or by the link we sent."
    ]
    assert texts(shown, ".asked h2") == [TEXT]
    assert texts(shown, ".asked > p")[0] == "2 orders wait for this."
    assert shown.select_one(".asked form")["action"] == f"/questions/{question.pk}/answer/"
    assert nav(shown)[6] == "Questions 1"
    assert texts(shown, ".questions .status") == ["waits for you"]


def test_no_name_of_ours_reaches_them_with_the_question(viewer, case, ana):
    ask(case, ana, email="someone@harbor.test")
    text = str(page(viewer.get("/questions/")).main)
    for inner in ("unknown_sku", "lookup", "added to", "someone@harbor.test", "C-"):
        assert inner not in text


def test_an_answer_goes_the_way_of_one_by_the_link(viewer, case, ana, sink):
    question, token = ask(case, ana)
    answer = viewer.post(f"/questions/{question.pk}/answer/", {"choice": "0", "by": "Nobody"})
    assert (answer.status_code, answer.url) == (302, "/questions/")
    shown = page(viewer.get("/questions/"))
    assert texts(shown, ".toast")[0].startswith("Thank you. Your answer is tried on 2 orders now.")
    assert texts(shown, ".asked") == []
    assert nav(shown)[6] == "Questions"
    question.refresh_from_db()
    assert (question.answer, question.answered_by) == ("Yes", "Viewer")
    assert settle(question.fix).state == "done"
    with pytest.raises(questions.LinkOverError):
        questions.find(token)


def test_a_second_answer_is_told_that_there_was_one(viewer, case, ana):
    question, token = ask(case, ana)
    questions.answer(token, Given(choice=1))
    answer = viewer.post(f"/questions/{question.pk}/answer/", {"choice": "0"}, follow=True)
    assert texts(page(answer), ".toast")[0].startswith("It was answered already")
    assert CaseQuestion.objects.get().answer == "No"


@pytest.mark.parametrize("given", [{}, {"choice": "9"}, {"choice": "x"}, {"choice": ""}])
def test_what_is_no_answer_stands_where_it_happened_with_what_was_typed(viewer, case, ana, given):
    question, _ = ask(case, ana)
    answer = viewer.post(f"/questions/{question.pk}/answer/", {**given, "remark": "Green"})
    assert answer.status_code == 422
    shown = BeautifulSoup(answer.content, "html.parser")
    assert len(shown.select(".asked [role=alert]")) == 1
    assert shown.select_one(f"#id_{question.pk}_remark").text.strip() == "Green"
    assert CaseQuestion.objects.get().answered_at is None


def test_nobody_answers_another_customers_question(viewer, maris, ana):
    other = hold(maris, "9001", sku="MARIS-ONLY")
    question, _ = ask(other, ana, options=[NO, {**NO, "label": "Never"}], text="Is it MARIS-ONLY?")
    assert b"MARIS-ONLY" not in viewer.get("/questions/").content
    answer = viewer.post(f"/questions/{question.pk}/answer/", {"choice": "0"})
    assert answer.status_code == 404
    assert b"MARIS-ONLY" not in answer.content
    question.refresh_from_db()
    assert (question.answered_at, question.tries) == (None, 0)
    assert told(other, "answered") == []


@pytest.mark.parametrize("number", ["0", "999999", "9223372036854775807"])
def test_a_number_nobody_asked_under_is_not_found(viewer, case, ana, number):
    ask(case, ana)
    assert viewer.post(f"/questions/{number}/answer/", {"choice": "0"}).status_code == 404
    assert CaseQuestion.objects.get().answered_at is None


def test_a_number_too_large_for_the_database_is_not_found(viewer, case, ana):
    ask(case, ana)
    assert viewer.post(f"/questions/{2**63}/answer/", {"choice": "0"}).status_code == 404


def test_the_verb_asks_once_more_whose_question_it_is(case, ana, kestrel):
    question, _ = ask(case, ana)
    with pytest.raises(NoLinkError):
        questions.answer_own(question.pk, Given(choice=0), customer_id=kestrel.maris)
    assert CaseQuestion.objects.get().answered_at is None


def test_what_the_row_limit_hides_is_not_answered(case, ana, jo, kestrel):
    question, _ = ask(case, ana)
    with limited_to_customer(kestrel.maris), pytest.raises(NoLinkError):
        own_answer.answer(question.pk, Given(choice=0), person=jo)
    assert CaseQuestion.objects.get().answered_at is None


def test_staff_do_not_answer_for_a_customer(operator, case, ana):
    question, _ = ask(case, ana)
    assert operator.post(f"/questions/{question.pk}/answer/", {"choice": "0"}).status_code == 403
    with pytest.raises(NoLinkError):
        own_answer.answer(question.pk, Given(choice=0), person=ana)


def test_without_the_verb_the_database_lets_a_customer_change_no_question(case, ana):
    question, _ = ask(case, ana)
    with (
        limited_to_customer(case.customer_id),
        pytest.raises(ProgrammingError, match="permission denied"),
        transaction.atomic(),
    ):
        CaseQuestion.objects.filter(pk=question.pk).update(answer="Yes")


def test_after_the_verb_the_limit_holds_again(case, ana, jo):
    question, _ = ask(case, ana)
    with limited_to_customer(case.customer_id):
        own_answer.answer(question.pk, Given(choice=1), person=jo)
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_user, current_setting('crossdock.customer')")
            assert cursor.fetchone() == (CUSTOMER_ROLE, f"kestrel/{case.customer_id}")


def test_after_a_refused_verb_the_limit_holds_again(case, ana, jo):
    question, _ = ask(case, ana)
    with limited_to_customer(case.customer_id):
        with pytest.raises(questions.UnfitAnswerError):
            own_answer.answer(question.pk, Given(choice=9), person=jo)
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_user")
            assert cursor.fetchone() == (CUSTOMER_ROLE,)


def test_the_limit_is_lifted_in_these_places_and_in_no_other():
    lifted = {
        str(file.relative_to(env.ROOT))
        for folder in ("portal", "integrations", "monitoring", "billing")
        for file in (env.ROOT / folder).rglob("*.py")
        if "beyond_limit()" in file.read_text() or "lift_limit()" in file.read_text()
    }
    assert lifted == {
        "portal/tenants/letterhead.py",
        "portal/tenants/rows.py",
        "portal/accounts/domain/own_people.py",
        "portal/accounts/domain/mails.py",
        "portal/tenants/mailing/sending.py",
        "portal/tenants/limited.py",
        "portal/accounts/domain/limits.py",
        "portal/pages/views/join.py",
        "portal/api/idempotency.py",
        "portal/api/resources/hub_orders.py",
        "integrations/domain/applications.py",
        "portal/webhooks/domain/feed.py",
        "portal/webhooks/domain/outbox.py",
        "portal/webhooks/domain/wanted.py",
        "portal/pages/views/brand_files.py",
        "portal/accounts/views/authenticator.py",
        "portal/accounts/views/confirmed.py",
        "portal/accounts/views/forgot.py",
        "portal/accounts/views/login.py",
        "portal/accounts/views/login_with.py",
        "portal/accounts/languages.py",
        "portal/tenants/languages.py",
        "portal/tenants/flags.py",
        "portal/accounts/domain/changing.py",
        "portal/accounts/domain/leaving.py",
        "portal/pages/views/person_facts.py",
        "portal/pages/views/tokens.py",
        "portal/privacy/domain/retention.py",
        "portal/accounts/views/passkeys.py",
        "portal/accounts/views/security.py",
        "portal/accounts/views/sessions.py",
        "portal/audit/domain/chaining.py",
        "portal/support/domain/consent.py",
        "portal/support/domain/deciding.py",
        "portal/support/middleware.py",
        "portal/pages/views/support.py",
        "portal/pages/views/site.py",
        "billing/domain/accounts.py",
        "billing/domain/numbers.py",
        "billing/domain/own_bills.py",
        "billing/domain/wholesale_prices.py",
        "portal/pages/views/domains.py",
        "integrations/queries/own_find.py",
        "integrations/domain/discover.py",
        "integrations/domain/file_tables.py",
        "integrations/domain/drift.py",
        "integrations/domain/history.py",
        "integrations/domain/rerun.py",
        "integrations/domain/resource_calls.py",
        "integrations/queries/documents.py",
        "integrations/queries/pauses.py",
        "monitoring/domain/foreseeing.py",
        "monitoring/domain/own_answer.py",
        "monitoring/domain/own_notifications.py",
        "monitoring/domain/own_question.py",
        "monitoring/views/alert_link.py",
        "monitoring/views/answering.py",
        "monitoring/views/unsubscribe.py",
    }


def test_what_they_were_told_stands_there_and_what_colleagues_wrote_does_not(viewer, case, maris):
    states.comment(case, text="We asked your warehouse.", actor="Ana", for_customer=True)
    states.comment(case, text="Their list is a mess.", actor="Ana")
    other = hold(maris, "9001", sku="MARIS-ONLY")
    states.comment(other, text="For Maris.", actor="Ana", for_customer=True)
    shown = page(viewer.get("/questions/"))
    assert texts(shown, ".activity li span") == [
        "We asked your warehouse. Item TENT-OLD is not in your item list"
    ]
    assert "Their list" not in shown.text
    assert "For Maris" not in shown.text


def test_what_is_over_or_closed_needs_no_answer_any_more(viewer, case, ana, harbor):
    ask(case, ana)
    other = hold(harbor, "1003", sku="OTHER")
    ask(other, ana, options=[NO, {**NO, "label": "Never"}])
    CaseQuestion.objects.filter(case=other).update(expires_at=clock.now() - timedelta(seconds=1))
    closing.close([case.pk], cause="mended", actor="Ana")
    shown = page(viewer.get("/questions/"))
    assert texts(shown, ".asked") == []
    assert texts(shown, "h1") == ["We are looking into one thing"]


def test_hostile_words_are_text_for_customers(viewer, case, ana):
    hostile = "<img src=x>"
    ask(case, ana, text=hostile, options=[{**YES, "label": hostile}, NO])
    states.comment(case, text=hostile, actor="Ana", for_customer=True)
    answer = viewer.get("/questions/")
    assert b"<img" not in answer.content
    assert texts(page(answer), ".asked-answers button")[0] == hostile


def test_three_questions_ask_no_more_queries_than_one(viewer, harbor, case, ana):
    ask(case, ana)
    states.comment(case, text="One", actor="Ana", for_customer=True)
    viewer.get("/questions/")
    with CaptureQueriesContext(connection) as one:
        viewer.get("/questions/")
    for number, sku in (("1003", "B"), ("1004", "C")):
        more = hold(harbor, number, sku=sku)
        ask(more, ana, options=[NO, {**NO, "label": "Never"}])
        states.comment(more, text="More", actor="Ana", for_customer=True)
    with CaptureQueriesContext(connection) as three:
        viewer.get("/questions/")
    assert len(three) == len(one)


def test_only_customers_have_that_address(case, ana, kestrel, stranger):
    question, _ = ask(case, ana)
    client = sign_in(kestrel, "finance")
    assert client.post(f"/questions/{question.pk}/answer/", {"choice": "0"}).status_code == 403
    case.refresh_from_db()
    assert case.state == "waiting"
    assert not Fix.objects.exists()
    assert stranger.post(f"/questions/{question.pk}/answer/", {"choice": "0"}).status_code == 403
