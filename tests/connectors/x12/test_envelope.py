"""Our files to the warehouse."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest

from integrations.connectors.outbound import Controls, Envelope
from integrations.connectors.x12 import CONNECTOR
from integrations.formats.x12 import read
from tests.connectors.x12.conftest import agreed
from tests.connectors.x12.harness import GOLDEN
from tests.connectors.x12.translating import to_document

pytestmark = pytest.mark.pure
NOW = datetime(2026, 3, 2, 14, 5, tzinfo=UTC)
CONTROLS = Controls(interchange=5101, group=5101, first_set=1)


def order(**changes: Any) -> dict[str, Any]:
    return {
        "number": "SO-10442",
        "channel": "harbor",
        "placed_at": "2026-03-02T13:58:04Z",
        "currency": "USD",
        "status": "open",
        "po_number": "PO-7781",
        "ship_to": {
            "name": "Zoë Reyes",
            "company": "HARBOR OUTFITTERS DC 2",
            "lines": ["400 Quay Street", "Dock 4"],
            "city": "Reno",
            "region": "NV",
            "postal_code": "89502",
            "country": "US",
            "phone": "+1 775 555 0100",
            "location_id": "DC02",
        },
        "requested_ship": "2026-03-03",
        "cancel_after": "2026-03-06",
        "service_level": "GROUND",
        "carrier": "UPSN",
        "notes": [{"audience": "warehouse", "text": "DOCK 4 ONLY"}],
        "totals": {
            "lines": "1584.00",
            "discount": "0",
            "shipping": "0",
            "tax": "0",
            "total": "1584.00",
        },
        "lines": [
            {
                "line_no": "501",
                "sku": "TENT-2P",
                "description": "Two person tent",
                "quantity": "24",
                "uom": "EA",
                "unit_price": "61.50",
                "gtin": "00012345678905",
            },
            {
                "line_no": "502",
                "sku": "MUG-12",
                "quantity": "2",
                "uom": "CA",
                "unit_price": "54.00",
            },
        ],
        **changes,
    }


def inbound_shipment() -> dict[str, Any]:
    return {
        "number": "IN-7",
        "site": "RNO1",
        "po_number": "PO-9",
        "bol": "BOL77",
        "ship_from": {
            "name": "SHENZHEN TENTS",
            "lines": ["1 Factory Road"],
            "city": "Oakland",
            "region": "CA",
            "postal_code": "94607",
            "country": "US",
        },
        "expected_on": "2026-03-09",
        "shipped_on": "2026-03-01",
        "carrier": "ODFL",
        "lines": [
            {"line_no": "1", "sku": "TENT-2P", "quantity": "120", "uom": "EA"},
            {"line_no": "2", "sku": "MUG-12", "quantity": "10", "uom": "CA"},
        ],
    }


def written(*bodies: dict[str, Any], kind: str = "order", **settings: Any) -> Envelope:
    to = agreed(**settings)
    documents = [(uuid4(), kind, to_document(kind, body, to)) for body in bodies]
    return CONNECTOR.envelope(to, documents, CONTROLS, NOW)


def segments(envelope: Envelope, tag: str) -> list[str]:
    lines = envelope.body.decode().replace("~", "").splitlines()
    return [line for line in lines if line.split("*")[0] == tag]


@pytest.mark.parametrize(
    ("kind", "name", "functional_id", "body"),
    [
        ("order", "940", "OW", order()),
        ("inbound_shipment", "943", "AR", inbound_shipment()),
    ],
)
def test_a_record_becomes_the_golden_file(
    kind: str, name: str, functional_id: str, body: dict[str, Any]
) -> None:
    envelope = written(body, kind=kind)
    assert envelope.problems == {}
    assert envelope.functional_id == functional_id
    assert envelope.file_name == f"{name}_NWIND3PL_20260302T140500_000005101.edi"
    assert envelope.body.decode() == (GOLDEN / f"{name}.out.edi").read_text()


@pytest.mark.parametrize("name", ["940", "943"])
def test_our_own_reader_accepts_the_golden_files(name: str) -> None:
    reading = read((GOLDEN / f"{name}.out.edi").read_bytes())
    assert (reading.verdict, reading.issues) == ("accept", [])


def test_an_answer_becomes_the_golden_997() -> None:
    answer = {
        "group": {"functional_id": "SW", "control": "771"},
        "sets": [{"type": "945", "control": "0001", "code": "A"}],
        "code": "A",
        "included": "1",
        "received": "1",
        "accepted": "1",
    }
    documents = [(uuid4(), "acknowledgement", answer)]
    envelope = CONNECTOR.envelope(agreed(), documents, CONTROLS, NOW)
    assert (envelope.functional_id, envelope.problems) == ("FA", {})
    assert envelope.body.decode() == (GOLDEN / "997.out.edi").read_text()


@pytest.mark.parametrize(
    ("status", "context", "purpose"),
    [
        ("open", {}, "N"),
        ("open", {"version": 2}, "R"),
        ("open", {"version": 2, "sent_before": False}, "N"),
        ("open", {"version": 2, "sent_before": True}, "R"),
        ("cancelled", {"version": 2}, "F"),
    ],
)
def test_the_purpose_tells_originals_changes_and_cancellations(
    status: str, context: dict[str, Any], purpose: str
) -> None:
    document = to_document("order", order(status=status), agreed(), **context)
    assert document["purpose"] == purpose


def test_a_cancellation_carries_the_header_and_no_lines() -> None:
    envelope = written(order(status="cancelled"))
    assert segments(envelope, "W05") == ["W05*F*SO-10442*PO-7781"]
    assert segments(envelope, "W01") == []
    assert segments(envelope, "W76") == ["W76*0"]


def test_what_cannot_be_written_is_left_out_and_the_others_go() -> None:
    to = agreed()
    ids = [uuid4() for _ in range(3)]
    numbers = ("SO-1", "SO-" + "9" * 30, "SO-3")
    documents = [
        (message_id, "order", to_document("order", order(number=number), to))
        for message_id, number in zip(ids, numbers, strict=True)
    ]
    envelope = CONNECTOR.envelope(to, documents, CONTROLS, NOW)
    assert list(envelope.problems) == [ids[1]]
    [problem] = envelope.problems[ids[1]]
    assert (problem.code, problem.path) == ("edi_not_writable", "sets[1].W05[2].2")
    assert segments(envelope, "ST") == ["ST*940*0001", "ST*940*0002"]
    assert [line.split("*")[2] for line in segments(envelope, "W05")] == ["SO-1", "SO-3"]
    assert segments(envelope, "GE") == ["GE*2*5101"]


def test_when_nothing_can_be_written_there_is_no_file() -> None:
    envelope = written(order(number="9" * 30))
    assert envelope.body == b""
    assert len(envelope.problems) == 1


def test_an_endpoint_without_ids_can_write_nothing() -> None:
    envelope = written(order(), order(number="SO-2"), own_id="")
    assert envelope.body == b""
    assert len(envelope.problems) == 2


def test_a_region_of_another_land_goes_where_there_is_room() -> None:
    ship_to = {**order()["ship_to"], "region": "New South Wales", "country": "AU", "city": "Sydney"}
    envelope = written(order(ship_to=ship_to))
    assert segments(envelope, "N4") == ["N4*Sydney**89502*AU*SP*New South Wales"]


def test_a_region_with_its_country_in_front_loses_it() -> None:
    ship_to = {**order()["ship_to"], "region": "US-NV"}
    assert segments(written(order(ship_to=ship_to)), "N4") == ["N4*Reno*NV*89502*US"]


def test_a_long_street_is_spread_and_never_cut() -> None:
    street = "Building 17 of the Harbor Outfitters Distribution Center at the Old Cannery"
    ship_to = {**order()["ship_to"], "lines": [street, "Dock 4", "Ask for Sam"]}
    found = segments(written(order(ship_to=ship_to)), "N3")
    assert found == [
        "N3*Building 17 of the Harbor Outfitters Distribution*Center at the Old Cannery",
        "N3*Dock 4*Ask for Sam",
    ]


def test_a_long_note_becomes_several() -> None:
    note = "Leave with the front desk between eight and five, ring twice, and do not stack " * 2
    found = segments(written(order(notes=[{"audience": "customer", "text": note}])), "NTE")
    assert [line.startswith("NTE*DEL*") for line in found] == [True, True]
    assert " ".join(line.removeprefix("NTE*DEL*") for line in found) == note.strip()


@pytest.mark.parametrize(
    ("gtin", "w01"),
    [
        ("012345678905", "W01*1*EA*012345678905*VN*A"),
        ("12345678905", "W01*1*EA*012345678905*VN*A"),
        ("04006381333931", "W01*1*EA**VN*A*EN*4006381333931"),
        ("10012345678902", "W01*1*EA**VN*A*UK*10012345678902"),
        (None, "W01*1*EA**VN*A"),
    ],
)
def test_a_bar_code_goes_where_its_kind_belongs(gtin: str | None, w01: str) -> None:
    line = {"sku": "A", "quantity": "1", "uom": "EA", "unit_price": "1"}
    line |= {"gtin": gtin} if gtin else {}
    assert segments(written(order(lines=[line])), "W01") == [w01]


def test_delimiters_in_names_are_replaced() -> None:
    ship_to = {**order()["ship_to"], "company": "A*B~C>D"}
    assert segments(written(order(ship_to=ship_to)), "N1")[0] == "N1*ST*A B C D*92*DC02"


def test_a_carrier_that_is_no_scac_is_said_in_words() -> None:
    [w66] = segments(written(order(carrier="Any overnight")), "W66")
    assert w66 == "W66*PP*M***Any overnight GROUND"


def test_the_total_in_eaches_wants_eaches() -> None:
    envelope = written(order(), w76_basis="eaches")
    [[problem]] = envelope.problems.values()
    assert problem.code == "uom_mismatch"


def test_the_file_shows_the_warehouses_own_time() -> None:
    envelope = written(order(), time_zone="America/Los_Angeles")
    assert segments(envelope, "GS") == ["GS*OW*PORTAL*NWIND3PL*20260302*0605*5101*X*004010"]
    assert envelope.file_name == "940_NWIND3PL_20260302T060500_000005101.edi"


def test_other_delimiters_and_capitals_are_used_as_agreed() -> None:
    envelope = written(order(), delimiters="|:'", characters="basic")
    body = envelope.body.decode()
    assert "W05|N|SO-10442|PO-7781'" in body
    assert "N2|ZOE REYES'" in body


def test_a_partners_id_is_made_fit_for_a_file_name() -> None:
    assert written(order(), partner_id="3PL / WEST").file_name.startswith("940_3PL-WEST_2026")


def test_two_hundred_orders_go_in_one_file() -> None:
    envelope = written(*(order(number=f"SO-{number}") for number in range(200)))
    assert len(segments(envelope, "ST")) == 200
    assert segments(envelope, "ST")[-1] == "ST*940*0200"


def test_every_message_without_a_problem_is_in_the_file() -> None:
    to = agreed()
    found: dict[UUID, str] = {uuid4(): f"SO-{'7' * (number * 5)}" for number in range(8)}
    documents = [
        (message_id, "order", to_document("order", order(number=number), to))
        for message_id, number in found.items()
    ]
    envelope = CONNECTOR.envelope(to, documents, CONTROLS, NOW)
    inside = {line.split("*")[2] for line in segments(envelope, "W05")}
    assert inside == {n for message_id, n in found.items() if message_id not in envelope.problems}
    assert 0 < len(inside) < 8
