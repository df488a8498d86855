"""What a customer's people are told of their money beyond the bills they may read: the documents behind a
line, the month so far, their budget.

Under the row limit they read invoices that were sent and their account. Terms, metrics and documents they
do not read; so each verb first looks for what it is about under the limit, and only then goes beyond it.
"""

from decimal import Decimal
from typing import NamedTuple

from django.utils.translation import gettext as _

from billing.domain import explaining, projection, spending
from billing.domain.explaining import Explained, Gratis
from billing.domain.projection import Projection
from billing.domain.reckon import NotBillableError
from billing.domain.spending import NotABudgetError
from billing.domain.taxes import NoTaxError
from billing.models import Account, Invoice
from billing.queries.explained import Place
from billing.rating import TermsError, UsageError
from portal.accounts.models import Person
from portal.core.money import round_money
from portal.tenants.rows import beyond_limit


class NotOwnError(LookupError):
    """There is no such bill of theirs."""


class OwnMonth(NamedTuple):
    """The running month of their account. `projection` is None while it cannot be reckoned."""

    account: Account
    projection: Projection | None


def bill(person: Person, pk: int) -> Invoice:
    """One of their bills that were sent. NotOwnError for any other."""
    found = Invoice.objects.filter(pk=pk, shown_to=person.customer_id or 0).first()
    if found is None:
        raise NotOwnError
    return found


def line(person: Person, pk: int, at: int, *, after: Place | None = None) -> Explained:
    """The documents that a line of one of their bills bills."""
    found = bill(person, pk)
    with beyond_limit():
        return explaining.line(found, at, after=after)


def gratis(person: Person, pk: int) -> list[Gratis]:
    """What was free in the month of one of their bills, and why."""
    found = bill(person, pk)
    with beyond_limit():
        return explaining.gratis(found)


def month_so_far(person: Person) -> OwnMonth | None:
    """None while they have no account."""
    found = _account(person)
    if found is None:
        return None
    with beyond_limit():
        return OwnMonth(found, _projected(found))


def _projected(account: Account) -> Projection | None:
    try:
        return projection.project(account)
    except (NotBillableError, NoTaxError, TermsError, UsageError):
        return None  # the partner's pages say what has to be mended


def set_budget(person: Person, amount: Decimal | None) -> Account:
    """What they mean to spend a month; None for no budget. NotABudgetError for what is no amount,
    NotOwnError while they have no account."""
    found = _account(person)
    if found is None:
        raise NotOwnError
    if amount is not None and (amount <= 0 or amount != round_money(amount, found.currency)):
        raise NotABudgetError(
            _("%(amount)s %(currency)s is no budget. Enter an amount above 0.")
            % {"amount": amount, "currency": found.currency}
        )
    with beyond_limit():
        alert_at = tuple(found.alert_at) or spending.USUAL
        spending.budget(found, amount, alert_at=alert_at if amount else ())
    return found


def _account(person: Person) -> Account | None:
    return Account.objects.filter(customer_id=person.customer_id or 0).first()
