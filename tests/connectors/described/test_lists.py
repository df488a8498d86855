"""Each kind of paging and of credentials against a real server."""

import base64
import json
from datetime import UTC, datetime
from typing import Any

import pytest

from integrations.connectors import registry
from integrations.connectors.rest.client import client as rest_client
from portal.core.errors import (
    CrossdockError,
    NeedsCredentials,
    NeedsPerson,
    Permanent,
    Retryable,
)
from tests.connectors.conformance import client_of, read_stream
from tests.connectors.described.lists import Asked, Lists, Reply

NOW = datetime(2026, 3, 2, 14, tzinfo=UTC)
ROWS = [{"id": n, "at": f"2026-03-02T10:00:{n:02}Z"} for n in range(1, 8)]
ALL = [{"id": n} for n in range(1, 8)]
REST = registry.get("rest")


def described(paging: str = "", *, more: str = "", rest: str = "") -> str:
    paged = f"paging: {{{paging}}}" if paging else ""
    return f"""
auth: {{kind: bearer}}
streams:
  orders:
    object: order
    path: /orders
    rows: data.list
    {paged}
    {more}
{rest}"""


def ids(lists: Lists, description: str, **secrets: str) -> list[int]:
    """The ids of a whole pass, read with a fresh cursor."""
    with client_of(REST, lists.connection(description, **secrets)) as client:
        pages = list(read_stream(client, "orders", {}))
    return [json.loads(document.body)["id"] for documents, _ in pages for document in documents]


def error_of(lists: Lists, description: str, **secrets: str) -> CrossdockError:
    with (
        client_of(REST, lists.connection(description, **secrets)) as client,
        pytest.raises(CrossdockError) as caught,
    ):
        list(read_stream(client, "orders", {}))
    return caught.value


def listed(rows: list[Any], **beside: Any) -> Reply:
    return Reply(said={"data": {"list": rows}, **beside})


def queries(lists: Lists) -> list[dict[str, str]]:
    return [asked.query for asked in lists.asked]


def test_one_answer_is_the_whole_list(lists: Lists) -> None:
    lists.answer = lambda asked: listed(ALL)
    assert ids(lists, described()) == [1, 2, 3, 4, 5, 6, 7]
    assert [(a.method, a.path, a.query) for a in lists.asked] == [("GET", "/api/orders", {})]


def test_pages_by_number_go_on_to_the_one_without_rows(lists: Lists) -> None:
    def answer(asked: Asked) -> Reply:
        # it gives three, however many it is asked for
        page = int(asked.query["page"])
        return listed(ALL[(page - 1) * 3 : page * 3])

    lists.answer = answer
    found = ids(lists, described("kind: page, param: page, size_param: per, size: 5"))
    assert found == [1, 2, 3, 4, 5, 6, 7]
    assert queries(lists) == [{"page": str(n), "per": "5"} for n in (1, 2, 3, 4)]


def test_pages_begin_at_zero_and_end_where_the_answer_says_so(lists: Lists) -> None:
    def answer(asked: Asked) -> Reply:
        page = int(asked.query["p"])
        return listed(ALL[page * 4 : page * 4 + 4], meta={"more": page < 1})

    lists.answer = answer
    found = ids(lists, described("kind: page, param: p, first: 0, more: meta.more"))
    assert found == [1, 2, 3, 4, 5, 6, 7]
    assert queries(lists) == [{"p": "0"}, {"p": "1"}]


def test_offsets_go_on_by_what_was_given(lists: Lists) -> None:
    lists.answer = lambda asked: listed(ALL[int(asked.query["skip"]) :][:3])
    assert ids(lists, described("kind: offset, param: skip")) == [1, 2, 3, 4, 5, 6, 7]
    assert [q["skip"] for q in queries(lists)] == ["0", "3", "6", "7"]


def test_a_cursor_stands_in_the_answer(lists: Lists) -> None:
    def answer(asked: Asked) -> Reply:
        at = int(asked.query.get("after", "c0")[1:])
        behind = {"cursor": f"c{at + 3}"} if at + 3 < len(ALL) else {"cursor": None}
        return listed(ALL[at : at + 3], meta=behind)

    lists.answer = answer
    found = ids(lists, described("kind: cursor, param: after, next: meta.cursor"))
    assert found == [1, 2, 3, 4, 5, 6, 7]
    assert queries(lists) == [{}, {"after": "c3"}, {"after": "c6"}]


