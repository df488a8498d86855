"""Single sets cut out of a file, each with the envelope it needs to be read again by itself."""

from typing import NamedTuple

from integrations.formats.x12.interchange import Group, Interchange, Reading, TransactionSet
from integrations.formats.x12.profile import DEFAULT, Profile
from integrations.formats.x12.reader import read

# A slice has no GE and IEA, and what its GS counted is not all here.
_NOT_IN_A_SLICE = frozenset({"missing_ge", "missing_iea"})


class SetSlice(NamedTuple):
    """One set; `raw` is the verbatim ISA, GS and ST to SE."""

    control: str
    type: str
    functional_id: str
    sender: str
    receiver: str
    isa_control: str
    group_control: str
    version: str
    raw: bytes


def split_sets(data: bytes, profile: Profile = DEFAULT) -> list[SetSlice]:
    """Every set of the file, in its order; none for bytes that hold no interchange."""
    return slices_of(read(data, profile))


def slices_of(reading: Reading) -> list[SetSlice]:
    """The slices of a file that was read already."""
    return [_slice(*found) for found in reading.sets()]


def _slice(interchange: Interchange, group: Group, transaction: TransactionSet) -> SetSlice:
    header = interchange.raw(0, 1)
    if group.header:
        header += interchange.raw(group.first, group.first + 1)
    return SetSlice(
        transaction.control,
        transaction.type,
        group.functional_id,
        interchange.sender,
        interchange.receiver,
        interchange.control,
        group.control,
        group.version,
        header + interchange.raw(transaction.first, transaction.end),
    )


def read_set(raw: bytes, profile: Profile = DEFAULT) -> Reading:
    """Read one slice; the trailers it cannot have are not missed."""
    reading = read(raw, profile)
    kept = [issue for issue in reading.issues if issue.code not in _NOT_IN_A_SLICE]
    return Reading(reading.interchanges, kept)
