"""Signing in: each step forwards, out of order, twice, too late and in another browser."""

import pytest
from django.core.exceptions import PermissionDenied
from django.test import RequestFactory

from portal.accounts.domain import authenticators, recovery, signing_in
from portal.accounts.models import Authenticator, Person, RecoveryCode, Session
from portal.core.secrets import Secret
from tests.accounts.walking import (
    EMAIL,
    SECRET,
    browser,
    code_at,
    enter,
    enter_code,
    is_in,
    person_of,
    with_app,
)
from tests.pages.scenery import page, texts
from tests.people import PASSWORD

pytestmark = pytest.mark.db


@pytest.fixture
def ana(kestrel, stopped):
    return with_app(person_of(kestrel))


@pytest.fixture
def here(kestrel):
    return browser(kestrel)


def test_without_a_second_step_the_password_is_enough(kestrel, here):
    person_of(kestrel)
    assert enter(here, onward="/orders/").url == "/orders/"
    assert is_in(here)
    assert Session.objects.get(person__email=EMAIL).how == "password"


def test_with_an_app_the_password_leads_to_the_code_and_signs_nobody_in(ana, here):
    assert enter(here, onward="/orders/").url == "/login/code/"
    assert not is_in(here)
    assert not Session.objects.filter(person=ana).exists()
    assert EMAIL in page(here.get("/login/code/")).select_one("main").text


def test_the_code_signs_in_and_leads_to_where_the_person_was_going(ana, here):
    enter(here, onward="/orders/")
    assert enter_code(here, code_at()).url == "/orders/"
    assert is_in(here)
    assert Session.objects.get(person=ana).how == "password and code"


def test_blanks_in_a_code_do_not_matter(ana, here):
    enter(here)
    code = code_at()
    assert enter_code(here, f" {code[:3]} {code[3:]} ").url == "/"


def test_the_session_has_a_new_key_after_each_step(ana, here):
    here.get("/login/")
    keys = []
    enter(here)
    keys.append(here.cookies["sessionid"].value)
    enter_code(here, code_at())
    keys.append(here.cookies["sessionid"].value)
    assert len(set(keys)) == 2
    assert not Session.objects.filter(pk=keys[0]).exists()


def test_a_session_that_somebody_else_planted_is_not_used(ana, kestrel, here):
    enter(here)
    planted = here.cookies["sessionid"].value
    other = browser(kestrel)
    other.cookies["sessionid"] = planted
    enter_code(here, code_at())
    assert not is_in(other)


def test_a_code_without_a_password_leads_back_to_the_start(ana, here):
    answer = enter_code(here, code_at())
    assert answer.url == "/login/?late=1"
    assert "The first step was too long ago" in page(here.get(answer.url)).text
    assert here.get("/login/code/").url == "/login/?late=1"
    assert not is_in(here)


def test_the_first_step_counts_in_its_own_browser_only(ana, kestrel, here):
    enter(here)
    assert enter_code(browser(kestrel), code_at()).url == "/login/?late=1"


def test_the_first_step_counts_for_five_minutes(ana, here, stopped):
    enter(here)
    stopped.move(300)
    assert here.get("/login/code/").status_code == 200
    stopped.move(1)
    assert enter_code(here, code_at()).url == "/login/?late=1"
    assert not is_in(here)


def test_the_first_step_is_void_once_the_password_was_changed(ana, here):
    enter(here)
    ana.set_password("another horse battery")
    ana.save()
    assert enter_code(here, code_at()).url == "/login/?late=1"


def test_the_first_step_is_void_once_the_person_has_left(ana, here):
    enter(here)
    Person.objects.update(is_active=False)
    assert enter_code(here, code_at()).url == "/login/?late=1"


def test_the_second_step_twice_signs_in_once(ana, here):
    enter(here)
    code = code_at()
    enter_code(here, code)
    assert enter_code(here, code).url == "/"  # signed in already: nothing is asked
    here.post("/logout/")
    enter(here)
    assert enter_code(here, code).status_code == 422


