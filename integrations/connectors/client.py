"""The conversation with one endpoint: what every client can do, and what only some can.

A client has the methods that its connector's capabilities promise and no others: `poll` Fetches,
`deliver` Delivers, `envelope` PutsFiles, `snapshot` Snapshots, `resources` HasRelations. It
raises only the errors of `portal.core.errors`, and RowRefusedError of rows.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final, Literal, NamedTuple, Protocol, runtime_checkable
from zoneinfo import ZoneInfo

from integrations.connectors.inbound import Page, Received
from integrations.connectors.outbound import Outbound, Outcome
from integrations.connectors.snapshot import LevelSaid, LineSaid, OrderSaid
from integrations.resources.relations import Procedure, Reading, Relation, Writing, Written

Step = Literal["host", "tls", "key", "scope", "clock"]
STEPS: Final[tuple[Step, ...]] = ("host", "tls", "key", "scope", "clock")


class Check(NamedTuple):
    """One line of a live connection test.

    `passed` None: it could not be tried, because an earlier one failed, or it does not apply. `text`
    is what was found, with figures; `remedy` what to do, empty unless it failed. No secret is in either.
    """

    name: Step
    passed: bool | None
    text: str
    remedy: str = ""


class Client(Protocol):
    """What every client can do."""

    def test_connection(self) -> Iterator[Check]:
        """One line for each of STEPS, in their order, each as soon as it is known."""
        ...

    def close(self) -> None: ...


@runtime_checkable
class Fetches(Protocol):
    """A client of a system that is polled."""

    def fetch(self, stream: str, cursor: Mapping[str, Any], *, now: datetime) -> Page:
        """One page of `stream` from `cursor` on. KeyError for a stream the connector has not."""
        ...


@runtime_checkable
class Peeks(Protocol):
    """A client whose `fetch` changes something at the system: it can look without doing so."""

    def peek(self, stream: str, *, most: int) -> list[Received]:
        """Up to `most` documents of `stream` as they lie there, untouched. KeyError as for `fetch`."""
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


@runtime_checkable
class Snapshots(Protocol):
    """A client of a system that says what it has, for a comparison. Reading changes nothing there."""

    def levels(self) -> Iterator[LevelSaid]:
        """The stock of every item, as far as the system can say it of one moment."""
        ...

    def orders(self, *, since: datetime) -> Iterator[OrderSaid]:
        """The orders placed since then, without their lines."""
        ...

    def order_lines(self, remote_ids: Sequence[str]) -> Mapping[str, list[LineSaid]]:
        """The lines of these orders. One that is gone is left out."""
        ...


@runtime_checkable
class FetchesOne(Protocol):
    """A client of a system that gives one order again, when it is asked for it."""

    def fetch_order(self, remote_id: str) -> Received:
        """The order as a poll would bring it now. Permanent when there is none."""
        ...


@runtime_checkable
class HasRelations(Protocol):
    """A client of a database: what it has can be published as resources."""

    @property
    def zone(self) -> ZoneInfo:
        """The zone of times without an offset."""
        ...

    def relations(self) -> list[Relation]:
        """The tables and views that the login sees, without their columns."""
        ...

    def relation(self, name: str) -> Relation | None:
        """One of them, with its columns."""
        ...

    def procedures(self) -> list[Procedure]:
        """The procedures that the login may call."""
        ...

    def read_rows(self, reading: Reading) -> list[dict[str, Any]]:
        """Rows, read in a transaction that cannot write. RowRefusedError for a value it cannot compare."""
        ...

    def write_row(self, writing: Writing) -> Written:
        """Look whether the row is there, else make it, in one transaction. RowRefusedError."""
        ...


class Placed(NamedTuple):
    """A test order at its system: the number people see, the system's id, and the document itself."""

    number: str
    remote_id: str
    document: Received


@runtime_checkable
class Rehearses(Protocol):
    """A client of a system in which an order can be placed and taken away again."""

    def place_test_order(self, sku: str, *, note: str) -> Placed:
        """Place an order for one of `sku`, marked as a test by `note`."""
        ...

    def remove_test_order(self, remote_id: str) -> None:
        """Take the order away for good. One that is gone already is no error."""
        ...
