"""The same evidence under another promise."""

from decimal import Decimal

import pytest

from monitoring.slo import Feed, ObjectiveError, Reading, what_if
from tests.slo.scenery import APRIL, MAY, at, event, held, in_time, minutes, span, track, usual

pytestmark = pytest.mark.pure


def test_another_target_moves_the_budget_and_not_the_misses():
    down = track(held("us", "04-08 02:00", "04-08 04:35"))  # 31 slots
    found = what_if(
        usual("flow_availability"), [down], window=APRIL, now=MAY, target=Decimal("0.999")
    )
    assert (found.is_now.budget.allowed, found.is_now.kept) == (43, True)
    assert (found.would_be.budget.allowed, found.would_be.kept) == (8, False)
    assert found.is_now.tally == found.would_be.tally


def test_another_limit_moves_the_misses():
    orders = [
        *in_time(18),
        event("SO-A", "04-10 08:00", "04-10 08:10"),
        event("SO-B", "04-10 08:00", "04-10 08:20"),
    ]
    tighter = {"": minutes(5)}
    found = what_if(usual("ingestion_latency"), orders, window=APRIL, now=MAY, limits=tighter)
    assert [miss.id for miss in found.is_now.tally.misses] == ["SO-B"]
    assert [miss.id for miss in found.would_be.tally.misses] == ["SO-A", "SO-B"]
    assert found.would_be.objective.title == "New orders known to us within 5 minutes"


def test_another_age_of_stock_moves_the_stale_time():
    feed = Feed("RNO1", (Reading(at("04-08 08:00"), at("04-08 08:00")),))
    window = span("04-08 08:00", "04-08 10:00")
    found = what_if(usual("freshness"), [feed], window=window, now=MAY, limits={"": minutes(90)})
    assert (found.is_now.missed.total, found.would_be.missed.total) == (60, 30)


def test_nothing_changed_gives_the_same_figures():
    found = what_if(usual("ingestion_latency"), in_time(5), window=APRIL, now=MAY)
    assert found.is_now == found.would_be


def test_a_promise_nobody_can_make_is_refused():
    with pytest.raises(
        ObjectiveError, match=r"spec.objectives\[0\].target: A target is a share above 0"
    ):
        what_if(usual("cutoff"), [], window=APRIL, now=MAY, target=Decimal(99))
