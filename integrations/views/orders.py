"""Orders, newest first; the search knows every number."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import urlencode

from integrations.models import Record
from integrations.queries import orders as queries
from integrations.queries.orders import Waiting
from integrations.views import addresses, own_orders, spoken
from integrations.views.filters import customer_filter, search, tabs
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
    select, customer = customer_filter(request)
    found = queries.in_view(queries.orders().select_related("customer"), view)
    if customer:
        found = found.filter(customer=customer)
    if text:
        found = queries.matching(found, text)
    page = addresses.page(request, found)
    filtered = bool(view or text or customer)
    context = {
        "tabs": tabs(request, TABS, chosen=view),
        "filters": [select],
        "search": search(request, "Order, PO, SKU, tracking"),
        "kept": addresses.kept(request, "view"),
        "clear_url": request.path if filtered else "",
        "orders": _rows(page.rows),
        "currency": _currency(page.rows),
        "empty": None if page.rows else _empty(request, text=text, filtered=filtered),
        "pager": addresses.pager(request, page, noun="orders"),
    }
    return render(request, "integrations/orders.html", context)


def _rows(found: list[Record]) -> list[dict[str, Any]]:
    ids = [record.pk for record in found]
    stuck, sent = queries.waiting(ids), queries.tracking(ids)
    say = spoken.amount if _currency(found) else spoken.money
    return [
        {
            **_row(record, stuck.get(record.pk)),
            "tracking": sent.get(record.pk, ""),
            "amount": say(record.amount, record.currency),
        }
        for record in found
    ]


def _row(record: Any, stuck: Waiting | None) -> dict[str, Any]:
    shape, word, since = words(record.state).shape, words(record.state).staff, ""
    if stuck:
        held = stuck.state == "held"
        shape, since = ("bad" if held else "waiting"), spoken.since(stuck.since)
        word = f"held for {stuck.endpoint}" if held else f"waiting on {stuck.endpoint}"
    elif record.state == "released":
        shape = ""  # nothing waits
    return {
        "number": record.number,
        "url": f"/orders/{record.pk}/",
        "others": " · ".join(_others(record)),
        "customer": record.customer.name,
        "channel": record.channel,
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


def _currency(found: list[Record]) -> str:
    """The one currency of a page; of several, each row says its own."""
    currencies = {record.currency for record in found if record.currency}
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
