"""Lists of accounts, with what has to be known before they can be billed."""

from collections.abc import Iterable
from datetime import date
from typing import Any, Final

from django.db.models import Prefetch, Q, QuerySet

from billing.models import Account, Subscription, TaxRate

SIZE: Final = 100
Treatment = Account.Treatment


def listed(today: date) -> QuerySet[Account]:
    """By name, each with the plans that it has on a day as `having`."""
    having = Subscription.objects.filter(Q(ends=None) | Q(ends__gt=today))
    having = having.select_related("version__plan").order_by("begins", "pk")
    return (
        Account.objects.select_related("entity")
        .prefetch_related(Prefetch("subscriptions", having, to_attr="having"))
        .order_by("name", "pk")
    )


def after(found: QuerySet[Account], pk: int) -> QuerySet[Account]:
    """What follows an account in the list; all of it where there is no such account."""
    last = Account.objects.filter(pk=pk).values_list("name", flat=True).first()
    if last is None:
        return found
    return found.filter(Q(name__gt=last) | Q(name=last, pk__gt=pk))


def missing(accounts: Iterable[Any], today: date) -> dict[int, list[str]]:
    """By account what has to be entered before it can be billed and the bill sent; `accounts` are rows of
    `listed`."""
    codes = set(TaxRate.objects.filter(begins__lte=today).values_list("code", flat=True))
    return {one.pk: _missing(one, codes) for one in accounts}


def _missing(account: Any, codes: set[str]) -> list[str]:
    found = []
    if not account.having:
        found.append("no plan")
    if not account.recipients:
        found.append("no recipients")
    if _lacks_tax(account, codes):
        found.append("no tax")
    return found


def _lacks_tax(account: Account, codes: set[str]) -> bool:
    match account.treatment:
        case Treatment.STANDARD:
            return account.tax_code not in codes
        case Treatment.REVERSE_CHARGE:
            return not account.tax_number
        case Treatment.EXEMPT:
            return not account.exempt_reason
    return False
