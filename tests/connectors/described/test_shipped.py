"""A connector of ours made of a description: its settings in addresses and headers, its own secrets."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from integrations.connectors.connection import Setting
from integrations.connectors.described import shipped
from integrations.connectors.described.description import DescriptionError, parse
from integrations.connectors.described.known import known_of
from integrations.connectors.described.settled import settle
from integrations.connectors.described.system import Ask, System
from portal.core.errors import NeedsCredentials
from tests.connectors.described.lists import Lists

NOW = datetime(2026, 3, 2, 14, tzinfo=UTC)
SETTINGS = (
    Setting("url", "Base address", "Where.", kind="url", default="https://api.example.com"),
    Setting("store", "Store", "Which."),
    Setting("api_key", "Key", "The key.", secret=True),
)
TEXT = """
auth: {kind: header, name: X-Auth, secret: api_key}
headers: {X-Version: "2", X-Store: "{settings.store}"}
streams:
  orders:
    object: order
    path: /stores/{settings.store}/v2/orders
    params: {of: "{settings.store}"}
    details: {path: "/stores/{settings.store}/v2/orders/{id}/products", rows: ., into: lines}
writes:
  shipment:
    path: /stores/{settings.store}/v2/orders/{order_id}/shipments
    look_up: {path: "/stores/{settings.store}/parcels/{number}"}
"""


def described(text: str = TEXT) -> System:
    return parse(text, known_of(SETTINGS))


def test_settings_fill_addresses_parameters_and_headers(lists: Lists) -> None:
    to = lists.connection(TEXT, api_key="k1")
    to = replace(to, settings={**to.settings, "store": "a b"})
    client = shipped.client_of(to, described())
    client.fetch("orders", {}, now=NOW)
    [asked] = lists.asked
    assert asked.path == "/api/stores/a%20b/v2/orders"
    assert asked.query == {"of": "a b"}
    assert asked.headers["x-auth"] == "k1"
    assert (asked.headers["x-version"], asked.headers["x-store"]) == ("2", "a b")


@pytest.mark.pure
def test_what_is_no_setting_stays_to_be_filled() -> None:
    system = settle(described(), {"store": "s1"})
    assert system.streams["orders"].ask == Ask("/stores/s1/v2/orders", {"of": "s1"})
    [details] = system.streams["orders"].details
    assert details.path == ("/stores/s1/v2/orders/", "id", "/products")
    write = system.writes["shipment"]
    assert write.create.path == ("/stores/s1/v2/orders/", "order_id", "/shipments")
    assert write.look_up is not None
    assert write.look_up.path == ("/stores/s1/parcels/", "number", "")


@pytest.mark.pure
@pytest.mark.parametrize("store", ["", "  ", "..", "a/../b"])
def test_a_setting_that_is_empty_or_climbs_is_asked_for(store: str) -> None:
    with pytest.raises(NeedsCredentials) as caught:
        settle(described(), {"store": store})
    assert caught.value.code == "settings_invalid"


@pytest.mark.pure
@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("settings.store}/v2/orders\n", "settings.shop}/v2/orders\n", "There is no setting shop."),
        ("secret: api_key", "secret: token", "“token” is not one of api_key."),
        ("settings.store}/v2/orders\n", "settings.api_key}/v2/orders\n", "no setting api_key"),
        ("X-Version:", "Authorization:", "Authorization is no header that may stand here."),
        ("X-Version:", "X-Api-Key:", "X-Api-Key is no header that may stand here."),
    ],
)
def test_a_description_names_only_what_its_connector_has(old: str, new: str, said: str) -> None:
    assert old in TEXT
    with pytest.raises(DescriptionError) as caught:
        described(TEXT.replace(old, new, 1))
    assert said in str(caught.value)


@pytest.mark.pure
def test_who_describes_a_system_on_a_page_has_no_settings_to_name() -> None:
    with pytest.raises(DescriptionError) as caught:
        parse("streams: {a: {object: order, path: '/x/{settings.url}'}}")
    assert "There is no setting url." in str(caught.value)
