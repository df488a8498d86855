"""The pages of margin: who may see them, what they say, how many queries they take."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django_tenants.utils import schema_context

from billing.domain import figures, intake
from billing.models import Account, LegalEntity, MonthFigure
from portal.core import clock
from portal.customers.models import Customer
from tests.billing import selling
from tests.billing.test_figures import platform
from tests.billing.usage import account, at, event
from tests.pages.scenery import page, texts
from tests.people import Site, sign_in

pytestmark = pytest.mark.db


@pytest.fixture(autouse=True)
def now(kestrel: Site) -> Iterator[Any]:
    with clock.freeze(at("2026-06-03 12:00")) as frozen:
        yield frozen


@pytest.fixture
def harbor(kestrel: Site) -> Account:
    """100 and 10 documents at 2 in April: 120; an hour of people at 110."""
    LegalEntity.objects.update(hour_cost=110)
    found = account(kestrel.harbor)
    selling.sell(found)
    intake.note(
        [event(found, "a", quantity="10"), event(found, "l", kind="operator", quantity="60")]
    )
    LegalEntity.objects.update(hour_cost=110)
    for month in ("2026-03", "2026-04", "2026-05"):
        figures.keep(month)
    return found


def test_margin_says_what_is_left_worst_first(harbor: Account, admin: Any) -> None:
    soup = page(admin.get("/margin/?month=2026-04"))
    assert texts(soup, ".sentences p") == [
        "April 2026: $120.00 earned, $10.00 left (8.3 %).",
        "1 customer is below the floor of 20 %.",
    ]
    row = soup.select_one("tbody [data-row]")
    assert row.select_one("th").get_text(strip=True) == "Harbor Outfitters"
    assert [cell.get_text(strip=True) for cell in row.select("td")] == [
        "120.00", "0.00", "120.00", "100.0 %", "60", "110.00", "0.00", "10.00", "8.3 %",
    ]  # fmt: skip
    assert texts(soup, "tfoot td")[0] == "120.00"
    assert soup.select_one("figure.chart table")


def test_a_month_of_nothing_says_when_it_is_reckoned(kestrel: Site, admin: Any) -> None:
    soup = page(admin.get("/margin/?month=2026-04"))
    assert "It is done once an hour." in soup.get_text()
    assert page(admin.get("/margin/?month=nonsense")).select_one("h1").get_text() == "Margin"


def test_reckoning_again_is_for_those_who_bill(harbor: Account, admin: Any, operator: Any) -> None:
    intake.note([event(harbor, "late", quantity="5")])
    assert operator.post("/margin/reckon/", {"month": "2026-04"}).status_code == 403
    answer = admin.post("/margin/reckon/", {"month": "2026-04"}, follow=True)
    assert "Reckoned April 2026" in answer.content.decode()
    assert MonthFigure.objects.get(account=harbor, month="2026-04").retail == 130


def test_a_customers_page_says_what_weighs_most_and_what_it_is_worth(
    harbor: Account, admin: Any
) -> None:
    """One document at 6 minutes and 40 an hour is 4 for 120 paid: 0.03 for each dollar."""
    soup = page(admin.get("/margin/harbor/?month=2026-04&minutes=6&hour=40"))
    text = " ".join(soup.get_text(" ").split())
    assert "people: 91.67 % of retail, 60 of 60 minutes" in text
    assert "For every $1.00 they paid, they were spared work worth $0.03." in text
    assert texts(soup, ".figures b")[0] == "1"


def test_strangers_operators_and_customers_see_nothing_of_it(
    harbor: Account, operator: Any, viewer: Any, stranger: Any
) -> None:
    for address in ("/margin/", "/margin/harbor/"):
        assert operator.get(address).status_code == 403
        assert viewer.get(address).status_code == 403
    other = sign_in(Site("aurora", "aurora.localhost", 0, 0), "admin", email="b@aurora.test")
    assert other.get("/margin/harbor/").status_code == 404
    assert "Harbor" not in other.get("/margin/").content.decode()
    assert stranger.get("/margin/").status_code == 403


def test_more_customers_take_no_more_queries(harbor: Account, admin: Any) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            admin.get("/margin/?month=2026-04")
        return len(captured)

    queries()
    few = queries()
    for n in range(3):
        customer = Customer.objects.create(slug=f"more{n}", name=f"More {n}")
        MonthFigure.objects.create(
            account=account(customer.pk), month="2026-04", currency="USD", retail=1, wholesale=0,
            minutes=0, work=0, infrastructure=0, documents=0, made_at=clock.now(),
        )  # fmt: skip
    assert queries() == few


def test_the_platform_sees_what_partners_bring(kestrel: Site) -> None:
    from django.test import Client

    from portal.accounts.models import Person, Role

    with schema_context("public"):
        selling.sell(platform(), selling.published(selling.BASE, slug="wholesale"))
        figures.keep("2026-04")
        role = Role.objects.get(slug="platform-admin")
        person = Person.objects.create_person(
            email="p@platform.test", name="Pat", role=role, password="correct horse battery"
        )
        client = Client(HTTP_HOST="platform.localhost")
        client.force_login(person, backend="portal.accounts.backends.EmailBackend")
    soup = page(client.get("/margin/?month=2026-04"))
    assert soup.select_one("h1").get_text() == "Revenue"
    rows = {r.select_one("th").get_text(strip=True): r for r in soup.select("tbody [data-row]")}
    assert rows["Kestrel Point"].select_one("td").get_text(strip=True) == "100.00"
    assert page(client.get("/margin/kestrel/")).select_one("h1").get_text() == "Kestrel Point"


def test_the_overview_says_what_is_left_of_each_to_those_who_may_see_money(
    harbor: Account, admin: Any, engineer: Any
) -> None:
    figures.keep("2026-06")
    row = page(admin.get("/overview/")).select_one("tbody [data-row]")
    cell = row.select_one("td[data-label='Margin left'] a")
    assert (cell.get_text(), cell["href"]) == ("100.0 %", "/margin/harbor/")
    assert not page(engineer.get("/overview/")).select("td[data-label='Margin left']")
