"""Bytes → text that remembers where each character stood in the bytes."""

from dataclasses import dataclass
from functools import cached_property

ByteRange = tuple[int, int]

_BOM = b"\xef\xbb\xbf"
_STRIDE = 4096


@dataclass
class Source:
    """The bytes a file was read from, and the text they were read as."""

    data: bytes
    text: str
    encoding: str
    skipped: int  # bytes of a byte order mark

    def byte_offset(self, place: int) -> int:
        """The position in `data` of the character at `place` in `text`."""
        if self.encoding != "utf-8" or len(self.text) + self.skipped == len(self.data):
            return place + self.skipped
        stride = place // _STRIDE
        rest = self.text[stride * _STRIDE : place].encode("utf-8")
        return self.skipped + self._strides[stride] + len(rest)

    @cached_property
    def _strides(self) -> list[int]:
        offsets = [0]
        for first in range(0, len(self.text), _STRIDE):
            offsets.append(offsets[-1] + len(self.text[first : first + _STRIDE].encode("utf-8")))
        return offsets


def decode(data: bytes, *, fallback: str) -> Source:
    """UTF-8 if it is that, else the partner's charset, else ISO 8859-1, which reads anything.

    A fallback that uses more than one byte for a character is not used, because byte positions
    would no longer follow from it.
    """
    skipped = len(_BOM) if data.startswith(_BOM) else 0
    body = data[skipped:]
    try:
        return Source(data, body.decode("utf-8"), "utf-8", skipped)
    except UnicodeDecodeError:
        pass
    try:
        text = body.decode(fallback)
        if len(text) == len(body):
            return Source(data, text, fallback, skipped)
    except (UnicodeError, LookupError):
        pass
    return Source(data, body.decode("iso-8859-1"), "iso-8859-1", skipped)
