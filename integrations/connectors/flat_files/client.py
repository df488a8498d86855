"""The conversation with a place where flat files lie: files in, files out."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from integrations.connectors import checks, file_checks, left_files
from integrations.connectors.client import Check
from integrations.connectors.connection import Connection
from integrations.connectors.described.description import DescriptionError
from integrations.connectors.file_repeats import Repeats
from integrations.connectors.flat_files import agreement, places, probe, wholeness
from integrations.connectors.flat_files.agreement import Agreement
from integrations.connectors.flat_files.envelope import content_type
from integrations.connectors.flat_files.settings import BUCKET, FOLDER
from integrations.connectors.inbound import Page, Received
from integrations.transports import file_names
from integrations.transports.files import Exchange, Folders, Picked
from portal.core.errors import NeedsCredentials

_LONGEST_TOPIC = 60


class FilesClient:
    """Picks files up and puts files down. Safe from any thread."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._session = places.session_of(connection)
        settings = connection.settings
        self._exchange = Exchange(
            self._session,
            Folders(
                drop=folder_of(settings["drop_folder"]),
                pick_up=folder_of(settings["pick_up_folder"]),
                processing=folder_of(settings["processing_folder"]),
                archive=folder_of(settings["archive_folder"]),
            ),
            largest=int(settings["largest_file"]) * left_files.MEGABYTE,
        )

    def __repr__(self) -> str:
        return f"FilesClient({self._connection.slug})"

    def test_connection(self) -> Iterator[Check]:
        """The way there, the login, small files written, read and removed, and the clock."""
        kind = places.kind_of(self._connection)
        if kind == FOLDER:
            lines = probe.folder_lines(self._exchange)
        elif kind == BUCKET:
            lines = probe.bucket_lines(self._exchange, places.bucket_of(self._connection))
        else:
            lines = file_checks.server_lines(self._exchange, self._connection.settings)
        return checks.hushed(lines, self._connection.secrets)

    def fetch(self, stream: str, cursor: Mapping[str, Any], *, now: datetime) -> Page:
        """Claim and read the files that are ready; they are archived when they are stored."""
        agreed = self._agreed(stream)
        found = self._exchange.pick_up(cursor.get("waiting", {}), now=now)
        known = cursor.get("left", {})
        notes, noted = left_files.notes(found, known, largest=self._exchange.largest, now=now)
        if found.more:
            noted = {**known, **noted}
        repeats = Repeats(cursor.get("repeats", {}))
        documents = [received(agreed, file, repeats.key(file)) for file in found.files]
        return Page(
            documents + notes,
            {"waiting": found.waiting, "left": noted, "repeats": repeats.state},
            found.more,
            lambda: self._exchange.archive(found.files, now=now),
            [key for name, key in known.items() if name not in noted],
        )

    def peek(self, stream: str, *, most: int) -> list[Received]:
        """Files that wait for us, newest first. They stay where they are: `fetch` would claim them."""
        agreed = self._agreed(stream)
        return [received(agreed, file, file.dedup_key) for file in self._exchange.peek(most=most)]

    def put_file(self, file_name: str, body: bytes) -> Mapping[str, Any]:
        """Put the file where they look, whole; the same file a second time is no news."""
        new = self._exchange.drop(file_name, body)
        return {"status": "written" if new else "already there", "body": file_name}

    def close(self) -> None:
        self._session.close()

    def _agreed(self, stream: str) -> Agreement:
        agreed = agreed_for(self._connection, stream)
        self._exchange.pattern = agreed.patterns
        self._exchange.ends = lambda name, tail: wholeness.ends(agreed.of_file(name), tail)
        return agreed


def agreed_for(connection: Connection, stream: str) -> Agreement:
    """What is looked for in the one stream. KeyError for another, NeedsCredentials without an agreement."""
    if stream != "files":
        raise KeyError(stream)
    try:
        return agreement.of(connection.settings)
    except DescriptionError as error:
        text = f"The agreement about files cannot be used. {error}"
        raise NeedsCredentials(text, code="settings_invalid") from None


def received(agreed: Agreement, file: Picked, key: str) -> Received:
    """A file as a document to be taken apart. Its topic says which entry of the agreement it is of."""
    entry = agreed.of_file(file.name)
    kind = content_type(entry.profile) if entry else "application/octet-stream"
    topic = f"{entry.name if entry else ''}:{file_names.shown(file.name)}"
    return Received("interchange", topic[:_LONGEST_TOPIC], file.body, key, kind)


def folder_of(path: Any) -> str:
    return str(path).rstrip("/") or "."
