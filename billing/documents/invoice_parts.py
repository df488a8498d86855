"""The parts of an invoice's PDF as rows of texts."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any, NamedTuple

from billing.invoices import words
from billing.invoices.content import Content, Line
from billing.invoices.sums import sums
from portal.core.money import EXACT
from portal.core.words import gettext as _


def facts(content: Content) -> list[dict[str, str]]:
    """What stands in the head, as labels and values."""
    found = {
        _("Number"): content.number or _("Draft"),
        _("Date"): words.day(content.issued) if content.issued else "",
        _("Pay by"): words.day(content.due_on)
        if content.due_on and words.is_to_pay(content)
        else "",
        _("Month"): words.period(content.period),
        _("Corrects invoice"): content.corrects,
        _("Your reference"): content.recipient.reference,
        _("Currency"): content.currency,
    }
    return [{"label": label, "value": value} for label, value in found.items() if value]


def lines(content: Content) -> list[dict[str, Any]]:
    return [_line(line, at, content.currency) for at, line in enumerate(content.lines, start=1)]


def _line(line: Line, at: int, currency: str) -> dict[str, Any]:
    price = words.one_price(line)
    return {
        "at": str(at),
        "name": line.name,
        "detail": words.detail(line),
        "when": words.service(line),
        "quantity": "" if line.quantity is None else words.number(line.quantity),
        "unit": "" if line.quantity is None else words.units(line.quantity, line.unit),
        "price": "" if price is None else words.amount(price, currency),
        "see": words.needs_explaining(line),
        "amount": words.amount(line.gross, currency),
        "discount": words.lowered(line, currency),
    }


class _Row(NamedTuple):
    """One of the totals; `note` stands below its label."""

    label: str
    amount: Decimal
    is_sum: bool = False
    note: str = ""


def totals(content: Content) -> list[dict[str, Any]]:
    """From the lines to what is to pay."""
    tax = _Row(words.tax(content.tax, content.currency), content.tax.amount)
    end = _given_back(content) if content.kind == "credit_note" else _to_pay(content)
    return [
        {
            "label": row.label,
            "note": row.note,
            "amount": words.money(row.amount, content.currency),
            "sum": row.is_sum,
        }
        for row in (*_net(content), tax, *end)
    ]


def _net(content: Content) -> Iterator[_Row]:
    """The net amount, and what it is made of where that is more than charges."""
    made = sums(content)
    if made.discounts or made.sla_credits:
        yield _Row(_("Charges"), made.charges)
    if made.discounts:
        yield _Row(_("Discounts"), made.discounts)
    if made.sla_credits:
        yield _Row(_("Service credits"), made.sla_credits)
    yield _Row(_("Net"), content.net, is_sum=True)


def _to_pay(content: Content) -> Iterator[_Row]:
    yield _Row(_("Total"), content.total, is_sum=True)
    for one in content.credits:
        left = words.credit_left(one, content.currency)
        yield _Row(words.credit_used(one), EXACT.minus(one.amount), note=left)
    yield _Row(_("To pay"), content.due, is_sum=True)


def _given_back(content: Content) -> Iterator[_Row]:
    yield _Row(_("Total given back"), content.total, is_sum=True)
    if kept := EXACT.subtract(content.total, content.due):
        yield _Row(_(words.KEPT), kept)
        yield _Row(_("Paid back or set off"), content.due)


def notes(content: Content) -> list[dict[str, Any]]:
    """What is said below the totals, as labels and lines of text."""
    found = {
        _("Reason"): content.reason.splitlines(),
        _("Tax"): content.tax.note.splitlines(),
        _("Pay to"): content.issuer.pay_to if words.is_to_pay(content) else (),
        _("Terms"): content.terms.splitlines(),
    }
    return [
        {"label": label, "lines": kept}
        for label, said in found.items()
        if (kept := [line for line in said if line.strip()])
    ]


def annex(content: Content) -> list[dict[str, Any]]:
    """How the amounts of those lines came about whose row does not say it."""
    return [
        {
            "at": str(at),
            "name": line.name,
            "about": ", ".join(said for said in (words.service(line), words.counted(line)) if said),
            "steps": list(words.explained(line, content.currency)),
            "amount": words.amount(line.amount, content.currency),
        }
        for at, line in enumerate(content.lines, start=1)
        if words.needs_explaining(line)
    ]
