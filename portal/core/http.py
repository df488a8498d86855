"""The one HTTP client: pooled, bounded in time and size, guarded, and mute about secrets.

No cookies, no proxies and nothing else from the environment: two customers of one store share
connections and must not share anything more. Connections go only where `portal.core.guard` permits.
"""

import os
import ssl
from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple
from urllib.parse import urljoin, urlsplit

import requests
import urllib3
from requests.auth import AuthBase
from urllib3.exceptions import ConnectTimeoutError, NewConnectionError

from portal.core import clock, traces
from portal.core.errors import CrossdockError, Permanent, Retryable
from portal.core.guard import forget, set_allowed_networks
from portal.core.guarded_adapter import GuardedAdapter
from portal.core.recovery import raise_for_recovery
from portal.core.redact import redact_text, redact_url
from portal.core.response import Response

__all__ = ["Response", "forget", "raise_for_recovery", "request", "set_allowed_networks"]

CONNECT_TIMEOUT: Final = 5.0
READ_TIMEOUT: Final = 30.0
TOTAL_TIMEOUT: Final = 45.0
MAX_BYTES: Final = 20 * 1024 * 1024
_CHUNK: Final = 65_536
# A name of nobody's: what a partner's counterpart sees must not name the software behind it.
HEADERS: Final = {
    "User-Agent": "integration/1.0",
    "Accept": "*/*",
    "Accept-Encoding": "gzip, deflate",
}
_FOLLOWED: Final = frozenset({301, 302, 303, 307, 308})


class _Limits(NamedTuple):
    timeout: tuple[float, float]
    total: float
    max_bytes: int
    cut: bool
    decode: bool
    ca_bundle: str | None
    client_cert: tuple[str, str] | None


def request(
    method: str,
    url: str,
    *,
    params: Mapping[str, str] | None = None,
    headers: Mapping[str, str] | None = None,
    data: bytes | Mapping[str, str] | None = None,
    json: Any = None,
    auth: tuple[str, str] | AuthBase | None = None,
    timeout: tuple[float, float] = (CONNECT_TIMEOUT, READ_TIMEOUT),
    total_timeout: float = TOTAL_TIMEOUT,
    max_bytes: int = MAX_BYTES,
    cut: bool = False,
    decode: bool = True,
    redirects: int = 0,
    ca_bundle: str | None = None,
    client_cert: tuple[str, str] | None = None,
) -> Response:
    """Send one request and read the whole answer, whatever its status. Safe from any thread.

    `timeout` is (connect, silence between bytes) and `total_timeout` bounds the reading, all in
    seconds. `redirects` is how many to follow, for GET and HEAD only; otherwise a 3xx is returned.
    With `cut` no more than `max_bytes` of the answer are read and the rest is not waited for.
    Without `decode` the answer stays compressed as it was sent: a file's bytes are its bytes.
    `ca_bundle` replaces the public certificate authorities, `client_cert` is (certificate, key):
    paths. There is no way to switch certificate checks off.

    Raises Retryable (`timeout`, `unavailable`; `uncertain` when the request may have arrived) and
    Permanent (`bad_address`, `bad_request`, `address_refused`, `tls`, `response_too_large`). For
    errors of the other side, pass the answer to `raise_for_recovery`.
    """
    limits = _Limits(timeout, total_timeout, max_bytes, cut, decode, ca_bundle, client_cert)
    prepared = _prepare(
        method, url, params=params, headers=headers, data=data, json=json, auth=auth
    )
    response = _send(prepared, limits)
    while redirects > 0 and (target := _redirect_target(response)):
        prepared = _follow(prepared, target)
        response = _send(prepared, limits)
        redirects -= 1
    return response


def _prepare(
    method: str, url: str, *, headers: Mapping[str, str] | None, **parts: Any
) -> requests.PreparedRequest:
    prepared = requests.PreparedRequest()
    try:
        prepared.prepare(method, url, headers={**HEADERS, **(headers or {})}, **parts)
    except requests.RequestException as error:
        reason = redact_text(str(error))
    else:
        if (prepared.url or "").startswith(("http://", "https://")):
            return prepared
        reason = "only http and https addresses can be called"
    raise Permanent(f"{redact_url(url)}: {reason}", code="bad_address")


def _redirect_target(response: Response) -> str | None:
    if response.status not in _FOLLOWED or response.method not in {"GET", "HEAD"}:
        return None
    location = response.header("Location")
    return urljoin(response.url, location) if location else None


def _follow(prepared: requests.PreparedRequest, target: str) -> requests.PreparedRequest:
    here, there = urlsplit(prepared.url or ""), urlsplit(target)
    if here.scheme == "https" and there.scheme != "https":
        raise Permanent(f"{redact_url(target)}: a redirect out of TLS", code="redirected")
    headers = dict(prepared.headers)
    if (here.scheme, here.netloc) != (there.scheme, there.netloc):
        # Credentials hide in any header, so only those that cannot hold one go to a stranger.
        headers = {name: headers[name] for name in HEADERS if name in headers}
    return _prepare(prepared.method or "GET", target, headers=headers)


