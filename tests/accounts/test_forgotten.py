"""A new password for whoever forgot theirs, by a link that works once."""

import logging
import re

import pytest
import structlog
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext

from portal.accounts.domain import passwords, recovery
from portal.accounts.models import Person
from portal.core.redact import redact_text
from tests.accounts.walking import EMAIL, browser, enter, enter_code, person_of, with_app
from tests.people import PASSWORD

pytestmark = pytest.mark.db
NEW = "a newer horse battery"


@pytest.fixture
def ana(kestrel):
    return person_of(kestrel)


@pytest.fixture
def here(kestrel):
    return browser(kestrel)


def ask(client, email=EMAIL):
    return client.post("/forgot/", {"email": email})


def link(client):
    """The path of the link in the newest mail."""
    ask(client)
    [path] = re.findall(r"http://kestrel\.localhost:8000(/reset/\S+)", mail.outbox[-1].body)
    return path


def set_new(client, path, new=NEW, again=NEW):
    return client.post(path, {"new": new, "again": again})


def test_the_link_sets_a_new_password_once_and_signs_nobody_in(ana, here):
    path = link(here)
    assert b"Set a new password" in here.get(path).content
    assert set_new(here, path).url == "/login/"
    assert here.get("/you/").status_code == 302
    assert set_new(here, path).status_code == 404
    assert enter(here, NEW).url == "/"


def test_the_mail_is_the_partners(ana, here):
    link(here)
    [told] = mail.outbox
    assert (told.to, told.subject) == ([EMAIL], "Set a new password: Kestrel Point")
    assert told.from_email == "Kestrel Point <noreply@kestrel.localhost>"
    whole = told.body + str(told.alternatives[0][0])
    assert "crossdock" not in whole.lower()


def test_an_address_that_nobody_has_is_answered_alike_and_gets_no_mail(ana, here):
    known, unknown = ask(here), ask(here, "nobody@kestrel.test")
    assert (
        (known.status_code, known.url)
        == (unknown.status_code, unknown.url)
        == (302, "/forgot/?sent=1")
    )
    assert [told.to for told in mail.outbox] == [[EMAIL]]
    assert b"a link is on its way" in here.get(known.url).content


def test_the_answer_is_made_before_anybody_looks_whether_there_is_such_a_person(
    ana, here, monkeypatch
):
    """Nothing before the answer depends on it: what depends on it comes afterwards."""
    from portal.accounts.views import forgot

    later = []
    monkeypatch.setattr(forgot, "afterwards", lambda answer, work: later.append(work))
    ask(here, "warm@kestrel.test")
    asked = {}
    for email in ("nobody@kestrel.test", EMAIL):
        with CaptureQueriesContext(connection) as queries:
            ask(here, email)
        asked[email] = len(queries)
        assert not [one for one in queries if "accounts_person" in one["sql"]]
    assert len(set(asked.values())) == 1
    assert mail.outbox == []
    later[-1]()
    assert len(mail.outbox) == 1


def test_asking_is_limited_as_logins_are(ana, here, stopped):
    assert [ask(here).status_code for _ in range(5)] == [302] * 5
    answer = ask(here)
    assert answer.status_code == 429
    assert "Wait 1 minute" in answer.content.decode()
    assert len(mail.outbox) == 5
    assert enter(here).url == "/"  # logging in is counted by itself


def test_a_second_step_stays_one(ana, here, kestrel):
    recovery.renew(with_app(ana))
    set_new(here, link(here))
    assert enter(here, NEW).url == "/login/code/"
    assert enter_code(here, "000000").status_code == 422


def test_a_new_password_ends_every_session(ana, here, kestrel):
    other = browser(kestrel)
    enter(other)
    set_new(here, link(here))
    assert other.get("/you/").status_code == 302


def test_a_new_password_ends_the_waiting(ana, here):
    for _ in range(5):
        enter(here, "wrong")
    set_new(here, link(here))
    assert enter(here, NEW).url == "/"


def test_logging_in_makes_the_link_void(ana, here, kestrel):
    path = link(here)
    enter(browser(kestrel))
    assert here.get(path).status_code == 404


def test_the_link_works_for_an_hour(ana, here, monkeypatch):
    from datetime import datetime, timedelta

    path, asked = link(here), datetime.now()
    tokens = passwords._tokens
    monkeypatch.setattr(tokens, "_now", lambda: asked + timedelta(minutes=59))
    assert here.get(path).status_code == 200
    monkeypatch.setattr(tokens, "_now", lambda: asked + timedelta(minutes=61))
    assert here.get(path).status_code == 404


@pytest.mark.parametrize(
    "token", ["x", "1-2-3", "-", "0", "zz-abc-" + "0" * 32, "9" * 300, f"{'z' * 13}-abc-0"]
)
def test_a_link_that_was_made_up_is_refused_in_words(ana, here, token):
    answer = here.get(f"/reset/{token}/")
    assert answer.status_code == 404
    assert "This link works no more" in answer.content.decode()


def test_a_link_of_somebody_else_or_of_somebody_who_left_opens_nothing(ana, here):
    number, rest = link(here).removeprefix("/reset/").split("-", 1)
    other = Person.objects.create_person(
        email="ben@kestrel.test", name="Ben", role=ana.role, password=PASSWORD
    )
    assert here.get(f"/reset/{passwords.new_token(other).split('-')[0]}-{rest}").status_code == 404
    Person.objects.update(is_active=False)
    assert here.get(f"/reset/{number}-{rest}").status_code == 404


def test_one_partners_link_opens_nothing_at_another(ana, here, aurora):
    path = link(here)
    assert browser(aurora).get(path).status_code == 404


def test_a_mail_that_nobody_takes_is_a_line_in_the_log(ana, here, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
    with structlog.testing.capture_logs() as lines:
        assert ask(here).status_code == 302
    [line] = [line for line in lines if line["event"] == "mail not sent"]
    assert line["reason"] == "no mail server is set up here"
    assert EMAIL not in str(line)


def test_a_customers_person_who_is_signed_in_can_use_it_all_the_same(kestrel, viewer):
    viewer.post("/forgot/", {"email": "viewer@kestrel.test"})
    [path] = re.findall(r"http://kestrel\.localhost:8000(/reset/\S+)", mail.outbox[-1].body)
    assert set_new(viewer, path).url == "/login/"
    assert viewer.get("/you/").status_code == 302


def test_a_password_that_will_not_do_leaves_the_link_good(ana, here):
    path = link(here)
    assert set_new(here, path, new="short", again="short").status_code == 422
    assert set_new(here, path).status_code == 302


def test_no_log_line_holds_the_address_of_a_link(ana, here, caplog):
    path = link(here)
    used = path.rstrip("/").rpartition("/")[2]
    with caplog.at_level(logging.DEBUG):
        set_new(here, path)
        here.get(path)  # void now: a warning names its path
    shown = [redact_text(record.getMessage()) for record in caplog.records]
    assert any("/reset/" in line for line in shown)
    assert not any(used in line or used.split("-")[2] in line for line in shown)
