"""What came back to a customer, and what was given for it. Runs under the customer's database role."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from integrations.models import Record
from integrations.queries import own_parts as queries
from integrations.views import own_part_words as words
from integrations.views import own_parts, spoken
from portal.accounts.rules import requires


@requires("own.orders")
def returns(request: HttpRequest) -> HttpResponse:
    page = own_parts.page(request, "return")
    orders = queries.orders(page.rows)
    context = {
        "headline": _("What came back"),
        "lead": _("Returns of your orders, the newest first."),
        "returns": [_row(one, orders) for one in page.rows],
        "empty": None if page.rows else _("Nothing came back yet."),
        "pager": own_parts.pager(request, page),
    }
    return render(request, "customer/returns.html", context)


def _row(part: Record, orders: dict[UUID, Record]) -> dict[str, Any]:
    return {
        "number": part.number,
        "url": f"/returns/{part.pk}/",
        "order": own_parts.order_of(part, orders),
        "contents": words.contents(part, field="quantity"),
        "since": own_parts.placed(part),
        "refunded": _refunded(part, orders),
        **own_parts.said(part),
    }


def _refunded(part: Record, orders: dict[UUID, Record]) -> str:
    """What was given back. A return names no currency: it is that of its order."""
    amount = words.quantity(part.body, "refunded")
    if not amount:
        return ""
    order = orders.get(part.order_id) if part.order_id else None
    if order and order.currency:
        return spoken.money(amount, order.currency)
    return f"{amount:,.2f}"


@requires("own.orders")
def one_return(request: HttpRequest, pk: UUID) -> HttpResponse:
    part = own_parts.one_or_404(request, "return", pk)
    orders = queries.orders([part])
    said = own_parts.said(part)
    context = {
        "number": part.number,
        "headline": _("Return %(number)s") % {"number": part.number},
        "state": said,
        "facts": _facts(part, orders),
        "lines": [_line(one) for one in own_parts.lines(part, field="quantity")],
        "others": own_parts.others(part),
    }
    return render(request, "customer/return.html", context)


def _facts(part: Record, orders: dict[UUID, Record]) -> list[dict[str, Any]]:
    order = own_parts.order_of(part, orders) or {"number": "", "url": ""}
    found = [
        {"label": _("Order"), "value": "" if order["url"] else order["number"], "url": order["url"],
         "link": order["number"]},
        {"label": _("Known since"), "value": spoken.moment(part.created_at)},
        {"label": _("Came back"), "value": _came_back(part)},
        {"label": _("Given back"), "value": _refunded(part, orders)},
        {"label": _("Where"), "value": part.body.get("site")},
    ]  # fmt: skip
    return [fact for fact in found if fact["value"] or fact.get("url")]


def _came_back(part: Record) -> str:
    at = part.body.get("received_at")
    return words.when(at) or (spoken.moment(part.happened_at) if at and part.happened_at else "")


def _line(one: dict[str, Any]) -> dict[str, Any]:
    line = one["line"]
    shown = {name: one[name] for name in ("sku", "title", "quantity")}
    told = [str(line.get(name) or "") for name in ("condition", "disposition")]
    return {
        **shown,
        "reason": line.get("reason") or "",
        "became": ", ".join(text.replace("_", " ") for text in told if text),
    }
