"""Single messages cut out of a file, each with the envelope it needs to be read again by itself."""

from typing import NamedTuple

from integrations.formats.edifact.build import una
from integrations.formats.edifact.interchange import Group, Interchange, Message, Reading
from integrations.formats.edifact.profile import DEFAULT, Profile
from integrations.formats.edifact.reader import read

# A slice has no UNE and UNZ.
_NOT_IN_A_SLICE = frozenset({"missing_une", "missing_unz"})


class MessageSlice(NamedTuple):
    """One message; `raw` is a UNA, and the verbatim UNB, UNG if any, and UNH to UNT."""

    control: str
    type: str
    raw: bytes


def slices_of(reading: Reading) -> list[MessageSlice]:
    """Every message of a file that was read, in its order."""
    return [_slice(*found) for found in reading.sets()]


def _slice(interchange: Interchange, group: Group, message: Message) -> MessageSlice:
    header = una(interchange.delimiters).encode() + interchange.raw(0, 1)
    if group.header:
        header += interchange.raw(group.first, group.first + 1)
    raw = header + interchange.raw(message.first, message.end)
    return MessageSlice(message.control, message.type, raw)


def read_message(raw: bytes, profile: Profile = DEFAULT) -> Reading:
    """Read one slice; the trailers it cannot have are not missed."""
    reading = read(raw, profile)
    kept = [issue for issue in reading.issues if issue.code not in _NOT_IN_A_SLICE]
    return Reading(reading.interchanges, kept)
