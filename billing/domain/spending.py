"""Budgets: people are told once when a month reaches a part of what they mean to spend."""

from decimal import Decimal
from typing import Final, NamedTuple

import structlog
from django.db import InterfaceError, OperationalError
from django.utils.translation import gettext as _

from billing.domain import accounts, figures
from billing.invoices import words
from billing.models import Account, SpendAlert
from billing.plans.margin import percent_of
from billing.plans.month import month
from portal.core import clock, events, manner, tongue
from portal.core.mail import NotSentError
from portal.tenants import languages, mailing
from portal.tenants.letter import letter
from portal.tenants.site import current_site

log = structlog.get_logger()
USUAL: Final = (50, 80, 100)


class BudgetReached(NamedTuple):
    """An account used `percent` of what it means to spend in a month."""

    account_id: int
    month: str
    percent: int
    amount: Decimal


class NotABudgetError(ValueError):
    """It is no budget; the text says why."""


def budget(account: Account, amount: Decimal | None, *, alert_at: tuple[int, ...] = USUAL) -> None:
    """What the account means to spend a month, and at which percentages of it people are told. None: no
    budget."""
    if amount is not None and amount <= 0:
        raise NotABudgetError(_("A budget is above 0. Leave it empty for none."))
    if alert_at and amount is None:
        raise NotABudgetError("Alerts are parts of a budget: enter one.")
    if any(not 1 <= percent <= 1000 for percent in alert_at):
        raise NotABudgetError("Alerts are from 1 to 1,000 percent.")
    account.budget, account.alert_at = amount, sorted(set(alert_at))
    account.save(update_fields=["budget", "alert_at"])


def look() -> int:
    """Tell of every part of a budget that was reached since the last look; returns how many."""
    told = 0
    for account in Account.objects.filter(budget__isnull=False).exclude(alert_at=[]):
        try:
            told += _of(account)
        except (OperationalError, InterfaceError):
            raise  # the database: the lane comes back
        except Exception:  # the edge of a batch: one account must not hold up the rest
            log.exception("budget could not be looked at", account=account.pk)
    return told


def _of(account: Account) -> int:
    key = accounts.this_month(account)
    net = figures.earned(account, month(key))
    assert account.budget is not None
    reached = percent_of(net, account.budget) or Decimal(0)
    told = set(
        SpendAlert.objects.filter(account=account, month=key).values_list("percent", flat=True)
    )
    new = [percent for percent in account.alert_at if percent <= reached and percent not in told]
    if not new:
        return 0
    return _tell(account, key, net, new)


def _tell(account: Account, key: str, net: Decimal, reached: list[int]) -> int:
    """One mail about the highest of them, and the rows after it: where nobody takes the mail, the next look
    tells it again."""
    if account.recipients:
        try:
            _mail(account, key, net, max(reached))
        except NotSentError:
            return 0
    SpendAlert.objects.bulk_create(
        SpendAlert(account=account, month=key, percent=one, amount=net, at=clock.now())
        for one in reached
    )
    events.publish(BudgetReached(account.pk, key, max(reached), net))
    return len(reached)


def _mail(account: Account, key: str, net: Decimal, percent: int) -> None:
    assert account.budget is not None
    with tongue.speaking(languages.of_customer(account.customer_id)):
        _write(account, account.budget, key, net, percent)


def _write(account: Account, budget: Decimal, key: str, net: Decimal, percent: int) -> None:
    site = current_site()
    variables = {
        "customer": account.name,
        "percent": str(percent),
        "month": manner.month(month(key).begins, with_year=True),
        "spent": words.money(net, account.currency),
        "budget": words.money(budget, account.currency),
    }
    said = letter("budget", site, variables, {**variables, "url": f"{site.url}/bills/"})
    mailing.send(site, kind="budget", **said.parts, to=account.recipients)
