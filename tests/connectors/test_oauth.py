"""Calls that carry access tokens: kept, renewed and asked for once, against a server on this machine."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from threading import Barrier
from typing import Any

import pytest

from integrations.transports.oauth import Tokens, TokenSite, by_credentials
from portal.core import clock
from portal.core.clock import FrozenClock
from portal.core.errors import CrossdockError, NeedsCredentials, Retryable
from tests.connectors.token_server import TokenServer, grant

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


def site(server: TokenServer, **more: Any) -> TokenSite:
    return TokenSite(server.url, Tokens(by_credentials(grant(server.token_url, **more))))


def carried(server: TokenServer) -> list[str]:
    """The number of the token of each call, in order."""
    return [asked.headers["authorization"].split("-")[1] for asked in server.called]


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


def test_nothing_shows_a_secret_or_a_token(server: TokenServer) -> None:
    asking = grant(server.token_url)
    tokens = Tokens(by_credentials(asking))
    to = TokenSite(server.url, tokens)
    to.send("GET", "/a")
    held, _ = tokens.current()
    shown = f"{asking!r} {asking} {held!r} {held} {to!r} {vars(to)!r} {tokens!r} {vars(tokens)!r}"
    assert "5up3r" not in shown
