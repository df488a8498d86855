"""To whom an account's invoices go, and by which rules they are taxed."""

from collections.abc import Mapping
from typing import Any, Final

from django.db import transaction

from billing.domain import accounts
from billing.domain.owed import ONE_OFF
from billing.models import Account, Invoice, InvoiceLine, OneOff, Subscription
from portal.core import clock
from portal.core.currencies import MINOR_UNITS

_FIELDS: Final = (
    "name", "address", "tax_number", "reference", "recipients", "treatment", "tax_code", "exempt_reason",
)  # fmt: skip


class NotKeptError(ValueError):
    """It cannot be so; the text says why."""


@transaction.atomic
def change(account: Account, values: Mapping[str, Any]) -> Account:
    """Keep who is billed and how. Drafts say it when they are made anew; what is final stays.

    NotKeptError for another currency once anything was billed or agreed in the one there is, and for one
    that nobody bills in.
    """
    held = accounts.locked(account.pk)
    currency = values.get("currency", held.currency)
    if currency != held.currency:
        _refuse_currency(held, currency)
        held.currency = currency
    for name in _FIELDS:
        setattr(held, name, values.get(name, getattr(held, name)))
    held.save(update_fields=[*_FIELDS, "currency"])
    return held


def may_change_currency(account: Account) -> bool:
    """Only while nothing is in it: no invoice, no plan, no one-off, no credit."""
    return not (
        Invoice.objects.filter(account=account).exists()
        or Subscription.objects.filter(account=account).exists()
        or OneOff.objects.filter(account=account).exists()
        or account.credits.exists()
    )


def _refuse_currency(account: Account, currency: str) -> None:
    if currency not in MINOR_UNITS:
        raise NotKeptError(f"{currency} is no currency. Write its three letters, such as EUR.")
    if not may_change_currency(account):
        raise NotKeptError(
            f"{account.name} has plans or invoices in {account.currency}: the currency stays."
        )


@transaction.atomic
def withdraw(one_off: OneOff) -> None:
    """Do not charge it after all. NotKeptError where an invoice that stands has it: that is given back by a
    credit note."""
    accounts.locked(one_off.account_id)
    held = OneOff.objects.select_for_update().get(pk=one_off.pk)
    if number := billed_by([held]).get(held.pk):
        raise NotKeptError(f"{number} bills it. Give it back by a credit note.")
    if held.withdrawn_at is None:
        held.withdrawn_at = clock.now()
        held.save(update_fields=["withdrawn_at"])


def billed_by(one_offs: list[OneOff]) -> dict[int, str]:
    """By one-off the number of the invoice that stands and has it."""
    fees = {f"{ONE_OFF}{one.pk}": one.pk for one in one_offs}
    found = InvoiceLine.objects.filter(
        account__in={one.account_id for one in one_offs}, fee__in=fees,
        invoice__state__in=Invoice.STANDING, invoice__kind=Invoice.Kind.INVOICE,
    ).values_list("fee", "invoice__number")  # fmt: skip
    return {fees[fee]: str(number) for fee, number in found}
