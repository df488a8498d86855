"""What a token server is asked and what it answers, good and bad, over a real socket."""

import base64
import json
from collections.abc import Iterator
from typing import Any

import pytest

from portal.core.errors import CrossdockError, NeedsCredentials, Permanent, Retryable
from tests.connectors.answering import Answering
from tests.connectors.token_server import SECRET, TokenServer, grant


@pytest.fixture
def server() -> Iterator[TokenServer]:
    running = TokenServer()
    yield running
    running.close()


def failure(token_url: str) -> CrossdockError:
    with pytest.raises(CrossdockError) as caught:
        grant(token_url).by_credentials()
    shown = (
        f"{caught.value} {caught.value!r} {caught.value.__cause__!r} {caught.value.__context__!r}"
    )
    assert "5up3r" not in shown
    return caught.value


def test_a_client_identifies_itself_in_the_header(server: TokenServer) -> None:
    held = grant(
        server.token_url, scope="orders.read orders.write", audience="erp"
    ).by_credentials()
    assert held.token.reveal() == "token-1-5up3r-hidden"
    [asked] = server.granted
    assert asked.form == {
        "grant_type": "client_credentials",
        "scope": "orders.read orders.write",
        "audience": "erp",
    }
    assert asked.headers["content-type"] == "application/x-www-form-urlencoded"
    assert asked.headers["accept"] == "application/json"
    # RFC 6749, 2.3.1: each part is form-encoded first, so that a colon in it is no separator.
    word, _, pair = asked.headers["authorization"].partition(" ")
    assert (word, base64.b64decode(pair)) == (
        "Basic",
        b"portal%3Aa%20b:5up3r-hidden%2F%26%2B%C3%BC%20%3D",
    )


def test_or_in_the_body(server: TokenServer) -> None:
    grant(server.token_url, identifies="body").by_credentials()
    [asked] = server.granted
    assert asked.form == {
        "grant_type": "client_credentials",
        "client_id": "portal:a b",
        "client_secret": SECRET,
    }
    assert "authorization" not in asked.headers


@pytest.mark.parametrize(
    ("status", "said", "code", "text"),
    [
        (401, {"error": "invalid_client"}, "auth_expired", "invalid_client"),
        (
            400,
            {"error": "invalid_grant", "error_description": "The secret ended\non 1 March."},
            "auth_expired",
            "invalid_grant (The secret ended on 1 March.)",
        ),
        (400, {"error": "invalid_scope"}, "forbidden", "invalid_scope"),
        (400, {"error": "unauthorized_client"}, "forbidden", "unauthorized_client"),
        (403, {"error": "nope"}, "forbidden", "nope"),
        (200, {"error": "bad_verification_code"}, "auth_expired", "bad_verification_code"),
    ],
)
def test_a_refusal_asks_for_credentials_in_the_servers_words(
    server: TokenServer, status: int, said: dict[str, str], code: str, text: str
) -> None:
    server.refuse(status, **said)
    error = failure(server.token_url)
    assert isinstance(error, NeedsCredentials)
    assert (error.code, error.message) == (code, f"The token server 127.0.0.1 says {text}")


@pytest.mark.parametrize("status", [400, 401, 403])
@pytest.mark.parametrize("body", [b"", b"<p>No</p>", b"[]", b'{"error":7}', b'"no"'])
def test_a_refusal_without_a_reason_asks_for_credentials_too(
    server: TokenServer, status: int, body: bytes
) -> None:
    server.says = status, {"Content-Type": "text/html"}, body
    assert isinstance(failure(server.token_url), NeedsCredentials)


@pytest.mark.parametrize("identifies", ["basic", "body"])
def test_a_server_that_repeats_what_it_was_told_gives_nothing_away(
    server: TokenServer, identifies: Any
) -> None:
    asking = grant(server.token_url, identifies=identifies)
    with pytest.raises(NeedsCredentials):
        server.refuse(401, error="invalid_client")
        asking.by_credentials()
    [asked] = server.granted
    sent = asked.body.decode() + " " + asked.headers.get("authorization", "") + " " + SECRET
    server.refuse(401, error="invalid_client", error_description=f"Not known: {sent}")
    with pytest.raises(NeedsCredentials) as caught:
        asking.by_credentials()
    told = str(caught.value)
    assert "5up3r" not in told
    assert base64.b64encode(b"portal%3Aa%20b:5up3r").decode()[:28] not in told
    assert "Not known" in told
    server.says = 500, {}, sent.encode()
    assert "5up3r" not in str(failure(server.token_url))


