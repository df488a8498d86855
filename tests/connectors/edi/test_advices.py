"""What a partner says of a document of ours: taken, received, paid."""

from typing import Any

import pytest

from integrations.connectors import registry
from integrations.connectors.edi import CONNECTOR, mapper
from tests.connectors.conformance import connection
from tests.connectors.edi.files import agreed, agreed_for, body_of, file_of, golden, part_of

pytestmark = pytest.mark.pure


def read(kind: str, segments: str | None = None, **settings: Any) -> list[dict[str, Any]]:
    to = agreed_for(kind, **settings)
    part = part_of(file_of(kind, segments), to)
    native = mapper.read(part.object_type, part.topic, part.body, to)
    assert (native.object_type, native.problems) == ("acknowledgement", [])
    return native.documents


def problems(kind: str, segments: str) -> list[tuple[str, str]]:
    to = agreed_for(kind)
    part = part_of(file_of(kind, segments), to)
    native = mapper.read(part.object_type, part.topic, part.body, to)
    assert native.documents == [] or kind == "824"
    return [(p.code, p.path) for p in native.problems]


@pytest.mark.parametrize("kind", ["824", "APERAK", "RECADV", "820"])
def test_a_document_says_what_the_golden_one_does(kind: str) -> None:
    assert read(kind) == golden(f"{kind}.in.json")


@pytest.mark.parametrize(
    ("result", "code"),
    [("TA", "A"), ("IC", "A"), ("BE", "E"), ("TP", "R"), ("IR", "R"), ("GR", "R")],
)
def test_the_second_letter_of_a_result_says_whether_it_was_taken(result: str, code: str) -> None:
    [told] = read("824", f"BGN*00*A*20260305~OTI*{result}*IV*INV-1~")
    assert told["code"] == code


def test_results_for_lines_of_one_document_are_one_verdict_the_worst_of_them() -> None:
    lines = "OTI*IA*IV*INV-1~OTI*IR*IV*INV-1~TED*024*PRICE~OTI*IE*IV*INV-1~TED*P01*UNIT~"
    [told] = read("824", f"BGN*00*A*20260305~{lines}")
    assert (told["code"], told["errors"]) == ("R", ["024: PRICE", "P01: UNIT"])


def test_a_result_that_says_nothing_is_a_problem() -> None:
    text = "BGN*00*A*20260305~OTI*XX*IV*INV-1~"
    assert problems("824", text) == [("wrong_format", "results[0].result")]
    assert problems("824", "BGN*00*A*20260305~") == [("missing_field", "results")]


@pytest.mark.parametrize(
    ("heading", "errors", "code"),
    [
        ("BGM+312+A+9'", "", "A"),
        ("BGM+313+A+9'", "ERC+E01'", "R"),
        ("BGM+305+A+27'", "", "R"),
        ("BGM+305+A+29'", "ERC+E01'", "E"),
        ("BGM+305+A+9+RE'", "", "R"),
        ("BGM+313+A+9'", "FTX+AAO+++TERMS NOT AS AGREED'", "R"),
        ("BGM+305+A+9+NA'", "", "A"),
        ("BGM+305+A+30'", "ERC+E01'", "E"),
        ("BGM+305+A+9+AP'", "ERC+E01'", "E"),
    ],
)
def test_what_an_aperak_says_is_told_by_its_heading_else_by_its_errors(
    heading: str, errors: str, code: str
) -> None:
    [told] = read("APERAK", f"{heading}RFF+ACW:INV-1'{errors}")
    assert told["code"] == code


@pytest.mark.parametrize(
    ("named", "types"),
    [("RFF+ACW:7'", []), ("RFF+DQ:7'", ["shipment"]), ("DOC+380+7'", ["invoice"])],
)
def test_an_aperak_names_a_document_by_reference_or_by_doc(named: str, types: list[str]) -> None:
    [told] = read("APERAK", f"BGM+312+A+9'{named}")
    assert (told["about"]["numbers"], told["about"]["types"]) == (["7"], types)


def test_an_aperak_about_nothing_is_a_problem() -> None:
    assert problems("APERAK", "BGM+312+A+9'") == [("missing_field", "refs")]


