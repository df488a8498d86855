"""The list of customers, and the page of a customer's hours and targets."""

import pytest
from auditlog.models import LogEntry
from bs4 import BeautifulSoup
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from integrations.models import Version
from portal.core import clock
from portal.customers.models import Customer
from portal.customers.targets import targets
from tests.customers.calendars import utc
from tests.pages.scenery import page, texts
from tests.people import Site, sign_in

pytestmark = pytest.mark.db

URL = "/customers/harbor/calendar/"


@pytest.fixture
def engineer(kestrel: Site) -> Client:
    return sign_in(kestrel, "engineer")


def form(client: Client) -> dict[str, str]:
    """What the page's form holds."""
    soup = page(client.get(URL))
    given = {field["name"]: field.get("value", "") for field in soup.select("#work input")}
    given |= {area["name"]: area.text.strip() for area in soup.select("#work textarea")}
    return given | {"country": soup.select_one("#work option[selected]")["value"]}


def refusal(answer: HttpResponse) -> BeautifulSoup:
    assert answer.status_code == 422
    return BeautifulSoup(answer.content, "html.parser")


def stored() -> Customer:
    return Customer.objects.get(slug="harbor")


def test_the_list_tells_everybodys_hours(kestrel, operator):
    Customer.objects.filter(slug="harbor").update(
        time_zone="America/Los_Angeles", policies={"case_targets": {"1": [15, 90]}}
    )
    rows = page(operator.get("/customers/")).select("#customers tbody tr")
    assert [[cell.text for cell in row.select("td")] for row in rows] == [
        ["Mon–Fri 07:00–19:00", "Los Angeles time", "15 min", "1 h 30"],
        ["Mon–Fri 07:00–19:00", "UTC", "30 min", "4 h"],
    ]
    assert rows[0].select_one("a")["href"] == URL


def test_the_list_stands_in_the_rail(kestrel, operator):
    assert texts(page(operator.get("/customers/")), ".rail-entry[aria-current]") == ["Customers"]


def test_the_list_asks_as_often_for_more_customers(kestrel, operator):
    operator.get("/customers/")
    with CaptureQueriesContext(connection) as few:
        operator.get("/customers/")
    for slug in ("cedar", "birch", "alder"):
        Customer.objects.create(slug=slug, name=slug, calendar={"hours": {"mon": "07:00-08:00"}})
    with CaptureQueriesContext(connection) as more:
        operator.get("/customers/")
    assert len(more) == len(few) <= 12


def test_a_list_without_customers_says_how_to_begin(kestrel, operator):
    Customer.objects.all().delete()
    assert "No customer yet" in page(operator.get("/customers/")).select_one("#work").text


def test_the_page_opens_with_what_is_kept(kestrel, engineer):
    given = form(engineer)
    assert (given["mon"], given["sat"], given["country"]) == ("07:00–19:00", "", "")
    assert (given["acknowledge1"], given["resolve1"], given["resolve4"]) == (
        "30 min",
        "4 h",
        "60 h",
    )


def test_saving_what_is_there_changes_nothing(kestrel, engineer):
    before = stored()
    assert engineer.post(URL, form(engineer)).status_code == 302
    assert (stored().calendar, stored().policies) == (before.calendar, before.policies)


def test_an_engineer_sets_hours_days_and_targets(kestrel, engineer):
    Customer.objects.filter(slug="harbor").update(policies={"approval": {"mapping": "one"}})
    given = form(engineer) | {
        "mon": "7:00-12:00, 13:00 – 17:00",
        "fri": "",
        "country": "US",
        "region": "CA",
        "closed": "2026-12-24 Stocktake\n\n2026-12-23",
        "open": "2026-11-27 08:00–12:00",
        "acknowledge1": "15 min",
        "resolve1": "1 h 30",
    }
    answer = engineer.post(URL, given, follow=True)
    assert stored().calendar == {
        "hours": {
            "mon": "07:00-12:00, 13:00-17:00",
            "tue": "07:00-19:00",
            "wed": "07:00-19:00",
            "thu": "07:00-19:00",
        },
        "holidays": {"country": "US", "region": "CA"},
        "closed": {"2026-12-23": "", "2026-12-24": "Stocktake"},
        "open": {"2026-11-27": "08:00-12:00"},
    }
    assert stored().policies == {"approval": {"mapping": "one"}, "case_targets": {"1": [15, 90]}}
    assert "Cases of Harbor Outfitters are measured like this from now on" in page(answer).text
    again = form(engineer)
    assert (again["mon"], again["resolve1"]) == ("07:00–12:00, 13:00–17:00", "1 h 30")
    assert again["closed"] == "2026-12-23\n2026-12-24 Stocktake"


def test_targets_like_ours_are_not_kept(kestrel, engineer):
    engineer.post(URL, form(engineer) | {"resolve1": "5 h"})
    assert targets(stored().policies, 1) == (30, 300)
    engineer.post(URL, form(engineer) | {"resolve1": "240"})
    assert stored().policies == {}


