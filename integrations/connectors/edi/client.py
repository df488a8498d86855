"""The conversation with one trading partner: files on a server, or AS2 messages."""

from collections.abc import Iterator, Mapping
from typing import Any

from integrations.connectors import as2_partner, as2_probe, mailbox
from integrations.connectors.client import Check, Client
from integrations.connectors.connection import Connection
from integrations.connectors.connector import Streams
from integrations.connectors.edi.mapper import STREAMS
from integrations.connectors.edi.settings import AS2
from integrations.connectors.edi_files import clients
from integrations.connectors.edi_files.client import content_type
from integrations.formats.as2 import Agreement
from integrations.transports.token_server import CodeGrant


def speaks_as2(connection: Connection) -> bool:
    """Whether files are posted, and come to the door."""
    return bool(connection.settings["transport"] == AS2)


def agreement_of(connection: Connection) -> Agreement | None:
    """What the door goes by; None for an endpoint whose files lie on a server."""
    return as2_partner.agreement_of(connection) if speaks_as2(connection) else None


def streams_of(connection: Connection) -> Streams:
    """Folders are looked into; messages come by themselves."""
    return {} if speaks_as2(connection) else STREAMS


def client_of(connection: Connection) -> Client:
    """The client for the way of the files."""
    return MessagesClient(connection) if speaks_as2(connection) else clients.client(connection)


def authorises(connection: Connection) -> CodeGrant | None:
    """Where a person says yes to a mailbox; None where nobody has to."""
    return None if speaks_as2(connection) else mailbox.code_grant(connection)


class MessagesClient:
    """Posts files as AS2 messages. Safe from any thread."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def __repr__(self) -> str:
        return f"MessagesClient({self._connection.slug})"

    def test_connection(self) -> Iterator[Check]:
        """Host, TLS, keys and certificates; nothing is posted."""
        return as2_probe.lines(self._connection)

    def put_file(self, file_name: str, body: bytes) -> Mapping[str, Any]:
        """Post the file; the same file a second time is the same message."""
        kind = content_type(body)
        return as2_partner.put(self._connection, file_name, body, content_type=kind)

    def close(self) -> None:
        """Nothing is kept open."""
