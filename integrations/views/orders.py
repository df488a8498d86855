"""Orders, newest first; the search knows every number."""

from operator import itemgetter
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import urlencode

from integrations.models import Message, Record
from integrations.queries import held_orders, keyset
from integrations.queries import orders as queries
from integrations.queries.case_links import CaseLink
from integrations.queries.orders import Waiting
from integrations.views import addresses, own_orders, spoken
from integrations.views.filters import search, tabs, whose_filter
from integrations.views.order_words import words
from portal.accounts.rules import requires

TABS = (
    ("", "All"),
    ("held", "Held"),
    ("open", "Open"),
    ("on_hold", "On hold"),
    ("shipped", "Shipped"),
    ("cancelled", "Cancelled"),
)


@requires("orders.view", "own.orders")
def orders(request: HttpRequest) -> HttpResponse:
    """The partner's people see every order, a customer's people their own, in their words."""
    if request.user.is_customer:  # type: ignore[union-attr]
        return own_orders.orders(request)
    view, text = request.GET.get("view", ""), request.GET.get("q", "").strip()
    select, whose = whose_filter(request)
    found, held = queries.in_view(queries.orders().select_related("customer"), view), _held(view)
    found, held = whose.of(found), whose.of(held)
    if text:
        found, held = _matching(found, held, text)
    page = addresses.page(request, keyset.stored(found), keyset.stored(held))
    filtered = bool(view or text or whose)
    context = {
        "tabs": tabs(request, TABS, chosen=view),
        "filters": [select],
        "search": search(request, "Order, PO, SKU, tracking"),
        "kept": addresses.kept(request, "view"),
        "clear_url": request.path if filtered else "",
        "orders": _rows(request, page.rows),
        "currency": _currency(page.rows),
        "empty": None if page.rows else _empty(request, text=text, filtered=filtered),
        "pager": addresses.pager(request, page, noun="orders"),
    }
    return render(request, "integrations/orders.html", context)


def _held(view: str) -> QuerySet[Message]:
    """Orders held before the hub, in the views where a person looks for them."""
    found = held_orders.held_orders()
    return found if view in ("", "held", "open") else found.none()


def _matching(
    found: QuerySet[Record], held: QuerySet[Message], text: str
) -> tuple[QuerySet[Record], QuerySet[Message]]:
    """Orders known by this number; when there are none, those whose number begins so."""
    named, named_held = queries.numbered(found, text), held_orders.numbered(held, text)
    if named.exists() or named_held.exists():
        return named, named_held
    return queries.beginning(found, text), held_orders.beginning(held, text)


def _rows(request: HttpRequest, found: list[Any]) -> list[dict[str, Any]]:
    """The rows of a page, the last placed first."""
    records = [one for one in found if isinstance(one, Record)]
    held: list[Any] = [one for one in found if isinstance(one, Message)]
    stuck, sent = queries.waiting(records), queries.tracking([record.pk for record in records])
    cases = held_orders.cases(held)
    labels = queries.channel_labels({record.channel for record in records})  # type: ignore[attr-defined]
    at_desk = request.user.may("desk.view")  # type: ignore[union-attr]
    say = spoken.amount if _currency(found) else spoken.money
    rows = [
        {
            **_row(record, stuck.get(record.pk), labels),
            "tracking": sent.get(record.pk, ""),
            "amount": say(record.amount, record.currency),
            "at": (record.happened_at or record.created_at, record.pk),
        }
        for record in records
    ]
    rows += [
        {
            **_held_row(message, cases.get(message.cause), at_desk=at_desk),
            "amount": say(message.amount, message.currency),
            "at": (message.came_at, message.pk),
        }
        for message in held
    ]
    if not at_desk:
        rows = [{**row, "case": None} for row in rows]
    return sorted(rows, key=itemgetter("at"), reverse=True)


def _held_row(message: Any, case: CaseLink | None, *, at_desk: bool) -> dict[str, Any]:
    """A document whose order is not in the hub yet leads to the case that holds it."""
    key = message.business_key
    return {
        "number": held_orders.number(key) or "no number read",
        "url": case.url if case and at_desk else "",
        "others": message.value or "",
        "customer": message.customer.name,
        "channel": message.endpoint.label,
        "placed": spoken.moment(message.came_at),
        "shape": "bad",
        "word": "held before the hub",
        "since": spoken.since(message.created_at),
        "case": case,
    }


def _row(record: Any, stuck: Waiting | None, labels: dict[str, str]) -> dict[str, Any]:
    shape, word, since = words(record.state).shape, words(record.state).staff, ""
    if stuck:
        held = stuck.state == "held"
        shape, since = ("bad" if held else "waiting"), spoken.since(stuck.since)
        word = f"held for {stuck.endpoint}" if held else f"waiting on {stuck.endpoint}"
        if stuck.direction == "in":
            word = f"change held, from {stuck.endpoint}"
    elif record.state == "released":
        shape = ""  # nothing waits
    return {
        "number": record.number,
        "url": f"/orders/{record.pk}/",
        "others": " · ".join(_others(record)),
        "customer": record.customer.name,
        "channel": labels.get(record.channel, record.channel),
        "lines": record.lines,
        "placed": spoken.moment(record.happened_at or record.created_at),
        "shape": shape,
        "word": word,
        "since": since,
        "case": stuck.case if stuck else None,
    }


def _others(record: Any) -> list[str]:
    """Its other numbers; a shop's own number is often the order's."""
    found = dict.fromkeys((record.po, record.reference))
    return [number for number in found if number and number != record.number]


def _currency(found: list[Any]) -> str:
    """The one currency of a page; of several, each row says its own."""
    currencies = {one.currency for one in found if one.currency}
    return currencies.pop() if len(currencies) == 1 else ""


def _empty(request: HttpRequest, *, text: str, filtered: bool) -> dict[str, Any]:
    if text:
        at_desk = request.user.may("desk.view")  # type: ignore[union-attr]
        action = {"label": "Look among held documents", "url": f"/desk/?{urlencode({'q': text})}"}
        return {
            "text": f"No order has the number {text}.",
            "action": action if at_desk else {"label": "Clear filters", "url": request.path},
        }
    if filtered:
        return {
            "text": "No order matches.",
            "action": {"label": "Clear filters", "url": request.path},
        }
    return {"text": "No order has come yet. Orders appear here as they arrive.", "action": None}
