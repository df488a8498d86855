"""Orders and their changes from a buyer, and what becomes of them."""

from typing import Any

import pytest

from integrations.canonical.validation import validate
from integrations.connectors.edi import mapper, places
from tests.connectors.edi.files import agreed, body_of, file_of, golden, part_of
from tests.connectors.edi.translating import to_bodies

pytestmark = pytest.mark.pure

HEAD = "BEG*00*SA*PO-1**20260302~"
ST = "N1*ST*H~N3*1 PIER~N4*RENO*NV*89502*US~"
LINE = "PO1*1*5*EA*2**VN*TENT-2P~"
DC = "DC02 | HARBOR DC 2 | 400 Quay Street | Reno | NV | 89502 | US"
S7 = "S7 | HARBOR STORE 7 | 7 Main Street | Elko | NV | 89801 | us"


def read(kind: str, segments: str, **settings: Any) -> list[dict[str, Any]]:
    """The orders of a document, all of which must map and be valid."""
    to = agreed(edifact=not kind.isdigit(), **settings)
    bodies = to_bodies(part_of(file_of(kind, segments), to), to)
    for body in bodies:
        assert validate("order", body) == []
    return bodies


def problems(kind: str, segments: str, **settings: Any) -> list[tuple[str, str]]:
    to = agreed(edifact=not kind.isdigit(), **settings)
    part = part_of(file_of(kind, segments), to)
    native = mapper.read(part.object_type, part.topic, part.body, to)
    return [(p.code, p.path) for p in native.problems]


@pytest.mark.parametrize("kind", ["850", "860", "ORDERS", "ORDCHG"])
def test_a_document_becomes_the_golden_order(kind: str) -> None:
    [body] = read(kind, body_of(kind))
    assert body == golden(f"{kind}.in.json")


def test_prices_per_hundred_and_per_thousand_become_prices_of_one() -> None:
    lines = "PO1*1*200*EA*54*HP*VN*A~PO1*2*1000*EA*54*TP*VN*B~PO1*3*1*EA*54*PE*VN*C~"
    [body] = read("850", HEAD + ST + lines)
    assert [line["unit_price"] for line in body["lines"]] == ["0.54", "0.054", "54"]
    assert body["totals"]["total"] == "216"  # 108 + 54 + 54


def test_allowances_charges_and_taxes_make_the_total() -> None:
    # 10 goods - 1 allowance + 3 freight + 0.5 handling + 0.80 tax = 13.3
    money = "TXI*ST*.80~SAC*A*C310***100~SAC*C*D240***300~SAC*C*F050***50~"
    [body] = read("850", HEAD + money + ST + LINE)
    assert body["totals"] == {
        "lines": "10", "discount": "1", "shipping": "3", "tax": "0.8", "fees": "0.5",
        "total": "13.3",
    }  # fmt: skip


def test_a_place_that_is_only_a_code_is_the_one_that_was_entered() -> None:
    [body] = read("850", HEAD + "N1*ST**92*DC02~" + LINE, places=[S7, DC])
    assert (body["ship_to"]["city"], body["ship_to"]["location_id"]) == ("Reno", "DC02")
    [body] = read(
        "ORDERS", "BGM+220+PO-1'DTM+137:20260302:102'NAD+DP+S7::92'LIN+1++A:SA'QTY+21:1'PRI+AAA:2'",
        places=[S7],
    )  # fmt: skip
    assert body["ship_to"]["country"] == "US"


def test_a_place_nobody_entered_is_named() -> None:
    assert problems("850", HEAD + "N1*ST**92*DC02~" + LINE) == [("shipto_unknown", "ship_to")]
    assert problems("850", HEAD + LINE) == [("address_invalid", "ship_to")]


def test_an_order_split_over_stores_is_one_order_for_each() -> None:
    lines = "PO1*1*5*EA*2**VN*TENT-2P~SDQ*EA*92*S7*3*DC02*2~PO1*2*4*EA*1**VN*MUG-12~SDQ*EA*92*S7*4~"
    first, second = read("850", HEAD + "N1*BY*H*92*H~" + lines, places=[S7, DC])
    assert (first["number"], first["po_number"]) == ("PO-1-S7", "PO-1")
    assert [(x["sku"], x["quantity"]) for x in first["lines"]] == [
        ("TENT-2P", "3"),
        ("MUG-12", "4"),
    ]
    assert (second["number"], second["ship_to"]["city"]) == ("PO-1-DC02", "Reno")
    assert second["totals"]["total"] == "4"


def test_stores_that_do_not_get_what_is_ordered_are_a_problem() -> None:
    split = HEAD + "PO1*1*5*EA*2**VN*A~SDQ*EA*92*S7*3~"
    assert problems("850", split, places=[S7]) == [("total_mismatch", "lines[0].quantity")]
    assert problems("850", split.replace("*5*", "*3*") + LINE, places=[S7]) == [
        ("missing_field", "lines")
    ]


