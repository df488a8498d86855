"""Access tokens by OAuth 2.0, against a token server on this machine."""

import base64
import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from threading import Barrier
from typing import Any

import pytest

from integrations.transports.oauth import Tokens, TokenSite, by_credentials
from integrations.transports.token_server import TokenClient
from portal.core import clock
from portal.core.clock import FrozenClock
from portal.core.errors import CrossdockError, NeedsCredentials, Permanent, Retryable
from portal.core.secrets import Secret
from tests.connectors.answering import Answering
from tests.connectors.token_server import TokenServer

SECRET = "5up3r-hidden/&+ü ="
NOW = datetime(2026, 3, 2, 14, 0, tzinfo=UTC)


@pytest.fixture
def server() -> Iterator[TokenServer]:
    running = TokenServer()
    yield running
    running.close()


@pytest.fixture
def stopped() -> Iterator[FrozenClock]:
    with clock.freeze(NOW) as frozen:
        yield frozen


def grant(token_url: str, **more: Any) -> TokenClient:
    return TokenClient(token_url, "portal:a b", Secret(SECRET), **more)


def site(server: TokenServer, **more: Any) -> TokenSite:
    return TokenSite(server.url, Tokens(by_credentials(grant(server.token_url, **more))))


def failure(token_url: str) -> CrossdockError:
    with pytest.raises(CrossdockError) as caught:
        grant(token_url).by_credentials()
    shown = (
        f"{caught.value} {caught.value!r} {caught.value.__cause__!r} {caught.value.__context__!r}"
    )
    assert "5up3r" not in shown
    return caught.value


def carried(server: TokenServer) -> list[str]:
    """The number of the token of each call, in order."""
    return [asked.headers["authorization"].split("-")[1] for asked in server.called]


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


def test_a_call_carries_the_token_and_the_next_one_the_same(server: TokenServer) -> None:
    to = site(server)
    for _ in range(3):
        answer = to.send("POST", "/orders", body=b"{}", headers={"Idempotency-Key": "k"})
        assert (answer.status, answer.body) == (200, b'{"id":"A-7"}')
    assert (carried(server), len(server.granted)) == (["1", "1", "1"], 1)
    assert {asked.headers["idempotency-key"] for asked in server.called} == {"k"}
    assert {asked.headers["content-type"] for asked in server.called} == {"application/json"}


@pytest.mark.parametrize(
    ("lasts", "kept"),
    [
        (3600, 3300),  # five minutes early
        ("3599", 3299),  # as Microsoft's older servers write it
        (60, 48),  # a fifth of 60 is 12
        (3600.5, 3300.5),
        (10**8, 86_100),  # a day at the most, five minutes early
        (None, 3300),  # untold: an hour
        (-5, 3300),
        (True, 3300),
        ("soon", 3300),
        ("\u0663\u0660", 3300),
    ],
)
def test_a_token_is_renewed_shortly_before_it_ends(
    server: TokenServer, stopped: FrozenClock, lasts: Any, kept: float
) -> None:
    server.lasts = lasts
    to = site(server)
    to.send("GET", "/a")
    stopped.move(kept - 1)
    to.send("GET", "/a")
    stopped.move(1)
    to.send("GET", "/a")
    assert carried(server) == ["1", "1", "2"]


def test_a_token_that_lasts_no_time_is_used_once(server: TokenServer, stopped: FrozenClock) -> None:
    server.lasts = 0
    to = site(server)
    assert [to.send("GET", "/a").status for _ in range(2)] == [200, 200]
    assert carried(server) == ["1", "2"]


def test_a_kept_token_that_is_refused_is_renewed_and_the_call_repeated(server: TokenServer) -> None:
    to = site(server)
    to.send("GET", "/a")
    server.valid.clear()  # revoked long before its end
    assert to.send("POST", "/orders", body=b"{}").status == 200
    assert carried(server) == ["1", "1", "2"]
    assert [asked.body for asked in server.called] == [b"", b"{}", b"{}"]


