from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django_tenants.utils import schema_context

from integrations.models import Endpoint
from monitoring.models import RemedyRule
from portal.accounts.models import Person, Role
from portal.pages import nav
from portal.tenants.models import Partner
from tests.pages import scenery
from tests.pages.scenery import page, texts
from tests.people import PASSWORD, sign_in

pytestmark = pytest.mark.db

STATIC = Path(__file__).parents[2] / "static"


@pytest.fixture
def visitor(kestrel):
    return Client(HTTP_HOST=kestrel.host)


def enter(client, email, password=PASSWORD, onward=""):
    return client.post("/login/", {"username": email, "password": password, "next": onward})


@pytest.mark.parametrize(
    ("role", "landing"),
    [
        ("admin", "/overview/"),
        ("engineer", "/overview/"),
        ("operator", "/desk/"),
        ("finance", "/overview/"),
    ],
)
def test_everyone_lands_on_the_first_page_of_their_work(kestrel, role, landing):
    assert sign_in(kestrel, role).get("/").url == landing


def test_a_viewer_lands_on_the_page_of_the_day(viewer):
    assert viewer.get("/").url == "/home/"


def test_whoever_is_not_signed_in_is_asked_to_and_goes_on_to_where_they_wanted(kestrel, visitor):
    sign_in(kestrel, "operator")
    asked = visitor.get("/orders/?q=7")
    assert asked.url == "/login/?next=/orders/%3Fq%3D7"
    form = page(visitor.get(asked.url))
    assert form.select_one("input[name=next]")["value"] == "/orders/?q=7"
    assert enter(visitor, "operator@kestrel.test", onward="/orders/?q=7").url == "/orders/?q=7"


def test_a_wrong_password_is_said_in_words_and_signs_nobody_in(kestrel, visitor):
    sign_in(kestrel, "operator")
    answer = enter(visitor, "operator@kestrel.test", "wrong")
    assert answer.status_code == 422
    assert b"Email and password do not go together" in answer.content
    assert visitor.get("/orders/").status_code == 302


def test_a_person_of_one_partner_does_not_exist_at_another(kestrel, aurora):
    sign_in(aurora, "operator")
    answer = enter(Client(HTTP_HOST=kestrel.host), "operator@aurora.test")
    assert answer.status_code == 422


@pytest.mark.parametrize("onward", ["https://evil.example/", "//evil.example/", "javascript:x"])
def test_signing_in_never_leads_to_another_site(kestrel, visitor, onward):
    sign_in(kestrel, "operator")
    assert enter(visitor, "operator@kestrel.test", onward=onward).url == "/"


@pytest.mark.parametrize("person", ["operator", "viewer"])
def test_logging_out_ends_the_session(request, person):
    client = request.getfixturevalue(person)
    assert client.post("/logout/").url == "/login/"
    assert client.get("/orders/").url.startswith("/login/")


def test_logging_out_wants_a_post(operator):
    assert operator.get("/logout/").status_code == 405
    assert operator.get("/orders/").status_code == 200


def test_a_person_who_left_is_signed_out_at_once(kestrel, operator):
    Person.objects.update(is_active=False)
    assert operator.get("/orders/").url.startswith("/login/")


def test_the_stylesheet_has_the_partners_accents_and_is_kept_by_version(kestrel, visitor):
    Partner.objects.filter(schema_name="kestrel").update(accent_light="#0262d3")
    login = page(visitor.get("/login/"))
    address = login.select_one("link[href^='/brand.css']")["href"]
    answer = visitor.get(address)
    assert b"--accent:#0262d3" in answer.content
    assert answer["Content-Type"] == "text/css"
    assert answer["Cache-Control"] == "public, max-age=31536000, immutable"
    assert visitor.get("/brand.css?v=old")["Cache-Control"] == "no-cache"


def test_the_login_page_carries_the_partners_name_and_asks_no_database_for_a_person(visitor):
    soup = page(visitor.get("/login/"))
    assert texts(soup, ".brand") == ["K Kestrel Point"]
    assert not soup.select(".rail")


