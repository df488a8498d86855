"""An ID token is believed when everything about it is right, and for no other."""

import pytest
from joserfc.errors import SecurityWarning
from joserfc.jwk import RSAKey

from portal.accounts.openid.errors import OpenIdError, UnknownKeyError
from portal.accounts.openid.proof import access_hash, claims_of, keys_of
from tests.openid.minting import (
    ACCESS,
    AT,
    CLAIMS,
    EC,
    EXPECTED,
    NOW,
    OTHER_RSA,
    PUBLIC,
    RSA,
    minted,
    signed_with_public_key,
    unsigned,
)

pytestmark = pytest.mark.pure


def refusal(token: str, *, keys=PUBLIC, expected=EXPECTED) -> str:
    with pytest.raises(OpenIdError) as caught:
        claims_of(token, keys, expected)
    assert str(caught.value).endswith(".")
    return caught.value.code


def test_the_moment_is_the_one_the_tests_reckon_with():
    assert AT.timestamp() == NOW


def test_a_right_proof_says_who_it_is():
    assert claims_of(minted(), PUBLIC, EXPECTED)["sub"] == "u-17"


@pytest.mark.parametrize(
    ("key", "algorithm"),
    [(RSA, "RS256"), (RSA, "RS512"), (RSA, "PS256"), (RSA, "PS384"), (EC, "ES256")],
)
def test_each_way_of_signing_with_a_key_of_ones_own_is_taken(key, algorithm):
    assert claims_of(minted(key=key, alg=algorithm), PUBLIC, EXPECTED)["sub"] == "u-17"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"iss": "https://id.kestrel.test/"}, "issuer"),
        ({"iss": None}, "issuer"),
        ({"aud": "another"}, "audience"),
        ({"aud": None}, "audience"),
        ({"aud": ["portal", "another"]}, "audience"),
        ({"aud": ["portal", "another"], "azp": "another"}, "audience"),
        ({"azp": "another"}, "audience"),
        ({"sub": None}, "subject"),
        ({"sub": ""}, "subject"),
        ({"sub": 17}, "subject"),
        ({"sub": "x" * 256}, "subject"),
        ({"exp": NOW - 60}, "expired"),
        ({"exp": None}, "time"),
        ({"exp": "soon"}, "time"),
        ({"exp": float("inf")}, "time"),
        ({"exp": float("nan")}, "time"),
        ({"exp": True}, "time"),
        ({"iat": None}, "time"),
        ({"iat": NOW + 61}, "early"),
        ({"iat": NOW - 661}, "expired"),
        ({"nbf": NOW + 61}, "early"),
        ({"nonce": "n-2"}, "nonce"),
        ({"nonce": None}, "nonce"),
        ({"at_hash": access_hash("another-token", "RS256")}, "access"),
        ({"at_hash": access_hash(ACCESS, "RS512")}, "access"),
    ],
)
def test_a_proof_with_one_thing_wrong_is_refused_by_name(changes, code):
    assert refusal(minted(changes)) == code


@pytest.mark.parametrize(
    "changes",
    [
        {"exp": NOW - 59},  # 60 seconds of skew
        {"iat": NOW + 60},
        {"iat": NOW - 660},  # 600 old, and 60 of skew
        {"nbf": NOW + 60},
        {"aud": ["portal"]},
        {"aud": ["another", "portal"], "azp": "portal"},
        {"azp": "portal"},
        {"at_hash": access_hash(ACCESS, "RS256")},
    ],
)
def test_its_twin_that_is_just_right_is_taken(changes):
    assert claims_of(minted(changes), PUBLIC, EXPECTED)["sub"] == "u-17"


def test_the_hash_of_the_access_token_is_that_of_the_standards_example():
    # OpenID Connect Core 1.0, A.3: access_token and at_hash of one answer, RS256
    assert access_hash("jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y", "RS256") == (
        "77QmUPtjPfzWtF2AnpK9RQ"
    )


