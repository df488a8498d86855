"""The platform sees numbers and salted fingerprints, and nothing that was in a document."""

from datetime import timedelta

import pytest
from django.db import connection
from django_tenants.utils import schema_context

from integrations.domain import receive
from portal.console.domain import pulse
from portal.console.fingerprints import Shape, fingerprint, known, shape_of
from portal.console.models import Failure, Pulse
from portal.console.queries import fleet
from portal.core import clock
from portal.customers.models import Customer
from portal.tenants import life
from portal.tenants.models import Partner
from tests import pipeline
from tests.pages import scenery
from tests.pages.scenery import page, texts

pytestmark = pytest.mark.db

CANARY = "QZX-CANARY-77"


def fail(schema: str, *, sku: str, times: int = 1) -> None:
    """Orders of a shop with an item nobody knows."""
    with schema_context(schema):
        harbor = Customer.objects.get(slug="harbor")
        place = scenery.business(harbor.pk)
        scenery.hold_order(place, f"{CANARY}-0", sku=f"{sku}-0")
        for n in range(1, times):
            pipeline.store(place.shop, pipeline.order(f"{CANARY}-{n}", sku=f"{sku}-{n}"))
        receive.receive(harbor.pk)


def take(schema: str) -> Pulse:
    with schema_context(schema):
        return pulse.take()


def test_the_same_failure_is_seen_at_several_partners_whatever_the_item_was(kestrel, aurora, staff):
    fail("kestrel", sku="TENT-A", times=2)
    fail("aurora", sku="LAMP-B")
    take("kestrel")
    take("aurora")
    (one,) = fleet.shared()
    assert (one.code, one.partners, one.times) == ("unknown_sku", 2, 3)
    soup = page(staff.get("/fleet/"))
    assert "at 2 of 2 partners" in soup.get_text()
    there = page(staff.get(f"/fleet/failures/{one.fingerprint}/"))
    assert texts(there, "tbody th a") == ["Kestrel Point", "Aurora Systems"]
    assert texts(there, "td[data-label=Times]") == ["2", "1"]


def test_a_failure_at_one_partner_is_no_news_of_the_fleet(kestrel, aurora):
    fail("kestrel", sku="TENT-A")
    take("kestrel")
    assert fleet.shared() == []
    assert Failure.objects.count() == 1


def test_nothing_of_a_document_gets_into_the_public_schema(kestrel, aurora, staff):
    fail("kestrel", sku=f"{CANARY}-SKU")
    fail("aurora", sku=f"{CANARY}-SKU")
    take("kestrel")
    take("aurora")
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        names = [row[0] for row in cursor.fetchall()]
        for name in names:
            cursor.execute(f'SELECT t::text FROM public."{name}" AS t')
            for (text,) in cursor.fetchall():
                for hidden in (CANARY, "Harbor Outfitters", "Maris Foods"):
                    assert hidden not in text, name
    assert "console_pulse" in names and "console_failure" in names
    for address in ("/fleet/", "/partners/kestrel/", "/partners/"):
        content = staff.get(address).content.decode()
        assert CANARY not in content and "Harbor" not in content


def test_what_no_list_of_ours_knows_is_called_other(kestrel):
    fail("kestrel", sku="A")
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE kestrel.integrations_problem SET code = %s, path = %s", [CANARY, CANARY]
        )
    take("kestrel")
    one = Failure.objects.get()
    assert one.code == "other"
    assert CANARY not in str(vars(one))


def test_problems_are_counted_once(kestrel):
    fail("kestrel", sku="A", times=2)
    take("kestrel")
    take("kestrel")
    assert Failure.objects.get().times == 2


def test_numbers_are_what_the_schema_says(kestrel):
    fail("kestrel", sku="A", times=3)
    one = take("kestrel")
    assert (one.held, one.customers, one.open_cases) == (3, 2, 3)
    assert one.received_today == 3
    assert one.oldest_case_at is not None


def test_old_counts_are_dropped(kestrel):
    partner = Partner.objects.get(schema_name="kestrel")
    day = clock.now().date() - timedelta(days=31)
    Failure.objects.create(
        partner=partner, day=day, fingerprint="a" * 32, code="x", connector="http",
        object_type="order", times=1, last_at=clock.now(),
    )  # fmt: skip
    take("kestrel")
    assert not Failure.objects.exists()


def test_a_partner_whose_workers_are_silent_stands_out(kestrel, aurora, staff):
    take("kestrel")
    Pulse.objects.update(at=clock.now() - timedelta(minutes=10))
    soup = page(staff.get("/fleet/"))
    assert texts(soup, "td.bad[data-label='Last beat']") == ["never", "never"]
    life.turn(Partner.objects.get(schema_name="kestrel"), "suspend", actor="O", reason="r")
    soup = page(staff.get("/fleet/"))
    assert texts(soup, "td.bad[data-label='Last beat']") == ["never"]


def test_the_fleet_is_asked_for_in_as_many_queries_whatever_its_size(
    kestrel, aurora, staff, django_assert_max_num_queries
):
    take("kestrel")
    take("aurora")
    with django_assert_max_num_queries(14):
        staff.get("/fleet/")


def test_a_schema_that_is_behind_stands_first_with_what_it_lacks_and_why(kestrel, aurora, staff):
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM kestrel.django_migrations WHERE app = 'integrations'")
    Partner.objects.filter(schema_name="kestrel").update(
        schema_fingerprint="old", migration_failed_at=clock.now(),
        migration_trouble="IntegrityError 23505",
    )  # fmt: skip
    soup = page(staff.get("/fleet/schemas/"))
    assert texts(soup, "tbody th a") == ["Kestrel Point", "Aurora Systems"]
    assert texts(soup, "tbody .status") == ["failed", "up to date"]
    assert "integrations.0001_initial" in soup.get_text()
    assert "IntegrityError 23505" in soup.get_text()


@pytest.mark.pure
def test_a_fingerprint_needs_its_salt_and_sees_no_line_numbers():
    one = Shape("unknown_sku", "http", "order", "lines[3].sku")
    assert shape_of("lines[3].sku") == shape_of("lines[12].sku") == "lines[].sku"
    assert shape_of("/lines/3/sku") == "/lines[]/sku"
    assert fingerprint(one, salt=b"a") == fingerprint(one._replace(path="lines[9].sku"), salt=b"a")
    assert fingerprint(one, salt=b"a") != fingerprint(one, salt=b"b")
    assert fingerprint(one, salt=b"a") != fingerprint(one._replace(connector="x12"), salt=b"a")
    assert len(fingerprint(one, salt=b"a")) == 32
    assert known("http", ("http",)) == "http"
    assert known("Harbor", ("http",)) == "other"