@pytest.mark.parametrize("absolute", [True, False])
def test_a_link_stands_in_the_header(lists: Lists, absolute: bool) -> None:
    def answer(asked: Asked) -> Reply:
        at = int(asked.query.get("at", 0))
        base = lists.url if absolute else ""
        link = f'<{base}/api/orders?at=0>; rel="first", <{base}/api/orders?at={at + 3}>; rel="next"'
        return listed(ALL[at : at + 3])._replace(headers={"Link": link} if at < 6 else {})

    lists.answer = answer
    assert ids(lists, described("kind: link")) == [1, 2, 3, 4, 5, 6, 7]
    assert queries(lists) == [{}, {"at": "3"}, {"at": "6"}]


def test_a_link_stands_in_the_answer_and_the_key_in_it_is_not_kept(lists: Lists) -> None:
    def answer(asked: Asked) -> Reply:
        at = int(asked.query.get("at", 0))
        if asked.query.get("api_key") != "k-5up3r-hidden":
            return Reply(401, {})
        link = f"{lists.url}/api/orders?api_key=k-5up3r-hidden&at={at + 4}"
        return listed(ALL[at : at + 4], **({"@odata.nextLink": link} if at == 0 else {}))

    lists.answer = answer
    text = described("kind: link, next: /@odata.nextLink").replace(
        "kind: bearer", "kind: query, name: api_key"
    )
    assert ids(lists, text, token="k-5up3r-hidden") == [1, 2, 3, 4, 5, 6, 7]
    client = rest_client(lists.connection(text, token="k-5up3r-hidden"))
    cursor = client.fetch("orders", {}, now=NOW).cursor
    assert "hidden" not in json.dumps(cursor)
    assert cursor["at"] == "/orders?at=4"


@pytest.mark.parametrize(
    "link",
    [
        "https://evil.example/api/orders?at=3",
        "http://127.0.0.1:1/api/orders?at=3",
        "//evil.example/api/orders",
        "http://user@127.0.0.1/api/orders",
        "file:///etc/passwd",
        "/admin/delete",
        "../../admin",
        "/api/%2e%2e/admin",
        "/api/orders/..%2F..%2Fadmin",
        "/api/..\\admin",
        "http://[bad/",
    ],
)
def test_a_link_that_leads_elsewhere_is_not_followed(lists: Lists, link: str) -> None:
    lists.answer = lambda asked: listed(ALL)._replace(headers={"Link": f'<{link}>; rel="next"'})
    error = error_of(lists, described("kind: link"))
    assert isinstance(error, Permanent)
    assert len(lists.asked) == 1


def test_a_cursor_that_became_too_old_begins_the_pass_anew(lists: Lists) -> None:
    lists.answer = lambda asked: (
        Reply(410, {}) if "after" in asked.query else listed(ALL[:3], meta={"cursor": "c3"})
    )
    with client_of(
        REST, lists.connection(described("kind: cursor, param: after, next: meta.cursor"))
    ) as client:
        cursor: dict[str, Any] = {}
        for again in range(1, 6):
            page = client.fetch("orders", cursor, now=NOW)
            page = client.fetch("orders", page.cursor, now=NOW)
            assert (page.documents, page.cursor, page.more) == ([], {"again": again}, False)
            cursor = page.cursor
        page = client.fetch("orders", cursor, now=NOW)
        with pytest.raises(Permanent):  # it is not that
            client.fetch("orders", page.cursor, now=NOW)


def test_changes_are_asked_for_and_the_cursor_resumes(lists: Lists) -> None:
    def answer(asked: Asked) -> Reply:
        fit = [row for row in ROWS if row["at"] >= asked.query["since"]]
        page = int(asked.query["page"])
        return listed(fit[(page - 1) * 3 : page * 3])

    lists.answer = answer
    text = described(
        "kind: page, param: page",
        more="updated: at\n    incremental: {param: since, overlap: 2, ascending: true,"
        " start: 2026-03-02T00:00:00Z}",
    )
    with client_of(REST, lists.connection(text)) as client:
        *_, (_, cursor) = read_stream(client, "orders", {})
        assert cursor == {"mark": "2026-03-02T10:00:07.000000"}
        # each page is asked for by the last row's change, and by number only inside one second
        assert [(q["since"][11:19], q["page"]) for q in queries(lists)][:3] == [
            ("00:00:00", "1"),
            ("10:00:02", "1"),
            ("10:00:03", "1"),
        ]
        lists.asked.clear()
        again = [d for documents, _ in read_stream(client, "orders", cursor) for d in documents]
    assert queries(lists)[0]["since"] == "2026-03-02T10:00:05Z"
    assert {json.loads(d.body)["id"] for d in again} == {5, 6, 7}