def _send(prepared: requests.PreparedRequest, limits: _Limits) -> Response:
    host = urlsplit(prepared.url or "").hostname or ""
    with traces.span(f"HTTP {prepared.method}", host=host) as span:
        response = _exchange(prepared, limits)
        span.set_attribute("status", response.status)
        return response


def _exchange(prepared: requests.PreparedRequest, limits: _Limits) -> Response:
    started = clock.monotonic()
    try:
        answer = _adapter.send(
            prepared,
            stream=True,
            timeout=limits.timeout,
            verify=limits.ca_bundle or True,
            cert=limits.client_cert,
        )
        body = _read(answer, limits, started=started)
    except (OSError, UnicodeError, urllib3.exceptions.HTTPError) as error:
        failure = _failure(error, prepared)
    else:
        return Response(
            method=prepared.method or "",
            url=prepared.url or "",
            status=answer.status_code,
            headers=answer.headers,
            body=body,
            seconds=clock.monotonic() - started,
        )
    # Raised out here so that the library's error, which quotes the whole address with its
    # secrets, is not chained to ours and printed with it.
    raise failure


def _read(answer: requests.Response, limits: _Limits, *, started: float) -> bytes:
    where = redact_url(answer.url)
    try:
        if not limits.cut and (answer.raw.length_remaining or 0) > limits.max_bytes:
            raise _too_large(where, limits)
        chunks, size = [], 0
        while chunk := answer.raw.read1(_CHUNK, decode_content=limits.decode):
            chunks.append(chunk)
            size += len(chunk)
            if limits.cut and size >= limits.max_bytes:
                answer.raw.close()
                return b"".join(chunks)[: limits.max_bytes]
            if size > limits.max_bytes:
                raise _too_large(where, limits)
            if clock.monotonic() - started > limits.total:
                raise Retryable(f"{where}: the answer dripped", code="timeout", uncertain=True)
    except BaseException:
        answer.raw.close()
        raise
    return chunks[0] if len(chunks) == 1 else b"".join(chunks)


def _too_large(where: str, limits: _Limits) -> Permanent:
    return Permanent(
        f"{where}: the answer is larger than {limits.max_bytes} bytes", code="response_too_large"
    )


def _failure(error: Exception, prepared: requests.PreparedRequest) -> CrossdockError:
    where = f"{prepared.method} {redact_url(prepared.url or '')}"
    causes = list(_causes(error))
    if isinstance(error, UnicodeError):
        return Permanent(f"{where}: a header holds what HTTP cannot carry", code="bad_request")
    if not isinstance(error, requests.RequestException | urllib3.exceptions.HTTPError):
        return Permanent(f"{where}: a certificate file cannot be read", code="tls")
    if isinstance(error, requests.exceptions.InvalidURL | requests.exceptions.InvalidHeader):
        return Permanent(f"{where}: the address cannot be called", code="bad_address")
    if tls := next((cause for cause in causes if isinstance(cause, ssl.SSLError)), None):
        return _tls_failure(tls, where)
    if any(isinstance(cause, NewConnectionError) for cause in causes):
        return Retryable(f"{where}: nothing answers there", code="unavailable")
    if any(isinstance(cause, ConnectTimeoutError) for cause in causes):
        return Retryable(f"{where}: no connection in time", code="timeout")
    if any(isinstance(cause, TimeoutError | urllib3.exceptions.TimeoutError) for cause in causes):
        return Retryable(f"{where}: no answer in time", code="timeout", uncertain=True)
    return Retryable(f"{where}: the connection was cut", code="unavailable", uncertain=True)


def _tls_failure(error: ssl.SSLError, where: str) -> CrossdockError:
    # A server that restarts in mid-handshake looks like this; anything else stays wrong.
    if isinstance(error, ssl.SSLEOFError | ssl.SSLZeroReturnError):
        return Retryable(f"{where}: the connection was cut", code="unavailable", uncertain=True)
    reason = getattr(error, "verify_message", "") or error.reason or "the handshake failed"
    return Permanent(f"{where}: TLS: {reason}", code="tls")


def _causes(error: BaseException) -> Iterator[BaseException]:
    waiting, seen = [error], set()
    while waiting:
        cause = waiting.pop()
        if id(cause) in seen:
            continue
        seen.add(id(cause))
        yield cause
        linked = (*cause.args, getattr(cause, "reason", None), cause.__cause__, cause.__context__)
        waiting += [item for item in linked if isinstance(item, BaseException)]


_adapter = GuardedAdapter()


def _renew() -> None:
    global _adapter
    _adapter = GuardedAdapter()


# A forked worker that shared its parent's sockets would read the parent's answers.
os.register_at_fork(after_in_child=_renew)
