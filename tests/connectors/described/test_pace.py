"""How fast a system is called: a bucket for all clients of one account, and what the system says itself."""

from datetime import UTC, datetime
from time import monotonic

import pytest

from integrations.connectors import registry
from integrations.connectors.described.pace import Pace, reset_of, shared
from integrations.connectors.described.system import Operation, Rate
from portal.core import clock
from portal.core.errors import Retryable
from portal.core.response import Response
from tests.connectors.conformance import client_of
from tests.connectors.described.lists import Lists, Reply

REST = registry.get("rest")
TEXT = """
auth: {kind: bearer}
streams: {items: {object: product, path: /items}}
"""
HEADERS = "rate: {remaining: X-Left, reset: X-Reset-Ms, unit: milliseconds}"
NOW = datetime(2026, 3, 2, 14, tzinfo=UTC)


def test_a_burst_goes_at_once_and_the_rest_at_the_pace() -> None:
    pace = Pace(Rate(per_second=8, burst=3))
    began = monotonic()
    for _ in range(3):
        pace.wait()
    assert monotonic() - began < 0.1
    for _ in range(2):
        pace.wait()
    assert monotonic() - began >= 2 / 8


def test_two_clients_of_one_account_share_the_bucket_and_others_do_not(lists: Lists) -> None:
    text = TEXT + "rate: {per_second: 2, burst: 2}"
    one, other = (REST.client(lists.connection(text)) for _ in range(2))
    stranger = REST.client(lists.connection(text, token="another"))
    began = monotonic()
    for client in (one, other, stranger, stranger):
        client.fetch("items", {}, now=NOW)
    assert monotonic() - began < 0.45
    one.fetch("items", {}, now=NOW)
    assert monotonic() - began >= 0.45


def test_a_bucket_lives_as_long_as_somebody_uses_it() -> None:
    first = shared("a", Rate(2.0))
    assert shared("a", Rate(2.0)) is first
    assert shared("a", Rate(3.0)) is not first


def fetch(lists: Lists, client) -> None:
    client.fetch("items", {}, now=NOW)


def test_no_call_is_made_while_the_system_has_none_left(lists: Lists) -> None:
    lists.answer = lambda asked: Reply(headers={"X-Left": "0", "X-Reset-Ms": "150"}, said=[])
    with client_of(REST, lists.connection(TEXT + HEADERS)) as client:
        began = monotonic()
        fetch(lists, client)
        fetch(lists, client)
    assert monotonic() - began >= 0.15


def test_whoever_would_wait_for_long_comes_again_later(lists: Lists) -> None:
    lists.answer = lambda asked: Reply(headers={"X-Left": "0", "X-Reset-Ms": "90000"}, said=[])
    with client_of(REST, lists.connection(TEXT + HEADERS)) as client:
        fetch(lists, client)
        with pytest.raises(Retryable) as caught:
            fetch(lists, client)
    assert caught.value.code == "rate_limited"
    assert 80 < (caught.value.retry_after or 0) <= 90
    assert len(lists.asked) == 1


def test_a_429_waits_for_what_the_system_says_in_its_own_header(lists: Lists) -> None:
    lists.answer = lambda asked: Reply(429, headers={"X-Left": "3", "X-Reset-Ms": "15000"})
    with (
        client_of(REST, lists.connection(TEXT + HEADERS)) as client,
        pytest.raises(Retryable) as caught,
    ):
        fetch(lists, client)
    assert caught.value.retry_after == 15


@pytest.mark.pure
@pytest.mark.parametrize(
    ("unit", "said", "seconds"),
    [
        ("seconds", "30", 30.0),
        ("milliseconds", "1500", 1.5),
        ("time", "1772460042", 42.0),
        ("time", "1772450000", 0.0),
        ("time_ms", "1772460042500", 42.5),
        ("seconds", "99999", 3600.0),
        ("seconds", "soon", None),
        ("seconds", "-3", None),
        ("seconds", "", None),
    ],
)
def test_when_there_are_more(unit, said: str, seconds: float | None) -> None:
    answer = Response("GET", "https://api.example.com/", 200, {"X-Reset": said}, b"", 0.1)
    with clock.freeze(datetime.fromtimestamp(1772460000, UTC)):
        assert reset_of(Rate(remaining="X-Left", reset="X-Reset", unit=unit), answer) == seconds


def test_a_bucket_that_takes_long_to_fill_is_not_waited_for() -> None:
    pace = Pace(Rate(per_second=0.01, burst=2))
    pace.wait()
    pace.wait()
    for _ in range(2):  # whoever is turned away takes nothing
        with pytest.raises(Retryable) as caught:
            pace.wait()
        assert 99 < (caught.value.retry_after or 0) <= 100


def answered(status: int = 200, limit: str = "") -> Response:
    headers = {"X-Limit": limit} if limit else {}
    return Response("GET", "https://api.example.com/", status, headers, b"", 0.1)


def test_the_accounts_own_pace_counts_once_the_system_says_it() -> None:
    pace = Pace(Rate(per_second=0.01, burst=2, limit="X-Limit"))
    pace.wait()
    pace.wait()
    for odd in ("", "many", "0", "-5", "1e9"):
        pace.hear(answered(limit=odd))
    with pytest.raises(Retryable):
        pace.wait()
    pace.hear(answered(limit="20.0"))
    began = monotonic()
    pace.wait()
    assert 0 < monotonic() - began < 1


def test_a_429_empties_the_bucket() -> None:
    pace = Pace(Rate(per_second=0.01, burst=20))
    pace.wait()
    pace.hear(answered(429))
    with pytest.raises(Retryable) as caught:
        pace.wait()
    assert 99 < (caught.value.retry_after or 0) <= 100


OPERATIONS = """
auth: {kind: bearer}
streams:
  items: {object: product, path: /items}
  levels: {object: inventory, path: /items/7/levels}
rates:
  - {path: /items, remaining: X-Left, reset: X-Reset}
  - {path: "/items/*/levels", remaining: X-Left, reset: X-Reset}
call_id: X-Call
"""


def test_each_operation_has_a_pace_of_its_own(lists: Lists) -> None:
    lists.answer = lambda asked: Reply(
        headers={"X-Left": "0" if asked.path.endswith("/items") else "5", "X-Reset": "90"}, said=[]
    )
    with client_of(REST, lists.connection(OPERATIONS)) as client:
        fetch(lists, client)
        with pytest.raises(Retryable):
            fetch(lists, client)
        client.fetch("levels", {}, now=NOW)
        client.fetch("levels", {}, now=NOW)
    assert [asked.path for asked in lists.asked] == ["/api/items"] + 2 * ["/api/items/7/levels"]
    assert len({asked.headers["x-call"] for asked in lists.asked}) == 3


def test_an_operation_is_told_by_method_and_segments() -> None:
    one = Operation("GET", "/items/*/levels", Rate())
    assert one.fits("GET", "/items/a%2Fb/levels?page=2")
    for method, path in (("POST", "/items/7/levels"), ("GET", "/items/levels"),
                         ("GET", "/items/7/8/levels"), ("GET", "/items/7/other")):  # fmt: skip
        assert not one.fits(method, path)
