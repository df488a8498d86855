"""Reading what changed: every record, whatever changes meanwhile."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from integrations.connectors.tryton.polling import Position
from portal.core.errors import NeedsCredentials, Permanent
from tests.connectors.conformance import connection, read_stream
from tests.connectors.tryton.conftest import CONNECTOR
from tests.connectors.tryton.harness import invoice

NOW = datetime(2026, 3, 2, 14, tzinfo=UTC)


def codes(client, stream, cursor):
    """The codes or numbers that a pass brings, and where the next one begins."""
    found, behind = [], cursor
    for documents, after in read_stream(client, stream, cursor):
        behind = after
        for one in documents:
            said = json.loads(one.body)
            found.append(said.get("code") or said.get("number") or said["product"]["code"])
    return found, behind


def later(company, **by):
    company.now += timedelta(**by)


def test_a_record_that_changes_behind_the_running_page_is_met_by_the_next_pass(company, client):
    first = company.product("FIRST")
    for number in range(150):
        company.product(f"P-{number:03}")
    page = client.fetch("products", {}, now=NOW)
    assert page.more
    later(company, hours=1)
    company.change("product.product", first, salable=False)
    rest, cursor = codes(client, "products", json.loads(json.dumps(page.cursor)))
    assert "FIRST" not in rest and "P-149" in rest
    again, _ = codes(client, "products", cursor)
    assert "FIRST" in again


def test_a_pass_brings_what_changed_and_the_overlap(company, client_with):
    later(company, hours=1)
    _, cursor = codes(client_with(), "products", {})
    assert codes(client_with(overlap_seconds=0), "products", cursor)[0] == ["FREIGHT"]  # the newest
    company.product("NEW")
    assert codes(client_with(overlap_seconds=0), "products", cursor)[0] == ["FREIGHT", "NEW"]
    assert len(codes(client_with(overlap_seconds=300), "products", cursor)[0]) == 5


def test_a_product_changes_with_its_template_and_a_customer_with_its_addresses(
    company, client_with
):
    client = client_with(overlap_seconds=0)
    later(company, hours=1)
    _, products = codes(client, "products", {})
    _, customers = codes(client, "customers", {})
    later(company, hours=1)
    template = company.of("product.product", company.products["MUG-330"])["template"]
    company.change("product.template", template, name="Mug, blue")
    [address] = company.of("party.party", company.party)["addresses"]
    company.change("party.address", address, city="Sparks")
    assert codes(client, "products", products)[0] == ["MUG-330", "FREIGHT"]
    assert codes(client, "customers", customers)[0] == ["C-1"]


def test_the_first_poll_of_invoices_goes_a_day_back_or_as_entered(company, client_with):
    number = invoice(company, 1, sales=[])
    company.records["account.invoice"][number]["create_date"] -= timedelta(days=3)
    now = datetime.now(UTC)
    assert client_with(since="").fetch("invoices", {}, now=now).documents == []
    entered = (now - timedelta(days=4)).replace(tzinfo=None).isoformat()
    assert len(client_with(since=entered).fetch("invoices", {}, now=now).documents) == 1
    with pytest.raises(Permanent, match="not a time"):
        client_with(since="Monday").fetch("invoices", {}, now=now)


def test_stock_is_read_whole_at_first_and_then_where_it_moved(company, client):
    found, cursor = codes(client, "stock", {})
    assert sorted(found) == sorted(
        ["TENT-2P", "STOVE-1", "MUG-330"] * 2
    )  # goods, in two warehouses
    later(company, hours=1)
    assert codes(client, "stock", cursor)[0] == []
    company.add("stock.move", product=company.products["MUG-330"], quantity=1.0)
    company.stock["MUG-330"] = [999.0, 10.0]
    [documents, _] = next(read_stream(client, "stock", cursor))
    said = [json.loads(one.body) for one in documents]
    assert [(one["warehouse"]["code"], one["product"]["quantity"]) for one in said] == [
        ("WH", 999.0),
        ("WH2", 10.0),
    ]


def test_the_same_level_some_time_later_is_another_document(company, client):
    _, cursor = codes(client, "stock", {})
    later(company, hours=1)
    keys = set()
    for _ in range(2):
        later(company, hours=1)
        company.add("stock.move", product=company.products["MUG-330"], quantity=1.0)
        [documents, cursor] = next(read_stream(client, "stock", cursor))
        keys |= {one.dedup_key for one in documents}
    assert len(keys) == 4


def test_only_the_warehouses_that_are_entered_are_read(client_with):
    found, _ = codes(client_with(warehouses="WH2"), "stock", {})
    assert len(found) == 3


def test_what_tryton_has_can_be_compared(company, client, client_with):
    levels = {(one.location, one.item): one.quantity for one in client.levels()}
    assert levels["WH", "TENT-2P"] == "1000" and levels["WH2", "TENT-2P"] == "10"
    assert ("WH", "FREIGHT") not in levels
    assert {location for location, _ in levels} == {"WH", "WH2"}


def test_the_mark_is_never_behind_the_moment_a_pass_began():
    told = datetime(2026, 3, 2, 9, tzinfo=UTC)
    begun = Position().begin(overlap=300, first=None)
    here, more = begun.move([1, 2], ["2026-03-02T08:00:00.000000"] * 2, told=told, per_page=2)
    assert more and here.after == 2
    # the second page shows a change from after the pass began
    behind, more = here.move(
        [3], ["2026-03-02T09:30:00.000000"], told=told + timedelta(hours=1), per_page=2
    )
    assert not more
    assert behind.mark == "2026-03-02T09:00:00.000000"
    # a pass that finds nothing moves on to the moment it began at, and never back
    again = behind.begin(overlap=300, first=None)
    assert again.since == "2026-03-02T08:55:00.000000"
    late, _ = again.move([], [], told=told - timedelta(hours=5))
    assert late.mark == behind.mark


def test_a_key_has_to_be_entered():
    with pytest.raises(NeedsCredentials):
        CONNECTOR.client(
            connection(
                CONNECTOR, settings={"url": "http://127.0.0.1:1", "database": "x"}, secrets={}
            )
        )
