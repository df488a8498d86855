"""For whom staff work: chosen on a page, kept by the database, told in the shell."""

import pytest

from integrations.models import LookupRow, LookupTable
from monitoring.models import SavedView, Team
from portal.accounts.domain import limits
from portal.accounts.models import Limit, Person
from portal.customers import groups
from portal.customers.models import Customer
from tests.pages.scenery import business, page, texts
from tests.people import sign_in

pytestmark = pytest.mark.db


@pytest.fixture
def west(kestrel):
    members = Customer.objects.filter(pk=kestrel.harbor)
    return groups.make("West coast", kind="region", members=members, by="Ana")


@pytest.fixture
def rob(kestrel):
    """An operator, and his browser."""
    client = sign_in(kestrel, "operator", email="rob@kestrel.test")
    Person.objects.filter(email="rob@kestrel.test").update(name="Rob")
    return client


def person(name="rob") -> Person:
    return Person.objects.get(email=f"{name}@kestrel.test")


def address(name="rob") -> str:
    return f"/people/{person(name).pk}/customers/"


def only(*customers, **also):
    return {"reach": "some", "customers": customers, **also}


def limited(kestrel, role, *customers, groups=()):
    """Somebody with `role` who works for these customers, and their browser."""
    client = sign_in(kestrel, role, email=f"limited-{role}@kestrel.test")
    boss = Person.objects.filter(email="boss@kestrel.test").first() or Person.objects.create_person(
        email="boss@kestrel.test", name="Boss", role=person(f"limited-{role}").role, password=None
    )
    limits.limit(person(f"limited-{role}"), customers=customers, groups=groups, by=boss)
    return client


def test_whoever_is_limited_sees_their_customers_and_the_shell_says_so(admin, kestrel, rob):
    business(kestrel.harbor)
    business(kestrel.maris, prefix="maris-")
    assert "Maris-Shop" in page(rob.get("/endpoints/")).text
    assert admin.post(address(), only(kestrel.harbor)).status_code == 302
    assert texts(page(admin.get(address())), "#toasts .toast") == [
        "Rob works for Harbor Outfitters from now on"
    ]
    shown = page(rob.get("/endpoints/"))
    assert "Maris" not in shown.text
    assert "Shop" in shown.text
    assert texts(shown, ".works-for") == ["for Harbor Outfitters"]
    assert rob.get("/endpoints/maris-shop/").status_code == 404
    assert "Maris-Shop" in page(admin.get("/endpoints/")).text
    (row,) = Limit.objects.all()
    assert (row.person, row.customer_id, row.group_id, row.made_by) == (
        person(), kestrel.harbor, None, "Admin"
    )  # fmt: skip


def test_who_joins_a_group_counts_at_once_and_who_leaves_it_no_more(admin, kestrel, rob, west):
    business(kestrel.maris, prefix="maris-")
    assert admin.post(address(), only(groups=[west.pk])).status_code == 302
    assert rob.get("/endpoints/maris-shop/").status_code == 404
    west.members.add(kestrel.maris)
    assert rob.get("/endpoints/maris-shop/").status_code == 200
    assert texts(page(rob.get("/endpoints/")), ".works-for") == [
        "for Harbor Outfitters, Maris Foods"
    ]
    west.members.clear()
    assert rob.get("/endpoints/maris-shop/").status_code == 404
    assert texts(page(rob.get("/endpoints/")), ".works-for") == ["for no customer now"]


def test_a_limit_is_lifted_by_whoever_works_for_everybody(admin, kestrel, rob):
    admin.post(address(), only(kestrel.harbor))
    assert admin.post(address(), {"reach": "everybody"}).status_code == 302
    assert not Limit.objects.exists()
    assert not person().is_limited
    assert page(rob.get("/endpoints/")).select(".works-for") == []


def test_nobody_chosen_is_refused(admin, kestrel, rob):
    answer = admin.post(address(), {"reach": "some"})
    assert answer.status_code == 422
    assert "Choose at least one customer or group." in answer.content.decode()
    assert not person().is_limited


def test_a_customer_or_group_there_is_not_is_refused(admin, kestrel, rob):
    for given in (only(987_654), only(kestrel.harbor, groups=[987_654]), only("x"), {}):
        assert admin.post(address(), given).status_code == 422
    assert not Limit.objects.exists()


def test_nobody_changes_for_whom_they_work_themselves(admin, kestrel):
    shown = page(admin.get(address("admin")))
    assert "This is for whom you work yourself. Ask a colleague to change it." in shown.text
    assert shown.select_one("#work form") is None
    assert admin.post(address("admin"), only(kestrel.harbor)).status_code == 422
    chief = limited(kestrel, "admin", kestrel.harbor)
    assert chief.post(address("limited-admin"), {"reach": "everybody"}).status_code == 422
    assert person("limited-admin").is_limited


