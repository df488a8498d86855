"""What a provider says of somebody, and which rule fits it."""

import pytest

from portal.accounts.openid import claims
from portal.accounts.openid.claims import Rule

pytestmark = pytest.mark.pure
SAID = {
    "groups": ["ops", "Admins"],
    "department": "Support",
    "realm_access": {"roles": ["operator"]},
    "https://kestrel.test/roles": ["lead"],
    "orgs": {"north": {}, "south": {}},
    "level": 3,
    "staff": True,
}


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("groups", ["ops", "Admins"]),
        ("department", ["Support"]),
        ("realm_access.roles", ["operator"]),
        ("https://kestrel.test/roles", ["lead"]),
        ("orgs", ["north", "south"]),
        ("level", ["3"]),
        ("staff", ["true"]),
        ("nothing", []),
        ("realm_access.nothing", []),
        ("department.more", []),
    ],
)
def test_values_are_found_where_providers_put_them(path, found):
    assert claims.texts(SAID, path) == found


def test_the_first_rule_that_fits_counts_and_capitals_do():
    admins, ops = Rule("groups", "Admins", 1), Rule("groups", "ops", 2)
    assert claims.first_fitting(SAID, [Rule("groups", "admins", 9), ops, admins]) == ops
    assert claims.first_fitting(SAID, [admins, ops]) == admins
    assert claims.first_fitting(SAID, [Rule("groups", "op", 9), Rule("group", "ops", 9)]) is None
    assert claims.first_fitting({}, [admins, ops]) is None


@pytest.mark.parametrize(
    ("said", "is_proven"),
    [
        ({"email_verified": True}, True),
        ({"email_verified": False}, False),
        ({"email_verified": "true"}, False),
        ({"email_verified": 1}, False),
        ({}, False),
        ({"iss": "https://login.microsoftonline.com/t/v2.0", "xms_edov": True}, True),
        ({"iss": "https://login.microsoftonline.com/t/v2.0", "xms_edov": "1"}, True),
        ({"iss": "https://login.microsoftonline.com/t/v2.0", "xms_edov": False}, False),
        ({"iss": "https://login.microsoftonline.com.evil.test", "xms_edov": True}, False),
    ],
)
def test_an_address_is_proven_when_the_provider_says_so_and_not_nearly_so(said, is_proven):
    assert claims.is_proven(said) is is_proven


@pytest.mark.parametrize("wrong", [None, 7, "no-at", "a@b@c", "x" * 250 + "@k.test"])
def test_what_is_no_address_is_none(wrong):
    assert claims.email({"email": wrong}) == ""


def test_an_address_is_in_small_letters():
    assert claims.email({"email": " Ana@Kestrel.Test "}) == "ana@kestrel.test"


def test_people_are_called_what_the_provider_calls_them():
    assert claims.name({"name": " Ana  Ruiz "}) == "Ana Ruiz"
    assert claims.name({"given_name": "Ana", "family_name": "Ruiz"}) == "Ana Ruiz"
    assert claims.name({"email": "ana@kestrel.test"}) == "ana@kestrel.test"
    assert len(claims.name({"name": "x" * 200})) == 80


@pytest.mark.parametrize(
    ("said", "showed"),
    [
        ({"amr": ["pwd", "mfa"]}, True),
        ({"amr": ["pwd"]}, False),
        ({"amr": "mfa-not-really"}, False),
        ({"acr": "phr"}, True),
        ({"acr": "http://schemas.openid.net/pape/policies/2007/06/multi-factor"}, True),
        ({"acr": "1"}, False),
        ({}, False),
    ],
)
def test_a_second_step_there_is_one_that_the_provider_names(said, showed):
    assert claims.showed_second_step(said) is showed


def test_what_is_said_beside_the_proof_adds_to_it_and_changes_nothing():
    proof = {"sub": "u", "iss": "i", "groups": ["a"]}
    more = {"sub": "u", "groups": ["b"], "name": "Ana", "amr": ["mfa"], "acr": "mfa", "iss": "j"}
    assert claims.joined(proof, more) == {"sub": "u", "iss": "i", "groups": ["a"], "name": "Ana"}


def test_an_address_of_one_is_not_proven_by_the_other():
    proven = {"email": "boss@k.test", "email_verified": True}
    unproven = {"email": "me@k.test"}
    assert claims.joined(unproven, proven) == unproven
    assert claims.joined({"email_verified": True}, unproven) == unproven
    assert claims.joined({"sub": "u"}, proven) == {"sub": "u", **proven}
