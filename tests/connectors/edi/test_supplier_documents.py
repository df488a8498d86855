"""What a supplier answers, ships and bills, and what becomes of it."""

from typing import Any

import pytest

from integrations.canonical.keys import business_key
from integrations.canonical.validation import validate
from integrations.connectors.edi import CONNECTOR, mapper
from integrations.connectors.inbound import Native
from integrations.connectors.outbound import ORDER_ANSWER
from tests.connectors.edi.files import agreed_for, body_of, file_of, golden, part_of
from tests.connectors.edi.translating import to_bodies

pytestmark = pytest.mark.pure

DROP_SHIP = {"ships_to": "the buyers of our orders"}


def native(kind: str, segments: str | None = None, **settings: Any) -> Native:
    to = agreed_for(kind, **settings)
    part = part_of(file_of(kind, segments), to)
    return mapper.read(part.object_type, part.topic, part.body, to)


def bodies(kind: str, segments: str | None = None, **settings: Any) -> list[dict[str, Any]]:
    to = agreed_for(kind, **settings)
    part = part_of(file_of(kind, segments), to)
    found = to_bodies(part, to)
    assert [validate(part.object_type, body) for body in found] == [[] for _ in found]
    return found


def codes(kind: str, segments: str) -> list[tuple[str, str]]:
    return [(p.code, p.path) for p in native(kind, segments).problems]


def answer(kind: str, segments: str | None = None, **settings: Any) -> dict[str, Any]:
    found = native(kind, segments, **settings)
    assert (found.object_type, found.problems) == ("acknowledgement", [])
    [document] = found.documents
    return document[ORDER_ANSWER]


@pytest.mark.parametrize("kind", ["855", "ORDRSP"])
def test_an_answer_says_what_becomes_of_each_line(kind: str) -> None:
    found = native(kind, order_prices=True)
    assert (found.object_type, found.problems) == ("acknowledgement", [])
    assert found.documents == golden(f"{kind}.in.json")


@pytest.mark.parametrize("kind", ["855", "ORDRSP"])
def test_prices_are_not_held_against_an_order_that_showed_none(kind: str) -> None:
    assert all("price" not in line for line in answer(kind)["lines"])


@pytest.mark.parametrize(("kind", "told", "refused"), [
    ("855", "BAK*00*AC*", False), ("855", "BAK*00*RD*", True), ("855", "BAK*00*RJ*", True),
    ("855", "BAK*00*RF*", True), ("855", "BAK*00*RO*", True), ("855", "BAK*00*AE*", False),
    ("ORDRSP", "SO-55+4'", False), ("ORDRSP", "SO-55+27'", True), ("ORDRSP", "SO-55+9+RE'", True),
])  # fmt: skip
def test_a_refusal_of_the_whole_order_is_known(kind: str, told: str, refused: bool) -> None:
    text = body_of(kind).replace("BAK*00*AC*", told).replace("SO-55+4'", told)
    assert answer(kind, text)["refused"] is refused


@pytest.mark.parametrize(("kind", "segments"), [
    ("855", "BAK*00*AD*PO-1*20260302~"), ("ORDRSP", "BGM+231+S-1+29'RFF+ON:PO-1'UNS+S'"),
])  # fmt: skip
def test_an_answer_without_lines_takes_the_order_as_it_is(kind: str, segments: str) -> None:
    assert answer(kind, segments) == {
        "number": "PO-1", "refused": False, "reason": "", "lines": [],
    }  # fmt: skip


def test_an_answer_that_names_no_order_is_a_problem() -> None:
    assert codes("ORDRSP", "BGM+231+S-1+29'UNS+S'") == [("missing_field", "po_number")]


def test_the_answer_to_a_change_is_read_as_that_to_an_order() -> None:
    text = "BCA*00*AC*PO-1**2*20260302~POC*1*CA*24*24*EA*62*PE*IN*TENT-2P~ACK*IQ*20*EA~CTT*1~"
    told = answer("865", text)
    assert (told["number"], told["lines"][0]["confirmed"]) == ("PO-1", "20")


@pytest.mark.parametrize(("text", "told"), [
    ("ACK*IA*24*EA~", {"confirmed": "24"}),
    ("ACK*IA~", {"confirmed": "24"}),
    ("ACK*IB*24*EA*068*20260320~", {"confirmed": "0", "backordered": "24"}),
    ("ACK*IR*0*EA~", {"confirmed": "0", "refused": True}),
    ("ACK*BP*20*EA~", {"confirmed": "20"}),
    ("ACK*R7*24*EA~", {"confirmed": "0", "refused": True}),
    ("ACK*IF*24*EA~", {"confirmed": "0", "backordered": "24"}),
    ("ACK*IW*24*EA~", {"confirmed": "0", "backordered": "24"}),
    ("ACK*SP*24*EA~", {"confirmed": "24"}),
    ("", {}),
])  # fmt: skip
def test_line_answers_are_told_apart(text: str, told: dict[str, Any]) -> None:
    [line] = answer("855", f"BAK*00*AC*PO-1*20260302~PO1*1*24*EA**PE*IN*TENT-2P~{text}")["lines"]
    named = ("confirmed", "backordered", "refused")
    assert {name: line[name] for name in named if name in line} == told