def test_the_theme_is_fixed_by_a_cookie_and_goes_back_to_the_page(operator):
    here = "http://kestrel.localhost/orders/"
    answer = operator.post("/theme/", {"theme": "dark"}, headers={"referer": here})
    assert answer.url == here
    assert page(operator.get("/orders/")).html["data-theme"] == "dark"
    operator.post("/theme/", {"theme": "system"})
    assert "data-theme" not in page(operator.get("/orders/")).html.attrs


def test_a_theme_we_do_not_have_changes_nothing(operator):
    answer = operator.post(
        "/theme/", {"theme": "<b>"}, headers={"referer": "https://evil.example/"}
    )
    assert answer.url == "/"
    assert "theme" not in answer.cookies


def test_the_rail_has_no_entry_without_permission(kestrel, operator):
    seen = texts(page(operator.get("/orders/")), ".rail-entry")
    assert seen == [
        "Desk", "What burns now", "Alerts", "Rules", "Orders", "Desk settings", "Customers", "Endpoints", "Support access", "Service levels", "Reconciliation", "Expectations",
        "Statements", "Flows", "Flow map", "Routes", "Mappings", "Lookups", "Extensions",
        "Dependencies", "Changes",
    ]  # fmt: skip
    finance = sign_in(kestrel, "finance")
    assert texts(page(finance.get("/orders/")), ".rail-entry") == [
        "Overview",
        "Orders",
        "Customers",
        "Reconciliation",
        "Statements",
        "Plans",
        "Invoices",
        "Billing",
        "Margin",
    ]


def test_the_rail_counts_open_cases(kestrel, operator):
    scenery.hold_order(scenery.business(kestrel.harbor))
    assert texts(page(operator.get("/orders/")), ".rail-entry")[0] == "Desk 1"


def test_the_rail_asks_once_for_all_that_waits(kestrel, admin):
    held = scenery.business(kestrel.harbor)
    scenery.hold_order(held)
    Endpoint.objects.filter(pk=held.shop.pk).update(breaker={"state": {"state": "open"}})
    person = Person.objects.select_related("role").get(email="admin@kestrel.test")
    with CaptureQueriesContext(connection) as asked:
        groups = nav.rail(nav.PARTNER, person, path="/orders/")
    assert len(asked) == 1
    entries = [entry for group in groups for entry in group["entries"]]
    counts = {entry["label"]: entry["count"] for entry in entries if entry["count"] is not None}
    assert counts == {
        "Desk": 1, "Alerts": 0, "Rules": 0, "Endpoints": 1, "Service levels": 0, "Reconciliation": 0,
        "Expectations": 0, "Statements": 0, "Plans": 0, "Invoices": 0, "Changes": 0, "Webhooks": 0,
    }  # fmt: skip


def test_the_rail_does_not_count_what_waits_for_others(kestrel, operator):
    RemedyRule.objects.create(
        code="unknown_sku", remedy="retry", words="try again", proposed_by="Ana", state="proposed"
    )
    mine = texts(page(operator.get("/orders/")), ".rail-entry")
    assert "Rules" in mine
    assert "Rules 1" in texts(page(sign_in(kestrel, "admin").get("/orders/")), ".rail-entry")


def test_times_are_in_the_readers_zone(kestrel, operator):
    scenery.take_orders(scenery.business(kestrel.harbor), "1001")
    cell = "tbody td.num.wide:nth-of-type(4)"
    assert texts(page(operator.get("/orders/")), cell)[0].endswith("13:58")
    Person.objects.update(time_zone="America/Los_Angeles")
    assert texts(page(operator.get("/orders/")), cell)[0].endswith("05:58")


@pytest.mark.parametrize(
    "address", ["/nothing/here/", "/orders/00000000-0000-0000-0000-000000000000/"]
)
def test_an_address_without_a_page_says_so_in_the_brand(operator, address):
    answer = operator.get(address)
    assert answer.status_code == 404
    assert b"There is nothing at this address" in answer.content
    assert b"Kestrel Point" in answer.content


def test_a_page_of_another_role_is_refused_in_the_brand(operator):
    answer = operator.get("/overview/")
    assert answer.status_code == 403
    assert b"This page is not yours to see" in answer.content
    assert b"Kestrel Point" in answer.content


