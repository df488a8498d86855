"""X12: bytes ↔ documents. Pure: no Django, no network, no clock.

`read` and `read_set` give documents and issues, `build_interchange` writes them, `acknowledge`
answers a group and `acknowledge_interchange` the interchange around it, `read_answer` understands a
partner's answer, `split_sets` cuts a file into sets.
"""

from integrations.formats.x12.acknowledge import acknowledge
from integrations.formats.x12.answers import GroupAnswer, SetAnswer, read_answer
from integrations.formats.x12.build import OutboundSet, Written, build_interchange, build_ta1
from integrations.formats.x12.interchange import Group, Interchange, Reading, TransactionSet
from integrations.formats.x12.interchange_answer import (
    acknowledge_interchange,
    is_answer,
    wants_ta1,
)
from integrations.formats.x12.issues import Issue, describe
from integrations.formats.x12.profile import DEFAULT, Delimiters, Profile
from integrations.formats.x12.reader import read
from integrations.formats.x12.slices import SetSlice, read_set, slices_of, split_sets

__all__ = [
    "DEFAULT", "Delimiters", "Group", "GroupAnswer", "Interchange", "Issue", "OutboundSet",
    "Profile", "Reading", "SetAnswer", "SetSlice", "TransactionSet", "Written", "acknowledge",
    "acknowledge_interchange", "build_interchange", "build_ta1", "describe", "is_answer", "read",
    "read_answer", "read_set", "slices_of", "split_sets", "wants_ta1",
]  # fmt: skip
