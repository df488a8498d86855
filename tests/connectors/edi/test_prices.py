"""Catalogues: those of suppliers become price lists, and ours go to buyers."""

from typing import Any
from uuid import UUID

import pytest
from pydifact.segmentcollection import Interchange

from integrations.canonical.validation import validate
from integrations.connectors.edi import CONNECTOR, mapper
from integrations.connectors.edi.envelope import envelope
from integrations.connectors.edi.settings import PRODUCTS
from integrations.formats import edifact, x12
from tests.connectors.edi.files import GOLDEN, agreed, agreed_for, body_of, file_of, golden, part_of
from tests.connectors.edi.test_envelope import CONTROLS, NOW
from tests.connectors.edi.translating import to_bodies, to_document

pytestmark = [pytest.mark.pure, pytest.mark.filterwarnings("ignore:segments.xml not found")]

LIST = {
    "list": "WHOLESALE", "currency": "USD", "valid_from": "2026-04-01", "valid_to": "2026-09-30",
    "prices": [
        {"sku": "TENT-2P", "uom": "EA", "price": "61.50"},
        {"sku": "MUG-12", "uom": "CA", "price": "54"},
        {"sku": "TENT-2P", "uom": "EA", "min_quantity": "100", "price": "58.25"},
    ],
}  # fmt: skip


def read(kind: str, segments: str | None = None, **settings: Any) -> dict[str, Any]:
    to = agreed_for(kind, **settings)
    part = part_of(file_of(kind, segments), to)
    [body] = to_bodies(part, to)
    assert (part.object_type, validate("price_list", body)) == ("price_list", [])
    return body


def problems(kind: str, segments: str) -> list[tuple[str, str]]:
    to = agreed_for(kind)
    part = part_of(file_of(kind, segments), to)
    native = mapper.read(part.object_type, part.topic, part.body, to)
    return [(p.code, p.path) for p in native.problems]


@pytest.mark.parametrize("kind", ["832", "PRICAT"])
def test_a_catalogue_becomes_the_golden_price_list(kind: str) -> None:
    assert [read(kind)] == golden(f"{kind}.in.json")


@pytest.mark.parametrize("kind", ["832", "PRICAT"])
def test_its_items_are_products_where_that_was_agreed(kind: str) -> None:
    to = agreed_for(kind, catalogue=PRODUCTS)
    parts = CONNECTOR.mapper.split(file_of(kind), to, received=None).parts
    assert [part.object_type for part in parts] == ["price_list", "product"]
    bodies = to_bodies(parts[1], to)
    assert [problem for body in bodies for problem in validate("product", body)] == []
    assert bodies == golden(f"{kind}.products.json")


def test_a_list_has_the_name_that_was_entered() -> None:
    assert read("832", price_list="TENT MAKERS 2026")["list"] == "TENT MAKERS 2026"


@pytest.mark.parametrize(
    ("kind", "whole", "partial"),
    [("832", "******05~", "******04~"), ("PRICAT", "SPRING-26+9'", "SPRING-26+4'")],
)
def test_a_catalogue_that_only_says_what_changes_is_held(
    kind: str, whole: str, partial: str
) -> None:
    text = body_of(kind)
    assert whole in text
    assert problems(kind, text.replace(whole, partial)) == [("not_supported", "purpose")]
    to = agreed_for(kind, catalogue=PRODUCTS)
    body = file_of(kind, text.replace(whole, partial))
    _, products = CONNECTOR.mapper.split(body, to, received=None).parts
    assert len(to_bodies(products, to)) == len(golden(f"{kind}.products.json"))


