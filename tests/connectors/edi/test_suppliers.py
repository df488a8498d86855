"""Notices and stock of a supplier, and what becomes of them."""

from typing import Any

import pytest

from integrations.canonical.validation import validate
from integrations.connectors.edi import CONNECTOR, mapper
from tests.connectors.edi.files import agreed, agreed_for, body_of, file_of, golden, part_of
from tests.connectors.edi.translating import to_bodies

pytestmark = pytest.mark.pure


def read(kind: str, segments: str | None = None, **settings: Any) -> list[dict[str, Any]]:
    to = agreed_for(kind, **settings)
    part = part_of(file_of(kind, segments), to)
    bodies = to_bodies(part, to)
    for body in bodies:
        assert validate(part.object_type, body) == []
    return bodies


def problems(kind: str, segments: str) -> list[tuple[str, str]]:
    to = agreed_for(kind)
    part = part_of(file_of(kind, segments), to)
    native = mapper.read(part.object_type, part.topic, part.body, to)
    return [(p.code, p.path) for p in native.problems]


@pytest.mark.parametrize("kind", ["856", "DESADV", "846", "INVRPT"])
def test_a_document_becomes_the_golden_records(kind: str) -> None:
    assert read(kind) == golden(f"{kind}.in.json")


@pytest.mark.parametrize("kind", ["856", "DESADV", "846", "INVRPT"])
def test_the_site_that_was_entered_goes_before_theirs(kind: str) -> None:
    assert {body["site"] for body in read(kind, site="RNO9")} == {"RNO9"}


def test_a_notice_of_several_orders_names_none_as_its_own() -> None:
    text = body_of("856").replace("HL*5*2*I*0~", "HL*6*1*O*1~PRF*P-200~HL*5*6*I*0~")
    [body] = read("856", text)
    assert "po_number" not in body


def test_a_line_without_a_quantity_is_named() -> None:
    assert problems("856", body_of("856").replace("SN1*1*24*EA~", "")) == [
        ("missing_field", "lines[0].quantity")
    ]
    assert problems("DESADV", body_of("DESADV").replace("QTY+12:24:PCE'", "QTY+12:x'")) == [
        ("wrong_format", "lines[0].quantity"), ("missing_field", "lines[0].quantity"),
    ]  # fmt: skip


def test_a_notice_without_items_is_a_problem() -> None:
    assert problems("DESADV", "BGM+351+SH-1'") == [("missing_field", "lines")]


def test_an_item_named_twice_is_left_out_of_a_report() -> None:
    text = body_of("INVRPT").replace("4006381333948", "TENT-2P")
    twice = text + "LIN+3++TENT-2P:SA'QTY+145:1'LIN+4++MUG-12:SA'QTY+145:2'"
    assert problems("INVRPT", twice)[:2] == [
        ("duplicate_item", "lines[0]"), ("duplicate_item", "lines[1]"),
    ]  # fmt: skip
    to = agreed_for("INVRPT")
    part = part_of(file_of("INVRPT", twice), to)
    native = mapper.read(part.object_type, part.topic, part.body, to)
    assert [d["derived"]["item"] for d in native.documents] == ["MUG-12"]


def test_a_report_without_actual_stock_is_a_problem() -> None:
    assert problems("INVRPT", body_of("INVRPT").replace("QTY+17:7:CT", "QTY+153:7:CT")) == [
        ("missing_field", "lines[1].quantities")
    ]


@pytest.mark.parametrize(("kind", "partner"), [("850", "supplier"), ("DESADV", "buyer")])
def test_each_kind_of_partner_sends_its_own_documents_only(kind: str, partner: str) -> None:
    to = agreed(edifact=not kind.isdigit(), partner_is=partner)
    found = CONNECTOR.mapper.split(file_of(kind), to, received=None)
    assert [(p.code, p.value) for p in found.problems] == [("unsupported_set", kind)]
    assert [envelope.answer for envelope in found.envelopes] == [None]
