"""What a system has to give: a look at each stream, of which nothing is stored and nothing moved."""

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as NotInTimeError
from dataclasses import dataclass, field
from typing import Any, Final

from integrations.connectors.client import Client, Fetches, Peeks
from integrations.connectors.connection import Connection
from integrations.connectors.connector import Connector
from integrations.connectors.inbound import Part, Received
from integrations.domain.configuration import endpoint_config
from integrations.domain.unread import unread_fields
from integrations.models import Endpoint, Message
from portal.core import clock, guard
from portal.core.errors import CrossdockError
from portal.tenants.rows import beyond_limit

SECONDS_A_STREAM: Final = 20.0
MOST_DOCUMENTS: Final = 20
MOST_SAMPLES: Final = 3
MOST_BYTES: Final = 8 * 1024 * 1024  # of all documents of one stream
LARGEST_SAMPLE: Final = 256 * 1024
_MOST_FILES: Final = 5
_MOST_PAGES: Final = 5


@dataclass
class Found:
    """One object type in one stream.

    `documents` are native ones as a mapping takes them, at most 20; `samples` their bytes, at most 3;
    `custom_fields` the paths in them that the connector's default mapping does not read; `problems` how
    many documents could not be decoded. `error` says why a stream gave nothing, and is else empty.
    `object_type` is empty for a stream of files of which none lay there.
    """

    object_type: str
    stream: str
    documents: list[Any] = field(default_factory=list)
    samples: list[bytes] = field(default_factory=list)
    custom_fields: list[str] = field(default_factory=list)
    problems: int = 0
    error: str = ""


def discover(connector: Connector, connection: Connection) -> list[Found]:
    """A page of each stream from its beginning, in the order of the connector's streams.

    Nothing is stored, and nothing changes at the system. A stream that fails says so in its `error`,
    and the others go on; each has 20 seconds. A connector that is not polled gives nothing: see
    `discover_from`. A person waits for it, so an open breaker does not stop it.
    """
    streams = connector.streams(connection)
    try:
        client = connector.client(connection)
    except CrossdockError as error:
        return [_failed(connector, connection, name, str(error)) for name in streams]
    try:
        look = _looking(client)
        return [
            found
            for stream in (streams if look else ())
            for found in _stream(connector, connection, stream, look)
        ]
    finally:
        client.close()


def discover_from(
    connector: Connector, connection: Connection, object_type: str, raw: Sequence[bytes]
) -> list[Found]:
    """The same from bytes a person brought: a system that only sends to us cannot be asked."""
    documents = [Received(object_type, object_type, body, None) for body in raw]
    return _sorted_out(connector, connection, "", documents)


def discover_received(endpoint: Endpoint) -> list[Found]:
    """The same from the newest documents an endpoint has received, of each object type."""
    config = endpoint_config(endpoint)
    found: list[Found] = []
    received = Message.objects.filter(endpoint=endpoint, direction="in", parent=None)
    types = received.order_by("object_type").values_list("object_type", flat=True).distinct()
    for object_type in list(types):
        newest = received.filter(object_type=object_type, payload__body__isnull=False)
        bodies = newest.order_by("-id").values_list("topic", "payload__body")[:MOST_DOCUMENTS]
        with beyond_limit():  # the endpoint was found under it
            documents = [Received(object_type, topic, bytes(b), None) for topic, b in bodies]
        found += _sorted_out(config.connector, config.connection, "", documents)
    return found


Look = Callable[[str], list[Received]]


def _looking(client: Client) -> Look | None:
    """How to look into a stream; None where there is nothing to look into."""
    if isinstance(client, Peeks):
        return lambda stream: client.peek(stream, most=_MOST_FILES)
    if isinstance(client, Fetches):
        return lambda stream: _first_documents(client, stream)
    return None


def _first_documents(client: Fetches, stream: str) -> list[Received]:
    """The first page that has any: refunds are read through pages of orders, and few have one."""
    cursor: dict[str, Any] = {}
    for _ in range(_MOST_PAGES):
        page = client.fetch(stream, cursor, now=clock.now())
        if page.documents or not page.more:
            return page.documents
        cursor = page.cursor
    return []


def _stream(
    connector: Connector, connection: Connection, stream: str, look: Look | None
) -> list[Found]:
    assert look is not None
    try:
        documents = _within_time(look, stream)
    except CrossdockError as error:
        return [_failed(connector, connection, stream, str(error))]
    except KeyError as missing:
        if missing.args != (stream,):
            raise
        return []  # the settings of this connection leave the stream out
    except NotInTimeError:
        text = f"It gave nothing within {SECONDS_A_STREAM:g} s."
        return [_failed(connector, connection, stream, text)]
    return _sorted_out(connector, connection, stream, documents)


def _within_time(look: Look, stream: str) -> list[Received]:
    pool = ThreadPoolExecutor(1, thread_name_prefix="discover")
    future: Future[list[Received]] = pool.submit(guard.carried(look), stream)
    try:
        return future.result(timeout=SECONDS_A_STREAM)
    finally:
        # A look that hangs ends by the time-outs of its own connection.
        pool.shutdown(wait=False, cancel_futures=True)


def _failed(connector: Connector, connection: Connection, stream: str, text: str) -> Found:
    return Found(_kind(connector, connection, stream), stream, error=text)


def _kind(connector: Connector, connection: Connection, stream: str) -> str:
    object_type = connector.streams(connection).get(stream, "")
    return object_type if object_type in connector.manifest.reads else ""


def _sorted_out(
    connector: Connector, connection: Connection, stream: str, received: Iterable[Received]
) -> list[Found]:
    """By object type. A file counts for each type that is in it."""
    by_type: dict[str, list[Part]] = {}
    left = MOST_BYTES
    for document in received:
        left -= len(document.body)
        if left < 0:
            break
        for part in _parts(connector, connection, document):
            if part.object_type in connector.manifest.reads:
                by_type.setdefault(part.object_type, []).append(part)
    found = [
        _decoded(connector, connection, stream, object_type, parts[:MOST_DOCUMENTS])
        for object_type, parts in by_type.items()
    ]
    return found or ([Found(_kind(connector, connection, stream), stream)] if stream else [])


def _parts(connector: Connector, connection: Connection, document: Received) -> list[Part]:
    split = connector.mapper.split(
        document.body, connection, received=clock.now(), topic=document.topic
    )
    if split is None:
        return [Part(document.object_type, document.topic, document.body)]
    return split.parts


def _decoded(
    connector: Connector,
    connection: Connection,
    stream: str,
    object_type: str,
    parts: list[Part],
) -> Found:
    found = Found(object_type, stream)
    for part in parts:
        native = connector.mapper.read(object_type, part.topic, part.body, connection)
        found.documents += native.documents
        found.problems += bool(native.problems)
    found.documents = found.documents[:MOST_DOCUMENTS]
    found.samples = [p.body for p in parts if len(p.body) <= LARGEST_SAMPLE][:MOST_SAMPLES]
    bodies = [(part.topic, part.body) for part in parts]
    found.custom_fields = unread_fields(connector, connection, object_type, bodies)
    return found
