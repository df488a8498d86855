"""Invoices: what they say, as data and as files; making one final, and sending it."""

from typing import Any

from django.http import HttpResponse
from rest_framework import serializers

from billing.documents.invoice import invoice_pdf
from billing.domain import drafts, final, invoice_states, sending
from billing.domain.reckon import NotBillableError
from billing.domain.taxes import NoTaxError
from billing.invoices import reading
from billing.models import Invoice
from billing.queries import invoices
from billing.rating import TermsError, UsageError
from monitoring.seal import plain
from portal.api.base import Resource
from portal.api.fields import Amount, Instant, Month, Quantity
from portal.api.operation import Body, Nothing, operation
from portal.api.pages import Page, PageFilters, sliced
from portal.api.problems import conflicts
from portal.api.resources.filters import choice, listed, load, narrowed

REFUSALS = (
    drafts.NotDraftedError, final.NotFinalError, invoice_states.NotNowError, sending.NotMailedError,
    NotBillableError, NoTaxError, TermsError, UsageError,
)  # fmt: skip


class InvoiceShape(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    number = serializers.CharField(allow_null=True, help_text="Once it is final.")
    kind = serializers.ChoiceField(choices=Invoice.Kind.values)
    state = serializers.ChoiceField(choices=Invoice.State.values)
    account = serializers.CharField(source="account.slug")
    month = serializers.CharField()
    currency = serializers.CharField()
    net = Amount()
    total = Amount()
    due = Amount()
    left = Amount(help_text="To pay.")
    due_on = serializers.DateField(allow_null=True)
    hash = serializers.CharField(help_text="Of what it says: send it back to make it final.")
    made_at = Instant()
    final_at = Instant(allow_null=True)


class InvoiceDetail(InvoiceShape):
    content = serializers.SerializerMethodField(help_text="All it says: lines with their steps.")

    def get_content(self, invoice: Invoice) -> dict[str, Any]:
        return plain(reading.read(bytes(invoice.content)))


class InvoiceLineShape(serializers.Serializer[Any]):
    key = serializers.CharField()
    origin = serializers.CharField()
    name = serializers.CharField()
    service = serializers.CharField(help_text="The month that is charged.")
    quantity = Quantity(allow_null=True)
    unit = serializers.CharField()
    gross = Amount()
    discount = Amount()
    amount = Amount()


class InvoiceFilters(PageFilters):
    account = serializers.SlugField(required=False, max_length=41)
    month = Month(required=False)
    state = choice(Invoice.State.values)


class Seen(Body):
    seen = serializers.CharField(max_length=64, help_text="The draft's hash, as you read it.")


def _whole() -> Any:
    return invoices.listed().defer(None)


class Invoices(Resource):
    permissions = {"GET": ("money.view",)}

    @operation(
        "List invoices, the newest month first", InvoiceShape, paged=True, filters=InvoiceFilters
    )
    def get(self, request: Any) -> Page:
        found = narrowed(
            self,
            invoices.listed(),
            {"account": "account__slug", "month": "month", "state": "state"},
        )
        return listed(self, found, "-month", "-pk")


class OneInvoice(Resource):
    permissions = {"GET": ("money.view",)}

    @operation("Read an invoice with all it says", InvoiceDetail)
    def get(self, request: Any, pk: int) -> Any:
        return load(_whole(), pk=pk)


class InvoiceLines(Resource):
    permissions = {"GET": ("money.view",)}

    @operation("List the lines of an invoice", InvoiceLineShape, paged=True)
    def get(self, request: Any, pk: int) -> Page:
        return lines(self, load(_whole(), pk=pk))


class InvoicePdf(Resource):
    permissions = {"GET": ("money.view",)}

    @operation("An invoice as PDF", "application/pdf")
    def get(self, request: Any, pk: int) -> HttpResponse:
        return pdf(load(_whole(), pk=pk))


class FinaliseInvoice(Resource):
    permissions = {"POST": ("money.bill",)}

    @operation(
        "Make a draft final", InvoiceDetail, takes=Seen,
        about="It gets its number and never changes again. 409 where it would say something else by"
        " now: read the draft anew.",
    )  # fmt: skip
    def post(self, request: Any, pk: int) -> Any:
        invoice = load(_whole(), pk=pk)
        with conflicts(*REFUSALS):
            try:
                final.finalise(pk, seen=self.sent["seen"], by=request.user.name)
            except final.ChangedError:
                drafts.draft(invoice.account_id, invoice.month)
                raise
        return load(_whole(), pk=pk)


class SendInvoice(Resource):
    permissions = {"POST": ("money.bill",)}

    @operation("Send a final invoice by mail", InvoiceDetail, takes=Nothing)
    def post(self, request: Any, pk: int) -> Any:
        load(_whole(), pk=pk)
        with conflicts(*REFUSALS):
            sending.send(pk, by=request.user.name)
        return load(_whole(), pk=pk)


def pdf(invoice: Any) -> HttpResponse:
    """The file."""
    content = reading.read(bytes(invoice.content))
    response = HttpResponse(invoice_pdf(content), content_type="application/pdf")
    name = content.number or f"draft-{content.recipient.slug}-{content.period.key}"
    response["Content-Disposition"] = f'attachment; filename="{name}.pdf"'
    return response


def lines(view: Resource, invoice: Any) -> Page:
    """A page of the lines of an invoice."""
    content = reading.read(bytes(invoice.content))
    return sliced(list(content.lines), asked=view.asked, of=view.request.path)
