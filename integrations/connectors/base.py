"""What every connector is made of. A connector knows one kind of system and nothing of the database.

A connector is a package with five files: `manifest` (who it is), `settings` (what a person enters),
`mapper` (pure: bytes to native documents, default mappings), `client` (the conversation, through
`integrations.transports`) and a README of the system's quirks. Its `__init__` joins them:
`CONNECTOR = Connector(...)`.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, NamedTuple, Protocol
from uuid import UUID

from integrations.canonical.problem import Problem
from integrations.mapping import Row
from portal.core.errors import CrossdockError
from portal.core.secrets import Secret

Capability = Literal["webhook", "poll", "deliver", "envelope", "look_up"]
Direction = Literal["in", "out"]


@dataclass(frozen=True)
class Manifest:
    """Who a connector is. `quality` lists the checklist: item → done, todo or why it is exempt."""

    slug: str
    label: str
    category: Literal["storefront", "erp", "warehouse", "generic"]
    summary: str
    capabilities: frozenset[Capability]
    auth: str
    reads: frozenset[str]  # object types it can give
    writes: frozenset[str]  # object types it can take
    quality: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Setting:
    """One thing a person enters for an endpoint. A secret is stored encrypted and never shown."""

    name: str
    label: str
    help: str
    secret: bool = False
    required: bool = True
    default: Any = None
    kind: Literal["text", "url", "number", "choice", "flag", "lines"] = "text"
    choices: tuple[str, ...] = ()


@dataclass(frozen=True)
class Connection:
    """One endpoint as its connector sees it: settings with defaults filled in, and secrets."""

    endpoint_id: int
    slug: str
    settings: Mapping[str, Any]
    secrets: Mapping[str, Secret]
    concurrency: int = 4


class Received(NamedTuple):
    """A document as it arrived. `dedup_key` None: the system gives no id, the hub tells repeats."""

    object_type: str
    topic: str
    body: bytes
    dedup_key: str | None
    content_type: str = "application/json"


class Refused(Exception):
    """The door says no: HTTP status and a reason a sender can act on."""

    def __init__(self, status: int, reason: str, text: str) -> None:
        super().__init__(text)
        self.status, self.reason, self.text = status, reason, text


class Page(NamedTuple):
    """One page of a poll. `cursor` is where to go on once the documents are stored."""

    documents: list[Received]
    cursor: dict[str, Any]
    more: bool
    after_stored: Callable[[], None] | None = None  # e.g. move the picked-up files to the archive


class Part(NamedTuple):
    """One document inside received bytes, e.g. one transaction set of an EDI file."""

    object_type: str
    topic: str
    body: bytes


class Split(NamedTuple):
    """Received bytes taken apart. `answers` are documents to send back, e.g. a 997."""

    parts: list[Part]
    problems: list[Problem]
    envelopes: list["EnvelopeIn"]


class EnvelopeIn(NamedTuple):
    """One functional group as it came, for the duplicate check and the answer (None: never answer)."""

    sender: str
    receiver: str
    control: str
    group_control: str
    functional_id: str
    answer: dict[str, Any] | None


class Native(NamedTuple):
    """A decoded document ready for mapping. One document may speak of many objects (an 846)."""

    object_type: str
    documents: list[Any]
    problems: list[Problem]


class Outbound(NamedTuple):
    """One canonical object to deliver, already mapped to the target's own shape."""

    message_id: UUID
    object_type: str
    business_key: str
    document: dict[str, Any]
    remote_id: str | None  # the target's id for this object, if it is known there
    retried: bool  # an earlier try may have arrived: look before creating


class Outcome(NamedTuple):
    """What became of one delivery. Exactly one of `error` None (it took effect) or set."""

    message_id: UUID
    error: CrossdockError | None = None
    confirmed: bool = True  # False: delivered, the target will confirm later
    remote_id: str | None = None
    sent: bytes = b""
    answer: Mapping[str, Any] = {}  # {status, ms, body}: for people, redacted


class Envelope(NamedTuple):
    """Documents in one file under one control number."""

    file_name: str
    body: bytes
    functional_id: str
    problems: dict[UUID, list[Problem]]  # documents that could not be written; not in the file


class Controls(NamedTuple):
    """Control numbers for one envelope, already taken."""

    interchange: int
    group: int
    first_set: int


class Check(NamedTuple):
    """One line of a live connection test."""

    name: str
    passed: bool
    text: str


class Client(Protocol):
    """The conversation with one endpoint. Raises only the errors of portal.core.errors."""

    def test_connection(self) -> list[Check]: ...

    def fetch(self, stream: str, cursor: Mapping[str, Any], *, now: datetime) -> Page: ...

    def deliver(self, batch: Sequence[Outbound]) -> Iterable[Outcome]:
        """Deliver each item, concurrently within the connection's limit, and yield its outcome as soon
        as it is known. Never raises for one item."""
        ...

    def put_file(self, file_name: str, body: bytes) -> Mapping[str, Any]:
        """For `envelope` connectors: put the whole file under its name, once, atomically."""
        ...

    def close(self) -> None: ...


class Mapper(Protocol):
    """The pure side of a connector."""

    MAPPINGS: Mapping[tuple[str, Direction], Sequence[Row]]
    STREAMS: Mapping[str, str]  # stream name → object type it gives

    def split(self, body: bytes, connection: Connection, *, received: datetime) -> Split | None:
        """Take a container apart; None when the bytes are one document."""
        ...

    def read(self, object_type: str, topic: str, body: bytes, connection: Connection) -> Native:
        """Decode one document. Bad bytes give problems, never an error. No documents and no problems:
        there is nothing in it for the hub."""
        ...

    def remote_id(self, object_type: str, document: Any) -> str | None:
        """The system's own id of a native document; None when it has none."""
        ...


@dataclass(frozen=True)
class Connector:
    """A kind of system, complete."""

    manifest: Manifest
    settings: tuple[Setting, ...]
    mapper: Any  # a module that satisfies Mapper
    client: Callable[[Connection], Client]
    admit: Callable[[Mapping[str, str], bytes, Connection], Received] | None = (
        None  # the door's check
    )
    envelope: Callable[..., Envelope] | None = None

    @property
    def slug(self) -> str:
        return self.manifest.slug
