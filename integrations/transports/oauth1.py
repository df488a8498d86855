"""Calls that are signed with a consumer's and a token's secret (OAuth 1.0, RFC 5849, with HMAC-SHA256)."""

import base64
import hmac
import secrets
from collections.abc import Callable, Mapping
from hashlib import sha256
from typing import Any, Final, NamedTuple
from urllib.parse import parse_qsl, quote, urlsplit

from integrations.transports.http import Site
from portal.core import clock
from portal.core.response import Response
from portal.core.secrets import Secret

_METHOD: Final = "HMAC-SHA256"


class Signer(NamedTuple):
    """Who signs. No representation shows a secret."""

    consumer_key: Secret
    consumer_secret: Secret
    token: Secret
    token_secret: Secret

    def header(
        self, method: str, url: str, params: Mapping[str, str], *, at: int, nonce: str
    ) -> str:
        """The Authorization header for one call; `at` is a Unix time. A JSON body is not part of what is
        signed (3.4.1.3.1)."""
        own = {
            "oauth_consumer_key": self.consumer_key.reveal(),
            "oauth_nonce": nonce,
            "oauth_signature_method": _METHOD,
            "oauth_timestamp": str(at),
            "oauth_token": self.token.reveal(),
            "oauth_version": "1.0",
        }
        parts = urlsplit(url)
        pairs = [*parse_qsl(parts.query, keep_blank_values=True), *params.items(), *own.items()]
        said = "&".join(f"{n}={v}" for n, v in sorted((_quoted(n), _quoted(v)) for n, v in pairs))
        where = f"{parts.scheme.lower()}://{_host(parts.hostname, parts.port, parts.scheme)}"
        base = "&".join(map(_quoted, (method.upper(), f"{where}{parts.path or '/'}", said)))
        secret = f"{_quoted(self.consumer_secret.reveal())}&{_quoted(self.token_secret.reveal())}"
        digest = hmac.new(secret.encode(), base.encode(), sha256).digest()
        signed = own | {"oauth_signature": base64.b64encode(digest).decode()}
        return "OAuth " + ", ".join(f'{name}="{_quoted(text)}"' for name, text in signed.items())


class SignedSite(Site):
    """A site whose every call is signed anew. Safe from any thread."""

    def __init__(
        self,
        base: str,
        signer: Signer,
        *,
        headers: Mapping[str, str] | None = None,
        nonce: Callable[[], str] = secrets.token_hex,
    ) -> None:
        super().__init__(base, headers=headers)
        self._signer, self._nonce = signer, nonce

    def send(self, method: str, path: str, **parts: Any) -> Response:
        """The answer, whatever its status. Raises like `Site.send`."""
        signature = self._signer.header(
            method,
            self._base + path,
            parts.get("params") or {},
            at=int(clock.now().timestamp()),
            nonce=self._nonce(),
        )
        headers = {**(parts.pop("headers", None) or {}), "Authorization": signature}
        return super().send(method, path, headers=headers, **parts)


def _host(host: str | None, port: int | None, scheme: str) -> str:
    usual = {"http": 80, "https": 443}.get(scheme.lower())
    return (host or "") + (f":{port}" if port and port != usual else "")


def _quoted(text: str) -> str:
    return quote(text, safe="-._~")
