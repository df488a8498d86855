"""The page on which a customer's person chooses their mails, and the one on which they ask us."""

import pytest
from bs4 import BeautifulSoup
from django.db import ProgrammingError, connection, transaction
from django.test.utils import CaptureQueriesContext

from monitoring.domain import own_question, states
from monitoring.models import ExceptionCase, NotificationChoice
from portal.accounts.models import Person
from portal.tenants.rows import limited_to_customer
from tests.pages import own_scenery, scenery
from tests.pages.scenery import page, texts

pytestmark = pytest.mark.db

CHOSEN = {"question": "at_once", "trouble": "daily", "shipment": "at_once", "statement": "off",
          "bill": "off", "digest": "daily", "hour": "6", "paused_until": ""}  # fmt: skip


def test_the_usual_is_chosen_until_they_say_otherwise(viewer):
    soup = page(viewer.get("/notifications/"))
    chosen = {one["name"]: one["value"] for one in soup.select("input[type=radio][checked]")}
    assert chosen == {"question": "at_once", "trouble": "off", "shipment": "off",
                      "statement": "at_once", "bill": "at_once", "digest": "off"}  # fmt: skip
    assert len(soup.select("fieldset legend")) == 6


def test_what_is_chosen_holds_and_says_who_chose_it(viewer):
    answer = viewer.post("/notifications/", CHOSEN)
    assert (answer.status_code, answer.url) == (302, "/notifications/")
    one = NotificationChoice.objects.get()
    assert one.how == {k: v for k, v in CHOSEN.items() if k not in ("hour", "paused_until")}
    assert (one.hour, one.actor, one.person.email) == (6, "Viewer", "viewer@kestrel.test")
    soup = page(viewer.get("/notifications/"))
    assert soup.select_one("input[name=trouble][checked]")["value"] == "daily"


@pytest.mark.parametrize(
    "wrong",
    [{"hour": "99"}, {"trouble": "sometimes"}, {"digest": "at_once"}, {"paused_until": "2001-01-01"},
     {"paused_until": "soon"}, {"question": ""}],
)  # fmt: skip
def test_what_is_no_choice_is_refused_where_it_stands(viewer, wrong):
    answer = viewer.post("/notifications/", CHOSEN | wrong)
    assert answer.status_code == 422
    assert BeautifulSoup(answer.content, "html.parser").select("[role=alert]")
    assert not NotificationChoice.objects.exists()


def test_nobody_chooses_for_another(viewer, kestrel):
    viewer.post("/notifications/", CHOSEN | {"person": "1", "customer": str(kestrel.maris)})
    assert NotificationChoice.objects.get().customer_id == kestrel.harbor


def test_the_database_lets_a_customer_change_no_choice_without_the_verb(viewer, kestrel):
    viewer.post("/notifications/", CHOSEN)
    with (
        limited_to_customer(kestrel.harbor),
        pytest.raises(ProgrammingError, match="permission denied"),
        transaction.atomic(),
    ):
        NotificationChoice.objects.update(hour=1)


def test_a_question_of_theirs_reaches_the_desk_and_its_answer_comes_back(viewer, operator, kestrel):
    scenery.business(kestrel.harbor)
    order = own_scenery.order(kestrel.harbor)
    told = {"about": "web1001", "text": "Can it leave <b>today</b>?"}
    assert viewer.post("/questions/ask/", told).url == "/questions/"
    case = ExceptionCase.objects.get()
    assert case.title == "They ask: WEB-1001: Can it leave <b>today</b>?"
    assert case.evidence["url"] == f"/orders/{order.pk}/"
    assert "They ask" in operator.get("/desk/").content.decode()
    assert operator.get(f"/cases/{case.pk}/").status_code == 200
    shown = page(viewer.get("/questions/"))
    assert texts(shown, ".own-asked h3") == ["WEB-1001: Can it leave <b>today</b>?"]
    assert texts(shown, ".own-asked .status") == ["we are on it"]
    states.comment(case, text="Yes, at 15:00.", actor="Ana", for_customer=True)
    shown = page(viewer.get("/questions/"))
    assert texts(shown, ".own-asked .status") == ["answered"]
    assert "Yes, at 15:00." in shown.select_one(".own-asked").text
    assert not shown.select(".activity")


@pytest.mark.parametrize("text", ["", "   ", "x" * 2001])
def test_what_is_no_question_is_refused_with_what_was_typed(viewer, kestrel, text):
    scenery.business(kestrel.harbor)
    answer = viewer.post("/questions/ask/", {"about": "WEB-1", "text": text})
    assert answer.status_code == 422
    assert b'value="WEB-1"' in answer.content
    assert not ExceptionCase.objects.exists()


def test_of_another_customers_order_nothing_is_taken_over(viewer, kestrel):
    scenery.business(kestrel.harbor)
    order = own_scenery.order(kestrel.maris, "MARIS-1")
    viewer.post("/questions/ask/", {"about": "MARIS-1", "text": "Where?"})
    assert ExceptionCase.objects.get().evidence["url"] == ""
    jo = Person.objects.get(email="viewer@kestrel.test")
    with limited_to_customer(kestrel.harbor), pytest.raises(own_question.NotTakenError):
        own_question.ask(jo, "Where?", order_id=order.pk)


def test_without_anything_connected_they_are_told_to_write(viewer):
    answer = viewer.post("/questions/ask/", {"text": "Hello?"})
    assert answer.status_code == 422
    assert "Write us a mail." in answer.content.decode()


def test_twenty_open_questions_are_enough(viewer, kestrel, monkeypatch):
    monkeypatch.setattr(own_question, "MOST_OPEN", 1)
    scenery.business(kestrel.harbor)
    viewer.post("/questions/ask/", {"text": "One"})
    assert viewer.post("/questions/ask/", {"text": "Two"}).status_code == 422
    assert ExceptionCase.objects.count() == 1


def test_what_they_asked_is_nothing_that_went_wrong(viewer, kestrel):
    scenery.business(kestrel.harbor)
    viewer.post("/questions/ask/", {"text": "One"})
    shown = page(viewer.get("/home/"))
    assert texts(shown, "#panel-causes p") == ["Nothing went wrong this month."]


def test_three_questions_of_theirs_ask_no_more_queries_than_one(viewer, kestrel):
    scenery.business(kestrel.harbor)
    viewer.post("/questions/ask/", {"text": "One"})
    viewer.get("/questions/")
    with CaptureQueriesContext(connection) as one:
        viewer.get("/questions/")
    for text in ("Two", "Three"):
        viewer.post("/questions/ask/", {"text": text})
    viewer.get("/questions/")
    with CaptureQueriesContext(connection) as three:
        viewer.get("/questions/")
    assert len(three) == len(one)


@pytest.mark.parametrize("address", ["/notifications/", "/questions/ask/"])
def test_they_are_for_people_of_customers(operator, stranger, kestrel, address):
    for ask in (operator.get, operator.post):
        assert ask(address).status_code == 403
    assert stranger.get(address, headers={"host": kestrel.host}).status_code == 302
