"""A customer's own bills: those that were sent."""

from typing import Any

from django.http import HttpResponse
from rest_framework import serializers

from billing.models import Invoice
from billing.views import bills
from portal.api.base import Resource, customer_of
from portal.api.fields import Amount
from portal.api.operation import operation
from portal.api.pages import Page
from portal.api.resources.filters import listed, load
from portal.api.resources.invoices import InvoiceLineShape, lines, pdf


class OwnBillShape(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    number = serializers.CharField()
    kind = serializers.ChoiceField(choices=Invoice.Kind.values)
    month = serializers.CharField()
    currency = serializers.CharField()
    total = Amount()
    left = Amount(help_text="To pay.")
    due_on = serializers.DateField(allow_null=True)
    is_paid = serializers.SerializerMethodField()
    is_void = serializers.SerializerMethodField()

    def get_is_paid(self, invoice: Invoice) -> bool:
        return invoice.state == Invoice.State.PAID

    def get_is_void(self, invoice: Invoice) -> bool:
        return invoice.state == Invoice.State.VOID


class OwnBills(Resource):
    permissions = {"GET": ("own.bills",)}

    @operation("List your bills, the newest first", OwnBillShape, paged=True)
    def get(self, request: Any) -> Page:
        return listed(self, bills.own(customer_of(request)), "-month", "-pk")


def _load(view: Resource, pk: int) -> Any:
    return load(bills.own(customer_of(view.request)).defer(None), pk=pk)


class OneOwnBill(Resource):
    permissions = {"GET": ("own.bills",)}

    @operation("Read a bill", OwnBillShape)
    def get(self, request: Any, pk: int) -> Any:
        return _load(self, pk)


class OwnBillLines(Resource):
    permissions = {"GET": ("own.bills",)}

    @operation("List the lines of a bill", InvoiceLineShape, paged=True)
    def get(self, request: Any, pk: int) -> Page:
        return lines(self, _load(self, pk))


class OwnBillPdf(Resource):
    permissions = {"GET": ("own.bills",)}

    @operation("A bill as PDF", "application/pdf")
    def get(self, request: Any, pk: int) -> HttpResponse:
        return pdf(_load(self, pk))
