"""The memory of payments that partners told: what counts is kept once, and added up.

Whoever calls holds the lock on the invoice's row, so that two advices at once come one after the other.
"""

from collections.abc import Iterable
from decimal import Decimal
from enum import Enum
from typing import Final, NamedTuple
from uuid import UUID

from integrations.canonical.problem import storable
from integrations.domain.translate import MOST_WORTH
from integrations.models import Record, ToldPayment

_MOST_TRACE: Final = 80
_SMALLEST: Final = Decimal("0.0001")


class Outcome(Enum):
    """What an advice meant to the memory. EARLIER: it came before what is kept under its trace."""

    NEW = "new"
    CORRECTED = "corrected"
    AGAIN = "again"
    EARLIER = "earlier"
    UNCOUNTED = "uncounted"


class Payment(NamedTuple):
    """What an advice says of one invoice, with the signs that count."""

    endpoint_id: int
    told_by: str
    trace: str
    message_id: UUID
    paid: Decimal
    discount: Decimal
    currency: str

    @property
    def settles(self) -> Decimal:
        return self.paid + self.discount

    @property
    def takes_back(self) -> bool:
        return self.paid < 0


def keep(invoice: Record, payment: Payment) -> Outcome:
    """Keep what it says in place of what was kept under its trace; UNCOUNTED where it is no payment."""
    rows = _rows(invoice)
    trace = storable(payment.trace.strip())[:_MOST_TRACE]
    before = next((row for row in rows if _is_same(row, payment, trace)), None)
    others = [row for row in rows if row is not before and row.endpoint_id == payment.endpoint_id]
    beside = total_of(others, invoice.currency)
    total = abs(Decimal(invoice.body["totals"]["total"]))
    if not counts(payment, invoice.currency, total, told=beside, known=before is not None):
        return Outcome.UNCOUNTED
    if before is None:
        _write(ToldPayment(invoice=invoice, customer_id=invoice.customer_id), payment, trace)
        return Outcome.NEW
    if before.message_id > payment.message_id:
        return Outcome.EARLIER
    is_same = (before.paid, before.discount) == (payment.paid, payment.discount)
    _write(before, payment, trace)
    return Outcome.AGAIN if is_same else Outcome.CORRECTED


def counts(payment: Payment, currency: str, total: Decimal, *, told: Decimal, known: bool) -> bool:
    """Whether it pays or takes back, in the invoice's currency and in amounts that are kept as they are.

    Nothing and a discount alone pay only an invoice over nothing, and correct what was told. What takes
    back takes no more than what that partner `told` beside it.
    """
    if payment.currency != currency:
        return False
    if not all(_can_be_kept(amount) for amount in (payment.paid, payment.discount)):
        return False
    if payment.takes_back:
        return told + payment.settles >= 0
    return payment.paid > 0 or known or payment.settles == total == 0


def settled(invoice: Record) -> Decimal:
    """What all partners told so far of an invoice, discounts counted."""
    return total_of(_rows(invoice), invoice.currency)


def total_of(rows: Iterable[ToldPayment], currency: str) -> Decimal:
    """The sum of those in the invoice's currency of today; it may have had another when they came."""
    counted = (row.paid + row.discount for row in rows if row.currency == currency)
    return sum(counted, Decimal(0))


def _rows(invoice: Record) -> list[ToldPayment]:
    return list(
        ToldPayment.objects.filter(invoice=invoice, customer_id=invoice.customer_id).order_by("pk")
    )


def _is_same(row: ToldPayment, payment: Payment, trace: str) -> bool:
    if (row.endpoint_id, row.trace) != (payment.endpoint_id, trace):
        return False
    if row.takes_back != payment.takes_back:
        return False
    return bool(trace) or row.message_id == payment.message_id


def _can_be_kept(amount: Decimal) -> bool:
    return abs(amount) < MOST_WORTH and amount % _SMALLEST == 0


def _write(row: ToldPayment, payment: Payment, trace: str) -> None:
    row.endpoint_id, row.told_by = payment.endpoint_id, payment.told_by
    row.trace, row.takes_back = trace, payment.takes_back
    row.paid, row.discount, row.currency = payment.paid, payment.discount, payment.currency
    row.message_id = payment.message_id
    row.save()
