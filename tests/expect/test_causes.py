"""Why it is quiet: what the facts speak for, in order."""

from datetime import date, timedelta

import pytest

from monitoring.expect.causes import (
    UNKNOWN,
    Facts,
    Former,
    Other,
    Ours,
    Outage,
    Polls,
    rank,
)
from tests.customers.calendars import local

pytestmark = pytest.mark.pure

SINCE = local("2026-03-04 09:12")
NOW = local("2026-03-04 12:00")
MINUTE = timedelta(minutes=1)


def ranked(**facts):
    given = {"what": "orders", "endpoint": "Shop", "zone": "America/Los_Angeles"}
    return rank(Facts(**given, since=SINCE, now=NOW, **facts))


def codes(**facts):
    return [cause.code for cause in ranked(**facts)]


def test_without_facts_nothing_explains_it():
    assert ranked() == [UNKNOWN]
    assert UNKNOWN.how_sure == "possible"


def test_a_fault_of_ours_goes_before_theirs():
    poll = Ours("poll", "the poll of orders fails", SINCE + MINUTE)
    found = ranked(ours=[poll], closed="Founders' Day", polls=Polls(3, NOW))
    assert [cause.code for cause in found] == ["our_poll", "closed", "upstream_quiet"]
    assert found[0].sentence == "Our fault: the poll of orders fails"
    assert found[0].lines == ("the poll of orders fails, since 09:13",)
    assert (found[0].party, found[0].how_sure) == ("us", "very likely")


@pytest.mark.parametrize(
    ("before", "sure"),
    [(10 * MINUTE, "very likely"), (5 * 60 * MINUTE, "likely")],
)
def test_a_change_is_the_likelier_the_shorter_before_it_was(before, sure):
    change = Ours("change", "L. Holt published the mapping of orders", SINCE - before)
    assert [(one.code, one.how_sure) for one in ranked(ours=[change])] == [("our_change", sure)]


@pytest.mark.parametrize("before", [-60 * MINUTE, 3 * 24 * 60 * MINUTE])
def test_a_change_afterwards_or_long_before_is_none(before):
    assert ranked(ours=[Ours("change", "a change", SINCE - before)]) == [UNKNOWN]


def test_an_endpoint_that_is_down_is_why_it_gives_nothing():
    found = ranked(outage=Outage(SINCE, "The store answered 401"), polls=Polls(2, NOW))
    assert found[0].code == "endpoint_down"
    assert found[0].sentence == "Shop cannot be reached since 09:12"
    assert found[0].lines == ("The store answered 401",)


def test_polls_without_documents_while_others_go_on_mean_the_other_side_is_quiet():
    (found,) = ranked(polls=Polls(34, NOW), others=[Other("Outlet", 41, 38.0)])
    assert (found.code, found.party) == ("upstream_quiet", "third_party")
    assert found.sentence == "Shop is reached and gives no orders"
    assert found.lines == (
        "34 polls answered without a document, the last 12:00",
        "Outlet: 41 documents where about 38 were expected",
    )
    alone = ranked(polls=Polls(34, NOW))[0]
    assert alone.weight < found.weight


def test_what_pushes_is_quiet_while_others_go_on():
    (found,) = ranked(others=[Other("Outlet", 41, 38.0)])
    assert found.sentence == "Shop sends no orders while others go on"


def test_where_all_are_quiet_our_own_side_is_looked_at_first():
    (found,) = ranked(others=[Other("Outlet", 0, 12.0), Other("Market", 0, 7.0)])
    assert (found.code, found.party) == ("all_quiet", "us")
    # one that has nothing to give yet says nothing
    assert codes(others=[Other("Outlet", 0, 0.4)]) == ["unknown"]


def test_a_day_that_was_quiet_in_former_years_explains_it():
    years = [Former(date(2025, 3, 4), 3, 60.0), Former(date(2024, 3, 4), 1, 45.0)]
    (found,) = ranked(former=years)
    assert found.sentence == "4 Mar was quiet in former years, too"
    assert found.lines == ("4 Mar 2025: 3, usually 60", "4 Mar 2024: 1, usually 45")
    assert codes(former=[*years, *[Former(date(2023, 3, 4), 50, 50.0)] * 2]) == ["unknown"]


def test_a_promotion_that_is_over_is_told():
    (found,) = ranked(promotion="Winter sale, until 3 Mar")
    assert (found.code, found.how_sure) == ("promotion_over", "likely")
