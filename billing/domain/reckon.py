"""What an invoice of a month says: made of what is known, of nothing else, and the same whenever it is made
of the same."""

from collections.abc import Iterable
from datetime import timedelta
from decimal import Decimal
from typing import Final, NamedTuple

from billing.domain import credit, owed, taxes
from billing.domain.accounts import own_brand
from billing.domain.owed import ONE_OFF
from billing.invoices.content import FORM, Content, Issuer, Line, Period, Recipient, Step
from billing.models import Account, LegalEntity, Metric, OneOff
from billing.plans.month import Month, month
from billing.plans.owed import due_lines
from billing.plans.term import Term
from billing.plans.totals import Totals, totals
from portal.core.money import EXACT, round_money

_MOST: Final = Decimal(10) ** 14


class NotBillableError(ValueError):
    """The account cannot be billed; the text says what has to be mended."""


class Reckoned(NamedTuple):
    """An invoice to be: what it says, and what it uses of which credit."""

    content: Content
    totals: Totals


def reckon(account: Account, key: str) -> Reckoned:
    """The invoice of an account for a month, as it would be now. NotBillableError where something has to be
    mended first, ValueError for what is no month."""
    of = month(key)
    last = of.ends - timedelta(days=1)
    found = owed.standing(account, of)
    refuse_currencies(account, (one.term for one in found.owed))
    units = dict(Metric.objects.values_list("code", "unit"))
    lines = due_lines(found.owed, found.billed, of, known=found.known, units=units)
    singles = [_one_off(one, account) for one in owed.one_offs(account, of)]
    made = totals(
        (*lines, *singles),
        currency=account.currency,
        tax=taxes.terms(account, on=last),
        credits_left=credit.left(account),
        on=last,
    )
    if abs(made.total) >= _MOST:
        raise NotBillableError(f"{account.name}'s month comes to more than can be billed.")
    return Reckoned(_content(account, of, made), made)


def refuse_currencies(account: Account, known: Iterable[Term]) -> None:
    """NotBillableError for a plan in another currency than the account pays in."""
    for one in known:
        if one.content.currency != account.currency:
            raise NotBillableError(
                f"{one.plan} is in {one.content.currency}, {account.name} pays in"
                f" {account.currency}. End the subscription, or take a plan in {account.currency}."
            )


def _one_off(one: OneOff, account: Account) -> Line:
    exact = EXACT.multiply(one.quantity, one.unit_amount)
    amount = round_money(exact, account.currency)
    return Line(
        key=f"0/{one.day:%Y-%m}/{ONE_OFF}{one.pk}", origin="one_off", name=one.name, detail="",
        service=f"{one.day:%Y-%m}", begins=one.day, ends=one.day + timedelta(days=1),
        quantity=one.quantity, unit=one.unit, unit_amount=one.unit_amount, gross=amount,
        discount=Decimal(0), amount=amount,
        steps=(Step("units", one.quantity, one.unit_amount, exact),),
    )  # fmt: skip


def _content(account: Account, of: Month, made: Totals) -> Content:
    return Content(
        form=FORM, kind="invoice", number=None, issued=None, due_on=None,
        issuer=issuer(account.entity), recipient=recipient(account),
        period=Period(of.key, of.begins, of.ends, account.time_zone), currency=account.currency,
        lines=made.lines, net=made.net, tax=made.tax, total=made.total, credits=made.credits,
        due=made.due, terms=account.entity.terms,
    )  # fmt: skip


def issuer(entity: LegalEntity) -> Issuer:
    brand = own_brand()
    return Issuer(
        entity.name, _lines(entity.address), entity.tax_number, brand.colours.accent_light,
        _lines(entity.pay_to), brand.number,
    )  # fmt: skip


def recipient(account: Account) -> Recipient:
    return Recipient(
        account.slug, account.name, _lines(account.address), account.tax_number, account.reference
    )


def _lines(text: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in text.splitlines() if line.strip())
