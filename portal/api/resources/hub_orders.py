"""An application's orders: put, read, cancelled."""

from typing import Any, Final, NamedTuple

from django.http import Http404
from rest_framework import serializers
from rest_framework.response import Response

from integrations.domain import applications
from integrations.domain.applications import Application, NoOrderError, OrderOverError, Put
from integrations.models import Message, Record
from integrations.queries import own_orders
from integrations.queries.documents import in_order
from integrations.views.order_words import words
from monitoring.queries import asked
from portal.api.canonical import CanonicalOrder
from portal.api.fields import Instant
from portal.api.operation import Nothing, operation
from portal.api.problems import conflicts, refuse
from portal.api.resources.hub import HubResource
from portal.tenants.rows import beyond_limit

LONGEST_NUMBER: Final = 100
_RECEIVED, _CHECKED = "received", "being_checked"
_EXAMPLE: Final = {
    "number": "1001",
    "placed_at": "2026-03-02T13:58:04Z",
    "currency": "USD",
    "status": "open",
    "ship_to": {"name": "Sam Reyes", "lines": ["400 Quay Street"], "city": "Reno", "region": "NV",
                "postal_code": "89502", "country": "US"},
    "totals": {"lines": "123.00", "discount": "0.00", "shipping": "5.00", "tax": "0.00",
               "total": "128.00"},
    "lines": [{"line_no": "1", "sku": "TENT-2P", "quantity": "2", "uom": "EA", "unit_price": "61.50"}],
}  # fmt: skip


class HubTakenShape(serializers.Serializer[Any]):
    number = serializers.CharField()
    is_new = serializers.BooleanField(help_text="false: it says what was known already.")
    url = serializers.CharField(help_text="Where the order's state can be read.")


class HubShipmentShape(serializers.Serializer[Any]):
    number = serializers.CharField()
    site = serializers.CharField()
    state = serializers.CharField()
    version = serializers.IntegerField()
    shipment = serializers.DictField(help_text="The canonical shipment, with tracking and lines.")


