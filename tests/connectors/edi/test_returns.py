"""Returns that a buyer asks for or announces, and what we answer."""

from typing import Any
from uuid import UUID

import pytest

from integrations.canonical.validation import validate
from integrations.connectors.edi import mapper
from integrations.connectors.edi.envelope import envelope
from integrations.formats import x12
from tests.connectors.edi.files import agreed, agreed_for, body_of, file_of, golden, part_of
from tests.connectors.edi.test_envelope import CONTROLS, NOW, ORDER
from tests.connectors.edi.translating import to_bodies, to_document

pytestmark = pytest.mark.pure

APPROVED = {
    "number": "RMA-551", "order_number": "PO-7781", "status": "approved", "site": "RNO1",
    "lines": [{"sku": "TENT-2P", "quantity": "3", "uom": "EA", "reason": "defective"},
              {"sku": "MUG-12", "quantity": "1"}],
}  # fmt: skip


def read(segments: str | None = None) -> dict[str, Any]:
    to = agreed_for("180")
    part = part_of(file_of("180", segments), to)
    [body] = to_bodies(part, to)
    assert (part.object_type, validate("return", body)) == ("return", [])
    return body


def problems(segments: str) -> list[tuple[str, str]]:
    to = agreed_for("180")
    part = part_of(file_of("180", segments), to)
    native = mapper.read(part.object_type, part.topic, part.body, to)
    return [(p.code, p.path) for p in native.problems]


def written(body: dict[str, Any], **settings: Any) -> Any:
    to = agreed(**settings)
    document = to_document("return", body, to, order=ORDER)
    return envelope(to, [(UUID(int=1), "return", document)], CONTROLS, NOW)


def test_a_request_becomes_the_golden_return() -> None:
    assert [read()] == golden("180.in.json")


@pytest.mark.parametrize(
    ("code", "status"),
    [("RP", "requested"), ("RA", "in_transit"), ("RN", "in_transit"), ("CR", "in_transit"),
     ("KA", "requested")],
)  # fmt: skip
def test_what_a_buyer_sends_back_is_on_its_way_and_all_else_asks(code: str, status: str) -> None:
    assert read(body_of("180").replace("RDR*RP*", f"RDR*{code}*"))["status"] == status


def test_one_about_an_earlier_return_has_its_number() -> None:
    assert read(body_of("180").replace("*0915~", "*0915**RMA-550~"))["number"] == "RMA-550"


def test_codes_that_are_not_known_are_kept() -> None:
    [line, _] = read(body_of("180").replace("RDR*RP*DM**", "RDR*ZZ*QQ**"))["lines"]
    assert (line["reason"], line["disposition"]) == ("QQ: SEAM OPEN", "ZZ")


def test_what_is_missing_is_named_and_a_cancellation_waits_for_a_person() -> None:
    text = body_of("180")
    assert problems(text.replace("QTY*76*1*CA~", "")) == [("missing_field", "lines[1].quantity")]
    assert problems("BGN*00*RMA-1*20260310~") == [("missing_field", "lines")]
    assert problems(text.replace("BGN*00*", "BGN*01*")) == [("not_supported", "purpose")]


def test_an_approved_return_is_answered_by_the_golden_180() -> None:
    made = written(APPROVED)
    assert made.problems == {}
    assert made.body.decode() == golden("180.out.edi")
    assert x12.read(made.body).issues == []


@pytest.mark.parametrize(
    ("status", "code"),
    [("requested", "RP"), ("declined", "RD"), ("label_sent", "RA"), ("received", "RA")],
)
def test_an_answer_says_how_far_it_is(status: str, code: str) -> None:
    text = written(APPROVED | {"status": status}).body.decode()
    assert text.count(f"RDR*{code}~") == 3
    assert ("N9*RZ*RMA-551~" in text) is (code == "RA")


def test_a_return_of_nothing_and_one_for_edifact_are_not_written() -> None:
    empty = {**APPROVED, "lines": []}
    assert [p.code for p in written(empty).problems[UUID(int=1)]] == ["missing_field"]
    edifact = written(APPROVED, syntax="EDIFACT")
    assert (edifact.body, [p.code for p in edifact.problems[UUID(int=1)]]) == (
        b"", ["not_supported"],
    )  # fmt: skip
