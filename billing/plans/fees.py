"""What one subscription owes for one month by what is known of it."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Final

from billing.invoices.content import Step
from billing.plans import words
from billing.plans.charged import charged
from billing.plans.fee import Fee, Origin
from billing.plans.month import Month
from billing.plans.proration import Days
from billing.plans.term import Discount, Term, billable_days
from billing.rating import UsageError
from portal.core.money import EXACT, add_up, round_money

COMMITMENT: Final = "#commitment"
CAP: Final = "#cap"
DISCOUNT: Final = "#discount"
_ZERO = Decimal(0)
_ONE = Decimal(1)
_ALL = Decimal(100)


def fees(term: Term, month: Month) -> tuple[Fee, ...]:
    """Every position, in the order in which they are reckoned; none where no day of the month is billed.

    Charges, each within its minimum and cap and less percentages; amounts off; the plan's cap; its
    commitment. UsageError for usage of no charge, and for usage that a model cannot rate.
    """
    found = billable_days(term, month)
    _refuse_unknown(term)
    if found is None:
        return ()
    days = Days(month, *found, term.content.currency)
    each = [
        (charge, fee) for charge in term.content.charges if (fee := charged(charge, term, days))
    ]
    each = [(charge, _less_percent(fee, term.discounts, days)) for charge, fee in each]
    monthly = [fee for charge, fee in each if not charge.once]
    everything = [fee for _, fee in each]
    amounts_off = [*_amounts_off(everything, term.discounts, days)]
    return (*everything, *amounts_off, *_bounded(monthly, amounts_off, term, days))


def _refuse_unknown(term: Term) -> None:
    metered = {charge.key for charge in term.content.charges if charge.metric}
    if unknown := sorted(term.usage.keys() - metered):
        raise UsageError(f"No charge of {term.plan} counts {', '.join(unknown)}.")


def _less_percent(fee: Fee, discounts: Sequence[Discount], days: Days) -> Fee:
    percent = min(add_up(one.percent for one in discounts if one.percent), _ALL)
    if not percent:
        return fee
    share = EXACT.multiply(fee.gross, percent).scaleb(-2, context=EXACT)
    discount = round_money(share, days.currency)
    detail = words.joined(fee.detail, words.percent_off(discounts))
    return replace(fee, detail=detail, discount=discount, amount=fee.gross - discount)


def _amounts_off(
    charges: Sequence[Fee], discounts: Sequence[Discount], days: Days
) -> Iterator[Fee]:
    """In their order, as long as there is something to take from."""
    left = _total(charges)
    for at, discount in enumerate(discounts):
        off = min(round_money(discount.amount or _ZERO, days.currency), left)
        left -= off
        if off:
            yield _fee(f"{DISCOUNT}/{at}", "discount", discount.name, -off, days=days)


def _bounded(
    monthly: Sequence[Fee], amounts_off: Sequence[Fee], term: Term, days: Days
) -> Iterator[Fee]:
    """The plan's cap and its commitment, of what is charged every month."""
    content = term.content
    cap = None if content.cap is None else days.share(content.cap)
    net = max(_total(monthly) + _total(amounts_off), _ZERO)
    if cap is not None and net > cap:
        text = words.capped(cap, days)
        yield _fee(CAP, "cap", words.CAP, cap - net, days=days, detail=text)
    if content.commitment is None:
        return
    commitment = days.share(content.commitment)
    # A cent of rounding may lie between two amounts that are the same for the whole month.
    commitment = commitment if cap is None else min(commitment, cap)
    used = add_up(fee.gross for fee in monthly)
    if commitment > used:
        text = words.committed(commitment, used, days)
        amount = commitment - used
        yield _fee(COMMITMENT, "commitment", words.COMMITMENT, amount, days=days, detail=text)


def _total(of: Sequence[Fee]) -> Decimal:
    return add_up(fee.amount for fee in of)


def _fee(
    key: str, origin: Origin, name: str, amount: Decimal, *, days: Days, detail: str = ""
) -> Fee:
    return Fee(
        key=key,
        origin=origin,
        name=name,
        detail=detail,
        due="arrears",
        quantity=None,
        unit_amount=None,
        gross=amount,
        discount=_ZERO,
        amount=amount,
        steps=(Step("flat", _ONE, amount, amount),),
        metric="",
        charge="",
        begins=days.begins,
        ends=days.ends,
    )
