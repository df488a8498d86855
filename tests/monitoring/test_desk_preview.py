"""The chosen case beside the list: facts, evidence, what helped before, and the way to its fix."""

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from integrations.models import Problem
from monitoring.domain import assignment, fixing, leases, states
from monitoring.models import ExceptionCase, Fix, Lease
from portal.accounts.models import Role
from portal.core import clock
from tests.monitoring.conftest import hold
from tests.monitoring.desk import NOON, make
from tests.pages.scenery import page, texts

pytestmark = pytest.mark.db
ALONE = {"hx-request": "true", "hx-target": "preview"}


def preview(client, case, query=""):
    return page(client.get(f"/desk/?case={case.pk}&{query}")).select_one("#preview")


def facts(shown) -> dict[str, str]:
    return dict(zip(texts(shown, "dt"), texts(shown, "dd"), strict=True))


def fixed(case, person, *, times, **terms):
    """The case was mended by a lookup so many times before."""
    for _ in range(times):
        fix = Fix.objects.create(
            case=case, remedy="lookup", terms={"table": "sku", **terms}, words="TENT-OLD → TENT-2P",
            person=person, person_name=person.name, digest="0" * 64, state="done",
        )  # fmt: skip
        Fix.objects.filter(pk=fix.pk).update(finished_at=fix.created_at + timedelta(minutes=3))


def test_the_facts_say_what_is_held_where_until_when_and_why_it_is_first(operator, harbor):
    with clock.freeze(NOON):
        case = hold(harbor, "1001", "1002", "1003")
        ExceptionCase.objects.filter(pk=case.pk).update(
            cutoff_at=NOON + timedelta(minutes=78), cutoff_site="ATL2", cutoff_documents=2,
            usual_minutes=648.4, tags=["peak"],
        )  # fmt: skip
        make(harbor.shop, "second")
        shown = facts(preview(operator, case))
    assert shown == {
        "Held": "3 orders, $384.00, first at 12:00",
        "Flow": "orders from Web shop of Harbor Outfitters → Erp",
        "Cut-off": "13:18 ATL2 for 2 of them, in 1 h 18",
        "First, because": "$384 at risk, 92 % likely to miss the cut-off, 1.3 h left",
        "Tags": "peak",
    }


def test_a_case_that_is_not_first_says_what_it_is_ranked_by(operator, harbor):
    with clock.freeze(NOON):
        make(harbor.shop, "first", at_risk=9000, cutoff_at=NOON + timedelta(hours=1))
        late = make(harbor.shop, "late", cutoff_at=NOON - timedelta(minutes=12), at_risk=500)
        shown = facts(preview(operator, late))
    assert shown["Ranked by"] == "$500 at risk, the cut-off passed 12 min ago"


def test_waiting_snoozed_and_assigned_say_on_whom_until_when_and_to_whom(operator, harbor, ben):
    with clock.freeze(NOON):
        waits, snoozed = make(harbor.shop, "waits"), make(harbor.shop, "snoozed")
        states.wait(waits.pk, on="third_party", reason="ticket NW-1", actor="Ana")
        states.snooze(snoozed.pk, until=NOON + timedelta(hours=2), reason="", actor="Ana")
        assignment.assign(waits, actor="Ana", person=ben)
        first, second = facts(preview(operator, waits)), facts(preview(operator, snoozed))
    assert first["Waiting"] == "on a third party: ticket NW-1"
    assert first["Assigned"] == "to Engineer"
    assert second["Snoozed"] == "until 14:00, its clock goes on"


def test_the_evidence_marks_the_bad_value_and_leads_to_the_next_document(operator, harbor):
    case = hold(harbor, "1001", "1002", "1003")
    first = preview(operator, case)
    assert texts(first, ".evidence mark") == ['"TENT-OLD"']
    assert texts(first, ".section-head small") == ["1 of 3 · 1001, line 1, SKU"]
    second = page(operator.get(first.select_one("a[data-key=']']")["href"]))
    assert texts(second, ".section-head small") == ["2 of 3 · 1002, line 1, SKU"]
    third = page(operator.get(second.select_one("a[data-key=']']")["href"]))
    assert texts(third, ".section-head small") == ["3 of 3 · 1003, line 1, SKU"]
    again = page(operator.get(third.select_one("a[data-key=']']")["href"]))
    assert texts(again, ".section-head small") == ["1 of 3 · 1001, line 1, SKU"]


def test_held_documents_stand_with_their_place_amount_and_cut_off(operator, harbor):
    with clock.freeze(NOON):
        case = hold(harbor, *(str(n) for n in range(1001, 1008)))
        Problem.objects.update(cutoff_at=NOON + timedelta(hours=2), cutoff_site="ATL2")
        shown = preview(operator, case)
    assert texts(shown, ".rows tbody tr")[0] == "1001 line 1, SKU 128.00 ATL2 14:00"
    assert len(shown.select(".rows tbody tr")) == 5
    assert "2 more" in texts(shown, ".section p a")


