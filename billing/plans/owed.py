"""What an invoice bills: what is owed by today's knowledge less what was billed for it before.

So usage that comes late, amendments, early ends and changes of the past become adjustments, and all
invoices together bill what is owed, whatever came when.
"""

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import Final, NamedTuple

from billing.invoices.content import Line
from billing.plans.lines import Key, Owed, adjustment, line_of, line_of_nothing, text_of
from billing.plans.month import Month, month_after
from billing.plans.term import Term

Billed = Mapping[Key, Decimal]
_ZERO = Decimal(0)
_NO_UNITS: Final[Mapping[str, str]] = MappingProxyType({})


class _Place(NamedTuple):
    """Where a line stands among the others."""

    service: str
    subscription: int
    position: int
    fee: str


def due_lines(
    owed: Iterable[Owed],
    billed: Billed,
    invoice_month: Month,
    *,
    known: Iterable[Term] = (),
    units: Mapping[str, str] = _NO_UNITS,
) -> tuple[Line, ...]:
    """The lines of the invoice of this month: by month of service, subscription, place in the plan, key.

    `owed`: every fee of every month up to this one, and of the next one for what is due in advance; others
    are left alone. `billed`: what invoices that stand billed for each so far, net. `known`: terms of which
    nothing may be owed any more, for the names of what is given back. `units`: in what each metric is
    counted. ValueError for a fee that is owed twice, and for two currencies.
    """
    inside = [one for one in owed if _is_due(one, invoice_month)]
    terms = [*(one.term for one in inside), *known]
    _refuse_mixed(inside, terms)
    placed = [*_of_owed(inside, billed, invoice_month, units=units)]
    gone = billed.keys() - {one.key for one in inside}
    for key in gone:
        if billed[key] and key[1] <= invoice_month.key:
            line = adjustment(line_of_nothing(key, terms), before=billed[key])
            placed.append((_Place(key[1], key[0], len(inside), key[2]), line))
    return tuple(line for _, line in sorted(placed, key=lambda one: one[0]))


def _is_due(one: Owed, invoice_month: Month) -> bool:
    if one.month.key <= invoice_month.key:
        return True
    return one.fee.due == "advance" and one.month == month_after(invoice_month)


def _refuse_mixed(inside: Iterable[Owed], terms: Iterable[Term]) -> None:
    seen: set[Key] = set()
    for one in inside:
        if one.key in seen:
            raise ValueError(f"{text_of(one.key)} is owed twice: give one term for each month.")
        seen.add(one.key)
    if len({term.content.currency for term in terms}) > 1:
        raise ValueError("An invoice is in one currency: make one for each.")


def _of_owed(
    inside: Iterable[Owed], billed: Billed, invoice_month: Month, *, units: Mapping[str, str]
) -> Iterator[tuple[_Place, Line]]:
    for position, one in enumerate(inside):
        before = billed.get(one.key)
        line = line_of(one, unit=units.get(one.fee.metric, ""))
        place = _Place(one.month.key, one.term.key, position, one.fee.key)
        if before is not None:
            if one.fee.amount != before:
                yield place, adjustment(line, before=before)
        # What is free is said in its own month, once.
        elif one.month.key >= invoice_month.key or one.fee.amount:
            yield place, line
