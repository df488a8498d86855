"""The conversation with a partner whose files lie on a server: files in, files out."""

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, Final

from integrations.connectors import checks, file_checks, file_server, left_files
from integrations.connectors.client import Check
from integrations.connectors.connection import Connection
from integrations.connectors.inbound import Page, Received
from integrations.formats.edifact import looks_like_edifact
from integrations.transports.files import Exchange, Folders

# The last segment of a file: IEA or UNZ, its count and control number, and a terminator. Without the
# terminator the number may be half there.
_TRAILER: Final = re.compile(
    rb"(?:IEA([^A-Za-z0-9\s])\d{1,5}\1\d{1,9}|UNZ([^A-Za-z0-9\s])\d{1,6}\2[A-Za-z0-9-]{1,14})"
    rb"\s*[^A-Za-z0-9\s]\s*\x1a?\s*\Z"
)


class FilesClient:
    """Picks files up and puts files down. Safe from any thread."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        settings = connection.settings
        self._session = file_server.session_of(connection)
        self._exchange = Exchange(
            self._session,
            Folders(
                drop=_folder(settings["drop_folder"]),
                pick_up=_folder(settings["pick_up_folder"]),
                processing=_folder(settings["processing_folder"]),
                archive=_folder(settings["archive_folder"]),
            ),
            pattern=str(settings["file_pattern"]),
            is_whole=ends_with_trailer,
            largest=int(settings["largest_file"]) * left_files.MEGABYTE,
        )

    def __repr__(self) -> str:
        return f"FilesClient({self._connection.slug})"

    def test_connection(self) -> Iterator[Check]:
        """Host, its key or certificate, login, small files written, read and removed, and its clock."""
        lines = file_checks.server_lines(self._exchange, self._connection.settings)
        return checks.hushed(lines, self._connection.secrets)

    def fetch(self, stream: str, cursor: Mapping[str, Any], *, now: datetime) -> Page:
        """Claim and read the files that are ready; they are archived when they are stored."""
        if stream != "files":
            raise KeyError(stream)
        found = self._exchange.pick_up(cursor.get("waiting", {}), now=now)
        known = cursor.get("too_large", {})
        largest = self._exchange.largest
        notes, noted = left_files.notes(found, known, largest=largest, now=now)
        if found.more:
            noted = {**known, **noted}
        documents = [received(file.name, file.body, file.dedup_key) for file in found.files]
        return Page(
            documents + notes,
            {"waiting": found.waiting, "too_large": noted},
            found.more,
            lambda: self._exchange.archive(found.files, now=now),
            [key for name, key in known.items() if name not in noted],
        )

    def peek(self, stream: str, *, most: int) -> list[Received]:
        """Files that wait for us, newest first. They stay where they are: `fetch` would claim them."""
        if stream != "files":
            raise KeyError(stream)
        files = self._exchange.peek(most=most)
        return [received(file.name, file.body, file.dedup_key) for file in files]

    def put_file(self, file_name: str, body: bytes) -> Mapping[str, Any]:
        """Put the file where the partner looks, whole; the same file a second time is no news."""
        new = self._exchange.drop(file_name, body)
        return {"status": "written" if new else "already there", "body": file_name}

    def close(self) -> None:
        self._session.close()


def received(name: str, body: bytes, key: str) -> Received:
    """A file as a document to be taken apart."""
    return Received("interchange", name[:60], body, key, content_type(body))


def content_type(body: bytes) -> str:
    """What a file is called over HTTP and in mails."""
    return "application/edifact" if looks_like_edifact(body) else "application/edi-x12"


def ends_with_trailer(tail: bytes) -> bool:
    """Whether a file with these last bytes is complete."""
    return _TRAILER.search(tail) is not None


def _folder(path: Any) -> str:
    return str(path).rstrip("/") or "."
