"""Passkeys: adding them, signing in by them, and everything that is not one."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.accounts.domain import passkeys
from portal.accounts.domain.passkeys import NotAcceptedError, Place
from portal.accounts.models import Passkey, Person, RecoveryCode, Session
from tests.accounts.soft_key import SoftKey
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
from tests.people import PASSWORD

pytestmark = pytest.mark.db
PLACE = Place("kestrel.localhost", "http://kestrel.localhost", "Kestrel Point")


@pytest.fixture
def ana(kestrel, stopped):
    return person_of(kestrel)


@pytest.fixture
def here(kestrel, ana):
    """Ana's browser, signed in by her password."""
    client = browser(kestrel)
    enter(client)
    return client


@pytest.fixture
def key(ana):
    """A passkey of Ana's."""
    return added(ana)


@pytest.fixture
def elsewhere(kestrel):
    """A browser that nobody has signed in with."""
    return browser(kestrel)


def added(person, name="Laptop"):
    made = SoftKey()
    asked = passkeys.ask_to_add(person, PLACE)
    passkeys.add(person, PLACE, state=asked.state, answer=made.create(asked.options), name=name)
    return made


def asked_of(client, address="/login/passkey/options/"):
    return client.post(address).json()


def show(client, answer, onward=""):
    return client.post("/login/passkey/", {"credential": answer, "next": onward})


def test_a_passkey_is_added_by_its_page_and_recovery_codes_are_shown_with_the_first(here, ana):
    made = SoftKey()
    options = asked_of(here, "/you/security/passkeys/options/")
    assert options["publicKey"]["rp"] == {"id": "kestrel.localhost", "name": "Kestrel Point"}
    assert options["publicKey"]["authenticatorSelection"]["userVerification"] == "required"
    assert options["publicKey"]["authenticatorSelection"]["residentKey"] == "required"
    answer = here.post(
        "/you/security/passkeys/add/", {"name": "Laptop", "credential": made.create(options)}
    )
    assert answer.url == "/you/security/codes/"
    assert len(texts(page(here.get(answer.url)), ".safe-codes li")) == 10
    assert here.get(answer.url).url == "/you/security/"  # they were shown once
    stored = Passkey.objects.get()
    assert (stored.person, stored.name, stored.host) == (ana, "Laptop", "kestrel.localhost")


def test_a_second_passkey_leaves_the_recovery_codes_as_they_are(here, ana, key):
    RecoveryCode.objects.create(person=ana, digest="x", made_at=ana.sessions.get().seen_at)
    options = asked_of(here, "/you/security/passkeys/options/")
    assert [one["id"] for one in options["publicKey"]["excludeCredentials"]]
    answer = here.post(
        "/you/security/passkeys/add/", {"name": "Key", "credential": SoftKey().create(options)}
    )
    assert answer.url == "/you/security/"
    assert RecoveryCode.objects.count() == 1


def test_a_passkey_alone_signs_in(elsewhere, key):
    options = asked_of(elsewhere)
    assert "allowCredentials" not in options["publicKey"]
    assert show(elsewhere, key.get(options), "/orders/").url == "/orders/"
    assert is_in(elsewhere)
    assert Session.objects.filter(how="passkey").count() == 1
    assert Passkey.objects.get().uses == 1


def test_after_the_password_a_passkey_is_the_second_step(elsewhere, key):
    assert enter(elsewhere, onward="/orders/").url == "/login/passkey/"
    assert EMAIL in page(elsewhere.get("/login/passkey/")).select_one("main").text
    options = asked_of(elsewhere)
    assert len(options["publicKey"]["allowCredentials"]) == 1
    assert show(elsewhere, key.get(options)).url == "/orders/"
    assert Session.objects.filter(how="password and passkey").count() == 1


def test_whoever_has_both_is_asked_for_the_code_and_may_use_the_passkey(elsewhere, ana, key):
    with_app(ana)
    assert enter(elsewhere).url == "/login/code/"
    assert page(elsewhere.get("/login/code/")).select_one("a[href='/login/passkey/']")
    assert show(elsewhere, key.get(asked_of(elsewhere))).url == "/"
    assert enter_code(elsewhere, code_at()).url == "/"


