"""What a provider says about itself (OpenID Connect Discovery 1.0), checked."""

from collections.abc import Mapping
from typing import Any, Final, NamedTuple
from urllib.parse import urlsplit

from portal.accounts.openid.errors import OpenIdError
from portal.core.words import gettext_noop

WELL_KNOWN: Final = "/.well-known/openid-configuration"
# Signatures with a key of the provider's alone. Never `none`, and never HS*: there the key is our own secret,
# and whoever mixes it up with the provider's public key signs whatever they like.
ALGORITHMS: Final = (
    "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512",
)  # fmt: skip
_USUAL: Final = ["RS256"]  # what every provider has, where it does not say


class Endpoints(NamedTuple):
    """Where a provider is asked what. `algorithms`: how it may sign; `posts_secret`: in which way it wants
    our secret; `names_itself`: it puts its name beside each code (RFC 9207)."""

    issuer: str
    authorization: str
    token: str
    keys: str
    userinfo: str
    algorithms: tuple[str, ...]
    posts_secret: bool
    names_itself: bool


def address(issuer: str) -> str:
    """Where the provider of that name describes itself."""
    return issuer.rstrip("/") + WELL_KNOWN


def read(said: Any, *, issuer: str) -> Endpoints:
    """The provider's description, which has to be that of `issuer`, to the letter.

    OpenIdError for another issuer's, for one that lacks what is needed, and for addresses without TLS; an
    issuer without TLS may have those of its own host.
    """
    if not isinstance(said, Mapping):
        raise OpenIdError(
            "discovery", gettext_noop("What is at this address is not a provider’s description.")
        )
    if said.get("issuer") != issuer:
        named = str(said.get("issuer", "nobody"))[:200]
        raise OpenIdError(
            "issuer",
            gettext_noop(
                "The provider calls itself %(named)s, and not %(issuer)s. Enter it as it says."
            ),
            named=named,
            issuer=issuer,
        )
    _must_do_codes(said)
    return Endpoints(
        issuer=issuer,
        authorization=_endpoint(said, "authorization_endpoint", issuer),
        token=_endpoint(said, "token_endpoint", issuer),
        keys=_endpoint(said, "jwks_uri", issuer),
        userinfo=_endpoint(said, "userinfo_endpoint", issuer, needed=False),
        algorithms=_algorithms(said),
        posts_secret=_posts_secret(said),
        names_itself=said.get("authorization_response_iss_parameter_supported") is True,
    )


def _must_do_codes(said: Mapping[str, Any]) -> None:
    if "code" not in _texts(said, "response_types_supported", ["code"]):
        raise OpenIdError(
            "no-code", gettext_noop("The provider has no sign-in by code, which is all we use.")
        )
    if "S256" not in _texts(said, "code_challenge_methods_supported", ["S256"]):
        raise OpenIdError(
            "no-pkce", gettext_noop("The provider has no PKCE with S256, which we insist on.")
        )


def _endpoint(said: Mapping[str, Any], name: str, issuer: str, *, needed: bool = True) -> str:
    url = said.get(name)
    if url is None and not needed:
        return ""
    if not isinstance(url, str) or not url:
        raise OpenIdError(
            "discovery", gettext_noop("The provider does not say where its %(what)s is."), what=name
        )
    there, home = urlsplit(url), urlsplit(issuer)
    is_plain_at_home = there.scheme == home.scheme == "http" and there.hostname == home.hostname
    if not there.hostname or (there.scheme != "https" and not is_plain_at_home):
        raise OpenIdError(
            "no-tls", gettext_noop("The provider’s %(what)s is not an https address."), what=name
        )
    return url


def _algorithms(said: Mapping[str, Any]) -> tuple[str, ...]:
    offered = _texts(said, "id_token_signing_alg_values_supported", _USUAL)
    usable = tuple(name for name in ALGORITHMS if name in offered)
    if not usable:
        raise OpenIdError(
            "algorithm",
            gettext_noop("The provider signs with %(offered)s, which is not safe."),
            offered=", ".join(offered)[:100],
        )
    return usable


def _posts_secret(said: Mapping[str, Any]) -> bool:
    usual = ["client_secret_basic"]
    ways = _texts(said, "token_endpoint_auth_methods_supported", usual)
    return "client_secret_basic" not in ways and "client_secret_post" in ways


def _texts(said: Mapping[str, Any], name: str, usual: list[str]) -> list[str]:
    found = said.get(name)
    return [str(one) for one in found] if isinstance(found, list) else usual
