"""Sending somebody to a provider, and what they come back with (RFC 6749, 7636, 9207)."""

import hashlib
import hmac
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from typing import NamedTuple
from urllib.parse import urlencode, urlsplit

from portal.accounts.openid.discovery import Endpoints
from portal.accounts.openid.errors import OpenIdError
from portal.core.words import gettext_noop


class Asked(NamedTuple):
    """What goes along once and has to come back, or be known again: three texts nobody can guess."""

    state: str
    nonce: str
    verifier: str


class Us(NamedTuple):
    """Whom the provider knows us as, and where it sends people back to."""

    client_id: str
    back: str
    scopes: str


def address(endpoints: Endpoints, us: Us, asked: Asked) -> str:
    """Where the browser goes to sign in."""
    query = urlencode(
        {
            "response_type": "code",
            "client_id": us.client_id,
            "redirect_uri": us.back,
            "scope": us.scopes,
            "state": asked.state,
            "nonce": asked.nonce,
            "code_challenge": challenge(asked.verifier),
            "code_challenge_method": "S256",
        }
    )
    joint = "&" if urlsplit(endpoints.authorization).query else "?"
    return f"{endpoints.authorization}{joint}{query}"


def challenge(verifier: str) -> str:
    """What shows later that whoever has the verifier is who asked (RFC 7636, 4.2)."""
    return urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()


def code_of(answer: Mapping[str, str], *, state: str, endpoints: Endpoints) -> str:
    """The code somebody came back with. OpenIdError for another state or issuer, and for a refusal."""
    if not hmac.compare_digest(answer.get("state", "").encode(), state.encode()):
        raise OpenIdError(
            "state", gettext_noop("This is not the sign-in that this browser began. Begin again.")
        )
    named = answer.get("iss", "")
    if (named or endpoints.names_itself) and named != endpoints.issuer:
        raise OpenIdError(
            "mixed-up", gettext_noop("The answer comes from another provider. Begin again.")
        )
    if error := answer.get("error"):
        raise _refusal(error)
    if not answer.get("code"):
        raise OpenIdError("no-code", gettext_noop("The provider sent no code along. Begin again."))
    return answer["code"]


def _refusal(error: str) -> OpenIdError:
    if error == "access_denied":
        return OpenIdError(
            "denied", gettext_noop("The provider did not let you in, or you said no there.")
        )
    if error in ("temporarily_unavailable", "server_error"):
        return OpenIdError(
            "unavailable", gettext_noop("The provider has trouble of its own. Try again later.")
        )
    if not (error.isascii() and error.replace("_", "").isalnum()):
        return OpenIdError("refused", gettext_noop("The provider refused the sign-in: an error."))
    return OpenIdError(
        "refused", gettext_noop("The provider refused the sign-in: %(error)s."), error=error[:60]
    )


class Tokens(NamedTuple):
    """What a code is exchanged for."""

    id_token: str
    access_token: str


def tokens_of(said: object) -> Tokens:
    """The provider's answer to a code. OpenIdError where there is no ID token in it."""
    if not isinstance(said, Mapping) or not isinstance(said.get("id_token"), str):
        raise OpenIdError("no-token", gettext_noop("The provider sent no proof of who you are."))
    access = said.get("access_token")
    return Tokens(said["id_token"], access if isinstance(access, str) else "")
