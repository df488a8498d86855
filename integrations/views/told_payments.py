"""The payments that partners told of an invoice, beside what its own system says of it.

That system keeps the books, so "paid so far" is its word and never our sum; the two are not added up.
"""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from integrations.domain import payments_kept
from integrations.models import Record, ToldPayment
from integrations.views import own_part_words as words
from integrations.views import spoken


def shown(invoice: Record, payments: Sequence[ToldPayment]) -> dict[str, Any] | None:
    """{number, currency, rows, total, due, books}: `due` is what it is over, `books` what its own system says
    was paid, "" where it does not. None where nobody told of a payment in its currency."""
    counted = [one for one in payments if one.currency == invoice.currency]
    if not counted:
        return None
    total = payments_kept.total_of(counted, invoice.currency)
    paid = words.quantity(invoice.body.get("totals") or {}, "paid")
    return {
        "number": invoice.number,
        "currency": invoice.currency,
        "rows": [_row(one) for one in counted],
        "total": spoken.amount(total, invoice.currency),
        "due": spoken.money(invoice.amount, invoice.currency),
        "books": spoken.money(paid, invoice.currency) if paid else "",
    }


def _row(payment: ToldPayment) -> dict[str, Any]:
    return {
        "at": spoken.moment(payment.created_at),
        "by": payment.told_by,
        "trace": payment.trace,
        "note": _("taken back") if payment.takes_back else "",
        "paid": spoken.amount(payment.paid, payment.currency),
        "discount": spoken.amount(payment.discount, payment.currency) if payment.discount else "",
    }