def test_a_line_without_price_or_quantity_is_named() -> None:
    assert problems("850", HEAD + ST + "PO1*1*5*EA***VN*A~") == [
        ("missing_field", "lines[0].unit_price")
    ]
    assert problems("850", HEAD + ST + "PO1*1*x*EA*2**VN*A~") == [
        ("wrong_format", "lines[0].quantity"),
        ("missing_field", "lines[0].quantity"),
    ]


def test_a_release_of_a_blanket_order_is_an_order_of_its_own() -> None:
    [body] = read("850", "BEG*00*RL*PO-1*7*20260302~" + ST + LINE)
    assert body["number"] == "PO-1-7"


def test_dates_are_of_the_partners_own_clock() -> None:
    [body] = read("850", HEAD + ST + LINE, time_zone="America/Los_Angeles")
    assert body["placed_at"] == "2026-03-02T08:00:00Z"


CANCEL_860 = "BCH*01*SA*PO-7781***20260302*****20260304~" + ST
HELD = {
    "a cancel without lines": ("860", CANCEL_860, {}),
    "a change that only says what differs": ("860", None, {"changes": "only what differs"}),
    "an ORDCHG that only says what differs": ("ORDCHG", None, {"changes": "only what differs"}),
    "a change that leaves no line": ("860", CANCEL_860.replace("*01*", "*04*", 1) + "POC*1*DI*0*0~", {}),
    "a purpose nobody knows": ("850", HEAD.replace("*00*", "*27*", 1) + ST + LINE, {}),
    "a change in an order": ("850", HEAD.replace("*00*", "*04*", 1) + ST + LINE, {}),
    "a cancelled ORDERS without lines": (
        "ORDERS", "BGM+220+PO-1+1'DTM+137:20260302:102'NAD+BY+++H+1 PIER+RENO'", {},
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", HELD)
def test_what_we_would_have_to_guess_is_held(name: str) -> None:
    kind, segments, settings = HELD[name]
    found = problems(kind, body_of(kind) if segments is None else segments, **settings)
    assert found == [("change_not_applied", "purpose")]


def test_an_order_that_is_replaced_needs_no_agreement() -> None:
    replaced = body_of("ORDCHG").replace("CH-1+4'", "CH-1+5'")
    [body] = read("ORDCHG", replaced, changes="only what differs")
    assert body["lines"][0]["quantity"] == "30"


def test_a_cancel_with_the_lines_cancels_the_order() -> None:
    [body] = read("860", CANCEL_860 + "POC*1*CA*24*0*EA*61.5**VN*TENT-2P~")
    assert (body["status"], body["source_updated_at"]) == ("cancelled", "2026-03-04T00:00:00Z")
    [body] = read("ORDERS", body_of("ORDERS").replace("PO-7781+9'", "PO-7781+1'"))
    assert body["status"] == "cancelled"


def test_a_drop_ship_order_and_its_mark_for() -> None:
    marked = ST + "N1*MA*STORE 7~N3*7 MAIN ST~N4*ELKO*NV*89801*US~" + LINE
    [body] = read("850", HEAD.replace("*SA*", "*DS*") + marked)
    assert (body["type"], body["mark_for"]["city"]) == ("dropship", "ELKO")


def test_an_edifact_order_is_drop_ship_by_the_code_that_was_agreed() -> None:
    text = body_of("ORDERS").replace("BGM+220+", "BGM+Z01+")
    for code, kind in (("Z01", "dropship"), ("", "wholesale")):
        [body] = read("ORDERS", text, drop_ship_code=code)
        assert body["type"] == kind


def test_an_address_in_free_text_is_read() -> None:
    text = "BGM+220+PO-1'DTM+137:20260302:102'NAD+BY+1::92'NAD+DP++HARBOR:400 QUAY STREET:RENO'"
    [body] = read("ORDERS", text + "LIN+1++A:SA'QTY+21:1'PRI+AAA:2'")
    assert body["ship_to"] == {
        "name": "HARBOR", "lines": ["400 QUAY STREET"], "city": "RENO", "country": "US",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (DC, ""),
        (f"{DC}\n\n{S7}", ""),
        ("DC02 | only", "Place 1 wants code"),
        (f"{DC}\n| no code | 1 Street | Reno | | | US", "Place 2 wants code"),
        (DC.replace("US", "USA"), "The country of place 1"),
        (f"{DC}\n{DC}", "The code DC02 is there twice"),
    ],
)
def test_places_are_checked_as_they_are_entered(text: str, said: str) -> None:
    found = places.fault(text)
    assert found.startswith(said)
    assert bool(found) == bool(said)
