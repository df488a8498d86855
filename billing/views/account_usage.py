"""What an account used in its running month, and what was amended of it."""

from typing import Any

from billing.domain import accounts as known
from billing.invoices import words
from billing.models import Account, Metric
from billing.plans.month import Month, month
from billing.queries import explained
from billing.queries.measured import Days, measure
from billing.views import fact_words
from integrations.views import spoken

MOST_AMENDMENTS = 20


def so_far(account: Account) -> list[dict[str, str]]:
    """By metric what its month counts until now; what counts nothing is left out."""
    of = _month(account)
    metrics = list(Metric.objects.filter(archived_at=None))
    used = measure(account, metrics, Days(of.begins, of.ends)) if metrics else {}
    return [
        {
            "name": one.name,
            "quantity": words.number(used[one.code].quantity),
            "unit": words.units(used[one.code].quantity, one.unit),
        }
        for one in metrics
        if used[one.code].quantity
    ]


def _month(account: Account) -> Month:
    return month(known.this_month(account))


def amendments(account: Account) -> list[dict[str, Any]]:
    """Of the open months, the newest first: what was said before, and what holds."""
    of = Days(month(account.open_from).begins, _month(account).ends)
    found = explained.amended(account, of, most=MOST_AMENDMENTS)
    before = explained.before(found)
    return [
        {
            "at": spoken.moment(one.noted_at),
            "what": f"{fact_words.kind_said(one.kind, 1)} {one.key}",
            "was": words.number(before.get((one.kind, one.key, one.revision - 1), one.quantity)),
            "now": words.number(one.quantity),
            "why": one.reason,
        }
        for one in found
    ]
