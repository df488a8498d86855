"""What the page of a break says of its life: seen by which runs, accepted by whom, gone since when."""

import pytest

from monitoring.domain import reconcile_correct
from monitoring.models import Break, ReconRun
from tests.pages.scenery import page, texts
from tests.reconciliation.conftest import only_break, run
from tests.reconciliation.test_corrections import large, small

pytestmark = pytest.mark.db


def shown(client, found: Break):
    return page(client.get(f"/reconciliation/breaks/{found.pk}/"))


def story(client, found: Break) -> dict[str, str]:
    """Label → what it says, with the run it links to at the end."""
    one = shown(client, found)
    return dict(zip(texts(one, "#story dt"), texts(one, "#story dd"), strict=True))


def runs() -> list[str]:
    return [one.label for one in ReconRun.objects.order_by("pk")]


def test_a_gap_that_changes_is_seen_in_as_many_runs_as_saw_it(operator, house):
    house.count({"TENT-2P": -2})
    one = house.define()
    run(one)
    assert story(operator, only_break(one))["Seen in"] == "1 run"
    assert texts(shown(operator, only_break(one)), ".page-head .status") == ["seen once"]
    house.book(-1)
    run(one)
    found, (first, second) = only_break(one), runs()
    told = story(operator, found)
    assert told["Seen in"] == "2 runs, the last 1 alike"
    assert told["First seen"].endswith(f" {first}")
    assert told["Last seen"].endswith(f" {second}")
    assert texts(shown(operator, found), ".page-head .status") == ["seen in 2 runs, not sure yet"]


def test_what_stays_the_same_is_said_as_that(operator, house):
    one, found = small(house)
    run(one)
    assert story(operator, found)["Seen in"] == "3 runs, all alike"


def test_a_closed_break_says_in_which_run_it_went_away(operator, house):
    one, found = small(house)
    house.book(-2)
    run(one)
    told, (first, second, third) = story(operator, found), runs()
    assert told["First seen"].endswith(f" {first}")
    assert told["Last seen"].endswith(f" {second}")
    assert told["Gone since"].endswith(f" {third}")
    assert told["Seen in"] == "2 runs"
    gaps = texts(shown(operator, found), "#break table tbody td")
    assert gaps == ["no difference", "−2", "−2"]
    assert texts(shown(operator, found), "h1") == ["TENT-2P at RNO1 differed by −2"]


def test_light_runs_that_closed_it_are_told_once(operator, house):
    one, found = small(house)
    house.book(-2)
    for _ in range(2):
        run(one, "hourly", light=True)
    gaps = texts(shown(operator, found), "#break table tbody td")
    assert gaps == ["no difference", "no difference", "−2", "−2"]
    assert story(operator, found)["Gone since"].endswith(f" {runs()[-1]}")


def test_what_came_back_begins_its_story_anew(operator, house):
    one, found = small(house)
    house.book(-2)
    run(one)
    house.book(2)
    run(one)
    told = story(operator, found)
    assert told["Seen in"] == "1 run" and "Gone since" not in told
    assert told["First seen"].endswith(f" {runs()[-1]}")


def test_without_its_runs_the_times_stay(operator, house):
    _, found = small(house)
    ReconRun.objects.all().delete()
    told = story(operator, found)
    assert "Run" not in told["First seen"] and told["Seen in"] == "2 runs, all alike"


def test_what_was_accepted_offers_nothing_and_says_by_whom(operator, house, ana, ben):
    one, found = large(house)
    asked = reconcile_correct.ask(found.pk, "accept", actor=ana, reason="Lent to the fair")
    reconcile_correct.approve(asked.pk, actor=ben)
    told = story(operator, found)
    assert told["Accepted"].endswith(f"by {ana.name}, let through by {ben.name}")
    assert not shown(operator, found).select("aside form")
    run(one)
    assert not shown(operator, found).select("aside form")


def test_what_was_adjusted_offers_no_second_adjustment(operator, house, ana):
    _, found = small(house)
    reconcile_correct.ask(found.pk, "adjust", actor=ana, reason="Counted")
    assert "Post the adjustment" not in texts(shown(operator, found), "aside h3")
    assert "Accept as it is" in texts(shown(operator, found), "aside h3")
