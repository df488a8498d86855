"""The permission matrix as a page: a sheet, its changes in words, and then they count."""

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test.utils import CaptureQueriesContext

from portal.accounts.models import Role
from tests.accounts.conftest import person, role
from tests.pages.scenery import page, texts
from tests.pages.test_people import lead, told  # noqa: F401 - a fixture

pytestmark = pytest.mark.db


def sheet(client, *, side="", give=(), take=(), seen=""):
    """What a browser posts of the matrix after some boxes were checked and unchecked."""
    soup = page(client.get("/roles/?side=customers" if side else "/roles/"))
    boxes = soup.select("input[name=cell][checked]:not([disabled])")
    cells = {box["value"] for box in boxes}
    cells |= {f"{role(slug).pk}:{right}" for slug, right in give}
    cells -= {f"{role(slug).pk}:{right}" for slug, right in take}
    held = soup.select_one("[name=seen]")["value"]
    return {"side": side, "seen": seen or held, "cell": sorted(cells)}


def reviewed(client, **changes):
    return client.post("/roles/review/", sheet(client, **changes))


def applied(client, soup):
    form = soup.select_one("form[action='/roles/apply/']")
    given = {"side": form.select_one("[name=side]")["value"]}
    given["seen"] = form.select_one("[name=seen]")["value"]
    given["change"] = [one["value"] for one in form.select("[name=change]")]
    return client.post("/roles/apply/", given)


def test_rights_stand_in_rows_under_their_areas_and_roles_in_columns(admin):
    person("operator", name="Dana")
    soup = page(admin.get("/roles/"))
    assert texts(soup, "thead th") == [
        "Right", "Finance 0 people", "Integration engineer 0 people", "Operator 1 person",
        "Partner admin 1 person",
    ]  # fmt: skip
    areas = texts(soup, ".matrix-area th")
    assert areas[:7] == ["Signing in", "Work", "Customers", "Promise", "Logic", "Money", "House"]
    row = next(r for r in soup.select("tbody tr") if "desk.work" in r.text)
    assert [box.has_attr("checked") for box in row.select("input")] == [False, True, True, True]
    assert row.select("input")[2]["aria-label"] == "Operator: Resolve, replay and skip"


def test_customers_roles_stand_apart_with_what_is_theirs(admin):
    soup = page(admin.get("/roles/?side=customers"))
    assert texts(soup, "thead th") == [
        "Right",
        "Customer owner 0 people",
        "Customer viewer 0 people",
    ]
    codes = texts(soup, "tbody th .id")
    assert codes
    assert all(code.startswith("own.") for code in codes)


def test_what_would_change_is_said_in_words_and_nothing_is_changed_yet(admin):
    for name in ("Dana", "Tom"):
        person("operator", name=name)
    answer = reviewed(
        admin,
        give=[("operator", "overview.view"), ("finance", "desk.view")],
        take=[("operator", "desk.work")],
    )
    soup = page(answer)
    assert texts(soup, "h1") == ["Change 2 roles?"]
    assert texts(soup, ".role-diff h2") == ["Finance 0 people", "Operator 2 people"]
    assert texts(soup, ".role-diff p") == [
        "Gains See exception cases",
        "Gains See the overview",
        "Loses Resolve, replay and skip",
    ]
    assert "desk.work" in role("operator").permissions


def test_applied_it_counts_from_the_next_click(admin, operator):
    soup = page(reviewed(admin, give=[("operator", "overview.view")]))
    assert operator.get("/overview/").status_code == 403
    assert applied(admin, soup).url == "/roles/"
    assert operator.get("/overview/").status_code == 200
    assert texts(page(admin.get("/roles/")), ".toast")[0].startswith("1 role is as you said")


def test_a_second_factor_is_asked_for_role_by_role(admin):
    soup = page(reviewed(admin, give=[("finance", "second-factor")]))
    assert texts(soup, ".role-diff p") == ["Signs in with a second factor from now on"]
    applied(admin, soup)
    assert role("finance").requires_mfa
    soup = page(reviewed(admin, take=[("finance", "second-factor")]))
    assert texts(soup, ".role-diff p") == ["Signs in without a second factor"]


def test_a_sheet_as_it_was_says_that_nothing_was_changed(admin):
    answer = admin.post("/roles/review/", sheet(admin), follow=True)
    assert texts(page(answer), ".toast") == ["Nothing was changed"]


def test_what_one_loses_oneself_is_warned_of(admin):
    soup = page(reviewed(admin, take=[("admin", "brand.edit")]))
    assert texts(soup, ".role-diff .notice") == [
        "This is your own role. You cannot give yourself back what it loses."
    ]


