"""What the conformance suite (test_conformance.py) asks a connector's harness.

To put a connector under the suite: register it, and write `tests/connectors/<slug>/harness.py` with
a class `Harness` that satisfies the protocol below. The suite does the rest. Counterparts are real
processes or servers over real sockets; `answering` and `counterparts` help with that.
"""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, NamedTuple, Protocol

from integrations.connectors.client import Fetches
from integrations.connectors.connection import Connection
from integrations.connectors.connector import Connector
from integrations.connectors.inbound import Received
from integrations.connectors.outbound import Outbound
from portal.core.errors import CrossdockError, NeedsCredentials, Permanent, Retryable
from portal.core.secrets import Secret

FAULTS = ("401", "403", "404", "409", "429", "500", "no answer", "cut off")

# What the faults become with a system that is reached over HTTP.
HTTP_FAULTS: Mapping[str, type[CrossdockError]] = {
    "401": NeedsCredentials,
    "403": NeedsCredentials,
    "404": Permanent,
    "409": Permanent,
    "429": Retryable,
    "500": Retryable,
    "no answer": Retryable,
    "cut off": Retryable,
}

# What the suite plants and then looks for in texts, representations and errors.
SECRET_MARK = "5up3r-hidden"


class Sample(NamedTuple):
    """A document as the system sends it, its topic as the system calls it."""

    object_type: str
    topic: str
    body: bytes


class Harness(Protocol):
    """One connector with its counterpart, started once per test session."""

    slug: str
    # Fault → the error it must become; a fault that the system cannot have → why not.
    faults: Mapping[str, type[CrossdockError] | str]
    # Stream → how many documents the counterpart holds; empty for a connector that does not poll.
    streams: Mapping[str, int]

    def close(self) -> None:
        """Stop the counterpart."""

    def connection(self) -> Connection:
        """With the right credentials. Every secret's text holds SECRET_MARK."""

    def with_wrong_key(self) -> Connection: ...

    def with_nobody_there(self) -> Connection:
        """Right credentials, and an address where nothing listens."""

    def meeting(self, fault: str) -> Connection:
        """A connection whose next call meets `fault`, one of those in `faults` that is an error."""

    def samples(self) -> list[Sample]:
        """One good document of every object type in the manifest's `reads`."""

    def minimal(self) -> list[Sample]:
        """The same without any field that the system may leave out."""

    def with_unknown_fields(self) -> list[Sample]:
        """The same with fields, or elements, that the connector does not know."""

    def order_like(self, *, name: str, lines: int) -> Sample:
        """A document with a person's name and so many lines."""

    def outbound(self, *, key: str, retried: bool = False) -> Outbound | None:
        """Something to deliver, the same for the same key; None where nothing is delivered."""

    def effects(self) -> int:
        """How many deliveries the counterpart let take effect so far."""


def connection(
    connector: Connector,
    *,
    settings: Mapping[str, Any],
    secrets: Mapping[str, str],
    slug: str = "harbor",
    concurrency: int = 4,
) -> Connection:
    """A connection as the engine makes it: defaults filled in, secrets wrapped."""
    defaults = {
        s.name: list(s.default) if isinstance(s.default, tuple) else s.default
        for s in connector.settings
        if not s.secret
    }
    return Connection(
        endpoint_id=7,
        slug=slug,
        settings={**defaults, **settings},
        secrets={name: Secret(text) for name, text in secrets.items()},
        concurrency=concurrency,
    )


@contextmanager
def client_of(connector: Connector, to: Connection) -> Iterator[Any]:
    """The client, with whatever methods the connector's capabilities give it."""
    client = connector.client(to)
    try:
        yield client
    finally:
        client.close()


def read_stream(
    client: Fetches, stream: str, cursor: Mapping[str, Any]
) -> Iterator[tuple[list[Received], dict[str, Any]]]:
    """Documents and cursor of every page from `cursor` to the end of a pass. Pages may be empty."""
    for _ in range(200):
        # A cursor is stored as JSON between two fetches.
        page = client.fetch(stream, json.loads(json.dumps(cursor)), now=datetime.now(UTC))
        cursor = page.cursor
        yield page.documents, page.cursor
        if not page.more:
            return
    raise AssertionError("the stream never ends")
