"""The page a question's link opens: for anybody, once, in the partner's brand."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from monitoring.domain import closing, questions
from monitoring.models import CaseQuestion, Fix
from portal.core import clock
from portal.core.redact import redact_text
from portal.customers.models import Customer
from portal.env import CUSTOMER_ROLE
from tests.monitoring.asking import NO, TEXT, YES, ask, told
from tests.monitoring.conftest import hold
from tests.pages.scenery import texts
from tests.people import sign_in

pytestmark = pytest.mark.db


@pytest.fixture
def case(harbor):
    return hold(harbor, "1001", "1002", "1003")


@pytest.fixture
def token(case, ana):
    return ask(case, ana)[1]


@pytest.fixture
def browser(kestrel):
    return Client(HTTP_HOST=kestrel.host)


def main(answer: Any) -> Any:
    return BeautifulSoup(answer.content, "html.parser").main


def test_it_asks_in_plain_words_and_says_what_waits(browser, token):
    answer = browser.get(f"/ask/{token}/")
    page = main(answer)
    assert answer.status_code == 200
    assert texts(page, "h1") == [TEXT]
    assert texts(page, ".asked > p")[0] == "3 orders wait for this."
    assert texts(page, ".asked-answers button") == ["Yes", "No"]
    assert texts(page, "p.second")[0] == "A question for Harbor Outfitters"
    assert texts(page, "p.second")[-1].startswith("Operator asks. You can answer once, until")


def test_its_end_is_said_in_the_customers_zone(browser, token, case):
    CaseQuestion.objects.update(expires_at=datetime(2026, 3, 4, 8, 48, tzinfo=UTC))
    Customer.objects.filter(pk=case.customer_id).update(time_zone="America/Los_Angeles")
    with clock.freeze(datetime(2026, 3, 2, tzinfo=UTC)):
        page = main(browser.get(f"/ask/{token}/"))
    assert texts(page, "p.second")[-1] == (
        "Operator asks. You can answer once, until Wed 4 Mar 00:48 PST."
    )


def test_looking_changes_nothing_but_when_it_was_first_opened(browser, token, case):
    before = list(case.events.values())
    browser.get(f"/ask/{token}/")
    first = CaseQuestion.objects.get().opened_at
    assert first is not None
    browser.get(f"/ask/{token}/")
    question = CaseQuestion.objects.get()
    assert (question.opened_at, question.answered_at, question.tries) == (first, None, 0)
    assert list(case.events.values()) == before


def test_it_is_the_partners_page_and_names_nobody_else(browser, token):
    answer = browser.get(f"/ask/{token}/")
    assert b"Kestrel Point" in answer.content
    assert b"rossdock" not in answer.content
    for inner in (b"unknown_sku", b"C-", b"Web shop", b"lookup", b"operator@kestrel.test"):
        assert inner not in main(answer).encode()


def test_nobody_keeps_finds_or_is_told_the_address(browser, token):
    for answer in (browser.get(f"/ask/{token}/"), browser.get(f"/ask/{token}x/")):
        assert answer["Cache-Control"] == "no-store"
        assert answer["Referrer-Policy"] == "same-origin"
        assert answer["X-Robots-Tag"] == "noindex"


def test_an_answer_says_what_happens_now_and_uses_the_link_up(browser, token, case):
    answer = browser.post(f"/ask/{token}/", {"choice": "0", "by": "Jo Reyes"})
    page = main(answer)
    assert texts(page, "h1") == ["Thank you"]
    assert texts(page, "p")[:2] == [
        "Your answer: Yes",
        "Your answer is tried on 3 orders now. If all of it passes, it goes on by itself within"
        " minutes; if not, Operator looks at it.",
    ]
    assert Fix.objects.get().at_once is True
    again = browser.post(f"/ask/{token}/", {"choice": "1"})
    assert again.status_code == 410
    assert "It was answered already: the link works once. To change the answer, ask Operator." in (
        main(again).text
    )
    assert CaseQuestion.objects.get().answer == "Yes"


@pytest.mark.parametrize(
    ("given", "then"),
    [
        ({"choice": "1"}, "Operator has your answer and goes on with it."),
        ({"choice": "0", "remark": "Green"}, "Operator reads your remark, then it goes on."),
    ],
)
def test_what_happens_then_is_said_as_it_is(browser, token, given, then):
    assert texts(main(browser.post(f"/ask/{token}/", given)), "p")[1] == then


def test_an_answer_in_words(browser, case, ana):
    _, token = ask(case, ana, form="text", options=[])
    page = main(browser.get(f"/ask/{token}/"))
    assert len(page.select("textarea[name=text]")) == 1
    assert texts(page, "button.primary") == ["Send the answer"]
    empty = browser.post(f"/ask/{token}/", {"text": " "})
    assert empty.status_code == 422
    assert texts(main(empty), "[role=alert]") == ["Write an answer of 400 characters at most."]
    answer = browser.post(f"/ask/{token}/", {"text": "The two-person one"})
    assert texts(main(answer), "p")[0] == "Your answer: The two-person one"


def test_a_field_left_with_enter_chooses_nothing_and_keeps_what_was_typed(browser, token):
    first = main(browser.get(f"/ask/{token}/")).select("form button")[0]
    assert (first["name"], first["value"], first.has_attr("hidden")) == ("choice", "", True)
    answer = browser.post(f"/ask/{token}/", {"choice": "", "by": "Jo Reyes"})
    assert answer.status_code == 422
    page = main(answer)
    assert texts(page, "[role=alert]") == ["Choose one of the answers."]
    assert page.select_one("input[name=by]")["value"] == "Jo Reyes"
    assert page.select_one("details").has_attr("open")
    assert CaseQuestion.objects.get().answered_at is None


@pytest.mark.parametrize("given", [{"choice": "x"}, {"choice": "-1"}, {"choice": "99"}, {}])
def test_nonsense_is_refused_and_answers_nothing(browser, token, given):
    assert browser.post(f"/ask/{token}/", given).status_code == 422
    assert CaseQuestion.objects.get().answered_at is None


def test_what_is_over_says_why_and_whom_to_ask(browser, token, case, ana):
    question = CaseQuestion.objects.get()
    CaseQuestion.objects.update(expires_at=clock.now() - timedelta(seconds=1))
    answer = browser.get(f"/ask/{token}/")
    assert answer.status_code == 410
    assert texts(main(answer), "p") == [
        "The time for this answer is over. Ask Operator for a new link."
    ]
    questions.expire()
    assert browser.post(f"/ask/{token}/", {"choice": "0"}).status_code == 410
    CaseQuestion.objects.update(lapsed_at=None, expires_at=clock.now() + timedelta(days=1))
    questions.revoke(question.pk, by="Ana")
    answer = browser.get(f"/ask/{token}/")
    assert answer.status_code == 410
    assert "Operator does not need this answer any more" in main(answer).text
    assert not Fix.objects.exists()


@pytest.mark.parametrize("change", ["x{}", "{}x", "nonsense", "a:b"])
def test_a_forged_link_says_that_it_does_not_work(browser, token, change):
    for answer in (
        browser.get(f"/ask/{change.format(token)}/"),
        browser.post(f"/ask/{change.format(token)}/", {"choice": "0"}),
    ):
        assert answer.status_code == 404
        assert texts(main(answer), "h1") == ["This link does not work"]
        assert TEXT not in answer.text
    assert CaseQuestion.objects.get().answered_at is None


def test_at_another_partners_address_the_link_is_none(token, kestrel, aurora):
    elsewhere = Client(HTTP_HOST=aurora.host)
    assert elsewhere.get(f"/ask/{token}/").status_code == 404
    assert elsewhere.post(f"/ask/{token}/", {"choice": "0"}).status_code == 404


def test_after_the_case_was_closed_they_are_thanked(browser, token, case):
    closing.close([case.pk], cause="mended elsewhere", actor="Ana")
    assert "has gone on meanwhile" in main(browser.get(f"/ask/{token}/")).text
    answer = browser.post(f"/ask/{token}/", {"choice": "0"})
    assert texts(main(answer), "p")[1] == "It was solved meanwhile, so nothing else has to happen."
    assert not Fix.objects.exists()


def test_who_is_signed_in_as_another_customer_answers_by_the_link_all_the_same(
    token, kestrel, case
):
    """The link is the right to answer; the row limit is back after it."""
    client = sign_in(kestrel, "viewer", customer_id=kestrel.maris)
    assert client.get(f"/ask/{token}/").status_code == 200
    with CaptureQueriesContext(connection) as asked:
        assert client.post(f"/ask/{token}/", {"choice": "1"}).status_code == 200
    assert told(case, "answered") == [("Harbor Outfitters", f"Answered “No” to “{TEXT}”")]
    roles = [q["sql"] for q in asked if "set_config('role'" in q["sql"]]
    limited = [CUSTOMER_ROLE in sql for sql in roles]
    assert limited[0]
    assert limited[-2:] == [True, False]  # once it is answered; and when the request is over


def test_hostile_words_are_text(browser, case, ana):
    hostile = "<img src=x onerror=alert(1)>"
    options = [{**YES, "label": f"{hostile}1"}, {**NO, "label": f"{hostile}2"}]
    _, token = ask(case, ana, text=f"{hostile}?", options=options)
    answer = browser.get(f"/ask/{token}/")
    assert b"<img" not in answer.content
    assert texts(main(answer), ".asked-answers button") == [f"{hostile}1", f"{hostile}2"]
    done = browser.post(f"/ask/{token}/", {"choice": "1", "by": hostile, "remark": hostile})
    assert b"<img" not in done.content
    assert told(case, "comment") == [(f"{hostile} of Harbor Outfitters", hostile)]


def test_nobody_passes_for_one_of_the_partners_people(browser, token, case, operator):
    browser.post(f"/ask/{token}/", {"choice": "1", "by": "Operator"})
    assert told(case, "answered")[0][0] == "Operator of Harbor Outfitters"
    page = BeautifulSoup(operator.get(f"/cases/{case.pk}/").content, "html.parser")
    assert any(
        "Operator of Harbor Outfitters: Answered “No”" in t for t in texts(page, ".activity")
    )


def test_a_form_without_its_token_is_refused(token, kestrel):
    strict = Client(HTTP_HOST=kestrel.host, enforce_csrf_checks=True)
    assert strict.post(f"/ask/{token}/", {"choice": "0"}).status_code == 403
    assert CaseQuestion.objects.get().answered_at is None


@pytest.mark.parametrize("line", ["Gone: /ask/{}/", "Not Found: /ask/{}x/", "GET /ask/x{} 422"])
def test_no_log_holds_the_token(token, line):
    written = redact_text(line.format(token))
    assert token not in written
    assert token.partition(":")[0] not in written
    assert redact_text(line.format(token.replace(":", "%3A"))).count("not shown") == 1
