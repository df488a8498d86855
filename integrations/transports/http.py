"""HTTP for connectors: one site with its credentials, and what is sent to it and told of it."""

import base64
import json
from collections.abc import Mapping
from typing import Any, Final

from portal.core import http
from portal.core.redact import redact_text
from portal.core.response import Response

TIMEOUT = (http.CONNECT_TIMEOUT, http.READ_TIMEOUT)  # seconds: connect, silence
_EXCERPT: Final = 500
_TO_TEXT: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


class Site:
    """One base address and the headers every call to it carries. Safe from any thread.

    Connections are pooled per host by `portal.core.http` and outlive the site.
    """

    def __init__(self, base: str, *, headers: Mapping[str, str] | None = None) -> None:
        self._base = base.rstrip("/")
        self._headers = dict(headers or {})

    def __repr__(self) -> str:
        return f"Site({self._base})"

    def send(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, str] | None = None,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Response:
        """The answer, whatever its status. Raises Retryable and Permanent like `http.request`."""
        carried = {**self._headers, **(headers or {})}
        if body is not None:
            carried.setdefault("Content-Type", "application/json")
        url = self._base + path
        return http.request(method, url, params=params, headers=carried, data=body, timeout=TIMEOUT)


def basic_auth(user: str, password: str) -> str:
    """The value of an Authorization header (RFC 7617)."""
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()


def encode(document: Any) -> bytes:
    """Compact JSON in UTF-8. A lone surrogate, which UTF-8 cannot hold, travels escaped."""
    try:
        return _TO_TEXT(document).encode()
    except UnicodeEncodeError:
        return json.dumps(document, separators=(",", ":")).encode()


def describe(answer: Response) -> dict[str, Any]:
    """An answer as people see it in a message's history: {status, ms, body}, redacted and cut."""
    # Redacted before it is cut: half a secret no longer looks like one.
    text = redact_text(answer.body[: 4 * _EXCERPT].decode("utf-8", "replace"))
    return {
        "status": answer.status,
        "ms": round(answer.seconds * 1000),
        "body": text[:_EXCERPT],
    }
