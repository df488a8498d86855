"""The pages of a list: chosen on the desk, shown, acted on, let go, undone."""

from datetime import timedelta
from decimal import Decimal

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django_tenants.utils import schema_context

from integrations.models import LookupRow
from monitoring.domain import bulk, leases, states
from monitoring.models import BulkAction, CaseEvent, ExceptionCase, Team
from monitoring.models.bulk import UNDO_FOR
from portal.core import clock
from tests import pipeline
from tests.monitoring.conftest import hold, remarked
from tests.monitoring.test_bulk import several
from tests.monitoring.test_bulk_documents import tried
from tests.monitoring.test_desk import EVIL, make
from tests.pages.scenery import page, texts

pytestmark = [pytest.mark.db, pytest.mark.long]


def choose(client, *cases, **given):
    """Freeze these; the address of the list."""
    answer = client.post("/desk/bulk/", {"case": [case.pk for case in cases], **given})
    assert answer.status_code == 302
    return answer.url


def act(client, url, verb, **given):
    shown = page(client.get(url)).select_one("#act input[name=shown]")["value"]
    return client.post(url, {"verb": verb, "shown": shown, **given}, follow=True)


def said(response):
    return texts(page(response), "td.said")


def toast(response):
    return texts(page(response), ".toast")


def test_the_list_says_what_is_on_it(operator, harbor, maris):
    one = make(harbor.shop, "SKU X is not known", documents=300, at_risk=Decimal("148000.40"),
               currency="USD", value="X")  # fmt: skip
    two = make(harbor.erp, "second", documents=20, at_risk=210, currency="USD", severity=1)
    three = make(maris.shop, "third", documents=1, at_risk=Decimal("7.50"), currency="EUR")
    shown = page(operator.get(choose(operator, one, two, three, verb="skip")))
    assert texts(shown, "h1") == ["3 cases, 321 documents, $148,210.40, €7.50"]
    assert texts(shown, ".page-facts span")[0] == f"list {BulkAction.objects.get().label}"
    assert texts(shown, "tbody tr td.num") == [
        "300", "148,000.40", "20", "210.00", "1", "7.50",
    ]  # fmt: skip
    assert texts(shown, "tbody b") == ["X"]
    assert texts(shown, "button.primary") == ["Skip 3 R"]
    assert texts(shown, ".flow-end a") == ["Leave them as they are"]
    assert texts(shown, ".tabs a[aria-current]") == ["Skip"]
    assert [a["data-key"] for a in shown.select(".tabs a")] == list("calwzuts")


def test_a_verb_is_chosen_by_its_tab(operator, harbor):
    url = choose(operator, *several(harbor)).partition("?")[0]
    shown = page(operator.get(f"{url}?verb=wait"))
    assert texts(shown, "#act label") == ["on", "because"]
    assert texts(shown, "button.primary") == ["Wait 3 R"]
    assert texts(page(operator.get(f"{url}?verb=lookup")), "button.primary") == ["Acknowledge 3 R"]


def test_done_the_list_tells_each_case_and_can_be_undone(operator, harbor, ben):
    changed, held, free = several(harbor)
    url = choose(operator, changed, held, free, verb="wait", query="view=s1")
    states.tag(changed.pk, tags=["promo"], actor="M. Brandt")
    leases.take(held.pk, ben)
    ahead = said(operator.get(url))
    assert ahead[0].startswith("changed meanwhile: Tagged promo, by M. Brandt")
    assert ahead[1:] == ["held by Engineer", "new"]
    done = page(act(operator, url, "wait", on="customer", reason="asked"))
    assert texts(done, "#result h2") == ["1 of 3 cases set to wait"]
    assert sorted(texts(done, "#result .figures > div")) == [
        "1 changed meanwhile", "1 done", "1 held by another",
    ]  # fmt: skip
    assert texts(done, "td.said")[1:] == ["held by Engineer", "Waits on the customer: asked"]
    assert [a["href"] for a in done.select("tbody td.main a")][2] == f"/cases/{free.pk}/"
    assert done.select_one("a[data-escape]")["href"] == "/desk/?view=s1"
    [undo] = done.select("#result form")
    assert undo.select_one("button")["data-key"] == "z"
    assert undo.select_one("[data-left]").text.startswith(("9:5", "10:00"))
    undone = page(operator.post(undo["action"], follow=True))
    assert texts(undone, "#result h2") == ["Undone for 1 of 3 cases"]
    assert undone.select("#result form") == []
    free.refresh_from_db()
    assert free.state == "new"


