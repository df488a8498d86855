"""The pages of reconciliations: the list, one of them, a run, a break, and where everything is."""

from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from integrations.models import Flow
from monitoring.domain import reconcile_correct, reconcile_run
from monitoring.models import Break, Correction, Reconciliation, ReconRun
from portal.accounts.models import Person
from portal.core import clock
from tests.pages.scenery import page, texts
from tests.reconciliation.conftest import ITEMS, only_break, run, twice
from tests.reconciliation.test_order_runs import define as define_orders

pytestmark = [pytest.mark.db, pytest.mark.long]
EVIL = "<script>alert(1)</script>"


@pytest.fixture
def one(house):
    house.count({"TENT-2P": -24, "MUG-12": 3})
    made = house.define()
    twice(made)
    return made


def queries(client, address) -> int:
    client.get(address)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


def test_the_list_says_how_each_stands(operator, one):
    shown = page(operator.get("/reconciliation/"))
    cells = texts(shown, "#reconciliations tbody tr > *")
    assert cells[0] == "Inventory of Reno Harbor Outfitters · stock"
    assert cells[1].startswith("done")
    assert cells[2:4] == ["96.00 %", cells[3]]  # 48 of 50
    assert cells[4:6] == ["2", "1,476.00"]  # 24 × 61.50, and a mug nobody has priced
    assert texts(page(operator.get("/reconciliation/?view=off")), ".empty p") == [
        "No reconciliation is like this."
    ]


def test_an_empty_list_says_what_one_is(operator, kestrel):
    said = texts(page(operator.get("/reconciliation/")), ".empty p")
    assert said[0].startswith("Nothing is compared yet.")


def test_one_shows_its_figures_breaks_and_runs(operator, one):
    shown = page(operator.get(f"/reconciliation/{one.pk}/"))
    assert "96.00 % of the pairs agree" in texts(shown, ".figures > div")
    rows = texts(shown, "#reconciliation table:first-of-type tbody tr")
    assert rows[0].startswith("TENT-2P B-") and "−24" in rows[0] and "1,476.00" in rows[0]
    assert len(texts(shown, "#runs tbody tr")) == 2
    assert [b.text.split()[0] for b in shown.select("main form button")] == ["Compare"]


def test_a_run_shows_both_sides_gap_and_cause(operator, one):
    done = ReconRun.objects.first()
    shown = page(operator.get(f"/reconciliation/runs/{done.pk}/"))
    heads = texts(shown, "#run thead th")
    assert heads == ["What", "ERP", "Warehouse", "Gap", "Worth, USD", "Looks like", "Correction"]
    cells = texts(shown, "#run tbody tr:first-child > *")
    assert cells[0] == "TENT-2P differ · RNO1"
    assert cells[3:5] == ["−24", "1,476.00"]
    assert "whole number of CA" in cells[5] and "70% probable, with master data" in cells[5]
    assert cells[6] == "open"
    tabs = texts(shown, ".tabs a")
    assert tabs == ["All", "Differ 2"]


def test_a_run_is_filtered_and_found_by_its_items(operator, one):
    done = ReconRun.objects.first()
    address = f"/reconciliation/runs/{done.pk}/"
    assert len(texts(page(operator.get(f"{address}?q=MUG")), "#run tbody tr")) == 1
    assert texts(page(operator.get(f"{address}?state=in_flight")), ".empty p") == [
        "No row of this run is like this."
    ]
    assert operator.get(f"{address}?after=x&state=%00").status_code in (200, 400)


def test_rows_come_in_pages_and_none_is_missing(operator, house, monkeypatch):
    from monitoring.queries import recon_listed
    from monitoring.views import recon_run

    for module in (recon_listed, recon_run):
        monkeypatch.setattr(module, "SIZE", 2)
    house.count(dict.fromkeys(sorted(ITEMS)[:5], 1))
    done = run(house.define())
    address, seen = f"/reconciliation/runs/{done.pk}/", []
    while address:
        shown = page(operator.get(address))
        seen += [text.split()[0] for text in texts(shown, "#run tbody tr > th")]
        older = shown.select_one(".pager a[rel=next]")
        address = older["href"] if older else ""
    assert sorted(seen) == sorted(ITEMS)[:5]


