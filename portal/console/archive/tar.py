"""Writing a tar piece by piece: each member is bytes that are appended, so that a file which was cut at a
member's end goes on from there."""

import gzip
import io
import tarfile
from typing import Final

END: Final = bytes(2 * tarfile.BLOCKSIZE)
_FIXED: Final = 1_000_000_000  # no clock in members: the same rows are the same bytes


def member(name: str, body: bytes) -> bytes:
    """A file of the archive: its header, its bytes, and zeros up to a whole block (POSIX ustar)."""
    info = tarfile.TarInfo(name)
    info.size, info.mtime, info.mode = len(body), _FIXED, 0o600
    padding = -len(body) % tarfile.BLOCKSIZE
    return info.tobuf(tarfile.USTAR_FORMAT) + body + bytes(padding)


def gzipped(text: bytes) -> bytes:
    """Deflated, without a name or a time in it."""
    packed = io.BytesIO()
    with gzip.GzipFile(filename="", mode="wb", fileobj=packed, mtime=0, compresslevel=6) as file:
        file.write(text)
    return packed.getvalue()
