"""SFTP: one kept-open session, and the few verbs file exchange needs."""

import errno
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Final

import paramiko

from integrations.transports import ssh
from integrations.transports.file_session import Entry
from portal.core.errors import CrossdockError, NeedsCredentials, Permanent, Retryable

IDLE_SECONDS: Final = 60.0
_CHUNK: Final = 32 * 1024
_PLATFORM_ERRORS: Final = (paramiko.SSHException, EOFError, OSError)


class Sftp:
    """A `FileSession` that is opened when first needed, kept, and opened anew after it broke."""

    def __init__(self, login: ssh.Login) -> None:
        self._login = login
        self._lock = threading.RLock()
        self._session: paramiko.SFTPClient | None = None

    def __repr__(self) -> str:
        return f"Sftp({self._login.user} at {self._login.host}:{self._login.port})"

    def entries(self, folder: str) -> list[Entry]:
        """The plain files in `folder`, by name. NeedsCredentials (`folder_missing`) without one."""
        with self._working(folder) as session:
            found = session.listdir_attr(folder)
        files = [Entry(a.filename, a.st_size or 0, a.st_mtime or 0) for a in found if _is_file(a)]
        return sorted(files)

    def find(self, path: str) -> Entry | None:
        """What stands at `path`, or None."""
        with self._working(path) as session:
            try:
                found = session.stat(path)
            except FileNotFoundError:
                return None
        return Entry(path.rpartition("/")[2], found.st_size or 0, found.st_mtime or 0)

    def read(self, path: str, *, most: int) -> bytes | None:
        """The file, or None if it is gone. Of a file longer than `most` bytes, `most` + 1 of them."""
        with self._working(path) as session:
            try:
                with session.open(path, "rb") as file:
                    return _read_bounded(file, most + 1)
            except FileNotFoundError:
                return None

    def tail(self, entry: Entry, path: str, *, length: int) -> bytes:
        """The last bytes of a file of `entry`'s size; empty if it is gone."""
        with self._working(path) as session:
            try:
                with session.open(path, "rb") as file:
                    file.seek(max(0, entry.size - length))
                    return file.read(length)
            except FileNotFoundError:
                return b""

    def write(self, path: str, body: bytes) -> None:
        """Write the file whole and compare its size. Not atomic: write aside, then `replace`."""
        with self._working(path) as session:
            with session.open(path, "wb") as file:
                file.set_pipelined(True)
                file.write(body)
            arrived = session.stat(path).st_size
        if arrived != len(body):
            raise Retryable(f"{path} arrived with {arrived} of {len(body)} bytes.")

    def move(self, old: str, new: str) -> bool:
        """Rename; False when `old` is gone or `new` is taken. Of two rivals one gets True."""
        with self._working(old) as session:
            try:
                session.rename(old, new)
            except FileNotFoundError:
                return False
            except OSError as error:
                # SFTP 3 has one word for every other failure, a target that exists among them.
                if not _is_plain_no(error):
                    raise
                if self.find(new) is None and self.find(old) is not None:
                    raise Permanent(f"{old} cannot be renamed: {error}", code="refused") from error
                return False
        return True

    def replace(self, old: str, new: str) -> None:
        """Rename atomically over whatever stands at `new`."""
        with self._working(old) as session:
            try:
                session.posix_rename(old, new)
            except OSError as error:
                if not _is_plain_no(error):
                    raise
                session.rename(old, new)  # a server without that extension

    def remove(self, path: str) -> None:
        """Delete the file; fine if there is none."""
        with self._working(path) as session, suppress(FileNotFoundError):
            session.remove(path)

    def make_folder(self, path: str) -> None:
        """Make the folder and those above it; fine if they are there."""
        with self._working(path) as session:
            parts = path.split("/")
            for end in range(1, len(parts) + 1):
                folder = "/".join(parts[:end])
                if folder and self.find(folder) is None:
                    self._make(session, folder)

    def _make(self, session: paramiko.SFTPClient, folder: str) -> None:
        try:
            session.mkdir(folder)
        except OSError:
            if self.find(folder) is None:  # else somebody was quicker
                raise

    def open(self) -> None:
        """Connect, check the host key and log in, if that is not done."""
        with self._working(""):
            pass

    def close(self) -> None:
        """End the session; the next call opens a new one."""
        with self._lock:
            self._drop()

    @contextmanager
    def _working(self, path: str) -> Iterator[paramiko.SFTPClient]:
        with self._lock:
            at_work = False
            try:
                session = self._live_session()
                at_work = True
                yield session
            except CrossdockError:
                raise
            except UnicodeDecodeError as error:
                self._drop()  # the listing stays half read
                raise Permanent(
                    f"{path} holds a file whose name is not UTF-8.", code="file_name"
                ) from error
            except _PLATFORM_ERRORS as error:
                known = _about_the_path(error, path)
                if known is None:
                    self._drop()
                raise known or ssh.lost(self._login, error, uncertain=at_work) from error

    def _live_session(self) -> paramiko.SFTPClient:
        session = self._session
        if session is not None:
            channel = session.get_channel()
            if channel is not None and not channel.closed and channel.get_transport().is_active():
                return session
            self._drop()
        self._session = _start_sftp(ssh.log_in(self._login))
        return self._session

    def _drop(self) -> None:
        session, self._session = self._session, None
        channel = session.get_channel() if session else None
        if channel is not None:
            channel.get_transport().close()


def _read_bounded(file: paramiko.SFTPFile, most: int) -> bytes:
    """What the size says is asked for ahead, and what is there is read: the size may be wrong."""
    file.prefetch(min(file.stat().st_size or 0, most))
    body = bytearray()
    while len(body) < most and (chunk := file.read(min(_CHUNK, most - len(body)))):
        body += chunk
    return bytes(body)


def _is_file(attributes: paramiko.SFTPAttributes) -> bool:
    # A server may leave the mode out; then only the type of an open would tell.
    mode = attributes.st_mode
    return mode is None or mode & 0o170000 == 0o100000


def _start_sftp(transport: paramiko.Transport) -> paramiko.SFTPClient:
    session = paramiko.SFTPClient.from_transport(transport)
    channel = session.get_channel() if session else None
    if session is None or channel is None:
        raise EOFError("the server offers no SFTP")
    channel.settimeout(IDLE_SECONDS)
    return session


def _about_the_path(error: BaseException, path: str) -> CrossdockError | None:
    """An answer about this one path leaves the session usable; None for everything else."""
    if isinstance(error, FileNotFoundError):
        return NeedsCredentials(f"The server has no {path}.", code="folder_missing")
    if isinstance(error, PermissionError):
        return NeedsCredentials(f"The login may not use {path}.", code="forbidden")
    if _is_plain_no(error):
        return Retryable(f"The server could not do it with {path}: {error}")
    if isinstance(error, OSError) and error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return Retryable(f"There is no room on the server for {path}.")
    return None


def _is_plain_no(error: BaseException) -> bool:
    """Whether the server answered with a bare "failure": paramiko gives it no number."""
    return type(error) is OSError and error.errno is None