def test_what_was_undone_does_not_read_as_if_it_stood(operator, harbor):
    url = choose(operator, *several(harbor, 1)).partition("?")[0]
    until = f"{clock.now() + timedelta(hours=2):%Y-%m-%dT%H:%M}"
    done = act(operator, url, "snooze", until=until, reason="")
    assert said(done)[0].startswith("Snoozed until ")
    undone = operator.post(f"{url}undo/", follow=True)
    assert said(undone) == ["undone"]


def test_a_second_post_says_that_it_was_done(operator, harbor):
    [case] = several(harbor, 1)
    url = choose(operator, case).partition("?")[0]
    shown = BulkAction.objects.get().digest
    operator.post(url, {"verb": "acknowledge", "shown": shown})
    again = operator.post(url, {"verb": "acknowledge", "shown": shown}, follow=True)
    assert toast(again) == [f"List #{shown[:4]} was acted on before: Acknowledge, done."]
    assert CaseEvent.objects.filter(case=case, action="acknowledged").count() == 1


def test_a_forged_digest_does_nothing(operator, harbor):
    url = choose(operator, *several(harbor))
    refused = operator.post(url, {"verb": "acknowledge", "shown": "0" * 64}, follow=True)
    assert toast(refused) == ["This list is not the one you were shown. Nothing was done."]
    assert set(ExceptionCase.objects.values_list("state", flat=True)) == {"new"}


def test_what_is_missing_is_said_at_the_form(operator, harbor):
    url = choose(operator, *several(harbor))
    for verb, given, why in (
        ("skip", {"reason": ""}, "Say why: it stands in the history of every document."),
        ("snooze", {"until": "2020-01-01T00:00"}, "That time is over: choose one that is to come."),
        ("tag", {"add": " , "}, "Name at least one tag."),
        ("tag", {"add": "x" * 31}, "A tag has at most 30 characters."),
    ):
        refused = act(operator, url, verb, **given)
        assert refused.status_code == 422
        errors = BeautifulSoup(refused.content, "html.parser").select("#act .field-error")
        assert [error.text.strip() for error in errors] == [why]
    assert operator.post(url, {"verb": "lookup"}).status_code == 404
    assert BulkAction.objects.get().state == "shown"


def test_cases_are_assigned_to_people_and_to_teams(operator, harbor, ana, ben, viewer):
    team = Team.objects.create(name="Master data")
    one, two = several(harbor, 2)
    url = choose(operator, one, verb="assign")
    options = texts(page(operator.get(url)), "#act option")
    assert options == ["nobody", "Engineer", "Operator", "Master data"]
    act(operator, url, "assign", to=f"person:{ben.pk}")
    act(operator, choose(operator, two, verb="assign"), "assign", to=f"team:{team.pk}")
    one.refresh_from_db()
    two.refresh_from_db()
    assert (one.assignee, one.team, two.assignee, two.team) == (ben, None, None, team)


