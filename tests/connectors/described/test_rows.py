"""The rows of a list: byte for byte as they were sent, wherever the list stands."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrations.connectors.described import places, rows, times
from integrations.connectors.described.paging import next_of, within

pytestmark = pytest.mark.pure


def raws(body: bytes, where: str) -> list[str]:
    return [row.raw for row in rows.read(body, places.place(where)).rows]


def test_rows_are_as_they_were_sent() -> None:
    body = b'\xef\xbb\xbf {"x":[1],"d" : {"l":[ {"a": 1.10, "b":1e2} ,{"a":\t"\\u00e9"}]}, "l":[]}'
    assert raws(body, "d.l") == ['{"a": 1.10, "b":1e2}', '{"a":\t"\\u00e9"}']
    assert raws(b"[]", ".") == []
    assert raws(b'[[{"a":1}],[]]', "0") == ['{"a":1}']
    assert raws(b'{"":{"a/b":{"~":[7]}}}', "//a~1b/~0") == ["7"]


def test_of_a_name_that_stands_twice_the_last_counts() -> None:
    assert raws(b'{"l":[1],"l":[2]}', "l") == ["2"]


def test_bytes_that_are_no_text_pass_for_the_mapper_to_judge() -> None:
    [row] = rows.read(b'[{"a":"\xff"}]', ()).rows
    assert row.raw.encode("utf-8", "surrogateescape") == b'{"a":"\xff"}'


@pytest.mark.parametrize("body", [b"<html>", b"[1,", b"[NaN", b"[" * 100_000, b'{"l":[1}'])
def test_what_is_no_json_is_said(body: bytes) -> None:
    with pytest.raises(rows.NoJsonError):
        rows.read(body, ("l",))


@pytest.mark.parametrize("body", [b"{}", b'{"l":{}}', b'{"l":"x"}', b"7", b"[]"])
def test_an_answer_without_the_list_is_another_answer(body: bytes) -> None:
    with pytest.raises(ValueError, match="no list at l"):
        rows.read(body, ("l",))


@pytest.mark.parametrize("body", [b"", b" ", b'{"l":null}'])
def test_nothing_and_null_are_no_rows(body: bytes) -> None:
    assert rows.read(body, ("l",)).rows == []


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=4)
    ),
    max_leaves=12,
)


@given(entries=st.lists(values, max_size=5), beside=st.dictionaries(st.text(max_size=4), values),
       indent=st.sampled_from([None, 2]))  # fmt: skip
def test_every_list_comes_apart_into_its_entries(
    entries: list[Any], beside: dict[str, Any], indent: int | None
) -> None:
    body = json.dumps({**beside, "deep": {"l": entries}, "z": beside}, indent=indent).encode()
    found = rows.read(body, ("deep", "l")).rows
    assert [json.loads(row.raw) for row in found] == entries


@pytest.mark.parametrize(
    ("header", "link"),
    [
        ('<https://a.example/?p=2>; rel="next"', "https://a.example/?p=2"),
        ("<https://a.example/?x=a,b;c>; rel=next", "https://a.example/?x=a,b;c"),
        ('<a>; rel="prev", <b>; title="x"; rel="last next"', "b"),
        ('<a>; rel="prev"', ""),
        ('<a>; title="next"', ""),
        ("", ""),
    ],
)
def test_the_next_link_of_a_header(header: str, link: str) -> None:
    assert next_of(header) == link


@pytest.mark.parametrize(
    ("base", "link"),
    [
        ("https://a.example/v1", "https://a.example:443/v1/orders?page=2"),
        ("https://a.example:443/v1", "https://a.example/v1/orders?page=2"),
        ("http://a.example/v1", "http://a.example:80/v1/orders?page=2"),
        ("https://a.example/v1", "?page=2"),
    ],
)
def test_a_link_may_name_the_usual_port(base: str, link: str) -> None:
    assert within(base, "https://a.example/v1/orders", link) == "/orders?page=2"


@pytest.mark.parametrize(
    "link",
    [
        "https://a.example:8443/v1/orders",
        "https://a.example:80/v1/orders",
        "/v1/%2e%2e/admin",
        "/v1/.%2E/admin",
        "/v1/orders/..%2f..%2fadmin",
        "/v1/..%5cadmin",
    ],
)
def test_a_link_that_climbs_or_leads_to_another_port_is_refused(link: str) -> None:
    with pytest.raises(ValueError, match="another place"):
        within("https://a.example/v1", "https://a.example/v1/orders", link)


@pytest.mark.parametrize(
    ("form", "text", "step"),
    [("iso", "2026-03-02T14:05:06Z", 1), ("date", "2026-03-02", 86_400), ("unix", "1772460306", 1),
     ("unix_ms", "1772460306000", 1), ("rfc2822", "Mon, 02 Mar 2026 14:05:06 +0000", 1), ("%d.%m.%Y %H:%M", "02.03.2026 14:05", 60), ("%Y%m%d", "20260302", 86_400)],
)  # fmt: skip
def test_times_are_written_no_later_than_they_are(form: str, text: str, step: int) -> None:
    at = times.read("2026-03-02T15:05:06.9+01:00", "iso")
    assert times.write(at, form) == text
    assert times.read(text, form) <= at
    assert times.step(form).total_seconds() == step
    assert times.is_form(form)


@pytest.mark.parametrize("form", ["", "soon", "%H:%M", "%d.%m.", "%"])
def test_a_form_that_tells_no_day_is_none(form: str) -> None:
    assert not times.is_form(form)
