"""What the live test says of systems reached over HTTP: host, TLS, key, scope and clock."""

import socket
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import requests.adapters
from requests.structures import CaseInsensitiveDict

from integrations.connectors import registry, web_checks
from integrations.connectors.client import Check
from integrations.transports import certificate
from portal.core import guard, http
from portal.core.errors import Retryable
from portal.core.response import Response
from tests.connectors.conformance import SECRET_MARK, client_of, connection
from tests.connectors.scripted import Authority, Scripted

API = "/wp-json/wc/v3"
KEYS = {"consumer_key": f"ck_{SECRET_MARK}", "consumer_secret": f"cs_{SECRET_MARK}"}
NOT_WRITE = {
    "code": "woocommerce_rest_authentication_error",
    "message": "The API key provided does not have write permissions.",
}
CANNOT_VIEW = {"code": "woocommerce_rest_cannot_view", "message": "Sorry, you cannot list."}
Served = Callable[..., Scripted]


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("tls"))


@pytest.fixture
def serve(authority: Authority, monkeypatch: pytest.MonkeyPatch) -> Iterator[Served]:
    """Servers whose names lead here, seen by a machine that trusts our authority."""
    monkeypatch.setattr(certificate, "AUTHORITIES", str(authority.path))
    monkeypatch.setattr(requests.adapters, "DEFAULT_CA_BUNDLE_PATH", str(authority.path))
    known = socket.getaddrinfo
    monkeypatch.setattr(
        socket,
        "getaddrinfo",
        lambda host, *a, **k: known("127.0.0.1" if host == "shop.example" else host, *a, **k),
    )
    guard.forget()
    http._renew()
    made: list[Scripted] = []

    def serve_(*certified: Any, **named: Any) -> Scripted:
        made.append(Scripted(authority.certify(*certified, **named) if certified else None))
        return made[-1]

    yield serve_
    for server in made:
        server.close()
    guard.forget()
    http._renew()


def told(url: str, slug: str = "woocommerce", **settings: Any) -> dict[str, Check]:
    connector = registry.get(slug)
    secrets = KEYS if slug == "woocommerce" else {"auth_token": f"Bearer {SECRET_MARK}"}
    to = connection(connector, settings={"url": url, **settings}, secrets=secrets)
    with client_of(connector, to) as client:
        lines = list(client.test_connection())
    assert SECRET_MARK not in repr(lines)
    assert [line.name for line in lines] == ["host", "tls", "key", "scope", "clock"]
    assert all(bool(line.remedy) == (line.passed is False) for line in lines)
    return {line.name: line for line in lines}


def verdicts(found: dict[str, Check]) -> list[bool | None]:
    return [line.passed for line in found.values()]


def test_a_good_store_passes_line_by_line(serve: Served) -> None:
    found = told(serve("shop.example").url("shop.example"))
    assert verdicts(found) == [True, True, True, True, True]
    assert "Harbor Test CA" in found["tls"].text
    assert found["tls"].text.endswith(", 30 days from now.")
    assert found["scope"].text == (
        "The key may read orders, products, customers and write orders, products."
    )


def test_each_line_comes_as_soon_as_it_is_known(serve: Served) -> None:
    server = serve("shop.example")
    connector = registry.get("woocommerce")
    to = connection(connector, settings={"url": server.url("shop.example")}, secrets=KEYS)
    with client_of(connector, to) as client:
        lines = client.test_connection()
        assert [next(lines).name, next(lines).name] == ["host", "tls"]
        assert server.asked == []
        assert next(lines).name == "key"
        assert [asked for asked, _ in server.asked] == [f"GET {API}/orders"]


@pytest.mark.parametrize(
    ("certified", "says"),
    [
        (
            {"host": "shop.example", "days": (-90, -20)},
            "The certificate of shop.example expired on ",
        ),
        ({"host": "other.example"}, "The certificate is for other.example, not for shop.example."),
        ({"host": "shop.example", "own": True}, "The certificate of shop.example is self-signed"),
        ({"host": "shop.example", "days": (5, 30)}, "is not valid before "),
    ],
)
def test_a_bad_certificate_is_named_and_no_key_is_sent(
    serve: Served, certified: dict[str, Any], says: str
) -> None:
    host = certified.pop("host")
    server = serve(host, **certified)
    found = told(server.url("shop.example"))
    assert says in found["tls"].text
    assert verdicts(found) == [True, False, None, None, None]
    assert found["key"].text == "Not tried, because TLS failed."
    assert server.asked == []


def test_how_long_ago_a_certificate_expired_is_told(serve: Served) -> None:
    found = told(serve("shop.example", days=(-90, -20)).url("shop.example"))
    assert found["tls"].text.endswith(", 19 days ago.")


