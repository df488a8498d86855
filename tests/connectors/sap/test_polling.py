"""Polls of an SAP system: pages, changes, stock, and what becomes of a bad answer."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from portal.core.errors import NeedsCredentials, Permanent, Retryable
from tests.connectors.conformance import client_of, read_stream
from tests.connectors.odata.server import ODataServer
from tests.connectors.sap.harness import DELIVERIES, INVOICES, STOCK, Harness

NOW = datetime(2026, 3, 4, 12, tzinfo=UTC)


def keys(client: Any, stream: str, cursor: Any) -> tuple[list[str], Any]:
    pages = list(read_stream(client, stream, cursor))
    return [document.dedup_key for documents, _ in pages for document in documents], pages[-1][1]


def test_deliveries_come_with_how_far_their_orders_are(client: Any, system: ODataServer) -> None:
    page = client.fetch("deliveries", {}, now=NOW)
    body = json.loads(page.documents[0].body)
    assert body["orders"] == {"4711": "C"}
    assert body["shipment"]["DeliveryDocument"] == "80000017-0"
    # All orders of a page in one call.
    assert len([path for _, path, _, _ in system.asked if "A_SalesOrder?" in path]) == 1


def test_pages_go_on_behind_the_last_key_so_that_no_row_slips_through(
    client: Any, system: ODataServer
) -> None:
    page = client.fetch("deliveries", {}, now=NOW)
    del system.sets[DELIVERIES]["80000017-0"]  # the rows behind it move up
    found, _ = keys(client, "deliveries", page.cursor)
    assert len(found) == 3
    assert all("$skip" not in path for _, path, _, _ in system.asked)


def test_a_row_that_changes_while_the_list_is_read_comes_with_the_next_pass(
    client: Any, system: ODataServer
) -> None:
    page = client.fetch("billing_documents", {}, now=NOW)
    changed = system.sets[INVOICES]["90000031-0"]
    changed["AccountingPostingStatus"] = "D"
    today = int(datetime.now(UTC).timestamp() * 1000)
    changed["LastChangeDate"] = f"/Date({today})/"
    _, behind = keys(client, "billing_documents", page.cursor)
    found, _ = keys(client, "billing_documents", behind)
    assert any(key.startswith("billing_documents:90000031-0:") for key in found)


def test_a_quiet_list_is_asked_from_its_last_change_on(client: Any, system: ODataServer) -> None:
    _, cursor = keys(client, "billing_documents", {})
    system.asked.clear()
    keys(client, "billing_documents", cursor)
    [(_, path, _, _), *_] = system.asked
    # A day before the newest change: SAP's days are its own.
    assert "LastChangeDate ge datetime'2026-03-03T00:00:00'" in path
    assert "SalesOrganization eq '1710'" in path


def test_stock_that_stands_still_is_told_once_and_each_change_of_it_every_time(
    client: Any, system: ODataServer
) -> None:
    first, cursor = keys(client, "stock", {})
    still, cursor = keys(client, "stock", cursor)
    level = system.sets[STOCK]["TENT-2P-0"]["to_MatlStkInAcctMod"]["results"][0]
    level["MatlWrhsStkQtyInMatlBaseUnit"] = "119"
    less, cursor = keys(client, "stock", cursor)
    level["MatlWrhsStkQtyInMatlBaseUnit"] = "120"
    back, _ = keys(client, "stock", cursor)
    assert (len(first), still) == (4, [])
    # The page it stands on, and no other.
    assert len(less) == len(back) == 2
    assert not set(first) & set(less) | set(first) & set(back) | set(less) & set(back)


@pytest.mark.parametrize(
    ("answer", "error", "words"),
    [
        ((503, {"Retry-After": "20"}, b""), Retryable, None),
        ((403, {}, b'{"error":{"code":"/IWFND/MED/170","message":{"value":"No authorisation"}}}'),
         NeedsCredentials, "No authorisation"),
        ((400, {}, b'{"error":{"code":"x","message":{"value":"Property LastChangeDate not found"}}}'),
         Permanent, "Property LastChangeDate not found"),
        ((200, {}, b"<html>Maintenance</html>"), Retryable, None),
        ((200, {}, b'{"d":{}}'), Permanent, "no list"),
        ((200, {}, b'{"d":{"results":[7]}}'), Permanent, "no object"),
    ],
)  # fmt: skip
def test_a_bad_answer_names_what_helps(
    client: Any, system: ODataServer, answer: Any, error: Any, words: str | None
) -> None:
    system.faults.append(("GET", answer))
    with pytest.raises(error, match=words) as caught:
        client.fetch("products", {}, now=NOW)
    assert type(caught.value) is error


def test_a_token_that_ended_early_is_renewed_once(client: Any, system: ODataServer) -> None:
    client.fetch("products", {}, now=NOW)
    system.tokens.clear()
    assert client.fetch("products", {}, now=NOW).documents
    assert len([1 for _, path, _, _ in system.asked if path == "/token"]) == 2


def test_what_is_entered_for_the_first_poll_must_be_a_time(
    sap: Harness, system: ODataServer
) -> None:
    with client_of(sap.connector, sap.to(system, documents_since="soon")) as client:
        with pytest.raises(Permanent) as caught:
            client.fetch("deliveries", {}, now=NOW)
        assert [check.passed for check in client.test_connection()] == [
            False,
            None,
            None,
            None,
            None,
        ]
    assert caught.value.code == "bad_setting"


def test_the_connection_test_names_the_lists_that_are_refused(
    client: Any, system: ODataServer
) -> None:
    del system.sets[STOCK]
    told = {check.name: check for check in client.test_connection()}
    assert told["key"].passed
    assert told["scope"].passed is False
    assert told["scope"].text.startswith(
        "Read: deliveries, products, customers, billing_documents. Refused: stock ("
    )
    assert "communication arrangements" in told["scope"].remedy


def test_a_user_with_a_password_signs_in_too(sap: Harness, system: ODataServer) -> None:
    from integrations.connectors.connection import Connection
    from portal.core.secrets import Secret

    given = sap.to(system, signs_in="user and password", user="COMM", client="100")
    to = Connection(7, "harbor", given.settings, {"password": Secret("pw")})
    with client_of(sap.connector, to) as client, pytest.raises(NeedsCredentials):
        client.fetch("products", {}, now=NOW)
    [(_, _, headers, _)] = system.asked
    assert headers["authorization"].startswith("Basic ")
    assert headers["sap-client"] == "100"
