from datetime import timedelta

import pytest
from django_tenants.utils import schema_context

from integrations.transports.threads import Threads
from portal.core import clock, guard
from portal.core.errors import Permanent
from portal.jobs.models import Run, Wake
from portal.tenants.models import AllowedNetwork, Partner
from tests.pages.scenery import page, texts

pytestmark = pytest.mark.db


def test_every_partner_stands_with_its_host_and_the_state_of_its_schema(staff):
    Partner.objects.filter(schema_name="aurora").update(schema_fingerprint="old")
    soup = page(staff.get("/partners/"))
    assert texts(soup, "tbody th a") == ["Aurora Systems", "Kestrel Point"]
    assert texts(soup, "tbody th .id") == ["aurora.localhost", "kestrel.localhost"]
    assert texts(soup, "tbody .partner-schema .status") == ["to be migrated", "up to date"]
    assert texts(soup, "tbody .partner-state .status") == ["open", "open"]


def test_waiting_and_failed_work_is_counted_per_partner(staff):
    Wake.objects.all().delete()
    ago = clock.now() - timedelta(minutes=3)
    for n in range(2):
        Wake.objects.create(schema="kestrel", kind="deliver", key=str(n), due_at=ago)
    Run.objects.create(schema="kestrel", kind="poll", seconds=1, done=0, error="ValueError: x")
    soup = page(staff.get("/partners/"))
    assert texts(soup, "td[data-label=Due]") == ["0", "2"]
    assert texts(soup, "td[data-label=Oldest]") == ["", "3 min"]
    assert texts(soup, "td.bad") == ["1"]


def test_a_network_is_allowed_and_withdrawn(staff):
    assert staff.post("/networks/", {"network": "10.1.0.0/16", "reason": "ERP of Harbor"}).url == (
        "/networks/"
    )
    soup = page(staff.get("/networks/"))
    assert "10.1.0.0/16" in texts(soup, "th.id")
    entry = AllowedNetwork.objects.get()
    staff.post(f"/networks/{entry.pk}/remove/")
    assert not AllowedNetwork.objects.exists()


def test_an_allowed_network_lets_connections_through_at_once(staff, settings):
    settings.ALLOWED_NETWORKS = []
    guard.forget()
    with pytest.raises(Permanent):
        guard.permitted_addresses("10.9.9.9")
    staff.post("/networks/", {"network": "10.9.0.0/16", "reason": "test"})
    assert guard.permitted_addresses("10.9.9.9") == ("10.9.9.9",)
    guard.forget()


def test_a_network_allowed_for_one_partner_is_no_others(staff, settings, kestrel, aurora):
    settings.ALLOWED_NETWORKS = []
    one = Partner.objects.get(schema_name="kestrel")
    staff.post("/networks/", {"network": "10.9.0.0/16", "partner": one.pk, "reason": "their ERP"})
    soup = page(staff.get("/networks/"))
    assert texts(soup, "td[data-label=For]") == ["Kestrel Point"]
    with schema_context("kestrel"):
        assert guard.permitted_addresses("10.9.9.9") == ("10.9.9.9",)
        threads = Threads(2)
        assert list(threads.each(lambda _: guard.caller(), [1, 2])) == ["kestrel"] * 2
        threads.close()
    for schema in ("aurora", "public"):
        with schema_context(schema), pytest.raises(Permanent):
            guard.permitted_addresses("10.9.9.9")
    again = {"network": "10.9.0.0/16", "partner": one.pk, "reason": "twice"}
    assert staff.post("/networks/", again).status_code == 422
    guard.forget()


@pytest.mark.parametrize("entry", ["10.0.0.0/99", "a b/c", "fe80::zz", ""])
def test_what_is_no_network_is_refused(staff, entry):
    answer = staff.post("/networks/", {"network": entry, "reason": "x"})
    assert answer.status_code == 422
    assert not AllowedNetwork.objects.exists()


def test_a_partners_person_has_no_way_into_the_console(operator):
    answer = operator.get("/partners/", headers={"host": "platform.localhost"})
    assert (answer.status_code, answer.url) == (302, "/login/?next=/partners/")
    assert operator.get("/partners/").status_code == 404


def test_staff_have_no_way_into_a_partners_site(staff, kestrel):
    answer = staff.get("/orders/", headers={"host": kestrel.host})
    assert answer.status_code == 302


@pytest.mark.parametrize(
    ("entry", "why"),
    [
        ("*", "is neither a host name nor a network"),
        ("*.internal", "is neither a host name nor a network"),
        ("10.1.2", "is neither a host name nor a network"),
        ("0.0.0.0/0", "is too wide"),
        ("10.0.0.0/7", "is too wide"),
        ("::/0", "is too wide"),
        ("fc00::/31", "is too wide"),
        ("::ffff:0:0/96", "is an IPv4 network in disguise"),
    ],
)
def test_what_would_switch_the_guard_off_is_refused(staff, entry, why):
    answer = staff.post("/networks/", {"network": entry, "reason": "x"})
    assert answer.status_code == 422
    assert why in answer.content.decode()
    assert not AllowedNetwork.objects.exists()


@pytest.mark.parametrize(
    ("entry", "stored"),
    [
        ("10.0.0.1/8", "10.0.0.0/8"),
        ("10.1.2.3", "10.1.2.3"),
        ("127.0.0.1/8", "127.0.0.0/8"),
        ("::1/128", "::1/128"),
        ("FD00:1::/32", "fd00:1::/32"),
        (" ERP.Internal. ", "erp.internal"),
    ],
)
def test_a_network_is_stored_in_its_plainest_form(staff, entry, stored):
    assert staff.post("/networks/", {"network": entry, "reason": "x"}).status_code == 302
    assert AllowedNetwork.objects.get().network == stored
