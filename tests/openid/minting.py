"""A provider that lives in a test: its keys, and proofs signed with them, right or wrong."""

import hashlib
import hmac
import json
from base64 import urlsafe_b64encode
from datetime import UTC, datetime
from typing import Any

from joserfc import jws
from joserfc.jwk import ECKey, RSAKey

from portal.accounts.openid.proof import Expected

AT = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)
NOW = 1_796_115_600  # the same moment, in seconds
ISSUER = "https://id.kestrel.test"
ACCESS = "an-access-token"
RSA = RSAKey.generate_key(2048, {"kid": "first", "use": "sig"})
OTHER_RSA = RSAKey.generate_key(2048, {"kid": "second", "use": "sig"})
EC = ECKey.generate_key("P-256", {"kid": "curve", "use": "sig"})
PUBLIC = [RSA.as_dict(private=False), EC.as_dict(private=False)]
CLAIMS: dict[str, Any] = {
    "iss": ISSUER, "sub": "u-17", "aud": "portal", "iat": NOW - 5, "exp": NOW + 300, "nonce": "n-1",
}  # fmt: skip
EXPECTED = Expected(ISSUER, "portal", "n-1", AT, access_token=ACCESS)


def minted(changes: dict[str, Any] | None = None, *, key: Any = RSA, **header: Any) -> str:
    """A signed proof; a claim that is None is left out."""
    claims = {k: v for k, v in {**CLAIMS, **(changes or {})}.items() if v is not None}
    protected = {"alg": "RS256", "kid": key.kid, **header}
    protected = {k: v for k, v in protected.items() if v is not None}
    allowed = [protected["alg"]]
    return jws.serialize_compact(protected, json.dumps(claims).encode(), key, algorithms=allowed)


def unsigned(claims: dict[str, Any], **header: Any) -> str:
    parts = [json.dumps(part).encode() for part in (header, claims)]
    return ".".join(urlsafe_b64encode(part).rstrip(b"=").decode() for part in parts) + "."


def signed_with_public_key() -> str:
    """What somebody makes who has nothing but the provider's public key, and calls it HS256."""
    head, body, _ = unsigned(CLAIMS, alg="HS256", kid="first").split(".")
    made = hmac.new(RSA.as_pem(private=False), f"{head}.{body}".encode(), hashlib.sha256)
    return f"{head}.{body}.{urlsafe_b64encode(made.digest()).rstrip(b'=').decode()}"
