"""A window of time is cut into the fewest whole sums."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrations.queries.windows import SLOT, Piece, Window, outward, pieces

pytestmark = pytest.mark.pure
MIDNIGHT = datetime(2026, 3, 2, tzinfo=UTC)
LENGTH = {0: SLOT, 1: timedelta(hours=1), 2: timedelta(days=1)}
slots = st.integers(0, 5000)


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-03-{text}+00:00")


def test_a_local_day_half_an_hour_off_is_slots_and_hours() -> None:
    assert pieces(Window(at("02T18:30"), at("03T18:30"))) == [
        Piece(0, at("02T18:30"), at("02T19:00")),
        Piece(1, at("02T19:00"), at("03T18:00")),
        Piece(0, at("03T18:00"), at("03T18:30")),
    ]


def test_a_week_is_mostly_days() -> None:
    assert pieces(Window(at("01T23:55"), at("05T01:00"))) == [
        Piece(0, at("01T23:55"), at("02T00:00")),
        Piece(2, at("02T00:00"), at("05T00:00")),
        Piece(1, at("05T00:00"), at("05T01:00")),
    ]


@given(slots, slots)
def test_the_pieces_follow_each_other_and_cover_the_window(first: int, count: int) -> None:
    window = Window(MIDNIGHT + first * SLOT, MIDNIGHT + (first + count) * SLOT)
    found = pieces(window)
    edges = [edge for piece in found for edge in piece[1:]]
    assert edges == sorted(edges)
    assert edges[1:-1:2] == edges[2::2]
    assert (edges[0], edges[-1]) == window if found else count == 0
    assert all((piece.end - piece.start) % LENGTH[piece.level] == timedelta(0) for piece in found)


def test_an_edge_inside_a_slot_is_refused() -> None:
    with pytest.raises(ValueError, match="inside a slot"):
        pieces(Window(at("02T18:31"), at("03T18:30")))


def test_two_instants_are_widened_to_whole_slots() -> None:
    assert outward(at("02T18:31"), at("02T18:35")) == Window(at("02T18:30"), at("02T18:35"))
    assert outward(at("02T18:30"), at("02T18:36")) == Window(at("02T18:30"), at("02T18:40"))