def test_a_receipt_of_several_notices_is_one_for_each() -> None:
    line = "LIN+{0}++{1}:SA'QTY+48:5'RFF+DQ:{2}'"
    lines = line.format(1, "TENT-2P", "SH-1") + line.format(2, "MUG-12", "SH-2")
    told = read("RECADV", f"BGM+632+R+9'{lines}")
    assert [(one["about"]["numbers"], len(one["lines"])) for one in told] == [
        (["SH-1"], 1), (["SH-2"], 1),
    ]  # fmt: skip


def test_a_receipt_may_say_only_what_differs() -> None:
    assert [told["complete"] for told in read("RECADV", receipts="only what differs")] == [False]


def test_a_receipt_that_cannot_be_compared_is_held_whole() -> None:
    text = body_of("RECADV")
    assert problems("RECADV", text.replace("RFF+DQ:SH-90077'", "")) == [
        ("missing_field", "lines[0].refs"), ("missing_field", "lines[1].refs"),
    ]  # fmt: skip
    assert problems("RECADV", text.replace("QTY+48:20:PCE'", "")) == [
        ("missing_field", "lines[0].quantities")
    ]
    assert problems("RECADV", "BGM+632+R+9'RFF+DQ:SH-1'") == [("missing_field", "lines")]


def test_a_receipt_that_counts_one_item_in_two_units_is_held() -> None:
    line = "LIN+1++MUG-12:SA'QTY+48:1:CT'QTY+124:2:PCE'QTY+21:9:KGM'"
    assert problems("RECADV", f"BGM+632+R+9'RFF+DQ:SH-1'{line}") == [
        ("uom_mismatch", "lines[0].uom")
    ]
    [told] = read("RECADV", f"BGM+632+R+9'RFF+DQ:SH-1'{line.replace('CT', 'C62')}")
    assert told["lines"][0]["uom"] == "EA"
    [told] = read("RECADV", "BGM+632+R+9'RFF+DQ:SH-1'LIN+1++MUG-12:SA'QTY+48:1'")
    assert told["lines"][0]["uom"] == ""


def test_a_remittance_that_is_not_whole_pays_nothing() -> None:
    text = body_of("820")
    assert problems("820", text.replace("RMR*IV*INV-3301**1500", "RMR*IV***1500")) == [
        ("missing_field", "lines[0].reference")
    ]
    assert problems("820", text.replace("**1500*", "***")) == [("missing_field", "lines[0].paid")]
    assert problems("820", "BPR*I*0*C*ACH~") == [("missing_field", "lines")]


def test_two_lines_of_one_invoice_are_one_payment() -> None:
    [told] = read("820", "BPR*C*9*C*ACH~RMR*IV*I-1**4~RMR*IV*I-1**5~")
    assert (told["paid"], told["trace"], told["currency"]) == ("9", "", "")


def test_a_remittance_says_its_currency() -> None:
    [told] = read("820", "BPR*C*9*C*ACH~CUR*PR*CAD~RMR*IV*I-1**9~")
    assert told["currency"] == "CAD"


@pytest.mark.parametrize("kind", ["820", "RECADV"])
def test_suppliers_neither_pay_nor_receive(kind: str) -> None:
    to = agreed(edifact=not kind.isdigit(), partner_is="supplier")
    found = CONNECTOR.mapper.split(file_of(kind), to, received=None)
    assert [(p.code, p.value) for p in found.problems] == [("unsupported_set", kind)]


def test_a_warehouse_says_by_824_that_it_does_not_take_an_order() -> None:
    warehouse = registry.get("x12")
    settings = {"own_id": "ACMEGOODS", "partner_id": "HARBOR", "usage": "T"}
    to = connection(warehouse, settings=settings, secrets={}, slug="depot")
    text = "BGN*00*A*20260305~OTI*TR*OQ*1001*****12*0003*940~TED*024*ITEM NOT ON FILE*W01*9~"
    [part] = warehouse.mapper.split(file_of("824", text), to, received=None).parts
    [told] = warehouse.mapper.read(part.object_type, part.topic, part.body, to).documents
    assert told["about"] == {
        "numbers": ["1001"], "types": ["order"], "functional_id": "OW", "group": "12", "part": "3",
    }  # fmt: skip
    assert told["marks"] == [["W01[9]", "", "024: ITEM NOT ON FILE"]]
