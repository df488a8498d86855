"""EDIFACT: bytes ↔ documents. Pure: no Django, no network, no clock.

`read` gives documents and issues, `build_interchange` writes them, `acknowledge` answers an
interchange, `read_answer` understands a partner's answer, `slices_of` cuts a file into messages.
"""

from integrations.formats.edifact.acknowledge import acknowledge
from integrations.formats.edifact.answers import InterchangeAnswer, SetAnswer, read_answer
from integrations.formats.edifact.build import OutboundMessage, Written, build_interchange
from integrations.formats.edifact.interchange import Group, Interchange, Message, Reading
from integrations.formats.edifact.issues import describe
from integrations.formats.edifact.profile import DEFAULT, Delimiters, Profile
from integrations.formats.edifact.reader import looks_like_edifact, read
from integrations.formats.edifact.slices import MessageSlice, read_message, slices_of
from integrations.formats.findings import Issue

__all__ = [
    "DEFAULT", "Delimiters", "Group", "Interchange", "InterchangeAnswer", "Issue", "Message",
    "MessageSlice", "OutboundMessage", "Profile", "Reading", "SetAnswer", "Written", "acknowledge",
    "build_interchange", "describe", "looks_like_edifact", "read", "read_answer", "read_message",
    "slices_of",
]  # fmt: skip
