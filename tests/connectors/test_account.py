"""The same account at the same system, however it was typed; and others, which differ."""

from collections.abc import Mapping
from typing import Any

import pytest

from integrations.connectors import registry
from tests.connectors.conformance import SECRET_MARK, connection

X12 = {"host": "sftp.example.com", "user": "acme", "own_id": "ACME", "partner_id": "NW"}
PG = "postgresql://erp@db.example.com/erp"


def account(slug: str, settings: Mapping[str, Any], secrets: Mapping[str, str]) -> str:
    connector = registry.get(slug)
    return connector.account(connection(connector, settings=settings, secrets=secrets))


def woo(url: str, **secrets: str) -> str:
    return account("woocommerce", {"url": url}, secrets)


def http(url: str, **secrets: str) -> str:
    return account("http", {"url": url}, secrets)


def sql(url: str, **settings: Any) -> str:
    return account("sql", {"url": url, **settings}, {"password": SECRET_MARK})


def x12(**settings: Any) -> str:
    return account("x12", {**X12, **settings}, {"password": SECRET_MARK})


@pytest.mark.parametrize(
    "typed",
    [
        "https://shop.example.com/",
        "http://shop.example.com",
        "HTTPS://Shop.Example.COM:443",
        "http://shop.example.com:80/",
        "https://shop.example.com.",
        " https://shop.example.com// ",
        "shop.example.com",
    ],
)
def test_a_store_is_the_same_however_its_address_was_typed(typed: str) -> None:
    assert woo(typed) == "shop.example.com"
    assert http(typed) == "shop.example.com"


@pytest.mark.parametrize(
    "other",
    [
        "https://shop2.example.com",
        "https://shop.example.com:8443",
        "https://shop.example.com/b2b",
        "http://shop.example.com:443",
        "https://shop.example.org",
    ],
)
def test_another_store_differs(other: str) -> None:
    assert woo(other) != "shop.example.com"


def test_another_key_to_a_store_is_the_same_store() -> None:
    first, second = (
        woo("https://s.example", consumer_key=f"ck_{n}", consumer_secret="cs") for n in "12"
    )
    assert first == second


def test_another_secret_at_an_api_is_another_account() -> None:
    mine, mine_again, yours = (
        http("https://api.example.com/v1", auth_token=token)
        for token in ("Bearer 5up3r-hidden", " Bearer  5up3r-hidden ", "Bearer other")
    )
    assert mine == mine_again != yours
    assert mine.startswith("api.example.com/v1#")


def test_another_client_of_a_token_server_is_another_account() -> None:
    def mine(**settings: str) -> str:
        entered = {"url": "https://api.example.com", "client_id": "acme", **settings}
        return account("http", entered, {"client_secret": SECRET_MARK})

    login = "https://login.example.com/token"
    assert mine(token_url=login) == mine(token_url=" HTTPS://Login.example.com:443/token/ ")
    others = [
        mine(token_url=login, client_id="northwind"),
        mine(token_url=login, audience="erp"),
        mine(token_url="https://login.example.com/other/token"),
        mine(),
    ]
    assert len({mine(token_url=login), *others}) == 5
    assert mine(token_url=login, scope="orders") == mine(token_url=login)
    # whose account it is says whoever authorises, and one client may ask many of them
    assert mine(token_url=login, grant="authorisation-code") == ""
    assert mine(grant="authorisation-code") == mine()


def test_a_system_that_only_sends_is_known_by_its_webhook_secret() -> None:
    mine, yours = (http("", webhook_secret=secret) for secret in ("5up3r-hidden", "other"))
    assert mine != yours
    assert mine.startswith("webhook#")
    assert http("") == ""


@pytest.mark.parametrize(
    "typed",
    [
        {"host": "SFTP.Example.com."},
        {"port": "22"},
        {"drop_folder": "in/", "pick_up_folder": "./out"},
        {"own_id": " ACME "},
        {"host_key": "ssh-ed25519 AAAA"},
    ],
)
def test_a_mailbox_is_the_same_however_it_was_typed(typed: dict[str, Any]) -> None:
    assert x12(**typed) == x12() == "acme@sftp.example.com in out ZZ/ACME ZZ/NW"


@pytest.mark.parametrize(
    "other",
    [
        {"user": "other"},
        {"port": 2222},
        {"pick_up_folder": "out2"},
        {"own_id": "OTHER"},
        {"partner_qualifier": "01"},
    ],
)
def test_another_mailbox_differs(other: dict[str, Any]) -> None:
    assert x12(**other) != x12()


@pytest.mark.parametrize(
    "typed",
    [
        "postgresql+psycopg://erp@DB.example.com:5432/erp",
        "postgresql://other@db.example.com/erp?sslmode=require",
        "postgresql:///erp?host=db.example.com",
        " postgresql://erp@db.example.com/erp",
    ],
)
def test_a_database_is_the_same_however_it_was_typed(typed: str) -> None:
    assert sql(typed) == sql(PG)
    assert sql(PG).startswith("postgresql db.example.com/erp#")


def test_other_databases_and_other_tables_differ() -> None:
    items = "items: {from: item, key: item_no, changed_at: at}"
    same = "items:\n  key: item_no\n  changed_at: at\n  from: ITEM\n"
    others = [
        "postgresql://erp@db.example.com/erp2",
        "postgresql://erp@db.example.com:5433/erp",
        "postgresql://erp@db2.example.com/erp",
        "sqlite:////srv/erp.db",
    ]
    assert len({sql(PG), sql(PG, queries=items), *map(sql, others)}) == 6
    assert sql(PG, queries=items) == sql(PG, queries=same)
    assert sql("sqlite:////srv/x/../erp.db") == sql("sqlite:////srv/erp.db")


@pytest.mark.parametrize("slug", registry.SLUGS)
@pytest.mark.parametrize("url", ["", "http://[::1", "postgresql://u:5up3r-hidden@h/d", "\x00"])
def test_no_account_raises_or_shows_a_secret(slug: str, url: str) -> None:
    settings = {"url": url, "queries": "no: [yaml"}
    known = {s.name: SECRET_MARK for s in registry.get(slug).settings if s.secret}
    assert SECRET_MARK not in account(slug, settings, known)