@pytest.mark.parametrize("said", ["server_error", "temporarily_unavailable", "slow_down"])
def test_a_refusal_for_now_is_tried_again(server: TokenServer, said: str) -> None:
    server.refuse(400, error=said)
    error = failure(server.token_url)
    assert isinstance(error, Retryable)
    assert not error.uncertain


@pytest.mark.parametrize("status", [408, 500, 502, 503, 504])
def test_a_server_in_trouble_is_tried_again_and_nothing_took_effect(
    server: TokenServer, status: int
) -> None:
    server.refuse(status, error="invalid_client")
    error = failure(server.token_url)
    assert isinstance(error, Retryable)
    # `uncertain` would make a delivery look for what it never sent
    assert (error.uncertain, error.retry_after) == (False, None)


@pytest.mark.parametrize("fault", ["no answer", "cut off"])
def test_a_server_that_does_not_answer_is_tried_again(
    answering: Answering, fault: str, impatient: None
) -> None:
    answering.meet(fault)
    error = failure(answering.url)
    assert isinstance(error, Retryable)
    assert not error.uncertain


def test_nobody_there_is_tried_again() -> None:
    assert isinstance(failure("http://127.0.0.1:1/token"), Retryable)


@pytest.mark.parametrize("body", [b"", b"<html>Maintenance</html>", b"[]", b"null", b"\xff"])
def test_an_answer_that_is_no_json_is_tried_again(answering: Answering, body: bytes) -> None:
    answering.body = body
    error = failure(answering.url)
    assert isinstance(error, Retryable)
    assert not error.uncertain


@pytest.mark.parametrize("token", [None, "", 7, "a b", "a\r\nX-Evil: 1", "ü", ["x"], "x" * 20_000])
def test_an_answer_without_a_token_that_a_header_can_carry_is_final(
    server: TokenServer, token: Any
) -> None:
    server.more = {"access_token": token}
    error = failure(server.token_url)
    assert isinstance(error, Permanent)
    assert error.message.endswith("holds no access token")


@pytest.mark.parametrize("kind", ["mac", "DPoP", "", 7, {"a": 1}])
def test_a_token_of_another_type_is_final(server: TokenServer, kind: Any) -> None:
    server.more = {"token_type": kind}
    error = failure(server.token_url)
    assert isinstance(error, Permanent)
    assert error.code == "unsupported_type"


@pytest.mark.parametrize("kind", ["bearer", "BEARER", None])
def test_bearer_may_be_written_as_one_likes_or_left_out(server: TokenServer, kind: Any) -> None:
    server.more = {"token_type": kind}
    assert grant(server.token_url).by_credentials().token.reveal() == "token-1-5up3r-hidden"


@pytest.mark.parametrize("status", [301, 302, 307, 404, 405, 415])
def test_a_wrong_address_is_final_and_no_redirect_is_followed(
    server: TokenServer, status: int
) -> None:
    server.says = status, {"Location": "http://169.254.169.254/"}, b"{}"
    assert isinstance(failure(server.token_url), Permanent)
    assert len(server.granted) == 1


@pytest.mark.parametrize(
    "url",
    [
        "http://10.0.0.1/token",
        "https://10.0.0.1/token",
        "https://169.254.169.254/latest/meta-data",
        "https://[::1]/token",
        "https://[fd00::1]/token",
    ],
)
def test_an_address_inside_is_refused_before_anything_is_sent(url: str) -> None:
    error = failure(url)
    assert isinstance(error, Permanent)
    assert error.code == "address_refused"


@pytest.mark.parametrize("url", ["", "token", "ftp://127.0.0.1/token", "http://[::1", "https://"])
def test_what_is_no_address_is_final(url: str) -> None:
    error = failure(url)
    assert isinstance(error, Permanent)
    assert error.code == "bad_address"


def test_a_secret_does_not_travel_readable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "socket.getaddrinfo", lambda *_, **__: [(2, 1, 6, "", ("93.184.216.34", 0))]
    )
    error = failure("http://login.example.com/token")
    assert isinstance(error, Permanent)
    assert (error.code, "http://" in error.message) == ("bad_setting", True)


def test_an_enormous_answer_is_not_read(answering: Answering) -> None:
    answering.body = json.dumps({"access_token": "x" * 300_000}).encode()
    error = failure(answering.url)
    assert isinstance(error, Permanent)
    assert error.code == "response_too_large"
