"""The mapping editor: values of real documents, a draft that saves itself, bad input in plain words."""

from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.test import Client

from integrations.domain import receive
from integrations.models import ChangeRequest, Endpoint
from portal.accounts.models import Role
from tests import pipeline
from tests.pages.scenery import page, texts
from tests.people import Site, sign_in

pytestmark = pytest.mark.db


@pytest.fixture
def shop(kestrel: Site) -> Endpoint:
    made = pipeline.endpoint(kestrel.harbor, "shop", settings={})
    target = pipeline.endpoint(kestrel.harbor, "erp", settings={"url": "http://127.0.0.1:9"})
    pipeline.flow(made, target)
    pipeline.store(made, pipeline.order("1001"), pipeline.order("1002"))
    receive.receive(kestrel.harbor)
    return made


URL = "/mappings/shop/order/in/"


def fields(soup: Any) -> dict[str, list[str]]:
    rows = soup.select("#rows tbody tr")
    return {
        "row": [row.select_one("[name=row]")["value"] for row in rows],
        "target": [row.select_one("[name=target]")["value"] for row in rows],
        "source": [row.select_one("[name=source]")["value"] for row in rows],
    }


def attempt(client: Client, given: dict[str, list[str]], *, edition: int = 0) -> Any:
    """What comes back as one types. The values of rows travel in a template, which is unpacked here."""
    answer = client.post(
        f"{URL}try/", {**given, "edition": edition}, headers={"hx-request": "true"}
    )
    whole = answer.content.replace(b"<template>", b"<table>").replace(b"</template>", b"</table>")
    return BeautifulSoup(whole, "html.parser")


def test_the_list_names_both_mappings_of_a_flow(kestrel: Site, shop: Endpoint) -> None:
    seen = texts(page(sign_in(kestrel, "engineer").get("/mappings/")), "#mappings tbody th")
    assert seen == ["Orders to Erp", "Orders from Shop"]


def test_rows_show_what_they_give_for_the_newest_document(kestrel: Site, shop: Endpoint) -> None:
    soup = page(sign_in(kestrel, "engineer").get(URL))
    assert "1002" in texts(soup, "#rows td.id")
    assert soup.select_one("[data-path=number]").parent.select_one(".mono").text == "1002"
    assert not ChangeRequest.objects.exists()


def test_an_edit_is_kept_as_a_draft_and_shows_its_value(kestrel: Site, shop: Endpoint) -> None:
    client = sign_in(kestrel, "engineer")
    given = fields(page(client.get(URL)))
    at = given["target"].index("channel")
    given["source"][at] = '"web"'
    soup = attempt(client, given)
    assert soup.select_one(f"#value-{given['row'][at]}").text.strip() == "web"
    assert texts(soup, "#live p.mono") == ["channel web, was shop"]
    draft = ChangeRequest.objects.get()
    assert ["channel", '"web"'] in draft.content["rows"]


def test_a_row_that_cannot_be_read_says_so_and_the_others_go_on(
    kestrel: Site, shop: Endpoint
) -> None:
    client = sign_in(kestrel, "engineer")
    given = fields(page(client.get(URL)))
    at = given["target"].index("channel")
    given["source"][at] = "$lookup("
    soup = attempt(client, given)
    assert soup.select_one(f"#value-{given['row'][at]} .field-error")
    number = given["row"][given["target"].index("number")]
    assert soup.select_one(f"#value-{number}").text.strip() == "1002"


def test_a_required_target_without_a_source_is_red_before_anything_runs(
    kestrel: Site, shop: Endpoint
) -> None:
    client = sign_in(kestrel, "engineer")
    given = fields(page(client.get(URL)))
    given["source"][given["target"].index("currency")] = ""
    attempt(client, given)
    soup = page(client.get(URL))
    assert texts(soup, "#rows .ghost th") == ["currency *"]
    assert soup.select_one("#rows .ghost [data-suggest]")["data-suggest"] == "currency"


def test_another_windows_newer_draft_is_not_overwritten(kestrel: Site, shop: Endpoint) -> None:
    client = sign_in(kestrel, "engineer")
    given = fields(page(client.get(URL)))
    for text in ('"web"', '"b2b"'):
        given["source"][given["target"].index("channel")] = text
        soup = attempt(client, given)
    assert "changed in another window" in soup.select_one("#saved").text
    assert ["channel", '"web"'] in ChangeRequest.objects.get().content["rows"]


def test_somebody_who_may_not_see_payloads_sees_no_values(kestrel: Site, shop: Endpoint) -> None:
    Role.objects.create(slug="mapper", label="Mapper", permissions=["endpoints.view"])
    answer = sign_in(kestrel, "mapper").get(URL)
    assert b"1002" not in answer.content
    assert b"TENT-2P" not in answer.content


def test_who_may_not_edit_mappings_cannot_save(kestrel: Site, shop: Endpoint) -> None:
    assert sign_in(kestrel, "operator").post(f"{URL}try/", {}).status_code == 403


def test_a_place_that_is_none_is_not_found(kestrel: Site, shop: Endpoint) -> None:
    client = sign_in(kestrel, "engineer")
    for url in (
        "/mappings/nobody/order/in/",
        "/mappings/shop/poem/in/",
        "/mappings/shop/order/up/",
    ):
        assert client.get(url).status_code == 404


def test_fields_of_the_customers_extensions_are_offered_as_targets(
    kestrel: Site, shop: Endpoint
) -> None:
    schema = {"type": "object", "properties": {"gift": {"type": "string"}},
              "additionalProperties": False}  # fmt: skip
    customer = shop.customer
    customer.extensions = {"order": {"acme": schema}, "order.line": {"acme": schema}}
    customer.config_version += 1
    customer.save()
    soup = page(sign_in(kestrel, "engineer").get(URL))
    offered = [one["value"] for one in soup.select("#free option")]
    assert {"extensions.acme.gift", "lines[].extensions.acme.gift"} <= set(offered)
