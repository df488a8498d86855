"""The page on which an operator asks a customer: ideas, the picture of it, the link, the mail."""

import re
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from integrations.domain import master_data
from integrations.models import LookupRow
from monitoring.domain import closing, leases, questions
from monitoring.models import CaseQuestion, Fix
from portal.accounts.models import Person, Role
from tests.monitoring.asking import TEXT, ask
from tests.monitoring.conftest import hold
from tests.pages.scenery import page, texts
from tests.people import sign_in

pytestmark = pytest.mark.db


@pytest.fixture
def case(harbor):
    LookupRow.objects.create(table=harbor.table, code="TENT-NEW", value="TENT-2")
    return hold(harbor, "1001", "1002")


@pytest.fixture
def product(harbor):
    master_data.put_product(
        harbor.customer_id, "TENT-2P", title="Tent", uom="EA", endpoint_id=harbor.erp.pk, by="Ana"
    )


def soup(answer: Any) -> Any:
    return BeautifulSoup(answer.content, "html.parser")


def form(**changed: str) -> dict[str, str]:
    """What the form sends for the first idea: yes adds a row, no does nothing."""
    rows = {"answers-TOTAL_FORMS": "4", "answers-INITIAL_FORMS": "4",
            "answers-0-label": "Yes", "answers-0-then": "lookup", "answers-0-value": "TENT-2P",
            "answers-1-label": "No", "answers-1-then": "", "answers-1-value": ""}  # fmt: skip
    return {"text": TEXT, "form": "yes_no", "email": "", "days": "3", **rows, **changed}


def link(answer: Any) -> str:
    """The path of the link that is shown once."""
    return re.search(r"http://kestrel\.localhost(/ask/[^/\"]+/)", answer.text)[1]


def test_the_first_idea_fills_the_form(operator, case, product):
    shown = page(operator.get(f"/cases/{case.pk}/ask/"))
    assert texts(shown, "h1") == ["Ask Harbor Outfitters"]
    assert shown.select_one("textarea[name=text]").text.strip() == TEXT
    row = [shown.select_one(f"[name=answers-0-{name}]") for name in ("label", "then", "value")]
    assert row[0]["value"] == "Yes"
    assert row[1].select_one("[selected]")["value"] == "lookup"
    assert row[2]["value"] == "TENT-2P"
    assert [a["href"] for a in shown.select("ul.pairs a")] == [
        f"/cases/{case.pk}/ask/?idea=1", f"/cases/{case.pk}/ask/?idea=2",
    ]  # fmt: skip


def test_another_idea_fills_it_with_another_question(operator, case, product):
    shown = page(operator.get(f"/cases/{case.pk}/ask/?idea=2"))
    assert shown.select_one("textarea[name=text]").text.strip() == (
        "Item TENT-OLD is not in your item list. What shall we do?"
    )
    assert shown.select_one("select[name=form] [selected]")["value"] == "text"


@pytest.mark.parametrize("idea", ["0", "99", "x", "-1", "<b>"])
def test_an_idea_there_is_not_is_the_first_one(operator, case, product, idea):
    shown = page(operator.get(f"/cases/{case.pk}/ask/", {"idea": idea}))
    assert shown.select_one("textarea[name=text]").text.strip() == TEXT


def test_the_picture_shows_what_the_form_says_now(operator, case):
    given = form(text="Is it <b>green</b>?", **{"answers-1-label": "Not green"})
    shown = page(operator.post(f"/cases/{case.pk}/ask/?preview=1", given))
    picture = shown.select_one("#preview")
    assert texts(picture, ".asked h2") == ["Is it <b>green</b>?"]
    assert texts(picture, ".asked-answers .button") == ["Yes", "Not green"]
    assert texts(picture, ".asked > p")[0] == "2 orders wait for this."
    assert picture.select_one("[inert] .asked-answers")
    assert not picture.select("form")
    assert not CaseQuestion.objects.exists()


def test_the_link_is_shown_once_with_a_copy_button_and_leads_to_what_was_shown(
    operator, case, kestrel
):
    made = operator.post(f"/cases/{case.pk}/ask/", form())
    assert made["Cache-Control"] == "no-store"
    path = link(made)
    assert soup(made).select_one("button[data-copy].button")["data-copy"].endswith(path)
    opened = Client(HTTP_HOST=kestrel.host).get(path)
    assert texts(soup(opened), "h1") == [TEXT]
    assert soup(made).select("form#ask") == []
    assert "/ask/" not in texts(page(operator.get(f"/cases/{case.pk}/ask/")), "main")[0]
    case.refresh_from_db()
    assert case.state == "waiting"


