"""How far a rule may go by itself."""

from datetime import datetime
from decimal import Decimal
from typing import NamedTuple


class Limits(NamedTuple):
    """`documents` and `amount` of one case, `per_day` documents of all cases in 24 hours.
    `expires_at` None: never."""

    documents: int
    amount: Decimal
    per_day: int
    expires_at: datetime | None


def within(limits: Limits, *, documents: int, amount: Decimal, today: int, now: datetime) -> str:
    """Blank, or why the rule may not act by itself on a case of so many documents, worth so much, when
    it let `today` documents go in the last 24 hours."""
    if limits.expires_at is not None and limits.expires_at <= now:
        return f"It expired on {limits.expires_at:%d %b %Y}."
    if documents > limits.documents:
        return f"{documents:,} documents are more than the {limits.documents:,} it may let go."
    if amount > limits.amount:
        return f"{amount:,.2f} is more than the {limits.amount:,.2f} it may let go."
    if today + documents > limits.per_day:
        return (
            f"With {documents:,} more it would have let {today + documents:,} documents go in 24"
            f" hours; {limits.per_day:,} is its limit."
        )
    return ""
