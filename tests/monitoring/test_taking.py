"""Take next: the most urgent free case of the view, for one person."""

import pytest

from monitoring.domain import assignment, leases
from monitoring.models import CaseEvent, ExceptionCase, Lease, Team
from tests.monitoring.desk import make
from tests.pages.scenery import page, texts

pytestmark = pytest.mark.db


def take(client, query=""):
    return client.post(f"/desk/take/?{query}" if query else "/desk/take/")


def test_two_who_press_it_get_two_cases_the_most_urgent_first(operator, engineer, harbor, ana, ben):
    make(harbor.shop, "third", at_risk=100)
    first = make(harbor.shop, "first", at_risk=900)
    second = make(harbor.shop, "second", at_risk=500)
    assert take(operator)["Location"] == f"/cases/{first.pk}/"
    assert take(engineer)["Location"] == f"/cases/{second.pk}/"
    assert leases.of([first.pk])[first.pk].person == ana
    assert leases.of([second.pk])[second.pk].person == ben


def test_taking_acknowledges(operator, harbor):
    case = make(harbor.shop, "new", state="new")
    take(operator)
    case.refresh_from_db()
    assert case.state == "open"
    assert case.acknowledged_at is not None
    assert list(CaseEvent.objects.order_by("pk").values_list("action", flat=True)) == [
        "took", "acknowledged",
    ]  # fmt: skip


def test_pressing_it_again_gives_the_next_one(operator, harbor):
    first, second = make(harbor.shop, "a", at_risk=900), make(harbor.shop, "b", at_risk=500)
    assert [take(operator)["Location"] for _ in "12"] == [
        f"/cases/{first.pk}/", f"/cases/{second.pk}/",
    ]  # fmt: skip


def test_it_stays_in_the_view_and_its_filters(operator, harbor, maris):
    make(harbor.shop, "dear", at_risk=9000)
    theirs = make(maris.shop, "theirs", at_risk=10)
    assert take(operator, "customer=maris")["Location"] == f"/cases/{theirs.pk}/"
    answer = take(operator, "customer=maris&view=free")
    assert answer["Location"] == "/desk/?view=free&customer=maris"
    assert texts(page(operator.get(answer["Location"])), ".toast") == [
        "Nothing is free here: what is open waits, or somebody has it."
    ]


def test_what_waits_is_snoozed_or_somebody_elses_is_not_taken(operator, harbor, ben):
    make(harbor.shop, "waits", state="waiting")
    make(harbor.shop, "snoozed", state="snoozed")
    assignment.assign(make(harbor.shop, "ben's"), actor="Ben", person=ben)
    other = Team.objects.create(name="EDI")
    assignment.assign(make(harbor.shop, "EDI's"), actor="Ben", team=other)
    make(harbor.shop, "done", state="resolved")
    ExceptionCase.objects.filter(title="done").update(closed_at="2026-03-02T12:00:00Z")
    assert take(operator)["Location"] == "/desk/"
    assert not Lease.objects.exists()


def test_what_is_mine_or_my_teams_is_taken_too(operator, harbor, ana):
    team = Team.objects.create(name="Master data")
    team.members.add(ana)
    case = make(harbor.shop, "my team's", team=team)
    assert take(operator)["Location"] == f"/cases/{case.pk}/"


def test_it_is_a_post(operator, harbor):
    make(harbor.shop, "free")
    assert operator.get("/desk/take/").status_code == 405
    assert not Lease.objects.exists()


def test_the_button_takes_from_what_is_shown(operator, harbor):
    make(harbor.shop, "free")
    form = page(operator.get("/desk/?view=free&customer=harbor")).select_one(".page-actions form")
    assert form["action"] == "/desk/take/?view=free&customer=harbor"
    assert form.button["data-key"] == "t"


def test_a_stranger_takes_nothing_of_ours(stranger, harbor):
    make(harbor.shop, "free")
    assert take(stranger)["Location"] == "/desk/"
    assert not Lease.objects.exists()
