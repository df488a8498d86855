"""Teams and rules of assignment: who sees them, who changes them, what they would have done."""

import pytest
from auditlog.models import LogEntry
from bs4 import BeautifulSoup
from django.db import connection
from django.test.utils import CaptureQueriesContext

from monitoring.domain import teams
from monitoring.models import AssignmentRule, Team
from monitoring.settings_forms import TeamForm
from tests.monitoring.conftest import hold
from tests.monitoring.test_desk import EVIL, make
from tests.pages.scenery import page, texts

pytestmark = pytest.mark.db
URL = "/desk/settings/"


@pytest.fixture
def crew(ana):
    team = Team.objects.create(name="Master data")
    team.members.add(ana)
    return team


def rules():
    return list(AssignmentRule.objects.values_list("position", "code"))


def errors(response):
    assert response.status_code == 422
    soup = BeautifulSoup(response.content, "html.parser")
    return [one.text.strip() for one in soup.select(".field-error")]


def test_a_team_is_made_of_the_partners_people(engineer, ana, ben, viewer):
    form = page(engineer.get(f"{URL}teams/new/"))
    assert texts(form, "#id_members label") == ["Engineer", "Operator"]
    engineer.post(f"{URL}teams/new/", {"name": "Master data", "members": [ana.pk, ben.pk]})
    assert texts(page(engineer.get(URL)), "#teams ~ table td") == [
        "Master data", "Engineer, Operator", "0",
    ]  # fmt: skip
    team = Team.objects.get()
    engineer.post(f"{URL}teams/{team.pk}/", {"name": "Data", "members": [ana.pk]})
    team.refresh_from_db()
    assert (team.name, list(team.members.all())) == ("Data", [ana])


def test_two_teams_have_two_names(engineer, crew):
    refused = engineer.post(f"{URL}teams/new/", {"name": " master DATA "})
    assert errors(refused) == ["There is a team of this name: choose another."]
    assert engineer.post(f"{URL}teams/{crew.pk}/", {"name": "master data"}).status_code == 302


def test_a_deleted_team_leaves_its_cases_to_nobody_after_it_was_asked(engineer, harbor, crew):
    case = make(harbor.shop, "one", team=crew)
    AssignmentRule.objects.create(position=1, team=crew)
    asked = page(engineer.get(f"{URL}teams/{crew.pk}/delete/"))
    assert "1 open case would be nobody's, and 1 rule would go." in texts(asked, ".section")[0]
    assert Team.objects.exists()
    engineer.post(f"{URL}teams/{crew.pk}/delete/")
    case.refresh_from_db()
    assert (case.team, Team.objects.count(), AssignmentRule.objects.count()) == (None, 0, 0)


def test_a_rule_says_which_cases_and_to_whom(engineer, harbor, maris, crew, ana):
    given = {"customer": harbor.customer_id, "endpoint": harbor.shop.pk, "code": "unknown_sku"}
    engineer.post(f"{URL}rules/new/", {**given, "to": f"team:{crew.pk}"})
    engineer.post(f"{URL}rules/new/", {"category": "connection", "to": f"person:{ana.pk}"})
    shown = texts(page(engineer.get(URL)), "#rules ~ table:first-of-type tbody td.main")
    assert shown == [
        "Harbor Outfitters: Web shop · unknown item", "connection",
    ]  # fmt: skip
    case = hold(harbor, "1001")
    assert (case.team, case.assignee) == (crew, None)
    first = AssignmentRule.objects.get(position=1)
    engineer.post(f"{URL}rules/{first.pk}/", {"to": f"person:{ana.pk}"})
    first.refresh_from_db()
    assert (first.customer, first.endpoint, first.code, first.team, first.person) == (
        None, None, "", None, ana,
    )  # fmt: skip


def test_a_rule_that_fits_nothing_is_refused(engineer, harbor, maris, crew):
    given = {"customer": maris.customer_id, "endpoint": harbor.shop.pk, "to": f"team:{crew.pk}"}
    refused = engineer.post(f"{URL}rules/new/", given)
    assert errors(refused) == ["Web shop is not an endpoint of Maris Foods."]
    given = {"category": "connection", "code": "unknown_sku", "to": f"team:{crew.pk}"}
    assert errors(engineer.post(f"{URL}rules/new/", given)) == [
        "This cause is of the category master data."
    ]
    assert errors(engineer.post(f"{URL}rules/new/", {})) == ["Choose a person or a team."]
    assert not AssignmentRule.objects.exists()


def test_rules_tell_what_they_would_have_taken_each_case_once(engineer, harbor, maris, crew):
    for n in range(14):
        make(harbor.shop, f"case {n}")
    for n in range(80):
        make(maris.shop, f"theirs {n}", code="uom_mismatch")
    for n in range(10):
        make(maris.shop, f"other {n}", code="unavailable")
    AssignmentRule.objects.create(position=1, code="uom_mismatch", team=crew)
    AssignmentRule.objects.create(position=2, customer_id=maris.customer_id, team=crew)
    AssignmentRule.objects.create(position=3, customer_id=harbor.customer_id, team=crew)
    shown = page(engineer.get(URL))
    # the last 100 are 10 others, 80 of theirs and 10 of Harbor's 14
    assert texts(shown, "td[data-label='Would have taken']") == [
        "80 of the last 100", "10 of the last 100", "10 of the last 100",
    ]  # fmt: skip
    assert "0 of the last 100 cases would have been nobody's." in texts(shown, "#rules")[0]
    AssignmentRule.objects.filter(position=3).delete()
    assert "10 of the last 100 cases would have been" in texts(page(engineer.get(URL)), "#rules")[0]