def test_the_right_over_people_stays_with_ones_own_role(admin):
    answer = reviewed(admin, take=[("admin", "people.manage"), ("operator", "desk.work")])
    assert "from your own role" in told(answer)
    soup = BeautifulSoup(answer.content, "html.parser")
    changed = {td.select_one("input")["value"] for td in soup.select("td[data-changed]")}
    assert changed == {
        f"{role('admin').pk}:people.manage", f"{role('operator').pk}:desk.work",
    }  # fmt: skip


def test_boxes_one_cannot_change_say_why(lead):  # noqa: F811
    soup = page(lead.get("/roles/"))

    def box(slug, right):
        return soup.select_one(f"input[value='{role(slug).pk}:{right}']")

    assert box("admin", "desk.view").has_attr("disabled")
    assert (
        box("admin", "desk.view").parent["title"].startswith("Partner admin may do more than you")
    )
    assert box("operator", "money.view").parent["title"] == (
        "You cannot give or take “See plans, invoices and margin”: you do not have it yourself."
    )
    assert not box("operator", "desk.view").has_attr("disabled")


@pytest.mark.parametrize(
    ("slug", "right"),
    [
        ("lead", "money.publish"),
        ("operator", "brand.edit"),
        ("admin", "own.orders"),
        ("operator", "platform.partners"),
        ("operator", "no.such"),
    ],
)
def test_cells_posted_by_hand_are_refused_on_both_ways(lead, slug, right):  # noqa: F811
    before = role(slug).permissions
    told(reviewed(lead, give=[(slug, right)]))
    seen = sheet(lead)["seen"]
    change = {"side": "", "seen": seen, "change": f"+{role(slug).pk}:{right}"}
    told(lead.post("/roles/apply/", change))
    assert role(slug).permissions == before


@pytest.mark.parametrize("cell", ["", "x", "1", "1:", ":desk.view", "9" * 30 + ":desk.view", "٣:a"])
def test_what_is_no_cell_is_refused(admin, cell):
    seen = sheet(admin)["seen"]
    told(admin.post("/roles/review/", {"seen": seen, "cell": cell}))
    told(admin.post("/roles/apply/", {"seen": seen, "change": cell}))


def test_a_page_that_is_older_than_the_roles_is_refused(admin):
    old = page(reviewed(admin, give=[("operator", "overview.view")]))
    Role.objects.filter(slug="finance").update(permissions=["desk.view"])
    assert "The roles were changed since you opened this page" in told(applied(admin, old))
    stale = reviewed(admin, give=[("operator", "overview.view")], seen="0" * 64)
    assert "The roles were changed since" in told(stale)
    assert "overview.view" not in role("operator").permissions


def test_a_role_is_made_named_and_deleted(admin):
    operator = role("operator").pk
    form = page(admin.get(f"/roles/new/?of={operator}"))
    assert form.select_one("option[selected]").text == "Operator"
    answer = admin.post("/roles/new/", {"label": "Night shift", "copy_of": operator})
    assert answer.url == "/roles/"
    made = role("night-shift")
    assert made.permissions == role("operator").permissions
    admin.post(f"/roles/{made.pk}/", {"label": "Late shift"})
    made.refresh_from_db()
    assert made.label == "Late shift"
    assert admin.post(f"/roles/{made.pk}/delete/").url == "/roles/"
    assert not Role.objects.filter(pk=made.pk).exists()


def test_a_role_that_somebody_has_is_not_deleted(admin):
    person("operator", name="Dana")
    pk = role("operator").pk
    soup = page(admin.get(f"/roles/{pk}/"))
    assert texts(soup, ".page-facts") == ["1 person has it"]
    assert not soup.select(f"form[action='/roles/{pk}/delete/']")
    assert "Operator has people" in told(admin.post(f"/roles/{pk}/delete/"))


def test_a_taken_name_is_said_so(admin):
    given = {"label": "operator", "copy_of": role("finance").pk}
    assert "There is a role named operator" in told(admin.post("/roles/new/", given))
    answer = admin.post(f"/roles/{role('finance').pk}/", {"label": "Operator"})
    assert "There is a role named Operator" in told(answer)


def test_a_role_that_may_do_more_is_not_copied_by_a_posted_number(lead):  # noqa: F811
    given = {"label": "Mine", "copy_of": role("admin").pk}
    assert "That is not offered" in told(lead.post("/roles/new/", given))
    page_of_it = page(lead.get(f"/roles/{role('admin').pk}/"))
    assert not page_of_it.select(".page form[method=post]")
    told(lead.post(f"/roles/{role('admin').pk}/", {"label": "Mine"}))
    assert role("admin").label == "Partner admin"


def test_three_roles_more_ask_no_more_queries(admin):
    with CaptureQueriesContext(connection) as few:
        admin.get("/roles/")
    for n in range(3):
        Role.objects.create(slug=f"r{n}", label=f"R{n}", permissions=["desk.view"])
    with CaptureQueriesContext(connection) as more:
        admin.get("/roles/")
    assert len(more) == len(few)