def test_prices_of_different_days_are_held_and_those_of_one_day_give_it_to_the_list() -> None:
    text = body_of("832")
    later = text.replace("CTP**NET*39.5*50*EA~", "CTP**NET*39.5*50*EA~DTM*007*20260501~")
    assert problems("832", later) == [("not_supported", "lines")]
    alone = "BCT*PC*S~LIN*1*VN*TENT-2P~CTP**NET*41*1*EA~DTM*007*20260501~"
    assert read("832", alone)["valid_from"] == "2026-05-01"
    later = body_of("PRICAT").replace(
        "PRI+AAA:39.5'RNG+4+PCE:50'", "PRI+AAA:39.5'RNG+4+PCE:50'DTM+7:20260501:102'"
    )
    assert problems("PRICAT", later) == [("not_supported", "lines")]


def test_what_consumers_pay_is_no_price_of_ours() -> None:
    text = "BCT*PC*S~LIN*1*VN*TENT-2P~CTP**MSR*89*1*EA~"
    assert problems("832", text) == [("missing_field", "lines[0].prices")]
    text = "BGM+9+S+9'LIN+1++TENT-2P:SA'PRI+AAA:89:CA:SRP'"
    assert problems("PRICAT", text) == [("missing_field", "lines[0].prices")]


def test_prices_of_several_kinds_that_are_not_known_are_not_guessed() -> None:
    one = "BCT*PC*S~LIN*1*VN*TENT-2P~CTP**QTE*41*1*EA~"
    assert read("832", one)["prices"][0]["price"] == "41"
    assert problems("832", f"{one}CTP**PBQ*40*1*EA~") == [("missing_field", "lines[0].prices")]


@pytest.mark.parametrize("kind", ["832", "PRICAT"])
def test_a_catalogue_of_nothing_and_a_price_that_is_no_number_are_problems(kind: str) -> None:
    head = {"832": "BCT*PC*S~", "PRICAT": "BGM+9+S+9'"}[kind]
    assert problems(kind, head) == [("missing_field", "lines")]
    text = body_of(kind).replace("41.25", "x")
    assert ("wrong_format", "lines[0].prices[0].price") in problems(kind, text)


@pytest.mark.parametrize("kind", ["832", "PRICAT"])
def test_our_price_list_is_written_as_the_golden_file(kind: str) -> None:
    to = agreed(edifact=kind == "PRICAT")
    document = to_document("price_list", LIST, to)
    made = envelope(to, [(UUID(int=1), "price_list", document)], CONTROLS, NOW)
    assert made.problems == {}
    assert made.body.decode() == (GOLDEN / f"{kind}.out.edi").read_text()
    if kind == "832":
        assert x12.read(made.body).issues == []
        return
    assert edifact.read(made.body).issues == []
    [foreign] = Interchange.from_str(made.body.decode()).get_messages()
    assert foreign.type == "PRICAT"


@pytest.mark.parametrize("is_edifact", [False, True])
def test_what_we_write_is_read_as_the_same_prices(is_edifact: bool) -> None:
    to = agreed(edifact=is_edifact, partner_is="supplier", price_list="WHOLESALE")
    document = to_document("price_list", LIST, to)
    body = envelope(to, [(UUID(int=1), "price_list", document)], CONTROLS, NOW).body
    kind = "PRICAT" if is_edifact else "832"
    reading = (edifact if is_edifact else x12).read(body)
    assert [s.type for _, _, s in reading.sets()] == [kind]
    [piece] = (edifact if is_edifact else x12).slices_of(reading)
    native = mapper.read("price_list", "", piece.raw, to)
    assert native.problems == []
    prices = native.documents[0]["derived"]["prices"]
    assert {(p["item"], p["uom"], p["price"]) for p in prices} == {
        ("TENT-2P", "EA", "61.5"), ("TENT-2P", "EA", "58.25"), ("MUG-12", "CA", "54"),
    }  # fmt: skip


def test_a_list_without_prices_is_not_written() -> None:
    document = to_document("price_list", {**LIST, "prices": []}, agreed())
    made = envelope(agreed(), [(UUID(int=1), "price_list", document)], CONTROLS, NOW)
    assert (made.body, [p.code for p in made.problems[UUID(int=1)]]) == (b"", ["missing_field"])