def test_an_unsigned_proof_is_no_proof():
    assert refusal(unsigned(CLAIMS, alg="none")) == "algorithm"
    assert refusal(unsigned(CLAIMS, alg="RS256", kid="first")) == "signature"
    assert refusal(unsigned(CLAIMS)) == "algorithm"


def test_the_providers_public_key_is_no_secret_to_sign_with():
    assert refusal(signed_with_public_key()) == "algorithm"
    everything = EXPECTED._replace(algorithms=("HS256", "RS256", "none"))
    assert refusal(signed_with_public_key(), expected=everything) == "algorithm"


def test_a_way_of_signing_that_the_provider_does_not_name_is_refused():
    only = EXPECTED._replace(algorithms=("ES256",))
    assert refusal(minted(), expected=only) == "algorithm"


def test_a_proof_that_was_changed_is_refused():
    head, body, signature = minted().split(".")
    other = minted({"sub": "u-1"}).split(".")[1]
    assert refusal(f"{head}.{other}.{signature}") == "signature"
    assert refusal(f"{head}.{body}.{minted({'sub': 'u-1'}).split('.')[2]}") == "signature"


def test_another_key_under_the_same_name_is_refused():
    impostor = RSAKey.generate_key(2048, {"kid": "first"})
    assert refusal(minted(key=impostor)) == "signature"


def test_a_key_that_is_not_published_asks_for_the_keys_anew():
    with pytest.raises(UnknownKeyError):
        claims_of(minted(key=OTHER_RSA), PUBLIC, EXPECTED)
    rotated = [*PUBLIC, OTHER_RSA.as_dict(private=False)]
    assert claims_of(minted(key=OTHER_RSA), rotated, EXPECTED)["sub"] == "u-17"


def test_a_wrong_signature_without_a_name_may_be_that_of_a_new_key():
    assert refusal(minted(key=OTHER_RSA, kid=None)) == "unknown-key"


def test_without_a_name_the_only_fitting_key_counts_and_of_two_none():
    assert claims_of(minted(kid=None), PUBLIC, EXPECTED)["sub"] == "u-17"
    two = [*PUBLIC, OTHER_RSA.as_dict(private=False)]
    assert refusal(minted(kid=None), keys=two) == "unknown-key"


@pytest.mark.parametrize("wrong", [{"use": "enc"}, {"alg": "RS512"}, {"kty": "oct", "k": "AAAA"}])
def test_a_key_that_is_for_something_else_does_not_count(wrong):
    assert refusal(minted(), keys=[{**PUBLIC[0], **wrong}]) == "unknown-key"


def test_a_short_key_is_not_trusted():
    with pytest.warns(SecurityWarning):
        short = RSAKey.generate_key(1024, {"kid": "short"})
    token = minted()
    assert refusal(token, keys=[{**short.as_dict(private=False), "kid": "first"}]) == "weak-key"


def test_a_key_that_is_none_is_refused_in_words():
    broken = [{"kty": "RSA", "kid": "first", "n": "!", "e": "AQAB"}]
    assert refusal(minted(), keys=broken) in {"keys", "weak-key"}
    assert refusal(minted(), keys=[{"kty": "RSA", "kid": "first"}]) == "keys"


@pytest.mark.parametrize(
    "token", ["", "a.b", "a.b.c.d", "!.!.!", "W10.e30.x", "x" * 70_000, "....", "\u00e4.b.c"]
)
def test_what_is_no_token_is_refused(token):
    assert refusal(token) == "token"


def test_a_header_that_demands_more_than_we_know_is_refused():
    header = {"alg": "RS256", "kid": "first", "crit": ["exp"], "exp": 1}
    assert refusal(unsigned(CLAIMS, **header)) == "token"


def test_keys_are_read_and_what_is_none_is_refused():
    assert keys_of({"keys": [{"kty": "RSA"}, "none"]}) == [{"kty": "RSA"}]
    for wrong in (None, [], {"keys": "x"}, {}):
        with pytest.raises(OpenIdError):
            keys_of(wrong)
