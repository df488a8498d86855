"""Polls of an Odoo by both protocols: pages, changes, stock, the test of the connection, bad answers."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from integrations.connectors.odoo import api
from integrations.connectors.odoo.settings import JSON_2, JSON_RPC
from portal.core.errors import NeedsCredentials, Permanent, Retryable
from tests.connectors.conformance import read_stream
from tests.connectors.odoo.harness import READS, Harness, golden
from tests.connectors.odoo.server import LOGIN, OdooError, OdooServer, now

NOW = datetime(2026, 3, 4, 12, tzinfo=UTC)
STREAM_OF = {
    "shipment": "deliveries", "inventory": "stock", "product": "products", "customer": "customers",
    "invoice": "invoices",
}  # fmt: skip


def keys(client: Any, stream: str, cursor: Any) -> tuple[list[str], Any]:
    pages = list(read_stream(client, stream, cursor))
    return [document.dedup_key for documents, _ in pages for document in documents], pages[-1][1]


def names(client: Any, stream: str, cursor: Any) -> tuple[list[str], Any]:
    pages = list(read_stream(client, stream, cursor))
    found = [json.loads(one.body)["record"]["id"] for documents, _ in pages for one in documents]
    return found, pages[-1][1]


@pytest.mark.parametrize("object_type", READS)
def test_a_document_has_what_stands_in_other_records(
    client: Any, object_type: str, protocol: tuple[str, int]
) -> None:
    page = client.fetch(STREAM_OF[object_type], {}, now=NOW)
    body = json.loads(page.documents[0].body)
    wanted = golden(f"{object_type}.native")
    if protocol[1] < 17 and object_type == "shipment":
        for line in wanted["lines"]:
            line["qty_done"] = line.pop("quantity")
    if "read_at" in body:
        wanted["read_at"] = body["read_at"]
    assert body == wanted


def test_a_page_asks_once_for_what_stands_elsewhere(client: Any, odoo: OdooServer) -> None:
    client.fetch("invoices", {}, now=NOW)
    assert len(odoo.calls("search_read")) == 4


def test_only_outgoing_deliveries_that_are_done_come(client: Any, odoo: OdooServer) -> None:
    assert names(client, "deliveries", {})[0] == [70]
    odoo.records["stock.picking"][61] |= {"state": "done", "write_date": now(), "sale_id": 4711}
    assert names(client, "deliveries", {})[0] == [61, 70]


def test_what_changed_comes_again_and_what_did_not_is_a_repeat(
    client: Any, odoo: OdooServer
) -> None:
    first, cursor = keys(client, "customers", {})
    again, cursor = keys(client, "customers", cursor)
    assert set(again) <= set(first)
    odoo.records["res.partner"][42] |= {"city": "Sparks", "write_date": "2026-03-02 14:30:00"}
    changed, _ = keys(client, "customers", cursor)
    assert len(set(changed) - set(first)) == 1


def test_a_record_that_changes_within_the_second_of_the_mark_is_met(
    client: Any, odoo: OdooServer
) -> None:
    _, cursor = names(client, "customers", {})
    odoo.records["res.partner"][42]["city"] = "Sparks"  # the same second, as Odoo tells it
    found, _ = names(client, "customers", cursor)
    assert 42 in found


def test_a_mark_does_not_pass_the_moment_at_which_a_pass_began(
    client: Any, odoo: OdooServer
) -> None:
    odoo.records["res.partner"][42]["write_date"] = "2126-01-01 00:00:00"
    _, cursor = names(client, "customers", {})
    assert cursor["mark"] < "2126"


def test_a_change_of_the_template_is_news_of_the_variant(client: Any, odoo: OdooServer) -> None:
    _, cursor = names(client, "products", {})
    odoo.records["product.template"][1001]["write_date"] = "2026-03-02 15:00:00"
    odoo.records["product.product"][1001]["lst_price"] = 140.0
    for row in odoo.records["product.product"].values():
        row["write_date"] = "2026-01-01 00:00:00" if row["id"] != 1000 else row["write_date"]
    for row in odoo.records["product.template"].values():
        row["write_date"] = row["write_date"] if row["id"] == 1001 else "2026-01-01 00:00:00"
    found, cursor = names(client, "products", cursor)
    assert found == [1000, 1001]
    assert cursor["mark"].startswith("2026-03-02T15:00:00")


def test_an_archived_product_is_told(client: Any, odoo: OdooServer) -> None:
    odoo.records["product.product"][1001]["active"] = False
    assert 1001 in names(client, "products", {})[0]


def test_stock_that_stands_still_is_told_once(client: Any, odoo: OdooServer) -> None:
    first, cursor = keys(client, "stock", {})
    still, cursor = keys(client, "stock", cursor)
    assert (len(first), still) == (2, [])
    del odoo.records["stock.quant"][1001]  # Odoo drops a quantity of nothing
    page = client.fetch("stock", cursor, now=NOW)
    assert [json.loads(one.body)["quants"] for one in page.documents][1] == []


def test_a_field_that_a_module_brings_is_not_asked_for_without_it(
    client: Any, odoo: OdooServer
) -> None:
    for name in ("carrier_id", "carrier_tracking_ref", "shipping_weight", "weight_uom_name"):
        odoo.fields["stock.picking"] = {
            k: v for k, v in odoo.fields["stock.picking"].items() if k != name
        }
    page = client.fetch("deliveries", {}, now=NOW)
    assert "carrier_id" not in json.loads(page.documents[0].body)["record"]


def test_a_stream_that_is_none_is_a_key_error(client: Any) -> None:
    with pytest.raises(KeyError):
        client.fetch("quotations", {}, now=NOW)


@pytest.mark.parametrize(
    ("raised", "error", "code"),
    [
        (("odoo.exceptions.AccessError", "You are not allowed"), NeedsCredentials, "forbidden"),
        (("odoo.exceptions.AccessDenied", "Access Denied"), NeedsCredentials, "auth_expired"),
        (
            ("odoo.http.SessionExpiredException", "Session expired"),
            NeedsCredentials,
            "auth_expired",
        ),
        (("builtins.ValueError", "Invalid field 'x' on 'res.partner'"), Permanent, "bad_request"),
        (("odoo.exceptions.LockError", "being changed"), Retryable, "conflict"),
        (("psycopg2.errors.SerializationFailure", "could not serialize"), Retryable, "conflict"),
        (("psycopg2.OperationalError", "server closed the connection"), Retryable, "unavailable"),
    ],
)
def test_an_exception_is_judged_by_its_name_and_told_in_its_words(
    client: Any, odoo: OdooServer, raised: tuple[str, str], error: Any, code: str
) -> None:
    odoo.faults.append(("search_read", OdooError(*raised)))
    with pytest.raises(error) as caught:
        client.fetch("customers", {}, now=NOW)
    assert caught.value.code == code
    assert raised[1] in str(caught.value)
    assert "Traceback" not in str(caught.value)


def test_too_many_calls_are_told_with_how_long_to_wait(client: Any, odoo: OdooServer) -> None:
    odoo.faults.append(("search_read", (429, {"Retry-After": "17"})))
    with pytest.raises(Retryable) as caught:
        client.fetch("customers", {}, now=NOW)
    assert (caught.value.code, caught.value.retry_after) == ("rate_limited", 17)


def test_odoo_online_is_asked_about_once_a_second() -> None:
    assert api.rate_of("https://harbor.odoo.com").per_second == 1
    assert api.rate_of("https://odoo.harbor.example").per_second == 0


def test_each_protocol_shows_its_credentials(
    client: Any, odoo: OdooServer, harness_: Harness, protocol: tuple[str, int]
) -> None:
    client.fetch("customers", {}, now=NOW)
    sent = odoo.headers[-1]
    if protocol[0] == JSON_2:
        assert sent["authorization"] == f"bearer {harness_.key}"
        assert sent["x-odoo-database"] == "harbor"
    else:
        assert "authorization" not in sent


def test_language_and_company_go_with_each_call(
    connect: Callable[..., Any], odoo: OdooServer
) -> None:
    connect(company="2", language="de_DE").fetch("customers", {}, now=NOW)
    given = odoo.calls("search_read")[0]["context"]
    assert given == {"lang": "de_DE", "allowed_company_ids": [2], "active_test": False}


def test_the_test_says_which_list_is_refused(client: Any, odoo: OdooServer) -> None:
    words = "You are not allowed to access 'Journal Entry' (account.move) records."
    odoo.refuses["account.move"] = OdooError("odoo.exceptions.AccessError", words)
    checks = {check.name: check for check in client.test_connection()}
    assert checks["key"].passed
    assert checks["scope"].passed is False
    assert words in checks["scope"].text
    assert checks["clock"].passed


def test_another_database_is_no_wrong_key(connect: Callable[..., Any]) -> None:
    [check] = [one for one in connect(database="other").test_connection() if one.name == "key"]
    assert check.passed is False
    assert "name of the database" in check.remedy


def test_json_rpc_wants_a_user(connect: Callable[..., Any], protocol: tuple[str, int]) -> None:
    client = connect(login="")
    if protocol[0] == JSON_2:
        assert client.fetch("customers", {}, now=NOW).documents
    else:
        with pytest.raises(NeedsCredentials):
            client.fetch("customers", {}, now=NOW)


@pytest.mark.parametrize(
    "protocol", [(JSON_RPC, 16)], ids=["json-rpc"]
)  # else the key says who it is
def test_an_unknown_user_is_told_apart_from_an_empty_answer(
    connect: Callable[..., Any], protocol: tuple[str, int]
) -> None:
    with pytest.raises(NeedsCredentials) as caught:
        connect(login=f"x{LOGIN}").fetch("customers", {}, now=NOW)
    assert caught.value.code == "auth_expired"
