"""Invoices as files: one as PDF and CSV, a month as journal entries for an accounting system."""

from typing import Any, Final
from zoneinfo import ZoneInfo

from django.http import Http404, HttpRequest, HttpResponse

from billing.documents import invoice_csv, journal
from billing.documents.invoice import invoice_pdf
from billing.domain import accounts
from billing.invoices import reading
from billing.invoices.content import Content
from billing.models import Invoice
from billing.queries import invoices as found_invoices
from billing.views import invoice_words
from billing.views.invoice import load
from portal.accounts.rules import requires
from portal.tenants import letterhead

_TYPES: Final = {"pdf": "application/pdf", "csv": "text/csv; charset=utf-8"}
_BOOKS: Final = journal.Accounts(
    receivables="Receivables", revenue="Revenue", discounts="Discounts",
    sla_credits="Service credits", prepaid_credits="Prepaid credits", tax="Tax",
)  # fmt: skip


@requires("money.view")
def download(request: HttpRequest, pk: int, ending: str) -> HttpResponse:
    return file(load(pk), ending)


def file(one: Invoice, ending: str) -> HttpResponse:
    """The invoice as one of its files, made of its content; 404 for any other ending."""
    make: dict[str, Any] = {"pdf": _pdf, "csv": invoice_csv.invoice_csv}
    if ending not in make:
        raise Http404
    content = reading.read(bytes(one.content))
    name = content.number or f"draft-{content.recipient.slug}-{content.period.key}"
    return attached(make[ending](content), f"{name}.{ending}", _TYPES[ending])


def _pdf(content: Content) -> bytes:
    return invoice_pdf(content, letterhead.of_version(content.issuer.brand))


@requires("money.view")
def month_journal(request: HttpRequest, key: str) -> HttpResponse:
    """Double entries of everything final of a month; what was made void is taken back."""
    if not invoice_words.is_month(key):
        raise Http404
    zone = ZoneInfo(accounts.entity().time_zone)
    rows: Any = found_invoices.booked(key)
    found = [
        (reading.read(bytes(content)), void_at)
        for content, void_at in rows.values_list("content", "void_at")
    ]
    voids = [journal.Void(one, at.astimezone(zone).date()) for one, at in found if at]
    body = journal.journal_csv((one for one, _ in found), _BOOKS, voids=voids)
    return attached(body, f"journal-{key}.csv", _TYPES["csv"])


def attached(body: bytes, name: str, content_type: str) -> HttpResponse:
    response = HttpResponse(body, content_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
