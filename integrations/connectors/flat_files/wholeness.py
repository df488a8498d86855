"""Whether a file is complete, by its last bytes and what was agreed about its end. Pure.

What ends in nothing in particular has to stand still instead.
"""

import codecs

from integrations.connectors.flat_files.agreement import Incoming
from integrations.formats import flat


def ends(entry: Incoming | None, tail: bytes) -> bool:
    """Whether the trailer, or the root element's end, is there as a whole."""
    profile = entry.profile if entry else None
    if isinstance(profile, flat.Xml):
        root = profile.record.split("/")[0]
        end = tail.rstrip().replace(b"\0", b"")  # two bytes a character have zeros between
        return end.endswith((f"{root}>".encode(),)) and b"</" in end[-len(root) - 60 :]
    if isinstance(profile, flat.Delimited) and profile.trailer:
        line = _last_line(tail, profile.charset)
        tag, quote = profile.trailer.tag, profile.quote
        return line.startswith((f"{tag}{profile.delimiter}", f"{quote}{tag}{quote}"))
    if isinstance(profile, flat.FixedWidth) and profile.tag_start and not profile.record_length:
        tags = [record.tag for record in profile.records if record.role == "trailer"]
        line = _last_line(tail, profile.charset)
        return bool(tags) and line[profile.tag_start - 1 :].startswith(tags[0])
    return False


def _last_line(tail: bytes, charset: str) -> str:
    """The last line if a line end closes it, and its beginning is among the bytes; else empty."""
    text = codecs.decode(tail, charset, "replace")
    lines = text.splitlines()
    closed = text.endswith(("\n", "\r"))
    return lines[-1] if closed and len(lines) > 1 else ""
