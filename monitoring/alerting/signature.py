"""The signature by which the receiver of our webhook knows that it came from here, and when."""

import hashlib
import hmac


def signed(body: bytes, *, secret: str, at: int) -> dict[str, str]:
    """The headers for a body sent `at`, in seconds since 1970: HMAC-SHA256 of "at.body", in hex.

    Whoever checks it refuses times that are minutes old, so that nobody can send it again later.
    """
    mark = hmac.new(secret.encode(), f"{at}.".encode() + body, hashlib.sha256).hexdigest()
    return {"X-Alert-Time": str(at), "X-Alert-Signature": f"sha256={mark}"}
