"""Polls of Business Central: links, changes, stock, and what becomes of a bad answer."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from portal.core.errors import NeedsCredentials, Permanent, Retryable
from tests.connectors.businesscentral.harness import HOME, INVOICES, ITEMS, ORDERS, ROOT, Harness
from tests.connectors.conformance import client_of, read_stream
from tests.connectors.odata.server import ODataServer

NOW = datetime(2026, 3, 4, 12, tzinfo=UTC)


def keys(client: Any, stream: str, cursor: Any) -> tuple[list[str], Any]:
    pages = list(read_stream(client, stream, cursor))
    return [document.dedup_key for documents, _ in pages for document in documents], pages[-1][1]


def listed(body: dict[str, Any]) -> tuple[int, dict[str, str], bytes]:
    return 200, {}, json.dumps({"value": [], **body}).encode()


def test_shipments_come_with_whether_their_orders_are_done(
    client: Any, system: ODataServer
) -> None:
    order = {"id": "1", "number": "S-ORD101005", "fullyShipped": False}
    system.fill(ORDERS, "id", [order])
    page = client.fetch("shipments", {}, now=NOW)
    assert json.loads(page.documents[0].body)["orders"] == {"S-ORD101005": False}


def test_lists_are_asked_from_a_replica_and_orders_are_not(
    harness_item: Any, client: Any, system: ODataServer
) -> None:
    client.fetch("customers", {}, now=NOW)
    list(client.deliver([harness_item._replace(retried=True)]))
    told = {path.partition("?")[0].rpartition("/")[2]: headers.get("data-access-intent")
            for method, path, headers, _ in system.asked if method == "GET"}  # fmt: skip
    # What was written a moment ago may not show in a replica yet.
    assert told == {"customers": "ReadOnly", "salesOrders": None}


@pytest.fixture
def harness_item(businesscentral: Harness) -> Any:
    return businesscentral.outbound(key="HB-1")


def test_links_are_followed_and_drafts_left_out(client: Any, system: ODataServer) -> None:
    found, _ = keys(client, "invoices", {})
    assert len(found) == 3
    first, second = (path for _, path, _, _ in system.asked if "salesInvoices" in path)
    assert "status ne 'Draft'" in first
    assert "lastModifiedDateTime ge 2026-01-01T00:00:00.000Z" in first
    assert "$skiptoken=2" in second


def test_a_row_that_changes_while_the_list_is_read_comes_with_the_next_pass(
    client: Any, system: ODataServer
) -> None:
    page = client.fetch("invoices", {}, now=NOW)
    changed = next(iter(system.sets[INVOICES].values()))
    changed["lastModifiedDateTime"] = datetime.now(UTC).isoformat()
    changed["status"] = "Paid"
    _, behind = keys(client, "invoices", page.cursor)
    found, _ = keys(client, "invoices", behind)
    assert any(changed["id"] in key for key in found)


def test_what_was_stored_late_is_met_by_the_overlap(client: Any, system: ODataServer) -> None:
    _, cursor = keys(client, "invoices", {})
    row = next(iter(system.sets[INVOICES].values()))
    newest = datetime.fromisoformat(row["lastModifiedDateTime"])
    late = {**row, "id": "late", "number": "L",
            "lastModifiedDateTime": (newest - timedelta(minutes=2)).isoformat()}  # fmt: skip
    system.sets[INVOICES]["late"] = late
    found, _ = keys(client, "invoices", cursor)
    assert any(":late:" in key for key in found)


@pytest.mark.parametrize(
    "link",
    [
        "https://elsewhere.example/v2.0/x/salesInvoices?$skiptoken=2",
        "/v2.0/another-tenant/Production/api/v2.0/companies(1)/salesInvoices?$skiptoken=2",
        "//user@127.0.0.1/x",
        "../../../../token",
    ],
)
def test_a_link_that_leads_elsewhere_is_not_followed(
    client: Any, system: ODataServer, link: str
) -> None:
    system.faults.append(("GET", listed({"@odata.nextLink": link})))
    with pytest.raises(Permanent, match="another place"):
        client.fetch("invoices", {}, now=NOW)


def test_a_list_that_leads_to_itself_comes_to_an_end(client: Any, system: ODataServer) -> None:
    link = f"{system.url}{ROOT}{INVOICES}?$skiptoken=7"
    system.faults += [("GET", listed({"@odata.nextLink": link}))] * 3
    page = client.fetch("invoices", {}, now=NOW)
    with pytest.raises(Permanent) as caught:
        client.fetch("invoices", page.cursor, now=NOW)
    assert caught.value.code == "endless_list"


def test_a_link_that_is_too_old_begins_the_pass_anew(client: Any, system: ODataServer) -> None:
    page = client.fetch("invoices", {}, now=NOW)
    gone = b'{"error":{"code":"BadRequest_InvalidToken","message":"The skip token is invalid."}}'
    system.faults.append(("GET", (400, {}, gone)))
    anew = client.fetch("invoices", page.cursor, now=NOW)
    assert (anew.documents, anew.more) == ([], False)
    found, _ = keys(client, "invoices", anew.cursor)
    assert len(found) == 3


def test_stock_whose_link_is_too_old_is_read_anew(client: Any, system: ODataServer) -> None:
    page = client.fetch("stock", {}, now=NOW)
    system.faults.append(("GET", (410, {}, b"")))
    anew = client.fetch("stock", page.cursor, now=NOW)
    assert (anew.documents, anew.more) == ([], False)
    assert len(keys(client, "stock", anew.cursor)[0]) == 3


def test_stock_is_read_whole_and_told_where_it_changed(client: Any, system: ODataServer) -> None:
    first, cursor = keys(client, "stock", {})
    still, cursor = keys(client, "stock", cursor)
    item = list(system.sets[ITEMS].values())[2]
    item["inventory"] = 7
    changed, _ = keys(client, "stock", cursor)
    assert (len(first), still, len(changed)) == (3, [], 1)


@pytest.mark.parametrize(
    ("answer", "error", "words"),
    [
        ((429, {"Retry-After": "33"}, b"{}"), Retryable, None),
        ((504, {}, b""), Retryable, None),
        ((403, {}, b'{"error":{"code":"Internal_ServerError","message":"You do not have permission."}}'),
         NeedsCredentials, "You do not have permission"),
        ((404, {}, b'{"error":{"code":"Internal_CompanyNotFound","message":"Cannot find company."}}'),
         Permanent, "Cannot find company"),
    ],
)  # fmt: skip
def test_a_bad_answer_names_what_helps(
    client: Any, system: ODataServer, answer: Any, error: Any, words: str | None
) -> None:
    system.faults.append(("GET", answer))
    with pytest.raises(error, match=words) as caught:
        client.fetch("items", {}, now=NOW)
    assert type(caught.value) is error
    if answer[0] == 429:
        assert caught.value.retry_after == 33


def test_the_token_is_asked_for_as_microsoft_wants_it(client: Any, system: ODataServer) -> None:
    client.fetch("items", {}, now=NOW)
    method, path, _, body = system.asked[0]
    assert (method, path) == ("POST", "/token")
    assert b"scope=https%3A%2F%2Fapi.businesscentral.dynamics.com%2F.default" in body
    assert b"client_id=portal" in body


def test_a_tenant_and_a_company_reach_no_other_address(
    businesscentral: Harness, system: ODataServer
) -> None:
    to = businesscentral.to(system, tenant="../../x", environment="a/b?c")
    with client_of(businesscentral.connector, to) as client, pytest.raises(Permanent):
        client.fetch("items", {}, now=NOW)
    assert HOME in system.asked[-1][1]
    to = businesscentral.to(system, company="1)/x(")
    with client_of(businesscentral.connector, to) as client:
        with pytest.raises(Permanent) as caught:
            client.fetch("items", {}, now=NOW)
        assert next(client.test_connection()).passed is False
    assert caught.value.code == "bad_setting"
