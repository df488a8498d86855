"""Files of a partner: taken apart, answered, and held when they are not what was agreed."""

from typing import Any

import pytest

from integrations.connectors.edi import CONNECTOR
from integrations.connectors.edi_files.client import content_type, ends_with_trailer
from integrations.connectors.inbound import Split
from tests.connectors.edi.files import agreed, body_of, edifact, file_of, x12

pytestmark = pytest.mark.pure


def split(body: bytes, *, is_edifact: bool = False, **settings: Any) -> Split:
    found = CONNECTOR.mapper.split(body, agreed(edifact=is_edifact, **settings), received=None)
    assert found is not None
    return found


def codes(found: Split) -> list[tuple[str, str]]:
    return [(p.code, p.value) for p in found.problems]


def test_an_x12_group_is_answered_with_a_997() -> None:
    found = split(file_of("850"))
    assert codes(found) == []
    assert [(p.object_type, p.topic) for p in found.parts] == [("order", "x12:850")]
    [envelope] = found.envelopes
    assert (envelope.sender, envelope.control, envelope.functional_id) == (
        "HARBOR", "000000771", "PO",
    )  # fmt: skip
    assert envelope.answer is not None
    assert envelope.answer["code"] == "A"


@pytest.mark.parametrize(
    ("asks", "contrl", "answered"),
    [
        ("1", "when asked for", True), ("", "when asked for", False), ("", "always", True),
        ("1", "never", False),
    ],
)  # fmt: skip
def test_an_interchange_is_answered_with_a_contrl_where_one_is_wanted(
    asks: str, contrl: str, answered: bool
) -> None:
    body = edifact("ORDERS", body_of("ORDERS"), asks=asks)
    [envelope] = split(body, is_edifact=True, contrl=contrl).envelopes
    assert (envelope.answer is not None) == answered


def test_an_answer_is_not_answered() -> None:
    contrl = edifact("CONTRL", "UCI+1+5412345000013:14+4012345000009:14+7'")
    [envelope] = split(contrl, is_edifact=True, contrl="always").envelopes
    assert envelope.answer is None
    [envelope] = split(x12("997", "AK1*SH*1~AK9*A*1*1*1~")).envelopes
    assert envelope.answer is None


MISDIRECTED = {
    "another sender": (file_of("850").replace(b"HARBOR  ", b"SOMEONE "), "unknown_partner"),
    "another receiver": (file_of("850").replace(b"ACMEGOODS ", b"ACMEWORSE "), "unknown_partner"),
    "production data": (x12("850", body_of("850"), usage="P"), "usage_mismatch"),
    "another EDIFACT sender": (
        file_of("ORDERS").replace(b"UNOC:3+4012345000009", b"UNOC:3+4012345000008"),
        "unknown_partner",
    ),
    "EDIFACT production data": (file_of("ORDERS").replace(b"++1++1'", b"++1'"), "usage_mismatch"),
    "a document a buyer does not send": (
        file_of("850").replace(b"ST*850", b"ST*810").replace(b"GS*PO", b"GS*IN"), "unsupported_set",
    ),
    "a message a buyer does not send": (
        file_of("ORDERS").replace(b"ORDERS:D", b"INVOIC:D"), "unsupported_set",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", MISDIRECTED)
def test_what_was_not_meant_for_us_is_held_and_not_answered(name: str) -> None:
    body, code = MISDIRECTED[name]
    found = split(body, is_edifact=body.startswith(b"UNA"))
    assert code in {problem.code for problem in found.problems}
    assert [envelope.answer for envelope in found.envelopes] == [None]


def test_a_file_in_the_other_syntax_is_held() -> None:
    assert ("unsupported_set", "EDIFACT") in codes(split(file_of("ORDERS")))
    assert ("unsupported_set", "X12") in codes(split(file_of("850"), is_edifact=True))


def test_a_wrong_count_holds_the_file_unless_it_is_tolerated() -> None:
    body = file_of("ORDERS").replace(b"UNT+27+1'", b"UNT+9+1'")
    assert [code for code, _ in codes(split(body, is_edifact=True))] == ["envelope_error"]
    lenient = split(body, is_edifact=True, lenient=["segment_count_mismatch"])
    assert codes(lenient) == []
    assert lenient.envelopes[0].answer == {
        "interchange": "771", "sender": "4012345000009", "sender_qualifier": "14",
        "receiver": "5412345000013", "receiver_qualifier": "14", "action": "7",
    }  # fmt: skip


@pytest.mark.parametrize("kind", ["850", "ORDERS"])
def test_a_file_is_whole_when_its_trailer_is_there(kind: str) -> None:
    body = file_of(kind)
    assert ends_with_trailer(body[-80:])
    assert ends_with_trailer(body[-80:] + b"\r\n")
    assert not ends_with_trailer(body.rstrip()[-80:-1])
    assert not ends_with_trailer(body[-120:-25])


def test_a_file_is_called_what_it_is() -> None:
    assert content_type(file_of("850")) == "application/edi-x12"
    assert content_type(file_of("ORDERS")) == "application/edifact"