def test_whoever_is_limited_gives_no_more_than_they_have(kestrel, rob, west):
    chief = limited(kestrel, "admin", kestrel.harbor)
    answer = chief.post(address(), only(kestrel.harbor))  # Rob works for everybody
    assert answer.status_code == 422
    assert "Rob works for more customers than you do." in answer.content.decode()
    limits.limit(person(), customers=[kestrel.harbor], groups=[], by=person("boss"))
    assert "Maris" not in page(chief.get(address())).text
    for given in ({"reach": "everybody"}, only(kestrel.maris), only(groups=[west.pk])):
        assert chief.post(address(), given).status_code == 422
    assert [row.customer_id for row in Limit.objects.filter(person=person())] == [kestrel.harbor]
    assert chief.post(address(), only(kestrel.harbor)).status_code == 302


def test_a_group_is_given_by_whoever_works_for_the_group(kestrel, rob, west):
    chief = limited(kestrel, "admin", groups=[west.pk])
    limits.limit(person(), customers=[kestrel.harbor], groups=[], by=person("boss"))
    assert chief.post(address(), only(groups=[west.pk])).status_code == 302
    assert [row.group_id for row in Limit.objects.filter(person=person())] == [west.pk]


def test_the_verb_refuses_what_the_form_does_not_offer(kestrel, rob):
    limited(kestrel, "admin", kestrel.harbor)
    chief = person("limited-admin")
    limits.limit(person(), customers=[kestrel.harbor], groups=[], by=person("boss"))
    for given in ([kestrel.maris], [kestrel.harbor, kestrel.maris], []):
        with pytest.raises(limits.LimitError):
            limits.limit(person(), customers=given, groups=[], by=chief)
    with pytest.raises(limits.LimitError, match="Ask somebody who works for all of them"):
        limits.lift(person(), by=chief)
    assert limits.customers_of(person()) == (kestrel.harbor,)


def test_a_customers_person_has_no_limit_to_choose(admin, viewer, kestrel):
    assert admin.get(address("viewer")).status_code == 404
    with pytest.raises(limits.LimitError, match="sees that customer only"):
        limits.limit(person("viewer"), customers=[kestrel.maris], groups=[], by=person("admin"))


def test_who_does_not_manage_people_and_a_stranger_find_no_such_page(
    engineer, stranger, kestrel, rob
):
    assert engineer.get(address()).status_code == 403
    assert engineer.post(address(), only(kestrel.harbor)).status_code == 403
    assert stranger.get(address()).status_code == 403
    assert not Limit.objects.exists()


def test_what_is_for_all_customers_is_refused_in_words(kestrel):
    LookupRow.objects.create(table=LookupTable.objects.create(name="units"), code="EA", value="PC")
    client = limited(kestrel, "admin", kestrel.harbor, kestrel.maris)
    assert "units" in page(client.get("/lookups/")).text
    answer = client.post("/desk/settings/teams/new/", {"name": "Master data"})
    assert answer.status_code == 403
    assert (
        "This is for all customers; you work for Harbor Outfitters and Maris Foods."
        in answer.content.decode()
    )
    assert "Nothing was changed" in answer.content.decode()
    assert not Team.objects.exists()


def test_own_settings_and_signing_out_work_as_for_everybody(kestrel):
    client = limited(kestrel, "operator", kestrel.harbor)
    assert client.post("/you/", {"time_zone": "Asia/Tokyo", "single_keys": "on"}).status_code == 302
    assert person("limited-operator").time_zone == "Asia/Tokyo"
    assert client.post("/logout/").status_code == 302
    assert client.get("/desk/").url.startswith("/login/")


def test_views_of_the_desk_are_ones_own(kestrel, operator):
    operator.post(
        "/desk/views/", {"name": "All of Maris", "query": "customer=maris", "shared": "on"}
    )
    client = limited(kestrel, "operator", kestrel.harbor)
    assert SavedView.objects.count() == 1
    assert "All of Maris" not in page(client.get("/desk/")).text
    answer = client.post("/desk/views/", {"name": "Mine", "query": "severity=1"})
    assert answer.status_code in (302, 303)
    assert "Mine" in page(client.get("/desk/")).text


def test_the_connection_is_the_applications_again_after_every_request(kestrel):
    from django.db import connection

    client = limited(kestrel, "operator", kestrel.harbor)
    for path in ("/desk/", "/cases/999999/", "/alerts/on-call/new/"):
        client.get(path)
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_user::text, current_setting('crossdock.customer', true)")
            assert cursor.fetchone() == ("crossdock_app", "")