def test_an_issuer_nobody_trusts_is_named(
    serve: Served, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = serve("shop.example")
    monkeypatch.setattr(certificate, "AUTHORITIES", str(Authority(tmp_path).path))
    found = told(server.url("shop.example"))
    assert "was issued by Harbor Test CA, which is not trusted" in found["tls"].text


def test_a_port_without_tls_is_told(serve: Served) -> None:
    server = serve()
    found = told(f"https://127.0.0.1:{server.port}")
    assert verdicts(found) == [True, False, None, None, None]
    assert "does not speak TLS" in found["tls"].text


def test_a_key_is_not_sent_readable_over_the_internet(
    serve: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = serve()
    monkeypatch.setattr(guard, "_NOT_PUBLIC_4", ())  # as if this machine were a public one
    found = told(server.url())
    assert found["tls"].text.startswith("The address begins with http://: the key would travel")
    assert server.asked == []


def test_names_ports_and_forbidden_networks_are_told_apart(serve: Served) -> None:
    unnamed = told("https://no-such-shop.invalid")["host"]
    refused = told("https://127.0.0.1:1")["host"]
    forbidden = told("https://10.1.2.3")["host"]
    none = told("ftp://shop.example")["host"]
    assert unnamed.text == ("No name server knows no-such-shop.invalid: the name does not resolve.")
    assert refused.text == "127.0.0.1:1 refused the connection: nothing listens there."
    assert "does not allow calling it" in forbidden.text
    assert none.text == "That is no http or https address."


def test_a_read_only_key_is_told_with_what_it_may(serve: Served) -> None:
    server = serve("shop.example")
    server.answers = {
        f"POST {API}/orders/batch": (401, NOT_WRITE),
        f"POST {API}/products/batch": (401, NOT_WRITE),
    }
    scope = told(server.url("shop.example"))["scope"]
    assert scope.text == (
        "The key may read orders, products, customers,"
        " but may not write orders (401), products (401)."
    )
    assert "give the key Read/Write" in scope.remedy


def test_a_key_whose_user_may_not_see_customers_is_told(serve: Served) -> None:
    server = serve("shop.example")
    server.answers = {f"GET {API}/customers": (403, CANNOT_VIEW)}
    found = told(server.url("shop.example"))
    assert verdicts(found) == [True, True, True, False, True]
    assert found["scope"].text.endswith("but may not read customers (403).")


def test_the_test_changes_nothing_in_the_store(serve: Served) -> None:
    server = serve("shop.example")
    told(server.url("shop.example"))
    written = [body for asked, body in server.asked if asked.startswith("POST")]
    assert written == [b"{}", b'{"update":[]}']


def test_a_revoked_key_is_told_and_the_clock_all_the_same(serve: Served) -> None:
    server = serve("shop.example")
    echoed = {"code": "woocommerce_rest_cannot_view", "message": f"No key ck_{SECRET_MARK} here."}
    server.answers = {f"GET {API}/orders": (401, echoed)}
    found = told(server.url("shop.example"))
    assert verdicts(found) == [True, True, False, None, True]
    assert "was answered 401" in found["key"].text
    assert found["key"].remedy == "The key is wrong or was revoked. Enter a new one."


def test_an_address_that_is_no_store_is_told(serve: Served) -> None:
    server = serve("shop.example")
    server.answers = {f"GET {API}/orders": (404, {})}
    key = told(server.url("shop.example"))["key"]
    assert key.text == "No WooCommerce REST API is at this address: it answered 404."


@pytest.mark.parametrize(
    ("off", "passed", "says"),
    [
        (-240, True, "behind our clock"),
        (-420, False, "behind our clock"),
        (3600, False, "ahead of"),
    ],
)
def test_a_clock_is_bad_from_five_minutes_on(
    serve: Served, off: int, passed: bool, says: str
) -> None:
    server = serve("shop.example")
    server.clock_off = off
    clock = told(server.url("shop.example"))["clock"]
    assert clock.passed is passed
    assert says in clock.text


def test_an_answer_out_of_a_cache_is_no_wrong_clock(serve: Served) -> None:
    server = serve("shop.example")
    server.clock_off, server.headers = -3600, {"Age": "3600"}
    assert told(server.url("shop.example"))["clock"].passed is True


def test_a_clock_behind_the_end_of_time_is_none() -> None:
    headers = CaseInsensitiveDict({"Date": "Fri, 31 Dec 9999 23:59:59 GMT", "Age": "99999999"})
    answer = Response("GET", "https://shop.example/", 200, headers, b"", 0.1)
    assert web_checks.date_of(answer) is None


def test_an_api_that_only_takes_is_not_called_to_try_its_scope(serve: Served) -> None:
    server = serve("shop.example")
    found = told(server.url("shop.example"), "http")
    assert verdicts(found) == [True, True, True, None, True]
    assert [asked for asked, _ in server.asked] == ["GET /"]


def test_a_redirect_names_where_it_leads(serve: Served) -> None:
    server = serve("shop.example")
    server.answers = {"GET /": (301, {})}
    server.headers = {"Location": "https://www.shop.example/"}
    key = told(server.url("shop.example"), "http")["key"]
    assert "to https://www.shop.example/" in key.text
    assert key.remedy == "Enter the address it sends us to."


def test_a_system_that_only_sends_is_asked_nothing() -> None:
    connector = registry.get("http")
    for secrets, wanted in (({"webhook_secret": "s"}, None), ({}, False)):
        to = connection(connector, settings={}, secrets=secrets)
        with client_of(connector, to) as client:
            lines = list(client.test_connection())
        assert [line.passed for line in lines] == [None, None, wanted, None, None]


def test_a_name_server_that_is_away_is_no_crash(monkeypatch: pytest.MonkeyPatch) -> None:
    def away(host: str) -> Any:
        raise Retryable(f"The name {host} has no address")

    monkeypatch.setattr(guard, "_resolve", away)
    assert verdicts(told("https://shop2.example")) == [False, None, None, None, None]
