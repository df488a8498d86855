from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django_tenants.utils import schema_context

from portal.core import clock
from portal.jobs import lanes
from portal.jobs.models import Wake
from portal.tenants import life
from portal.tenants.life import NotNowError
from portal.tenants.models import Partner, PartnerEvent
from tests.pages.scenery import page, texts
from tests.people import sign_in

pytestmark = pytest.mark.db


@pytest.fixture
def partner(kestrel):
    return Partner.objects.get(schema_name="kestrel")


def suspend(partner):
    return life.turn(partner, "suspend", actor="Ops", reason="bills are not paid")


def test_each_step_is_a_row_with_who_and_why(partner):
    suspend(partner)
    event = PartnerEvent.objects.filter(partner=partner).latest("pk")
    assert (event.what, event.from_state, event.to_state, event.actor, event.reason) == (
        "suspend", "open", "suspended", "Ops", "bills are not paid",
    )  # fmt: skip
    partner.refresh_from_db()
    assert partner.state == "suspended"


def test_a_step_that_the_state_does_not_allow_changes_nothing(partner):
    suspend(partner)
    with pytest.raises(NotNowError, match="Kestrel Point is suspended now"):
        suspend(partner)
    assert PartnerEvent.objects.filter(partner=partner, what="suspend").count() == 1


@pytest.mark.parametrize("statement", [
    "UPDATE tenants_partnerevent SET reason = 'x'", "DELETE FROM tenants_partnerevent",
])  # fmt: skip
def test_history_is_not_changed(partner, statement):
    suspend(partner)
    refused = pytest.raises(IntegrityError, match="never changed")
    with refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_people_of_a_suspended_partner_see_that_it_is_closed_for_now_in_its_brand(partner, admin):
    suspend(partner)
    answer = admin.get("/desk/")
    assert answer.status_code == 503
    assert answer["Retry-After"] == "3600"
    soup = BeautifulSoup(answer.content, "html.parser")
    assert texts(soup, "h1") == ["Closed for now"]
    assert texts(soup, ".brand") == ["K Kestrel Point"]
    assert b"crossdock" not in answer.content.lower()
    assert answer["Content-Security-Policy"]
    for address in ("/login/", "/", "/orders/", "/forgot/"):
        assert Client(HTTP_HOST="kestrel.localhost").get(address).status_code == 503
    assert admin.get("/brand.css").status_code == 200
    for address in ("/brand/", "/brand/scan/", "/brand/preview/login/"):
        assert admin.get(address).status_code == 503
        assert admin.post(address).status_code == 503


def test_programs_of_a_suspended_partner_are_told_so_in_their_format(partner):
    suspend(partner)
    answer = Client(HTTP_HOST="kestrel.localhost").get("/api/v1/customers/")
    assert (answer.status_code, answer["Content-Type"]) == (503, "application/problem+json")
    assert answer.json()["type"] == "/api/problems/closed"


def test_nobody_else_notices(partner, aurora):
    suspend(partner)
    assert Client(HTTP_HOST="aurora.localhost").get("/login/").status_code == 200


def test_an_archived_site_is_gone_and_comes_back_as_it_was(partner, admin):
    life.turn(partner, "archive", actor="Ops", reason="they left")
    assert admin.get("/desk/").status_code == 410
    assert Client(HTTP_HOST="kestrel.localhost").get("/api/v1/customers/").status_code == 410
    life.turn(partner, "bring_back", actor="Ops", reason="they are back")
    assert admin.get("/desk/").status_code == 200


def test_lanes_rest_while_it_is_suspended_and_wake_nobody(partner):
    Wake.objects.all().delete()
    ago = clock.now() - timedelta(minutes=1)
    for schema in ("kestrel", "aurora"):
        Wake.objects.create(schema=schema, kind="sweep", due_at=ago)
    suspend(partner)
    assert [ticket.lane.schema for ticket in lanes.take_due()] == ["aurora"]
    Wake.objects.filter(schema="aurora").delete()
    assert lanes.seconds_to_next(most=7) == 7  # else the beat would look again at once, for ever
    life.turn(partner, "resume", actor="Ops", reason="paid")
    assert [ticket.lane.schema for ticket in lanes.take_due()] == ["kestrel"]


def test_a_reason_is_asked_for_and_stands_in_the_history(partner, staff):
    asked = page(staff.get("/partners/kestrel/suspend/"))
    assert texts(asked, "main h2") == ["Suspend Kestrel Point?"]
    assert staff.post("/partners/kestrel/suspend/", {"reason": ""}).status_code == 422
    assert (
        staff.post("/partners/kestrel/suspend/", {"reason": "unpaid"}).url == "/partners/kestrel/"
    )
    soup = page(staff.get("/partners/kestrel/"))
    assert texts(soup, ".page-head .status") == ["suspended"]
    assert texts(soup, ".page-actions a") == ["Open again", "Archive"]
    row = texts(soup, "section:nth-of-type(3) tbody tr td, section:nth-of-type(3) tbody tr th")[1:4]
    assert row == ["suspended", "Ops", "unpaid"]


def test_a_step_that_is_late_says_what_it_is_now(partner, staff):
    suspend(partner)
    answer = staff.post("/partners/kestrel/suspend/", {"reason": "again"}, follow=True)
    assert b"Kestrel Point is suspended now" in answer.content


@pytest.mark.parametrize("address", [
    "/partners/public/", "/partners/nobody/", "/partners/kestrel/explode/",
])  # fmt: skip
def test_what_is_no_partner_or_no_step_is_not_found(partner, staff, address):
    assert staff.get(address).status_code == 404


def test_whoever_may_only_watch_changes_nothing(partner, staff):
    from portal.accounts.models import Role

    with schema_context("public"):
        Role.objects.filter(slug="platform-admin").update(permissions=["platform.partners"])
    assert staff.get("/partners/kestrel/").status_code == 200
    assert texts(page(staff.get("/partners/kestrel/")), ".page-actions a") == []
    for address in ("suspend/", "delete/", "export/", "tier/"):
        assert staff.post(f"/partners/kestrel/{address}", {"reason": "x"}).status_code == 403


def test_a_partners_own_admin_has_no_such_pages(kestrel):
    admin = sign_in(kestrel, "admin", email="own@kestrel.test")
    for address in ("/partners/kestrel/", "/fleet/", "/tiers/", "/retention/"):
        assert admin.get(address).status_code == 404
