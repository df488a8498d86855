"""Time of people and what holds for a day become usage, once."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from billing.domain import metering_days, metering_work
from billing.models import UsageFact
from integrations.models import OnboardingRun, Payload, Resource, ResourceHour
from monitoring.models import ExceptionCase, Lease
from portal.core import clock
from portal.customers.models import Customer
from tests import pipeline
from tests.billing.usage import at
from tests.people import Site

pytestmark = pytest.mark.db


@pytest.fixture(autouse=True)
def now(kestrel: Site) -> Iterator[clock.FrozenClock]:
    with clock.freeze(at("2026-05-10 12:00")) as frozen:
        Customer.objects.update(created_at=at("2026-04-01"))
        yield frozen


def case(site: Site, **fields: object) -> ExceptionCase:
    endpoint = pipeline.endpoint(site.harbor, f"e{ExceptionCase.objects.count()}x")
    values = {
        "customer_id": site.harbor, "endpoint": endpoint, "severity": 2, "code": "unknown_sku",
        "fingerprint": "00000000-0000-0000-0000-000000000001", **fields,
    }  # fmt: skip
    return ExceptionCase.objects.create(**values)


def lease(case: ExceptionCase, begins: str, ends: str | None, **fields: object) -> None:
    end = at(ends) if ends else None
    Lease.objects.create(
        case=case, person_name="Ana", began_at=at(begins), beat_at=end or at(begins),
        until=(end or at(begins)) + timedelta(minutes=5), ended_at=end, **fields,
    )  # fmt: skip


def test_time_on_a_case_is_minutes_once_it_ended(kestrel: Site) -> None:
    one = case(kestrel)
    lease(one, "2026-05-10 09:00", "2026-05-10 09:07:30")
    lease(one, "2026-05-10 11:58", None)
    assert metering_work.meter() == 1
    assert metering_work.meter() == 0
    fact = UsageFact.objects.get(kind="operator")
    assert (fact.quantity, fact.free, fact.properties["code"]) == (
        Decimal("7.5"),
        "",
        "unknown_sku",
    )


def test_time_on_what_was_our_own_fault_is_free(kestrel: Site) -> None:
    lease(case(kestrel, code="poison"), "2026-05-10 09:00", "2026-05-10 09:10")
    budget = case(kestrel, origin=ExceptionCase.Origin.BUDGET)
    lease(budget, "2026-05-10 09:00", "2026-05-10 09:10")
    metering_work.meter()
    frees = UsageFact.objects.filter(kind="operator").values_list("free", flat=True)
    assert list(frees) == ["our own fault"] * 2


def test_calls_of_a_resource_are_counted_once_their_hour_is_over(kestrel: Site) -> None:
    of = pipeline.endpoint(kestrel.harbor, "erp")
    stock = Resource.objects.create(
        customer_id=kestrel.harbor, endpoint=of, slug="stock", label="S"
    )
    for hour, calls, failed in [("10:00", 7, 2), ("09:00", 3, 3), ("11:00", 4, 0)]:
        ResourceHour.objects.create(
            resource=stock, hour=at(f"2026-05-10 {hour}"), calls=calls, failed=failed
        )
    assert (metering_work.meter(), metering_work.meter()) == (1, 0)
    fact = UsageFact.objects.get(kind="resource")
    assert (fact.quantity, fact.times, fact.free) == (Decimal(5), 5, "")  # 7 but 2 that failed
    assert fact.properties == {"endpoint": of.pk, "resource": "stock"}


def test_an_endpoint_that_went_live_is_one_onboarding(kestrel: Site) -> None:
    OnboardingRun.objects.create(
        customer_id=kestrel.harbor, connector="http", label="Shop", started_by="Ana",
        live_at=at("2026-05-09"),
    )  # fmt: skip
    assert (metering_work.meter(), metering_work.meter()) == (1, 0)
    assert UsageFact.objects.get().kind == "onboarding"


def test_a_day_notes_the_tier_of_every_customer_and_is_noted_once(kestrel: Site) -> None:
    assert metering_days.meter() == 4 + 2  # yesterday and today for two, and what yesterday stored
    assert metering_days.meter() == 0
    tiers = UsageFact.objects.filter(kind="tier", customer_id=kestrel.harbor)
    assert [(str(f.day), f.properties["tier"]) for f in tiers.order_by("day")] == [
        ("2026-05-09", "standard"),
        ("2026-05-10", "standard"),
    ]


def test_days_that_no_worker_saw_are_made_up_for(kestrel: Site, now: clock.FrozenClock) -> None:
    metering_days.meter()
    now.move(3 * 86_400)
    metering_days.meter()
    days = UsageFact.objects.filter(kind="tier", customer_id=kestrel.harbor).values_list("day")
    assert sorted(str(day) for (day,) in days) == [f"2026-05-{n:02}" for n in range(9, 14)]


def test_endpoints_at_work_and_bytes_are_those_of_the_day(kestrel: Site) -> None:
    """Messages are dated by the database, so that these days are the real ones."""
    shop = pipeline.endpoint(kestrel.harbor, "shop", settings={})
    pipeline.endpoint(kestrel.harbor, "idle", settings={})
    pipeline.store(shop, pipeline.order(), pipeline.order("1002"))
    size = sum(len(bytes(one.body)) for one in Payload.objects.all())
    with clock.freeze(datetime.now(UTC) + timedelta(days=1)):
        metering_days.meter()
    of_harbor = UsageFact.objects.filter(customer_id=kestrel.harbor)
    assert {f.properties["endpoint"] for f in of_harbor.filter(kind="endpoint")} == {shop.pk}
    assert of_harbor.get(kind="storage").quantity == Decimal(size) / 10**9
