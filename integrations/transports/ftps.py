"""FTPS: one kept-open session, and the few verbs file exchange needs.

Folders are listed with MLSD (RFC 3659): what LIST answers is meant for people and has neither exact
sizes nor times, so a server that has only LIST is refused. FTP has no rename that spares what stands
at the new name: `move` looks first, and who makes a file there in between loses it.
"""

import ftplib
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Final

from integrations.transports import file_names, ftp
from integrations.transports.file_session import Entry
from portal.core import clock
from portal.core.errors import CrossdockError, NeedsCredentials, Permanent, Retryable

_LARGEST_LISTING: Final = 8 * 1024 * 1024
# After this long without a call the session is asked whether it still is one.
_FRESH_SECONDS: Final = 20.0
_FAILURES: Final = (ftplib.Error, EOFError, OSError)
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]")
_UNKNOWN_COMMAND: Final = frozenset({"500", "502", "504"})


class Ftps:
    """A `FileSession` that is opened when first needed, kept, and opened anew after it broke."""

    def __init__(self, login: ftp.Login) -> None:
        self._login = login
        self._lock = threading.RLock()
        self._session: ftp.Control | None = None
        self._used = 0.0

    def __repr__(self) -> str:
        return f"Ftps({self._login.user} at {self._login.host}:{self._login.port})"

    def entries(self, folder: str) -> list[Entry]:
        """The plain files in `folder`, by name. NeedsCredentials (`folder_missing`) without one."""
        with self._working(folder) as session:
            try:
                listing = session.fetch(f"MLSD {folder}", most=_LARGEST_LISTING + 1)
            except ftplib.error_perm as error:
                raise self._no_mlsd(error) or _no_folder(error, folder) from error
        if len(listing) > _LARGEST_LISTING:
            raise Permanent(f"{folder} holds too many files to list.", code="response_too_large")
        lines = listing.decode("utf-8", "surrogateescape").split("\n")
        found = [_described(line.rstrip("\r")) for line in lines if line.strip()]
        return sorted(entry for kind, entry in found if kind == "file")

    def find(self, path: str) -> Entry | None:
        """What stands at `path`, or None."""
        with self._working(path) as session:
            try:
                answer = session.sendcmd(f"MLST {path}")
            except ftplib.error_perm as error:
                if str(error).startswith("550"):
                    return None
                raise self._no_mlsd(error) or error from error
        lines = answer.split("\n")
        if len(lines) < 3:
            raise Permanent("The server's answer to MLST tells nothing.", code="refused")
        return _described(lines[1].lstrip())[1]._replace(name=path.rpartition("/")[2])

    def read(self, path: str, *, most: int) -> bytes | None:
        """The file, or None if it is gone. Of a file longer than `most` bytes, `most` + 1 of them."""
        with self._working(path) as session:
            try:
                return session.fetch(f"RETR {path}", most=most + 1)
            except ftplib.error_perm as error:
                if not self._is_gone(error, path):
                    raise
                return None

    def tail(self, entry: Entry, path: str, *, length: int) -> bytes:
        """The last bytes of a file of `entry`'s size; empty if it is gone or REST is not known."""
        with self._working(path) as session:
            try:
                start = max(0, entry.size - length)
                return session.fetch(f"RETR {path}", most=length, start=start)
            except ftplib.error_perm:
                return b""

    def write(self, path: str, body: bytes) -> None:
        """Write the file whole and compare its size. Not atomic: write aside, then `replace`."""
        with self._working(path) as session:
            session.store(f"STOR {path}", body)
            standing = self.find(path)
        arrived = standing.size if standing else 0
        if arrived != len(body):
            raise Retryable(f"{path} arrived with {arrived} of {len(body)} bytes.")

    def move(self, old: str, new: str) -> bool:
        """Rename; False when `old` is gone or `new` is taken. Of two rivals one gets True."""
        with self._working(old) as session:
            if self.find(new) is not None:
                return False
            try:
                self._rename(session, old, new)
            except ftplib.error_perm as error:
                if self.find(new) is None and self.find(old) is not None:
                    raise Permanent(f"{old} cannot be renamed: {error}", code="refused") from error
                return False
        return True

    def replace(self, old: str, new: str) -> None:
        """Rename over whatever stands at `new`; a server that does not is asked to make room first."""
        with self._working(old) as session:
            try:
                self._rename(session, old, new)
            except ftplib.error_perm:
                if self.find(new) is None:
                    raise
                session.voidcmd(f"DELE {_one_line(new)}")
                self._rename(session, old, new)

    def remove(self, path: str) -> None:
        """Delete the file; fine if there is none."""
        with self._working(path) as session:
            try:
                session.voidcmd(f"DELE {path}")
            except ftplib.error_perm as error:
                if not self._is_gone(error, path):
                    raise

    def make_folder(self, path: str) -> None:
        """Make the folder and those above it; fine if they are there."""
        with self._working(path) as session:
            parts = path.split("/")
            for end in range(1, len(parts) + 1):
                folder = "/".join(parts[:end])
                if folder and self.find(folder) is None:
                    self._make(session, folder)

    def open(self) -> None:
        """Connect, check the certificate and log in, if that is not done."""
        with self._working(""):
            pass

    def close(self) -> None:
        """End the session; the next call opens a new one."""
        with self._lock:
            self._drop()

    def _make(self, session: ftp.Control, folder: str) -> None:
        try:
            session.voidcmd(f"MKD {folder}")
        except ftplib.error_perm:
            if self.find(folder) is None:  # else somebody was quicker
                raise

    def _rename(self, session: ftp.Control, old: str, new: str) -> None:
        session.sendcmd(f"RNFR {old}")
        session.voidcmd(f"RNTO {_one_line(new)}")

    def _is_gone(self, error: ftplib.error_perm, path: str) -> bool:
        return str(error).startswith("550") and self.find(path) is None

    def _no_mlsd(self, error: ftplib.error_perm) -> CrossdockError | None:
        if str(error)[:3] not in _UNKNOWN_COMMAND:
            return None
        text = (
            f"{self._login.host} lists folders only with LIST, whose answer is for people and leaves"
            " sizes and times to be guessed. Ask for a server that knows MLSD and MLST (RFC 3659)."
        )
        return Permanent(text, code="refused")

    @contextmanager
    def _working(self, path: str) -> Iterator[ftp.Control]:
        _one_line(path)
        with self._lock:
            at_work = False
            try:
                session = self._live_session()
                at_work = True
                yield session
                self._used = clock.monotonic()
            except CrossdockError:
                self._drop()  # an answer may still be on its way
                raise
            except _FAILURES as error:
                if not isinstance(error, ftplib.error_perm):
                    self._drop()
                raise ftp.translated(error, self._login, path=path, at_work=at_work) from error

    def _live_session(self) -> ftp.Control:
        if self._session is not None and not self._is_alive(self._session):
            self._drop()
        if self._session is None:
            self._session = ftp.log_in(self._login)
            self._used = clock.monotonic()
        return self._session

    def _is_alive(self, session: ftp.Control) -> bool:
        if session.sock is None or session.sock.fileno() < 0:
            return False
        if clock.monotonic() - self._used < _FRESH_SECONDS:
            return True
        try:
            session.voidcmd("NOOP")
        except _FAILURES:
            return False
        return True

    def _drop(self) -> None:
        session, self._session = self._session, None
        if session is not None:
            session.close()