class HubQuestionShape(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    text = serializers.CharField()
    asked_at = Instant()
    expires_at = Instant()


class HubStepShape(serializers.Serializer[Any]):
    at = Instant()
    state = serializers.CharField()
    said = serializers.CharField(help_text="The state in words for people.")


class HubOrderShape(serializers.Serializer[Any]):
    number = serializers.CharField()
    state = serializers.CharField(
        help_text="received: not worked on yet. being_checked: it waits until somebody has cleared up what"
        " is unclear. Else where the order is: on_hold, released, sent_to_warehouse, acknowledged,"
        " partially_shipped, shipped, invoiced, closed, cancel_requested or cancelled."
    )
    said = serializers.CharField(help_text="The state in words for people.")
    version = serializers.IntegerField(allow_null=True, help_text="Null: not in the hub yet.")
    pending = serializers.ChoiceField(
        choices=[_RECEIVED, _CHECKED], allow_null=True,
        help_text="What you put last is not in the hub yet, and why; null: it is.",
    )  # fmt: skip
    order = serializers.DictField(
        allow_null=True, help_text="The canonical order as the hub has it; null: not yet."
    )
    shipments = HubShipmentShape(many=True)
    steps = HubStepShape(many=True)
    questions = HubQuestionShape(many=True, help_text="What somebody has to answer first.")


class Standing(NamedTuple):
    """An order of an application: its newest document, and its record once there is one."""

    number: str
    document: Message | None
    record: Record | None

    @property
    def pending(self) -> str | None:
        state = self.document.state if self.document else ""
        return {"received": _RECEIVED, "held": _CHECKED}.get(state)


class OneHubOrder(HubResource):
    permissions = {"GET": ("hub.orders",), "PUT": ("hub.send",)}

    @operation("Read an order: its state, shipments and open questions", HubOrderShape)
    def get(self, request: Any, order_number: str) -> dict[str, Any]:
        return _shown(_standing(self.application(), order_number))

    @operation(
        "Put an order: new, or as it is from now on", HubTakenShape, takes=CanonicalOrder,
        status=202, again=200, example=_EXAMPLE,
        about="Answered 202 once it is stored, and 200 where it says what was known already. A number"
        " stands for one order: other content is its next version.",
    )  # fmt: skip
    def put(self, request: Any, order_number: str) -> Response:
        application = self.application()
        _check(self.sent, application, order_number)
        with conflicts(OrderOverError):
            put = applications.put(application, order_number, request._request.body)
        return _taken(request, order_number, put)


class CancelHubOrder(HubResource):
    permissions = {"POST": ("hub.send",)}

    @operation(
        "Ask that an order is cancelled", HubTakenShape, takes=Nothing, status=202, again=200,
        about="What a warehouse has already is cancelled once it said yes: read the order's state.",
    )  # fmt: skip
    def post(self, request: Any, order_number: str) -> Response:
        _must_be_possible(order_number)
        try:
            with conflicts(OrderOverError):
                put = applications.cancel(self.application(), order_number)
        except NoOrderError:
            raise Http404 from None
        return _taken(request, order_number, put)


def _check(order: dict[str, Any], application: Application, number: str) -> None:
    if order["number"] != number:
        raise refuse(f"The order's number is not that of the address, {number}.", at="/number")
    if order.get("channel", application.slug) != application.slug:
        raise refuse(f"Leave it out, or say {application.slug}.", at="/channel")


def _must_be_possible(number: str) -> None:
    """Http404 for what no order can have as its number."""
    if len(number) > LONGEST_NUMBER:
        raise Http404


def _taken(request: Any, number: str, put: Put) -> Response:
    url = request.build_absolute_uri(request.path).removesuffix("cancel/")
    made = Response(
        HubTakenShape({"number": number, "is_new": put.is_new, "url": url}).data,
        status=202 if put.is_new else 200,
    )
    made["Location"] = url
    return made


def _standing(application: Application, number: str) -> Standing:
    """Http404 for a number that the application never put."""
    _must_be_possible(number)
    record = applications.record_of(application, number)
    # Messages are the partner's; this one is looked for by the application's own key.
    with beyond_limit():
        document = applications.latest(application, number)
    if record is None and document is None:
        raise Http404
    return Standing(number, document, record)


def _shown(standing: Standing) -> dict[str, Any]:
    record, pending = standing.record, standing.pending
    state = record.state if record else pending or _RECEIVED
    return {
        "number": standing.number,
        "state": state,
        "said": _said(state),
        "version": record.version if record else None,
        "pending": pending,
        "order": in_order("order", record.body) if record else None,
        "shipments": [_shipment(part) for part in _shipments(record)],
        "steps": [
            {"at": event.at, "state": event.to_state, "said": _said(event.to_state)}
            for event in (own_orders.milestones(record) if record else [])
        ],
        "questions": _questions(standing),
    }


def _said(state: str) -> str:
    return "we are checking it" if state == _CHECKED else words(state).customer


def _shipments(record: Record | None) -> list[Record]:
    return own_orders.shipments([record.pk]).get(record.pk, []) if record else []


def _shipment(part: Record) -> dict[str, Any]:
    return {
        "number": part.number,
        "site": part.body.get("site", ""),
        "state": part.state,
        "version": part.version,
        "shipment": in_order("shipment", part.body),
    }


def _questions(standing: Standing) -> list[Any]:
    """The open questions of the cases that hold what belongs to the order."""
    document, record = standing.document, standing.record
    # Which case holds a document is the partner's affair; a question is the customer's.
    with beyond_limit():
        cases = asked.cases_of(
            order_id=record.pk if record else None, message_id=document.pk if document else None
        )
    customer_id = (record or document).customer_id  # type: ignore[union-attr]
    return list(asked.to_answer(customer_id).filter(case_id__in=cases)) if cases else []
