"""The page of the desk: who sees it, what it says, how much it asks the database."""

from datetime import timedelta
from urllib.parse import quote

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from monitoring.domain import assignment, leases, states
from monitoring.models import ExceptionCase, SavedView, Team
from monitoring.queries import desk
from portal.core import clock
from tests import pipeline
from tests.monitoring.conftest import hold
from tests.monitoring.desk import NOON, cell, make, titles
from tests.pages.scenery import page, texts
from tests.people import sign_in

pytestmark = [pytest.mark.db, pytest.mark.long]

NINE = NOON - timedelta(hours=3)
EVIL = "<script>alert(1)</script>"


def test_the_desk_says_what_is_at_stake(operator, harbor):
    case = hold(harbor, "1001", "1002", "1003")
    shown = operator.get("/desk/")
    facts = texts(page(shown), ".page-facts span")
    assert facts[:3] == ["1 open", "3 documents held", "$384.00 at risk"]  # 3 × 128.00
    assert cell(shown, case, "severity, td.tight") == "S2"
    assert cell(shown, case, "docs") == "3"
    assert cell(shown, case, "risk") == "384.00"
    assert cell(shown, case, "holder") == "free"
    assert f"C-{case.pk} · Harbor Outfitters · order · Web shop" in cell(shown, case, "main")


def test_the_cut_off_says_how_long_is_left_when_and_where(operator, harbor):
    with clock.freeze(NOON):
        soon = make(harbor.shop, "soon", cutoff_at=NOON + timedelta(minutes=78), cutoff_site="ATL2")
        late = make(harbor.shop, "late", cutoff_at=NOON - timedelta(minutes=12))
        far = make(harbor.shop, "far", cutoff_at=NOON + timedelta(days=3))
        none = make(harbor.shop, "none")
        shown = operator.get("/desk/")
    assert cell(shown, soon, "cutoff") == "1 h 18 13:18 ATL2"
    assert cell(shown, late, "cutoff") == "late 12 min 11:48"
    assert cell(shown, far, "cutoff") == "3 d Thu 12:00"
    assert cell(shown, none, "cutoff") == "none"
    assert page(shown).select_one(f"#case-{late.pk} .cutoff .clock")["data-state"] == "late"


def test_the_resolve_clock_says_what_is_left_of_how_much(operator, harbor):
    with clock.freeze(NINE) as now:
        case = hold(harbor, "1001")  # S2: 8 hours, and the day has 9
        now.move(2 * 3600)
        running = page(operator.get("/desk/")).select_one(f"#case-{case.pk} .due .clock")
        now.move(4 * 3600)
        near = page(operator.get("/desk/")).select_one(f"#case-{case.pk} .due .clock")
        now.move(2 * 3600 + 12 * 60)
        late = page(operator.get("/desk/")).select_one(f"#case-{case.pk} .due .clock")
    assert running.select_one(".clock-words").text == "6 h"
    assert running["data-state"] == ""
    assert running.select_one(".clock-used")["width"] == "25%"  # 2 of 8
    assert "6 hours left of 8 hours in the hours of Harbor Outfitters" in running["title"]
    assert "due 17:00 UTC" in running["title"]
    assert near.select_one(".clock-words").text == "2 h"
    assert near["data-state"] == "near"
    assert late.select_one(".clock-words").text == "late 12 min"
    assert late["data-state"] == "late"


def test_what_is_left_overnight_is_told_in_working_time(operator, harbor):
    with clock.freeze(NOON + timedelta(hours=6)):  # 18:00: an hour of 8 before the day ends
        case = hold(harbor, "1001")
        shown = page(operator.get("/desk/")).select_one(f"#case-{case.pk} .due .clock")
    assert shown["title"].startswith("8 hours left of 8 hours in the hours of Harbor Outfitters")


