"""Money that accounts have with us: how much of each credit is left."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any, Final

from django.db.models import Q, Sum
from django.db.models.functions import Coalesce

from billing.models import Account, Credit, Invoice
from billing.plans.totals import CreditLeft
from portal.core import clock
from portal.core.money import round_money

CARRIED: Final = "carried/"


class NotCreditedError(ValueError):
    """The credit cannot be given; the text says why."""


def left(account: Account) -> list[CreditLeft]:
    """Every credit of which something is left. What a void invoice used is back."""
    return [
        CreditLeft(
            one.pk, one.name, round_money(one.amount - one.used, account.currency), one.expires,
            before_tax=one.kind == Credit.Kind.SLA,
        )
        for one in with_used(account)
        if one.amount > one.used
    ]  # fmt: skip


def with_used(account: Account) -> Iterable[Any]:
    """The credits of an account with what invoices that stand `used` of them."""
    standing = Q(uses__invoice__state__in=Invoice.STANDING)
    used = Coalesce(Sum("uses__amount", filter=standing), Decimal(0))
    found = Credit.objects.filter(account=account, withdrawn_at=None)
    return found.annotate(used=used).order_by("expires", "pk")


def prepay(
    account: Account, amount: Decimal, *, name: str, key: str, expires: date | None, author: str
) -> Credit:
    """Money that was paid ahead. The same key again gives the credit there is; NotCreditedError for
    nothing and for cents that the currency has not."""
    if amount <= 0 or amount != round_money(amount, account.currency):
        raise NotCreditedError(f"{amount} {account.currency} is no amount that can be paid.")
    credit, _ = Credit.objects.get_or_create(
        key=key,
        defaults={
            "account": account, "kind": Credit.Kind.PREPAID, "name": name, "amount": amount,
            "expires": expires, "author": author[:80],
        },
    )  # fmt: skip
    return credit


def withdraw_carried(invoice: Invoice) -> None:
    """What a void invoice carried over is nobody's. NotCreditedError where some of it was used."""
    account = invoice.account
    carried = [one for one in with_used(account) if one.key == f"{CARRIED}{invoice.pk}"]
    for one in carried:
        if one.used:
            raise NotCreditedError(f"{one.name} was used already: correct what used it first.")
        Credit.objects.filter(pk=one.pk).update(withdrawn_at=clock.now())
