"""A customer's shipments: which left when, with whom, and what is in them.

These views run under the customer's database role; everything they read names its customer.
"""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from integrations.models import Record
from integrations.queries import own_parts as queries
from integrations.views import carriers, own_parts
from integrations.views import own_part_words as words
from portal.accounts.rules import requires


@requires("own.orders")
def shipments(request: HttpRequest) -> HttpResponse:
    page = own_parts.page(request, "shipment")
    orders = queries.orders(page.rows)
    context = {
        "headline": _("Your shipments"),
        "lead": _lead(page.rows),
        "shipments": [_row(one, own_parts.order_of(one, orders)) for one in page.rows],
        "empty": None if page.rows else _("Nothing has left a warehouse yet."),
        "pager": own_parts.pager(request, page),
    }
    return render(request, "customer/shipments.html", context)


def _lead(rows: list[Record]) -> str:
    troubled = sum(own_parts.said(one)["shape"] in ("bad", "risk") for one in rows)
    if not troubled:
        return _("What left the warehouses for your orders, the newest first.")
    return ngettext(
        "One shipment below needs a look.", "%(n)d shipments below need a look.", troubled
    ) % {"n": troubled}


def _row(part: Record, order: dict[str, str] | None) -> dict[str, Any]:
    numbers = words.tracking(part)
    return {
        "number": numbers[0] if numbers else part.number,
        "more": len(numbers) - 1 if len(numbers) > 1 else 0,
        "url": f"/shipments/{part.pk}/",
        "carrier": words.carrier(part),
        "order": order,
        "contents": words.contents(part),
        "sent": words.sent(part),
        "due": words.due(part),
        **own_parts.said(part),
    }


@requires("own.orders")
def shipment(request: HttpRequest, pk: UUID) -> HttpResponse:
    part = own_parts.one_or_404(request, "shipment", pk)
    order = own_parts.order_of(part, queries.orders([part]))
    said = own_parts.said(part)
    context = {
        "shipment": {"number": part.number},
        "headline": _("Shipment %(number)s is %(state)s")
        % {"number": part.number, "state": said["word"]},
        "lead": _how_much(part),
        "state": said,
        "facts": _facts(part, order),
        "parcels": _parcels(part),
        "lines": [_line(one) for one in own_parts.lines(part, field="shipped")],
        "others": own_parts.others(part),
    }
    return render(request, "customer/shipment.html", context)


def _how_much(part: Record) -> str:
    units = words.units(part)
    parcels = max(len(words.tracking(part)), 1)
    told = ngettext("%(units)s items in one parcel.", "%(units)s items in %(n)d parcels.", parcels)
    return told % {"units": words.plain(units), "n": parcels}


def _facts(part: Record, order: dict[str, str] | None) -> list[dict[str, Any]]:
    body, known = part.body, order or {"number": "", "url": ""}
    found: list[dict[str, Any]] = [
        {"label": _("Order"), "value": "" if known["url"] else known["number"],
         "url": known["url"], "link": known["number"]},
        {"label": _("Sent"), "value": words.sent(part)},
        {"label": _("Expected"), "value": words.due(part)},
        {"label": _("Carrier"), "value": words.carrier(part)},
        {"label": _("Your PO"), "value": body.get("po_number")},
        {"label": _("From"), "value": body.get("site")},
    ]  # fmt: skip
    return [fact for fact in found if fact["value"] or fact.get("url")]


def _parcels(part: Record) -> list[dict[str, str]]:
    said = part.body.get("carrier") or {}
    return [
        {
            "number": number,
            "url": carriers.tracking_url(said, number),
            "carrier": words.carrier(part),
        }
        for number in words.tracking(part)
    ]


def _line(one: dict[str, Any]) -> dict[str, Any]:
    """A line with what is missing of it in words."""
    line = one["line"]
    short = words.quantity(line, "short")
    instead = line.get("substitute_for")
    notes = [
        _("%(short)s less than ordered") % {"short": words.plain(short)} if short else "",
        _("instead of %(sku)s") % {"sku": instead} if instead else "",
        _("lot %(lot)s") % {"lot": line["lot"]} if line.get("lot") else "",
    ]
    shown = {name: one[name] for name in ("sku", "title", "quantity")}
    return {**shown, "note": ", ".join(note for note in notes if note)}