def test_each_code_works_once_even_in_another_browser(ana, kestrel, here):
    other = browser(kestrel)
    enter(here)
    enter(other)
    code = code_at()
    assert enter_code(here, code).status_code == 302
    assert enter_code(other, code).status_code == 422
    assert not is_in(other)


@pytest.mark.parametrize(("offset", "fits"), [(-2, False), (0, True), (1, True), (2, False)])
def test_a_phone_may_be_one_step_off(ana, here, offset, fits):
    enter(here)
    assert (enter_code(here, code_at(offset)).status_code == 302) is fits


def test_a_code_older_than_the_last_used_one_is_refused(ana, here):
    assert authenticators.use(ana, code_at(1))
    assert not authenticators.use(ana, code_at(0))


def test_a_wrong_code_is_said_in_words_and_the_step_stays(ana, here):
    enter(here)
    answer = enter_code(here, "000000")
    assert answer.status_code == 422
    assert "That code does not fit" in answer.content.decode()
    assert enter_code(here, code_at()).status_code == 302


def test_the_secret_is_encrypted_at_rest(ana):
    stored = bytes(Authenticator.objects.get().secret)
    assert SECRET.encode() not in stored
    assert authenticators.add(ana, Secret(SECRET), code_at())


def test_a_recovery_code_stands_for_the_app_once(ana, kestrel, here):
    codes = recovery.renew(ana)
    enter(here)
    assert enter_code(here, codes[3].upper()).url == "/"
    assert Session.objects.get(person=ana).how == "password and recovery code"
    other = browser(kestrel)
    enter(other)
    assert enter_code(other, codes[3]).status_code == 422
    assert recovery.left(ana) == 9


def test_new_recovery_codes_make_the_old_ones_void_and_are_kept_as_hashes(ana):
    old, new = recovery.renew(ana), recovery.renew(ana)
    assert len(set(new)) == 10
    assert not recovery.use(ana, old[0])
    stored = " ".join(RecoveryCode.objects.values_list("digest", flat=True))
    assert not any(code.replace("-", "") in stored for code in new)


def test_somebody_elses_recovery_code_is_not_taken(ana, kestrel, here):
    other = Person.objects.create_person(
        email="ben@kestrel.test", name="Ben", role=ana.role, password=PASSWORD
    )
    theirs = recovery.renew(other)
    enter(here)
    assert enter_code(here, theirs[0]).status_code == 422


def test_a_signed_in_person_is_not_asked_again(ana, here):
    enter(here)
    enter_code(here, code_at())
    assert here.get("/login/").url == "/"
    assert here.get("/login/code/").url == "/"
    assert here.get("/login/passkey/").url == "/"


def test_logging_in_again_half_way_begins_with_the_other_person(ana, kestrel, here):
    Person.objects.create_person(
        email="ben@kestrel.test", name="Ben", role=ana.role, password=PASSWORD
    )
    enter(here)
    assert enter(here, email="ben@kestrel.test").url == "/"
    assert Session.objects.exclude(person=None).get().person.email == "ben@kestrel.test"
    assert here.get("/login/code/").url == "/"


def test_nobody_who_has_left_is_signed_in_by_any_way(ana):
    ana.is_active = False
    with pytest.raises(PermissionDenied):
        signing_in.complete(RequestFactory().get("/"), ana, how="password")


def test_a_customers_person_walks_the_same_steps(kestrel, here, stopped):
    with_app(person_of(kestrel, "viewer", customer_id=kestrel.harbor))
    assert enter(here).url == "/login/code/"
    assert enter_code(here, code_at()).url == "/"
    assert texts(page(here.get("/you/security/")), "h1") == ["Security"]


def test_platform_staff_walk_the_same_steps(db, stopped):
    from tests.people import Site

    console = Site("public", "platform.localhost", 0, 0)
    from django_tenants.utils import schema_context

    with schema_context("public"):
        with_app(person_of(console, "platform-admin"))
    client = browser(console)
    assert enter(client).url == "/login/code/"
    assert enter_code(client, code_at()).url == "/"
    assert page(client.get("/you/security/")).select_one(".safe-ways")
