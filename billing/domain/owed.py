"""What an account owes by today's knowledge, and what invoices billed of it already."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import Final, NamedTuple

from django.db.models import Min, Sum

from billing.domain import terms
from billing.invoices.content import Step
from billing.models import Account, Invoice, InvoiceLine, OneOff, SpendCap, UsageFact
from billing.plans.content import PlanContent
from billing.plans.fee import Fee
from billing.plans.fees import fees
from billing.plans.lines import Key, Owed
from billing.plans.month import Month, month, month_after, month_of
from billing.plans.term import Term
from portal.core.money import EXACT, add_up, round_money

SPEND_CAP: Final = "#spend_cap"
NOBODY: Final = 0  # the subscription of what belongs to none
_ZERO = Decimal(0)


class Standing(NamedTuple):
    """What an account owes, and what was billed of it, for the months that an invoice looks at."""

    owed: tuple[Owed, ...]
    billed: dict[Key, Decimal]
    known: tuple[Term, ...]


def standing(account: Account, of: Month) -> Standing:
    """As the invoice of this month knows it."""
    months = _months(account, of)
    caps = _caps(account)
    found = {at: terms.terms_of(account, at, known_by=of.key) for at in months}
    owed = [one for at in months for one in _owed(account, at, found[at], caps)]
    billed = billed_before(account, of, since=months[0])
    known = [term for at in months for term in found[at]]
    known += _others(billed, {term.key for term in known})
    return Standing((*owed, *_in_advance(account, of)), billed, tuple(known))


def _others(billed: Iterable[Key], known: set[int]) -> Iterator[Term]:
    """Terms of which something was billed and nothing is owed any more, for their names."""
    of = {subscription: service for subscription, service, _ in billed}
    for one in terms.named(of.keys() - known):
        yield terms.term(one, month(of[one.pk]))


def of_month(account: Account, at: Month, *, known_by: str = "9999-12") -> list[Owed]:
    """All that an account owes for one month, whenever it is billed."""
    found = terms.terms_of(account, at, known_by=known_by)
    return [*_owed(account, at, found, _caps(account))]


def _months(account: Account, of: Month) -> list[Month]:
    """From the first of which anything may have changed since it was billed."""
    late = UsageFact.objects.filter(account=account, billed_in=of.key, day__lt=of.begins)
    first = [of.key, account.open_from]
    if account.reckon_from:
        first.append(account.reckon_from)
    if day := late.aggregate(first=Min("day"))["first"]:
        first.append(month_of(day).key)
    at, found = month(min(first)), []
    while at.key <= of.key:
        found.append(at)
        at = month_after(at)
    return found


def _owed(
    account: Account, at: Month, found: Iterable[Term], caps: Sequence[SpendCap]
) -> Iterator[Owed]:
    """The fees of a month, and what of them is above the most that it may cost this account."""
    owed = [Owed(term, at, fee) for term in found for fee in fees(term, at)]
    yield from owed
    cap = _most(account, at, caps)
    if cap is not None:
        above = add_up(one.fee.amount for one in owed) - cap
        if above > 0:
            yield _cap(account, at, above)


def _in_advance(account: Account, of: Month) -> Iterator[Owed]:
    """What is due before its month begins."""
    following = month_after(of)
    for subscription in terms.subscriptions(account, following):
        term = terms.term(subscription, following)
        for fee in fees(term, following):
            if fee.due == "advance":
                yield Owed(term, following, fee)


def _caps(account: Account) -> list[SpendCap]:
    """The newest first."""
    return list(SpendCap.objects.filter(account=account).order_by("-begins"))


def most(account: Account, at: Month) -> Decimal | None:
    """The most that a month may cost this account; None for no cap."""
    return _most(account, at, _caps(account))


def _most(account: Account, at: Month, caps: Sequence[SpendCap]) -> Decimal | None:
    found = next((one.amount for one in caps if one.begins <= at.key), None)
    return None if found is None else round_money(found, account.currency)


def once(account: Account, at: Month) -> Decimal:
    """What is charged once in a month, whenever it is billed."""
    found = OneOff.objects.filter(
        account=account, day__gte=at.begins, day__lt=at.ends, withdrawn_at=None
    )
    return add_up(
        round_money(EXACT.multiply(one.quantity, one.unit_amount), account.currency)
        for one in found
    )


def _cap(account: Account, at: Month, above: Decimal) -> Owed:
    nobody = Term(NOBODY, "", 0, PlanContent(account.currency, ()), begins=date.min)
    step = Step("flat", Decimal(1), -above, -above)
    fee = Fee(
        key=SPEND_CAP, origin="cap", name="Spending cap", detail="what is above the agreed most of a month",
        due="arrears", quantity=None, unit_amount=None, gross=-above, discount=_ZERO, amount=-above,
        steps=(step,), metric="", charge="", begins=at.begins, ends=at.ends,
    )  # fmt: skip
    return Owed(nobody, at, fee)


def billed_before(account: Account, of: Month, *, since: Month) -> dict[Key, Decimal]:
    """What invoices that stand, of months before this one, billed for each fee of the months from `since`
    on."""
    lines = (
        InvoiceLine.objects.filter(account=account, service__gte=since.key)
        .filter(invoice__state__in=Invoice.STANDING, invoice__kind=Invoice.Kind.INVOICE)
        .filter(invoice__month__lt=of.key)
        .exclude(origin__in=("sla_credit", "one_off"))
        .values_list("subscription", "service", "fee")
        .annotate(sum=Sum("amount"))
    )
    return {
        (pk, service, fee): round_money(amount, account.currency)
        for pk, service, fee, amount in lines
    }


ONE_OFF: Final = "one-off/"


def one_offs(account: Account, of: Month) -> list[OneOff]:
    """What is charged once, has happened by the end of the month and no standing invoice has billed."""
    billed = InvoiceLine.objects.filter(
        account=account, fee__startswith=ONE_OFF, invoice__state__in=Invoice.STANDING,
        invoice__month__lt=of.key,
    ).values_list("fee", flat=True)  # fmt: skip
    known = {int(fee.removeprefix(ONE_OFF)) for fee in billed}
    found = OneOff.objects.filter(account=account, day__lt=of.ends, withdrawn_at=None)
    return [one for one in found.order_by("day", "pk") if one.pk not in known]
