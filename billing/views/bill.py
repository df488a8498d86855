"""One of a customer's own bills: what it says, what each line is made of, and what was free.

Runs under the customer's database role; documents behind a line come from a verb that checks whose they are.
"""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from billing.domain import explaining, own_bills
from billing.domain.own_bills import NotOwnError
from billing.invoices import reading
from billing.models import Invoice
from billing.views import bills, fact_words, invoice_files, invoice_line, invoice_shown
from billing.views import invoice_words as words
from integrations.views import spoken
from portal.accounts.rules import requires


@requires("own.bills")
def bill(request: HttpRequest, pk: int) -> HttpResponse:
    one = _load(request, pk)
    address = f"/bills/{pk}/"
    person: Any = request.user
    is_invoice = one.kind == Invoice.Kind.INVOICE
    context = {
        "name": f"{words.kind(one)} {one.number}",
        "address": address,
        "state": words.own_state(one, bills.today()),
        "is_void": one.state == Invoice.State.VOID,
        "left": spoken.money(one.left, one.currency) if one.left else "",
        "sheet": invoice_shown.sheet(reading.read(bytes(one.content)), address=address),
        "gratis": fact_words.gratis(own_bills.gratis(person, pk)) if is_invoice else None,
        "links": _links(one, person.customer_id),
        "hash": one.hash,
    }
    return render(request, "billing/bill.html", context)


def _load(request: HttpRequest, pk: int) -> Any:
    person: Any = request.user
    found = bills.own(person.customer_id).defer(None).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def _links(one: Any, customer_id: int) -> list[dict[str, str]]:
    """What it corrects, and what corrects or replaces it, as far as it was sent to them."""
    found = Invoice.objects.defer("content").filter(shown_to=customer_id)
    links = []
    for label, others in (
        (_("It corrects"), found.filter(pk=one.corrects_id)),
        (_("It was written instead of"), found.filter(pk=one.replaces_id)),
        (_("Written anew as"), found.filter(replaces=one.pk)),
        (_("Corrected by"), found.filter(corrects=one.pk).order_by("pk")),
    ):
        links += [_link(label, other) for other in others]
    return links


def _link(label: str, other: Invoice) -> dict[str, str]:
    is_note = other.kind == Invoice.Kind.CREDIT_NOTE
    after = spoken.money(-other.total, other.currency) if is_note else ""
    return {"label": label, "url": f"/bills/{other.pk}/", "name": str(other), "after": after}


@requires("own.bills")
def line(request: HttpRequest, pk: int, at: int) -> HttpResponse:
    """The documents that a line bills."""
    person: Any = request.user
    try:
        told = own_bills.line(person, pk, at, after=invoice_line.place(request))
    except (NotOwnError, explaining.NoLineError):
        raise Http404 from None
    context = {
        **invoice_line.shown(request, told, address=f"/bills/{pk}/lines/{at}/"),
        "back": {
            "url": f"/bills/{pk}/",
            "name": _("Invoice %(number)s") % {"number": told.content.number},
        },
    }
    template = "invoice_documents" if invoice_line.in_place(request) else "bill_line"
    return render(request, f"billing/{template}.html", context)


@requires("own.bills")
def download(request: HttpRequest, pk: int, ending: str) -> HttpResponse:
    return invoice_files.file(_load(request, pk), ending)
