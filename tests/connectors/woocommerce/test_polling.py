"""Polling by change time: nothing is skipped, whatever changes while pages are read."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrations.connectors.woocommerce import polling
from integrations.connectors.woocommerce.polling import ByChange, BySweep, Row
from portal.core.errors import Permanent, Retryable
from portal.core.response import Response

START = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


def stamp(seconds: int) -> str:
    return (START + timedelta(seconds=seconds)).strftime("%Y-%m-%dT%H:%M:%S")


def row(number: int, second: int) -> Row:
    entry = {"id": number, "date_modified_gmt": stamp(second)}
    return Row(json.dumps(entry), entry)


def page_of(table: dict[int, int], params: dict[str, str]) -> list[Row]:
    """What a store answers: rows changed after, oldest first, the wanted page."""
    found = sorted(
        (second, number)
        for number, second in table.items()
        if stamp(second) > params["modified_after"]
    )
    size, page = int(params["per_page"]), int(params["page"])
    return [row(number, second) for second, number in found[(page - 1) * size : page * size]]


def a_pass(table: dict[int, int], cursor: dict[str, Any], edits: list[tuple[int, int]]) -> Any:
    """Read to the end of a pass; before every further page one edit (id, second) happens."""
    waiting = list(edits)
    seen: set[tuple[int, str]] = set()
    while True:
        position = ByChange.of(cursor).begin(overlap=300, first=START - timedelta(days=1))
        rows = page_of(table, position.params())
        seen |= {(found.entry["id"], found.modified) for found in rows}
        behind, more = position.move(rows)
        cursor = behind._asdict()
        if not more:
            return seen, cursor
        if waiting:
            number, second = waiting.pop(0)
            table[number] = second


def test_a_row_that_changes_between_pages_makes_no_other_row_slip_through() -> None:
    table = {number: number for number in range(1, 251)}
    # Row 5 was read on page one and moves to the end: by page number, row 101 would be skipped.
    seen, _ = a_pass(table, {}, [(5, 900)])
    assert {number for number, _ in seen} == set(range(1, 251))
    assert (5, stamp(900)) in seen


def test_more_rows_in_one_second_than_fit_a_page_are_all_read() -> None:
    seen, _ = a_pass(dict.fromkeys(range(1, 351), 7), {}, [])
    assert {number for number, _ in seen} == set(range(1, 351))


@given(
    seconds=st.lists(st.integers(0, 40), min_size=1, max_size=420),
    edits=st.lists(st.tuples(st.integers(0, 419), st.integers(41, 99)), max_size=4),
)
def test_every_row_is_seen_as_it_stood_at_the_end(
    seconds: list[int], edits: list[tuple[int, int]]
) -> None:
    table = dict(enumerate(seconds))
    seen, cursor = a_pass(table, {}, [edit for edit in edits if edit[0] < len(seconds)])
    assert {(number, stamp(second)) for number, second in table.items()} <= seen
    assert cursor["after"] is None
    assert cursor["modified"] == stamp(max(table.values()))


def test_the_next_pass_looks_back_by_the_overlap() -> None:
    _, cursor = a_pass({1: 1000}, {}, [])
    position = ByChange.of(cursor).begin(overlap=300, first=START)
    # 1000 s - 300 s
    assert position.params()["modified_after"] == stamp(700)


def test_what_was_stored_late_is_found_by_the_overlap() -> None:
    table = {1: 1000}
    _, cursor = a_pass(table, {}, [])
    table[2] = 800
    seen, cursor = a_pass(table, cursor, [])
    assert (2, stamp(800)) in seen
    assert (cursor["modified"], cursor["id"]) == (stamp(1000), 1)


def test_a_store_that_never_comes_to_an_end_is_given_up() -> None:
    full = [row(number, 7) for number in range(polling.PER_PAGE)]
    position = ByChange(after=stamp(6), page=polling.MOST_PAGES_PER_SECOND)
    with pytest.raises(Permanent, match="never comes to an end"):
        position.move(full)


def test_a_sweep_starts_over_behind_its_last_page() -> None:
    full = [row(number, 7) for number in range(polling.PER_PAGE)]
    assert BySweep().move(full) == (BySweep(2), True)
    assert BySweep(2).move(full[:3]) == (BySweep(1), False)


def answer(body: bytes) -> Response:
    return Response("GET", "https://shop.example.com/orders", 200, {}, body, 0.1)


def test_rows_keep_the_bytes_of_the_store() -> None:
    rows = polling.rows_of(answer('[{"id":1,"x":"ü 1.10"},\n {"id" : 2, "y":1.10}]'.encode()))
    assert [found.raw for found in rows] == ['{"id":1,"x":"ü 1.10"}', '{"id" : 2, "y":1.10}']


def test_bytes_that_are_no_utf_8_are_passed_on_to_be_held() -> None:
    [found] = polling.rows_of(answer(b'[{"id":1,"name":"Zo\xeb"}]'))
    assert polling.received("order", "", found).body == b'{"id":1,"name":"Zo\xeb"}'


def test_the_same_row_in_other_words_is_another_document() -> None:
    one, other = polling.rows_of(answer(b'[{"id":1,"x":1},{"id":1,"x":2}]'))
    keys = [polling.received("order", "", found).dedup_key for found in (one, one, other)]
    assert keys[0] == keys[1] != keys[2]


def test_an_empty_list_has_no_rows() -> None:
    assert polling.rows_of(answer(b"[]")) == []


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html><script>var a=[];</script>Maintenance</html>",
        b'{"data":[{"id":1}]}',
        b'[{"id":1}',
        b'[{"id":1},{"id":',
        b'[{"no":"id"}]',
        b"[1]",
        b'[{"id":1,"date_modified_gmt":"soon"}]',
    ],
)
def test_a_page_for_people_is_no_empty_list(body: bytes) -> None:
    with pytest.raises(Retryable):
        polling.rows_of(answer(body))


def test_the_first_poll_starts_where_the_person_says() -> None:
    assert polling.first_moment("", START) == START - timedelta(days=1)
    assert polling.first_moment("2026-01-01T00:00:00", START) == datetime(2026, 1, 1, tzinfo=UTC)
    with pytest.raises(Permanent, match="not a time"):
        polling.first_moment("yesterday", START)
