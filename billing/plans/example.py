"""What a customer with some usage would pay by a plan."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Final

from billing.invoices.content import Line
from billing.plans.content import PlanContent
from billing.plans.fees import fees
from billing.plans.lines import Owed, line_of
from billing.plans.month import Month
from billing.plans.term import Term
from billing.rating import Usage

_LONG_AGO: Final = date(2000, 1, 1)  # trial, ramps and one-off charges are over
_NOBODY: Final = 0


def lines_for(
    content: PlanContent,
    usage: Mapping[str, Usage],
    *,
    of: Month,
    units: Mapping[str, str],
    is_first: bool = False,
) -> tuple[Line, ...]:
    """The lines of a whole month with this usage by metric; `is_first`: the first one of a subscription.
    UsageError for usage that a model cannot rate."""
    term = Term(
        key=_NOBODY,
        plan="",
        version=0,
        content=content,
        begins=of.begins if is_first else _LONG_AGO,
        usage={
            one.key: usage.get(one.metric, Usage(Decimal(0)))
            for one in content.charges
            if one.metric
        },
    )
    return tuple(
        line_of(Owed(term, of, fee), unit=units.get(fee.metric, "")) for fee in fees(term, of)
    )


def in_events(quantity: Decimal, events: int) -> Usage:
    """A quantity as so many events that are worth the same, the last one a little more or less."""
    if not quantity or events < 1:
        return Usage(quantity)
    each = (quantity / events).quantize(Decimal("0.0001"))
    return Usage.of([each] * (events - 1) + [quantity - each * (events - 1)])