def test_a_skip_shows_what_would_happen_before_it_does(operator, harbor, ana):
    cases = [hold(harbor, "1001", "1002", sku="OLD-1"), hold(harbor, "1003", sku="OLD-2")]
    url = choose(operator, *cases, verb="skip").partition("?")[0]
    running = page(act(operator, url, "skip", reason="sample orders"))
    assert texts(running, "#result h2") == ["Tried in 2 cases. Nothing was skipped yet"]
    assert running.select_one("#result")["hx-get"] == url
    assert running.select("button.primary") == []
    tried(BulkAction.objects.get())
    assert operator.get(url, headers={"HX-Request": "true"})["HX-Refresh"] == "true"
    checked = page(operator.get(url))
    assert not checked.select_one("#result").has_attr("hx-get")
    assert texts(checked, "td.said") == [
        "2 of 2 documents would end here", "1 of 1 document would end here",
    ]  # fmt: skip
    assert texts(checked, "#result .figures > div") == ["2 end wholly"]
    assert texts(checked, "button.primary") == ["Skip the 2 that can be skipped wholly R"]
    assert texts(checked, ".flow-end .second") == [
        "3 documents. What is held of them ends here and takes no effect. The others stay held."
        " Undo for 10 minutes."
    ]
    assert pipeline.states() == ["held"] * 3
    form = checked.select_one(".flow-end form")
    name = form.select_one("input[name=shown]")["value"]
    gone = page(operator.post(form["action"], {"shown": name}, follow=True))
    assert texts(gone, "#result h2") == ["2 of 2 cases being skipped"]
    assert texts(gone, "td.said") == ["0 of 2 done", "0 of 1 done"]
    tried(BulkAction.objects.get())
    done = page(operator.get(url))
    assert texts(done, "#result h2") == ["2 of 2 cases skipped"]
    assert texts(done, "td.said") == ["2 of 2 done", "1 of 1 done"]
    assert pipeline.states() == ["skipped"] * 3


def test_where_nothing_is_held_a_skip_says_that_it_accepts(operator, harbor):
    url = choose(operator, remarked(harbor), verb="skip").partition("?")[0]
    act(operator, url, "skip", reason="agreed by phone")
    tried(BulkAction.objects.get())
    checked = page(operator.get(url))
    assert texts(checked, "td.said") == ["1 of 1 document would be accepted"]
    assert texts(checked, "#result .figures > div") == ["1 accepted wholly"]


def test_what_does_not_pass_wholly_stays_and_links_to_its_dry_run(operator, harbor, sink):
    good, bad = hold(harbor, "1001", sku="OLD-1"), hold(harbor, "1002", sku="OLD-2")
    LookupRow.objects.create(table=harbor.table, code="OLD-1", value="TENT-2P")
    url = choose(operator, good, bad, verb="retry").partition("?")[0]
    act(operator, url, "retry")
    found = tried(BulkAction.objects.get())
    shown = page(operator.get(url))
    assert texts(shown, "#result .figures > div") == ["1 pass wholly", "1 do not pass wholly"]
    assert texts(shown, "td.said")[1] == (
        "0 of 1 document pass. “OLD-2” has no row in lookup table sku."
    )
    fix = found.items.get(case=bad).fix_id
    assert shown.select("tbody td.main a")[1]["href"] == f"/cases/{bad.pk}/fixes/{fix}/"
    assert texts(shown, "button.primary") == ["Let go of the one whose dry run passes wholly R"]
    operator.post(f"{url}go/", {"shown": bulk.name_of(bulk.passing(found))})
    assert said(operator.get(url))[1] == "Its dry run: 0 of 1 pass. What it holds stays held."


def test_where_nothing_passes_nothing_can_be_let_go(operator, harbor):
    url = choose(operator, hold(harbor, "1001"), verb="retry").partition("?")[0]
    act(operator, url, "retry")
    tried(BulkAction.objects.get())
    shown = page(operator.get(url))
    assert shown.select("button.primary") == []
    assert "No dry run passes wholly" in texts(shown, ".flow-end")[0]


