"""Who is on call now, and who is next."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitoring.alerting.rota import Rota, Shift, Swap, coming, on_call, shifts, turn
from tests.customers.calendars import local, utc
from tests.customers.test_calendar_properties import ZONES, instants

pytestmark = pytest.mark.pure

LA = ZoneInfo("America/Los_Angeles")
ANA, BEN, CAL = 1, 2, 3
WEEKLY = Rota(LA, (ANA, BEN, CAL), "weekly", date(2026, 11, 2), 9 * 60)  # a Monday
DAILY = Rota(LA, (ANA, BEN), "daily", date(2026, 3, 6), 8 * 60)


@pytest.mark.parametrize(
    ("at", "person"),
    [
        ("2026-11-02 08:59", None),  # before the first handover
        ("2026-11-02 09:00", ANA),
        ("2026-11-09 08:59", ANA),
        ("2026-11-09 09:00", BEN),
        ("2026-11-16 09:00", CAL),
        ("2026-11-23 09:00", ANA),
    ],
)
def test_people_take_turns_of_a_week(at, person):
    assert on_call(WEEKLY, (), local(at)) == person


def test_a_handover_keeps_its_local_time_when_clocks_change():
    # 08:00 is 16:00 UTC on 7 March and 15:00 UTC on 8 March: that turn has 23 hours.
    assert turn(DAILY, local("2026-03-07 12:00")) == Shift(
        BEN, utc("2026-03-07 16:00"), utc("2026-03-08 15:00")
    )
    assert on_call(DAILY, (), utc("2026-03-08 14:59")) == BEN
    assert on_call(DAILY, (), utc("2026-03-08 15:00")) == ANA


def test_a_handover_at_a_time_that_is_skipped_is_at_the_jump():
    rota = Rota(LA, (ANA, BEN), "daily", date(2026, 3, 7), 2 * 60 + 30)
    assert on_call(rota, (), utc("2026-03-08 09:59")) == ANA
    assert on_call(rota, (), utc("2026-03-08 10:00")) == BEN


def test_a_handover_at_a_time_that_comes_twice_is_the_first_time():
    rota = Rota(LA, (ANA, BEN), "daily", date(2026, 10, 31), 90)
    assert on_call(rota, (), utc("2026-11-01 08:29")) == ANA
    assert on_call(rota, (), utc("2026-11-01 08:30")) == BEN
    assert on_call(rota, (), utc("2026-11-01 09:30")) == BEN


def test_a_swap_goes_before_the_turn_and_the_last_made_before_others():
    early = Swap(CAL, local("2026-11-03 00:00"), local("2026-11-05 00:00"))
    late = Swap(BEN, local("2026-11-04 00:00"), local("2026-11-04 12:00"))
    swaps = [early, late]
    assert on_call(WEEKLY, swaps, local("2026-11-02 23:59")) == ANA
    assert on_call(WEEKLY, swaps, local("2026-11-03 00:00")) == CAL
    assert on_call(WEEKLY, swaps, local("2026-11-04 06:00")) == BEN
    assert on_call(WEEKLY, swaps, local("2026-11-04 12:00")) == CAL
    assert on_call(WEEKLY, swaps, local("2026-11-05 00:00")) == ANA


def test_shifts_are_listed_in_order_with_the_swaps_in_them():
    swap = Swap(CAL, local("2026-11-08 00:00"), local("2026-11-10 00:00"))
    found = shifts(WEEKLY, [swap], since=local("2026-11-02 00:00"), until=local("2026-11-16 09:00"))
    assert [(one.person, one.begins, one.ends) for one in found] == [
        (ANA, local("2026-11-02 09:00"), local("2026-11-08 00:00")),
        (CAL, local("2026-11-08 00:00"), local("2026-11-10 00:00")),
        (BEN, local("2026-11-10 00:00"), local("2026-11-16 09:00")),
    ]


def test_the_next_is_somebody_else():
    assert coming(WEEKLY, (), local("2026-11-04 12:00")) == Shift(
        BEN, local("2026-11-09 09:00"), local("2026-11-16 09:00")
    )
    alone = Rota(LA, (ANA,), "weekly", date(2026, 11, 2), 9 * 60)
    assert coming(alone, (), local("2026-11-04 12:00")) is None


def test_before_the_first_handover_the_next_is_the_first_of_them():
    found = coming(WEEKLY, (), local("2026-06-01 12:00"))
    assert found and (found.person, found.begins) == (ANA, local("2026-11-02 09:00"))


def test_a_rota_without_people_has_nobody():
    empty = Rota(LA, (), "daily", date(2026, 3, 6), 0)
    assert (
        on_call(empty, (), local("2026-03-07 12:00")),
        coming(empty, (), local("2026-03-07 12:00")),
    ) == (None, None)


rotas = st.builds(
    Rota,
    zone=st.sampled_from(ZONES).map(ZoneInfo),
    members=st.integers(1, 4).map(lambda n: tuple(range(n))),
    every=st.sampled_from(["daily", "weekly"]),
    first=st.just(date(2010, 12, 20)),
    minute=st.integers(0, 1439),
)


@given(rotas, instants)
def test_there_is_always_one_on_call_and_the_turns_have_no_gap(rota, at):
    now = turn(rota, at)
    assert now.begins <= at < now.ends
    following = turn(rota, now.ends)
    assert following.begins == now.ends or rota.zone.key == "Pacific/Apia"


@given(rotas, instants, st.integers(1, 40))
def test_the_list_of_shifts_agrees_with_who_is_on_call(rota, at, hours):
    end = at + timedelta(hours=hours)
    swap = Swap(9, at + timedelta(hours=1), at + timedelta(hours=3))
    found = shifts(rota, [swap], since=at, until=end)
    assert (found[0].begins, found[-1].ends) == (at, end)
    for one in found:
        middle = one.begins + (one.ends - one.begins) / 2
        assert one.person == on_call(rota, [swap], middle)
