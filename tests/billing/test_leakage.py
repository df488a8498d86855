"""What is delivered and not billed is a case, and the case ends by itself."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django_tenants.utils import schema_context

from billing.domain import figures, intake, leakage, subscriptions, wholesale
from billing.models import Account, LegalEntity
from integrations.models import Endpoint
from monitoring.models import ExceptionCase
from portal.core import clock
from tests import pipeline
from tests.billing import selling
from tests.billing.test_figures import platform
from tests.billing.usage import account, at, event
from tests.people import Site

pytestmark = pytest.mark.db


@pytest.fixture(autouse=True)
def now(kestrel: Site) -> Iterator[Any]:
    with clock.freeze(at("2026-05-20 12:00")) as frozen:
        yield frozen


@pytest.fixture
def shop(kestrel: Site) -> Endpoint:
    return pipeline.endpoint(kestrel.harbor, "shop")


@pytest.fixture
def harbor(kestrel: Site, shop: Endpoint) -> Account:
    return account(kestrel.harbor)


def cases() -> list[tuple[str, str]]:
    leakage.look()
    found = ExceptionCase.objects.filter(closed_at=None).order_by("code")
    return [(one.code, one.title) for one in found]


def used(of: Account, endpoint: Endpoint, when: str = "2026-05-10 10:00", **more: Any) -> None:
    about = {"object_type": "order", "endpoint": endpoint.pk}
    intake.note([event(of, f"{of.pk}/{when}/{more}", when, properties=about, **more)])


def test_usage_without_a_plan_is_a_case_until_there_is_one(harbor: Account, shop: Endpoint) -> None:
    used(harbor, shop)
    assert cases() == [
        ("usage_without_subscription", "Harbor Outfitters uses the service and has no plan")
    ]
    case = ExceptionCase.objects.get()
    assert case.evidence["lines"] == [["Since", "10 May 2026"], ["Documents", "1"]]
    assert case.evidence["url"] == "/billing/harbor/"
    selling.sell(harbor)
    assert cases() == []


def test_looking_again_opens_nothing_twice(harbor: Account, shop: Endpoint) -> None:
    used(harbor, shop)
    for _ in range(3):
        leakage.look()
    assert ExceptionCase.objects.count() == 1


def test_an_endpoint_that_no_charge_counts_is_a_case(harbor: Account, shop: Endpoint) -> None:
    selling.metric("returns", filters={"object_type": ["return"]})
    charge = {**selling.DOCUMENTS, "metric": "returns"}
    sold = selling.sell(harbor, selling.published(selling.BASE, charge))
    used(harbor, shop)
    assert ("endpoint_without_price", "What Shop moves has no price") in cases()
    subscriptions.end(sold, on=date(2026, 5, 1))
    selling.sell(harbor, selling.published(slug="all"), begins="2026-05-01")
    assert cases() == []


def test_a_plan_that_nobody_uses_is_a_case(harbor: Account, shop: Endpoint) -> None:
    selling.sell(harbor)
    assert cases() == [("subscription_without_usage", "Basic is paid for and was not used")]
    used(harbor, shop)
    assert cases() == []


def test_a_plan_that_began_this_month_is_given_time(harbor: Account) -> None:
    selling.sell(harbor, begins="2026-05-02")
    assert cases() == []


def test_a_price_below_wholesale_is_a_case_with_the_loss(harbor: Account, shop: Endpoint) -> None:
    """2 against 3 a document, 10 of them: 10 lost."""
    with schema_context("public"):
        charge = {**selling.DOCUMENTS, "terms": {"unit_amount": "3"}}
        selling.sell(platform(), selling.published(charge, slug="wholesale"))
    selling.sell(harbor)
    used(harbor, shop, "2026-04-10 10:00", quantity="10")
    used(harbor, shop)
    wholesale.tell()
    assert cases() == [
        (
            "price_below_wholesale",
            "Documents of Harbor Outfitters is sold below its wholesale price",
        )
    ]
    case = ExceptionCase.objects.get()
    assert dict(case.evidence["lines"])["Loss"] == "$10.00"
    assert case.at_risk == 10


def test_a_true_margin_below_the_floor_names_what_weighs_most(
    harbor: Account, shop: Endpoint
) -> None:
    """100 + 2 of retail; 90 minutes at 60 an hour are 90: 12 left, 11.76 %."""
    LegalEntity.objects.update(hour_cost=60)
    selling.sell(harbor)
    used(harbor, shop, "2026-04-10 10:00")
    used(harbor, shop)
    for key, minutes in (("unknown_sku", "70"), ("price_mismatch", "20")):
        lease = event(
            harbor,
            key,
            "2026-04-11 10:00",
            kind="operator",
            quantity=minutes,
            properties={"code": key},
        )
        intake.note([lease])
    figures.keep("2026-04")
    assert cases() == [("margin_below_floor", "Serving them leaves 11.76 % of Harbor Outfitters")]
    lines = dict(ExceptionCase.objects.get().evidence["lines"])
    assert lines["Weighs most"] == "people: 88.24 % of retail, 70 of 90 minutes on “unknown item”"
    assert Decimal(ExceptionCase.objects.get().at_risk) == 0


def test_no_customer_sees_or_is_asked_about_it(
    harbor: Account, shop: Endpoint, viewer: Any, admin: Any
) -> None:
    used(harbor, shop)
    cases()
    number = ExceptionCase.objects.get().pk
    assert viewer.get(f"/cases/{number}/").status_code == 403
    page = admin.get(f"/cases/{number}/")
    assert page.status_code == 200
    assert f"/cases/{number}/ask/" not in page.content.decode()
    assert "uses the service and has no plan" not in viewer.get("/home/").content.decode()
