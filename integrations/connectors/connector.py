"""What every connector is made of. A connector knows one kind of system and nothing of the database.

A connector is a package with five files: `manifest` (who it is), `settings` (what a person enters),
`mapper` (pure: bytes to native documents, default mappings), `client` (the conversation, through
`integrations.transports`) and a README of the system's quirks. Its `__init__` joins them:
`CONNECTOR = Connector(...)`.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, Protocol
from uuid import UUID

from integrations.connectors.client import Client
from integrations.connectors.connection import Connection, Setting
from integrations.connectors.inbound import Native, Received, Split
from integrations.connectors.manifest import Manifest
from integrations.connectors.outbound import Controls, Envelope
from integrations.formats.as2 import Agreement
from integrations.mapping import Row
from integrations.resources.relations import Relation
from integrations.resources.rows import Table
from integrations.transports.token_server import CodeGrant

Direction = Literal["in", "out"]
Mappings = Mapping[tuple[str, Direction], Sequence[Row]]
Streams = Mapping[str, str]  # stream name → object type it gives

# The door's check of a webhook: headers by lower-case name, body, connection. Raises Refused.
Admit = Callable[[Mapping[str, str], bytes, Connection], Received]
# What a webhook's headers show without its body: headers by lower-case name. Raises Refused.
CheckHeaders = Callable[[Mapping[str, str], Connection], None]
# What was agreed on with the partner of an endpoint that speaks AS2: the door opens and answers its messages
# by it, and stores what is inside as an `interchange`. None for an endpoint that speaks something else.
# Raises NeedsCredentials for keys and certificates that cannot be used as they were entered.
Agreed = Callable[[Connection], Agreement | None]
# Message, object type and document of each → one file.
Enclose = Callable[
    [Connection, Sequence[tuple[UUID, str, dict[str, Any]]], Controls, datetime], Envelope
]


# Which account of which system a connection means: a text without secrets, equal for the same account
# however it was typed, and empty where nothing entered tells. Compared within one connector. Never raises.
Account = Callable[[Connection], str]

# Stream name → object type, of a system whose streams depend on what was entered. Never raises.
StreamsOf = Callable[[Connection], Streams]

# Whether an order that is there can be cancelled by sending it once more as cancelled. Never raises.
TakesCancels = Callable[[Connection], bool]


# Whether who sends an order is told, by an acknowledgement with an order in it, that it was taken.
AnswersOrders = Callable[[Connection], bool]

# Object type and document → which of its files it goes into, where documents of one type go into several
# kinds of file.
FileKind = Callable[[str, Mapping[str, Any]], str]

# The page where a person says yes, for a connection that needs one; None for any other. Raises
# NeedsCredentials for what is not entered.
Authorises = Callable[[Connection], CodeGrant | None]


def _always(connection: Connection) -> bool:
    return True


def _never(connection: Connection) -> bool:
    return False


def _one_kind(object_type: str, document: Mapping[str, Any]) -> str:
    return ""


def _nobody(connection: Connection) -> CodeGrant | None:
    return None


class Mapper(Protocol):
    """The pure side of a connector: a module."""

    MAPPINGS: Mappings
    STREAMS: Streams

    def split(
        self, body: bytes, connection: Connection, *, received: datetime, topic: str = ""
    ) -> Split | None:
        """Take a container apart; None when the bytes are one document. `topic`: as it was received."""
        ...

    def read(self, object_type: str, topic: str, body: bytes, connection: Connection) -> Native:
        """Decode one document. Bad bytes give problems, never an error. No documents and no problems:
        there is nothing in it for the hub."""
        ...

    def remote_id(self, object_type: str, document: Any) -> str | None:
        """The system's own id of a native document; None when it has none."""
        ...


class Tables(Protocol):
    """Kinds of files that can be published as resources: a pure module."""

    def relations(self, connection: Connection) -> list[Relation]:
        """Those whose columns were agreed, by name. Never raises."""
        ...

    def topic(self, name: str) -> str:
        """How the topics of received files of this kind begin."""
        ...

    def table(self, name: str, body: bytes, connection: Connection) -> Table:
        """The rows of a file. FileUnfitError where it is not as agreed, too large or has too many rows."""
        ...

    def row_file(
        self, name: str, key: str, values: Mapping[str, Any], connection: Connection
    ) -> tuple[str, bytes]:
        """A file of one row: its name, the same for the same key, and its bytes. RowRefusedError."""
        ...


@dataclass(frozen=True)
class Connector:
    """A kind of system, complete. `admit` and `check_headers` come with the capability `webhook`,
    `envelope`, `as2` and `tables` with those of their names."""

    manifest: Manifest
    settings: tuple[Setting, ...]
    mapper: Mapper
    client: Callable[[Connection], Client]
    account: Account
    admit: Admit | None = None
    as2: Agreed | None = None
    check_headers: CheckHeaders | None = None
    envelope: Enclose | None = None
    file_kind: FileKind = _one_kind
    takes_cancels: TakesCancels = _always
    answers_orders: AnswersOrders = _never
    authorises: Authorises = _nobody
    streams_of: StreamsOf | None = None
    tables: Tables | None = None

    @property
    def slug(self) -> str:
        return self.manifest.slug

    @property
    def is_polled(self) -> bool:
        return "poll" in self.manifest.capabilities

    def streams(self, connection: Connection) -> Streams:
        """What is polled of one endpoint: the mapper's streams, or those its settings describe."""
        return self.streams_of(connection) if self.streams_of else self.mapper.STREAMS
