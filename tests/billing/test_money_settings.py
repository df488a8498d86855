"""Settings of money on the pages of whoever bills."""

from decimal import Decimal
from hashlib import sha256
from typing import Any

import pytest
from django.test import Client

from billing.models import (
    Account,
    ExchangeRate,
    LegalEntity,
    TaxRate,
    UsageSource,
)
from portal.core import clock
from tests.billing import selling
from tests.billing.pages import page_of, visible
from tests.billing.selling import final_of
from tests.billing.usage import account, at
from tests.pages.scenery import texts
from tests.people import Site

pytestmark = [pytest.mark.db, pytest.mark.long]


@pytest.fixture(autouse=True)
def now() -> Any:
    with clock.freeze(at("2026-06-03 12:00")) as frozen:
        yield frozen


@pytest.fixture
def harbor(kestrel: Site) -> Account:
    return account(kestrel.harbor)


def refused(answer: Any) -> str:
    assert answer.status_code == 422
    return " ".join(texts(page_of(answer), "[role=alert]"))


ENTITY = {"name": "Kestrel Ltd", "currency": "USD", "time_zone": "UTC", "prefix": "K-",
          "credit_prefix": "KC-", "due_days": "14", "late_months": "2", "hour_cost": "40",
          "month_cost": "900", "margin_floor": "25", "second_person": "on"}  # fmt: skip


def test_the_legal_entity_is_kept(harbor: Account, finance: Client) -> None:
    finance.post("/billing/settings/entity/", ENTITY)
    made = LegalEntity.objects.get()
    assert (made.name, made.due_days, made.hour_cost, made.second_person) == (
        "Kestrel Ltd", 14, 40, True,
    )  # fmt: skip
    selling.sell(harbor)
    assert final_of(harbor).number == "K-00001"


@pytest.mark.parametrize(
    ("part", "entered", "said"),
    [
        ("entity", {**ENTITY, "currency": "ABC"}, "ABC is no currency"),
        ("entity", {**ENTITY, "credit_prefix": "K-"}, "numbers would be given out twice"),
        ("entity", {**ENTITY, "hour_cost": "-1"}, "A cost is not below 0"),
        ("entity", {**ENTITY, "time_zone": "Mars"}, "Select a valid choice"),
        ("tax", {"code": "vat", "name": "VAT", "percent": "101", "begins": "2026-01-01"}, "0 to 100"),
        ("tax", {"code": "v t", "name": "VAT", "percent": "1", "begins": "2026-01-01"}, "slug"),
        ("exchange", {"base": "EUR", "quote": "EUR", "rate": "1", "begins": "2026-01-01", "source": "x"}, "worth 1"),
        ("exchange", {"base": "EUR", "quote": "USD", "rate": "0", "begins": "2026-01-01", "source": "x"}, "above 0"),
    ],
)  # fmt: skip
def test_settings_that_cannot_be_are_refused_in_words(
    finance: Client, part: str, entered: dict[str, str], said: str
) -> None:
    assert said in refused(finance.post(f"/billing/settings/{part}/", entered))


def test_a_rate_of_the_same_day_is_replaced(finance: Client) -> None:
    tax = {"code": "vat", "name": "VAT 19 %", "percent": "19", "begins": "2026-01-01"}
    finance.post("/billing/settings/tax/", tax)
    finance.post("/billing/settings/tax/", {**tax, "name": "VAT 20 %", "percent": "20"})
    assert TaxRate.objects.get().percent == 20
    rate = {"base": "eur", "quote": "usd", "rate": "1.1", "begins": "2026-01-01", "source": "Bank"}
    finance.post("/billing/settings/exchange/", rate)
    finance.post("/billing/settings/exchange/", {**rate, "rate": "1.2"})
    assert ExchangeRate.objects.get().rate == Decimal("1.2")
    assert "1 EUR is 1.2 USD" in visible(finance.get("/billing/settings/"))


def test_the_key_of_a_source_is_shown_once(finance: Client) -> None:
    answer = finance.post("/billing/settings/sources/", {"name": "ERP", "code": "erp"})
    field = page_of(answer).select_one(".new-key")
    assert field is not None
    key = field.text
    source = UsageSource.objects.get()
    assert (source.hash, source.hint) == (sha256(key.encode()).hexdigest(), key[-4:])
    assert answer["Cache-Control"] == "no-store"
    assert key not in visible(finance.get("/billing/settings/"))
    again = finance.post("/billing/settings/sources/", {"name": "Other", "code": "erp"})
    assert "Another source has this code" in refused(again)
    finance.post(f"/billing/settings/sources/{source.pk}/revoke/")
    source.refresh_from_db()
    assert source.revoked_at is not None
    assert finance.post("/billing/settings/sources/4711/revoke/").status_code == 404
