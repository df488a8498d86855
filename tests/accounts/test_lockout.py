"""Whoever is wrong too often waits: per account and per sender, counted in the database."""

from datetime import timedelta

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext

from portal.accounts.domain import lockout
from portal.accounts.domain.lockout import LockedError, Tried, WrongError
from portal.accounts.models import Tries
from portal.core import clock
from tests.accounts.walking import (
    EMAIL,
    browser,
    code_at,
    enter,
    enter_code,
    is_in,
    person_of,
    wait_said,
    with_app,
)
from tests.pages.scenery import texts

pytestmark = pytest.mark.db


@pytest.fixture
def ana(kestrel, stopped):
    return person_of(kestrel)


@pytest.fixture
def here(kestrel):
    return browser(kestrel)


def fail(client, *, times, email=EMAIL):
    return [enter(client, "wrong", email=email) for _ in range(times)]


def test_the_fifth_wrong_password_makes_even_the_right_one_wait_a_minute(ana, here, stopped):
    assert [answer.status_code for answer in fail(here, times=5)] == [422] * 5
    answer = enter(here)
    assert (answer.status_code, wait_said(answer)) == (429, "Wait 1 minute")
    assert answer["Retry-After"] == "60"
    assert not is_in(here)
    stopped.move(60)
    assert enter(here).url == "/"


def test_each_further_wrong_one_waits_twice_as_long(ana, here, stopped):
    fail(here, times=5)
    said = []
    for minutes in (1, 2, 4, 8, 15):
        said.append(wait_said(enter(here)))
        stopped.move(minutes * 60)
        assert enter(here, "wrong").status_code == 422
    assert said == [
        "Wait 1 minute", "Wait 2 minutes", "Wait 4 minutes", "Wait 8 minutes", "Wait 15 minutes",
    ]  # fmt: skip
    assert wait_said(enter(here)) == "Wait 15 minutes"


def test_what_is_tried_while_waiting_does_not_make_it_longer(ana, here, stopped):
    fail(here, times=8)  # three of them while waiting
    stopped.move(60)
    assert enter(here).url == "/"


def test_the_right_password_in_time_forgives_the_wrong_ones(ana, here):
    fail(here, times=4)
    enter(here)
    here.post("/logout/")
    assert [answer.status_code for answer in fail(here, times=4)] == [422] * 4


def test_an_address_that_nobody_has_is_told_the_same_words_at_the_same_times(ana, here):
    known = fail(here, times=7)
    unknown = fail(here, times=7, email="nobody@kestrel.test")
    said = [
        [(a.status_code, a.get("Retry-After")) for a in answers] for answers in (known, unknown)
    ]
    assert said[0] == said[1]
    for one, other in zip(known, unknown, strict=True):
        words = [_words(answer) for answer in (one, other)]
        assert words[0] == words[1]


def _words(answer):
    from bs4 import BeautifulSoup

    return texts(BeautifulSoup(answer.content, "html.parser"), ".error-summary")


def test_a_known_and_an_unknown_address_ask_the_same_of_the_database_and_of_the_hasher(
    ana, here, settings, monkeypatch
):
    from django.contrib.auth.hashers import MD5PasswordHasher

    hashed = []
    real = MD5PasswordHasher.encode
    monkeypatch.setattr(
        MD5PasswordHasher, "encode", lambda *a, **k: (hashed.append(1), real(*a, **k))[1]
    )
    asked = {}
    fail(here, times=1)  # the sender has a row now
    for email in ("nobody@kestrel.test", EMAIL):
        hashed.clear()
        Tries.objects.filter(key=lockout._account(Tried("", email))).delete()
        with CaptureQueriesContext(connection) as queries:
            fail(here, times=1, email=email)
        asked[email] = (len(queries), len(hashed))
    assert len(set(asked.values())) == 1
    assert asked[EMAIL][1] == 1


def test_capitals_and_blanks_do_not_make_another_account(ana, here):
    fail(here, times=3)
    fail(here, times=2, email=f"  {EMAIL.upper()} ")
    assert enter(here).status_code == 429


