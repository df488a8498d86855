"""A customer's own orders, in their words: which there are, and one of them.

These views run under the customer's database role; everything they read names its customer.
"""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from integrations.models import Record
from integrations.queries import orders as queries
from integrations.queries import own_orders
from integrations.views import addresses, own_order_words, spoken
from integrations.views.filters import search, tabs
from integrations.views.order_words import words
from portal.accounts.rules import requires
from portal.customers.models import Customer

TABS = (("", "All"), ("open", "Not sent yet"), ("shipped", "Sent"), ("cancelled", "Cancelled"))


def orders(request: HttpRequest) -> HttpResponse:
    """The list. The caller declares the permission."""
    customer_id = _customer_id(request)
    view, text = request.GET.get("view", ""), request.GET.get("q", "").strip()
    found = queries.in_view(
        queries.orders().filter(customer_id=customer_id), view if view != "held" else ""
    )
    if text:
        found = queries.matching(found, text)
    page = addresses.page(request, found)
    sent = own_orders.shipments([record.pk for record in page.rows])
    headline, lead = own_order_words.summary(page.rows)
    context = {
        "headline": headline,
        "lead": lead,
        "search": search(request, "Order, PO, item, tracking"),
        "kept": addresses.kept(request, "view"),
        "clear_url": request.path if text else "",
        "tabs": tabs(request, TABS, chosen=view),
        "orders": [_row(record, sent.get(record.pk, [])) for record in page.rows],
        "empty": None if page.rows else _empty(request, filtered=bool(view or text)),
        "pager": addresses.pager(request, page, noun="orders"),
    }
    return render(request, "customer/orders.html", context)


def _customer_id(request: HttpRequest) -> int:
    customer_id: int = request.user.customer_id  # type: ignore[union-attr, assignment]
    return customer_id


def _row(record: Any, shipments: list[Record]) -> dict[str, Any]:
    said = words(record.state)
    return {
        "number": record.number,
        "url": f"/orders/{record.pk}/",
        "po": record.po,
        "placed": spoken.moment(record.happened_at or record.created_at),
        "amount": spoken.money(record.amount, record.currency),
        "shape": said.shape,
        "word": said.customer,
        "detail": own_order_words.latest_parcel(shipments),
    }


def _empty(request: HttpRequest, *, filtered: bool) -> dict[str, Any]:
    if filtered:
        action = {"label": "Show all orders", "url": request.path}
        return {"text": "No order matches.", "action": action}
    return {"text": "No order yet. Yours appear here as they come in.", "action": None}


def order(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One order. The caller declares the permission."""
    customer_id = _customer_id(request)
    record = Record.objects.filter(pk=pk, object_type="order", customer_id=customer_id).first()
    if record is None:
        raise Http404
    return render(request, "customer/order.html", _context(record))


@requires("orders.view")
def as_customer(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What the customer sees of an order, shown to the partner's people."""
    record = Record.objects.filter(pk=pk, object_type="order").first()
    if record is None:
        raise Http404
    customer = Customer.objects.get(pk=record.customer_id)
    seen_as = {
        "nav": [
            {"label": "", "entries": [{"label": "Orders", "url": "/orders/", "current": True}]}
        ],
        "preview": {"customer": customer.name, "back_url": f"/orders/{pk}/"},
    }
    return render(request, "customer/order.html", {**_context(record), **seen_as})


def _context(record: Record) -> dict[str, Any]:
    parts = own_orders.shipments([record.pk]).get(record.pk, [])
    events = own_orders.milestones(record)
    headline, lead = own_order_words.headline(record, parts)
    return {
        "orders_url": "/orders/",
        "order": {"number": record.number, "po": record.body.get("po_number", "")},
        "headline": headline,
        "lead": lead,
        "milestones": own_order_words.milestones(record, events),
        "facts": own_order_words.facts(record),
        "lines": own_order_words.lines(record, parts),
        "parcels": own_order_words.parcels(parts),
        "happened": own_order_words.happened(events, parts),
    }
