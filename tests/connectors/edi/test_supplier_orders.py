"""Our orders to a supplier, their changes and cancels, in both syntaxes."""

from typing import Any
from uuid import UUID

import pytest
from pydifact.segmentcollection import Interchange

from integrations.connectors.edi import CONNECTOR
from integrations.connectors.edi.envelope import envelope
from integrations.connectors.outbound import Envelope
from integrations.formats import edifact, x12
from tests.connectors.edi.files import GOLDEN, agreed, golden
from tests.connectors.edi.test_envelope import CONTROLS, NOW, changed
from tests.connectors.edi.translating import to_document

pytestmark = [pytest.mark.pure, pytest.mark.filterwarnings("ignore:segments.xml not found")]

ORDER = changed(golden("850.in.json"), po_number="CUST-9")
NEW = {"version": 1, "sent_before": False}
AGAIN = {"version": 2, "sent_before": True}
KINDS = {"850": NEW, "860": AGAIN, "ORDERS": NEW, "ORDCHG": AGAIN}


def written(kind: str, body: dict[str, Any] = ORDER, **settings: Any) -> Envelope:
    to = agreed(edifact=not kind.isdigit(), **{"partner_is": "supplier", **settings})
    document = to_document("order", body, to, **KINDS[kind])
    return envelope(to, [(UUID(int=1), "order", document)], CONTROLS, NOW)


def text_of(kind: str, body: dict[str, Any] = ORDER, **settings: Any) -> str:
    return written(kind, body, **settings).body.decode("iso-8859-1")


@pytest.mark.parametrize("kind", KINDS)
def test_an_order_is_written_as_the_golden_file(kind: str) -> None:
    made = written(kind, order_prices=True)
    assert made.problems == {}
    assert made.body.decode("iso-8859-1") == (GOLDEN / f"{kind}.out.edi").read_text()
    assert made.file_name.startswith(f"{kind}_")


@pytest.mark.parametrize("kind", ["850", "860"])
@pytest.mark.parametrize("version", ["4010", "4010 VICS", "4010 UCS", "5010"])
def test_our_x12_is_read_without_an_issue(kind: str, version: str) -> None:
    reading = x12.read(written(kind, x12_version=version, order_prices=True).body)
    assert [issue for issue in reading.issues if issue.severity != "info"] == []
    assert [s.type for _, _, s in reading.sets()] == [kind]


@pytest.mark.parametrize("kind", ["ORDERS", "ORDCHG"])
@pytest.mark.parametrize("directory", ["D.96A", "D.01B"])
def test_our_edifact_is_read_without_an_issue_by_us_and_by_pydifact(
    kind: str, directory: str
) -> None:
    made = written(kind, edifact_version=directory, order_prices=True)
    assert edifact.read(made.body).issues == []
    [foreign] = Interchange.from_str(made.body.decode("iso-8859-1")).get_messages()
    assert foreign.type == kind


@pytest.mark.parametrize("kind", KINDS)
def test_prices_of_our_buyers_are_not_shown_unless_it_was_agreed(kind: str) -> None:
    assert "61.5" not in text_of(kind)
    assert "61.5" in text_of(kind, order_prices=True)


def test_goods_for_the_buyers_of_our_orders_are_ordered_as_drop_ship() -> None:
    assert "BEG*00*DS*PO-7781*" in text_of("850", ships_to="the buyers of our orders")
    assert "BGM+220+PO-7781+9'" in text_of("ORDERS", ships_to="the buyers of our orders")


def test_an_edifact_partner_gets_the_code_that_was_agreed_for_drop_ship_and_for_it_alone() -> None:
    code = {"drop_ship_code": "Z01"}
    assert "BGM+Z01+PO-7781+9'" in text_of("ORDERS", ships_to="the buyers of our orders", **code)
    assert "BGM+220+PO-7781+9'" in text_of("ORDERS", **code)


def test_a_cancel_names_every_line_as_gone() -> None:
    gone = changed(ORDER, status="cancelled")
    text = text_of("860", gone)
    assert "BCH*01*SA*PO-7781**2*20260302" in text
    assert text.count("*DI*") == 2
    text = text_of("ORDCHG", gone)
    assert "BGM+230+PO-7781-2+1'" in text
    assert "RFF+ON:PO-7781'" in text
    assert (text.count("LIN+1+2+"), text.count("LIN+2+2'")) == (1, 1)


@pytest.mark.parametrize("kind", ["850", "ORDERS"])
def test_a_change_of_what_the_supplier_never_got_is_an_order_to_him(kind: str) -> None:
    to = agreed(edifact=kind == "ORDERS", partner_is="supplier")
    document = to_document("order", ORDER, to, version=3, sent_before=False)
    made = envelope(to, [(UUID(int=1), "order", document)], CONTROLS, NOW)
    assert made.file_name.startswith(f"{kind}_")


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_said_to_the_buyer_is_not_told_to_the_supplier(kind: str) -> None:
    notes = [
        {"audience": "customer", "text": "YOU PAY LATER"},
        {"audience": "warehouse", "text": "x" * 450},
    ]
    text = text_of(kind, changed(ORDER, notes=notes))
    assert "PAY LATER" not in text.upper()
    assert text.upper().count("X") >= 450


@pytest.mark.parametrize("kind", KINDS)
def test_lines_without_a_number_are_counted(kind: str) -> None:
    lines = [{k: v for k, v in line.items() if k != "line_no"} for line in ORDER["lines"]]
    text = text_of(kind, changed(ORDER, lines=lines))
    marks = {"850": "PO1*2*", "860": "POC*2*", "ORDERS": "LIN+2", "ORDCHG": "LIN+2+3"}
    assert marks[kind] in text


@pytest.mark.parametrize("kind", KINDS)
def test_no_order_goes_to_a_buyer(kind: str) -> None:
    made = written(kind, partner_is="buyer")
    assert made.body == b""
    assert [p.code for p in made.problems[UUID(int=1)]] == ["edi_not_writable"]


@pytest.mark.parametrize("kind", ["850", "ORDERS"])
def test_a_number_no_supplier_can_read_is_a_problem_of_that_order(kind: str) -> None:
    made = written(kind, changed(ORDER, number="N" * 40))
    assert [p.code for p in made.problems[UUID(int=1)]] == ["edi_not_writable"]


def test_orders_and_changes_never_share_a_file() -> None:
    to = agreed(partner_is="supplier")
    kinds = [
        CONNECTOR.file_kind("order", to_document("order", ORDER, to, **context))
        for context in (NEW, AGAIN)
    ]
    assert len(set(kinds)) == 2
    gone = to_document("order", changed(ORDER, status="cancelled"), to, **AGAIN)
    assert CONNECTOR.file_kind("order", gone) == kinds[1]
    assert CONNECTOR.file_kind("shipment", {}) == ""