def test_somebody_elses_passkey_is_no_second_step(kestrel, elsewhere, ana, key):
    ben = Person.objects.create_person(
        email="ben@kestrel.test", name="Ben", role=ana.role, password=PASSWORD
    )
    bens = added(ben)
    enter(elsewhere)
    answer = show(elsewhere, bens.get(asked_of(elsewhere)))
    assert answer.status_code == 422
    assert f"That passkey is not one of {EMAIL}" in answer.content.decode()
    assert not is_in(elsewhere)


def test_an_answer_counts_once(elsewhere, kestrel, key):
    answer = key.get(asked_of(elsewhere))
    show(elsewhere, answer)
    elsewhere.post("/logout/")
    again = show(elsewhere, answer)
    assert (again.status_code, is_in(elsewhere)) == (422, False)


def test_an_answer_to_another_browser_is_not_taken(elsewhere, kestrel, key):
    other = browser(kestrel)
    asked_of(other)
    assert show(other, key.get(asked_of(elsewhere))).status_code == 422
    assert not is_in(other)


def test_an_answer_after_five_minutes_is_too_late(elsewhere, key, stopped):
    answer = key.get(asked_of(elsewhere))
    stopped.move(301)
    refused = show(elsewhere, answer)
    assert "That took too long" in refused.content.decode()
    assert not is_in(elsewhere)


def test_an_answer_without_a_question_is_refused(elsewhere, key):
    options = passkeys.ask_to_use(PLACE).options
    assert show(elsewhere, key.get(options)).status_code == 422


def test_a_key_that_did_not_check_who_is_there_is_refused(elsewhere, key):
    key.verifies = False
    assert show(elsewhere, key.get(asked_of(elsewhere))).status_code == 422


def test_a_browser_that_was_lured_to_another_site_is_refused(elsewhere, key):
    key.origin = "http://kestrel.localhost.evil.test"
    assert show(elsewhere, key.get(asked_of(elsewhere))).status_code == 422
    key.origin = "https://kestrel.localhost:8443"
    assert show(elsewhere, key.get(asked_of(elsewhere))).status_code == 422


def test_a_key_whose_count_does_not_go_up_was_copied(elsewhere, key):
    key.uses = 7
    assert show(elsewhere, key.get(asked_of(elsewhere))).status_code == 302
    elsewhere.post("/logout/")
    key.uses = 7  # as if another device had the same key at 8
    answer = show(elsewhere, key.get(asked_of(elsewhere)))
    assert "may have been copied" in answer.content.decode()
    assert not is_in(elsewhere)
    assert Passkey.objects.get().uses == 8


def test_a_key_that_never_counts_is_fine(elsewhere, key):
    key.counts = False
    for _ in range(2):
        assert show(elsewhere, key.get(asked_of(elsewhere))).status_code == 302
        elsewhere.post("/logout/")


def test_a_removed_key_and_one_of_somebody_who_left_sign_nobody_in(elsewhere, key):
    Person.objects.update(is_active=False)
    assert show(elsewhere, key.get(asked_of(elsewhere))).status_code == 422
    Person.objects.update(is_active=True)
    Passkey.objects.all().delete()
    assert show(elsewhere, key.get(asked_of(elsewhere))).status_code == 422


def test_a_key_with_the_id_of_another_and_its_own_signature_is_refused(elsewhere, key):
    thief = SoftKey()
    thief.id, thief.handle = key.id, key.handle
    assert show(elsewhere, thief.get(asked_of(elsewhere))).status_code == 422


def test_a_passkey_of_one_partner_opens_nothing_at_another(kestrel, aurora, key):
    there = browser(aurora)
    key.origin = "http://aurora.localhost"
    assert show(there, key.get(asked_of(there))).status_code == 422


def test_thirty_answers_that_are_none_make_the_sender_wait(elsewhere, key):
    for _ in range(30):
        asked_of(elsewhere)
        assert show(elsewhere, "{}").status_code == 422
    assert show(elsewhere, key.get(asked_of(elsewhere))).status_code == 429


def test_an_account_that_waits_for_its_password_is_open_to_its_passkeys(elsewhere, key):
    for _ in range(5):
        enter(elsewhere, "wrong")
    assert enter(elsewhere).status_code == 429
    assert show(elsewhere, key.get(asked_of(elsewhere))).status_code == 302


