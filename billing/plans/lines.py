"""Lines of an invoice, of what is owed and of what was billed and is owed no more."""

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal
from typing import NamedTuple

from billing.invoices.content import Line, Step
from billing.plans import words
from billing.plans.fee import Fee
from billing.plans.month import Month, month
from billing.plans.term import Term

Key = tuple[int, str, str]  # subscription, month, fee
_ZERO = Decimal(0)
_ONE = Decimal(1)


class Owed(NamedTuple):
    """A fee of a subscription for a month."""

    term: Term
    month: Month
    fee: Fee

    @property
    def key(self) -> Key:
        return self.term.key, self.month.key, self.fee.key


def text_of(key: Key) -> str:
    subscription, service, fee = key
    return f"{subscription}/{service}/{fee}"


def line_of(owed: Owed, *, unit: str) -> Line:
    """All of a fee, as it is billed for the first time."""
    term, fee = owed.term, owed.fee
    return Line(
        key=text_of(owed.key),
        origin=fee.origin,
        name=fee.name,
        detail=fee.detail,
        service=owed.month.key,
        begins=fee.begins,
        ends=fee.ends,
        quantity=fee.quantity,
        unit=unit,
        unit_amount=fee.unit_amount,
        gross=fee.gross,
        discount=fee.discount,
        amount=fee.amount,
        steps=fee.steps,
        plan=term.plan,
        version=term.version,
        subscription=term.key,
        charge=fee.charge,
        metric=fee.metric,
    )


def adjustment(line: Line, *, before: Decimal) -> Line:
    """What is owed beyond what was billed before, or the other way round: then it is below 0.

    Its steps are those of the whole fee, and at last what is taken off them. Nothing is counted, because
    the quantity of the fee is not that of the difference.
    """
    amount = line.amount - before
    off = [("discount", line.discount), ("billed", before)]
    steps = tuple(Step(kind, _ONE, taken, -taken) for kind, taken in off if taken)
    return replace(
        line,
        origin="adjustment",
        detail=words.joined(line.detail, words.adjusted(line.amount, before)),
        quantity=None,
        unit_amount=None,
        gross=amount,
        discount=_ZERO,
        amount=amount,
        steps=(*line.steps, *steps),
        before=before,
    )


def line_of_nothing(key: Key, terms: Iterable[Term]) -> Line:
    """What is owed no more, named by the term that had it; by its key where none of them did."""
    subscription, service, fee = key
    of = month(service)
    term = next((one for one in terms if one.key == subscription), None)
    charges = term.content.charges if term else ()
    charge = next((one for one in charges if one.key == fee), None)
    return Line(
        key=text_of(key),
        origin="adjustment",
        name=charge.name if charge else words.NAMES.get(fee.partition("/")[0], fee),
        detail="",
        service=service,
        begins=of.begins,
        ends=of.ends,
        quantity=None,
        unit="",
        unit_amount=None,
        gross=_ZERO,
        discount=_ZERO,
        amount=_ZERO,
        plan=term.plan if term else "",
        version=term.version if term else 0,
        subscription=subscription,
        charge=charge.key if charge else "",
        metric=charge.metric if charge else "",
    )