def test_what_was_entered_is_what_an_answer_does(operator, case, kestrel):
    given = form(**{"answers-1-then": "skip", "answers-1-value": "The customer does not want them"})
    path = link(operator.post(f"/cases/{case.pk}/ask/", given))
    assert CaseQuestion.objects.get().options == [
        {"label": "Yes", "remedy": "lookup", "words": "TENT-OLD → TENT-2P added to lookup sku",
         "terms": {"table": "sku", "code": "TENT-OLD", "value": "TENT-2P", "insist": False}},
        {"label": "No", "remedy": "skip", "words": "Skipped: The customer does not want them",
         "terms": {"reason": "The customer does not want them"}},
    ]  # fmt: skip
    Client(HTTP_HOST=kestrel.host).post(path, {"choice": "1"})
    assert Fix.objects.get().remedy == "skip"


def test_a_new_item_is_said_with_its_name_and_unit(operator, case):
    given = form(**{"answers-0-then": "product", "answers-0-value": "Two-person tent, green, EA"})
    operator.post(f"/cases/{case.pk}/ask/", given)
    assert CaseQuestion.objects.get().options[0]["terms"] == {
        "sku": "TENT-OLD", "title": "Two-person tent, green", "uom": "EA",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"text": " "}, "Write the question."),
        ({"text": "x" * 301}, "at most 300"),
        ({"email": "nobody"}, "valid email"),
        ({"days": "400"}, "not one of the available choices"),
        ({"form": "riddle"}, "not one of the available choices"),
        ({"answers-1-label": ""}, "A question for yes or no has 2 answers."),
        ({"answers-0-value": ""}, "Say what TENT-OLD becomes."),
        ({"answers-0-then": "skip", "answers-0-value": ""}, "Say why"),
        ({"answers-0-then": "product"}, "Write the name and the unit of the item"),
        ({"answers-0-then": "mapping"}, "not one of the available choices"),
    ],
)
def test_what_cannot_be_asked_is_refused_with_the_reason(operator, case, changed, why):
    answer = operator.post(f"/cases/{case.pk}/ask/", form(**changed))
    assert answer.status_code == 422
    assert why in soup(answer).select_one("form#ask").text
    assert not CaseQuestion.objects.exists()


def test_who_may_not_edit_lookups_cannot_let_an_answer_do_it(kestrel, case):
    role = Role.objects.get(slug="operator")
    role.permissions = [p for p in role.permissions if p != "lookups.edit"]
    role.save()
    client = sign_in(kestrel, "operator")
    shown = page(client.get(f"/cases/{case.pk}/ask/"))
    choices = [o["value"] for o in shown.select("[name=answers-0-then] option")]
    assert choices == ["", "retry", "skip"]
    assert client.post(f"/cases/{case.pk}/ask/", form()).status_code == 422
    assert not CaseQuestion.objects.exists()


def test_the_customers_people_are_there_to_choose_from_and_no_others(operator, case, kestrel):
    sign_in(kestrel, "viewer", email="jo@harbor.test", customer_id=kestrel.harbor)
    sign_in(kestrel, "viewer", email="max@maris.test", customer_id=kestrel.maris)
    shown = page(operator.get(f"/cases/{case.pk}/ask/"))
    assert [o["value"] for o in shown.select("#people option")] == ["jo@harbor.test"]
    assert "max@maris.test" not in shown.text


def test_the_mail_comes_from_the_partner_with_the_link_and_no_other_name(operator, case, kestrel):
    made = operator.post(f"/cases/{case.pk}/ask/", form(email="jo@harbor.test"))
    assert texts(soup(made), ".notice") == ["Sent to jo@harbor.test."]
    [sent] = mail.outbox
    assert (sent.to, sent.from_email) == (
        ["jo@harbor.test"], "Kestrel Point <noreply@kestrel.localhost>",
    )  # fmt: skip
    assert sent.subject == "Kestrel Point has a question for you"
    html, kind = sent.alternatives[0]
    for body in (sent.body, html):
        assert link(made) in body
        assert TEXT in body
        assert "2 orders wait for this." in body
        assert "rossdock" not in body
    assert kind == "text/html"
    assert "- Yes\n- No\n" in sent.body


def test_hostile_words_are_text_in_the_mail_too(operator, case):
    hostile = "<img src=x>\r\nBcc: all@harbor.test"
    operator.post(f"/cases/{case.pk}/ask/", form(text=hostile, email="jo@harbor.test"))
    [sent] = mail.outbox
    assert sent.recipients() == ["jo@harbor.test"]
    assert "<img" not in sent.alternatives[0][0]
    assert "<img src=x>" in sent.body


class Refuses(EmailBackend):
    def send_messages(self, messages: Any) -> int:
        raise ConnectionRefusedError("10.0.0.1 said secret things")