def test_the_same_key_is_added_once(ana, key):
    asked = passkeys.ask_to_add(ana, PLACE)
    with pytest.raises(NotAcceptedError, match="added already"):
        passkeys.add(ana, PLACE, state=asked.state, answer=key.create(asked.options), name="Again")


@pytest.mark.parametrize("wrong", ["origin", "challenge", "verification"])
def test_a_new_key_is_kept_only_as_it_was_asked_for(ana, wrong):
    made = SoftKey("http://evil.test" if wrong == "origin" else "http://kestrel.localhost")
    made.verifies = wrong != "verification"
    asked = passkeys.ask_to_add(ana, PLACE)
    other = passkeys.ask_to_add(ana, PLACE)
    answer = made.create((other if wrong == "challenge" else asked).options)
    with pytest.raises(NotAcceptedError):
        passkeys.add(ana, PLACE, state=asked.state, answer=answer, name="Bad")
    assert not Passkey.objects.exists()


def test_nobody_has_more_than_twenty(ana, key):
    for number in range(19):
        Passkey.objects.create(
            person=ana, name=f"n{number}", host="x", credential=b"", credential_id=bytes([number]),
            added_at="2026-12-01T09:00:00Z",
        )  # fmt: skip
    with pytest.raises(NotAcceptedError, match="You have 20 passkeys"):
        added(ana)


def test_passkeys_are_renamed_and_removed_by_their_owner_only(kestrel, here, ana, key):
    ben = Person.objects.create_person(
        email="ben@kestrel.test", name="Ben", role=ana.role, password=PASSWORD
    )
    added(ben, "Ben's")
    mine, theirs = (Passkey.objects.get(person=person).pk for person in (ana, ben))
    here.post(f"/you/security/passkeys/{mine}/", {"name": "Desk"})
    assert Passkey.objects.get(pk=mine).name == "Desk"
    assert here.post(f"/you/security/passkeys/{theirs}/", {"name": "Mine"}).status_code == 404
    assert here.post(f"/you/security/passkeys/{theirs}/remove/").status_code == 404
    assert here.post(f"/you/security/passkeys/{mine}/remove/").status_code == 302
    assert list(Passkey.objects.values_list("name", flat=True)) == ["Ben's"]


def test_a_passkey_made_at_another_host_is_not_offered_here(elsewhere, ana, key):
    Passkey.objects.update(host="orders.kestrel.example")
    assert enter(elsewhere).url == "/login/code/"  # by a recovery code, then
    soup = page(elsewhere.get("/login/code/"))
    assert not soup.select("a[href='/login/passkey/']")


def test_a_customers_person_adds_a_passkey_and_signs_in_by_it(kestrel, stopped, elsewhere):
    person_of(kestrel, "viewer", customer_id=kestrel.harbor)
    client, made = browser(kestrel), SoftKey()
    enter(client)
    options = asked_of(client, "/you/security/passkeys/options/")
    client.post(
        "/you/security/passkeys/add/", {"name": "Phone", "credential": made.create(options)}
    )
    assert show(elsewhere, made.get(asked_of(elsewhere))).url == "/"
    assert elsewhere.get("/home/").status_code == 200


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=8,
)


@settings(
    max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(
    JSON, st.binary(max_size=80), st.sampled_from(["rawId", "clientDataJSON", "authenticatorData"])
)
def test_whatever_is_sent_instead_of_an_answer_is_refused_in_words(key, junk, some, name):
    from fido2.utils import websafe_encode

    asked = passkeys.ask_to_use(PLACE)
    good = json.loads(key.get(asked.options))
    good["response" if name != "rawId" else "rawId"] = junk
    spoilt = json.loads(key.get(asked.options))
    place = spoilt if name == "rawId" else spoilt["response"]
    place[name] = websafe_encode(some)
    for answer in (json.dumps(junk), json.dumps(good), json.dumps(spoilt), "no json", ""):
        with pytest.raises(NotAcceptedError):
            passkeys.use(PLACE, state=asked.state, answer=answer)
        with pytest.raises(NotAcceptedError):
            passkeys.add(Person(), PLACE, state=asked.state, answer=answer, name="x")