def test_a_long_list_shows_how_far_it_is(operator, harbor):
    cases = [make(harbor.shop, f"case {n:03}") for n in range(130)]
    url = choose(operator, *cases).partition("?")[0]
    act(operator, url, "acknowledge")
    bulk.work(BulkAction.objects.get().pk)
    shown = page(operator.get(url))
    assert texts(shown, "#result h2") == ["At work on 130 cases"]
    assert texts(shown, "#result p") == ["100 of 130 cases"]
    assert shown.select_one("#result")["hx-get"] == url
    polled = page(operator.get(url, headers={"HX-Request": "true"}))
    assert texts(polled, "#result p") == ["100 of 130 cases"]
    assert polled.select("tbody tr") == []  # the rows come once it is at its end
    while bulk.work(BulkAction.objects.get().pk):
        pass
    first = page(operator.get(url))
    assert texts(first, "#result h2") == ["130 of 130 cases acknowledged"]
    assert len(first.select("tbody tr")) == 100
    second = page(operator.get(first.select_one(".pager a[rel=next]")["href"]))
    assert [t.partition(" C-")[0] for t in texts(second, "td.main")] == [
        f"case {n:03}" for n in range(100, 130)
    ]
    back = operator.get(second.select_one(".pager a[rel=prev]")["href"])
    assert len(page(back).select("tbody tr")) == 100


def test_all_that_match_are_frozen_beyond_the_page_and_nothing_that_comes_later(
    operator, harbor, maris
):
    for n in range(120):
        make(harbor.shop, f"case {n:03}")
    make(harbor.erp, "of another endpoint")
    make(maris.shop, "of another customer")
    query = "customer=harbor&endpoint=shop&q=&view="
    url = choose(operator, all="1", query=query).partition("?")[0]
    make(harbor.shop, "came later")
    act(operator, url, "tag", add="promo", remove="")
    while bulk.work(BulkAction.objects.get().pk):
        pass
    tagged = ExceptionCase.objects.filter(tags=["promo"])
    assert tagged.count() == 120
    assert set(ExceptionCase.objects.exclude(tags=["promo"]).values_list("title", flat=True)) == {
        "of another endpoint", "of another customer", "came later",
    }  # fmt: skip


def test_all_that_match_a_search_and_a_view(operator, harbor):
    hold(harbor, "1001", sku="OLD-1")
    two = hold(harbor, "1002", sku="OLD-2")
    choose(operator, all="1", query="q=1002")
    choose(operator, all="1", query="view=waiting&q=zzz", case=[])
    assert [i.case_id for i in BulkAction.objects.get().items.all()] == [two.pk]


def test_the_desks_own_forms_lead_to_the_list(operator, harbor):
    one, two = several(harbor, 2)
    shown = page(operator.get("/desk/?cause=unknown_sku"))
    form = shown.select_one("form#bulk")
    assert form["action"] == "/desk/bulk/"
    button = form.select_one("button[name=all]")
    assert texts(form, "button[name=all]") == ["Select all 2 that match"]
    query = form.select_one("input[name=query]")["value"]
    operator.post(form["action"], {"all": button["value"], "query": query})
    boxes = [box["value"] for box in shown.select("input[name=case][form=bulk]")]
    verbs = [b["value"] for b in form.select("button[name=verb]")]
    for verb in verbs:
        answer = operator.post(form["action"], {"case": boxes, "verb": verb})
        assert answer.url.endswith(f"?verb={verb}")
    assert len(verbs) >= 5
    for found in BulkAction.objects.all():
        assert {item.case_id for item in found.items.all()} == {one.pk, two.pk}


def test_nothing_chosen_goes_back_to_the_desk_and_says_so(operator, harbor):
    answer = operator.post("/desk/bulk/", {"query": "view=s1", "case": ["x", "-1"]})
    assert answer.url == "/desk/?view=s1"
    assert not BulkAction.objects.exists()
    assert toast(operator.get(answer.url)) == ["Nothing was chosen: select at least one case."]


def test_more_than_a_list_holds_goes_back_to_the_desk(operator, harbor):
    cases = [make(harbor.shop, "one")]
    answer = operator.post("/desk/bulk/", {"case": list(range(cases[0].pk, cases[0].pk + 2001))})
    assert answer.url == "/desk/"
    assert "More than 2,000 cases were chosen." in toast(operator.get("/desk/"))[0]