def test_a_change_is_in_the_trail_with_its_author(kestrel, engineer):
    engineer.post(URL, form(engineer) | {"sat": "08:00-12:00", "resolve1": "5 h"})
    entry = LogEntry.objects.get_for_object(stored()).first()
    assert entry.actor.email == "engineer@kestrel.test"
    assert set(entry.changes) == {"calendar", "policies"}
    kept = Version.objects.filter(kind="policy").latest("id")
    assert (kept.author, kept.cause) == ("Engineer", "hours and promises")
    assert kept.content["policies"] == {"case_targets": {"1": [30, 300]}}


def test_the_next_days_off_are_listed(kestrel, engineer):
    engineer.post(
        URL,
        form(engineer)
        | {"country": "US", "closed": "2026-12-24 Stocktake", "open": "2026-12-25 08:00-09:00"},
    )
    with clock.freeze(utc("2026-11-26 12:00")):
        soup = page(engineer.get(URL))
    assert texts(soup, "#closed-days dt") == [
        "Thu 26 Nov", "Thu 24 Dec", "Fri 1 Jan", "Mon 18 Jan", "Mon 15 Feb",
    ]  # fmt: skip
    assert texts(soup, "#closed-days dd")[:3] == ["Thanksgiving Day", "Stocktake", "New Year's Day"]


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("tue", "19:00-07:00", "Closes at 07:00 before it opens at 19:00."),
        ("wed", "all day", "“all day” are no hours. Write them like 07:00-19:00."),
        ("closed", "Christmas", "“Christmas” is no date. Write it like 2026-12-24."),
        ("closed", "2026-12-24\n2026-12-24 x", "2026-12-24 stands here twice."),
        ("open", "2026-12-24 nine", "2026-12-24: “nine” are no hours. Write them like 07:00-19:00."),
        ("region", "CA", "A region needs its country."),
        ("country", "XX", "There are no holidays of XX. Choose one of the list."),
        ("acknowledge2", "soon", "“soon” is no duration. Write it like 30 min or 4 h."),
        ("thu", "07:00-24:01", "There is no 24:01. A day ends at 24:00."),
        ("acknowledge2", "0", "A target is at least 1 minute."),
        ("resolve2", "10 min", "Resolving in 10 min would come before acknowledging in 60."),
        ("resolve2", "", "Give it a time, such as 4 h."),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_under_its_field(kestrel, engineer, field, value, sentence):
    soup = refusal(engineer.post(URL, form(engineer) | {field: value}))
    assert texts(soup, f"#id_{field}_error") == [sentence]
    assert soup.select_one(f".error-summary a[href='#id_{field}']")
    assert stored().calendar["hours"].keys() == {"mon", "tue", "wed", "thu", "fri"}


def test_a_week_without_hours_is_told_under_its_first_day(kestrel, engineer):
    given = form(engineer) | dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), "")
    soup = refusal(engineer.post(URL, given))
    assert texts(soup, "#id_mon_error") == [
        "The week has no hours. Give at least one weekday some."
    ]


def test_everything_wrong_is_told_at_once(kestrel, engineer):
    given = form(engineer) | {"tue": "9-5", "closed": "soon", "resolve3": "soon"}
    soup = refusal(engineer.post(URL, given))
    assert [a["href"] for a in soup.select(".error-summary a")] == [
        "#id_tue", "#id_closed", "#id_resolve3",
    ]  # fmt: skip


def test_an_operator_reads_and_may_not_edit(kestrel, operator):
    soup = page(operator.get(URL))
    assert not soup.select("#work form")
    assert "Mon–Fri 07:00–19:00, UTC" in texts(soup, "#work section p")
    assert texts(soup, ".targets tbody tr")[0].endswith("30 min 4 h")
    given = form(sign_in(kestrel, "engineer")) | {"mon": ""}
    assert operator.post(URL, given).status_code == 403
    assert stored().calendar["hours"]["mon"] == "07:00-19:00"


def test_an_admin_may_edit_and_finance_only_read(kestrel, admin):
    assert page(admin.get(URL)).select("#work form")
    finance = sign_in(kestrel, "finance")
    assert finance.get(URL).status_code == 200
    assert finance.post(URL, {}).status_code == 403


def test_a_customers_person_is_refused(kestrel, viewer):
    for address in ("/customers/", URL):
        assert viewer.get(address).status_code == 403
        assert viewer.post(address).status_code == 403


def test_a_stranger_finds_only_their_own(kestrel, stranger):
    Customer.objects.create(slug="secret", name="Secret Goods")
    assert stranger.get("/customers/secret/calendar/").status_code == 404
    assert "Secret Goods" not in page(stranger.get("/customers/")).text


def test_the_page_asks_a_bounded_number_of_times(kestrel, engineer):
    engineer.get(URL)
    with CaptureQueriesContext(connection) as asked:
        engineer.get(URL)
    assert len(asked) <= 14
