"""HTTP for connectors: one site with its credentials, and a few threads that deliver to it."""

import base64
import json
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from queue import SimpleQueue
from typing import Any, Final, TypeVar

from portal.core import http
from portal.core.redact import redact_text
from portal.core.response import Response

T = TypeVar("T")
R = TypeVar("R")

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


class Workers:
    """A few threads, made once and kept: a new thread per batch would cost more than its calls."""

    def __init__(self, size: int) -> None:
        self._size = max(1, size)
        self._pool = ThreadPoolExecutor(self._size, thread_name_prefix="deliver")

    def each(self, work: Callable[[T], R], items: Sequence[T]) -> Iterator[R]:
        """The results of `work` for every item, in the order they come in.

        An error in `work` is a defect of ours: it is raised when all other results are out. When
        the caller stops early, items not yet begun are left alone.
        """
        todo, done = deque(items), SimpleQueue[tuple[R | None, BaseException | None]]()
        for _ in range(min(self._size, len(items))):
            self._pool.submit(_drain, work, todo, done)
        defect: BaseException | None = None
        try:
            for _ in range(len(items)):
                result, error = done.get()
                if error is None:
                    yield result  # type: ignore[misc]
                defect = defect or error
        finally:
            todo.clear()
        if defect:
            raise defect

    def close(self) -> None:
        """Let running calls end and take no more."""
        self._pool.shutdown(wait=False, cancel_futures=True)


def _drain(work: Callable[[T], R], todo: deque[T], done: SimpleQueue) -> None:
    while todo:
        try:
            item = todo.popleft()
        except IndexError:  # another thread took the last one
            return
        try:
            done.put((work(item), None))
        except BaseException as error:
            done.put((None, error))
