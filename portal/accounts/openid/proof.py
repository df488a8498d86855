"""The proof of who somebody is: an ID token, checked as OpenID Connect Core 1.0, 3.1.3.7 says."""

import hashlib
import hmac
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple

from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, RSAKey

from portal.accounts.openid.discovery import ALGORITHMS
from portal.accounts.openid.errors import OpenIdError, UnknownKeyError
from portal.core.words import gettext_noop

SKEW: Final = 60  # seconds that two clocks may be apart
OLDEST: Final = 600  # seconds since the token was made: it was made for this sign-in
LONGEST: Final = 64_000
_SMALLEST_RSA: Final = 2048
_LATEST: Final = 2**40  # seconds: no date of ours, and neither endless nor no number
_CURVES: Final = {"ES256": "P-256", "ES384": "P-384", "ES512": "P-521"}
Key = Mapping[str, Any]


class Expected(NamedTuple):
    """Whose token, for whom, asked for with which nonce, and what time it is."""

    issuer: str
    client_id: str
    nonce: str
    at: datetime
    algorithms: Sequence[str] = ALGORITHMS
    access_token: str = ""


def claims_of(token: str, keys: Sequence[Key], expected: Expected) -> dict[str, Any]:
    """What the token says of whoever signs in. `keys`: the provider's, as JWK (RFC 7517).

    UnknownKeyError for a key that is not among them; OpenIdError for anything else that is not right.
    """
    header = _header(token)
    algorithm = _algorithm(header, expected)
    claims = _signed(token, _key(header, algorithm, keys), algorithm)
    if claims is None and not header.get("kid"):  # a new key would look like this, too
        raise UnknownKeyError
    if claims is None:
        raise OpenIdError(
            "signature", gettext_noop("The signature of the proof is not the provider’s.")
        )
    _is_for_us(claims, expected)
    _is_of_now(claims, expected.at.timestamp())
    _is_of_this_sign_in(claims, algorithm, expected)
    return claims


def keys_of(said: object) -> list[Key]:
    """The keys of a JWK set. OpenIdError for what is none."""
    keys = said.get("keys") if isinstance(said, Mapping) else None
    if not isinstance(keys, list):
        raise OpenIdError("keys", gettext_noop("The provider’s keys cannot be read."))
    return [key for key in keys if isinstance(key, Mapping)]


def _header(token: str) -> Mapping[str, Any]:
    parts = token.split(".")
    try:
        if len(parts) != 3 or len(token) > LONGEST:
            raise ValueError
        header = json.loads(_bytes(parts[0]))
    except (ValueError, RecursionError):
        header = None
    if not isinstance(header, Mapping) or "crit" in header or "b64" in header:
        raise OpenIdError("token", gettext_noop("The proof cannot be read."))
    return header


def _algorithm(header: Mapping[str, Any], expected: Expected) -> str:
    named = header.get("alg")
    if named not in ALGORITHMS or named not in expected.algorithms:
        raise OpenIdError(
            "algorithm", gettext_noop("The proof is not signed in a way that we trust.")
        )
    return str(named)


def _key(header: Mapping[str, Any], algorithm: str, keys: Sequence[Key]) -> RSAKey | ECKey:
    fitting = [key for key in keys if _fits(key, algorithm)]
    if kid := header.get("kid"):
        fitting = [key for key in fitting if key.get("kid") == kid]
    if len(fitting) != 1:
        raise UnknownKeyError
    try:
        return _public(fitting[0])
    except OpenIdError:
        raise
    except (JoseError, ValueError, TypeError, KeyError):
        raise OpenIdError("keys", gettext_noop("The provider’s key cannot be read.")) from None


def _fits(key: Key, algorithm: str) -> bool:
    if key.get("use", "sig") != "sig" or key.get("alg", algorithm) != algorithm:
        return False
    if curve := _CURVES.get(algorithm):
        return key.get("kty") == "EC" and key.get("crv") == curve
    return key.get("kty") == "RSA"


def _public(key: Key) -> RSAKey | ECKey:
    """The public half alone, whatever else is published."""
    if key["kty"] == "EC":
        return ECKey.import_key({name: key[name] for name in ("kty", "crv", "x", "y")})
    if len(_bytes(key["n"]).lstrip(b"\0")) * 8 < _SMALLEST_RSA:
        raise OpenIdError(
            "weak-key", gettext_noop("The provider’s key is too short to be trusted.")
        )
    return RSAKey.import_key({name: key[name] for name in ("kty", "n", "e")})


def _signed(token: str, key: RSAKey | ECKey, algorithm: str) -> dict[str, Any] | None:
    try:
        payload = jws.deserialize_compact(token, key, algorithms=[algorithm]).payload
        claims = json.loads(payload)
    except (JoseError, ValueError, RecursionError):
        return None
    return claims if isinstance(claims, dict) else None


def _is_for_us(claims: Mapping[str, Any], expected: Expected) -> None:
    if claims.get("iss") != expected.issuer:
        raise OpenIdError("issuer", gettext_noop("The proof comes from another provider."))
    given = claims.get("aud")
    audience = given if isinstance(given, list) else [given]
    party = claims.get("azp")
    if expected.client_id not in audience:
        raise OpenIdError("audience", gettext_noop("The proof was made for somebody else."))
    if (len(audience) > 1 or party is not None) and party != expected.client_id:
        raise OpenIdError(
            "audience", gettext_noop("The proof was made for another party of several.")
        )
    subject = claims.get("sub")
    if not isinstance(subject, str) or not 0 < len(subject) <= 255:
        raise OpenIdError("subject", gettext_noop("The proof does not say who you are."))


def _is_of_now(claims: Mapping[str, Any], now: float) -> None:
    ends, made, begins = (_seconds(claims.get(name)) for name in ("exp", "iat", "nbf"))
    if ends is None or made is None:
        raise OpenIdError(
            "time", gettext_noop("The proof does not say when it was made and until when it holds.")
        )
    if now >= ends + SKEW:
        raise OpenIdError("expired", gettext_noop("The proof has expired. Begin again."))
    if made > now + SKEW or (begins is not None and begins > now + SKEW):
        raise OpenIdError(
            "early", gettext_noop("The proof is from the future: a clock is wrong, here or there.")
        )
    if made < now - OLDEST - SKEW:
        raise OpenIdError("expired", gettext_noop("The proof is an old one. Begin again."))


def _seconds(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if abs(value) < _LATEST else None


def _is_of_this_sign_in(claims: Mapping[str, Any], algorithm: str, expected: Expected) -> None:
    nonce = claims.get("nonce")
    if not isinstance(nonce, str) or not hmac.compare_digest(
        nonce.encode(), expected.nonce.encode()
    ):
        raise OpenIdError(
            "nonce", gettext_noop("The proof belongs to another sign-in. Begin again.")
        )
    said = claims.get("at_hash")
    if said is not None and said != access_hash(expected.access_token, algorithm):
        raise OpenIdError(
            "access", gettext_noop("The proof and the key that came with it do not go together.")
        )


def access_hash(access_token: str, algorithm: str) -> str:
    """The left half of its hash, of the size that the signature has (Core 3.1.3.6)."""
    digest = hashlib.new(f"sha{algorithm[2:]}", access_token.encode()).digest()
    return urlsafe_b64encode(digest[: len(digest) // 2]).rstrip(b"=").decode()


def _bytes(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))