def test_wrong_codes_count_with_wrong_passwords(ana, here):
    with_app(ana)
    fail(here, times=2)
    enter(here)
    assert [enter_code(here, "000000").status_code for _ in range(3)] == [422] * 3
    assert enter_code(here, code_at()).status_code == 429
    assert not is_in(here)
    assert enter(here).status_code == 429


def test_a_right_password_alone_forgives_no_wrong_codes(ana, here):
    with_app(ana)
    for _ in range(4):
        enter(here)
        enter_code(here, "000000")
    enter(here)
    assert enter_code(here, "000000").status_code == 422
    assert enter_code(here, code_at()).status_code == 429


def test_thirty_wrong_ones_from_one_sender_make_it_wait_whatever_the_account(ana, kestrel, here):
    for number in range(30):
        assert enter(here, "wrong", email=f"n{number}@kestrel.test").status_code == 422
    assert enter(here).status_code == 429
    elsewhere = browser(kestrel, REMOTE_ADDR="198.51.100.9")
    assert enter(elsewhere).url == "/"


def test_what_a_sender_writes_about_where_it_is_makes_it_no_other(ana, kestrel):
    for number in range(30):
        client = browser(kestrel, HTTP_X_FORWARDED_FOR=f"198.51.100.{number}")
        enter(client, "wrong", email=f"n{number}@kestrel.test")
    assert enter(browser(kestrel, HTTP_X_FORWARDED_FOR="198.51.100.77")).status_code == 429


def test_the_person_gets_one_mail_about_it_and_nobody_unknown_does(ana, here, stopped):
    fail(here, times=4)
    assert mail.outbox == []
    fail(here, times=1)
    fail(here, times=6, email="nobody@kestrel.test")
    [told] = mail.outbox
    assert told.to == [EMAIL]
    assert told.subject == "Somebody could not log in to your account: Kestrel Point"
    assert "127.0.0.1" in told.body
    assert "http://kestrel.localhost:8000/forgot/" in told.body
    stopped.move(60)
    fail(here, times=1)  # waits two minutes now: told once is enough
    assert len(mail.outbox) == 1


def test_one_partners_account_does_not_wait_for_anothers(ana, here, aurora):
    fail(here, times=5)
    assert enter(browser(aurora)).status_code == 422  # no such person, and no waiting


def test_the_row_names_neither_the_address_nor_the_sender(ana, here):
    fail(here, times=1)
    stored = str(list(Tries.objects.values()))
    assert "ana" not in stored
    assert "127.0.0.1" not in stored


def test_what_is_over_is_swept_with_the_next_sign_in(ana, here, stopped):
    fail(here, times=1, email="nobody@kestrel.test")
    stopped.move(timedelta(days=1, seconds=1).total_seconds())
    enter(here)
    assert not Tries.objects.exists()


def test_nothing_found_is_wrong_and_something_found_is_given_back(kestrel):
    assert lockout.checked(Tried("192.0.2.1", EMAIL), lambda: "ana") == "ana"
    with pytest.raises(WrongError) as wrong:
        lockout.checked(Tried("192.0.2.1", EMAIL), lambda: None)
    assert not wrong.value.first_wait


def test_what_waits_is_not_even_looked_at(kestrel, stopped):
    for _ in range(5):
        with pytest.raises(WrongError):
            lockout.checked(Tried("", EMAIL), lambda: None)
    looked = []
    with pytest.raises(LockedError):
        lockout.checked(Tried("", EMAIL), lambda: looked.append(1))
    assert looked == []


def test_different_purposes_are_counted_by_themselves(kestrel, stopped):
    for _ in range(5):
        lockout.counted(Tried("", EMAIL, "forgotten"))
    with pytest.raises(LockedError):
        lockout.counted(Tried("", EMAIL, "forgotten"))
    lockout.is_open(Tried("", EMAIL))


def test_a_locked_moment_is_said_in_whole_minutes_rounded_up(stopped):
    assert "Wait 2 minutes" in str(LockedError(clock.now() + timedelta(seconds=61)))
    assert "Wait 1 minute," in str(LockedError(clock.now() + timedelta(seconds=1)))