def _one_line(path: str) -> str:
    """A line break in a path would be a command of its own."""
    if _CONTROL.search(path):
        text = f"{file_names.shown(path)} holds characters nobody can see."
        raise Permanent(text, code="file_name")
    return path


def _no_folder(error: ftplib.error_perm, folder: str) -> CrossdockError:
    text = f"The server has no {folder}, or the login may not look into it: {ftp.said(error)}"
    return NeedsCredentials(text, code="folder_missing")


def _described(line: str) -> tuple[str, Entry]:
    """The type and the figures of one line of MLSD: `type=file;size=5;modify=20260303160500; a.edi`."""
    facts, _, name = line.partition(" ")
    pairs = (fact.partition("=") for fact in facts.split(";") if fact)
    found = {key.lower(): value for key, _, value in pairs}
    kind = found.get("type", "").lower()
    try:
        size = int(found["size"]) if kind == "file" else 0
        return kind, Entry(name, size, _seconds(found.get("modify", "")))
    except (KeyError, ValueError) as error:
        text = f"The server describes {file_names.shown(name)} without its size, or wrongly."
        raise Permanent(text, code="refused") from error


def _seconds(stamp: str) -> int:
    """Since 1970, of YYYYMMDDHHMMSS in UTC with or without a fraction; 0 without a stamp."""
    if not stamp:
        return 0
    return int(datetime.strptime(stamp[:14], "%Y%m%d%H%M%S").replace(tzinfo=UTC).timestamp())
