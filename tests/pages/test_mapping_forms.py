"""The form mode: every row of every shipped mapping reads as a form of a page, and back."""

import json
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.test import Client

from integrations.connectors import registry
from integrations.domain import receive
from integrations.mapping import Row
from integrations.mapping.form import read_form, write_form
from integrations.models import Endpoint, LookupTable
from integrations.views import mapping_forms
from tests import pipeline
from tests.pages.scenery import page, texts
from tests.people import Site, sign_in

ROWS = sorted(
    {
        (row.target.endswith("[]"), row.source)
        for connector in registry.everyone()
        for rows in connector.mapper.MAPPINGS.values()
        for row in rows
    }
)


_BLANK = {"text": "", "checkbox": "on"}


def browser_values(form: Any) -> dict[str, Any]:
    """What a browser sends of the rendered form."""
    soup = BeautifulSoup(str(form), "html.parser")
    found = {}
    for one in soup.select("[name]"):
        if one.get("type") == "checkbox" and not one.has_attr("checked"):
            continue
        if one.name == "select":
            chosen = one.select_one("option[selected]") or one.select_one("option")
            found[one["name"]] = chosen["value"]
        else:
            found[one["name"]] = (
                one.text[1:] if one.name == "textarea" else one.get("value", _BLANK[one["type"]])
            )
    return found


@pytest.mark.parametrize(("loops", "source"), ROWS)
def test_every_shipped_row_goes_through_its_form_unchanged(loops: bool, source: str) -> None:
    form = read_form(Row("list[]" if loops else "x", source))
    shown = mapping_forms.filled(form)
    posted, written = mapping_forms.read(type(form).__name__, browser_values(shown))
    assert not posted.errors
    assert read_form(Row("list[]" if loops else "x", written)) == form
    assert written == write_form(form).strip()


@pytest.mark.parametrize(
    ("kind", "given", "said"),
    [
        ("Constant", {"value": "b2c"}, '"b2c"'),
        ("Constant", {"value": "12"}, "12"),
        ("Constant", {"value": '"12"'}, '"12"'),
        ("Constant", {"value": "007"}, '"007"'),
        ("Constant", {"value": "true"}, "true"),
        ("Constant", {"value": "--5"}, '"--5"'),
        ("Constant", {"value": "-5"}, "-5"),
        ("Concat", {"parts": 'first\n" "\nlast'}, 'first & " " & last'),
        ("Lookup", {"table": "sku", "of": "item", "default": ""}, '$lookup("sku", item)'),
        ("Loop", {"path": "line_items"}, "line_items"),
    ],
)
def test_a_form_writes_its_source(kind: str, given: dict[str, str], said: str) -> None:
    assert mapping_forms.read(kind, given)[1] == said


@pytest.mark.parametrize(
    ("kind", "given", "said"),
    [
        ("Field", {"path": "a b"}, "cannot be written"),
        ("Concat", {"parts": "only"}, "cannot be written"),
        ("Lookup", {"table": "sku", "of": '"x"'}, "name a field"),
        ("Condition", {"field": "a", "operator": "=", "then": "b"}, "cannot be written"),
        ("Date", {"of": "$now() ~> $x", "format": "date"}, "neither a field"),
        ("Constant", {"value": "x" * 400}, "at most 300"),
    ],
)
def test_what_no_source_says_is_refused_in_words(
    kind: str, given: dict[str, str], said: str
) -> None:
    posted, source = mapping_forms.read(kind, given)
    assert source == ""
    assert said in str(posted.errors)


@pytest.fixture
def shop(kestrel: Site) -> Endpoint:
    made = pipeline.endpoint(kestrel.harbor, "shop", settings={})
    pipeline.flow(made, pipeline.endpoint(kestrel.harbor, "erp", settings={"url": "http://x:9"}))
    return made


URL = "/mappings/shop/order/in/form/"


def dock(client: Client, **given: str) -> BeautifulSoup:
    return page(client.post(URL, {"row": "3", "target": "channel", **given}))


@pytest.mark.db
def test_the_dock_shows_the_row_as_a_form_and_writes_it_back(kestrel: Site, shop: Endpoint) -> None:
    eli = sign_in(kestrel, "engineer")
    soup = dock(eli, source='$lookup("channel", channel)')
    assert soup.select_one("select[name=kind] option[selected]")["value"] == "Lookup"
    assert soup.select_one("input[name=of]")["value"] == "channel"
    assert "There is no table channel." in soup.text
    given = {"write": "1", "kind": "Lookup", "table": "channel", "of": "source", "default": '"web"'}
    answer = eli.post(URL, {"row": "3", "target": "channel", **given})
    told = json.loads(answer["HX-Trigger"])["row-written"]
    assert told == {"row": "3", "source": '$lookup("channel", source, "web")'}
    assert "source looked up in channel" in answer.content.decode()


@pytest.mark.db
def test_the_dock_names_codes_that_came_and_have_no_row(kestrel: Site, shop: Endpoint) -> None:
    table = LookupTable.objects.create(customer_id=kestrel.harbor, name="sku")
    table.rows.create(code="A", value="B")
    rows = [["lines[].sku", '$lookup("sku", sku)'], ["lines[]", "lines"]]
    shop.mappings.create(object_type="order", direction="in", version=1, rows=rows)
    pipeline.store(shop, pipeline.order("1", sku="TENT-OLD"))
    receive.receive(kestrel.harbor)
    soup = dock(sign_in(kestrel, "engineer"), source='$lookup("sku", sku)')
    assert "Seen but not in it, 7 days: TENT-OLD (1)" in " ".join(soup.text.split())
    assert soup.select_one("a")["href"] == f"/lookups/{table.pk}/"


@pytest.mark.db
def test_an_empty_row_is_offered_sources_for_optional_targets_too(
    kestrel: Site, shop: Endpoint
) -> None:
    shop.mappings.create(
        object_type="order", direction="in", version=1, rows=[["number", "number"]]
    )
    pipeline.store(shop, pipeline.order("1", po_number="PO-7"))
    receive.receive(kestrel.harbor)
    soup = dock(sign_in(kestrel, "engineer"), target="po_number", source="")
    assert "po_number" in texts(soup, "[data-suggest]")


@pytest.mark.db
def test_a_row_that_was_just_emptied_is_offered_sources_before_that_is_saved(
    kestrel: Site, shop: Endpoint
) -> None:
    shop.mappings.create(
        object_type="order", direction="in", version=1, rows=[["currency", "currency"]]
    )
    pipeline.store(shop, pipeline.order("1"))
    receive.receive(kestrel.harbor)
    soup = dock(sign_in(kestrel, "engineer"), target="currency", source="")
    assert "currency" in texts(soup, "[data-suggest]")


@pytest.mark.db
def test_what_was_written_for_another_customer_is_a_suggestion(
    kestrel: Site, shop: Endpoint
) -> None:
    other = pipeline.endpoint(kestrel.maris, "plant", settings={}, label="Plant")
    other.mappings.create(
        object_type="order", direction="in", version=1, rows=[["po_number", "nickname"]]
    )
    shop.mappings.create(
        object_type="order", direction="in", version=1, rows=[["number", "number"]]
    )
    pipeline.store(shop, pipeline.order("1", nickname="N-7"))
    receive.receive(kestrel.harbor)
    soup = dock(sign_in(kestrel, "engineer"), target="po_number", source="")
    assert "Plant of Maris Foods" in soup.text


@pytest.mark.db
def test_only_who_may_edit_mappings_sees_the_dock(kestrel: Site, shop: Endpoint) -> None:
    assert sign_in(kestrel, "operator").post(URL, {"target": "x"}).status_code == 403
