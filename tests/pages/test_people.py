"""The page of everybody, and of one person."""

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django_tenants.utils import schema_context

from portal.accounts.domain import inviting
from portal.accounts.models import Person, Role
from tests.accounts.conftest import person, role
from tests.pages.scenery import page, texts
from tests.people import sign_in

pytestmark = pytest.mark.db
NAMES = "table[data-rows] tbody th a"


def somebody(name, slug="operator", customer_id=None):
    return person(slug, name=name, customer_id=customer_id)


def names(client, query=""):
    return texts(page(client.get(f"/people/{query}")), NAMES)


def told(answer):
    assert answer.status_code == 422
    soup = BeautifulSoup(answer.content, "html.parser")
    return " ".join(texts(soup, "[role=alert]"))


def test_everybody_stands_there_by_name_with_role_customer_and_access(admin, kestrel):
    somebody("Hanna", "viewer", kestrel.harbor)
    tom = somebody("Tom")
    Person.objects.filter(pk=tom.pk).update(is_active=False)
    soup = page(admin.get("/people/"))
    assert texts(soup, NAMES) == ["Admin", "Hanna", "Tom"]
    assert texts(soup, "table[data-rows] tbody td:nth-of-type(1)") == [
        "Partner admin", "Customer viewer", "Operator",
    ]  # fmt: skip
    assert texts(soup, "table[data-rows] tbody td:nth-of-type(2)") == ["", "Harbor Outfitters", ""]
    assert texts(soup, "table[data-rows] .status") == ["active", "active", "access ended"]
    assert texts(soup, ".tabs a") == ["Everybody 2", "Our own 1", "Customers’ 1"]


def test_the_list_is_narrowed_by_side_customer_role_state_and_words(admin, kestrel):
    somebody("Hanna", "viewer", kestrel.harbor)
    somebody("Mo", "owner", kestrel.maris)
    tom = somebody("Tom")
    Person.objects.filter(pk=tom.pk).update(is_active=False)
    assert names(admin, "?view=staff") == ["Admin", "Tom"]
    assert names(admin, "?view=customers") == ["Hanna", "Mo"]
    assert names(admin, f"?customer={kestrel.maris}") == ["Mo"]
    assert names(admin, "?role=viewer") == ["Hanna"]
    assert names(admin, "?state=ended") == ["Tom"]
    assert names(admin, "?state=active") == ["Admin", "Hanna", "Mo"]
    assert names(admin, "?q=HANNA%40kest") == ["Hanna"]
    assert names(admin, "?customer=999999&role=nothing&state=x&view=y") == [
        "Admin", "Hanna", "Mo", "Tom",
    ]  # fmt: skip


def test_where_nobody_matches_the_page_says_so(admin):
    soup = page(admin.get("/people/?q=nobody"))
    assert texts(soup, ".empty p") == ["Nobody here matches."]
    assert texts(soup, ".filters > a") == ["Clear filters"]


def test_a_hundred_stand_on_a_page_and_the_rest_on_the_next(admin, monkeypatch):
    from portal.pages.views import people

    monkeypatch.setattr(people, "SIZE", 2)
    for name in ("Bo", "Bo Two", "Cy"):
        somebody(name)
    first = page(admin.get("/people/"))
    assert texts(first, NAMES) == ["Admin", "Bo"]
    second = page(admin.get(first.select_one(".pager a")["href"]))
    assert texts(second, NAMES) == ["Bo Two", "Cy"]
    assert not second.select(".pager a")


def test_three_people_and_invitations_ask_no_more_queries_than_one(admin, kestrel):
    by = Person.objects.get(email="admin@kestrel.test")

    def more(n):
        somebody(f"Hanna {n}", "viewer", kestrel.harbor)
        inviting.invite(
            by, email=f"x{n}@x.test", name="X", role=role("viewer"), customer_id=kestrel.maris
        )

    more(1)
    admin.get("/people/")
    with CaptureQueriesContext(connection) as one:
        admin.get("/people/")
    for n in (2, 3):
        more(n)
    with CaptureQueriesContext(connection) as three:
        assert len(names(admin)) == 4
    assert len(three) == len(one)
    assert len(one) < 20


def test_a_person_stands_with_what_they_may_do_in_words(admin):
    dana = somebody("Dana")
    soup = page(admin.get(f"/people/{dana.pk}/"))
    assert texts(soup, "h1") == ["Dana"]
    assert texts(soup, ".people-may h2") == ["As Operator they may"]
    assert texts(soup, ".people-may h3") == ["Work", "Customers", "Promise", "Logic"]
    assert "Resolve, replay and skip" in texts(soup, ".people-may li")
    assert "Publish prices" not in texts(soup, ".people-may li")
    assert texts(soup, "select[name=role] option") == [
        "Finance", "Integration engineer", "Operator", "Partner admin",
    ]  # fmt: skip


def test_name_and_role_are_changed(admin):
    dana = somebody("Dana")
    given = {"name": "Dana Reyes", "role": role("finance").pk}
    answer = admin.post(f"/people/{dana.pk}/", given, follow=True)
    assert texts(page(answer), ".toast") == ["Dana Reyes is Finance from now on"]
    dana.refresh_from_db()
    assert dana.role.slug == "finance"


