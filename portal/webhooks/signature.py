"""Signing what is sent, as Standard Webhooks 1.0 says. Pure."""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Sequence
from typing import Final

PREFIX: Final = "whsec_"
_RANDOM: Final = 32  # bytes; the standard allows 24 to 64


def new_secret() -> str:
    """A signing secret, to be shown once: `whsec_` and 32 random bytes in base64."""
    return PREFIX + base64.b64encode(secrets.token_bytes(_RANDOM)).decode()


def headers(message_id: str, body: bytes, *, at: int, signing: Sequence[str]) -> dict[str, str]:
    """The three headers of a message sent at `at` (seconds since 1970), one signature for each secret.

    The signature is HMAC-SHA256 of “id.timestamp.body” in base64. ValueError for what is no secret.
    """
    signed = f"{message_id}.{at}.".encode() + body
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(at),
        "webhook-signature": " ".join(_signature(secret, signed) for secret in signing),
    }


def _signature(secret: str, signed: bytes) -> str:
    if not secret.startswith(PREFIX):
        raise ValueError(f"A signing secret begins with {PREFIX}")
    key = base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    found = hmac.new(key, signed, hashlib.sha256).digest()
    return f"v1,{base64.b64encode(found).decode()}"
