"""The conversation with one endpoint: what every client can do, and what only some can.

A client has the methods that its connector's capabilities promise and no others: `poll` Fetches,
`deliver` Delivers, `envelope` PutsFiles. It raises only the errors of `portal.core.errors`.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple, Protocol, runtime_checkable

from integrations.connectors.inbound import Page
from integrations.connectors.outbound import Outbound, Outcome


class Check(NamedTuple):
    """One line of a live connection test."""

    name: str
    passed: bool
    text: str


class Client(Protocol):
    """What every client can do."""

    def test_connection(self) -> list[Check]: ...

    def close(self) -> None: ...


@runtime_checkable
class Fetches(Protocol):
    """A client of a system that is polled."""

    def fetch(self, stream: str, cursor: Mapping[str, Any], *, now: datetime) -> Page:
        """One page of `stream` from `cursor` on. KeyError for a stream the connector has not."""
        ...


@runtime_checkable
class Delivers(Protocol):
    """A client of a system that takes documents one by one."""

    def deliver(
        self, batch: Sequence[Outbound], *, enough: Callable[[], bool] = ...
    ) -> Iterable[Outcome]:
        """Deliver each item, concurrently within the connection's limit, and yield its outcome as soon
        as it is known. Never raises for one item. `enough` is asked before each: once it says so, the
        rest is not begun and has no outcome."""
        ...


@runtime_checkable
class PutsFiles(Protocol):
    """A client of a system that takes documents in files."""

    def put_file(self, file_name: str, body: bytes) -> Mapping[str, Any]:
        """Put the whole file under its name, once, atomically. Returns what people are shown."""
        ...
