"""Somebody is sent off with three things nobody can guess, and believed when they come back with them."""

from urllib.parse import parse_qs, urlsplit

import pytest

from portal.accounts.openid import asking
from portal.accounts.openid.asking import Asked, Us
from portal.accounts.openid.discovery import Endpoints
from portal.accounts.openid.errors import OpenIdError

pytestmark = pytest.mark.pure
ENDPOINTS = Endpoints(
    "https://id.test", "https://id.test/auth", "https://id.test/token", "https://id.test/keys", "",
    ("RS256",), posts_secret=False, names_itself=False,
)  # fmt: skip
US = Us("portal", "https://kestrel.test/login/with/staff/back/", "openid email")
ASKED = Asked("state-1", "nonce-1", "verifier-1")


def refusal(answer, *, endpoints=ENDPOINTS):
    with pytest.raises(OpenIdError) as caught:
        asking.code_of(answer, state="state-1", endpoints=endpoints)
    return caught.value


def test_the_address_says_all_that_the_provider_has_to_know():
    query = parse_qs(urlsplit(asking.address(ENDPOINTS, US, ASKED)).query)
    assert query == {
        "response_type": ["code"], "client_id": ["portal"], "redirect_uri": [US.back],
        "scope": ["openid email"], "state": ["state-1"], "nonce": ["nonce-1"],
        "code_challenge": [asking.challenge("verifier-1")], "code_challenge_method": ["S256"],
    }  # fmt: skip


def test_an_address_that_has_a_question_already_keeps_it():
    asked = asking.address(
        ENDPOINTS._replace(authorization="https://id.test/auth?p=policy"), US, ASKED
    )
    assert asked.startswith("https://id.test/auth?p=policy&response_type=code")


def test_the_challenge_is_that_of_the_standards_example():
    # RFC 7636, appendix B
    assert asking.challenge("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk") == (
        "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
    )


def test_whoever_comes_back_with_the_state_has_a_code():
    answer = {"state": "state-1", "code": "c-1"}
    assert asking.code_of(answer, state="state-1", endpoints=ENDPOINTS) == "c-1"


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        ({"code": "c-1"}, "state"),
        ({"code": "c-1", "state": "state-2"}, "state"),
        ({"code": "c-1", "state": "ß"}, "state"),
        ({"error": "access_denied", "state": "state-2"}, "state"),
        ({"error": "access_denied", "state": "state-1"}, "denied"),
        ({"error": "server_error", "state": "state-1"}, "unavailable"),
        ({"error": "invalid_scope", "state": "state-1"}, "refused"),
        ({"state": "state-1"}, "no-code"),
        ({"code": "c-1", "state": "state-1", "iss": "https://evil.test"}, "mixed-up"),
    ],
)
def test_any_other_answer_is_refused_by_name(answer, code):
    assert refusal(answer).code == code


def test_what_the_provider_calls_its_error_is_repeated_only_where_it_is_a_word():
    assert "invalid_scope" in str(refusal({"error": "invalid_scope", "state": "state-1"}))
    assert "<b>" not in str(refusal({"error": "<b>", "state": "state-1"}))


def test_a_provider_that_names_itself_has_to():
    naming = ENDPOINTS._replace(names_itself=True)
    assert refusal({"state": "state-1", "code": "c"}, endpoints=naming).code == "mixed-up"
    answer = {"state": "state-1", "code": "c", "iss": "https://id.test"}
    assert asking.code_of(answer, state="state-1", endpoints=naming) == "c"


def test_a_code_is_exchanged_for_tokens_or_for_nothing():
    assert asking.tokens_of({"id_token": "i", "access_token": "a"}) == ("i", "a")
    assert asking.tokens_of({"id_token": "i"}) == ("i", "")
    for wrong in (None, {}, {"id_token": 7}, []):
        with pytest.raises(OpenIdError):
            asking.tokens_of(wrong)