def test_a_row_that_changed_has_another_key_and_one_that_did_not_the_same(lists: Lists) -> None:
    lists.answer = lambda asked: listed([{"id": 1, "at": "t1", "n": 1}, {"id": 2, "at": "t1"}])
    with client_of(REST, lists.connection(described(more="updated: at"))) as client:
        before = [d.dedup_key for d in client.fetch("orders", {}, now=NOW).documents]
        lists.answer = lambda asked: listed([{"id": 1, "at": "t1", "n": 2}, {"id": 2, "at": "t1"}])
        after = [d.dedup_key for d in client.fetch("orders", {}, now=NOW).documents]
    assert before[0] != after[0]
    assert before[1] == after[1]
    assert before[0].startswith("orders:1:t1:")


@pytest.mark.parametrize(
    ("auth", "secrets", "header", "value"),
    [
        ("kind: bearer", {"token": "t-1"}, "authorization", "Bearer t-1"),
        ("kind: header, name: X-Key", {"token": "t-1"}, "x-key", "t-1"),
        ("kind: header, name: X-Key, prefix: Key, secret: password", {"password": "p"}, "x-key", "Key p"),
        ("kind: basic", {"user": "ada", "password": "p"}, "authorization",
         "Basic " + base64.b64encode(b"ada:p").decode()),
        ("kind: basic, user: token, no_password: true", {"token": "k-1"}, "authorization",
         "Basic " + base64.b64encode(b"k-1:").decode()),
        ("kind: none", {"token": "t-1"}, "authorization", None),
    ],
)  # fmt: skip
def test_every_kind_of_credentials(
    lists: Lists, auth: str, secrets: dict[str, str], header: str, value: str | None
) -> None:
    lists.answer = lambda asked: listed(ALL)
    ids(lists, described().replace("kind: bearer", auth), **secrets)
    [asked] = lists.asked
    assert asked.headers.get(header) == value
    assert asked.headers["accept"] == "application/json"


def test_a_secret_that_nobody_entered_is_asked_for(lists: Lists) -> None:
    text = described().replace("kind: bearer", "kind: basic")
    error = error_of(lists, text, user="ada")
    assert isinstance(error, NeedsCredentials)
    assert str(error) == "No password is entered"
    with client_of(REST, lists.connection(text, user="ada")) as client:
        lines = {line.name: line for line in client.test_connection()}
    assert (lines["host"].passed, lines["key"].passed) == (True, False)
    assert lines["key"].remedy == "Enter the secret that the description names."


@pytest.mark.parametrize(
    ("reply", "kind", "said"),
    [
        (Reply(said={"data": {}}), Permanent, "orders: The answer has no list at data.list."),
        (Reply(said={"data": {"list": {}}}), Permanent, "orders: The answer has no list at data.list."),
        (Reply(said=b"<html>Back soon</html>"), Retryable, "orders: The answer is no JSON."),
        (Reply(said={"data": {"list": [{"id": 1}] * 12}}), Permanent,
         "orders: One answer has 12 rows, and 10 are the most: ask for smaller pages, or raise limits.rows."),
    ],
)  # fmt: skip
def test_an_answer_that_does_not_fit_is_said(
    lists: Lists, reply: Reply, kind: type[CrossdockError], said: str
) -> None:
    lists.answer = lambda asked: reply
    error = error_of(lists, described(rest="limits: {rows: 10}"))
    assert type(error) is kind
    assert str(error) == said


@pytest.mark.parametrize("reply", [Reply(204, b""), Reply(said={"data": {"list": None}})])
def test_no_answer_and_null_are_a_list_without_rows(lists: Lists, reply: Reply) -> None:
    lists.answer = lambda asked: reply
    assert ids(lists, described("kind: page, param: p")) == []


