"""The conversation with one warehouse: files in, files out."""

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, Final

from integrations.connectors.client import Check
from integrations.connectors.connection import Connection
from integrations.connectors.inbound import Page, Received
from integrations.connectors.x12 import oversize
from integrations.transports.files import Exchange, Folders
from integrations.transports.sftp import Sftp
from integrations.transports.ssh import Login
from portal.core.errors import CrossdockError, NeedsCredentials

CONTENT_TYPE: Final = "application/edi-x12"
# The last segment of a file: IEA, its count and control number, and a terminator. Without the
# terminator the number may be half there.
_TRAILER: Final = re.compile(rb"IEA([^A-Za-z0-9\s])\d{1,5}\1\d{1,9}\s*[^A-Za-z0-9\s]\s*\x1a?\s*\Z")
_STEPS: Final = ("Host", "Host key", "Login", "Folders", "Round trip")
_HOST_KEY_CODES: Final = frozenset({"host_key_changed", "host_key_missing"})


class WarehouseClient:
    """Picks files up and puts files down. Safe from any thread."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        settings, secrets = connection.settings, connection.secrets
        self._session = Sftp(
            Login(
                host=str(settings.get("host") or ""),
                port=int(settings["port"]),
                user=str(settings.get("user") or ""),
                host_key=str(settings.get("host_key") or ""),
                password=secrets.get("password"),
                private_key=secrets.get("private_key"),
            )
        )
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
            largest=int(settings["largest_file"]) * oversize.MEGABYTE,
        )

    def __repr__(self) -> str:
        return f"WarehouseClient({self._connection.slug})"

    def test_connection(self) -> list[Check]:
        """Host, host key, login, folders, and a small file written, read and removed."""
        passed: list[Check] = []
        try:
            for check in self._checks():
                passed.append(check)
        except CrossdockError as error:
            step = _failed_step(error, passed)
            if step == "Login":
                passed.append(Check("Host key", True, "It is the one that was pinned."))
            return [*passed, Check(step, False, str(error))]
        return passed

    def _checks(self) -> Iterator[Check]:
        self._session.close()
        self._session.reach()
        yield Check("Host", True, "The server answers.")
        self._session.open()
        yield Check("Host key", True, "It is the one that was pinned.")
        yield Check("Login", True, "The server accepts it.")
        for folder in (self._exchange.folders.drop, self._exchange.folders.pick_up):
            self._session.entries(folder)
        yield Check("Folders", True, "Both can be read.")
        if not self._exchange.round_trip():
            yield Check("Round trip", False, "A file came back with other content.")
            return
        yield Check("Round trip", True, "A file was written, read and removed.")

    def fetch(self, stream: str, cursor: Mapping[str, Any], *, now: datetime) -> Page:
        """Claim and read the files that are ready; they are archived when they are stored."""
        if stream != "files":
            raise KeyError(stream)
        found = self._exchange.pick_up(cursor.get("waiting", {}), now=now)
        known = cursor.get("too_large", {})
        largest = self._exchange.largest
        notes, noted = oversize.notes(found.too_large, known, largest=largest, now=now)
        if found.more:
            noted = {**known, **noted}
        documents = [
            Received("interchange", file.name[:60], file.body, file.dedup_key, CONTENT_TYPE)
            for file in found.files
        ]
        return Page(
            documents + notes,
            {"waiting": found.waiting, "too_large": noted},
            found.more,
            lambda: self._exchange.archive(found.files, now=now),
            [key for name, key in known.items() if name not in noted],
        )

    def put_file(self, file_name: str, body: bytes) -> Mapping[str, Any]:
        """Put the file where the warehouse looks, whole; the same file a second time is no news."""
        new = self._exchange.drop(file_name, body)
        return {"status": "written" if new else "already there", "body": file_name}

    def close(self) -> None:
        self._session.close()


def ends_with_trailer(tail: bytes) -> bool:
    """Whether a file with these last bytes is complete."""
    return _TRAILER.search(tail) is not None


def _folder(path: Any) -> str:
    return str(path).rstrip("/") or "."


def _failed_step(error: CrossdockError, passed: list[Check]) -> str:
    if isinstance(error, NeedsCredentials) and error.code in _HOST_KEY_CODES:
        return "Host key"
    if isinstance(error, NeedsCredentials) and error.code == "auth_expired":
        return "Login"
    return _STEPS[len(passed)]