def test_a_run_under_way_shows_its_progress(operator, house):
    made = house.define()
    started = reconcile_run.begin(made, "person", actor="O. Perator")
    shown = page(operator.get(f"/reconciliation/runs/{started.pk}/"))
    assert texts(shown, "#run [aria-live] p") == ["Waiting for its turn, 0% done"]
    house.count()
    reconcile_run.step(made.pk)
    shown = page(operator.get(f"/reconciliation/runs/{started.pk}/"))
    assert texts(shown, "#run [aria-live] p") == ["Reading the warehouse's report, 20% done"]
    assert shown.select_one("#run")["hx-trigger"] == "load delay:1s"


def test_compare_now_begins_a_run_once(operator, house):
    made = house.define()
    answer = operator.post(f"/reconciliation/{made.pk}/run/")
    assert answer.url == f"/reconciliation/runs/{ReconRun.objects.get().pk}/"
    again = operator.post(f"/reconciliation/{made.pk}/run/")
    assert again.status_code == 409 and "A run is under way" in again.content.decode()


def test_a_run_made_again_says_whether_it_is_the_same(operator, one):
    done = ReconRun.objects.first()
    answer = operator.post(f"/reconciliation/runs/{done.pk}/again/")
    while reconcile_run.step(one.pk).done:
        pass
    said = texts(page(operator.get(answer.url)), ".notice")
    assert said == [
        f"Made again from what was kept, it found the same to the byte as Run {done.pk} ."
    ]
    ReconRun.objects.filter(of=done).update(digest="0" * 64)
    assert "something else than" in texts(page(operator.get(answer.url)), ".notice")[0]


def test_a_break_shows_its_cause_with_its_evidence(operator, one):
    found = Break.objects.get(sku="TENT-2P")
    shown = page(operator.get(f"/reconciliation/breaks/{found.pk}/"))
    assert texts(shown, "h1") == ["TENT-2P at RNO1 differs by −24"]
    assert texts(shown, ".figures > div")[2] == "−24 gap"
    assert "1 CA = 12 EA" in texts(shown, "#break dl dd")
    assert [h.text for h in shown.select("aside h3")] == [
        "Post the adjustment",
        "Accept as it is",
        "Its story",
    ]
    assert shown.select_one(".page-actions a")["href"].startswith("/cases/")


def test_a_correction_above_the_limit_is_let_through_by_somebody_else(operator, engineer, one):
    found = Break.objects.get(sku="TENT-2P")
    address = f"/reconciliation/breaks/{found.pk}/"
    body = {"adjust-quantity": "−24", "adjust-reason": "Counted in cases"}
    assert operator.post(f"{address}correct/adjust/", body).status_code == 302
    made = Correction.objects.get()
    assert made.state == "asked"
    assert operator.post(f"{address}corrections/{made.pk}/approve/").status_code == 403
    shown = page(engineer.get(address))
    assert "Operator asks to post an adjustment −24: Counted in cases" in texts(shown, "aside p")
    assert [e.text for e in shown.select(".rail-entry[href='/reconciliation/'] .rail-count")] == [
        "1"
    ]
    assert engineer.post(f"{address}corrections/{made.pk}/approve/").status_code == 302
    made.refresh_from_db()
    assert (made.state, made.approver_name) == ("done", "Engineer")


