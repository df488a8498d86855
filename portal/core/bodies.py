"""Request bodies as a web server hands them over: bounded in size, in time and in memory."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator, MutableMapping
from contextlib import contextmanager
from typing import Any

Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
WITHIN = 20.0  # seconds a body may take
BUDGET = 64 * 2**20  # bytes of all bodies at once
# What of each body the budget does not count: large ones must not keep the small ones out.
SMALL = 64 * 1024
REFUSAL = "portal.body_refused"  # where an ASGI scope notes the status of a refused body


class BodyRefusedError(Exception):
    """A body that is not taken: an HTTP status, and "size", "cut", "slow" or "busy"."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status, self.reason = status, reason


class Bodies:
    """Reads bodies of at most `most` bytes, each `within` seconds, all of them inside `budget`."""

    def __init__(self, *, most: int, within: float = WITHIN, budget: int = BUDGET) -> None:
        self.most, self._within, self._budget = most, within, budget
        self._used = 0
        self._began: dict[asyncio.Task[Any] | None, float] = {}
        self._watch: asyncio.Task[None] | None = None

    def check(self, announced: str) -> None:
        """Refuse by the Content-Length alone."""
        if announced.isdecimal() and float(announced) > self.most:
            raise BodyRefusedError(413, "size")

    async def read(self, receive: Receive) -> bytes:
        """The whole body of one request. Raises BodyRefusedError 413, 400, 408 or 503."""
        if self._watch is None:
            self._watch = asyncio.create_task(self._end_late_ones())
        task = asyncio.current_task()
        self._began[task] = time.monotonic()
        try:
            return await self._gather(receive)
        except asyncio.CancelledError:
            if task is None or task in self._began:  # somebody else's doing
                raise
            task.uncancel()
            raise BodyRefusedError(408, "slow") from None
        finally:
            self._began.pop(task, None)

    @contextmanager
    def held(self, body: bytes) -> Iterator[None]:
        """Go on counting a body that was read, for as long as it waits for its turn."""
        counted = _beyond_small(len(body))
        self._used += counted
        try:
            yield
        finally:
            self._used -= counted

    async def _gather(self, receive: Receive) -> bytes:
        body, counted = bytearray(), 0
        try:
            while True:
                event = await receive()
                if event["type"] == "http.disconnect":
                    raise BodyRefusedError(400, "cut")
                body += event.get("body", b"")
                if len(body) > self.most:
                    raise BodyRefusedError(413, "size")
                if not event.get("more_body"):
                    return bytes(body)
                if len(body) > SMALL:
                    counted = self._count(_beyond_small(len(body)), before=counted)
        finally:
            self._used -= counted

    def _count(self, size: int, *, before: int) -> int:
        if self._used + size - before > self._budget:
            raise BodyRefusedError(503, "busy")
        self._used += size - before
        return size

    async def _end_late_ones(self) -> None:
        # One watch for all: a timer of its own would cost every small body more than its reading.
        while True:
            await asyncio.sleep(self._within / 20)
            began_before = time.monotonic() - self._within
            late = [task for task, began in self._began.items() if began < began_before]
            for task in late:
                del self._began[task]
                if task is not None:
                    task.cancel()


def _beyond_small(size: int) -> int:
    return max(size - SMALL, 0)
