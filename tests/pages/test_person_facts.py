"""For whom somebody works and how they sign in: on their page, and in the list."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from portal.accounts.domain import limits
from portal.accounts.models import Passkey, Person
from portal.core import clock
from portal.customers import groups
from portal.customers.models import Customer
from tests.accounts.conftest import person
from tests.pages.scenery import page, texts
from tests.pages.test_works_for import limited
from tests.people import sign_in

pytestmark = pytest.mark.db


@pytest.fixture
def by(admin) -> Person:
    return Person.objects.get(email="admin@kestrel.test")


def facts(client, whom: Person) -> dict[str, str]:
    soup = page(client.get(f"/people/{whom.pk}/"))
    return dict(zip(texts(soup, ".person-facts dt"), texts(soup, ".person-facts dd"), strict=True))


def works_for(client, query="") -> dict[str, str]:
    soup = page(client.get(f"/people/{query}"))
    cells = texts(soup, "td[data-label='Works for']")
    return dict(zip(texts(soup, "table[data-rows] tbody th a"), cells, strict=True))


def test_a_persons_page_says_for_whom_they_work_and_leads_to_changing_it(admin, by, kestrel):
    rob = person("operator", name="Rob")
    assert facts(admin, rob)["Works for"] == "all customers change"
    limits.limit(rob, customers=[kestrel.harbor], groups=[], by=by)
    soup = page(admin.get(f"/people/{rob.pk}/"))
    assert facts(admin, rob)["Works for"] == "Harbor Outfitters change"
    where = soup.select_one(".person-facts a")["href"]
    assert where == f"/people/{rob.pk}/customers/"
    back = page(admin.get(where)).select(".crumb a")
    assert [one["href"] for one in back] == ["/people/", f"/people/{rob.pk}/"]


def test_whom_one_cannot_change_one_is_not_led_to(admin, by, kestrel):
    assert facts(admin, by)["Works for"] == "all customers"  # oneself
    hanna = person("viewer", name="Hanna", customer_id=kestrel.harbor)
    told = facts(admin, hanna)
    assert "Works for" not in told
    assert told["Signs in for"] == "Harbor Outfitters"


def test_how_somebody_signs_in_stands_there(admin, kestrel):
    rob = person("operator", name="Rob")
    told = facts(admin, rob)
    assert (told["Second step"], told["Sessions"]) == ("no", "none")
    assert "Last seen" not in told
    sign_in(kestrel, "operator", email="rita@kestrel.test")
    rita = Person.objects.get(email="rita@kestrel.test")
    Passkey.objects.create(
        person=rita, name="Key", credential_id=b"1", credential=b"2", uses=0, added_at=clock.now()
    )
    told = facts(admin, rita)
    assert (told["Second step"], told["Sessions"]) == ("yes", "1 session")
    assert told["Last seen"]


def test_the_list_says_for_whom_everybody_of_the_house_works(admin, by, kestrel):
    rob, lea = person("operator", name="Rob"), person("operator", name="Lea")
    person("viewer", name="Hanna", customer_id=kestrel.harbor)
    west = groups.make(
        "West coast", kind="region", members=Customer.objects.filter(pk=kestrel.maris), by="Ana"
    )
    limits.limit(rob, customers=[kestrel.maris, kestrel.harbor], groups=[], by=by)
    limits.limit(lea, customers=[kestrel.harbor], groups=[west.pk], by=by)
    assert works_for(admin) == {
        "Admin": "all customers", "Hanna": "", "Lea": "Harbor Outfitters and all of West coast",
        "Rob": "Harbor Outfitters and Maris Foods",
    }  # fmt: skip


def test_more_people_and_limits_ask_no_more_queries(admin, by, kestrel):
    def one(name):
        limits.limit(person("operator", name=name), customers=[kestrel.harbor], groups=[], by=by)

    one("Rob")
    admin.get("/people/")
    with CaptureQueriesContext(connection) as few:
        admin.get("/people/")
    for name in ("Lea", "Mo", "Pia"):
        one(name)
    with CaptureQueriesContext(connection) as many:
        assert len(works_for(admin)) == 5
    assert len(many) == len(few)


def test_whom_the_asker_does_not_see_is_counted_and_not_named(admin, by, kestrel):
    rob, lea = person("operator", name="Rob"), person("operator", name="Lea")
    limits.limit(rob, customers=[kestrel.maris], groups=[], by=by)
    limits.limit(lea, customers=[kestrel.maris, kestrel.harbor], groups=[], by=by)
    chief = limited(kestrel, "admin", kestrel.harbor)
    told = works_for(chief)
    assert (told["Rob"], told["Lea"]) == ("1 whom you do not see", "Harbor Outfitters and 1 more")
    assert "Maris" not in page(chief.get(f"/people/{rob.pk}/")).text
    assert "Second step" not in facts(chief, rob)
