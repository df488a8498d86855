"""An invoice as its page shows it: the same parts as its PDF, each line with its steps."""

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from billing.documents import invoice_parts
from billing.invoices import words
from billing.invoices.content import Content, Line


def sheet(content: Content, *, address: str) -> dict[str, Any]:
    """`address` of the invoice, below which each line has its documents; blank where there are none yet."""
    parts = invoice_parts.lines(content)
    return {
        "headline": words.headline(content),
        "lead": words.lead(content),
        "draft": content.number is None,
        "issuer": _party(content.issuer.name, content.issuer.lines, content.issuer.tax_number),
        "recipient": _party(
            content.recipient.name, content.recipient.lines, content.recipient.tax_number
        ),
        "facts": invoice_parts.facts(content),
        "currency": content.currency,
        "lines": [
            _line(part, line, content, address)
            for part, line in zip(parts, content.lines, strict=True)
        ],
        "totals": invoice_parts.totals(content),
        "notes": invoice_parts.notes(content),
    }


def _party(name: str, lines: tuple[str, ...], tax_number: str) -> dict[str, Any]:
    return {
        "name": name,
        "lines": [
            *lines,
            *([_("Tax number %(tax_number)s") % {"tax_number": tax_number}] if tax_number else []),
        ],
    }


def _line(part: dict[str, Any], line: Line, content: Content, address: str) -> dict[str, Any]:
    return {
        **part,
        "steps": words.explained(line, content.currency),
        "about": _about(line),
        "documents_url": f"{address}lines/{part['at']}/" if address and line.metric else "",
        "is_below_zero": line.amount < Decimal(0),
    }


def _about(line: Line) -> str:
    """By which prices it was rated."""
    return (
        _("By %(plan)s, version %(version)s") % {"plan": line.plan, "version": line.version}
        if line.plan
        else ""
    )
