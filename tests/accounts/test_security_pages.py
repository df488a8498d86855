"""What a person does about their own password, app, passkeys and recovery codes."""

import re

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext

from portal.accounts.domain import factors, recovery
from portal.accounts.domain.factors import StillNeededError
from portal.accounts.models import (
    Authenticator,
    FactorReset,
    Passkey,
    Person,
    RecoveryCode,
    Role,
    Session,
)
from tests.accounts.test_passkeys import added
from tests.accounts.walking import (
    EMAIL,
    browser,
    code_at,
    enter,
    enter_code,
    is_in,
    person_of,
    with_app,
)
from tests.pages.scenery import page, texts
from tests.people import PASSWORD, sign_in

pytestmark = pytest.mark.db
NEW = "a newer horse battery"


@pytest.fixture(params=["operator", "viewer"])
def ana(request, kestrel, stopped):
    """One of the partner's people, and one of a customer's under their database role."""
    customer_id = kestrel.harbor if request.param == "viewer" else None
    return person_of(kestrel, request.param, customer_id=customer_id)


@pytest.fixture
def here(kestrel, ana):
    client = browser(kestrel)
    enter(client)
    return client


def states(client):
    soup = page(client.get("/you/security/"))
    return {way["id"]: " ".join(way.select_one("div:nth-of-type(2)").text.split()) for way in soup.select(".safe-ways > li")}  # fmt: skip


def shown_code(client):
    """What an app shows that has read the page's key."""
    import pyotp

    from portal.core import clock

    soup = page(client.get("/you/security/app/"))
    key = soup.select_one(".safe-key").text.replace(" ", "")
    assert soup.select_one("img")["src"].startswith("data:image/svg+xml;base64,")
    assert f"secret={key}" in soup.select_one("a[href^='otpauth:']")["href"]
    return pyotp.TOTP(key).at(clock.now())


def change(client, old=PASSWORD, new=NEW, again=NEW):
    return client.post("/you/security/password/", {"old": old, "new": new, "again": again})


def test_the_page_says_the_state_of_each(here, ana):
    assert states(here) == {
        "app": "not set up", "passkeys": "none yet", "password": "", "sessions": "",
    }  # fmt: skip
    added(with_app(ana))
    recovery.renew(ana)
    shown = states(here)
    assert shown["app"] == "on since 1 Dec 2026"
    assert shown["passkeys"] == "on"
    assert shown["codes"] == "10 of 10 left"


def test_it_is_linked_from_a_persons_own_settings(here):
    assert page(here.get("/you/")).select_one("a[href='/you/security/']")


def test_an_app_is_set_up_with_the_code_it_shows_and_recovery_codes_are_shown_once(here, ana):
    code = shown_code(here)
    answer = here.post("/you/security/app/", {"code": code})
    assert answer.url == "/you/security/codes/"
    codes = texts(page(here.get(answer.url)), ".safe-codes li")
    assert all(re.fullmatch(r"[2-9a-z]{4}-[2-9a-z]{4}-[2-9a-z]{4}", one) for one in codes)
    assert len(codes) == 10
    assert here.get(answer.url).url == "/you/security/"
    assert recovery.use(ana, codes[0])


def test_the_first_second_step_logs_out_browsers_that_never_had_it(kestrel, here, ana):
    elsewhere = browser(kestrel)
    enter(elsewhere)
    answer = here.post("/you/security/app/", {"code": shown_code(here)})
    toast = texts(page(here.get(answer.url)), ".toast")
    assert toast == ["Your authenticator app is added. You are logged out everywhere else"]
    assert is_in(here)
    assert not is_in(elsewhere)


def test_a_wrong_code_adds_nothing_and_the_same_key_stays_on_the_page(here):
    code = shown_code(here)
    answer = here.post("/you/security/app/", {"code": "000000"})
    assert answer.status_code == 422
    assert not Authenticator.objects.exists()
    assert shown_code(here) == code


def test_the_code_that_set_the_app_up_does_not_sign_in(kestrel, here, ana):
    code = shown_code(here)
    here.post("/you/security/app/", {"code": code})
    other = browser(kestrel)
    enter(other)
    assert enter_code(other, code).status_code == 422


def test_moving_to_another_phone_replaces_the_app_only_once_it_shows_its_code(here, ana):
    with_app(ana)
    code = shown_code(here)
    assert here.post("/you/security/app/", {"code": code_at()}).status_code == 422
    here.post("/you/security/app/", {"code": code})
    assert Authenticator.objects.filter(person=ana).count() == 1


