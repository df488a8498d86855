"""A customer's own orders, in their words: which there are, and one of them.

These views run under the customer's database role; everything they read names its customer.
"""

from operator import itemgetter
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from integrations.models import Record
from integrations.queries import held_orders, keyset, own_orders
from integrations.queries import orders as queries
from integrations.queries.held_orders import OwnHeld
from integrations.views import addresses, own_order_words, spoken
from integrations.views.filters import search, tabs
from integrations.views.order_words import words
from portal.accounts.rules import requires
from portal.customers.models import Customer

TABS = (
    ("", gettext_noop("All")),
    ("open", gettext_noop("Not sent yet")),
    ("shipped", gettext_noop("Sent")),
    ("cancelled", gettext_noop("Cancelled")),
)
HELD_IN = ("", "held", "open")


def orders(request: HttpRequest) -> HttpResponse:
    """The list. The caller declares the permission."""
    customer_id = _customer_id(request)
    view, text = request.GET.get("view", ""), request.GET.get("q", "").strip()
    found = queries.in_view(
        queries.orders().filter(customer_id=customer_id), view if view != "held" else ""
    )
    held = held_orders.own() if view in HELD_IN else []
    if text:
        found, held = _matching(found, held, text)
    page = addresses.page(request, keyset.stored(found), keyset.known(held))
    headline, lead = own_order_words.summary(page.rows)
    context = {
        "headline": headline,
        "lead": lead,
        "search": search(request, _("Order, PO, item, tracking")),
        "kept": addresses.kept(request, "view"),
        "clear_url": request.path if text else "",
        "tabs": tabs(request, TABS, chosen=view),
        "orders": _rows(request, page.rows),
        "empty": None if page.rows else _empty(request, filtered=bool(view or text)),
        "pager": addresses.pager(request, page, noun="orders"),
    }
    return render(request, "customer/orders.html", context)


def _matching(
    found: QuerySet[Record], held: list[OwnHeld], text: str
) -> tuple[QuerySet[Record], list[OwnHeld]]:
    """Orders known by this number; when there are none, those whose number begins so."""
    named = queries.numbered(found, text)
    numbers = {one: held_orders.number(one.business_key).upper() for one in held}
    exact = [one for one, number in numbers.items() if number == text.upper()]
    if exact or named.exists():
        return named, exact
    begun = [one for one, number in numbers.items() if number.startswith(text.upper())]
    return queries.beginning(found, text), begun


def _customer_id(request: HttpRequest) -> int:
    customer_id: int = request.user.customer_id  # type: ignore[union-attr, assignment]
    return customer_id


def _rows(request: HttpRequest, found: list[Any]) -> list[dict[str, Any]]:
    """The rows of a page, the last placed first."""
    records = [one for one in found if isinstance(one, Record)]
    sent = own_orders.shipments([record.pk for record in records])
    may_ask = request.user.may("own.questions")  # type: ignore[union-attr]
    questions = "/questions/" if may_ask else ""
    rows = [_row(record, sent.get(record.pk, [])) for record in records]
    rows += [_held(one, questions) for one in found if isinstance(one, OwnHeld)]
    return sorted(rows, key=itemgetter("at"), reverse=True)


def _row(record: Any, shipments: list[Record]) -> dict[str, Any]:
    said, placed = words(record.state), record.happened_at or record.created_at
    return {
        "number": record.number,
        "url": f"/orders/{record.pk}/",
        "po": record.po,
        "placed": spoken.moment(placed),
        "amount": spoken.money(record.amount, record.currency),
        "shape": said.shape,
        "word": said.customer,
        "detail": own_order_words.latest_parcel(shipments),
        "at": (placed, record.pk),
    }


def _held(one: OwnHeld, questions_url: str) -> dict[str, Any]:
    """An order that came but is not let on yet: why stands among the questions."""
    return {
        "number": held_orders.number(one.business_key) or _("Number not read yet"),
        "url": questions_url,
        "placed": spoken.moment(one.came_at),
        "amount": spoken.money(one.amount, one.currency or ""),
        "shape": "work",
        "word": _("we are checking it"),
        "question_url": questions_url,
        "at": (one.came_at, one.pk),
    }


def _empty(request: HttpRequest, *, filtered: bool) -> dict[str, Any]:
    if filtered:
        action = {"label": _("Show all orders"), "url": request.path}
        return {"text": _("No order matches."), "action": action}
    return {"text": _("No order yet. Yours appear here as they come in."), "action": None}


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
            {"label": "", "entries": [{"label": _("Orders"), "url": "/orders/", "current": True}]}
        ],
        "preview": {"customer": customer.name, "back_url": f"/orders/{pk}/"},
    }
    with timezone.override(ZoneInfo(customer.time_zone)):
        return render(request, "customer/order.html", {**_context(record), **seen_as})


def _context(record: Record) -> dict[str, Any]:
    parts = own_orders.shipments([record.pk]).get(record.pk, [])
    events = own_orders.milestones(record)
    headline, lead = own_order_words.headline(record, parts)
    parcels = own_order_words.parcels(parts)
    return {
        "orders_url": "/orders/",
        "order": {"number": record.number, "po": record.body.get("po_number", "")},
        "headline": headline,
        "lead": lead,
        "milestones": own_order_words.milestones(record, events),
        "facts": own_order_words.facts(record),
        "lines": own_order_words.lines(record, parts),
        "parcels": parcels,
        "any_due": any(parcel["due"] for parcel in parcels),
        "happened": own_order_words.happened(events, parts),
    }
