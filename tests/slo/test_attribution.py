"""Whose a miss was."""

from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitoring.slo import Interval, Shares
from monitoring.slo.attribution import blame, pieces, time_by_party
from tests.slo.scenery import at, event, figures, held, minutes, span, usual

pytestmark = pytest.mark.pure

HOUR = usual("confirmation_latency", limits={"": minutes(60)})


def shares_of(*holds, ended="04-10 10:00"):
    found = figures(HOUR, [event("S-1", "04-10 08:00", ended, holds=holds)])
    (miss,) = found.tally.misses
    assert sum(miss.shares) == 1
    return miss.shares


def test_what_nobody_else_held_was_ours():
    assert shares_of() == Shares(us=Fraction(1))


def test_a_miss_is_of_the_party_whose_time_alone_was_too_long():
    assert shares_of(held("third_party", "04-10 08:10", "04-10 09:30")) == (0, 0, 1)  # 80 of 60 min
    assert shares_of(held("customer", "04-10 08:10", "04-10 08:50")) == (1, 0, 0)  # we: 80 min


def test_a_miss_that_nobody_made_alone_is_split_by_time():
    shares = shares_of(
        held("third_party", "04-10 08:00", "04-10 08:50"),
        held("customer", "04-10 09:00", "04-10 09:30"),
    )
    assert shares == (Fraction(40, 120), Fraction(30, 120), Fraction(50, 120))


def test_a_miss_that_two_made_alone_is_split_between_them():
    shares = shares_of(
        held("third_party", "04-10 08:00", "04-10 10:00"),
        held("customer", "04-10 10:00", "04-10 12:00"),
        ended="04-10 12:30",
    )
    assert shares == (0, Fraction(1, 2), Fraction(1, 2))


def test_of_holds_that_overlap_the_later_has_the_time_and_gives_it_back():
    outage, wait = (
        held("third_party", "04-10 08:00", "04-10 10:00"),
        held("customer", "04-10 08:30", "04-10 08:40"),
    )
    spent = time_by_party(pieces([outage, wait], span("04-10 08:00", "04-10 10:30")))
    assert spent == {"us": minutes(30), "customer": minutes(10), "third_party": minutes(110)}


def test_the_reason_is_what_the_most_blamed_party_held_longest():
    holds = (
        held("third_party", "04-10 08:00", "04-10 08:10", reason="Slow", proof="OUT-1"),
        held("third_party", "04-10 08:10", "04-10 09:50", reason="Away", proof="OUT-2"),
        held("customer", "04-10 09:50", "04-10 09:55", reason="Asked"),
    )
    (miss,) = figures(HOUR, [event("S-1", "04-10 08:00", "04-10 10:00", holds=holds)]).tally.misses
    assert (miss.reason, miss.proof) == ("Away", "OUT-2")


whole = span("04-10 08:00", "04-10 10:00")
instants = st.integers(-60, 240).map(lambda n: whole.begins + minutes(n))


@st.composite
def holds(draw):
    began = draw(instants)
    length = draw(st.none() | st.integers(1, 200))
    party = draw(st.sampled_from(["us", "customer", "third_party"]))
    return held(party, "04-10 08:00")._replace(
        began=began, ended=length and began + minutes(length)
    )


@given(st.lists(holds(), max_size=6))
def test_pieces_are_the_whole_without_gap_or_overlap(found):
    each = [*pieces(found, whole)]
    assert [each[0].span.begins, each[-1].span.ends] == [*whole]
    assert all(a.span.ends == b.span.begins for a, b in pairwise(each))
    for piece in each:
        middle = piece.span.begins + piece.span.length / 2
        own = [h for h in found if h.began <= middle and (h.ended is None or h.ended > middle)]
        assert (
            piece.party == (max(own, key=lambda h: h.began).party if own else "us")
            or len({h.party for h in own if h.began == max(own, key=lambda h: h.began).began}) > 1
        )


@given(st.lists(holds(), max_size=6), st.integers(1, 119))
def test_the_shares_of_a_miss_are_one_and_none_is_below_nothing(found, limit):
    shares = blame(time_by_party(pieces(found, whole)), minutes(limit))
    assert shares.total == 1
    assert min(shares) >= 0


def test_no_time_at_all_is_ours():
    nothing = Interval(at("04-10 08:00"), at("04-10 08:00"))
    assert blame(time_by_party(pieces([], nothing)), minutes(1)) == (1, 0, 0)
