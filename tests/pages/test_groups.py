"""Groups of customers: made, changed, deleted, and lists told by them."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from monitoring.models import AlertRule
from portal.accounts.domain import limits
from portal.accounts.models import Person
from portal.customers import groups
from portal.customers.models import Customer, CustomerGroup
from tests.pages.scenery import business, page, texts
from tests.people import sign_in

pytestmark = pytest.mark.db


@pytest.fixture
def west(kestrel):
    """A group with Harbor in it."""
    members = Customer.objects.filter(pk=kestrel.harbor)
    return groups.make("West coast", kind="region", members=members, by="Ana")


def test_a_group_is_made_of_customers_and_listed(engineer, kestrel):
    shown = page(engineer.get("/customers/groups/"))
    assert "No group yet." in shown.text
    answer = engineer.post(
        "/customers/groups/new/",
        {"label": "West coast", "kind": "region", "members": [kestrel.harbor, kestrel.maris]},
    )
    assert (answer.status_code, answer.url) == (302, "/customers/groups/")
    shown = page(engineer.get("/customers/groups/"))
    assert texts(shown, "#toasts .toast") == ["West coast has 2 customers"]
    assert texts(shown, "#groups tbody tr") == [
        "West coast Harbor Outfitters, Maris Foods Region 2 not used"
    ]
    group = CustomerGroup.objects.get()
    assert (group.slug, group.made_by, group.changed_by) == ("west-coast", "Engineer", "Engineer")


def test_a_group_keeps_its_slug_when_it_is_renamed_and_its_members_change(engineer, kestrel, west):
    shown = page(engineer.get("/customers/groups/west-coast/"))
    assert [box["value"] for box in shown.select("[name=members][checked]")] == [
        str(kestrel.harbor)
    ]
    given = {"label": "Pacific", "kind": "contract", "members": [kestrel.maris]}
    assert engineer.post("/customers/groups/west-coast/", given).status_code == 302
    west.refresh_from_db()
    assert (west.slug, west.label, west.kind) == ("west-coast", "Pacific", "contract")
    assert list(west.members.values_list("pk", flat=True)) == [kestrel.maris]


def test_two_groups_do_not_have_one_name(engineer, west):
    answer = engineer.post("/customers/groups/new/", {"label": "west COAST", "kind": "region"})
    assert answer.status_code == 422
    assert "There is a group west COAST already. Choose another name." in answer.content.decode()
    assert CustomerGroup.objects.count() == 1


def test_labels_that_read_alike_in_an_address_get_addresses_of_their_own(west):
    again = groups.make("West  Coast!", kind="other", members=[], by="Ana")
    named_like_a_page = groups.make("New", kind="other", members=[], by="Ana")
    nameless = groups.make("東京", kind="other", members=[], by="Ana")
    found = [one.slug for one in (again, named_like_a_page, nameless)]
    assert found == ["west-coast-2", "new-2", "group"]


def test_a_member_there_is_not_is_refused(engineer, west):
    answer = engineer.post(
        "/customers/groups/west-coast/", {"label": "West", "kind": "region", "members": [987_654]}
    )
    assert answer.status_code == 422
    assert "One of these customers is gone. Choose again." in answer.content.decode()
    assert west.members.count() == 1


def test_a_group_that_is_used_says_by_what_and_stays(engineer, kestrel, west):
    sign_in(kestrel, "operator", email="rob@kestrel.test")
    rob = Person.objects.get(email="rob@kestrel.test")
    boss = Person.objects.get(email="engineer@kestrel.test")
    limits.limit(rob, customers=[], groups=[west.pk], by=boss)
    rule = AlertRule.objects.create(name="West is down", group=west)
    shown = page(engineer.get("/customers/groups/west-coast/delete/"))
    assert texts(shown, ".who-uses li") == [
        "Operator works for it", "the alert rule West is down is for it"
    ]  # fmt: skip
    assert shown.select_one("#work form") is None
    answer = engineer.post("/customers/groups/west-coast/delete/")
    assert answer.status_code == 422
    assert "West coast is used: Operator works for it, the alert rule West is down is for it." in (
        answer.content.decode()
    )
    limits.limit(rob, customers=[kestrel.harbor], groups=[], by=boss)
    rule.delete()
    assert engineer.post("/customers/groups/west-coast/delete/").status_code == 302
    assert not CustomerGroup.objects.exists()
    assert Customer.objects.count() == 2


@pytest.mark.parametrize("address", ["new/", "west-coast/", "west-coast/delete/"])
def test_who_may_not_edit_customers_sees_groups_and_changes_none(operator, west, address):
    assert "West coast" in page(operator.get("/customers/groups/")).text
    assert operator.get(f"/customers/groups/{address}").status_code == 403
    assert operator.post(f"/customers/groups/{address}").status_code == 403


def test_a_stranger_and_a_customer_find_no_group(stranger, viewer, west):
    assert "West coast" not in page(stranger.get("/customers/groups/")).text
    assert stranger.get("/customers/groups/west-coast/").status_code == 403
    assert viewer.get("/customers/groups/").status_code == 403


def test_a_list_of_three_groups_asks_as_often_as_one_of_one(engineer, kestrel, west):
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            page(engineer.get("/customers/groups/"))
        return len(queries)

    asked()
    one = asked()
    for label in ("East", "South"):
        groups.make(label, kind="region", members=Customer.objects.all(), by="Ana")
    assert asked() == one


def test_customers_are_listed_by_group(operator, west):
    shown = page(operator.get("/customers/?group=west-coast"))
    assert texts(shown, "#customers tbody th") == ["Harbor Outfitters"]
    assert texts(shown, "#customers thead th")[1] == "Groups"
    assert shown.select_one("select[name=group] option[selected]").text == "West coast"
    assert len(texts(page(operator.get("/customers/?group=nowhere")), "#customers tbody th")) == 2


@pytest.mark.parametrize("query", ["group=west-coast", "customer=group%3Awest-coast"])
def test_endpoints_of_a_group_are_those_of_its_customers(operator, kestrel, west, query):
    business(kestrel.harbor)
    business(kestrel.maris, prefix="maris-")
    shown = page(operator.get(f"/endpoints/?{query}"))
    assert "Maris-Shop" not in shown.text
    assert "Shop" in shown.text
    select = shown.select_one("select[name=customer]")
    assert [one["label"] for one in select.select("optgroup")] == ["Customers", "Groups"]
    assert select.select_one("option[selected]")["value"] == "group:west-coast"


PAGES = ["/desk/", "/orders/", "/overview/", "/endpoints/", "/service-levels/", "/statements/",
         "/invoices/", "/margin/", "/customers/"]  # fmt: skip


@pytest.mark.parametrize("address", PAGES)
def test_every_list_can_be_told_by_group_and_takes_a_group_that_is_gone(admin, west, address):
    for group in ("west-coast", "gone", "'", "x" * 300):
        assert admin.get(address, {"group": group}).status_code == 200
        assert admin.get(address, {"customer": f"group:{group}"}).status_code == 200
    shown = page(admin.get(address, {"group": "west-coast"}))
    assert shown.select_one("select option[selected][value$=west-coast]") is not None, address


def test_without_groups_the_select_of_customers_has_no_sections(operator, kestrel):
    assert page(operator.get("/endpoints/")).select("optgroup") == []


def test_the_overview_of_a_group_shows_its_customers_only(admin, west):
    shown = page(admin.get("/overview/?group=west-coast"))
    assert "Harbor Outfitters" in texts(shown, "#overview tbody th")
    assert "Maris Foods" not in texts(shown, "#overview tbody th")
    assert "group=west-coast" in shown.select_one("#overview").decode()