def test_rules_move_up_and_down(engineer, crew):
    for position, code in enumerate(("a", "b", "c"), 1):
        AssignmentRule.objects.create(position=position, code=code, team=crew)
    last = AssignmentRule.objects.get(code="c")
    engineer.post(f"{URL}rules/{last.pk}/move/", {"to": "up"})
    assert rules() == [(1, "a"), (2, "c"), (3, "b")]
    engineer.post(f"{URL}rules/{last.pk}/move/", {"to": "down"})
    assert rules() == [(1, "a"), (2, "b"), (3, "c")]
    assert teams.move(last.pk, up=False) is False
    assert teams.move(2**40, up=True) is False
    buttons = page(engineer.get(URL)).select(".moves button")
    assert [b.has_attr("disabled") for b in buttons] == [True, False, False, False, False, True]


def test_a_rule_is_deleted_after_it_was_asked(engineer, crew):
    rule = AssignmentRule.objects.create(position=1, code="uom_mismatch", team=crew)
    asked = page(engineer.get(f"{URL}rules/{rule.pk}/delete/"))
    assert texts(asked, ".section h2") == ["Delete the rule for unit without conversion?"]
    engineer.post(f"{URL}rules/{rule.pk}/delete/")
    assert not AssignmentRule.objects.exists()


def test_who_changes_them_stands_in_the_audit_trail(engineer, crew, ben):
    engineer.post(f"{URL}rules/new/", {"to": f"team:{crew.pk}"})
    entry = LogEntry.objects.get_for_model(AssignmentRule).get()
    assert (entry.actor, entry.action) == (ben, LogEntry.Action.CREATE)
    engineer.post(f"{URL}teams/{crew.pk}/", {"name": "Data", "members": [ben.pk]})
    assert LogEntry.objects.get_for_object(crew).filter(actor=ben).exists()


def test_operators_see_them_and_change_nothing(operator, viewer, stranger, harbor, crew):
    rule = AssignmentRule.objects.create(position=1, team=crew)
    shown = page(operator.get(URL))
    assert texts(shown, "#teams ~ table td")[0] == "Master data"
    assert shown.select(".list form, .list a, .page-actions") == []
    changing = [
        "teams/new/", f"teams/{crew.pk}/", f"teams/{crew.pk}/delete/", "rules/new/",
        f"rules/{rule.pk}/", f"rules/{rule.pk}/delete/", f"rules/{rule.pk}/move/",
    ]  # fmt: skip
    for address in changing:
        assert operator.post(f"{URL}{address}", {"name": "x", "to": "up"}).status_code == 403
        assert viewer.post(f"{URL}{address}").status_code == 403
    assert viewer.get(URL).status_code == 403
    assert "Master data" not in stranger.get(URL).content.decode()


def test_the_rail_marks_the_settings_and_not_the_desk(operator, kestrel):
    assert texts(page(operator.get(URL)), ".rail [aria-current]") == ["Desk settings"]
    assert texts(page(operator.get("/desk/")), ".rail [aria-current]") == ["Desk"]


def test_the_page_asks_the_same_number_of_queries_for_one_and_for_three(engineer, harbor, crew):
    AssignmentRule.objects.create(position=1, customer_id=harbor.customer_id, team=crew)
    make(harbor.shop, "one")
    engineer.get(URL)
    with CaptureQueriesContext(connection) as one:
        engineer.get(URL)
    for n in (2, 3):
        team = Team.objects.create(name=f"Team {n}")
        AssignmentRule.objects.create(position=n, endpoint=harbor.shop, team=team)
        make(harbor.shop, f"case {n}", team=team)
    with CaptureQueriesContext(connection) as three:
        engineer.get(URL)
    assert len(three) == len(one) < 20


def test_hostile_names_are_shown_as_names(engineer, harbor, ana):
    harbor.shop.label = EVIL
    harbor.shop.save()
    engineer.post(f"{URL}teams/new/", {"name": EVIL, "members": [ana.pk]})
    team = Team.objects.get()
    engineer.post(f"{URL}rules/new/", {"endpoint": harbor.shop.pk, "to": f"team:{team.pk}"})
    for address in ("", f"teams/{team.pk}/", f"teams/{team.pk}/delete/", "rules/new/"):
        shown = engineer.get(f"{URL}{address}")
        assert EVIL.encode() not in shown.content
        assert EVIL in page(shown).text


def test_of_two_who_give_the_same_name_at_once_the_second_reads_why(engineer, monkeypatch):
    monkeypatch.setattr(TeamForm, "clean_name", lambda form: form.cleaned_data["name"])
    given = {"name": "Master data", "members": []}
    assert engineer.post(f"{URL}teams/new/", given).status_code == 302
    second = engineer.post(f"{URL}teams/new/", given)
    assert second.status_code == 422
    assert "There is a team of this name: choose another." in second.content.decode()
    assert Team.objects.count() == 1
