"""Where a month is going: what it will cost if usage goes on as it did.

What is counted or added up (`count`, `sum`) is scaled from the time that has passed to the whole month, the
first day of a plan as a whole one. What holds (highest, different, latest, average) and fixed charges are
taken as they are.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time
from decimal import Decimal
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from billing.domain import accounts, owed, reckon, terms
from billing.models import Account, Metric
from billing.plans.fees import fees
from billing.plans.month import Month, month
from billing.plans.term import Term, billable_days
from billing.rating import Usage
from portal.core import clock
from portal.core.money import add_up, round_to

RULE: Final = gettext_noop(
    "Counted usage is scaled from the days so far to the whole month; fixed"
    " charges are taken whole, and what holds for the month, such as a highest"
    " number, as it is."
)
_DAY: Final = Decimal(86_400)
_SCALED: Final = (Metric.Aggregation.COUNT, Metric.Aggregation.SUM)


class Projection(NamedTuple):
    """What a month costs by itself, net, so far and at its end, in `currency`; `passed` of its `days` are
    over."""

    month: str
    so_far: Decimal
    end: Decimal
    currency: str
    passed: Decimal
    days: int


def project(account: Account) -> Projection:
    """The running month of an account: what is for this month, without what earlier ones left open.
    NotBillableError for a plan in another currency."""
    of = month(accounts.this_month(account))
    known = terms.terms_of(account, of, known_by=of.key)
    reckon.refuse_currencies(account, known)
    now, counted, cap = _clock(account), _counted(known), owed.most(account, of)
    later = [_grown(one, of, now=now, counted=counted) for one in known]
    once = owed.once(account, of)
    return Projection(
        of.key, _capped(known, of, cap) + once, _capped(later, of, cap) + once, account.currency,
        passed=_days(of.begins, now), days=of.days,
    )  # fmt: skip


def _clock(account: Account) -> datetime:
    """Now by the account's clock, without a zone, so that days are days on all of them."""
    return clock.now().astimezone(ZoneInfo(account.time_zone)).replace(tzinfo=None)


def _counted(known: Sequence[Term]) -> set[str]:
    """The metrics whose usage grows with time."""
    wanted = {charge.metric for one in known for charge in one.content.charges if charge.metric}
    found = Metric.objects.filter(code__in=wanted, aggregation__in=_SCALED)
    return set(found.values_list("code", flat=True))


def _grown(term: Term, of: Month, *, now: datetime, counted: set[str]) -> Term:
    """The term with the usage of the whole month, as far as usage grows."""
    days = billable_days(term, of)
    if days is None or now >= datetime.combine(days[1], time()):
        return term
    whole = Decimal((days[1] - days[0]).days)
    factor = whole / max(_days(days[0], now), Decimal(1))
    metrics = {charge.key: charge.metric for charge in term.content.charges}
    grown = {
        key: _scaled(usage, factor) if metrics[key] in counted else usage
        for key, usage in term.usage.items()
    }
    return replace(term, usage=grown)


def _days(begins: date, now: datetime) -> Decimal:
    """How many days have passed since the day `begins` did; none before it."""
    passed = now - datetime.combine(begins, time())
    return round_to(max(Decimal(int(passed.total_seconds())), Decimal(0)) / _DAY, 2)


def _scaled(usage: Usage, factor: Decimal) -> Usage:
    """So much more of the same: where each event matters, as many more like those so far."""
    if not usage.events:
        return Usage(round_to(usage.quantity * factor, 4))
    many = int(round_to(len(usage.events) * factor, 0))
    times, rest = divmod(many, len(usage.events))
    return Usage.of(usage.events * times + usage.events[:rest])


def _capped(known: Sequence[Term], of: Month, cap: Decimal | None) -> Decimal:
    due = add_up(fee.amount for one in known for fee in fees(one, of))
    return due if cap is None else min(due, cap)


def passed_said(of: Projection) -> str:
    """`after 12 of 30 days`"""
    return _("after %(passed)s of %(days)s days") % {"passed": int(of.passed), "days": of.days}
