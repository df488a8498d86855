"""Where an invoice stands, as lists and pages say it."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from billing.invoices import words
from billing.models import Invoice
from billing.plans.month import month
from integrations.views import spoken
from portal.core import manner

State = Invoice.State
_SHAPES = {
    State.DRAFT: "due", State.REVIEW: "waiting", State.FINAL: "work", State.SENT: "open",
    State.PAID: "good", State.DISPUTED: "risk", State.VOID: "",
}  # fmt: skip
_OWN = {
    State.PAID: ("good", gettext_noop("paid")),
    State.DISPUTED: ("work", gettext_noop("in question: we are looking into it")),
    State.VOID: ("", gettext_noop("withdrawn")),
}


def state(invoice: Any, today: date) -> dict[str, str]:
    """To whoever bills; `invoice` is a row of `queries.invoices.listed`."""
    if is_overdue(invoice, today):
        return {"shape": "bad", "word": f"overdue {(today - invoice.due_on).days} d"}
    word = invoice.get_state_display()
    if invoice.state == State.SENT and _is_settled(invoice):
        return {"shape": "good", "word": "sent, nothing to pay"}
    return {"shape": _SHAPES[State(invoice.state)], "word": word}


def is_overdue(invoice: Any, today: date) -> bool:
    asked = invoice.state == State.SENT and invoice.kind == Invoice.Kind.INVOICE
    return asked and bool(invoice.due_on) and invoice.due_on < today and invoice.left > 0


def _is_settled(invoice: Any) -> bool:
    return invoice.kind == Invoice.Kind.CREDIT_NOTE or not invoice.left


def own_state(invoice: Any, today: date) -> dict[str, str]:
    """To the customer who pays it."""
    if invoice.state in _OWN:
        shape, word = _OWN[State(invoice.state)]
        return {"shape": shape, "word": _(word)}
    if invoice.kind == Invoice.Kind.CREDIT_NOTE:
        return {"shape": "good", "word": _("given back")}
    if not invoice.left:
        return {"shape": "good", "word": _("nothing to pay")}
    if is_overdue(invoice, today):
        return {
            "shape": "bad",
            "word": _("was to be paid by %(due_on)s") % {"due_on": spoken.day(invoice.due_on)},
        }
    if not invoice.due_on:
        return {"shape": "due", "word": _("to pay")}
    due = {"due_on": spoken.day(invoice.due_on)}
    return {"shape": "due", "word": _("to pay by %(due_on)s") % due}


def name(invoice: Invoice) -> str:
    """Its number, or that it has none yet."""
    return invoice.number or "Draft"


def month_name(key: str) -> str:
    """`April 2026`"""
    return manner.month(month(key).begins, with_year=True)


def is_month(key: str) -> bool:
    try:
        return bool(month(key))
    except ValueError:
        return False


def signed(invoice: Invoice, amount: Decimal) -> Decimal:
    """What a credit note gives back is below zero where it stands among invoices."""
    return -amount if invoice.kind == Invoice.Kind.CREDIT_NOTE else amount


def kind(invoice: Invoice) -> str:
    return _("Credit note") if invoice.kind == Invoice.Kind.CREDIT_NOTE else _("Invoice")


def money(amount: Decimal, currency: str) -> str:
    return words.money(amount, currency)