def test_what_cannot_be_done_stays_on_the_page_with_the_reason(operator, one):
    found = Break.objects.get(sku="MUG-12")
    address = f"/reconciliation/breaks/{found.pk}/"
    empty = operator.post(
        f"{address}correct/adjust/", {"adjust-quantity": "3", "adjust-reason": ""}
    )
    assert empty.status_code == 422
    wrong = operator.post(
        f"{address}correct/adjust/", {"adjust-quantity": "9", "adjust-reason": EVIL}
    )
    assert wrong.status_code == 409 and EVIL not in wrong.content.decode()
    assert operator.post(f"{address}correct/dance/", {"dance-reason": "x"}).status_code == 404


def test_the_ledger_says_where_every_unit_is_and_who_holds_the_gap(operator, one):
    done = ReconRun.objects.first()
    shown = page(operator.get(f"/reconciliation/runs/{done.pk}/ledger/?q=TENT-2P"))
    cells = texts(shown, "#ledger tbody tr:first-child > *")
    assert cells[:2] == ["TENT-2P", "RNO1"]
    assert cells[-2:] == ["−24", "master data"]
    assert int(cells[2].replace(",", "")) - int(cells[4].replace(",", "")) == 24
    everything, address = [], f"/reconciliation/runs/{done.pk}/ledger/"
    while address:
        part = page(operator.get(address))
        everything += texts(part, "#ledger tbody tr > th")
        older = part.select_one(".pager a[rel=next]")
        address = older["href"] if older else ""
    assert everything == sorted(ITEMS)


def test_the_ledger_says_where_every_order_is(operator, house):
    house.count()
    house.order("1001", ("TENT-2P", 2))
    house.order("1002", ("TENT-2P", 1))
    house.erp.rows("DELETE FROM sales_order_line WHERE qty = 1")
    house.erp.rows("DELETE FROM sales_order WHERE cust_ref = '1002'")
    made = define_orders(house)
    done = run(made)
    shown = page(operator.get(f"/reconciliation/runs/{done.pk}/ledger/"))
    assert texts(shown, "#ledger thead th") == [
        "Order", "Placed", "Hub", "ERP", "Warehouse", "What differs", "Held by"]  # fmt: skip
    first, second = (texts(shown, f"#ledger tbody tr:nth-child({n}) > *") for n in (1, 2))
    assert (first[3:], second[3:]) == (
        ["open", "open", "", ""], ["not there", "open", "not in the ERP", "the ERP"])  # fmt: skip
    assert only_break(made).subject == "1002"


def test_an_engineer_makes_one_and_changes_it(engineer, operator, house):
    assert operator.get("/reconciliation/new/").status_code == 403
    body = {"customer": house.customer_id, "kind": "inventory", "label": "Stock of Reno"}
    with clock.freeze(
        datetime(2026, 3, 6, 12, tzinfo=UTC)
    ):  # both runs of the day are the same day's
        answer = engineer.post("/reconciliation/new/", body)
        made = Reconciliation.objects.get()
        assert answer.url == f"/reconciliation/{made.pk}/"
        at = min(made.light_due_at, made.full_due_at).astimezone(UTC)
        [said] = texts(page(engineer.get(answer.url)), ".toast")
    assert said == f"Stock of Reno runs next at {at:%H:%M}, and when you say so"
    again = engineer.post("/reconciliation/new/", body)
    assert again.status_code == 422 and "Choose another" in again.content.decode()
    limits = {"value_limit": "99.50", "interval_minutes": "30", "agreeing_runs": "3", "piece": "1",
              "weight_share": "0.5"}  # fmt: skip
    assert engineer.post(f"/reconciliation/{made.pk}/limits/", limits).status_code == 302
    content = made.versions.first().content
    assert (content["value_limit"], content["agreeing_runs"]) == ("99.50", 3)
    assert content["tolerances"]["weight"] == {"share": "0.005", "least": "1"}
    schedule = {"enabled": "on", "nightly_at": "03:30"}
    assert engineer.post(f"/reconciliation/{made.pk}/schedule/", schedule).status_code == 302
    made.refresh_from_db()
    assert (made.version, made.hourly, str(made.nightly_at)) == (2, False, "03:30:00")


