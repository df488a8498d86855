"""What the pages of a customer's shipments, returns and invoices have in common."""

from datetime import date
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from integrations.models import Record
from integrations.queries import keyset, own_parts
from integrations.queries.keyset import Page
from integrations.views import addresses, own_part_words, spoken
from portal.core import clock


def customer_id(request: HttpRequest) -> int:
    """The customer whose person asks."""
    person: Any = request.user
    return int(person.customer_id)


def today() -> date:
    """The day by the reader's clock."""
    return timezone.localtime(clock.now()).date()


def one_or_404(request: HttpRequest, object_type: str, pk: UUID) -> Record:
    found = own_parts.part(customer_id(request), object_type, pk)
    if found is None:
        raise Http404
    return found


def page(request: HttpRequest, object_type: str, **having: Any) -> Page:
    """The page of a kind that the address asks for, the newest first."""
    found = own_parts.parts(customer_id(request), object_type).filter(**having)
    return addresses.page(request, keyset.stored(found))


def pager(request: HttpRequest, found: Page) -> dict[str, Any]:
    return {**addresses.pager(request, found, noun=""), "shown": ""}


def order_of(part: Record, orders: dict[UUID, Record]) -> dict[str, str] | None:
    """The order it belongs to, with its address once we know which one it is."""
    known = orders.get(part.order_id) if part.order_id else None
    if known:
        return {"number": known.number, "url": f"/orders/{known.pk}/"}
    told = str(part.body.get("order_number") or "")
    return {"number": told, "url": ""} if told else None


def lines(part: Record, *, field: str) -> list[dict[str, Any]]:
    """Its lines with the names of their items; `field` holds the quantity."""
    listed = [line for line in part.body.get("lines") or [] if line.get("sku")]
    titles = own_parts.titles(part.customer_id, [line["sku"] for line in listed])
    return [
        {
            "sku": line["sku"],
            "title": titles.get(line["sku"]) or line.get("description") or "",
            "quantity": own_part_words.plain(own_part_words.quantity(line, field)),
            "line": line,
        }
        for line in listed
    ]


def others(part: Record) -> list[dict[str, str]]:
    """What else belongs to the order, each with its page."""
    found = own_parts.of_order(part.order_id, but=part.pk)
    names = {
        "shipment": (_("Shipment"), "/shipments/"),
        "return": (_("Return"), "/returns/"),
        "invoice": (_("Invoice"), "/trade-invoices/"),
    }
    return [
        {
            "text": f"{names[one.object_type][0]} {one.number}",
            "url": f"{names[one.object_type][1]}{one.pk}/",
            **said(one),
        }
        for one in found
        if one.object_type in names
    ]


def said(part: Record) -> dict[str, str]:
    """{shape, word}: where it stands."""
    state = own_part_words.state(part, today=today())
    return {"shape": state.shape, "word": str(state.word)}


def placed(part: Record) -> str:
    return spoken.moment(part.happened_at or part.created_at)
