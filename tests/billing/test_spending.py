"""People are told once when a part of a budget is used."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from django.core import mail

from billing.domain import intake, spending
from billing.models import Account, SpendAlert
from portal.core import clock
from tests.billing import selling
from tests.billing.usage import account, at, event
from tests.people import Site

pytestmark = pytest.mark.db


@pytest.fixture(autouse=True)
def now(kestrel: Site) -> Iterator[Any]:
    with clock.freeze(at("2026-05-20 12:00")) as frozen:
        yield frozen


@pytest.fixture
def harbor(kestrel: Site) -> Account:
    """Has a budget of 200 and pays 2 a document."""
    found = account(kestrel.harbor, recipients=["ap@harbor.test"])
    selling.sell(found, selling.published(selling.DOCUMENTS))
    spending.budget(found, Decimal(200))
    return found


def use(of: Account, key: str, quantity: str) -> None:
    intake.note([event(of, key, "2026-05-10 10:00", quantity=quantity)])


def test_each_part_of_a_budget_is_told_once(harbor: Account) -> None:
    use(harbor, "a", "49")
    assert spending.look() == 0
    use(harbor, "b", "1")  # 50 × 2 = 100, half of it
    assert [spending.look(), spending.look()] == [1, 0]
    assert mail.outbox[0].subject == "50 % of your budget for May 2026 is used"
    assert "$100.00 of $200.00" in mail.outbox[0].body
    assert mail.outbox[0].to == ["ap@harbor.test"]


def test_a_leap_over_two_parts_is_one_mail(harbor: Account) -> None:
    use(harbor, "a", "100")
    assert spending.look() == 3
    assert [one.subject for one in mail.outbox] == ["100 % of your budget for May 2026 is used"]


def test_a_mail_nobody_took_is_told_again(harbor: Account, monkeypatch: Any) -> None:
    use(harbor, "a", "50")

    def refused(*_: Any, **__: Any) -> None:
        raise spending.NotSentError("the mail server did not take it")

    with monkeypatch.context() as patched:
        patched.setattr(spending.mailing, "send", refused)
        assert spending.look() == 0
    assert not SpendAlert.objects.exists()
    assert spending.look() == 1


@pytest.mark.parametrize(("amount", "at_percent"), [("0", (50,)), ("-1", (50,)), ("10", (0,))])
def test_what_is_no_budget_is_refused(harbor: Account, amount: str, at_percent: Any) -> None:
    with pytest.raises(spending.NotABudgetError):
        spending.budget(harbor, Decimal(amount), alert_at=at_percent)