def test_a_customer_without_two_sides_is_told(engineer, kestrel):
    body = {"customer": kestrel.maris, "kind": "inventory", "label": "Stock"}
    answer = engineer.post("/reconciliation/new/", body)
    assert answer.status_code == 422 and "no two endpoints" in answer.content.decode()


def addresses(one) -> list[str]:
    done, found = ReconRun.objects.first(), Break.objects.first()
    return [
        "/reconciliation/",
        f"/reconciliation/{one.pk}/",
        f"/reconciliation/runs/{done.pk}/",
        f"/reconciliation/runs/{done.pk}/ledger/",
        f"/reconciliation/breaks/{found.pk}/",
    ]


def test_strangers_and_customers_see_nothing(stranger, viewer, client, one):
    for address in addresses(one):
        assert viewer.get(address).status_code == 403
        assert client.get(address, headers={"host": "kestrel.localhost"}).status_code in (302, 404)
        if address != "/reconciliation/":
            assert stranger.get(address).status_code == 404
    assert "Reno" not in stranger.get("/reconciliation/").content.decode()


def test_pages_ask_as_often_for_three_as_for_one(operator, house):
    house.count({"TENT-2P": -1})
    twice(house.define())
    made = Reconciliation.objects.get()
    few = [queries(operator, address) for address in addresses(made)]
    house.count(dict.fromkeys(["TENT-2P", "MUG-12", "ROPE-30"], -1))
    for label in ("B", "C"):
        other = house.define("shipments", *house.sides)
        Reconciliation.objects.filter(pk=other.pk).update(label=label)
        run(other)
    twice(made)
    assert Break.objects.count() == 3
    assert [queries(operator, address) for address in addresses(made)] == few


def test_what_others_wrote_is_shown_and_never_run(operator, house):
    house.count()
    house.erp.rows(
        "INSERT INTO item (item_no, descr, stock_uom, case_qty) VALUES (:i, 'X', 'EA', 1)",
        i=EVIL[:20],
    )
    house.erp.rows("INSERT INTO stock (site, item_no, on_hand) VALUES ('RNO1', :i, 9)", i=EVIL[:20])
    made = house.define()
    twice(made)
    for address in addresses(made):
        assert EVIL[:20] not in operator.get(address).content.decode()


def test_a_correction_by_the_one_who_may_approve_needs_another(engineer, one):
    ben = Person.objects.get(email="engineer@kestrel.test")
    found = Break.objects.get(sku="TENT-2P")
    asked = reconcile_correct.ask(found.pk, "accept", actor=ben, reason="Lent")
    shown = page(engineer.get(f"/reconciliation/breaks/{found.pk}/"))
    assert "Somebody else" in " ".join(texts(shown, "aside p"))
    answer = engineer.post(f"/reconciliation/breaks/{found.pk}/corrections/{asked.pk}/approve/")
    assert answer.status_code == 409


def test_an_adjustment_without_a_way_to_the_erp_says_so_before_it_is_written(
    operator, engineer, one
):
    found = Break.objects.get(sku="MUG-12")
    assert "Post the adjustment" in page(operator.get(f"/reconciliation/breaks/{found.pk}/")).text
    Flow.objects.filter(object_type="adjustment").update(enabled=False)
    shown = page(operator.get(f"/reconciliation/breaks/{found.pk}/"))
    assert "No flow brings adjustments of Northwind Reno to the ERP." in shown.text
    assert shown.select('form[action$="correct/adjust/"], a[href="/flows/new/"]') == []
    assert texts(shown, "button.primary") == ["Ask for it"]  # to accept it
    mays = page(engineer.get(f"/reconciliation/breaks/{found.pk}/"))
    assert texts(mays, 'a[href="/flows/new/"]') == ["Make a flow"]
