"""An invoice, a credit note or a draft of either as an A4 PDF."""

from datetime import UTC, datetime, time
from pathlib import Path
from typing import Any, Final

from billing.documents import invoice_parts as parts
from billing.invoices import words
from billing.invoices.content import Content
from integrations.documents.letterhead import on_paper
from integrations.documents.typeset import pdf, printable, short
from portal.core import tongue
from portal.tenants.colour import derive
from portal.tenants.paper import PLAIN, Letterhead

TEMPLATE: Final = Path(__file__).with_suffix(".typ")
_LONGEST: Final = 10_000  # terms and notes are what the law asks for: nothing of them is cut
_WORDS: Final = {
    "draft": "Draft: it has no number yet, and figures may change",
    "page": "Page",
    "to": "To",
    "item": "What for",
    "when": "When",
    "quantity": "Quantity",
    "price": "Unit price",
    "amount": "Amount",
    "see": "see page",
    "annex": "How the amounts came about",
    "lead": "Every step, to be checked by hand. Amounts are rounded once, at the end of each position.",
    "none": "Nothing was charged.",
}


@tongue.as_documents()
def invoice_pdf(content: Content, letterhead: Letterhead = PLAIN) -> bytes:
    """The same bytes for the same content and letterhead; see `typeset.pdf`.

    A draft is dated at the end of its month.

    Raises ValueError for a colour that is none and a currency that ISO 4217 does not know.
    """
    on = content.issued or content.period.ends
    at = datetime.combine(on, time(), tzinfo=UTC)
    return pdf(TEMPLATE, data(content, letterhead), at=at)


def data(content: Content, letterhead: Letterhead) -> dict[str, Any]:
    """What the template prints, and its letterhead."""
    said: dict[str, Any] = printable(_data(content), most=_LONGEST)
    return {**said, "letterhead": on_paper(letterhead)}


def _data(content: Content) -> dict[str, Any]:
    headline = words.headline(content)
    issuer, recipient = content.issuer, content.recipient
    return {
        "words": _WORDS,
        "title": f"{headline}, {recipient.name}",
        "accent": derive(issuer.accent).accent_light,
        "issuer": {"name": issuer.name, "lines": [*issuer.lines, *_tax_number(issuer.tax_number)]},
        "recipient": {
            "name": recipient.name,
            "lines": [*recipient.lines, *_tax_number(recipient.tax_number)],
        },
        "foot": f"{short(issuer.name)} · {short(headline)} · {short(recipient.name)}",
        "headline": headline,
        "lead": words.lead(content),
        "draft": content.number is None,
        "facts": parts.facts(content),
        "currency": content.currency,
        "lines": parts.lines(content),
        "totals": parts.totals(content),
        "notes": parts.notes(content),
        "annex": parts.annex(content),
    }


def _tax_number(number: str) -> list[str]:
    return [f"Tax number {number}"] if number else []