@pytest.mark.parametrize(
    ("backend", "why"),
    [
        ("django.core.mail.backends.dummy.EmailBackend", "no mail server is set up here"),
        ("tests.monitoring.test_ask_page.Refuses", "the mail server did not take it"),
    ],
)
def test_a_mail_that_does_not_go_is_said_and_the_link_works(
    operator, case, settings, kestrel, backend, why
):
    settings.EMAIL_BACKEND = backend
    made = operator.post(f"/cases/{case.pk}/ask/", form(email="jo@harbor.test"))
    assert texts(soup(made), ".notice[data-state=bad]") == [
        f"Not sent to jo@harbor.test: {why}. Send the link yourself."
    ]
    assert "secret things" not in made.text
    assert Client(HTTP_HOST=kestrel.host).get(link(made)).status_code == 200


def test_without_an_address_no_mail_goes(operator, case):
    operator.post(f"/cases/{case.pk}/ask/", form())
    assert mail.outbox == []
    assert CaseQuestion.objects.get().email == ""


def test_the_page_tells_where_each_question_stands_and_takes_one_back(operator, case, ana):
    ask(case, ana)
    second, _ = ask(case, ana, text="Is it green?")
    shown = page(operator.get(f"/cases/{case.pk}/ask/"))
    assert texts(shown, "table:not(.sheet) .status")[0] == "not opened yet"
    assert texts(shown, ".notice") == ["“Is it green?” is open. Another question takes it back."]
    questions.looked_at(second)
    shown = page(operator.get(f"/cases/{case.pk}/ask/"))
    rows = shown.select("table:not(.sheet) tbody tr")
    states = [texts(row, ".status")[0] for row in rows]
    assert states[1] == "taken back"
    assert states[0].startswith("opened ")
    assert [form["action"] for form in shown.select("td form")] == [
        f"/cases/{case.pk}/ask/{second.pk}/revoke/"
    ]
    operator.post(f"/cases/{case.pk}/ask/{second.pk}/revoke/")
    case.refresh_from_db()
    assert case.state == "open"


def test_a_question_is_taken_back_on_the_page_of_its_own_case_only(operator, case, harbor, ana):
    question, _ = ask(case, ana)
    other = hold(harbor, "1003", sku="OTHER")
    assert operator.post(f"/cases/{other.pk}/ask/{question.pk}/revoke/").status_code == 404
    assert operator.get(f"/cases/{case.pk}/ask/{question.pk}/revoke/").status_code == 405
    question.refresh_from_db()
    assert question.revoked_at is None


def test_the_case_page_leads_there_by_q(operator, case):
    shown = page(operator.get(f"/cases/{case.pk}/"))
    [tab] = [a for a in shown.select("[data-key=q]") if a.name == "a"]
    assert tab["href"] == f"/cases/{case.pk}/ask/"
    answer = operator.post(f"/cases/{case.pk}/ask/", {"up_to": "1"})
    assert (answer.status_code, answer.url) == (302, f"/cases/{case.pk}/ask/")


def test_a_closed_case_has_nothing_to_ask(operator, case):
    closing.close([case.pk], cause="mended", actor="Ana")
    for answer in (
        operator.get(f"/cases/{case.pk}/ask/"),
        operator.post(f"/cases/{case.pk}/ask/", form()),
    ):
        assert (answer.status_code, answer.url) == (302, f"/cases/{case.pk}/")
    assert not CaseQuestion.objects.exists()


def test_who_finds_the_case_held_by_another_is_told(operator, engineer, case):
    leases.take(case.pk, Person.objects.get(email="engineer@kestrel.test"))
    answer = operator.post(f"/cases/{case.pk}/ask/", form(), follow=True)
    assert "Engineer works on it since" in texts(soup(answer), ".toast")[0]
    assert not CaseQuestion.objects.exists()


def test_only_those_who_work_at_the_desk_ask(case, viewer, stranger, kestrel):
    finance = sign_in(kestrel, "finance")
    assert viewer.get(f"/cases/{case.pk}/ask/").status_code == 403
    assert finance.post(f"/cases/{case.pk}/ask/", form()).status_code == 403
    assert stranger.get(f"/cases/{case.pk}/ask/").status_code == 404
    assert Client(HTTP_HOST=kestrel.host).get(f"/cases/{case.pk}/ask/").status_code == 302
    assert not CaseQuestion.objects.exists()


def test_the_page_asks_the_same_number_of_queries_for_one_and_for_three(operator, case, ana):
    ask(case, ana)
    operator.get(f"/cases/{case.pk}/ask/")
    with CaptureQueriesContext(connection) as one:
        operator.get(f"/cases/{case.pk}/ask/")
    ask(case, ana)
    ask(case, ana)
    with CaptureQueriesContext(connection) as three:
        operator.get(f"/cases/{case.pk}/ask/")
    assert len(three) == len(one)
