"""What a customer's person sees of their own, in the words of their pages. Runs under their row limit."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from rest_framework import serializers

from integrations.models import Record
from integrations.queries import own_orders
from integrations.queries.documents import in_order
from integrations.views.order_words import words
from monitoring.queries import kept, statements
from portal.api.base import Resource, customer_of
from portal.api.fields import Amount, Instant, Quantity
from portal.api.operation import operation
from portal.api.pages import Page, PageFilters, sliced
from portal.api.resources.filters import choice, listed, load, narrowed
from portal.api.resources.statements import pdf


class OwnOrderShape(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    number = serializers.CharField()
    state = serializers.SerializerMethodField(help_text="In words: “on its way”.")
    placed_at = serializers.SerializerMethodField()
    amount = Amount(allow_null=True)
    currency = serializers.CharField()

    def get_state(self, order: Record) -> str:
        return words(order.state).customer

    def get_placed_at(self, order: Record) -> str:
        return Instant().to_representation(order.happened_at or order.created_at)


class OwnLineShape(serializers.Serializer[Any]):
    line_no = serializers.CharField()
    sku = serializers.CharField()
    description = serializers.CharField()
    quantity = serializers.CharField()
    uom = serializers.CharField()


class OwnShipmentShape(serializers.Serializer[Any]):
    number = serializers.CharField()
    shipped_at = serializers.CharField(allow_null=True)
    carrier = serializers.CharField()
    tracking = serializers.ListField(child=serializers.CharField())


class OwnMilestoneShape(serializers.Serializer[Any]):
    at = Instant()
    state = serializers.CharField()


class OwnOrderDetail(OwnOrderShape):
    po_number = serializers.CharField()
    lines = OwnLineShape(many=True)
    shipments = OwnShipmentShape(many=True)
    milestones = OwnMilestoneShape(many=True)


class OwnOrderFilters(PageFilters):
    number = serializers.CharField(required=False, max_length=80, help_text="Any of its numbers.")
    state = choice(["on_hold", "shipped", "cancelled"], help_text="All without it.")


def _orders(view: Resource) -> Any:
    customer_id = customer_of(view.request) or 0
    return Record.objects.filter(customer_id=customer_id, object_type="order")


class OwnOrders(Resource):
    permissions = {"GET": ("own.orders",)}

    @operation(
        "List your orders, the newest first", OwnOrderShape, paged=True, filters=OwnOrderFilters
    )
    def get(self, request: Any) -> Page:
        found = narrowed(self, _orders(self).defer("body"), {"state": "state"})
        if number := self.asked.get("number"):
            found = found.filter(numbers__contains=[number.upper()])
        return listed(self, found, "-pk")


class OneOwnOrder(Resource):
    permissions = {"GET": ("own.orders",)}

    @operation("Read an order with its shipments", OwnOrderDetail)
    def get(self, request: Any, pk: UUID) -> Any:
        order = load(_orders(self), pk=pk)
        body = in_order("order", order.body)
        order.po_number = body.get("po_number") or ""
        order.lines = [_line(line) for line in body.get("lines", [])]
        parts = own_orders.shipments([order.pk]).get(order.pk, [])
        order.shipments = [_shipment(part) for part in parts]
        order.milestones = [
            {"at": event.at, "state": words(event.to_state).customer}
            for event in own_orders.milestones(order)
        ]
        return order


def _line(line: dict[str, Any]) -> dict[str, str]:
    names = ("line_no", "sku", "description", "quantity", "uom")
    return {name: str(line.get(name) or "") for name in names}


def _shipment(part: Record) -> dict[str, Any]:
    carrier = part.body.get("carrier") or {}
    return {
        "number": part.number,
        "shipped_at": part.body.get("shipped_at"),
        "carrier": carrier.get("name") or carrier.get("scac") or "",
        "tracking": [str(one) for one in part.body.get("tracking") or []],
    }


class OwnPromiseShape(serializers.Serializer[Any]):
    promise = serializers.CharField(source="promise.title")
    begins = Instant()
    ends = Instant()
    total = Quantity()
    allowed = Quantity()
    missed = Quantity()
    used = Quantity(help_text="Misses that count.")
    kept = serializers.BooleanField(source="is_kept", allow_null=True)
    excused_minutes = serializers.IntegerField()
    measured_at = Instant(allow_null=True)


class OwnPromises(Resource):
    permissions = {"GET": ("own.service",)}

    @operation("List what you were promised and what came of it", OwnPromiseShape, paged=True)
    def get(self, request: Any) -> Page:
        if customer_of(request) is None:
            return Page([], "")
        windows = [one for one in kept.own_windows() if one.measured_at and one.total]
        return sliced(windows[::-1], asked=self.asked, of=request.path)


class OwnStatementShape(serializers.Serializer[Any]):
    period = serializers.CharField(help_text="YYYY-MM.")
    number = serializers.IntegerField()
    hash = serializers.CharField(help_text="SHA-256 of the sealed content.")
    summary = serializers.DictField()
    sealed_at = Instant()


def _statements(view: Resource) -> Any:
    return statements.own(customer_of(view.request) or 0)


class OwnStatements(Resource):
    permissions = {"GET": ("own.statements",)}

    @operation("List your monthly statements", OwnStatementShape, paged=True)
    def get(self, request: Any) -> Page:
        return listed(self, _statements(self), "-period", "-pk")


class OwnStatementPdf(Resource):
    permissions = {"GET": ("own.statements",)}

    @operation("A statement as PDF", "application/pdf")
    def get(self, request: Any, period: str) -> HttpResponse:
        return pdf(load(_statements(self).defer(None), period=period))
