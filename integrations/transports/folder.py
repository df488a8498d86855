"""A folder of this machine, or one that is mounted here, as a place where files are exchanged.

Every step is taken from an opened folder and follows no link, so neither a name nor a link that
somebody put into the folder leads out of it. The folder itself must be one that the installation
allows (`CROSSDOCK_ALLOWED_FILES`).
"""

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from integrations.transports import file_names, rename
from integrations.transports.file_session import Entry
from portal.core import guard
from portal.core.errors import CrossdockError, NeedsCredentials, Permanent, Retryable

_FOLDER: Final = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
# Without waiting: nobody may hold us at a pipe that has a name.
_READ: Final = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
_WRITE: Final = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
_FOLDER_MODE: Final = 0o770
_FILE_MODE: Final = 0o660
_NOT_THERE: Final = (FileNotFoundError, NotADirectoryError)


class LocalFolder:
    """A `FileSession` below one folder. Paths are relative to it; nothing is kept open."""

    def __init__(self, root: str) -> None:
        self._root = root

    def __repr__(self) -> str:
        return f"LocalFolder({self._root})"

    def entries(self, folder: str) -> list[Entry]:
        """The plain files in `folder`, by name. NeedsCredentials (`folder_missing`) without one."""
        with self._folder(folder, file_names.parts_of(folder)) as opened:
            found = [(name, _looked_at(name, opened)) for name in os.listdir(opened)]
        return sorted(_entry(name, seen) for name, seen in found if seen and _is_file(seen))

    def find(self, path: str) -> Entry | None:
        """What stands at `path`, or None. A link is nothing."""
        parts = file_names.parts_of(path)
        try:
            with self._folder(path, parts[:-1]) as opened:
                seen = _looked_at(parts[-1], opened) if parts else os.fstat(opened)
        except NeedsCredentials as error:
            if error.code != "folder_missing":
                raise
            return None
        known = seen is not None and (_is_file(seen) or stat.S_ISDIR(seen.st_mode))
        return _entry(parts[-1] if parts else ".", seen) if seen and known else None

    def read(self, path: str, *, most: int) -> bytes | None:
        """The file, or None if it is gone. Of a file longer than `most` bytes, `most` + 1 of them."""
        return self._read(path, start=0, most=most + 1)

    def tail(self, entry: Entry, path: str, *, length: int) -> bytes:
        """The last bytes of a file of `entry`'s size; empty if it is gone."""
        return self._read(path, start=max(0, entry.size - length), most=length) or b""

    def write(self, path: str, body: bytes) -> None:
        """Write the file whole, to the disk. Not atomic: write aside, then `replace`."""
        with self._place(path) as (opened, name):
            file = os.open(name, _WRITE, _FILE_MODE, dir_fd=opened)
            with os.fdopen(file, "wb") as stream:
                _must_be_a_file(os.fstat(file), path)
                stream.write(body)
                stream.flush()
                os.fsync(file)

    def move(self, old: str, new: str) -> bool:
        """Rename; False when `old` is gone or `new` is taken. Of two rivals one gets True."""
        with self._place(old) as (source, old_name), self._place(new) as (target, new_name):
            try:
                rename.without_overwriting(old_name, new_name, source=source, target=target)
            except (FileNotFoundError, FileExistsError):
                return False
        return True

    def replace(self, old: str, new: str) -> None:
        """Rename atomically over whatever stands at `new`."""
        with self._place(old) as (source, old_name), self._place(new) as (target, new_name):
            os.rename(old_name, new_name, src_dir_fd=source, dst_dir_fd=target)
            os.fsync(target)

    def remove(self, path: str) -> None:
        """Delete the file; fine if there is none."""
        with self._place(path) as (opened, name), suppress(FileNotFoundError):
            os.unlink(name, dir_fd=opened)

    def make_folder(self, path: str) -> None:
        """Make the folder and those above it; fine if they are there."""
        parts = file_names.parts_of(path)
        for end in range(1, len(parts) + 1):
            with self._folder(path, parts[: end - 1]) as opened, suppress(FileExistsError):
                os.mkdir(parts[end - 1], _FOLDER_MODE, dir_fd=opened)

    def open(self) -> None:
        """See that the folder is there and allowed."""
        with self._folder(".", []):
            pass

    def close(self) -> None:
        """Nothing is kept open."""

    def _read(self, path: str, *, start: int, most: int) -> bytes | None:
        with self._place(path) as (opened, name):
            try:
                file = os.open(name, _READ, dir_fd=opened)
            except FileNotFoundError:
                return None
            with os.fdopen(file, "rb") as stream:
                _must_be_a_file(os.fstat(file), path)
                stream.seek(start)
                return stream.read(most)

    @contextmanager
    def _place(self, path: str) -> Iterator[tuple[int, str]]:
        """The opened folder in which `path` lies, and its name there."""
        parts = file_names.parts_of(path)
        if not parts:
            raise Permanent(f"{path} is a folder.", code="file_name")
        with self._folder(path, parts[:-1]) as opened:
            yield opened, parts[-1]

    @contextmanager
    def _folder(self, path: str, parts: list[str]) -> Iterator[int]:
        """The folder `parts` below the root, opened step by step. Translates what goes wrong inside."""
        try:
            opened = self._open_root()
            try:
                for part in parts:
                    below = os.open(part, _FOLDER, dir_fd=opened)
                    os.close(opened)
                    opened = below
                yield opened
            finally:
                os.close(opened)
        except OSError as error:
            raise _translated(error, file_names.shown(path)) from error

    def _open_root(self) -> int:
        # The answer is opened and not asked for again: a link that changes meanwhile changes nothing.
        real = Path(self._root).resolve()
        guard.must_permit_file(str(real))
        return os.open(real, _FOLDER)


def _looked_at(name: str, folder: int) -> os.stat_result | None:
    try:
        return os.stat(name, dir_fd=folder, follow_symlinks=False)
    except _NOT_THERE:
        return None


def _entry(name: str, seen: os.stat_result) -> Entry:
    return Entry(name, seen.st_size, int(seen.st_mtime))


def _is_file(seen: os.stat_result) -> bool:
    return stat.S_ISREG(seen.st_mode)


def _must_be_a_file(seen: os.stat_result, path: str) -> None:
    if not _is_file(seen):
        raise Permanent(f"{file_names.shown(path)} is not a plain file.", code="refused")


def _translated(error: OSError, path: str) -> CrossdockError:
    if error.errno == errno.ENOENT:
        return NeedsCredentials(f"There is no {path}.", code="folder_missing")
    if error.errno in {errno.ELOOP, errno.ENOTDIR}:
        return Permanent(f"{path} leads over a link or a file.", code="address_refused")
    if error.errno in {errno.EACCES, errno.EPERM, errno.EROFS}:
        return NeedsCredentials(f"The portal may not use {path}.", code="forbidden")
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return Retryable(f"There is no room for {path}.")
    if error.errno == errno.EXDEV:
        return Permanent(f"{path} lies on another file system.", code="refused")
    if error.errno in {errno.ENAMETOOLONG, errno.EINVAL, errno.EISDIR, errno.ENXIO}:
        return Permanent(f"{path} cannot be used: {error.strerror}.", code="refused")
    return Retryable(f"{path} cannot be used now: {error.strerror}.")
