from datetime import UTC, datetime
from decimal import Decimal
from typing import NamedTuple

import pytest
from requests.structures import CaseInsensitiveDict

from portal.core import clock
from portal.core.errors import NeedsCredentials, NeedsPerson, Permanent, Retryable
from portal.core.recovery import parse_retry_after, raise_for_recovery
from portal.core.response import Response

pytestmark = pytest.mark.pure
PLANTED = "Zq7RplantedT9x"


class Problem(NamedTuple):
    code: str
    path: str
    value: str
    text: str


def response(status, body=b"", url="https://shop.example/orders", **headers):
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Response("POST", url, status, CaseInsensitiveDict(named), body, 0.1)


@pytest.mark.parametrize("status", [200, 201, 202, 204, 207])
def test_success_raises_nothing(status):
    assert raise_for_recovery(response(status)) is None


@pytest.mark.parametrize(
    ("status", "error", "code"),
    [
        (401, NeedsCredentials, "auth_expired"),
        (403, NeedsCredentials, "forbidden"),
        (400, Permanent, "bad_request"),
        (404, Permanent, "not_found"),
        (409, Permanent, "conflict"),
        (410, Permanent, "gone"),
        (418, Permanent, "refused"),
        (422, Permanent, "rejected"),
        (408, Retryable, "timeout"),
        (425, Retryable, "unavailable"),
        (429, Retryable, "rate_limited"),
        (500, Retryable, "unavailable"),
        (503, Retryable, "unavailable"),
        (504, Retryable, "timeout"),
        (301, Permanent, "redirected"),
        (304, Permanent, "redirected"),
    ],
)
def test_each_status_has_its_recovery(status, error, code):
    with pytest.raises(error) as caught:
        raise_for_recovery(response(status))
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("status", "uncertain"), [(500, True), (502, True), (504, True), (503, False), (429, False)]
)
def test_only_a_server_that_failed_may_have_done_the_work(status, uncertain):
    with pytest.raises(Retryable) as caught:
        raise_for_recovery(response(status))
    assert caught.value.uncertain is uncertain


@pytest.mark.parametrize("status", [400, 404, 409, 410, 422])
def test_the_caller_may_read_problems_out_of_a_refusal(status):
    problem = Problem("unknown_sku", "lines[0].sku", "X", "No item X")
    with pytest.raises(NeedsPerson) as caught:
        raise_for_recovery(response(status), problems=lambda _: [problem])
    assert caught.value.problems == (problem,)


@pytest.mark.parametrize(
    ("status", "error"), [(422, Permanent), (401, NeedsCredentials), (500, Retryable)]
)
def test_no_problems_found_or_another_status_leaves_the_rule(status, error):
    found = [] if status == 422 else [Problem("x", "", "", "")]
    with pytest.raises(error):
        raise_for_recovery(response(status), problems=lambda _: found)


def test_the_wait_a_busy_server_asks_for_is_kept():
    with pytest.raises(Retryable) as caught:
        raise_for_recovery(response(429, Retry_After="17"))
    assert caught.value.retry_after == 17


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        (None, None),
        ("0", 0),
        ("17", 17),
        ("1.5", 1.5),
        (" 60 ", 60),
        ("86400", 3600),
        ("9" * 400, 3600),
        ("Mon, 02 Mar 2026 12:01:30 GMT", 90),
        ("Mon, 02 Mar 2026 11:00:00 GMT", 0),
        ("Tue, 03 Mar 2026 12:00:00 GMT", 3600),
        ("Mon, 02 Mar 2026 12:01:30 -0000", 90),
        ("soon", None),
        ("-5", None),
        ("²", None),
        ("", None),
    ],
)
def test_retry_after_is_read_as_seconds_or_date_and_capped_at_an_hour(value, seconds):
    with clock.freeze(datetime(2026, 3, 2, 12, tzinfo=UTC)):
        assert parse_retry_after(value) == seconds


def test_the_text_says_who_answered_what_and_hides_secrets():
    body = f'{{"message": "bad key", "consumer_secret": "{PLANTED}"}}\x00\n more'.encode()
    url = f"https://u:{PLANTED}@shop.example/o?consumer_key={PLANTED}"
    with pytest.raises(NeedsCredentials) as caught:
        raise_for_recovery(response(401, body, url))
    assert PLANTED not in f"{caught.value} {caught.value!r} {caught.value.args}"
    assert str(caught.value).startswith("POST https://not-shown@shop.example/o?consumer_key=not-")
    assert '"message": "bad key"' in str(caught.value)


def test_a_secret_at_the_edge_of_the_excerpt_is_not_cut_into_plain_sight():
    body = b"x " * 140 + f'{{"password": "{PLANTED * 10}"}}'.encode()
    with pytest.raises(Permanent) as caught:
        raise_for_recovery(response(400, body))
    assert "Zq7R" not in str(caught.value)


def test_a_long_or_binary_answer_is_quoted_short():
    with pytest.raises(Permanent) as caught:
        raise_for_recovery(response(400, bytes(range(256)) * 100))
    assert len(str(caught.value)) < 400
    assert str(caught.value).isprintable()


def test_a_redirect_that_was_not_followed_says_where_it_led():
    with pytest.raises(Permanent, match="was answered 302 to https://shop.example/login"):
        raise_for_recovery(response(302, Location="https://shop.example/login"))


def test_a_response_reads_text_and_json_without_floats():
    answer = response(200, b'{"total": 0.1, "name": "\xc3\xa9"}')
    assert answer.json() == {"total": Decimal("0.1"), "name": "é"}
    assert response(200, b"\xe9", Content_Type="text/plain; charset=ISO-8859-1").text() == "é"
    for name in ("nonsense", "idna", "undefined", "base64"):
        assert response(200, b"\xe9", Content_Type=f"text/plain; charset={name}").text() == "\ufffd"


@pytest.mark.parametrize("body", [b"<html>down</html>", b"", b"\xff\xfe", b"[" * 100_000])
def test_an_answer_that_should_be_json_and_is_not_can_be_tried_again(body):
    with pytest.raises(Retryable) as caught:
        response(200, body).json()
    assert caught.value.uncertain


def test_a_response_prints_neither_its_body_nor_its_headers():
    answer = response(200, PLANTED.encode(), f"https://a.example/?key={PLANTED}", Cookie=PLANTED)
    assert repr(answer) == "Response(POST https://a.example/?key=not-shown 200)"
