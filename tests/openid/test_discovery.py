"""A provider's description is taken when it is that of the issuer and leads nowhere without TLS."""

import pytest

from portal.accounts.openid import discovery
from portal.accounts.openid.errors import OpenIdError

pytestmark = pytest.mark.pure
ISSUER = "https://id.kestrel.test/realms/staff"
SAID = {
    "issuer": ISSUER,
    "authorization_endpoint": f"{ISSUER}/auth",
    "token_endpoint": f"{ISSUER}/token",
    "jwks_uri": f"{ISSUER}/certs",
    "userinfo_endpoint": f"{ISSUER}/userinfo",
    "response_types_supported": ["code", "id_token"],
    "code_challenge_methods_supported": ["plain", "S256"],
    "id_token_signing_alg_values_supported": ["HS256", "none", "ES256", "RS256"],
    "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
}


def read(**changes):
    said = {name: value for name, value in {**SAID, **changes}.items() if value is not None}
    return discovery.read(said, issuer=ISSUER)


def test_a_right_description_says_where_everything_is():
    found = read()
    assert found.token == f"{ISSUER}/token"
    assert found.algorithms == ("RS256", "ES256")  # never HS256, never none
    assert not found.posts_secret
    assert not found.names_itself


@pytest.mark.parametrize("issuer", ["https://id.kestrel.test/x", "https://id.kestrel.test/x/"])
def test_it_stands_at_the_well_known_place(issuer):
    assert discovery.address(issuer) == (
        "https://id.kestrel.test/x/.well-known/openid-configuration"
    )


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"issuer": f"{ISSUER}/"}, "issuer"),
        ({"issuer": "https://login.example.test/{tenantid}/v2.0"}, "issuer"),
        ({"issuer": None}, "issuer"),
        ({"token_endpoint": None}, "discovery"),
        ({"jwks_uri": ""}, "discovery"),
        ({"authorization_endpoint": 7}, "discovery"),
        ({"token_endpoint": "http://id.kestrel.test/token"}, "no-tls"),
        ({"userinfo_endpoint": "http://id.kestrel.test/me"}, "no-tls"),
        ({"authorization_endpoint": "javascript:alert(1)"}, "no-tls"),
        ({"jwks_uri": "file:///etc/passwd"}, "no-tls"),
        ({"jwks_uri": "https:///certs"}, "no-tls"),
        ({"response_types_supported": ["id_token"]}, "no-code"),
        ({"code_challenge_methods_supported": ["plain"]}, "no-pkce"),
        ({"id_token_signing_alg_values_supported": ["HS256", "none"]}, "algorithm"),
    ],
)
def test_a_description_with_one_thing_wrong_is_refused_by_name(changes, code):
    with pytest.raises(OpenIdError) as caught:
        read(**changes)
    assert caught.value.code == code


@pytest.mark.parametrize("said", [None, [], "x", 7])
def test_what_is_no_description_is_refused(said):
    with pytest.raises(OpenIdError):
        discovery.read(said, issuer=ISSUER)


def test_what_a_provider_need_not_say_has_its_usual_value():
    found = read(
        userinfo_endpoint=None, response_types_supported=None,
        code_challenge_methods_supported=None, id_token_signing_alg_values_supported=None,
        token_endpoint_auth_methods_supported=None,
    )  # fmt: skip
    assert (found.userinfo, found.algorithms, found.posts_secret) == ("", ("RS256",), False)


def test_the_secret_goes_into_the_body_where_the_provider_knows_nothing_else():
    assert read(token_endpoint_auth_methods_supported=["client_secret_post"]).posts_secret


def test_without_tls_the_addresses_have_to_be_the_issuers_own():
    home = "http://127.0.0.1:9400"
    said = {
        "issuer": home, "authorization_endpoint": f"{home}/a", "token_endpoint": f"{home}/t",
        "jwks_uri": f"{home}/k",
    }  # fmt: skip
    assert discovery.read(said, issuer=home).keys == f"{home}/k"
    with pytest.raises(OpenIdError):
        discovery.read({**said, "jwks_uri": "http://10.0.0.1/k"}, issuer=home)