def test_a_clock_that_waits_is_paused_with_its_reason(operator, harbor):
    with clock.freeze(NOON):
        case = hold(harbor, "1001")
        states.wait(case.pk, on="customer", reason="asked which item", actor="Ana")
        shown = operator.get("/desk/")
    paused = page(shown).select_one(f"#case-{case.pk} .due .clock")
    assert paused.select_one(".clock-words").text == "paused"
    assert paused["title"].endswith("in the hours of Harbor Outfitters: asked which item")
    assert "asked which item" in cell(shown, case, "main")
    assert cell(shown, case, "holder") == "customer"


def test_the_holder_is_who_works_on_it_else_whom_it_waits_for_else_whose_it_is(
    operator, harbor, ana, ben
):
    with clock.freeze(NOON) as now:
        mine, bens, teams, snoozed = (make(harbor.shop, name) for name in "abcd")
        leases.take(mine.pk, ana)
        leases.take(bens.pk, ben)
        team = Team.objects.create(name="Master data")
        assignment.assign(teams, actor="Ana", team=team)
        states.snooze(snoozed.pk, until=NOON + timedelta(hours=2), reason="", actor="Ana")
        now.move(70)
        shown = operator.get("/desk/")
    assert cell(shown, mine, "holder") == "you, 3 min"  # 5 min less 70 s
    assert cell(shown, bens, "holder") == "Engineer"
    assert cell(shown, teams, "holder") == "Master data"
    assert cell(shown, snoozed, "holder") == "until 14:00"


def test_waiting_and_snoozed_cases_stand_under_a_divider(operator, harbor):
    make(harbor.shop, "waits", state="waiting", at_risk=9000)
    make(harbor.shop, "plain", at_risk=5)
    shown = operator.get("/desk/")
    assert titles(shown) == ["plain", "waits"]
    assert texts(page(shown), "#cases tr.divider") == [
        "Waiting on others, the resolve clock is paused; or snoozed, and it goes on"
    ]


def test_an_empty_desk_says_when_the_last_case_closed(operator, harbor):
    first = texts(page(operator.get("/desk/")), ".empty p")[0]
    assert first == "Nothing is held. Cases appear here when a document needs a person."
    with clock.freeze(NOON):
        case = make(harbor.shop, "done", state="resolved", closed_at=NOON)
        shown = texts(page(operator.get("/desk/")), ".empty p")
    assert shown == ["Nothing is held. Last case closed 12:00.", f"See C-{case.pk}"]


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("q=no-such", "No case matches."),
        ("customer=maris", "No case matches."),
        ("view=mine", "Nothing is yours. Take next gives you the most urgent free case."),
        ("view=waiting", "No case waits for anybody."),
        ("view=closed", "No case was closed today."),
    ],
)
def test_each_emptiness_has_its_own_words(operator, harbor, query, said):
    make(harbor.shop, "plain")
    assert texts(page(operator.get(f"/desk/?{query}")), "#cases .empty p")[0] == said


@pytest.mark.parametrize("query", ["", "view=mine", "q=1001", "customer=harbor&tag=x"])
def test_the_desk_asks_as_many_queries_for_a_hundred_cases_as_for_one(
    operator, harbor, ana, ben, query
):
    SavedView.objects.create(name="Mine", query="customer=harbor", person=ana, made_by="Ana")
    held = hold(harbor, "1001")
    own = {"assignee": ana, "tags": ["x"], "title": "1001"}
    ExceptionCase.objects.filter(pk=held.pk).update(**own)
    operator.get("/desk/")  # the person's and the site's first look are cached
    counts = []
    for more in (0, 2, 97):
        for n in range(more):
            case = make(harbor.shop, f"1001 {n}", assignee=ana, tags=["x"])
            leases.take(case.pk, ben)
        with CaptureQueriesContext(connection) as asked:
            shown = operator.get(f"/desk/?{query}")
        counts.append((len(titles(shown)), len(asked)))
    assert [rows for rows, _ in counts] == [1, 3, 100]
    assert len({asked for _, asked in counts}) == 1, counts
    assert counts[0][1] < 36


