"""Our files to a partner, in both syntaxes, and what foreign readers make of them."""

import copy
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from pydifact.segmentcollection import Interchange

from integrations.connectors.connection import Connection
from integrations.connectors.edi.envelope import envelope
from integrations.connectors.outbound import ORDER_ANSWER, Controls, Envelope
from integrations.formats import edifact, x12
from tests.connectors.edi.files import GOLDEN, agreed, golden
from tests.connectors.edi.translating import to_document

# pydifact has no tables for service segments and says so of each.
pytestmark = [pytest.mark.pure, pytest.mark.filterwarnings("ignore:segments.xml not found")]

NOW = datetime(2026, 3, 4, 14, 5, tzinfo=UTC)
CONTROLS = Controls(5101, 77, 1)
ORDER = golden("850.in.json")
SHIPMENT = {
    "number": "SH-90077", "site": "RNO1", "order_number": "PO-7781", "bol": "BOL5566",
    "carrier": {"scac": "UPSN", "service": "GROUND", "name": "UPS"},
    "tracking": ["1Z0000000000000001"], "shipped_at": "2026-03-03T16:10:00Z",
    "estimated_delivery": "2026-03-06", "weight": {"value": "112", "uom": "LB"}, "status": "partial",
    "packages": [
        {"sscc": "000123450000000010"},
        {"sscc": "000123450000000027", "tracking": "1Z0000000000000002"},
    ],
    "lines": [
        {"sku": "TENT-2P", "ordered": "24", "shipped": "24", "uom": "EA", "lot": "L26A",
         "sscc": "000123450000000010"},
        {"sku": "MUG-12", "ordered": "2", "shipped": "1", "short": "1", "uom": "CA",
         "sscc": "000123450000000027"},
        {"sku": "TENT-2P", "shipped": "0", "uom": "EA"},
    ],
}  # fmt: skip
INVOICE = {
    "number": "INV-3301", "type": "invoice", "order_number": "PO-7781",
    "shipment_number": "SH-90077", "issued_on": "2026-03-04", "due_on": "2026-04-03",
    "currency": "USD", "status": "posted",
    # 24 x 61.50 + 1 x 54.00 + freight 12.50 = 1,542.50
    "totals": {"lines": "1530.00", "tax": "0", "freight": "12.50", "total": "1542.50"},
    "lines": [
        {"sku": "TENT-2P", "quantity": "24", "uom": "EA", "unit_price": "61.5",
         "total": "1476.00", "description": "TWO PERSON TENT"},
        {"sku": "MUG-12", "quantity": "1", "uom": "CA", "unit_price": "54", "total": "54.00"},
    ],
}  # fmt: skip
STOCK = [
    {"channel": "harbor-edi", "sku": "TENT-2P", "quantity": "268"},
    {"channel": "harbor-edi", "sku": "MUG-12", "quantity": "0"},
]
BODIES = {"shipment": [SHIPMENT], "invoice": [INVOICE], "availability": STOCK}
KINDS = {
    "856": "shipment", "810": "invoice", "846": "availability", "855": "acknowledgement",
    "DESADV": "shipment", "INVOIC": "invoice", "INVRPT": "availability",
    "ORDRSP": "acknowledgement",
}  # fmt: skip


def made(object_type: str, bodies: list[dict[str, Any]], to: Connection) -> Envelope:
    if object_type == "acknowledgement":
        documents = [{ORDER_ANSWER: body} for body in bodies]
    else:
        context = {} if object_type == "availability" else {"order": ORDER}
        documents = [to_document(object_type, body, to, **context) for body in bodies]
    items = [(UUID(int=n), object_type, document) for n, document in enumerate(documents, 1)]
    return envelope(to, items, CONTROLS, NOW)


def of(kind: str, **settings: Any) -> Envelope:
    to = agreed(edifact=not kind.isdigit(), **settings)
    return made(KINDS[kind], BODIES.get(KINDS[kind], [ORDER]), to)


def changed(body: dict[str, Any], **fields: Any) -> dict[str, Any]:
    return copy.deepcopy(body) | fields


def refusal(object_type: str, body: dict[str, Any], *, is_edifact: bool = False) -> list[str]:
    found = made(object_type, [body], agreed(edifact=is_edifact))
    assert found.body == b""
    return [problem.code for problem in found.problems[UUID(int=1)]]


