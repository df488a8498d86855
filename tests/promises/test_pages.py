"""The partner's pages of service levels."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from monitoring.domain import objectives
from monitoring.models import Objective, ObjectiveDay, ObjectiveWindow
from portal.core import clock
from portal.customers.models import Customer
from tests.pages.scenery import page, texts
from tests.people import sign_in
from tests.promises.scenery import MARCH, at, leg, measured, orders, outage, promised

pytestmark = [pytest.mark.db, pytest.mark.long]
NOW = at("03-12 09:00")
LIST = "/service-levels/"
ONE = "/service-levels/harbor/ingestion_latency/"
EVIL = "<script>alert(1)</script>"


@pytest.fixture(autouse=True)
def _in_march():
    with clock.freeze(NOW):
        yield


@pytest.fixture
def busy(harbor):
    """30 orders of which 2 were late, and a warehouse that was away for an hour."""
    orders(harbor, "ingest", 28)
    leg(harbor, "ingest", "03-11 08:00", "03-11 08:40", number="2001")
    leg(harbor, "ingest", "03-10 08:30", "03-10 08:50", number="2002", endpoint=harbor.shop)
    outage(harbor, harbor.shop, "03-10 08:31", "03-10 08:49")
    outage(harbor, harbor.house, "03-09 08:00", "03-09 09:00")
    measured(harbor, now=NOW)
    return harbor


def rows(client, address=LIST):
    return [[cell.get_text(" ", strip=True) for cell in row.select("th, td")]
            for row in page(client.get(address)).select("#service-levels tbody tr")]  # fmt: skip


def test_the_list_begins_with_the_budget_that_is_used_most(operator, busy):
    found = rows(operator, f"{LIST}?customer=harbor")
    assert found[0][:5] == [
        "New orders known to us within 15 minutes Harbor Outfitters · 19 of 20 orders",
        "missed", "15 min", "20 min 93.33 % gross, 96.67 % attributable",
        "200 % used, 2 of 1 orders (30 in all)",
    ]  # fmt: skip
    assert found[1][:5] == [
        "Order flow open for business Harbor Outfitters · 5-minute slots",
        "kept so far", "99.5 %", "99.51 % 100.00 % attributable",
        "36 % used, 16 of 44 slots",
    ]  # fmt: skip
    assert {row[1] for row in found[2:]} == {"nothing yet"}


def test_the_views_of_the_list(operator, busy):
    assert len(rows(operator, f"{LIST}?view=missed")) == 1
    assert len(rows(operator, f"{LIST}?view=risk")) == 0
    assert texts(page(operator.get(f"{LIST}?view=risk")), ".empty p") == [
        "No budget is used to three quarters."
    ]
    assert texts(page(operator.get(LIST)), ".page-facts span") == ["1 missed"]
    assert {row[0].split("Maris")[0] for row in rows(operator, f"{LIST}?customer=maris")}
    assert all("Harbor" not in row[0] for row in rows(operator, f"{LIST}?customer=maris"))


def test_an_empty_list_says_when_there_will_be_something(operator, kestrel):
    assert texts(page(operator.get(LIST)), ".empty p") == [
        "Nothing is measured yet. Promises are measured within minutes of a customer's first day."
    ]


def test_the_list_goes_on_where_a_page_ends(operator, busy, monkeypatch):
    monkeypatch.setattr("monitoring.views.service_levels.SIZE", 4)
    address, seen = LIST, []
    while address:
        shown = page(operator.get(address))
        seen += texts(shown, "#service-levels tbody th")
        older = shown.select_one(".pager a[rel=next]")
        address = f"{LIST}{older['href'].removeprefix(LIST)}" if older else ""
    assert len(seen) == len(set(seen)) == 2 * len(objectives.USUAL)


@pytest.mark.parametrize("before", ["x", "1/", "/2", "nan/1", "9" * 400 + "/1"])
def test_a_place_nobody_was_at_is_the_first_page(operator, busy, before):
    assert operator.get(LIST, {"before": before}).status_code == 200


def queries(client, address):
    with CaptureQueriesContext(
        connection,
    ) as seen:
        assert client.get(address).status_code == 200
    return len(seen)


def test_the_list_asks_as_often_for_one_customer_as_for_three(operator, busy):
    one = queries(operator, LIST)
    for slug in ("fjord", "tarn"):
        customer = Customer.objects.create(slug=slug, name=slug.title())
        Customer.objects.filter(pk=customer.pk).update(created_at=at("03-01 00:00"))
    measured(busy, now=NOW + timedelta(minutes=10))
    assert ObjectiveWindow.objects.filter(begins=MARCH.begins).count() == 4 * len(objectives.USUAL)
    assert queries(operator, LIST) == one


def test_one_promise_tells_both_figures_and_whose_the_misses_were(operator, busy):
    shown = page(operator.get(ONE))
    figures = texts(shown, ".figures b")
    assert figures == ["20 min", "93.33 %", "96.67 %", "40 min"]
    assert texts(shown, ".proportion-words > span") == ["Us 50 %", "The customer 50 %"]
    assert len(shown.select(".chart-rows tbody tr")) == 2  # the days with orders
    assert texts(shown, "#service-level h2")[:2] == ["Figures", "Whose the misses were"]


def test_its_misses_lead_to_what_was_late_and_to_what_held_it_up(operator, busy):
    shown = page(operator.get(f"{ONE}?month=2026-03-01&day=2026-03-10"))
    (row,) = shown.select("#misses tbody tr")
    assert texts(row, "th, td") == [
        "2002", "Tue 08:45", "5 min", "The customer", "Web shop could not be reached Web shop"
    ]  # fmt: skip
    assert [a["href"] for a in row.select("a")] == ["/endpoints/shop/"]


def test_the_last_day_with_a_miss_is_shown_first(operator, busy):
    assert texts(page(operator.get(ONE)), "#misses caption") == ["Missed on 11 Mar"]
    assert texts(page(operator.get(ONE)), "tr[data-chosen] th") == ["11 Mar"]


def test_what_was_done_is_written_down_for_the_customer(operator, busy):
    address = f"{ONE}days/2026-03-11/remark/"
    assert operator.post(address, {"remark": f"Renewed {EVIL}"}).status_code == 302
    day = ObjectiveDay.objects.get(objective=promised(busy, "ingestion_latency"), day="2026-03-11")
    assert (day.remark, day.remark_by) == (f"Renewed {EVIL}", "Operator")
    answer = operator.get(f"{ONE}?month=2026-03-01&day=2026-03-11")
    assert EVIL not in answer.content.decode()
    measured(busy, now=NOW + timedelta(hours=2))
    day.refresh_from_db()
    assert day.remark.startswith("Renewed")  # measuring again keeps it


def test_a_month_before_is_an_address(operator, busy):
    shown = page(operator.get(f"{ONE}?month=2026-02-01"))
    assert texts(shown, ".tabs a[aria-current]") == ["February nothing"]


@pytest.mark.parametrize(
    "address",
    [
        "/service-levels/nobody/freshness/",
        "/service-levels/harbor/speed/",
        f"{ONE}?month=1999-01-01",
    ],
)
def test_what_was_never_promised_is_not_found(operator, busy, address):
    assert operator.get(address).status_code == 404


def test_no_day_is_the_running_month(operator, busy):
    assert operator.get(f"{ONE}?month=2026-13-45&day=soon").status_code == 200
    assert operator.post(f"{ONE}days/2026-02-31/remark/").status_code == 404


def test_one_promise_asks_as_often_for_one_miss_as_for_three(operator, busy):
    address = f"{ONE}?month=2026-03-01&day=2026-03-11"
    one = queries(operator, address)
    for minute in (10, 20):
        leg(busy, "ingest", f"03-11 09:{minute}", f"03-11 10:{minute}")
    measured(busy, now=NOW + timedelta(hours=2))
    assert queries(operator, address) == one


def test_what_if_shows_both_side_by_side_and_keeps_nothing(operator, busy):
    before = Objective.objects.count()
    shown = page(operator.get(f"{ONE}what-if/?target=90&limit=1 h&month=2026-03-01"))
    table = {
        cells[0]: cells[1:] for cells in (texts(row, "th, td") for row in shown.select("tbody tr"))
    }
    assert table["Promised"] == ["95.0 % within 15 min", "90.0 % within 1 h"]
    assert table["Missed"] == ["2 of 30 orders", "0 of 30 orders"]
    assert table["Allowed misses"] == ["1", "3"]
    assert table["Promise"] == ["missed", "kept"]
    assert Objective.objects.count() == before


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("5 s", "5 s"), ("90 s", "1 min 30 s"), ("1 min 30 s", "1 min 30 s"), ("2 min", "2 min"),
        ("1 h 30 min", "1 h 30"), ("1 h 30", "1 h 30"), ("3 d", "3 d"),
    ],
)  # fmt: skip
def test_what_if_takes_a_time_as_pages_print_it(operator, busy, written, shown):
    soup = page(operator.get(f"{ONE}what-if/?target=90&limit={written}&month=2026-03-01"))
    assert texts(soup, "tbody tr:first-child td")[1] == f"90.0 % within {shown}"


def test_a_promise_in_seconds_is_offered_in_seconds(admin, busy):
    assert terms(admin, target="90", limit="90 s").status_code == 302
    field = page(admin.get(f"{ONE}change/")).select_one("[name=limit]")
    assert field["value"] == "1 min 30 s"


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("target=0&limit=15 min", "Ensure this value is greater than or equal to 0.01."),
        ("target=101&limit=15 min", "Ensure this value is less than or equal to 100."),
        ("target=95&limit=soon", "Write it like 5 s, 15 min, 1 h 30 or 3 d."),
        ("target=95&limit=", "This field is required."),
    ],
)  # fmt: skip
def test_what_if_with_terms_nobody_can_keep_says_so(operator, busy, query, sentence):
    answer = operator.get(f"{ONE}what-if/?{query}")
    assert answer.status_code == 422
    assert sentence in answer.content.decode()


def terms(client, **changes):
    shown = page(client.get(f"{ONE}change/"))
    given = {
        field["name"]: field.get("value", "")
        for field in shown.select("#change-promise input")
        if field.get("type") != "checkbox"
    }
    given |= {"since": "running", "judged_by": "gross", "why": "Agreed", **changes}
    return client.post(f"{ONE}change/", given)


def test_an_admin_changes_what_is_promised(admin, busy):
    assert terms(admin, target="90", limit="1 h").status_code == 302
    made = promised(busy, "ingestion_latency")
    assert (made.version, made.made_by, made.since) == (2, "Admin", MARCH.begins)
    measured(busy, now=NOW + timedelta(minutes=10))
    assert texts(page(admin.get(ONE)), ".figures b")[1] == "100.00 %"


def test_a_change_for_next_month_waits_for_it(admin, busy):
    terms(admin, since="next", target="90")
    assert texts(page(admin.get(ONE)), ".side dd")[0] == "15 min, 19 of 20 orders"
    shown = page(admin.get(f"{ONE}change/"))
    assert "Version 2 will follow from 1 Apr: Agreed." in texts(shown, ".notice")[0]


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [({"why": ""}, "This field is required."), ({"target": "x"}, "Enter a number."),
     ({"version": "0"}, "Somebody has changed it: there is a version 1 by now."),
     ({"since": "1999"}, "Select a valid choice")],
)  # fmt: skip
def test_a_change_that_cannot_be_says_why(admin, busy, changes, sentence):
    answer = terms(admin, **changes)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert Objective.objects.filter(version=2).count() == 0


def test_taking_a_promise_back_takes_it_off_the_list(admin, busy):
    terms(admin, withdraw="on")
    measured(busy, now=NOW + timedelta(minutes=10))
    assert admin.get(ONE).status_code == 404
    assert not any("New orders" in row[0] and "Harbor" in row[0] for row in rows(admin))


AGREED = "/service-levels/agreed/"
VERBS = [f"{ONE}change/", f"{AGREED}1/approve/", f"{AGREED}1/decline/", f"{AGREED}1/end/"]


@pytest.mark.parametrize("role", ["operator", "engineer"])
def test_operators_and_engineers_read_and_do_not_change(kestrel, harbor, role):
    client = sign_in(kestrel, role)
    measured(harbor, now=NOW)
    for address in (LIST, ONE, f"{ONE}what-if/", AGREED):
        assert client.get(address).status_code == 200
    for address in VERBS:
        assert client.post(address).status_code == 403
    assert not any("Change" in text for text in texts(page(client.get(ONE)), ".page-actions a"))


def test_strangers_customers_and_finance_see_nothing_of_it(kestrel, harbor, viewer, stranger):
    for client in (viewer, sign_in(kestrel, "finance")):
        for address in (LIST, ONE, f"{ONE}what-if/", f"{ONE}change/", AGREED):
            assert client.get(address).status_code in (403, 404), address
    assert stranger.get(ONE).status_code == 404
    assert rows(stranger) == []


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01"])
def test_a_month_out_of_reach_is_the_running_one(operator, busy, day):
    assert operator.get(f"{ONE}?month={day}").status_code == 200
    assert operator.get(f"{ONE}what-if/?month={day}&target=99&limit=15+min").status_code == 200
    assert operator.post(f"{ONE}days/{day}/remark/", {"remark": "x"}).status_code in (302, 404)


def test_what_was_promised_before_stands_nowhere_once_it_is_changed(admin, busy):
    terms = {
        "target": "98",
        "limit": "1 min",
        "judged_by": "gross",
        "version": "1",
        "since": "running",
        "why": "x",
    }
    assert admin.post(f"{ONE}change/", terms).status_code == 302
    assert ObjectiveWindow.objects.get(
        customer=busy.pk,
        objective__sli="ingestion_latency",
        begins=MARCH.begins,
        objective__version=1,
    ).stale  # measured at once: it goes then
    measured(busy, now=NOW)
    titles = [row[0] for row in rows(admin, f"{LIST}?customer=harbor")]
    assert [title for title in titles if title.startswith("New orders known")] == [
        "New orders known to us within 1 minute Harbor Outfitters · 49 of 50 orders"
    ]  # fmt: skip