def test_neither_key_nor_codes_lie_open_in_the_session(here):
    code = shown_code(here)
    here.post("/you/security/app/", {"code": code})
    kept = str(dict(here.session.items()))
    shown = texts(page(here.get("/you/security/codes/")), ".safe-codes li")
    assert not any(one in kept for one in shown)


def test_new_recovery_codes_are_made_and_the_old_ones_are_void(here, ana):
    old = recovery.renew(with_app(ana))
    answer = here.post("/you/security/codes/renew/")
    new = texts(page(here.get(answer.url)), ".safe-codes li")
    assert set(old).isdisjoint(new)
    assert not recovery.use(ana, old[0])


def test_removing_asks_first_and_takes_the_recovery_codes_with_the_last(here, ana):
    recovery.renew(with_app(ana))
    assert b"Remove your authenticator app" in here.get("/you/security/app/remove/").content
    assert Authenticator.objects.exists()
    here.post("/you/security/app/remove/")
    assert not Authenticator.objects.exists()
    assert not RecoveryCode.objects.exists()


def test_removing_one_of_two_keeps_the_recovery_codes(here, ana):
    added(with_app(ana))
    recovery.renew(ana)
    here.post("/you/security/app/remove/")
    assert RecoveryCode.objects.count() == 10


@pytest.mark.parametrize(
    "path",
    ["app/", "app/remove/", "codes/renew/", "passkeys/add/"],
)
def test_after_ten_minutes_the_password_is_asked_for_again(here, ana, stopped, path):
    with_app(ana)
    stopped.move(600)
    assert here.get(f"/you/security/{path}").status_code in (200, 405)
    stopped.move(1)
    answer = here.post(f"/you/security/{path}")
    assert answer.url == "/you/security/confirm/?next=%2Fyou%2Fsecurity%2F"
    assert Authenticator.objects.exists()
    assert not RecoveryCode.objects.exists()


def test_the_browser_is_told_in_words_when_it_asks_for_a_passkey_too_late(here, stopped):
    stopped.move(601)
    answer = here.post("/you/security/passkeys/options/")
    assert answer.status_code == 403
    assert "enter your password" in answer.json()["error"]


def test_the_password_again_leads_on_to_where_the_person_was_going(here, stopped):
    stopped.move(601)
    asked = here.get("/you/security/app/")
    assert asked.url == "/you/security/confirm/?next=%2Fyou%2Fsecurity%2Fapp%2F"
    wrong = here.post(asked.url, {"password": "wrong"})
    assert wrong.status_code == 422
    assert here.get("/you/security/app/").status_code == 302
    answer = here.post(asked.url, {"password": PASSWORD, "next": "/you/security/app/"})
    assert answer.url == "/you/security/app/"
    assert here.get("/you/security/app/").status_code == 200


def test_confirming_leads_to_no_other_site(here, stopped):
    answer = here.post(
        "/you/security/confirm/", {"password": PASSWORD, "next": "https://evil.example/"}
    )
    assert answer.url == "/you/security/"


def test_the_password_cannot_be_guessed_at_the_confirmation(here, kestrel):
    for _ in range(5):
        here.post("/you/security/confirm/", {"password": "wrong"})
    assert here.post("/you/security/confirm/", {"password": PASSWORD}).status_code == 429
    assert enter(browser(kestrel)).status_code == 429


def test_a_changed_password_counts_and_ends_every_other_session(kestrel, here):
    other = browser(kestrel)
    enter(other)
    assert change(here).url == "/you/security/"
    assert is_in(here)
    assert other.get("/you/").status_code == 302
    assert Session.objects.exclude(person=None).count() == 1
    assert enter(browser(kestrel)).status_code == 422
    assert enter(browser(kestrel), NEW).url == "/"


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"old": "wrong"}, "That is not your password."),
        ({"again": "other"}, "The two are not the same."),
        ({"new": "short", "again": "short"}, "Take at least 10 characters"),
        (
            {"new": "password123", "again": "password123"},
            "one of the passwords that are tried first",
        ),
    ],
)
def test_a_password_that_will_not_do_is_refused_in_words(kestrel, here, given, said):
    answer = change(here, **given)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert enter(browser(kestrel)).url == "/"


def asks_for_mfa(person):
    Role.objects.filter(pk=person.role_id).update(requires_mfa=True)
    return Person.objects.select_related("role").get(pk=person.pk)