@pytest.mark.parametrize("kind", KINDS)
def test_a_document_is_written_as_the_golden_file(kind: str) -> None:
    written = of(kind)
    assert written.problems == {}
    assert written.body.decode("iso-8859-1") == (GOLDEN / f"{kind}.out.edi").read_text()
    partner = "HARBOR" if kind.isdigit() else "4012345000009"
    assert written.file_name == f"{kind}_{partner}_20260304T140500_000005101.edi"


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind.isdigit()])
@pytest.mark.parametrize("version", ["4010", "4010 VICS", "5010"])
def test_our_x12_is_read_without_an_issue(kind: str, version: str) -> None:
    reading = x12.read(of(kind, x12_version=version).body)
    assert [issue for issue in reading.issues if issue.severity != "info"] == []
    [(_, group, transaction)] = reading.sets()
    assert transaction.type == kind
    assert group.version == {"4010": "004010", "4010 VICS": "004010VICS", "5010": "005010"}[version]


@pytest.mark.parametrize("kind", [kind for kind in KINDS if not kind.isdigit()])
@pytest.mark.parametrize("directory", ["D.96A", "D.01B"])
def test_our_edifact_is_read_without_an_issue_by_us_and_by_pydifact(
    kind: str, directory: str
) -> None:
    written = of(kind, edifact_version=directory, delimiters=":+,? '")
    reading = edifact.read(written.body)
    assert reading.issues == []
    [foreign] = Interchange.from_str(written.body.decode("iso-8859-1")).get_messages()
    assert foreign.type == kind
    [(ours, _, message)] = reading.sets()
    tags = [segment[0][0] for segment in ours.segments(message)]
    assert [segment.tag for segment in foreign.segments] == tags[1:-1]


def test_a_contrl_finds_our_file_by_the_reference_that_is_kept() -> None:
    written = of("DESADV")
    [interchange] = edifact.read(written.body).interchanges
    assert interchange.control == written.reference == "5101"
    assert of("856").reference == ""


def test_a_notice_without_cartons_has_no_level_of_them() -> None:
    lines = [{"sku": "TENT-2P", "shipped": "24", "uom": "EA"}]
    plain = changed(SHIPMENT, lines=lines, packages=[])
    text = made("shipment", [plain], agreed()).body.decode()
    assert "BSN*00*SH-90077*20260304*1405*0004~" in text
    assert "HL*3*2*I*0~" in text
    assert "MAN*" not in text
    text = made("shipment", [plain], agreed(edifact=True)).body.decode()
    assert "CPS+1'\nLIN+1+" in text


def test_one_carton_holds_what_names_none() -> None:
    lines = [{"sku": "TENT-2P", "shipped": "24", "uom": "EA"}]
    alone = changed(SHIPMENT, lines=lines, packages=SHIPMENT["packages"][:1])
    text = made("shipment", [alone], agreed()).body.decode()
    assert "HL*3*2*P*1~\nMAN*GM*00000123450000000010~\nHL*4*3*I*0~" in text


def test_an_item_ordered_on_two_lines_keeps_the_line_it_names() -> None:
    twice = changed(ORDER, lines=[*ORDER["lines"], {**ORDER["lines"][0], "line_no": "3"}])
    shipped = changed(
        SHIPMENT, lines=[{"sku": "TENT-2P", "shipped": "1", "uom": "EA", "line_no": "3"}]
    )
    to = agreed()
    document = to_document("shipment", shipped, to, order=twice)
    text = envelope(to, [(UUID(int=1), "shipment", document)], CONTROLS, NOW).body.decode()
    assert "LIN*3*IN*90210*VN*TENT-2P*UP*012345678905~" in text


def test_a_credit_says_so() -> None:
    credit = changed(INVOICE, type="credit")
    assert b"PO-7781***CR~" in made("invoice", [credit], agreed()).body
    assert b"BGM+381+INV-3301+9'" in made("invoice", [credit], agreed(edifact=True)).body


def test_a_tax_is_told_and_counted() -> None:
    # 1,530 + 12.50 + 107.10 = 1,649.60
    taxed = changed(INVOICE, totals={**INVOICE["totals"], "tax": "107.10", "total": "1649.60"})
    text = made("invoice", [taxed], agreed()).body.decode()
    assert "TDS*164960~\nTXI*TX*107.1~" in text
    text = made("invoice", [taxed], agreed(edifact=True)).body.decode()
    assert "MOA+77:1649.6'\nMOA+125:1542.5'\nMOA+176:107.1'" in text


