"""Where somebody is signed in: seen, ended, and over by itself."""

import pytest
from django.contrib.sessions.backends.base import UpdateError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from portal.accounts.domain import sessions
from portal.accounts.models import Person, Session
from tests.accounts.walking import EMAIL, browser, enter, is_in, person_of
from tests.pages.scenery import page, texts
from tests.people import PASSWORD, sign_in

pytestmark = pytest.mark.db
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 19_1 like Mac OS X) Version/19.1 Mobile/15E148 Safari/604.1"
)
HOUR = 3600


@pytest.fixture
def ana(kestrel, stopped):
    return person_of(kestrel)


@pytest.fixture
def desk(kestrel, ana):
    """Ana at her desk."""
    return _in(kestrel, HTTP_USER_AGENT=FIREFOX, REMOTE_ADDR="203.0.113.7")


@pytest.fixture
def phone(kestrel, ana):
    return _in(kestrel, HTTP_USER_AGENT=IPHONE, REMOTE_ADDR="2001:db8::7")


def _in(site, **headers):
    client = browser(site, **headers)
    assert enter(client).url == "/"
    return client


def updates(queries):
    return [one["sql"] for one in queries if one["sql"].startswith(("UPDATE", "INSERT", "DELETE"))]


def test_each_browser_is_listed_with_what_its_owner_recognises(desk, phone):
    soup = page(desk.get("/you/sessions/"))
    assert texts(soup, "tbody th") == ["Firefox on Windows this browser", "Safari on iPhone"]
    assert texts(soup, "tbody td.mono") == ["203.0.113.7", "2001:db8::7"]
    assert texts(soup, "tbody td[data-label=By]") == ["password", "password"]
    assert len(soup.select("tbody form")) == 1  # this browser is left by logging out


def test_the_page_does_not_hold_the_key_of_any_session(desk, phone):
    text = desk.get("/you/sessions/").content.decode()
    for key in Session.objects.values_list("session_key", flat=True):
        assert key not in text


def test_one_is_ended_and_the_other_goes_on(desk, phone):
    action = page(desk.get("/you/sessions/")).select_one("tbody form")["action"]
    assert desk.post(action).url == "/you/sessions/"
    assert (is_in(desk), phone.get("/you/").status_code) == (True, 302)
    assert desk.post(action).status_code == 404


def test_all_others_are_ended_at_once(kestrel, desk, phone):
    third = _in(kestrel)
    answer = desk.post("/you/sessions/end-others/", follow=True)
    assert texts(page(answer), "#toasts .toast") == ["2 other browsers are logged out"]
    assert [is_in(desk), phone.get("/you/").status_code, third.get("/you/").status_code] == [
        True, 302, 302,
    ]  # fmt: skip


def test_nobody_ends_somebody_elses(kestrel, desk):
    other = sign_in(kestrel, "engineer")
    theirs = sessions.reference(Session.objects.get(person__email="engineer@kestrel.test").pk)
    assert desk.post(f"/you/sessions/{theirs}/end/").status_code == 404
    assert other.get("/you/").status_code == 200


def test_a_session_that_ended_is_not_brought_back_by_a_request_that_was_under_way(desk, ana):
    """It had been read before it was ended, and is to be written after."""
    store = desk.session
    assert store["how"] == "password"
    sessions.end_all(ana)
    store["late"] = True
    with pytest.raises(UpdateError):
        store.save()
    assert not Session.objects.exists()


def test_being_seen_is_written_once_a_minute_at_most(desk, stopped):
    before = Session.objects.get().seen_at
    with CaptureQueriesContext(connection) as asked:
        for _ in range(3):
            desk.get("/you/")
            stopped.move(15)
    assert updates(asked) == []
    stopped.move(15)
    with CaptureQueriesContext(connection) as asked:
        desk.get("/you/")
    assert len(updates(asked)) == 1
    assert (Session.objects.get().seen_at - before).total_seconds() == 60


def test_staff_are_signed_out_after_twelve_hours_without_use(desk, stopped):
    stopped.move(12 * HOUR)
    assert is_in(desk)
    stopped.move(12 * HOUR)
    assert is_in(desk)  # it was used in between
    stopped.move(12 * HOUR + 1)
    assert desk.get("/you/").url == "/login/?next=/you/"
    assert not Session.objects.filter(person__email=EMAIL).exists()


def test_a_customers_person_stays_in_for_thirty_days(kestrel, stopped):
    person_of(kestrel, "viewer", customer_id=kestrel.harbor)
    client = _in(kestrel)
    stopped.move(30 * 24 * HOUR)
    assert client.get("/you/").status_code == 200
    stopped.move(30 * 24 * HOUR + 1)
    assert client.get("/you/").status_code == 302


def test_a_customers_person_sees_and_ends_their_own_sessions(kestrel, stopped):
    person_of(kestrel, "viewer", customer_id=kestrel.harbor)
    client, other = _in(kestrel), _in(kestrel)
    assert len(page(client.get("/you/sessions/")).select("tbody tr")) == 2
    client.post("/you/sessions/end-others/")
    assert other.get("/you/").status_code == 302


def test_a_person_who_left_has_no_session_left_that_works(desk, ana):
    Person.objects.update(is_active=False)
    assert desk.get("/you/").status_code == 302
    assert sessions.end_all(ana) == 1


def test_all_but_one_end(desk, phone, ana):
    assert sessions.end_all(ana, but=desk.session.session_key) == 1
    assert is_in(desk)


def test_three_sessions_ask_no_more_queries_than_one(kestrel, desk):
    desk.get("/you/sessions/")
    with CaptureQueriesContext(connection) as one:
        desk.get("/you/sessions/")
    _in(kestrel)
    _in(kestrel)
    with CaptureQueriesContext(connection) as three:
        desk.get("/you/sessions/")
    assert len(three) == len(one)


def test_a_strange_name_of_a_browser_is_text(kestrel, ana):
    client = _in(kestrel, HTTP_USER_AGENT="<img src=x>" * 100)
    answer = client.get("/you/sessions/")
    assert b"<img" not in answer.content
    assert len(Session.objects.exclude(person=None).get().agent) == 300


def test_sessions_that_ran_out_are_swept_with_the_next_sign_in(kestrel, ana):
    _in(kestrel)
    Session.objects.update(expire_date="2020-01-01T00:00:00Z")
    _in(kestrel)
    assert Session.objects.exclude(person=None).count() == 1


def test_a_session_of_one_partner_is_none_at_another(kestrel, aurora, desk):
    there = browser(aurora)
    there.cookies["sessionid"] = desk.cookies["sessionid"].value
    assert there.get("/you/").status_code == 302
    assert PASSWORD not in str(desk.session.items())
