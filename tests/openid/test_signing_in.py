"""Signing in by a provider that runs beside us and speaks the protocol, from the button to the page."""

from urllib.parse import parse_qs, urlsplit

import pytest

from portal.accounts.domain import inviting
from portal.accounts.models import Identity, Person, Role, Session
from portal.core import clock
from tests.accounts.conftest import person
from tests.accounts.walking import (
    browser,
    code_at,
    enter,
    enter_code,
    is_in,
    person_of,
    with_app,
)
from tests.openid.coming import BACK, BEGIN, PROVEN, change, refused, through
from tests.pages.scenery import page

pytestmark = pytest.mark.db


def test_the_login_page_has_a_button_that_leads_to_the_provider(here, local):
    link = page(here.get("/login/?next=/orders/")).select_one(".safe-with a")
    assert link.text == "Log in with Kestrel ID"
    there = urlsplit(here.get(link["href"]).url)
    assert f"{there.scheme}://{there.netloc}" == local.issuer
    query = parse_qs(there.query)
    assert query["redirect_uri"] == ["http://kestrel.localhost" + BACK]
    assert query["code_challenge_method"] == ["S256"]


def test_whoever_has_the_proven_address_is_in_and_goes_where_they_were_going(here, local, ana):
    local.knows("u-1", **PROVEN)
    assert through(here, local, "u-1", onward="/orders/").url == "/orders/"
    assert is_in(here)
    assert Session.objects.get(person=ana).how == "Kestrel ID"
    assert Identity.objects.get(person=ana).subject == "u-1"


def test_afterwards_the_subject_counts_and_no_address(kestrel, here, local, ana):
    local.knows("u-1", **PROVEN)
    through(here, local, "u-1")
    local.knows("u-1", email="someone.else@elsewhere.test", email_verified=False)
    again = browser(kestrel)
    assert through(again, local, "u-1").url == "/"
    assert is_in(again)


def test_another_account_with_the_same_address_does_not_open_what_the_first_one_opened(
    kestrel, here, local, ana
):
    local.knows("u-1", **PROVEN)
    through(here, local, "u-1")
    local.knows("u-2", **PROVEN)
    other = browser(kestrel)
    assert "belongs to another account" in refused(through(other, local, "u-2"))
    assert not is_in(other)


@pytest.mark.parametrize(
    ("claims", "words"),
    [
        ({"email_verified": False}, "has not checked that ana@kestrel.test is yours"),
        ({"email_verified": "true"}, "has not checked"),
        ({"email_verified": None}, "has not checked"),
        ({"email": "ana@elsewhere.test"}, "lets nobody in here by an address"),
        ({"email": "ana@kestrel.test.elsewhere.test"}, "lets nobody in here by an address"),
        ({"email": "ana"}, "does not say your address"),
        ({"email": "nobody@kestrel.test"}, "Nobody here has the address"),
    ],
)
def test_an_address_that_is_not_proven_opens_nothing(here, local, ana, claims, words):
    local.knows("u-3", **{**PROVEN, **claims})
    assert words in refused(through(here, local, "u-3"))
    assert not is_in(here)
    assert not Identity.objects.exists()


def test_nobody_of_a_customer_is_opened_by_the_partners_provider(kestrel, kestrel_id, local):
    change(kestrel_id, email_domains=["kestrel.test", "harbor.test"])
    owner = person_of(kestrel, "owner", customer_id=kestrel.harbor)
    Person.objects.filter(pk=owner.pk).update(email="hanna@harbor.test")
    local.knows("u-9", email="hanna@harbor.test", email_verified=True)
    one = browser(kestrel)
    assert "with a password or a passkey" in refused(through(one, local, "u-9"))
    assert not is_in(one)
    assert not Identity.objects.exists()


def test_whoever_left_stays_out(here, local, ana):
    local.knows("u-1", **PROVEN)
    Person.objects.filter(pk=ana.pk).update(is_active=False)
    assert "Your access here has ended" in refused(through(here, local, "u-1"))
    assert not is_in(here)


def test_a_person_of_one_partner_is_nobody_at_another(aurora, here, local, ana):
    local.knows("u-1", **PROVEN)
    through(here, local, "u-1")
    assert browser(aurora).get(BEGIN).status_code == 404


# What an attacker sends


