"""How fast a budget burns, and which alerts fire."""

from datetime import timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitoring.slo import POLICIES, Count, alerts, budget, burn_rate, rates
from monitoring.slo.burn import burn_windows
from tests.slo.scenery import at, event, figures, in_time, minutes, usual

pytestmark = pytest.mark.pure

MAY_MISS = Fraction(1, 100)
LENGTHS = {policy.name: (policy.long, policy.short) for policy in POLICIES}


def firing(burns, *, total=10_000, may_miss=MAY_MISS):
    """The names of the alerts at these burn rates by window, all others quiet."""
    counts = {length: Count(Fraction(0), Fraction(total)) for length in burn_windows(POLICIES)}
    for length, rate in burns.items():
        counts[length] = Count(Fraction(rate) * total * may_miss, Fraction(total))
    return [alert.policy.name for alert in alerts(counts, may_miss=may_miss)]


def test_the_windows_of_the_policies():
    assert [length / minutes(1) for length in burn_windows(POLICIES)] == [
        5,
        30,
        60,
        120,
        360,
        1440,
        4320,
    ]


@pytest.mark.parametrize(
    ("name", "at_limit", "over"),
    [
        ("fast", "14.4", "14.5"),
        ("steady", "6", "6.1"),
        ("slow", "3", "3.1"),
        ("creeping", "1", "1.1"),
    ],
)
def test_an_alert_fires_when_both_its_windows_burn_faster(name, at_limit, over):
    long, short = LENGTHS[name]
    assert firing({long: over, short: over}) == [name]
    assert firing({long: at_limit, short: over}) == []
    assert firing({long: over, short: at_limit}) == []
    assert firing({long: over}) == []  # it has stopped


def test_the_fastest_comes_first():
    assert firing(dict.fromkeys(burn_windows(POLICIES), "20")) == [
        "fast",
        "steady",
        "slow",
        "creeping",
    ]


def test_one_miss_in_a_quiet_hour_wakes_nobody():
    counts = dict.fromkeys(burn_windows(POLICIES), Count(Fraction(1), Fraction(3)))
    assert alerts(counts, may_miss=MAY_MISS) == []
    twice = dict.fromkeys(burn_windows(POLICIES), Count(Fraction(2), Fraction(3)))
    assert len(alerts(twice, may_miss=MAY_MISS)) == 4


def test_one_miss_of_what_may_never_miss_does():
    counts = dict.fromkeys(burn_windows(POLICIES), Count(Fraction(1), Fraction(48_212)))
    found = alerts(counts, may_miss=Fraction(0))
    assert (found[0].policy.name, found[0].long) == ("fast", None)


def test_a_window_that_was_not_counted_is_an_error():
    with pytest.raises(KeyError):
        alerts({}, may_miss=MAY_MISS)


def test_the_rates_of_the_last_so_long_come_from_the_evidence():
    now = at("04-10 09:00")
    late = [event(f"SO-L{n}", "04-10 08:30", "04-10 08:57") for n in range(6)]  # due 08:45
    found = rates(
        usual("ingestion_latency"),
        [*late, *in_time(54)],
        lengths=[minutes(5), minutes(60)],
        now=now,
    )
    hour = found[timedelta(hours=1)]
    assert (hour.total, hour.missed.total, hour.burn) == (60, 6, 2)  # 0.1 / 0.05
    assert found[minutes(5)].total == 0


@pytest.mark.parametrize(
    ("total", "may_miss", "used", "whole", "allowed", "share"),
    [
        (8640, "0.005", 31, True, 43, Fraction(31, 43)),
        (412, "0.02", 3, True, 8, Fraction(3, 8)),
        (37, "0.05", 1, True, 1, 1),
        (10, "0.005", 1, True, 0, None),
        (10, "0.005", 0, True, 0, 0),
        (43200, "0.01", 596, False, 432, Fraction(596, 432)),
    ],
)
def test_a_budget(total, may_miss, used, whole, allowed, share):
    found = budget(
        total=Fraction(total), may_miss=Fraction(may_miss), used=Fraction(used), whole=whole
    )
    assert (found.allowed, found.left, found.share) == (allowed, allowed - used, share)


counts = st.integers(1, 2000)


@given(counts, counts, st.integers(1, 99))
def test_a_budget_is_enough_when_and_only_when_it_burned_at_most_once(total, missed, target):
    missed, may_miss = min(missed, total), 1 - Fraction(target, 100)
    given = {"total": Fraction(total), "may_miss": may_miss}
    rate = burn_rate(missed=Fraction(missed), **given)
    assert budget(used=Fraction(missed), whole=True, **given).kept == (rate <= 1)


def test_a_months_burn_is_what_it_used_of_its_budget():
    orders = [*in_time(97), *(event(f"SO-L{n}", "04-10 08:00", "04-10 09:00") for n in range(3))]
    found = figures(usual("ingestion_latency"), orders)
    assert (found.burn, found.budget.share) == (Fraction(3, 5), Fraction(3, 5))