def test_access_is_ended_and_given_back(admin, kestrel, operator):
    dana = Person.objects.get(email="operator@kestrel.test")
    answer = admin.post(f"/people/{dana.pk}/end/", follow=True)
    assert texts(page(answer), ".toast") == ["Operator cannot sign in any more, and is signed out"]
    assert operator.get("/orders/").url.startswith("/login/")
    answer = admin.post(f"/people/{dana.pk}/let-in/", follow=True)
    assert texts(page(answer), ".toast") == ["Operator can sign in again"]


def test_one_cannot_end_ones_own_access_or_change_ones_role(admin):
    own = Person.objects.get(email="admin@kestrel.test")
    somebody("Ben", "admin")
    soup = page(admin.get(f"/people/{own.pk}/"))
    assert "somebody else changes your role" in soup.text
    assert not soup.select(f"form[action='/people/{own.pk}/end/']")
    assert "Nobody ends their own access" in told(admin.post(f"/people/{own.pk}/end/"))
    demoted = admin.post(f"/people/{own.pk}/", {"name": "A", "role": role("operator").pk})
    assert "That is not offered" in told(demoted)
    own.refresh_from_db()
    assert (own.is_active, own.role.slug) == (True, "admin")


@pytest.fixture
def lead(kestrel):
    """Manages people, and may otherwise do no more than an operator."""
    rights = [*role("operator").permissions, "people.manage"]
    Role.objects.create(slug="lead", label="Lead", permissions=rights)
    return sign_in(kestrel, "lead")


def test_somebody_who_may_do_more_is_looked_at_and_not_changed(lead):
    ben = somebody("Ben", "admin")
    soup = page(lead.get(f"/people/{ben.pk}/"))
    assert "Ben may do more than you" in soup.text
    assert not soup.select(".page form[method=post]")
    assert "may do more than you" in told(lead.post(f"/people/{ben.pk}/end/"))
    answer = lead.post(f"/people/{ben.pk}/", {"name": "B", "role": role("lead").pk})
    assert "That is not offered" in told(answer) or answer.status_code == 422
    ben.refresh_from_db()
    assert (ben.name, ben.is_active, ben.role.slug) == ("Ben", True, "admin")


def test_a_posted_number_gives_nobody_more_than_the_giver_has(lead, kestrel):
    own = Person.objects.get(email="lead@kestrel.test")
    dana = somebody("Dana")
    for someone in (own, dana):
        answer = lead.post(f"/people/{someone.pk}/", {"name": "D", "role": role("admin").pk})
        assert "That is not offered" in told(answer)
    hanna = somebody("Hanna", "viewer", kestrel.harbor)
    answer = lead.post(f"/people/{hanna.pk}/", {"name": "H", "role": role("operator").pk})
    assert "That is not offered" in told(answer)
    assert set(Person.objects.values_list("role__slug", flat=True)) == {
        "lead",
        "operator",
        "viewer",
    }


@pytest.mark.parametrize("who", ["operator", "engineer", "viewer"])
def test_only_who_manages_people_sees_and_changes_them(request, who, kestrel):
    client = request.getfixturevalue(who)
    dana = somebody("Dana")
    for path in ("/people/", "/people/invite/", f"/people/{dana.pk}/", "/roles/"):
        assert client.get(path).status_code == 403, path
    assert client.post(f"/people/{dana.pk}/end/").status_code == 403
    dana.refresh_from_db()
    assert dana.is_active


def test_a_person_of_another_partner_is_nowhere(admin, aurora):
    with schema_context("aurora"):
        other = person("operator", name="Zora")
        Person.objects.filter(pk=other.pk).update(id=888_888)
    assert b"Zora" not in admin.get("/people/").content
    assert admin.get("/people/888888/").status_code == 404
    assert admin.post("/people/888888/end/").status_code == 404


@pytest.fixture
def staff(db):
    with schema_context("public"):
        ops = Person.objects.create_person(
            email="ops@platform.test", name="Ops", role=role("platform-admin"), password=None
        )
        client = Client(HTTP_HOST="platform.localhost")
        client.force_login(ops, backend="portal.accounts.backends.EmailBackend")
    return client


def test_platform_staff_look_after_their_own_people(staff):
    soup = page(staff.get("/people/"))
    assert texts(soup, NAMES) == ["Ops"]
    assert not soup.select("select[name=customer]")
    invite = page(staff.get("/people/invite/"))
    assert texts(invite, "select[name=role] option") == ["choose one", "Platform admin"]
    assert not invite.select("[name=customer]")
    roles = page(staff.get("/roles/"))
    assert texts(roles, "thead th")[1:] == ["Platform admin 1 person"]
    assert "Manage platform staff and their roles platform.people" in texts(roles, "tbody th")
    assert not [text for text in texts(roles, "tbody th") if "own." in text or "desk." in text]


def test_hostile_names_are_text(admin):
    hostile = somebody("Mallory")
    Person.objects.filter(pk=hostile.pk).update(name="<img src=x>")
    for path in ("/people/", f"/people/{hostile.pk}/"):
        assert b"<img" not in admin.get(path).content


def test_a_role_without_a_page_lands_on_ones_settings(kestrel):
    Role.objects.create(slug="empty", label="Empty", permissions=[])
    assert sign_in(kestrel, "empty").get("/").url == "/you/"
