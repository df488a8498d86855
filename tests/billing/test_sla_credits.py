"""What sealed statements give back stands on the next invoice, once."""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from billing.models import Account, Credit
from portal.core import clock
from tests.billing import selling
from tests.billing.selling import drafted, final_of, said
from tests.billing.usage import account, at
from tests.monitoring.statement_scenery import APRIL, FINDINGS, planted
from tests.people import Site

pytestmark = pytest.mark.db


@pytest.fixture(autouse=True)
def now(kestrel: Site) -> Iterator[Any]:
    with clock.freeze(at("2026-06-03 12:00")) as frozen:
        yield frozen


@pytest.fixture
def harbor(kestrel: Site) -> Account:
    """1,000 a month."""
    found = account(kestrel.harbor)
    selling.sell(found, selling.published({**selling.BASE, "terms": {"amount": "1000"}}))
    return found


def test_the_amount_of_a_statement_lowers_the_price(kestrel: Site, harbor: Account) -> None:
    planted(kestrel.harbor)
    assert APRIL.credits.amount
    invoice = drafted(harbor)
    line = next(line for line in said(invoice).lines if line.origin == "sla_credit")
    assert line.name == "Service credit for April 2026, statement 1"
    assert line.amount == -APRIL.credits.amount
    assert invoice.net == 1000 - APRIL.credits.amount


def test_a_statement_that_knows_no_fee_gives_a_part_of_what_the_month_costs(
    kestrel: Site, harbor: Account
) -> None:
    unknown = replace(APRIL.credits, fee=None, amount=None)
    planted(kestrel.harbor, replace(APRIL, credits=unknown), FINDINGS)
    share = (1000 * APRIL.credits.percent / 100).quantize(Decimal("0.01"))
    assert share > 0
    assert drafted(harbor).net == 1000 - share


def test_a_statement_is_credited_once_however_often_it_is_drafted(
    kestrel: Site, harbor: Account
) -> None:
    planted(kestrel.harbor)
    for _ in range(3):
        drafted(harbor)
    assert Credit.objects.count() == 1
    final_of(harbor)
    assert drafted(harbor, "2026-05").net == 1000


def test_another_customers_statement_gives_nothing(kestrel: Site, harbor: Account) -> None:
    planted(kestrel.maris)
    assert drafted(harbor).net == 1000