def test_another_persons_list_is_not_there(operator, engineer, harbor):
    url = choose(operator, *several(harbor)).partition("?")[0]
    shown = BulkAction.objects.get().digest
    assert engineer.get(url).status_code == 404
    assert engineer.post(url, {"verb": "acknowledge", "shown": shown}).status_code == 404
    assert engineer.post(f"{url}go/", {"shown": shown}).status_code == 404
    assert engineer.post(f"{url}undo/").status_code == 404
    assert operator.get(f"/desk/bulk/{2**70}/").status_code == 404
    assert set(ExceptionCase.objects.values_list("state", flat=True)) == {"new"}


def test_a_customers_person_and_a_stranger_are_refused(operator, viewer, stranger, harbor):
    [case] = several(harbor, 1)
    url = choose(operator, case).partition("?")[0]
    for address in ("/desk/bulk/", url, f"{url}go/", f"{url}undo/"):
        assert viewer.post(address, {"case": case.pk}).status_code == 403
        assert stranger.post(address, {"case": 0}).status_code in (302, 404)
    assert viewer.get(url).status_code == 403
    assert stranger.get(url).status_code == 404
    with schema_context("kestrel"):
        assert BulkAction.objects.count() == 1


def test_an_undo_that_is_over_says_so(operator, harbor):
    url = choose(operator, *several(harbor, 1)).partition("?")[0]
    act(operator, url, "acknowledge")
    BulkAction.objects.update(done_at=clock.now() - UNDO_FOR)
    assert page(operator.get(url)).select("#result form") == []
    late = operator.post(f"{url}undo/", follow=True)
    assert "10 minutes at most" in toast(late)[0]


def test_the_page_asks_the_same_number_of_queries_for_one_and_for_three_cases(operator, harbor):
    one = choose(operator, *[make(harbor.shop, "one")])
    three = choose(operator, *[make(harbor.shop, f"case {n}") for n in range(3)])
    operator.get(one)
    for acted in (False, True):
        if acted:
            act(operator, one, "acknowledge")
            act(operator, three, "acknowledge")
        with CaptureQueriesContext(connection) as first:
            operator.get(one)
        with CaptureQueriesContext(connection) as second:
            operator.get(three)
        assert len(first) == len(second) < 25, [q["sql"][:150] for q in second]


def test_hostile_words_are_shown_as_words(operator, harbor, engineer):
    case = make(harbor.shop, EVIL, value=EVIL)
    harbor.shop.label = EVIL
    harbor.shop.save()
    Team.objects.create(name=EVIL)
    url = choose(operator, case, verb="assign", query=f'x="><b>{EVIL}')
    shown = operator.get(url)
    assert EVIL.encode() not in shown.content
    assert EVIL in texts(page(shown), "td.main")[0]
    done = act(operator, url, "wait", on="customer", reason=EVIL)
    assert EVIL.encode() not in done.content
    assert EVIL in said(done)[0]


def test_keeping_them_held_leads_back_to_the_desk_and_says_so(operator, harbor):
    url = choose(operator, hold(harbor, "1001"), query="customer=harbor")
    act(operator, url, "skip", reason="sample orders")
    tried(BulkAction.objects.get())
    form = page(operator.get(url)).find("button", string="Keep them held").parent
    answer = operator.post(form["action"], follow=True)
    assert answer.redirect_chain[-1][0] == "/desk/?customer=harbor"
    label = BulkAction.objects.get().label
    assert toast(answer) == [f"Nothing of list {label} was let go; all of it stays held"]
    shown = page(operator.get(url))
    assert texts(shown, "#result h2") == ["None of 1 case skipped"]
    assert shown.select_one(f"form[action='{url}undo/']") is None
    again = operator.post(form["action"], follow=True)
    assert toast(again) == [f"List {label} was acted on before: Skip, done."]
