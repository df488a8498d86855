"""Sets from the warehouse, and what becomes of them."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from integrations.canonical.validation import validate
from integrations.connectors.inbound import Part, Split
from integrations.connectors.x12 import mapper
from tests.connectors.x12.conftest import agreed
from tests.connectors.x12.harness import GOLDEN, interchange, wrap
from tests.connectors.x12.translating import to_bodies

pytestmark = pytest.mark.pure
NOW = datetime(2026, 3, 3, 16, 5, tzinfo=UTC)
TYPES = {"945": "shipment", "846": "inventory", "944": "receipt", "947": "adjustment"}


def split(body: bytes, **settings: Any) -> Split:
    found = mapper.split(body, agreed(**settings), received=NOW)
    assert found is not None
    return found


def only_part(body: bytes, **settings: Any) -> Part:
    [part] = split(body, **settings).parts
    return part


def native(kind: str, segments: str, **settings: Any):
    part = only_part(wrap(kind, segments), **settings)
    return mapper.read(part.object_type, part.topic, part.body, agreed(**settings))


def shipment_lines(*w12: str) -> list[dict[str, Any]]:
    items = "".join(f"LX*{n}~{segment}~" for n, segment in enumerate(w12, 1))
    found = native("945", f"W06*F*SO-1*20260303*SH-1~{items}")
    assert found.problems == []
    return [line["derived"] for line in found.documents[0]["lines"]]


@pytest.mark.parametrize("kind", TYPES)
def test_a_set_becomes_the_golden_record(kind: str) -> None:
    part = only_part(interchange(kind))
    assert (part.object_type, part.topic) == (TYPES[kind], f"x12:{kind}")
    bodies = to_bodies(part, agreed())
    assert bodies == json.loads((GOLDEN / f"{kind}.in.json").read_text())
    assert [validate(part.object_type, body) for body in bodies] == [[]] * len(bodies)


def test_skus_are_looked_up_by_the_depositors_own_code() -> None:
    table = {("sku", "TENT-2P"): "OUR-TENT", ("sku", "MUG-12"): "OUR-MUG"}
    part = only_part(interchange("945"))
    [body] = to_bodies(part, agreed(), lookup=lambda name, code: table.get((name, code), code))
    assert [line["sku"] for line in body["lines"]] == ["OUR-TENT", "OUR-MUG"]


@pytest.mark.parametrize(
    ("w12", "status", "shipped", "short"),
    [
        ("W12*CC*24*24**EA**VN*A", "complete", "24", None),
        ("W12*CL*24*24*0*EA**VN*A", "complete", "24", None),
        ("W12*CP*24*20*4*EA**VN*A", "short", "20", "4"),
        ("W12*CP*24*20**EA**VN*A", "short", "20", "4"),
        ("W12*BP*24*20*4*EA**VN*A", "backordered", "20", "4"),
        ("W12*BO*24*0*24*EA**VN*A", "backordered", "0", "24"),
        ("W12*BK*24***EA**VN*A", "backordered", "0", "24"),
        ("W12*CM*24*25*-1*EA**VN*A", "extra", "25", None),
        ("W12*CS*24*24**EA**VN*A", "substituted", "24", None),
        ("W12*IC*24*0*24*EA**VN*A", "cancelled", "0", "24"),
        ("W12*DS*24*0*24*EA**VN*A", "short", "0", "24"),
        ("W12*CC*24***EA**VN*A", "complete", "24", None),
        ("W12*CP*24**4*EA**VN*A", "short", "20", "4"),
        ("W12*ZZ*24*24*0*EA**VN*A", "complete", "24", None),
    ],
)
def test_a_line_says_what_shipped(w12: str, status: str, shipped: str, short: str | None) -> None:
    [line] = shipment_lines(w12)
    assert (line["status"], line["shipped"], line["short"]) == (status, shipped, short)


def test_a_warehouse_that_repeats_the_shipped_quantity_as_ordered_is_understood() -> None:
    [line] = shipment_lines("W12*CP*20*20*4*EA**VN*A")
    assert (line["ordered"], line["shipped"], line["short"]) == ("24", "20", "4")


def test_an_unknown_status_with_something_missing_is_for_a_person() -> None:
    found = native("945", "W06*F*SO-1*20260303*SH-1~LX*1~W12*ZZ*24*20*4*EA**VN*A~")
    [problem] = found.problems
    assert (problem.code, problem.path, problem.value) == ("schema_drift", "lines[0].status", "ZZ")


def test_a_line_without_a_shipped_quantity_is_for_a_person() -> None:
    found = native("945", "W06*F*SO-1*20260303*SH-1~LX*1~W12*CP*24***EA**VN*A~")
    assert [(p.code, p.path) for p in found.problems] == [("missing_field", "lines[0].shipped")]


def test_a_upc_in_the_place_of_a_qualifier_is_put_right() -> None:
    [line] = shipment_lines("W12*CC*24*24**EA**012345678905*VN*TENT-2P")
    assert (line["item"], line["gtin"]) == ("TENT-2P", "012345678905")


def test_an_item_with_nothing_but_a_bar_code_is_looked_up_by_it() -> None:
    [line] = shipment_lines("W12*CC*24*24**EA*012345678905")
    assert line["item"] == "012345678905"


@pytest.mark.parametrize(
    ("items", "status"),
    [
        (("W12*CC*2*2**EA**VN*A", "W12*CC*1*1**EA**VN*B"), "complete"),
        (("W12*CC*2*2**EA**VN*A", "W12*BO*1*0*1*EA**VN*B"), "partial"),
        (("W12*IC*2*0*2*EA**VN*A", "W12*BO*1*0*1*EA**VN*B"), "cancelled"),
    ],
)
def test_the_shipment_is_as_complete_as_its_lines(items: tuple[str, ...], status: str) -> None:
    lines = "".join(f"LX*{n}~{segment}~" for n, segment in enumerate(items, 1))
    found = native("945", f"W06*F*SO-1*20260303*SH-1~{lines}")
    assert found.documents[0]["derived"]["status"] == status


def test_a_shipment_without_a_number_is_named_by_its_bill_of_lading() -> None:
    found = native("945", "W06*F*SO-1*20260303~N9*BM*BOL5~LX*1~W12*CC*1*1**EA**VN*A~")
    assert found.documents[0]["derived"]["number"] == "BOL5"


def test_a_shipment_without_any_number_gets_the_same_one_when_it_is_sent_again() -> None:
    segments = "W06*F*SO-1*20260303~LX*1~W12*CC*1*1**EA**VN*A~"
    numbers = {
        mapper.read("shipment", "x12:945", only_part(body).body, agreed()).documents[0]["derived"][
            "number"
        ]
        for body in (wrap("945", segments), wrap("945", segments, control=772))
    }
    assert len(numbers) == 1
    assert numbers.pop().startswith("SO-1-")


def test_cartons_lots_and_serials_stay_with_their_line() -> None:
    found = native(
        "945",
        "W06*F*SO-1*20260303*SH-1~LX*1~MAN*GM*00000123450000000010~W12*CC*1*1**EA**VN*A~"
        "N9*LI*501~N9*LT*L26A~N9*SE*S1~N9*SE*S2~LX*2~MAN*CP*1Z5~MAN*CP*1Z6~W12*CC*1*1**EA**VN*B~",
    )
    first, second = found.documents[0]["lines"]
    assert first["derived"]["sscc"] == "000123450000000010"
    assert first["derived"]["serials"] == ["S1", "S2"]
    assert first["derived"]["line_no"] == "501"
    assert first["derived"]["lot"] == "L26A"
    assert found.documents[0]["derived"]["tracking"] == ["1Z5", "1Z6"]
    assert second["derived"]["sscc"] is None


def test_a_report_in_local_time_is_kept_in_utc() -> None:
    found = native(
        "846", "BIA*00*SI*R1*20260302*1400~LIN**VN*A~QTY*17*5*EA~", time_zone="America/Los_Angeles"
    )
    assert found.documents[0]["derived"]["as_of"] == "2026-03-02T22:00:00Z"


def test_an_item_for_sale_without_stock_on_hand_gets_the_sum() -> None:
    found = native("846", "BIA*00*SI*R1*20260302~LIN**VN*A~QTY*33*268*EA~QTY*27*42*EA~")
    derived = found.documents[0]["derived"]
    assert (derived["on_hand"], derived["available"], derived["committed"]) == ("310", "268", "42")


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("LIN**VN*B~QTY*29*5*EA~", "missing_field"),
        ("LIN**VN*B~QTY*17*5*EA~QTY*33*1*CA~", "uom_mismatch"),
        ("LIN**VN*A~QTY*17*5*EA~", "duplicate_item"),
    ],
)
def test_a_bad_line_of_a_report_leaves_the_others_standing(line: str, code: str) -> None:
    good = "LIN**VN*C~QTY*17*7*EA~LIN**VN*D~QTY*17*8*EA~"
    found = native("846", f"BIA*00*SI*R1*20260302~LIN**VN*A~QTY*17*5*EA~{line}{good}")
    assert {problem.code for problem in found.problems} == {code}
    assert [d["derived"]["item"] for d in found.documents][-2:] == ["C", "D"]
    assert "B" not in [d["derived"]["item"] for d in found.documents]


def test_a_full_report_is_marked_when_the_warehouse_sends_full_reports() -> None:
    [document] = native(
        "846", "BIA*00*SI*R1*20260302~LIN**VN*A~QTY*17*5*EA~", full_846=True
    ).documents
    assert document["derived"]["full_report"] is True


@pytest.mark.parametrize(("apart", "received"), [(False, "24"), (True, "26")])
def test_damaged_goods_are_part_of_what_arrived(apart: bool, received: str) -> None:
    segments = "W17*F*20260304*R1~W07*24*EA**VN*A~W13*2*EA*01~"
    [document] = native("944", segments, damaged_apart=apart).documents
    derived = document["lines"][0]["derived"]
    assert (derived["received"], derived["damaged"]) == (received, "2")


@pytest.mark.parametrize(
    ("reason", "quantity", "delta"),
    [
        ("06", "3", "-3"),
        ("06", "-3", "-3"),
        ("56", "-3", "3"),
        ("AA", "-3", "-3"),
        ("AA", "3", "3"),
    ],
)
def test_the_reason_gives_the_sign_where_that_was_agreed(
    reason: str, quantity: str, delta: str
) -> None:
    segments = f"W15*20260304*A1~W19*{reason}*{quantity}*EA**VN*A~"
    [document] = native("947", segments, sign_by_reason=True).documents
    assert document["lines"][0]["derived"]["delta"] == delta


def test_without_such_an_agreement_the_quantity_stands_as_it_was_sent() -> None:
    [document] = native("947", "W15*20260304*A1~W19*06*3*EA**VN*A~").documents
    assert document["lines"][0]["derived"]["delta"] == "3"


def test_a_997_tells_which_of_our_documents_were_taken() -> None:
    found = native(
        "997",
        "AK1*OW*5101~AK2*940*0001~AK3*W01*15*0310*8~AK4*2*355*7*CX~AK5*R*5~AK2*940*0002~AK5*A~"
        "AK9*P*2*2*1~",
    )
    assert found.object_type == "acknowledgement"
    assert found.documents == [
        {
            "group_control": "5101",
            "functional_id": "OW",
            "code": "P",
            "errors": [],
            "sets": [
                {
                    "type": "940",
                    "control": "0001",
                    "code": "R",
                    "errors": [
                        "One or more segments are in error.",
                        'W01, segment 15, element 2: the code is not valid ("CX").',
                    ],
                    "marks": [
                        [
                            "W01[15].2",
                            "CX",
                            'W01, segment 15, element 2: the code is not valid ("CX").',
                        ]
                    ],
                },
                {"type": "940", "control": "0002", "code": "A", "errors": [], "marks": []},
            ],
        }
    ]


def test_a_997_that_answers_nothing_is_a_problem() -> None:
    found = native("997", "AK1*OW*~AK9*A*1*1*1~")
    assert found.documents == []
    assert [problem.code for problem in found.problems] == ["missing_field"]


def test_every_group_is_answered_and_a_997_never() -> None:
    [envelope] = split(interchange("945")).envelopes
    assert (envelope.sender, envelope.receiver) == ("NWIND3PL", "PORTAL")
    assert (envelope.control, envelope.group_control) == ("000000771", "771")
    assert envelope.answer == {
        "group": {"functional_id": "SW", "control": "771"},
        "sets": [{"type": "945", "control": "0001", "code": "A"}],
        "code": "A",
        "included": "1",
        "received": "1",
        "accepted": "1",
    }
    [never] = split(wrap("997", "AK1*OW*5101~AK9*A*1*1*1~")).envelopes
    assert never.answer is None


def test_a_file_of_several_sets_gives_a_part_for_each() -> None:
    one = interchange("945")
    second = one.replace(b"ST*945*0001~", b"ST*945*0002~").replace(b"*0001~\nGE", b"*0002~\nGE")
    both = one.partition(b"GE*")[0] + second.partition(b"ST*")[1] + second.partition(b"ST*")[2]
    found = split(both.replace(b"GE*1*", b"GE*2*"))
    assert found.problems == []
    assert [part.object_type for part in found.parts] == ["shipment", "shipment"]
    for part in found.parts:
        [body] = to_bodies(part, agreed())
        assert body["number"] == "SH-90077"


@pytest.mark.parametrize(
    ("damage", "says"),
    [
        (lambda b: b.replace(b"GE*1*", b"GE*2*"), "GE01 is not the number of sets"),
        (lambda b: b.replace(b"SE*20*", b"SE*19*"), "SE01 is not the number of segments"),
        (lambda b: b[: len(b) * 2 // 3], "has no SE segment"),
        (lambda b: b.replace(b"IEA*1*000000771", b"IEA*1*000000772"), "ISA13 and IEA02"),
    ],
)
def test_a_doubtful_envelope_holds_its_parts_and_says_why(damage: Any, says: str) -> None:
    found = split(damage(interchange("945")))
    assert {problem.code for problem in found.problems} == {"envelope_error"}
    assert any(says in problem.text for problem in found.problems)
    assert len(found.parts) == 1


def test_a_miscounted_group_is_refused_in_our_answer() -> None:
    [envelope] = split(interchange("945").replace(b"GE*1*", b"GE*2*")).envelopes
    assert envelope.answer is not None
    assert (envelope.answer["code"], envelope.answer["reason1"]) == ("R", "5")


def test_a_tolerated_oddity_does_not_hold_a_file() -> None:
    body = interchange("945").replace(b"GE*1*", b"GE*2*")
    assert split(body, lenient="set_count_mismatch\nno_such_code").problems == []


@pytest.mark.parametrize("body", [b"", b"hello", b"\xff\xfe\x00", b"ISA*00*", b"<xml/>"])
def test_what_is_no_interchange_has_no_parts_and_a_problem(body: bytes) -> None:
    found = split(body)
    assert (found.parts, found.envelopes) == ([], [])
    assert [problem.code for problem in found.problems] == ["envelope_error"]


@pytest.mark.parametrize(
    ("settings", "code", "path"),
    [
        ({"partner_id": "OTHER3PL"}, "unknown_partner", "ISA06"),
        ({"own_id": "SOMEONE"}, "unknown_partner", "ISA08"),
        ({"usage": "P"}, "usage_mismatch", "ISA15"),
    ],
)
def test_a_misdirected_file_is_held_and_not_answered(
    settings: dict[str, str], code: str, path: str
) -> None:
    found = split(interchange("945"), **settings)
    assert [(problem.code, problem.path) for problem in found.problems] == [(code, path)]
    assert [envelope.answer for envelope in found.envelopes] == [None]


def test_a_set_that_no_warehouse_sends_is_told() -> None:
    body = interchange("945").replace(b"*945*", b"*850*").replace(b"GS*SW", b"GS*PO")
    found = split(body)
    assert ("unsupported_set", "850") in [(p.code, p.value) for p in found.problems]
    assert found.parts == []


def test_a_refusal_of_a_whole_file_of_ours_is_a_problem() -> None:
    lines = interchange("945").decode().splitlines()
    body = f"{lines[0]}\nTA1*000005101*260302*1405*R*009~\nIEA*0*000000771~\n".encode()
    found = split(body)
    assert [(p.code, p.value) for p in found.problems] == [("ack_rejected", "000005101")]
    assert "the receiver's id is not known" in found.problems[0].text