@pytest.mark.parametrize(
    "address", ["/desk/", "/cases/{n}/", "/desk/?q={evil}", "/desk/?customer={evil}"]
)
def test_hostile_values_are_shown_as_text(operator, harbor, address):
    case = hold(harbor, "1<b>", sku=EVIL)
    response = operator.get(address.format(n=case.pk, evil=quote(EVIL)))
    assert [s for s in page(response).find_all("script") if "alert" in s.text] == []
    assert b"&lt;script&gt;alert(1)&lt;/script&gt;" in response.content
    assert b"<script>alert" not in response.content


@pytest.mark.parametrize(
    "query",
    [
        "case=x", "case=99999999999999999999", "after=-1", "before=é", "view=zz", "at=1", "at=x",
        "after=1~nan~3", "after=1~inf~3", "after=2~1~3", "after=1~1.5~99999999999999999999999",
        "severity=9", "holder=person-99999999999999", "holder=x", "evidence=9.9.9", "q=%00",
        "evidence=2.99999999999999999999", "q=" + "x" * 3000, "tag=%27", "at=99999999999999999",
    ],
)  # fmt: skip
def test_odd_addresses_are_no_errors(operator, harbor, query):
    hold(harbor, "1001")
    assert operator.get(f"/desk/?{query}").status_code in (200, 400)
    assert operator.get(f"/desk/pulse/?{query}").status_code in (200, 204, 400)


def test_a_viewer_and_a_stranger_see_no_desk(viewer, stranger, harbor):
    case = hold(harbor, "1001")
    assert viewer.get("/desk/").status_code == 403
    assert viewer.get(f"/cases/{case.pk}/").status_code == 403
    assert stranger.get(f"/cases/{case.pk}/").status_code == 404
    assert "TENT-OLD" not in stranger.get("/desk/").content.decode()


@pytest.mark.parametrize(
    ("method", "address"),
    [
        ("get", "/desk/"),
        ("get", "/desk/pulse/"),
        ("post", "/desk/take/"),
        ("post", "/desk/views/"),
        ("post", "/desk/views/1/delete/"),
    ],
)
def test_finance_and_customers_have_no_desk(kestrel, viewer, harbor, method, address):
    finance = sign_in(kestrel, "finance")
    assert getattr(finance, method)(address).status_code == 403
    assert getattr(viewer, method)(address).status_code == 403


def test_nobody_is_let_in_without_signing_in(kestrel, client, harbor):
    response = client.get("/desk/", headers={"host": kestrel.host})
    assert (response.status_code, response["Location"]) == (302, "/login/?next=/desk/")


def test_the_rail_counts_open_cases(harbor):
    assert desk.waiting().count() == 0
    hold(harbor, "1001")
    make(harbor.shop, "done", state="resolved", closed_at=clock.now())
    assert desk.waiting().count() == 1


def test_a_case_of_an_unknown_currency_is_shown_as_it_came(operator, harbor):
    pipeline.store(harbor.shop, pipeline.order("1", sku="X-9", currency="USD"))
    pipeline.run(harbor.customer_id)
    case = ExceptionCase.objects.get(value="X-9")
    ExceptionCase.objects.filter(pk=case.pk).update(currency="ZZZ")
    assert cell(operator.get("/desk/"), case, "risk") == "128.00"


def test_who_may_work_can_choose_cases_and_post_the_choice(operator, harbor):
    case = make(harbor.shop, "plain")
    shown = page(operator.get("/desk/?customer=harbor"))
    bulk = shown.select_one("form#bulk")
    assert (bulk["action"], bulk["method"]) == ("/desk/bulk/", "post")
    assert bulk.select_one("input[name=query]")["value"] == "customer=harbor"
    assert texts(bulk, "button[name=all]") == ["Select all 1 that match"]
    assert [b["value"] for b in bulk.select("button[name=verb]")] == [
        "assign", "acknowledge", "wait", "snooze", "retry", "skip",
    ]  # fmt: skip
    box = shown.select_one(f"#case-{case.pk} input[name=case]")
    assert (box["value"], box["form"]) == (str(case.pk), "bulk")
