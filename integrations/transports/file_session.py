"""What exchanging files asks of a place where files lie: a server, a folder, a bucket."""

from typing import NamedTuple, Protocol


class Entry(NamedTuple):
    """One file in a folder. `modified` in seconds since 1970, as the place says."""

    name: str
    size: int
    modified: int


class FileSession(Protocol):
    """A place with folders, its paths written with `/` as the login sees them.

    Safe from several threads. Raises only the four recovery errors; a path that is not there is
    None, False or nothing, as each verb says. Names come back as they were found, fit or not:
    `file_names.fault` judges them.
    """

    def entries(self, folder: str) -> list[Entry]:
        """The plain files in `folder`, by name. NeedsCredentials (`folder_missing`) without one."""
        ...

    def find(self, path: str) -> Entry | None:
        """What stands at `path`, a folder too, or None."""
        ...

    def read(self, path: str, *, most: int) -> bytes | None:
        """The file, or None if it is gone. Of a file longer than `most` bytes, `most` + 1 of them."""
        ...

    def tail(self, entry: Entry, path: str, *, length: int) -> bytes:
        """The last bytes of a file of `entry`'s size; empty if it is gone."""
        ...

    def write(self, path: str, body: bytes) -> None:
        """Write the file whole and see that it arrived. Write aside, then `replace`."""
        ...

    def move(self, old: str, new: str) -> bool:
        """Rename; False when `old` is gone or `new` is taken. Of two rivals one gets True."""
        ...

    def replace(self, old: str, new: str) -> None:
        """Rename over whatever stands at `new`, which is never seen half."""
        ...

    def remove(self, path: str) -> None:
        """Delete the file; fine if there is none."""
        ...

    def make_folder(self, path: str) -> None:
        """Make the folder and those above it; fine if they are there."""
        ...

    def open(self) -> None:
        """Connect and log in, if that is not done."""
        ...

    def close(self) -> None:
        """End the session; the next call opens a new one."""
        ...