REFUSED = {
    "a shipment of which nothing left": (
        "shipment", changed(SHIPMENT, lines=[]), ["edi_not_writable"],
    ),
    "an invoice that does not add up": (
        "invoice", changed(INVOICE, totals={**INVOICE["totals"], "total": "1500.00"}),
        ["total_mismatch"],
    ),
    "a draft": ("invoice", changed(INVOICE, status="draft"), ["edi_not_writable"]),
    "a proforma": ("invoice", changed(INVOICE, type="proforma"), ["edi_not_writable"]),
    "an invoice without lines": ("invoice", changed(INVOICE, lines=[]), ["missing_field"]),
}  # fmt: skip


@pytest.mark.parametrize("is_edifact", [False, True])
@pytest.mark.parametrize("name", REFUSED)
def test_what_a_partner_would_refuse_does_not_go_out(name: str, is_edifact: bool) -> None:
    object_type, body, wanted = REFUSED[name]
    assert refusal(object_type, body, is_edifact=is_edifact) == wanted


@pytest.mark.parametrize("is_edifact", [False, True])
def test_one_document_that_cannot_be_written_leaves_the_others_in(is_edifact: bool) -> None:
    long = changed(SHIPMENT, number="S" * 90)
    found = made("shipment", [SHIPMENT, long, SHIPMENT], agreed(edifact=is_edifact))
    assert list(found.problems) == [UUID(int=2)]
    assert [p.code for p in found.problems[UUID(int=2)]] == ["edi_not_writable"]
    read = edifact.read if is_edifact else x12.read
    assert [s.control.lstrip("0") for _, _, s in read(found.body).sets()] == ["1", "2"]


def test_items_of_stock_share_a_report_and_one_that_cannot_be_written_is_left_out() -> None:
    long = {"channel": "harbor-edi", "sku": "X" * 90, "quantity": "1"}
    found = made("availability", [*STOCK, long], agreed())
    assert list(found.problems) == [UUID(int=3)]
    assert found.parts == {UUID(int=1): 1, UUID(int=2): 1}
    assert found.body.count(b"LIN*") == 2


def test_a_cancelled_order_is_answered_with_a_refusal() -> None:
    cancelled = changed(ORDER, status="cancelled")
    assert (
        b"BAK*00*RJ*PO-7781*20260302~\nN1*" in made("acknowledgement", [cancelled], agreed()).body
    )
    text = made("acknowledgement", [cancelled], agreed(edifact=True)).body
    assert b"BGM+231+PO-7781+27'" in text
    assert b"LIN" not in text


def test_the_answer_to_a_change_replaces_the_one_before() -> None:
    told = {ORDER_ANSWER: ORDER, "version": 2}
    items = [(UUID(int=1), "acknowledgement", told)]
    assert b"BAK*05*AD*" in envelope(agreed(), items, CONTROLS, NOW).body


def test_our_answers_to_files_are_written_in_the_syntax_of_the_partner() -> None:
    x12_answer = {
        "group": {"functional_id": "PO", "control": "771"}, "code": "A", "included": "1",
        "received": "1", "accepted": "1",
    }  # fmt: skip
    items = [(UUID(int=1), "acknowledgement", x12_answer)]
    assert b"AK1*PO*771~" in envelope(agreed(), items, CONTROLS, NOW).body
    contrl = {
        "interchange": "771", "sender": "4012345000009", "receiver": "5412345000013", "action": "7",
    }  # fmt: skip
    found = envelope(
        agreed(edifact=True), [(UUID(int=1), "acknowledgement", contrl)], CONTROLS, NOW
    )
    assert b"UCI+771+4012345000009+5412345000013+7'" in found.body
    # A CONTRL never asks for a CONTRL.
    assert b"260304:1405+5101++++++1'" in found.body


def test_characters_the_partner_cannot_read_are_rewritten() -> None:
    named = changed(ORDER, ship_to={**ORDER["ship_to"], "name": "Zoë Ñandú"})
    to = agreed(characters="basic")
    document = to_document("shipment", SHIPMENT, to, order=named)
    assert b"ZOE NANDU" in envelope(to, [(UUID(int=1), "shipment", document)], CONTROLS, NOW).body
