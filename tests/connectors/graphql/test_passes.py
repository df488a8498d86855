"""Reading a list by change time: no row is skipped whatever changes meanwhile, and no list is endless."""

from datetime import datetime, timedelta

import pytest

from integrations.connectors.graphql.passes import EndlessListError, Position, moment
from tests.connectors.graphql.moments import NOON


class Rows:
    """A list in the order of change. `steady`: cursors point at rows; else they count them."""

    def __init__(self, *, steady: bool, size: int = 3) -> None:
        self.rows: dict[str, datetime] = {}
        self.steady, self.size = steady, size

    def page(self, here: Position) -> tuple[list[tuple[str, datetime]], str | None]:
        found = sorted(
            (at, name) for name, at in self.rows.items() if not here.since or at >= here.since
        )
        start = 0
        if here.after and self.steady:
            said, name = here.after.split("|")
            start = sum((at, one) <= (moment(said), name) for at, one in found)
        elif here.after:
            start = int(here.after)
        page = found[start : start + self.size]
        if start + self.size >= len(found):
            return [(name, at) for at, name in page], None
        after = (
            f"{page[-1][0].isoformat()}|{page[-1][1]}" if self.steady else str(start + self.size)
        )
        return [(name, at) for at, name in page], after


def read(
    rows: Rows, cursor: dict, *, now: datetime, between=lambda page: None
) -> tuple[list, dict]:
    seen, more, number = [], True, 0
    while more:
        here = Position.of(cursor).begin(overlap=300, first=None)
        page, after = rows.page(here)
        behind, more = here.move([at for _, at in page], after=after, told=now, steady=rows.steady)
        cursor = behind.cursor()
        seen += [name for name, _ in page]
        between(number)
        number += 1
    return seen, cursor


@pytest.mark.parametrize("steady", [True, False])
def test_rows_that_change_while_pages_are_read_push_nothing_out(steady):
    rows = Rows(steady=steady)
    rows.rows = {f"r{n}": NOON + timedelta(minutes=n) for n in range(10)}

    def change(page: int) -> None:
        if page < 2:
            rows.rows[f"r{page}"] = NOON + timedelta(hours=1, seconds=page)

    seen, cursor = read(rows, {}, now=NOON + timedelta(minutes=59), between=change)
    assert {*seen} == rows.rows.keys()
    assert cursor["mark"] == "2026-11-30T12:59:00.000000"  # not behind the moment it began at
    again, _ = read(rows, cursor, now=NOON + timedelta(hours=2))
    assert {"r0", "r1"} <= {*again}


@pytest.mark.parametrize("steady", [True, False])
def test_more_rows_of_one_moment_than_a_page_holds(steady):
    rows = Rows(steady=steady)
    rows.rows = {f"r{n}": NOON for n in range(10)} | {"later": NOON + timedelta(minutes=1)}
    seen, cursor = read(rows, {}, now=NOON + timedelta(hours=1))
    assert {*seen} == rows.rows.keys()
    again, _ = read(rows, cursor, now=NOON + timedelta(hours=1))
    assert "later" in again  # the overlap


def test_a_list_that_leads_to_itself_ends():
    here = Position().begin(overlap=0, first=NOON)
    here, more = here.move([NOON], after="x", told=NOON)
    assert more
    with pytest.raises(EndlessListError):
        here.move([NOON], after="x", told=NOON)


def test_a_refused_cursor_is_left_three_times():
    here = Position(mark="2026-11-30T12:00:00.000000", within=True, after="old")
    for _ in range(3):
        anew = here.anew()
        assert anew is not None and anew.after is None and anew.mark == here.mark
        here = Position(mark=anew.mark, within=True, after="old", again=anew.again)
    assert here.anew() is None


def test_a_cursor_is_json_and_short_when_nothing_runs():
    assert Position().cursor() == {}
    here = Position().begin(overlap=0, first=NOON)
    assert Position.of(here.cursor()) == here
