"""What we write, read by a reader we did not write."""

from datetime import UTC, datetime

import pytest
from pydifact.segmentcollection import Interchange

from integrations.formats.edifact import (
    Delimiters,
    OutboundMessage,
    Profile,
    build_interchange,
    read,
)
from tests.formats.edifact_samples import CLEAN, EVERY_MESSAGE, enveloped

# It has no tables for service segments and says so of each.
pytestmark = [
    pytest.mark.pure,
    pytest.mark.filterwarnings("ignore:segments.xml not found"),
]

NOW = datetime(2026, 3, 2, 14, 5, tzinfo=UTC)


def plain(element: object) -> object:
    """A simple element as a composite of one, as ours is."""
    return element if isinstance(element, list) else [element]


@pytest.mark.parametrize("message", EVERY_MESSAGE)
@pytest.mark.parametrize("decimal", [".", ","])
def test_every_message_is_read_as_it_was_meant(message: str, decimal: str) -> None:
    (_, _, received) = read(enveloped(EVERY_MESSAGE[message])).sets()[0]
    profile = Profile(
        sender_id="4012345000009", receiver_id="PART'NER", versions={message: received.version},
        delimiters=Delimiters(decimal=decimal), line_break="\n",
    )  # fmt: skip
    outbound = [OutboundMessage(message, ref, received.document) for ref in ("1", "2")]
    written = build_interchange(profile, outbound, interchange_control="5101", now=NOW)
    foreign = Interchange.from_str(written.data.decode())
    assert foreign.sender == ["4012345000009", "14"]
    assert foreign.recipient == ["PART'NER", "14"]
    assert foreign.control_reference == "5101"
    assert foreign.syntax_identifier == ("UNOC", 3)
    messages = list(foreign.get_messages())
    assert [m.reference_number for m in messages] == ["1", "2"]
    ours = read(written.data).interchanges[0]
    for theirs, (_, _, mine) in zip(messages, read(written.data).sets(), strict=True):
        assert theirs.type == message
        assert theirs.identifier == [message, *received.version.split(":")]
        found = [[[s.tag], *map(plain, s.elements)] for s in theirs.segments]
        assert found == ours.segments(mine)[1:-1]  # without UNH and UNT


def test_released_characters_are_read_as_data() -> None:
    document = read(CLEAN.encode()).sets()[0][2].document
    name = "O'NEILL + SONS: WHY??'"
    document["parties"][0]["name"] = name
    profile = Profile(sender_id="A", receiver_id="B")
    outbound = [OutboundMessage("ORDERS", "1", document)]
    written = build_interchange(profile, outbound, interchange_control="1", now=NOW)
    (theirs,) = Interchange.from_str(written.data.decode()).get_messages()
    (buyer, _) = [s for s in theirs.segments if s.tag == "NAD"]
    assert plain(buyer.elements[3]) == [name]
