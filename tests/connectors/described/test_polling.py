"""No row is skipped, whatever changes while a list is read, and whatever paging the list has."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from integrations.connectors.described import paging
from integrations.connectors.described.polling import MOST_AGAIN, EndlessListError, Position
from integrations.connectors.described.rows import Row
from integrations.connectors.described.system import Ask, Incremental, Paging, Stream

pytestmark = pytest.mark.pure

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
SIZE = 3


def stream(kind: str, **changes: Any) -> Stream:
    paged = Paging(kind, "p", 1 if kind == "page" else 0, "n", SIZE)  # type: ignore[arg-type]
    asks = {
        "form": "iso",
        "overlap": 1,
        "ascending": False,
        "start": None,
        "a_day": False,
        **changes,
    }
    return Stream(
        "orders", "order", Ask("/orders", {"state": "any"}), (), ("id",), ("at",), paged,
        Incremental("since", updated=("at",), **asks),
    )  # fmt: skip


def stamp(second: int) -> str:
    return (NOON + timedelta(seconds=second)).strftime("%Y-%m-%dT%H:%M:%SZ")


class Shop:
    """Rows by id, each with the second of its last change; the list is by change or by id."""

    def __init__(self, *, by_change: bool) -> None:
        self.second, self.by_change = 0, by_change
        self.rows: dict[int, int] = {}

    def change(self, row_id: int) -> None:
        self.rows[row_id] = self.second

    def page(self, params: dict[str, str], kind: str) -> list[Row]:
        since = params.get("since", "")
        fit = [(at, row_id) for row_id, at in self.rows.items() if stamp(at) >= since]
        fit.sort(key=lambda row: row if self.by_change else (row[1], row[0]))
        skip = (int(params["p"]) - 1) * SIZE if kind == "page" else int(params["p"])
        part = fit[skip : skip + SIZE]
        return [Row(f"{i}@{at}", {"id": i, "at": stamp(at)}) for at, i in part]


def read(shop: Shop, of: Stream, cursor: dict[str, Any]) -> tuple[list[Row], dict[str, Any], bool]:
    here = Position.of(cursor).begin(of, NOON)
    rows = shop.page(here.params(of), of.paging.kind)
    at = paging.following(of.paging, here.at, rows=len(rows), data=None, link="")
    told = NOON + timedelta(seconds=shop.second)
    behind, more = here.move(of, rows, at=at, told=told, most_pages=1000)
    return rows, behind.cursor(), more


def poll(shop: Shop, of: Stream, cursor: dict[str, Any], seen: set[str]) -> dict[str, Any]:
    """A pass to its end, with nothing happening meanwhile."""
    more = True
    while more:
        rows, cursor, more = read(shop, of, cursor)
        seen.update(row.raw for row in rows)
    return cursor


Happening = st.one_of(st.just("read"), st.just("tick"), st.integers(1, 12))


@pytest.mark.parametrize("kind", ["page", "offset"])
@settings(max_examples=400, deadline=None)
@given(happenings=st.lists(Happening, max_size=80))
def test_by_ascending_change_nothing_is_lost(kind: str, happenings: list[Any]) -> None:
    lost_after(stream(kind, ascending=True), Shop(by_change=True), happenings)


@pytest.mark.parametrize("kind", ["page", "offset"])
@pytest.mark.parametrize("by_change", [True, False])
@settings(max_examples=400, deadline=None)
@given(happenings=st.lists(Happening, max_size=12))
def test_in_any_order_a_pass_that_was_disturbed_is_read_again(
    kind: str, by_change: bool, happenings: list[Any]
) -> None:
    lost_after(stream(kind), Shop(by_change=by_change), happenings)


def lost_after(of: Stream, shop: Shop, happenings: list[Any]) -> None:
    for row_id in range(1, 9):
        shop.change(row_id)
    cursor: dict[str, Any] = {}
    seen: set[str] = set()
    for one in happenings:
        if one == "read":
            rows, cursor, _ = read(shop, of, cursor)
            seen.update(row.raw for row in rows)
        elif one == "tick":
            shop.second += 1
        else:
            shop.change(one)
    shop.second += 5
    for _ in range(MOST_AGAIN + 2):
        cursor = poll(shop, of, cursor, seen)
    assert {f"{i}@{at}" for i, at in shop.rows.items()} <= seen


def test_rows_of_one_moment_are_met_again_and_told_by_their_key() -> None:
    of, shop, seen = stream("page", ascending=True), Shop(by_change=True), set[str]()
    shop.second = 10
    for row_id in (1, 2):
        shop.change(row_id)
    cursor = poll(shop, of, {}, seen)
    shop.change(3)  # in the second that was read already
    poll(shop, of, cursor, seen)
    assert seen == {"1@10", "2@10", "3@10"}


def test_the_mark_stays_behind_the_moment_a_pass_began_at() -> None:
    of = stream("cursor")
    began, later = NOON, NOON + timedelta(seconds=900)
    here = Position().begin(of, NOON)
    rows = [Row("1", {"id": 1, "at": stamp(-50)})]
    here, more = here.move(of, rows, at="c2", told=began, most_pages=9)
    assert more
    rows = [Row("2", {"id": 2, "at": stamp(800)})]  # it changed while the pages were read
    here, more = here.move(of, rows, at=None, told=later, most_pages=9)
    assert (here.cursor(), more) == ({"mark": "2026-03-02T12:00:00.000000"}, False)


def test_without_a_clock_the_mark_is_no_later_than_the_first_page() -> None:
    of = stream("cursor")
    here = Position().begin(of, NOON)
    here, _ = here.move(of, [Row("1", {"at": stamp(3)})], at="c2", told=None, most_pages=9)
    here, _ = here.move(of, [Row("2", {"at": stamp(9)})], at=None, told=None, most_pages=9)
    assert here.mark == "2026-03-02T12:00:03.000000"


def test_a_row_from_the_future_does_not_carry_the_mark_away() -> None:
    of, shop, seen = stream("page", ascending=True), Shop(by_change=True), set[str]()
    shop.rows = {1: 0, 2: 90_000}
    cursor = poll(shop, of, {}, seen)
    assert cursor["mark"] <= "2026-03-02T12:00:00.000000"


@pytest.mark.parametrize(
    ("start", "a_day", "asked"),
    [(None, False, None), (None, True, "2026-03-01T12:00:00Z"),
     (datetime(2026, 1, 1, tzinfo=UTC), False, "2026-01-01T00:00:00Z")],
)  # fmt: skip
def test_where_the_first_pass_begins(
    start: datetime | None, a_day: bool, asked: str | None
) -> None:
    of = stream("page", start=start, a_day=a_day)
    params = Position().begin(of, NOON).params(of)
    assert params == {"state": "any", "n": "3", "p": "1"} | ({"since": asked} if asked else {})


def test_a_list_that_leads_to_itself_ends_in_words() -> None:
    of = stream("cursor")
    here = Position(within=True, at="c1", by="cursor")
    with pytest.raises(EndlessListError):
        here.move(of, [], at="c1", told=None, most_pages=9)
    with pytest.raises(EndlessListError):
        Position(within=True, at="c1", pages=8, by="cursor").move(
            of, [], at="c2", told=None, most_pages=9
        )


def test_a_last_page_that_is_given_again_ends_the_pass() -> None:
    of = stream("page")
    rows = [Row("1", {"id": 1, "at": stamp(1)})]
    here, more = Position().begin(of, NOON).move(of, rows, at=2, told=NOON, most_pages=9)
    assert more
    _, more = here.move(of, rows, at=3, told=NOON, most_pages=9)
    assert not more


@pytest.mark.parametrize("said", ["yesterday", "2026-13-01", "9" * 40])
def test_a_change_time_that_is_none_is_said(said: str) -> None:
    of = stream("page")
    with pytest.raises(ValueError, match="which is no time"):
        Position().begin(of, NOON).move(
            of, [Row("1", {"at": said})], at=None, told=None, most_pages=9
        )


@pytest.mark.parametrize("said", [None, "", {}, "0001-01-01T00:00:00Z"])
def test_a_row_that_tells_no_change_stops_nothing(said: Any) -> None:
    of = stream("page", ascending=True)
    row = Row("1", {"at": said})
    here, _ = Position().begin(of, NOON).move(of, [row], at=None, told=NOON, most_pages=9)
    assert here.mark in ("", "1970-01-01T00:00:00.000000")


def test_a_pass_of_another_kind_of_paging_is_left() -> None:
    """Somebody changed the description while a pass ran: what it kept leads nowhere any more."""
    mark = "2026-03-02T12:00:00.000000"
    kept = {"mark": mark, "within": True, "at": "c9", "pages": 4, "by": "cursor"}
    here = Position.of(kept).begin(stream("page"), NOON)
    assert (here.mark, here.at, here.pages) == (mark, None, 0)
    assert Position.of(kept).begin(stream("cursor"), NOON).at == "c9"


def test_a_list_may_be_asked_to_reach_further_back_than_its_changes() -> None:
    of = stream("cursor", floor="created", floor_days=120)
    begun = Position(mark=stamp(0)[:-1]).begin(of, NOON)
    params = begun.params(of)
    assert params["since"] == "2026-03-02T11:59:59Z"
    assert params["created"] == "2025-11-02T11:59:59Z"
    whole = stream(
        "cursor", floor="created", floor_days=120, start=datetime(1970, 1, 1, tzinfo=UTC)
    )
    assert Position().begin(whole, NOON).params(whole)["created"] == "1970-01-01T00:00:00Z"


def test_rows_may_write_their_times_otherwise_than_they_are_asked_for() -> None:
    of = stream("page", row_form="unix_ms")
    row = Row("1", {"id": 1, "at": int(NOON.timestamp()) * 1000 + 2000})
    behind, _ = (
        Position()
        .begin(of, NOON)
        .move(of, [row], at=None, told=NOON + timedelta(seconds=9), most_pages=10)
    )
    assert Position.of(behind.cursor()).mark == "2026-03-02T12:00:02.000000"