def test_our_own_fault_is_admitted_with_a_reference_and_no_detail(operator, monkeypatch):
    from integrations.views import orders

    def fail(*args: object) -> None:
        raise RuntimeError("secret detail of the inside")

    monkeypatch.setattr(orders, "whose_filter", fail)
    operator.raise_request_exception = False
    answer = operator.get("/orders/")
    assert answer.status_code == 500
    assert b"the fault is ours" in answer.content
    assert b"secret detail" not in answer.content
    assert b"Kestrel Point" in answer.content


def test_a_form_without_its_token_is_refused_in_the_brand(kestrel):
    strict = Client(HTTP_HOST=kestrel.host, enforce_csrf_checks=True)
    answer = strict.post("/login/", {"username": "a@b.test", "password": "x"})
    assert answer.status_code == 403
    assert b"Kestrel Point" in answer.content
    assert b"CSRF verification" not in answer.content


@pytest.mark.parametrize("path", ["/login/", "/nothing/", "/orders/", "/brand.css"])
def test_no_page_of_a_partner_names_the_vendor(operator, visitor, path):
    for client in (operator, visitor):
        assert b"crossdock" not in client.get(path).content.lower()


def test_an_unknown_host_has_no_site(db):
    answer = Client(HTTP_HOST="nobody.localhost").get("/")
    assert answer.status_code == 404
    assert b"There is no site at this address" in answer.content


def test_scripts_and_styles_come_from_here_without_asking_the_database(
    db, django_assert_num_queries
):
    visitor = Client(HTTP_HOST="whatever.localhost")
    with django_assert_num_queries(0):
        own = visitor.get("/static/css/base.css")
        htmx = visitor.get("/static/django_htmx/htmx-2.min.js")
    assert b"".join(own) == (STATIC / "css" / "base.css").read_bytes()
    assert htmx.status_code == 200
    assert b"htmx" in b"".join(htmx)


def test_every_page_forbids_foreign_scripts(visitor):
    policy = visitor.get("/login/")["Content-Security-Policy"]
    assert policy.startswith("default-src 'self'; img-src 'self' data:; object-src 'none'")


def test_a_role_changed_in_the_database_counts_with_the_next_click(operator):
    Role.objects.filter(slug="operator").update(permissions=["desk.view"])
    assert operator.get("/orders/").status_code == 403


def test_platform_staff_sign_in_at_their_own_site(db):
    with schema_context("public"):
        Person.objects.create_person(
            email="ops@platform.test",
            name="Ops",
            role=Role.objects.get(slug="platform-admin"),
            password=PASSWORD,
        )
    client = Client(HTTP_HOST="platform.localhost")
    assert enter(client, "ops@platform.test").url == "/"
    assert client.get("/").url == "/partners/"


def test_a_refused_page_says_who_can_grant_it_to_ones_own_people_only(kestrel, operator, viewer):
    sign_in(kestrel, "admin")
    answer = operator.get("/overview/")
    assert answer.status_code == 403
    assert b"Admin can grant it." in answer.content
    refused = viewer.get("/endpoints/")
    assert refused.status_code == 403
    assert b"can grant it" not in refused.content


def test_what_was_posted_without_a_session_leads_back_to_its_page(kestrel, visitor):
    page_of_it = f"http://{kestrel.host}/desk/?view=mine#cases"
    asked = visitor.post("/desk/take/", headers={"Referer": page_of_it})
    assert asked.url == "/login/?next=/desk/%3Fview%3Dmine"
    elsewhere = visitor.post("/desk/take/", headers={"Referer": "https://evil.test/desk/"})
    assert elsewhere.url == "/login/?next=/"
    assert visitor.post("/desk/take/").url == "/login/?next=/"


def test_an_old_page_is_told_to_be_loaded_again(kestrel):
    client = Client(HTTP_HOST=kestrel.host, enforce_csrf_checks=True)
    answer = client.post("/login/", {"username": "x@y.test", "password": "x"})
    assert answer.status_code == 403
    text = answer.content.decode()
    assert "The page was open for too long" in text
    assert "not yours to see" not in text