RULES = """errors:
  message: error.text
  rules:
    - {status: 409, means: confirmed}
    - {status: 403, field: error.code, is: quota, means: retryable}
    - {field: success, is: false, means: person}
    - {field: error.code, is: [login], means: credentials}
    - {status: 418, means: permanent}
"""


@pytest.mark.parametrize(
    ("reply", "kind", "code", "waits"),
    [
        (Reply(429, {}, {"Retry-After": "9"}), Retryable, "rate_limited", 9),
        (Reply(503, {}, {"Retry-After": "9"}), Retryable, "unavailable", 9),
        (Reply(403, {}, {"Retry-After": "9"}), Retryable, "rate_limited", 9),
        (Reply(403, {"error": {"code": "quota"}}, {"Retry-After": "8"}), Retryable, "unavailable", 8),
        (Reply(403, {}), NeedsCredentials, "forbidden", None),
        (Reply(401, {}, {"Retry-After": "9"}), NeedsCredentials, "auth_expired", None),
        (Reply(200, {"error": {"code": "login", "text": "Log in."}}), NeedsCredentials, "auth_expired", None),
        (Reply(200, {"success": False}), NeedsPerson, "rejected", None),
        (Reply(418, {}), Permanent, "refused", None),
        (Reply(409, {}), Permanent, "conflict", None),  # nothing is confirmed by reading
        (Reply(302, {}, {"Location": "https://evil.example/"}), Permanent, "redirected", None),
        (Reply(500, {}), Retryable, "unavailable", None),
    ],
)  # fmt: skip
def test_what_an_answer_means(
    lists: Lists, reply: Reply, kind: type[CrossdockError], code: str, waits: float | None
) -> None:
    lists.answer = lambda asked: reply
    error = error_of(lists, described(rest=RULES))
    assert (type(error), error.code, getattr(error, "retry_after", None)) == (kind, code, waits)
    assert "5up3r-hidden" not in repr(error)


def test_the_test_of_a_connection_says_what_each_list_gave(lists: Lists) -> None:
    lists.answer = lambda asked: listed(ALL)
    text = described() + "  items: {object: product, path: /items, rows: data.list}\n"
    with client_of(REST, lists.connection(text)) as client:
        told = {line.name: line for line in client.test_connection()}
    assert told["key"].text == "It answered 200 at /orders: it takes the key."
    assert told["scope"].text == "The first page of each list: orders 7 rows, items 7 rows."
    lists.answer = lambda asked: listed(ALL) if asked.path == "/api/orders" else Reply(said={})
    with client_of(REST, lists.connection(text)) as client:
        told = {line.name: line for line in client.test_connection()}
    assert told["scope"].passed is False
    assert told["scope"].text == "items: The answer has no list at data.list."
    assert told["scope"].remedy == "Correct the stream in the description."


def test_a_description_that_cannot_be_read_says_so_wherever_it_is_used(lists: Lists) -> None:
    with client_of(REST, lists.connection("streams: 7")) as client:
        lines = list(client.test_connection())
        assert lines[0].passed is False
        assert "Line 1, streams: It must be a group of keys." in lines[0].text
        with pytest.raises(NeedsCredentials) as caught:
            client.fetch("orders", {}, now=NOW)
    assert caught.value.code == "settings_invalid"


def test_no_more_calls_a_second_than_described(lists: Lists) -> None:
    from time import monotonic

    lists.answer = lambda asked: listed(ALL[int(asked.query["skip"]) :][:2])
    began = monotonic()
    ids(lists, described("kind: offset, param: skip", rest="rate: {per_second: 20}"))
    assert len(lists.asked) == 5
    assert monotonic() - began >= 4 / 20


def test_a_404_may_mean_a_list_without_rows(lists: Lists) -> None:
    text = """
auth: {kind: bearer}
streams: {orders: {object: order, path: /orders, rows: list}}
errors: {rules: [{status: 404, field: code, is: NONE, means: nothing}]}
"""
    for said, error in (({"code": "NONE"}, None), ({"code": "GONE"}, Permanent)):
        lists.answer = lambda asked, said=said: Reply(404, said)
        with client_of(REST, lists.connection(text)) as client:
            if error is None:
                page = client.fetch("orders", {}, now=NOW)
                assert (page.documents, page.more) == ([], False)
            else:
                with pytest.raises(error):
                    client.fetch("orders", {}, now=NOW)
