"""Service credits: what sealed statements say is given back becomes a credit, once for each statement."""

from decimal import Decimal
from typing import Final

from billing.domain import owed
from billing.models import Account, Credit
from billing.plans.month import month
from monitoring.models import Statement
from portal.core.money import EXACT, add_up, round_money

KEY: Final = "statement/"


def collect(account: Account, key: str) -> None:
    """Credits of the statements up to a month that were sealed and are not credited yet.

    Where a statement knows no fee, its percentage is of what the account owes for that month.
    """
    if account.customer_id is None:
        return
    known = Credit.objects.filter(account=account, key__startswith=KEY).values_list(
        "key", flat=True
    )
    taken = {int(one.removeprefix(KEY)) for one in known}
    sealed = Statement.objects.filter(
        customer_id=account.customer_id, state=Statement.State.SEALED, period__lte=key
    ).exclude(pk__in=taken)
    for statement in sealed.order_by("period"):
        amount = _amount(account, statement)
        if amount > 0:
            Credit.objects.create(
                account=account, kind=Credit.Kind.SLA, key=f"{KEY}{statement.pk}", amount=amount,
                name=f"Service credit for {statement.name}, statement {statement.number}",
            )  # fmt: skip


def _amount(account: Account, statement: Statement) -> Decimal:
    given = statement.said.credits
    if given is None or not given.percent:
        return Decimal(0)
    if given.amount is not None and given.currency == account.currency:
        return given.amount
    of = month(statement.period)
    fees = owed.standing(account, of).owed
    fee = add_up(one.fee.amount for one in fees if one.month == of)
    share = EXACT.multiply(max(fee, Decimal(0)), given.percent).scaleb(-2, context=EXACT)
    return round_money(share, account.currency)