@pytest.mark.parametrize(("head", "line", "path"), [
    ("AH", "IA", "status"), ("ZZ", "IA", "status"), ("AC", "QQ", "lines[0].status"),
])  # fmt: skip
def test_an_answer_that_neither_takes_nor_refuses_is_a_problem(
    head: str, line: str, path: str
) -> None:
    text = f"BAK*00*{head}*PO-1*20260302~PO1*1*24*EA**PE*IN*TENT-2P~ACK*{line}*24*EA~"
    found = native("855", text)
    assert ("wrong_format", path) in [(p.code, p.path) for p in found.problems]
    assert found.documents == []


@pytest.mark.parametrize(("kind", "old", "new"), [
    ("855", "PO1*1*24*", "PO1*1*2X4*"), ("ORDRSP", "QTY+113:20:", "QTY+113:2X0:"),
])  # fmt: skip
def test_half_of_an_answer_takes_no_order(kind: str, old: str, new: str) -> None:
    assert old in body_of(kind)
    found = native(kind, body_of(kind).replace(old, new))
    assert found.problems != []
    assert found.documents == []


def test_the_last_day_on_which_something_comes_is_the_day_of_the_line() -> None:
    told = "ACK*IA*12*EA*079*20260310~ACK*IA*8*EA*079*20260320~ACK*IB*4*EA*079*20260401~"
    [line] = answer("855", f"BAK*00*AC*PO-1*20260302~PO1*1*24*EA**PE*IN*TENT-2P~{told}")["lines"]
    assert (line["date"], line["about"]) == ("2026-03-20", "ship")


@pytest.mark.parametrize(("text", "told"), [
    ("LIN+1+5++TENT-2P:IN'QTY+21:24:PCE'", {"confirmed": "24"}),
    ("LIN+1+6++TENT-2P:IN'QTY+21:24:PCE'QTY+83:4:PCE'", {"confirmed": "20", "backordered": "4"}),
    ("LIN+1+6++TENT-2P:IN'QTY+21:24:PCE'QTY+83:24:PCE'", {"confirmed": "0", "backordered": "24"}),
    ("LIN+1+6++TENT-2P:IN'QTY+113:0:PCE'QTY+83:24:PCE'", {"confirmed": "0", "refused": True}),
    ("LIN+1+10++TENT-2P:IN'QTY+21:24:PCE'", {"confirmed": "24", "refused": True}),
])  # fmt: skip
def test_line_answers_of_an_ordrsp_are_told_apart(text: str, told: dict[str, Any]) -> None:
    [line] = answer("ORDRSP", f"BGM+231+S-1+4'RFF+ON:PO-1'{text}UNS+S'")["lines"]
    named = ("confirmed", "backordered", "refused")
    assert {name: line[name] for name in named if name in line} == told


def test_an_ordrsp_names_what_is_sent_instead() -> None:
    text = "LIN+1+6+4006381333931:EN'PIA+3+TM-300:SA'PIA+1+TM-200:SA+TENT-2P:IN'QTY+113:24:PCE'"
    [line] = answer("ORDRSP", f"BGM+231+S-1+4'RFF+ON:PO-1'{text}UNS+S'")["lines"]
    assert (line["item"], line["own_item"], line["other_item"]) == ("TM-200", "TENT-2P", "TM-300")


@pytest.mark.parametrize("kind", ["810", "INVOIC"])
def test_an_invoice_becomes_the_golden_record_under_its_suppliers_name(kind: str) -> None:
    [body] = bodies(kind)
    assert [body] == golden(f"{kind}.in.json")
    ours = {**body, "supplier": None}
    keys = [business_key("invoice", one) for one in (body, ours)]
    assert keys == ["harbor-edi//1001", "1001"]


@pytest.mark.parametrize(("kind", "old", "new"), [
    ("810", "***DI~", "***CR~"), ("INVOIC", "BGM+380+", "BGM+381+"),
    ("810", "***DI~", "***CE~"), ("INVOIC", "BGM+380+", "BGM+81+"),
])  # fmt: skip
def test_a_credit_is_one(kind: str, old: str, new: str) -> None:
    [body] = bodies(kind, body_of(kind).replace(old, new))
    assert body["type"] == "credit"


@pytest.mark.parametrize(("kind", "old", "new"), [
    ("810", "TDS*139150", "TDS*139950"), ("INVOIC", "MOA+77:1391.5", "MOA+77:1399.5"),
])  # fmt: skip
def test_an_invoice_that_does_not_add_up_is_held(kind: str, old: str, new: str) -> None:
    assert codes(kind, body_of(kind).replace(old, new)) == [("total_mismatch", "totals.total")]


@pytest.mark.parametrize(("kind", "old"), [("810", "*5400*HP*"), ("INVOIC", "PRI+AAA:54'")])
def test_a_line_without_a_price_is_named(kind: str, old: str) -> None:
    new = {"810": "***"}.get(kind, "")
    told = codes(kind, body_of(kind).replace(old, new))
    assert told[0] == ("missing_field", "lines[1].unit_price")


