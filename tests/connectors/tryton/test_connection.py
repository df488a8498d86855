"""The test of a connection, which Tryton it means, and what it says of a server that is none."""

import pytest

from tests.connectors.conformance import SECRET_MARK, client_of, connection
from tests.connectors.tryton.conftest import CONNECTOR
from tests.connectors.tryton.harness import KEY


def checks_of(client):
    return {check.name: check for check in client.test_connection()}


def test_it_says_whose_key_it_is_and_what_it_may_do(client):
    checks = checks_of(client)
    assert "works for Dunder Mifflin" in checks["key"].text
    assert "may enter sales" in checks["scope"].text


def test_rights_that_lack_are_named(client, monkeypatch):
    def refused(*given):
        answer = ask(*given)
        said = answer.body.replace(b'"create": 1', b'"create": 0')
        return type(answer)(answer.method, answer.url, 200, answer.headers, said, 0.1)

    ask = client._api.ask
    monkeypatch.setattr(client._api, "ask", refused)
    scope = checks_of(client)["scope"]
    assert scope.passed is False
    assert scope.text == "The key's user may not create sale.sale."


def test_a_database_that_is_not_there_is_told(client_with):
    checks = checks_of(client_with(database="elsewhere"))
    assert (checks["key"].passed, checks["scope"].passed) == (False, None)
    assert checks["key"].remedy == "Check the name of the database."


@pytest.mark.parametrize(
    ("settings", "account"),
    [
        ({"url": "https://ERP.example.com/", "database": "erp"}, "erp.example.com/erp"),
        (
            {"url": "https://erp.example.com", "database": "erp", "company": "Ajax"},
            "erp.example.com/erp/ajax",
        ),
        ({"url": "https://erp.example.com:8443", "database": "Two"}, "erp.example.com:8443/Two"),
        ({"url": "https://erp.example.com", "database": ""}, ""),
    ],
)
def test_which_tryton_it_means(settings, account):
    assert (
        CONNECTOR.account(connection(CONNECTOR, settings=settings, secrets={"key": KEY})) == account
    )


def test_another_key_to_it_is_the_same_one():
    settings = {"url": "https://erp.example.com", "database": "erp"}
    keys = [connection(CONNECTOR, settings=settings, secrets={"key": key}) for key in ("a", "b")]
    assert CONNECTOR.account(keys[0]) == CONNECTOR.account(keys[1])


def test_a_page_for_people_is_no_answer(answering):
    answering.meet("200")
    answering.body = b"<html>Maintenance</html>"
    to = connection(
        CONNECTOR, settings={"url": answering.url, "database": "erp"}, secrets={"key": KEY}
    )
    with client_of(CONNECTOR, to) as client:
        checks = checks_of(client)
    assert checks["key"].passed is False
    assert SECRET_MARK not in repr(checks)