def test_it_is_repeated_once(server: TokenServer) -> None:
    to = site(server)
    to.send("GET", "/a")
    server.refuses_all = True
    assert to.send("GET", "/a").status == 401
    assert carried(server) == ["1", "1", "2"]


def test_a_new_token_that_is_refused_is_not_tried_twice(server: TokenServer) -> None:
    server.refuses_all = True
    to = site(server)
    answer = to.send("GET", "/a")
    assert (answer.status, carried(server)) == (401, ["1"])
    # nor kept: the next call asks for another one
    to.send("GET", "/a")
    assert carried(server) == ["1", "2"]


def test_an_answer_that_repeats_the_token_does_not_show_it(server: TokenServer) -> None:
    server.refuses_all = True
    assert site(server).send("GET", "/a").body == b"no good: not shown"


def test_many_threads_ask_for_one_token(server: TokenServer) -> None:
    server.seconds = 0.1
    to, together = site(server), Barrier(16)

    def call(_: int) -> int:
        together.wait(10)
        return to.send("GET", "/a").status

    with ThreadPoolExecutor(16) as pool:
        assert set(pool.map(call, range(16))) == {200}
    assert len(server.granted) == 1


def test_many_threads_whose_token_is_refused_renew_it_once(server: TokenServer) -> None:
    to, together = site(server), Barrier(16)
    to.send("GET", "/a")
    server.seconds = 0.1
    server.valid.clear()

    def call(_: int) -> int:
        together.wait(10)
        return to.send("GET", "/a").status

    with ThreadPoolExecutor(16) as pool:
        assert set(pool.map(call, range(16))) == {200}
    assert (len(server.granted), server.most_thinking) == (2, 1)


def test_many_threads_hear_of_one_refusal(server: TokenServer) -> None:
    server.seconds = 0.1
    server.refuse(401, error="invalid_client")
    to, together = site(server), Barrier(16)

    def call(_: int) -> CrossdockError:
        together.wait(10)
        with pytest.raises(NeedsCredentials) as caught:
            to.send("GET", "/a")
        return caught.value

    with ThreadPoolExecutor(16) as pool:
        errors = list(pool.map(call, range(16)))
    assert {error.message for error in errors} == {"The token server 127.0.0.1 says invalid_client"}
    assert len({id(error) for error in errors}) == 16  # each thread raises one of its own
    assert (len(server.granted), server.called) == (1, [])


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


def test_a_busy_server_is_left_alone_as_long_as_it_says(
    server: TokenServer, stopped: FrozenClock
) -> None:
    server.says = 429, {"Retry-After": "17"}, b""
    to = site(server)
    for moved, wanted in ((0, 17), (7, 10), (9, 1)):
        stopped.move(moved)
        with pytest.raises(Retryable) as caught:
            to.send("GET", "/a")
        assert (caught.value.code, caught.value.retry_after) == ("rate_limited", wanted)
    assert len(server.granted) == 1
    server.says = None
    stopped.move(1)
    assert to.send("GET", "/a").status == 200
    assert len(server.granted) == 2


def test_a_server_that_refused_is_asked_again_after_half_a_minute(
    server: TokenServer, stopped: FrozenClock
) -> None:
    server.refuse(401, error="invalid_client")
    to = site(server)
    for moved, asked in ((0, 1), (29, 1), (1, 2)):
        stopped.move(moved)
        with pytest.raises(NeedsCredentials):
            to.send("GET", "/a")
        assert len(server.granted) == asked
    server.says = None
    stopped.move(30)
    assert to.send("GET", "/a").status == 200


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


def test_nothing_shows_a_secret_or_a_token(server: TokenServer) -> None:
    asking = grant(server.token_url)
    tokens = Tokens(by_credentials(asking))
    to = TokenSite(server.url, tokens)
    to.send("GET", "/a")
    held, _ = tokens.current()
    shown = f"{asking!r} {asking} {held!r} {held} {to!r} {vars(to)!r} {tokens!r} {vars(tokens)!r}"
    assert "5up3r" not in shown
