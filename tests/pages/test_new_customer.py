"""A customer is added on a page, and the next page says what comes then."""

import pytest
from auditlog.models import LogEntry

from portal.accounts.domain import limits
from portal.accounts.models import Person
from portal.customers.models import Customer, usual_calendar
from tests.isolation.limited import boss
from tests.pages.scenery import page, texts
from tests.people import sign_in

pytestmark = pytest.mark.db

URL = "/customers/new/"
GIVEN = {
    "name": "Cedar Goods", "slug": "cedar", "time_zone": "Europe/Oslo", "language": "de", "currency": "EUR",
}  # fmt: skip


@pytest.fixture
def engineer(kestrel):
    return sign_in(kestrel, "engineer")


@pytest.fixture
def of_harbor(kestrel):
    """An admin who works for Harbor only."""
    client = sign_in(kestrel, "admin", email="rob@kestrel.test")
    rob = Person.objects.get(email="rob@kestrel.test")
    limits.limit(rob, customers=[kestrel.harbor], groups=[], by=boss())
    return client


def links(soup):
    return [link["href"] for link in soup.select("main .rows a")]


def test_a_customer_is_added_and_what_comes_next_is_said(kestrel):
    admin = sign_in(kestrel, "admin")
    answer = admin.post(URL, GIVEN)
    assert (answer.status_code, answer.url) == (302, "/customers/cedar/next/")
    made = Customer.objects.get(slug="cedar")
    assert (made.name, made.time_zone, made.language, made.currency) == (
        "Cedar Goods", "Europe/Oslo", "de", "EUR",
    )  # fmt: skip
    assert made.calendar == usual_calendar()
    entry = LogEntry.objects.get_for_object(made).get()
    assert (entry.action, entry.actor.email) == (LogEntry.Action.CREATE, "admin@kestrel.test")
    soup = page(admin.get(answer.url))
    onboard, invite, hours = links(soup)
    assert (onboard, hours) == ("/onboarding/new/?customer=cedar", "/customers/cedar/calendar/")
    assert "Mon–Fri 07:00–19:00" in soup.get_text()
    assert admin.get(hours).status_code == 200
    system = page(admin.get(onboard)).select_one("#catalogue a[data-row-link]")["href"]
    for address in (system, invite):  # whose it is need not be said again
        chosen = page(admin.get(address)).select_one("[name=customer] option[selected]")
        assert chosen.get_text(strip=True) == "Cedar Goods"


def test_what_is_not_theirs_to_do_is_no_link(engineer):
    soup = page(engineer.get(engineer.post(URL, GIVEN).url))
    assert links(soup) == ["/onboarding/new/?customer=cedar", "/customers/cedar/calendar/"]
    assert "Your role does not let you do it." in soup.get_text()


def test_a_short_name_is_made_of_the_name(engineer):
    assert engineer.post(URL, {**GIVEN, "slug": ""}).url == "/customers/cedargoods/next/"
    assert engineer.post(URL, {**GIVEN, "slug": ""}).url == "/customers/cedargoods2/next/"


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"slug": "harbor"}, "harbor2 is free"), ({"slug": "a-b"}, "Use 2 to 41 lower-case letters"),
        ({"slug": "groups"}, "groups is an address of these pages"), ({"name": ""}, "Give the customer a name"),
        ({"name": "日本", "slug": ""}, "No short name can be made"), ({"time_zone": "Mars/Olympus"}, "not offered"),
        ({"language": "xx"}, "not offered"), ({"currency": "ZZZ"}, "not offered"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_and_nothing_made(engineer, wrong, said):
    answer = engineer.post(URL, {**GIVEN, **wrong})
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert Customer.objects.count() == 2


@pytest.mark.parametrize("address", ["/customers/", "/overview/customers/"])
def test_a_house_without_customers_leads_to_the_first(kestrel, engineer, address):
    Customer.objects.all().delete()
    (link,) = page(engineer.get(address)).select(".empty a")
    assert (link["href"], link.text) == (URL, "Add the first customer")
    seen = page(sign_in(kestrel, "finance").get(address))
    assert not seen.select(".empty a")
    assert "manage.py" not in seen.get_text()
    assert "Whoever edits customers adds the first one" in seen.get_text()


def test_the_list_leads_there_for_whoever_may(engineer, operator, of_harbor):
    wanted = f'.page-actions [href="{URL}"]'
    assert texts(page(engineer.get("/customers/")), wanted) == ["New customer N"]
    for client in (operator, of_harbor):
        assert not page(client.get("/customers/")).select(wanted)


def test_nobody_else_adds_one(operator, viewer, of_harbor):
    for client in (operator, viewer, of_harbor):
        assert client.get(URL).status_code == 403
        assert client.post(URL, GIVEN).status_code == 403
    assert Customer.objects.count() == 2
    assert of_harbor.get("/customers/maris/next/").status_code == 404
    assert of_harbor.get("/customers/harbor/next/").status_code == 200
