"""Messages cut out of a file are read by themselves as they were read in it."""

import pytest

from integrations.formats.edifact import read, read_message, slices_of
from tests.formats.edifact_samples import EVERY_MESSAGE, ORDER, UNB, enveloped, grouped

pytestmark = pytest.mark.pure


def test_every_message_of_a_file_is_read_alone_as_in_it() -> None:
    whole = read(enveloped(*EVERY_MESSAGE.values()))
    slices = slices_of(whole)
    assert [piece.type for piece in slices] == list(EVERY_MESSAGE)
    for piece, (_, _, message) in zip(slices, whole.sets(), strict=True):
        alone = read_message(piece.raw)
        assert alone.issues == []
        [(_, _, again)] = alone.sets()
        assert again.document == message.document


def test_a_slice_keeps_its_group_its_delimiters_and_its_characters() -> None:
    odd = f"UNA|!,? ~{UNB}{grouped(ORDER)}UNZ+1+5101'".replace("+", "!").replace(":", "|")
    data = odd.replace("'", "~").replace("QUAY 4", "KAI 4 Zoë?~").encode("iso-8859-1")
    whole = read(data)
    [piece] = slices_of(whole)
    assert piece.raw.startswith(b"UNA|!,? ~UNB!")
    assert b"UNG!ORDERS!" in piece.raw
    alone = read_message(piece.raw)
    [(interchange, group, message)] = alone.sets()
    assert alone.issues == whole.issues
    assert (group.control, interchange.control) == ("7", "5101")
    assert message.document["parties"][0]["street"] == "KAI 4 Zoë~"
