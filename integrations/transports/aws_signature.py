"""AWS signature, version 4: what proves that a request comes from the holder of a key. Pure.

The algorithm is Amazon's "Signature Version 4 signing process"; storage servers of other makers
check the same one.
"""

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final
from urllib.parse import quote

from portal.core.secrets import Secret

ALGORITHM: Final = "AWS4-HMAC-SHA256"


@dataclass(frozen=True)
class Key:
    """An access key with its secret, and the token of a session where it is borrowed."""

    id: str
    secret: Secret
    token: Secret | None = None


@dataclass(frozen=True)
class Request:
    """What is signed. `path` is percent-encoded as it is sent; `headers` are sent with it."""

    method: str
    host: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body_sha256: str


def encoded(text: str, *, safe: str = "") -> str:
    """Percent-encoded as the signature wants it: everything but letters, digits and `-_.~`."""
    return quote(text, safe=safe + "-_.~")


def query_string(query: Mapping[str, str]) -> str:
    """In the order that is signed, to be sent like that."""
    pairs = sorted((encoded(name), encoded(value)) for name, value in query.items())
    return "&".join(f"{name}={value}" for name, value in pairs)


def headers_of(
    request: Request, key: Key, *, region: str, service: str, at: datetime
) -> dict[str, str]:
    """`request`'s headers and those that sign them, the Host header left out."""
    moment = at.astimezone(UTC)
    stamp, day = f"{moment:%Y%m%dT%H%M%SZ}", f"{moment:%Y%m%d}"
    sent = {
        **request.headers,
        "x-amz-date": stamp,
        "x-amz-content-sha256": request.body_sha256,
        **({"x-amz-security-token": key.token.reveal()} if key.token else {}),
    }
    signed = {"host": request.host, **{name.lower(): _plain(sent[name]) for name in sent}}
    names = ";".join(sorted(signed))
    scope = f"{day}/{region}/{service}/aws4_request"
    canonical = "\n".join([
        request.method,
        request.path,
        query_string(request.query),
        *(f"{name}:{signed[name]}" for name in sorted(signed)),
        "",
        names,
        request.body_sha256,
    ])  # fmt: skip
    digest = hashlib.sha256(canonical.encode()).hexdigest()
    to_sign = f"{ALGORITHM}\n{stamp}\n{scope}\n{digest}"
    signature = _mac(_signing_key(key.secret, day, region, service), to_sign).hex()
    proof = f"Credential={key.id}/{scope}, SignedHeaders={names}, Signature={signature}"
    return {**sent, "Authorization": f"{ALGORITHM} {proof}"}


def _plain(value: str) -> str:
    return " ".join(value.split())


def _signing_key(secret: Secret, day: str, region: str, service: str) -> bytes:
    key = b"AWS4" + secret.reveal().encode()
    for part in (day, region, service, "aws4_request"):
        key = _mac(key, part)
    return key


def _mac(key: bytes, text: str) -> bytes:
    return hmac.new(key, text.encode(), hashlib.sha256).digest()
