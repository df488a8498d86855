"""Whoever manages people ends an access of a colleague; the customer and the audit log read it."""

import pytest
from auditlog.models import LogEntry

from portal.accounts.domain import limits
from portal.accounts.models import Person
from portal.audit.models import Mark
from portal.support.models import LedgerEntry, SupportAccess
from tests.accounts.conftest import person
from tests.pages.scenery import page, texts
from tests.people import sign_in
from tests.support.conftest import begun

pytestmark = pytest.mark.db


@pytest.fixture
def chief(house):
    client = sign_in(house.site, "admin")
    Person.objects.filter(email="admin@kestrel.test").update(name="Cleo")
    return client


def ends(client) -> list[str]:
    return [one["href"] for one in page(client.get("/support/")).select("a[href$='/stop/']")]


def test_it_is_asked_first_and_then_over_at_once(house, chief):
    access = begun(house)
    assert house.ana_client.get("/orders/").status_code == 200
    [where] = ends(chief)
    asked = page(chief.get(where))
    assert "End the access of Ana Ruiz as Vera?" in texts(asked, "h2")
    access.refresh_from_db()
    assert access.state == SupportAccess.State.RUNNING
    assert chief.post(where).url == "/support/"
    access.refresh_from_db()
    assert (access.state, access.ended_how) == (SupportAccess.State.OVER, "Cleo ended it")
    assert house.ana_client.get("/orders/").status_code == 302  # their next click ends it there
    assert "You act as" not in page(house.ana_client.get("/support/")).text
    assert ends(chief) == []


def test_the_ledger_and_the_audit_log_say_who(house, chief):
    access = begun(house)
    chief.post(f"/support/{access.pk}/stop/")
    [row] = LedgerEntry.objects.filter(access=access, kind=LedgerEntry.Kind.ENDED)
    assert (row.customer_id, row.said["how"]) == (house.site.harbor, "Cleo ended it")
    entry = LogEntry.objects.filter(content_type__model="supportaccess").order_by("-pk")[0]
    assert Mark.objects.get(entry_id=entry.pk).by == "Cleo"
    assert entry.changes["state"] == ["running", "over"]


def test_what_is_over_stays_as_it_was(house, chief):
    access = begun(house)
    house.ana_client.post("/support/end/")
    told = page(chief.post(f"/support/{access.pk}/stop/", follow=True)).text
    assert "This access is over: Ana Ruiz ended it" in told
    access.refresh_from_db()
    assert access.ended_how == "Ana Ruiz ended it"
    assert chief.post("/support/999999/stop/").status_code == 404


def test_nobody_else_does_it(house, chief):
    access = begun(house)
    other = sign_in(house.site, "operator", email="rob@kestrel.test")
    assert ends(other) == []
    for client in (other, house.hanna_client):
        assert client.get(f"/support/{access.pk}/stop/").status_code == 403
        assert client.post(f"/support/{access.pk}/stop/").status_code == 403
    access.refresh_from_db()
    assert access.state == SupportAccess.State.RUNNING


def test_whoever_works_for_another_customer_finds_none_of_it(house, chief):
    access = begun(house)
    lea = sign_in(house.site, "admin", email="lea@kestrel.test")
    boss = person("admin", name="Boss")
    whom = Person.objects.get(email="lea@kestrel.test")
    limits.limit(whom, customers=[house.site.maris], groups=[], by=boss)
    assert lea.post(f"/support/{access.pk}/stop/").status_code == 404
    limits.limit(whom, customers=[house.site.harbor], groups=[], by=boss)
    assert lea.post(f"/support/{access.pk}/stop/").status_code == 302
    access.refresh_from_db()
    assert access.state == SupportAccess.State.OVER
