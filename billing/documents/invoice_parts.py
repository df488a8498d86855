"""The parts of an invoice's PDF as rows of texts."""

from decimal import Decimal
from typing import Any

from billing.invoices import words
from billing.invoices.content import Content, Line
from billing.invoices.sums import sums

def facts(content: Content) -> list[dict[str, str]]:
    """What stands in the head, as labels and values."""
    found = {
        "Number": content.number or "Draft",
        "Date": words.day(content.issued) if content.issued else "",
        "Pay by": words.day(content.due_on) if content.due_on and content.due else "",
        "Month": words.period(content.period),
        "Corrects invoice": content.corrects,
        "Your reference": content.recipient.reference,
        "Currency": content.currency,
    }
    return [{"label": label, "value": value} for label, value in found.items() if value]


def lines(content: Content) -> list[dict[str, Any]]:
    return [_line(line, at, content.currency) for at, line in enumerate(content.lines, start=1)]


def _line(line: Line, at: int, currency: str) -> dict[str, Any]:
    price = words.one_price(line)
    return {
        "at": str(at),
        "name": line.name,
        "detail": line.detail,
        "when": words.service(line),
        "quantity": "" if line.quantity is None else words.number(line.quantity),
        "unit": "" if line.quantity is None else line.unit,
        "price": "" if price is None else words.amount(price, currency),
        "see": words.needs_explaining(line),
        "amount": words.amount(line.gross, currency),
        "discount": words.amount(-line.discount, currency) if line.discount else "",
    }


def totals(content: Content) -> list[dict[str, Any]]:
    """From the lines to what is to pay: label, amount, and whether it is a sum."""
    currency = content.currency
    rows = [*_net(content), (words.tax(content.tax, currency), content.tax.amount, False)]
    total = "Total given back" if content.kind == "credit_note" else "Total"
    rows.append((total, content.total, True))
    if content.kind == "invoice":
        used = [(words.credit_used(one, currency), -one.amount, False) for one in content.credits]
        rows += [*used, ("To pay", content.due, True)]
    return [
        {"label": label, "amount": words.money(amount, currency), "sum": is_sum}
        for label, amount, is_sum in rows
    ]


def _net(content: Content) -> list[tuple[str, Decimal, bool]]:
    """The net amount, and what it is made of where that is more than charges."""
    made = sums(content)
    taken = [("Discounts", made.discounts, False), ("Service credits", made.sla_credits, False)]
    taken = [row for row in taken if row[1]]
    start = [("Charges", made.charges, False), *taken] if taken else []
    return [*start, ("Net", content.net, True)]


def notes(content: Content) -> list[dict[str, Any]]:
    """What is said below the totals, as labels and lines of text."""
    found = {
        "Reason": [content.reason],
        "Tax": [content.tax.note],
        "Pay to": [*content.issuer.pay_to] if content.due else [],
        "Terms": [content.terms],
    }
    return [
        {"label": label, "lines": kept}
        for label, said in found.items()
        if (kept := [line for line in said if line])
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
