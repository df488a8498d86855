"""The link of a message: for whoever has it, once, and never by looking."""

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from monitoring.domain import closing, states
from monitoring.models import Alert, AlertMessage, CaseEvent
from portal.core import clock
from portal.core.redact import redact_text
from portal.env import CUSTOMER_ROLE
from tests.monitoring.alerts.scenery import bodies, link_in, rule, settle, webhook
from tests.monitoring.desk import make
from tests.pages.scenery import texts
from tests.people import sign_in

pytestmark = pytest.mark.db


@pytest.fixture
def case(shop, ana):
    rule(ana)
    made = make(shop, "SKU TENT-OLD is not known", at_risk="1792.00")
    settle()
    return made


@pytest.fixture
def link(case):
    return link_in(mail.outbox[0].body)


@pytest.fixture
def browser(kestrel):
    return Client(HTTP_HOST=kestrel.host)


def main(answer):
    return BeautifulSoup(answer.content, "html.parser").main


def test_looking_shows_what_it_is_about_and_changes_nothing(browser, link, case):
    for _ in range(3):
        answer = browser.get(link)
    page = main(answer)
    assert (answer.status_code, texts(page, "h1")) == (200, ["Do you have it?"])
    assert "SKU TENT-OLD is not known" in page.text
    assert "Harbor Outfitters · Web shop" in page.text
    assert texts(page, "button") == ["I have it"]
    case.refresh_from_db()
    assert (case.acknowledged_at, Alert.objects.get().acknowledged_at) == (None, None)
    assert AlertMessage.objects.get().link_used_at is None


def test_the_button_says_so_for_the_person_the_link_was_for(browser, link, case):
    answer = browser.post(link)
    assert texts(main(answer), "h1") == ["You have it"]
    case.refresh_from_db()
    assert case.acknowledged_at is not None
    assert Alert.objects.get().acknowledged_by == "Operator"
    event = CaseEvent.objects.get(case=case, action="acknowledged")
    assert (event.actor, event.text) == ("Operator", "Acknowledged")


def test_it_works_once(browser, link, case):
    browser.post(link)
    for answer in (browser.get(link), browser.post(link)):
        assert answer.status_code == 410
        assert "You have said so already: the link works once." in main(answer).text
    assert CaseEvent.objects.filter(case=case, action="acknowledged").count() == 1


def test_its_time_is_seven_days(browser, link):
    AlertMessage.objects.update(link_ends_at=clock.now() - timedelta(seconds=1))
    for answer in (browser.get(link), browser.post(link)):
        assert answer.status_code == 410
        assert "The time of this link is over." in main(answer).text
    assert Alert.objects.get().acknowledged_at is None
    AlertMessage.objects.update(link_ends_at=clock.now() + timedelta(seconds=60))
    assert browser.get(link).status_code == 200


def test_who_comes_second_is_told_who_was_first(browser, link, case):
    states.acknowledge(case.pk, actor="Ben Ott")
    settle()
    answer = browser.post(link)
    assert (answer.status_code, "Ben Ott has it already." in main(answer).text) == (410, True)


def test_what_is_over_needs_nobody(browser, link, case):
    closing.close([case.pk], cause="mended")
    settle()
    answer = browser.post(link)
    assert answer.status_code == 410
    assert "All of it is over: there is nothing left to say." in main(answer).text


def test_a_case_that_closes_this_moment_is_no_error(browser, link, case):
    closing.close([case.pk], cause="mended")
    assert browser.post(link).status_code == 200


def test_at_another_partners_address_the_link_is_none(link, aurora):
    elsewhere = Client(HTTP_HOST=aurora.host)
    assert elsewhere.get(link).status_code == 404
    assert elsewhere.post(link).status_code == 404


@pytest.mark.parametrize("change", ["x{}", "{}x", "nonsense", "a:b"])
def test_a_forged_link_does_nothing(browser, link, change):
    token = link.split("/")[2]
    for answer in (
        browser.get(f"/ack/{change.format(token)}/"),
        browser.post(f"/ack/{change.format(token)}/"),
    ):
        assert answer.status_code == 404
        assert "TENT-OLD" not in answer.text
    assert Alert.objects.get().acknowledged_at is None


def test_a_question_link_is_no_alert_link_and_the_other_way_round(browser, link):
    """Each kind of link has a salt of its own."""
    token = link.split("/")[2]
    assert browser.get(f"/ask/{token}/").status_code == 404


def test_nobody_keeps_finds_or_is_told_the_address(browser, link):
    answer = browser.get(link)
    assert answer["Cache-Control"] == "no-store"
    assert answer["Referrer-Policy"] == "same-origin"
    assert answer["X-Robots-Tag"] == "noindex"


@pytest.mark.parametrize("line", ["Gone: /ack/{}/", "Not Found: /ack/{}x/", "GET /ack/x{} 422"])
def test_no_log_holds_the_token(link, line):
    token = link.split("/")[2]
    written = redact_text(line.format(token))
    assert token not in written
    assert token.partition(":")[0] not in written


def test_the_token_is_kept_nowhere_once_the_message_is_sent(link):
    token = link.split("/")[2]
    message = AlertMessage.objects.get()
    assert message.link is None
    with connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(m)::text FROM monitoring_alertmessage m")
        assert token not in str(cursor.fetchall())


def test_a_form_without_its_token_is_refused(link, kestrel):
    strict = Client(HTTP_HOST=kestrel.host, enforce_csrf_checks=True)
    assert strict.post(link).status_code == 403
    assert Alert.objects.get().acknowledged_at is None


def test_who_is_signed_in_as_a_customer_uses_it_all_the_same(link, kestrel):
    """The link is the right to say so; the row limit is back after it."""
    client = sign_in(kestrel, "viewer", customer_id=kestrel.maris)
    with CaptureQueriesContext(connection) as asked:
        assert client.post(link).status_code == 200
    roles = [q["sql"] for q in asked if "set_config('role'" in q["sql"]]
    assert [CUSTOMER_ROLE in sql for sql in roles] == [True, False, True, False]


def test_the_link_of_a_room_says_in_which_it_was_used(shop, server, browser):
    rule(webhook(server, "Night desk"))
    case = make(shop, "one")
    settle()
    url = bodies(server)[0]["acknowledge_url"]
    browser.post("/" + url.split("/", 3)[3])
    assert CaseEvent.objects.get(case=case, action="acknowledged").actor == "Somebody in Night desk"


def test_the_page_is_the_partners_and_names_nobody_else(browser, link):
    answer = browser.get(link)
    assert b"Kestrel Point" in answer.content
    assert b"rossdock" not in answer.content


def test_hostile_words_are_text(browser, shop, ana):
    rule(ana)
    make(shop, "<img src=x onerror=alert(1)>")
    settle()
    answer = browser.get(link_in(mail.outbox[0].body))
    assert b"<img src=x" not in answer.content
    assert "<img src=x onerror=alert(1)>" in main(answer).text
    html = mail.outbox[0].alternatives[0][0]
    assert "<img" not in html