def test_whose_role_asks_for_a_second_step_gets_nothing_but_its_set_up(here, ana):
    asks_for_mfa(ana)
    for path in ("/", "/you/", "/orders/", "/you/sessions/", "/rail/", "/theme/"):
        answer = here.get(path)
        assert answer.status_code in (302, 405), path
        assert answer.get("Location", "/you/security/") == "/you/security/", path
    assert here.post("/you/", {"time_zone": "UTC"}).url == "/you/security/"
    soup = page(here.get("/you/security/"))
    assert "Your role asks for a second step" in soup.text
    assert not soup.select("nav a[href='/orders/'], .rail")
    assert soup.select_one("form[action='/logout/']")
    for path in ("/you/security/app/", "/you/security/passkeys/add/", "/you/security/password/"):
        assert here.get(path).status_code == 200, path


def test_with_a_second_step_the_same_person_goes_on(here, ana):
    asks_for_mfa(ana)
    here.post("/you/security/app/", {"code": shown_code(here)})
    assert here.get("/you/").status_code == 200


def test_sign_out_is_open_before_the_set_up(here, ana):
    asks_for_mfa(ana)
    assert here.post("/logout/").url == "/login/"


def test_the_last_second_step_stays_while_the_role_asks_for_one(here, ana):
    added(with_app(asks_for_mfa(ana)))
    assert here.post("/you/security/app/remove/").status_code == 302
    pk = Passkey.objects.get().pk
    answer = here.post(f"/you/security/passkeys/{pk}/remove/")
    assert answer.status_code == 422
    assert "Add another one before you remove this" in answer.content.decode()
    assert Passkey.objects.exists()
    with pytest.raises(StillNeededError):
        factors.remove_passkey(asks_for_mfa(ana), pk)


def test_a_role_that_asks_for_nothing_costs_no_query(here, ana):
    with CaptureQueriesContext(connection) as asked:
        here.get("/you/")
    assert not [one for one in asked if "authenticator" in one["sql"]]


def test_three_passkeys_ask_no_more_queries_than_one(here, ana):
    added(ana)
    here.get("/you/security/")
    with CaptureQueriesContext(connection) as one:
        here.get("/you/security/")
    added(ana)
    added(ana)
    with CaptureQueriesContext(connection) as three:
        here.get("/you/security/")
    assert len(three) == len(one)


def test_a_hostile_name_of_a_passkey_is_text(here, ana):
    added(ana, "<img src=x>")
    pk = Passkey.objects.get().pk
    for path in ("/you/security/", f"/you/security/passkeys/{pk}/remove/"):
        assert b"<img src=x" not in here.get(path).content


def boss_of(kestrel):
    sign_in(kestrel, "admin")
    return Person.objects.select_related("role").get(email="admin@kestrel.test")


def test_a_lost_phone_is_reset_by_somebody_who_manages_people(kestrel, here, ana):
    recovery.renew(with_app(ana))
    added(ana)
    factors.reset(ana, by=boss_of(kestrel), reason="Phone lost on the train")
    assert not factors.has_one(ana)
    assert recovery.left(ana) == 0
    assert here.get("/you/").status_code == 302  # signed out
    kept = FactorReset.objects.get()
    assert (kept.person, kept.actor, kept.reason) == (ana, "Admin", "Phone lost on the train")
    enter(here)
    assert "Phone lost on the train" in page(here.get("/you/security/")).text


def test_nobody_else_resets_and_nobody_their_own(kestrel, ana):
    with_app(ana)
    boss = boss_of(kestrel)
    sign_in(kestrel, "engineer")
    engineer = Person.objects.select_related("role").get(email="engineer@kestrel.test")
    for person, by in ((ana, engineer), (ana, ana), (with_app(boss), boss)):
        with pytest.raises(PermissionDenied):
            factors.reset(person, by=by, reason="Why not")
    with pytest.raises(ValueError, match="Say why"):
        factors.reset(ana, by=boss, reason="  ")
    assert factors.has_one(ana)


def test_a_stranger_sees_none_of_it(kestrel, ana, stranger):
    added(ana)
    pk = Passkey.objects.get().pk
    for path in (f"/you/security/passkeys/{pk}/", f"/you/security/passkeys/{pk}/remove/"):
        assert stranger.get(path).status_code == 404
    assert EMAIL not in stranger.get("/you/security/").content.decode()