def test_what_fixed_it_before_is_counted_and_filled_in(operator, harbor, ana):
    case = hold(harbor, "1001", "1002")
    fixed(case, ana, times=3, code="TENT-OLD", value="TENT-2P")
    shown = preview(operator, case)
    assert "Fixed 3 times before" in texts(shown, "h3")
    assert texts(shown, ".pairs li") == ["TENT-OLD → TENT-2P 3 of 3, median 3 min"]
    primary = shown.select_one(".preview-actions a.primary")
    assert (" ".join(primary.text.split()), primary["data-key"]) == ("Preview fix on 2 R", "r")
    address = urlsplit(primary["href"])
    assert address.path == f"/cases/{case.pk}/"
    assert parse_qs(address.query) == {
        "remedy": ["lookup"], "table": ["sku"], "code": ["TENT-OLD"], "value": ["TENT-2P"],
    }  # fmt: skip


def test_what_fixed_another_value_is_no_proposal_for_this_one(operator, harbor, ana):
    other = hold(harbor, "1001", sku="OTHER")
    fixed(other, ana, times=2, code="OTHER", value="TENT-2P")
    case = hold(harbor, "1002")
    shown = preview(operator, case)
    assert "Others of its kind, fixed 2 times" in texts(shown, "h3")
    assert shown.select_one(".primary")["href"] == f"/cases/{case.pk}/?remedy=lookup"


def test_the_keys_of_a_case_lead_to_its_page(operator, harbor):
    case = hold(harbor, "1001")
    shown = preview(operator, case)
    keys = {a["data-key"]: a["href"] for a in shown.select(".preview-actions a[data-key]")}
    assert keys == {
        "r": f"/cases/{case.pk}/?remedy=lookup",
        "o": f"/cases/{case.pk}/",
        "w": f"/cases/{case.pk}/?remedy=wait",
        "s": f"/cases/{case.pk}/?remedy=skip",
    }
    assign = shown.select_one(".preview-actions form")
    assert (assign["action"], assign.select_one("input[name=case]")["value"]) == (
        "/desk/bulk/", str(case.pk),
    )  # fmt: skip
    assert (assign.button["name"], assign.button["value"], assign.button["data-key"]) == (
        "verb", "assign", "a",
    )  # fmt: skip


def test_while_another_has_it_nothing_but_looking_is_offered(operator, harbor, ben):
    with clock.freeze(NOON):
        case = hold(harbor, "1001")
        leases.take(case.pk, ben)
        shown = preview(operator, case)
    assert texts(shown, ".preview-actions > *") == [
        "Engineer works on it since 12:00 UTC.", "Open O",
    ]  # fmt: skip


def test_ones_own_lease_stands_with_its_minutes(operator, harbor, ana):
    with clock.freeze(NOON) as now:
        case = hold(harbor, "1001")
        leases.take(case.pk, ana)
        now.move(45)
        assert texts(preview(operator, case), ".case-holder") == ["you, lease 4 min"]


def test_who_may_not_see_documents_is_told_who_can_grant_it(operator, harbor, ana):
    case = hold(harbor, "1001")
    role = Role.objects.get(pk=ana.role_id)
    role.permissions = [p for p in role.permissions if p != "payloads.view"]
    role.save()
    shown = preview(operator, case)
    assert shown.select(".evidence mark") == []
    assert texts(shown, ".evidence")[0].startswith("Documents of Harbor Outfitters are not for")


def test_the_same_elsewhere_is_named(operator, harbor, maris):
    case, other = hold(harbor, "1001"), hold(maris, "1001", "1002")
    said = f"Also open at Maris Foods (C-{other.pk}, 2 orders)."
    assert said in texts(preview(operator, case), "p.second")


def test_a_row_that_is_reached_asks_for_the_preview_alone(operator, harbor):
    with clock.freeze(NOON):
        case = hold(harbor, "1001")
        make(harbor.shop, "dearer", at_risk=9000)
        whole = preview(operator, case)
        alone = page(operator.get(f"/desk/?case={case.pk}", headers=ALONE))
    assert alone.select("main, table.desk-rows") == []
    assert facts(alone) == facts(whole)


def test_the_preview_asks_as_many_queries_and_reads_as_much_however_many_documents(
    operator, harbor
):
    case = hold(harbor, "1001")
    operator.get(f"/desk/?case={case.pk}", headers=ALONE)
    counts = []
    for numbers in ([], ["1002", "1003"], [str(n) for n in range(1004, 1101)]):
        if numbers:
            hold(harbor, *numbers)
        with CaptureQueriesContext(connection) as asked:
            operator.get(f"/desk/?case={case.pk}", headers=ALONE)
        counts.append(len(asked))
        problems = [q["sql"] for q in asked if 'FROM "integrations_problem"' in q["sql"]]
        assert [("LIMIT" in sql, "COUNT" in sql) for sql in problems] == [(True, False)]
    assert len(set(counts)) == 1, counts
    assert counts[0] < 25


def test_a_drawer_can_be_closed(operator, harbor):
    case = hold(harbor, "1001")
    shown = preview(operator, case, "view=free")
    assert shown.has_attr("data-chosen")
    assert shown.select_one(".drawer-close")["href"] == "/desk/?view=free"
    assert not Lease.objects.exists()


def test_what_a_fix_froze_is_not_its_business(operator, harbor, ana):
    """The preview shows counts that are kept; the list is frozen by the page that tries the remedy."""
    case = hold(harbor, "1001", "1002")
    ids = fixing.frozen(case, up_to=2**62)
    assert len(ids) == 2
    preview(operator, case)
    assert not Fix.objects.exists()
