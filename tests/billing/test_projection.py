"""Where a month is going, with the arithmetic beside it."""

from decimal import Decimal
from typing import Any

import pytest

from billing.domain import intake, projection, reckon, subscriptions
from billing.models import Account, Subscription
from portal.core import clock
from tests.billing import selling
from tests.billing.usage import account, at, event
from tests.people import Site

pytestmark = pytest.mark.db


@pytest.fixture
def now() -> Any:
    with clock.freeze(at("2026-06-11 00:00")) as frozen:  # ten of thirty days are over
        yield frozen


@pytest.fixture
def harbor(now: Any, kestrel: Site) -> Account:
    return account(kestrel.harbor)


def use(
    of: Account, quantity: str, key: str = "a", when: str = "2026-06-03 10:00", **more: Any
) -> None:
    assert intake.note([event(of, key, when, quantity=quantity, **more)]).added == 1


def told(of: Account) -> tuple[str, str]:
    found = projection.project(of)
    return f"{found.so_far:.2f}", f"{found.end:.2f}"


def test_usage_goes_on_as_it_did_and_fixed_charges_are_whole(harbor: Account) -> None:
    selling.sell(harbor)
    use(harbor, "10")
    assert told(harbor) == ("120.00", "160.00")  # 100 + 10 × 2, 100 + 30 × 2


def test_what_earlier_months_left_open_is_not_of_this_month(harbor: Account) -> None:
    selling.sell(harbor)
    use(harbor, "10", when="2026-04-03 10:00")
    assert told(harbor) == ("100.00", "100.00")


def test_a_plan_that_began_late_is_scaled_from_its_own_days(harbor: Account) -> None:
    selling.sell(harbor, begins="2026-06-06")  # 25 days, of which 5 are over
    use(harbor, "10", when="2026-06-08 10:00")
    # 25 of 30 days of 100, half up: 83.33; 10 × 2, and 10 × 25 / 5 × 2
    assert told(harbor) == ("103.33", "183.33")


def test_the_first_day_counts_as_a_whole_one(harbor: Account, now: Any) -> None:
    selling.sell(harbor, begins="2026-06-11")  # 20 days
    now.move(6 * 3600)
    use(harbor, "1", when="2026-06-11 03:00")
    # 20 of 30 days of 100: 66.67; 1 × 2, and 1 × 20 / 1 × 2, not 80 times as much
    assert told(harbor) == ("68.67", "106.67")


def test_what_holds_for_the_month_is_taken_as_it_is(harbor: Account) -> None:
    selling.metric("peak", aggregation="max", kinds=["document"])
    charge = {**selling.DOCUMENTS, "key": "peak", "metric": "peak"}
    selling.sell(harbor, selling.published(charge))
    use(harbor, "10")
    assert told(harbor) == ("20.00", "20.00")


def test_where_each_event_matters_there_are_as_many_more_like_them(harbor: Account) -> None:
    charge = {
        **selling.DOCUMENTS, "model": "percentage", "terms": {"rate": "1", "fixed_amount": "0.50"},
    }  # fmt: skip
    selling.sell(harbor, selling.published(charge))
    use(harbor, "100", "a")
    use(harbor, "300", "b")
    # 1 % of 400 + 2 × 0.50 = 5; of six events 1 % of 1,200 + 6 × 0.50 = 15
    assert told(harbor) == ("5.00", "15.00")


def test_a_spend_cap_holds_for_both(harbor: Account) -> None:
    selling.sell(harbor)
    use(harbor, "10")
    subscriptions.cap_spending(harbor, Decimal(130), begins="2026-06", author="Ana")
    assert told(harbor) == ("120.00", "130.00")


def test_what_is_charged_once_is_in_both(harbor: Account) -> None:
    selling.sell(harbor)
    subscriptions.charge_once(
        harbor, "Day", day=at("2026-06-20 00:00").date(), quantity="2", unit_amount="40", key="k",
        author="Ana",
    )  # fmt: skip
    assert told(harbor) == ("180.00", "180.00")  # 100 + 2 × 40


def test_a_plan_in_another_currency_is_refused_in_words(harbor: Account) -> None:
    selling.sell(harbor)
    Account.objects.update(currency="EUR")
    harbor.refresh_from_db()
    with pytest.raises(reckon.NotBillableError, match="Harbor Outfitters pays in EUR"):
        projection.project(harbor)


def test_without_a_plan_nothing_comes_together(harbor: Account) -> None:
    assert not Subscription.objects.exists()
    assert told(harbor) == ("0.00", "0.00")