def test_a_state_that_this_browser_did_not_begin_is_refused(kestrel, here, local, ana):
    local.knows("u-1", **PROVEN)
    answer = local.signs_in(here.get(BEGIN).url, "u-1")
    victim = browser(kestrel)
    assert "not a sign-in that this browser began" in refused(victim.get(BACK, answer))
    assert not is_in(victim)
    assert "not a sign-in" in refused(here.get(BACK, {**answer, "state": "made-up"}))
    assert "not a sign-in" in refused(here.get(BACK, {"code": answer["code"]}))
    assert here.get(BACK, answer).url == "/"  # the right one is good all the same


def test_an_answer_is_good_once(kestrel, here, local, ana):
    local.knows("u-1", **PROVEN)
    answer = local.signs_in(here.get(BEGIN).url, "u-1")
    assert here.get(BACK, answer).url == "/"
    here.post("/logout/")
    assert "not a sign-in" in refused(here.get(BACK, answer))
    assert not is_in(here)


def test_a_code_that_was_used_is_refused_by_the_provider(kestrel, here, local, ana):
    local.knows("u-1", **PROVEN)
    used = local.signs_in(here.get(BEGIN).url, "u-1")
    here.get(BACK, used)
    thief = browser(kestrel)
    own = parse_qs(urlsplit(thief.get(BEGIN).url).query)["state"][0]
    assert "used before" in refused(thief.get(BACK, {"code": used["code"], "state": own}))
    assert not is_in(thief)


def test_a_code_of_another_sign_in_does_not_fit_this_one(kestrel, here, local, ana):
    """Its nonce is that of the browser that began."""
    local.knows("u-1", **PROVEN)
    stolen = local.signs_in(here.get(BEGIN).url, "u-1")
    thief = browser(kestrel)
    own = parse_qs(urlsplit(thief.get(BEGIN).url).query)["state"][0]
    assert "another sign-in" in refused(thief.get(BACK, {"code": stolen["code"], "state": own}))
    assert not is_in(thief)


def test_after_ten_minutes_it_is_too_late(kestrel, kestrel_id, local, ana):
    local.knows("u-1", **PROVEN)
    with clock.freeze(clock.now()) as frozen:
        one = browser(kestrel)
        answer = local.signs_in(one.get(BEGIN).url, "u-1")
        frozen.move(601)
        assert one.get(BACK, answer).status_code == 422
        assert not is_in(one)


def test_whoever_is_in_already_stays_who_they_are(kestrel, here, local, ana):
    local.knows("u-1", **PROVEN)
    answer = local.signs_in(here.get(BEGIN).url, "u-1")
    victim = browser(kestrel)
    other = person("engineer", name="Eve")
    victim.force_login(other, backend="portal.accounts.backends.EmailBackend")
    assert victim.get(BACK, answer).url == "/"
    assert Session.objects.filter(person=other).exists()
    assert not Session.objects.filter(person=ana).exists()


@pytest.mark.parametrize("onward", ["https://evil.test/", "//evil.test/", "javascript:alert(1)"])
def test_nobody_is_led_elsewhere(here, local, ana, onward):
    local.knows("u-1", **PROVEN)
    assert through(here, local, "u-1", onward=onward).url == "/"


def test_whoever_says_no_there_is_told_so(here, local):
    address = here.get(BEGIN).url
    state = parse_qs(urlsplit(address).query)["state"][0]
    answer = local.says_no(address) | {"state": state}  # which this provider forgets to send along
    assert "did not let you in" in refused(here.get(BACK, answer))


def test_thirty_wrong_answers_from_one_place_make_it_wait(here, local):
    statuses = [here.get(BACK, {"state": "x", "code": "y"}).status_code for _ in range(31)]
    assert statuses == [422] * 30 + [429]
    assert here.get(BACK, {"state": "x", "code": "y"})["Retry-After"]


# A provider that does not work


def test_a_provider_that_is_down_is_said_to_be(here, local, ana):
    address = here.get(BEGIN).url
    local.knows("u-1", **PROVEN)
    answer = local.signs_in(address, "u-1")
    local.stop()
    assert "does not answer" in refused(here.get(BACK, answer), 503)
    assert not is_in(here)


def test_a_provider_that_is_down_is_left_alone_for_ten_seconds(here, local):
    with clock.freeze(clock.now()) as frozen:
        local.stop()
        refused(here.get(BEGIN), 503)
        local.start()
        frozen.move(9)
        refused(here.get(BEGIN), 503)
        frozen.move(2)
        assert here.get(BEGIN).status_code == 302