def test_a_due_day_that_is_told_goes_before_one_that_is_counted() -> None:
    text = body_of("810").replace("ITD*01*3*****30~", "ITD*01*3****20260401*30~")
    assert bodies("810", text)[0]["due_on"] == "2026-04-01"
    text = body_of("INVOIC").replace("PAT+3++5:3:D:30'", "PAT+3'DTM+13:20260401:102'")
    assert bodies("INVOIC", text)[0]["due_on"] == "2026-04-01"


@pytest.mark.parametrize("kind", ["856", "DESADV"])
def test_goods_for_the_buyer_of_an_order_are_its_shipment(kind: str) -> None:
    assert bodies(kind, **DROP_SHIP) == golden(f"{kind}.shipment.json")


def test_a_notice_of_two_orders_is_a_shipment_of_each() -> None:
    more = "HL*6*1*O*1~PRF*P-200~HL*7*6*I*0~LIN*1*VN*MUG-12~SN1*1*2*CA*0*3*CA~CTT*7~"
    told = bodies("856", body_of("856").replace("CTT*5~", more), **DROP_SHIP)
    assert [(b["number"], b["order_number"], b["status"]) for b in told] == [
        ("SH-1-P-100", "P-100", "complete"), ("SH-1-P-200", "P-200", "partial"),
    ]  # fmt: skip
    assert told[1]["lines"] == [
        {"line_no": "1", "sku": "MUG-12", "ordered": "3", "shipped": "2", "uom": "CA"}
    ]


@pytest.mark.parametrize(("kind", "old"), [
    ("856", "PRF*P-100***20260301~"), ("DESADV", "RFF+ON:P-100'"),
])  # fmt: skip
def test_a_shipment_that_names_no_order_is_a_problem(kind: str, old: str) -> None:
    text = body_of(kind).replace(old, "").replace("RFF+ON:P-100:1'", "")
    found = native(kind, text, **DROP_SHIP)
    assert ("missing_field", "order_number") in [(p.code, p.path) for p in found.problems]


@pytest.mark.parametrize(("kind", "old", "new"), [
    ("856", "BSN*00*", "BSN*01*"), ("DESADV", "+9'", "+1'"), ("810", "***DI~", "***DI*01~"),
    ("INVOIC", "+9'", "+1'"),
])  # fmt: skip
@pytest.mark.parametrize("ships_to", ["our sites", DROP_SHIP["ships_to"]])
def test_what_takes_an_earlier_document_back_waits_for_a_person(
    kind: str, old: str, new: str, ships_to: str
) -> None:
    text = body_of(kind)
    assert old in text
    found = native(kind, text.replace(old, new, 1), ships_to=ships_to)
    assert [(p.code, p.path) for p in found.problems] == [("not_supported", "purpose")]


@pytest.mark.parametrize("kind", ["855", "810", "ORDRSP", "INVOIC"])
def test_a_buyer_sends_none_of_these(kind: str) -> None:
    to = agreed_for(kind, partner_is="buyer")
    found = CONNECTOR.mapper.split(file_of(kind), to, received=None)
    assert [(p.code, p.value) for p in found.problems] == [("unsupported_set", kind)]


@pytest.mark.parametrize(("kind", "segments", "units"), [
    # What is confirmed in ACK03, and the price of PO103.
    ("855", "PO1*1*2*CA*54*PE*IN*MUG-12~ACK*IA*24*EA~", ("EA", "CA")),
    ("855", "PO1*1*2*CA*54*PE*IN*MUG-12~", ("CA", "CA")),
    ("855", "PO1*1*2**54*PE*IN*MUG-12~ACK*IA*2~", (None, None)),
    ("ORDRSP", "LIN+1++MUG-12:IN'QTY+21:2:CT'QTY+113:24:C62'PRI+AAA:54:::1:CT'", ("EA", "CT")),
    ("ORDRSP", "LIN+1++MUG-12:IN'QTY+21:2:CT'PRI+AAA:54'", ("CT", "CT")),
    ("ORDRSP", "LIN+1++MUG-12:IN'QTY+113:2'PRI+AAA:54'", (None, None)),
])  # fmt: skip
def test_a_line_says_its_units_where_the_supplier_does(kind, segments, units) -> None:
    if kind == "855":
        text = f"BAK*00*AC*PO-1*20260302~{segments}CTT*1~"
    else:
        text = f"BGM+231+S-1+4'RFF+ON:PO-1'{segments}UNS+S'"
    [line] = answer(kind, text, order_prices=True)["lines"]
    assert (line.get("uom"), line.get("price_uom")) == units


def test_a_line_that_is_answered_in_two_units_is_held() -> None:
    text = "BAK*00*AC*PO-1*20260302~PO1*1*2*CA**PE*IN*MUG-12~ACK*IA*1*CA~ACK*IB*12*EA~CTT*1~"
    found = native("855", text)
    assert (found.documents, [p[:3] for p in found.problems]) == (
        [], [("uom_mismatch", "lines[0].uom", "CA EA")],
    )  # fmt: skip