def test_new_keys_of_the_provider_are_asked_for_once(kestrel, here, local, ana):
    local.knows("u-1", **PROVEN)
    through(here, local, "u-1")
    local.stop()
    local.start()  # another key, which is not among those we remember
    local.knows("u-1", **PROVEN)
    again = browser(kestrel)
    assert through(again, local, "u-1").url == "/"
    assert is_in(again)


def test_a_provider_on_a_machine_that_nobody_allowed_is_not_called(here, monkeypatch):
    from portal.core import guard

    monkeypatch.setattr(guard, "_allowed", tuple)
    guard.forget()
    assert here.get(BEGIN).status_code == 422


def test_a_provider_that_is_off_has_neither_button_nor_page(here, kestrel_id):
    change(kestrel_id, is_on=False)
    assert page(here.get("/login/")).select(".safe-with a") == []
    assert here.get(BEGIN).status_code == here.get(BACK).status_code == 404


# The second step


def test_our_own_second_step_is_asked_after_it(kestrel, kestrel_id, here, local, ana, stopped_now):
    with_app(ana)
    local.knows("u-1", **PROVEN, amr=["pwd", "mfa"])
    assert through(here, local, "u-1", onward="/orders/").url == "/login/code/"
    assert not is_in(here)
    assert enter_code(here, code_at()).url == "/orders/"
    assert Session.objects.get(person=ana).how == "Kestrel ID and code"


@pytest.mark.parametrize(
    ("trusted", "means", "is_enough"),
    [(True, ["pwd", "mfa"], True), (True, ["pwd"], False), (False, ["pwd", "mfa"], False)],
)
def test_a_second_step_there_counts_where_the_provider_is_trusted_with_it_and_names_it(
    kestrel, kestrel_id, here, local, ana, trusted, means, is_enough
):
    change(kestrel_id, trusts_second_step=trusted)
    Role.objects.filter(slug="operator").update(requires_mfa=True)
    local.knows("u-1", **PROVEN, amr=means)
    through(here, local, "u-1")
    assert (here.get("/desk/").status_code == 200) is is_enough
    if not is_enough:
        assert here.get("/desk/").url == "/you/security/"


@pytest.fixture
def stopped_now():
    """A clock that stands still at the provider's time, which is the machine's."""
    with clock.freeze(clock.now()) as frozen:
        yield frozen


# The only way in


def test_where_it_is_the_only_way_staff_come_in_by_nothing_else(kestrel, kestrel_id, local, ana):
    change(kestrel_id, is_only_way=True)
    one = browser(kestrel)
    answer = enter(one)
    assert answer.status_code == 422
    assert "log in with Kestrel ID" in answer.content.decode()
    assert not is_in(one)
    local.knows("u-1", **PROVEN)
    through(one, local, "u-1")
    assert is_in(one)


def test_a_wrong_password_learns_nothing_of_it(kestrel, kestrel_id, ana):
    change(kestrel_id, is_only_way=True)
    answer = enter(browser(kestrel), "wrong")
    assert "Email and password do not go together" in answer.content.decode()


def test_customers_come_in_by_their_passwords_all_the_same(kestrel, kestrel_id):
    change(kestrel_id, is_only_way=True)
    person_of(kestrel, "viewer", customer_id=kestrel.harbor)
    one = browser(kestrel)
    enter(one)
    assert is_in(one)


def test_who_manages_people_and_has_a_second_step_breaks_the_glass(
    kestrel, kestrel_id, stopped_now
):
    change(kestrel_id, is_only_way=True)
    boss = person_of(kestrel, "admin")
    one = browser(kestrel)
    assert enter(one).status_code == 422  # without a second step there is no glass to break
    with_app(boss)
    assert enter(one).url == "/login/code/"
    assert enter_code(one, code_at()).url == "/"


def test_an_invitation_to_staff_says_where_to_come_in(kestrel, kestrel_id):
    change(kestrel_id, is_only_way=True)
    ada = person("admin", name="Ada")
    role = Role.objects.get(slug="engineer")
    _, token = inviting.invite(ada, email="ana@kestrel.test", name="Ana", role=role)
    answer = browser(kestrel).get(f"/join/{token}/")
    assert answer.status_code == 410
    assert "Log in with Kestrel ID instead" in answer.content.decode()
