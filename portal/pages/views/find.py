"""Where something is, by any number a customer's person has at hand.

One hit opens at once. These views run under the customer's database role.
"""

from collections.abc import Iterable
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from billing.views import bills, invoice_words
from integrations.canonical.keys import is_of_supplier, squeezed
from integrations.models import Record
from integrations.queries import held_orders, own_find
from integrations.queries.held_orders import OwnHeld
from integrations.views import own_parts, spoken
from integrations.views.order_words import words
from portal.accounts.models import Person
from portal.accounts.rules import requires

LONGEST = 100


class Hit(NamedTuple):
    """Something with the number. `kind` is the heading it stands under."""

    kind: str
    text: str
    about: str
    shape: str
    word: str
    url: str


@requires("own.orders")
def find(request: HttpRequest) -> HttpResponse:
    text = " ".join(request.GET.get("q", "").split())[:LONGEST]
    hits = list(_hits(request.user, text)) if squeezed(text) else []  # type: ignore[arg-type]
    if len(hits) == 1:
        return redirect(hits[0].url)
    context = {
        "title": _title(text, len(hits)),
        "text": text,
        "groups": _grouped(hits),
        "is_cut": len(hits) >= own_find.MOST,
        "may_ask": request.user.may("own.questions"),  # type: ignore[union-attr]
    }
    return render(request, "customer/find.html", context)


def _title(text: str, count: int) -> str:
    if not text:
        return _("Where is it?")
    if not count:
        return _("Nothing has the number %(text)s") % {"text": text}
    return _("What goes with %(text)s") % {"text": text}


def _hits(person: Person, text: str) -> Iterable[Hit]:
    """What bears the number, each page once, in the order in which it is listed."""
    kinds = list(_SAID)
    found = own_find.find(person.customer_id or 0, text)
    found.sort(key=lambda one: kinds.index(one.object_type))
    hits = [hit for one in found if (hit := _SAID[one.object_type](one, person))]
    hits += [_held(one, person) for one in held_orders.own() if _is_held_as(one, text)]
    if person.may("own.bills"):
        hits += [
            _bill(one) for one in bills.own(person.customer_id).filter(number__iexact=text)[:1]
        ]
    return dict.fromkeys(hits)


def _order(one: Record, person: Person) -> Hit:
    said = words(one.state)
    about = spoken.money(one.amount, one.currency) if one.amount is not None else ""
    return Hit(_("Orders"), one.number, about, said.shape, said.customer, f"/orders/{one.pk}/")


def _shipment(one: Record, person: Person) -> Hit:
    said = own_parts.said(one)
    about = _("sent %(at)s") % {"at": own_parts.placed(one)}
    return Hit(
        _("Shipments"), one.number, about, said["shape"], said["word"], f"/shipments/{one.pk}/"
    )


def _return(one: Record, person: Person) -> Hit:
    said = own_parts.said(one)
    return Hit(_("Returns"), one.number, "", said["shape"], said["word"], f"/returns/{one.pk}/")


def _invoice(one: Record, person: Person) -> Hit | None:
    if not person.may("own.invoices"):
        return None
    said, about = own_parts.said(one), spoken.money(one.amount, one.currency)
    url = f"/trade-invoices/{one.pk}/"
    kind = _("Invoices to your customers")
    if is_of_supplier(one.object_type, one.business_key):
        kind = _("Invoices from suppliers")
    return Hit(kind, one.number, about, said["shape"], said["word"], url)


def _item(one: Record, person: Person) -> Hit | None:
    """An item is one hit, however many warehouses have it."""
    if not person.may("own.stock"):
        return None
    url = f"/stock/?{urlencode({'q': one.number})}"
    return Hit(_("Items"), one.number, "", "", "", url)


_SAID = {
    "order": _order,
    "shipment": _shipment,
    "return": _return,
    "invoice": _invoice,
    "product": _item,
    "inventory": _item,
}


def _is_held_as(one: OwnHeld, text: str) -> bool:
    return squeezed(held_orders.number(one.business_key)) == squeezed(text)


def _held(one: OwnHeld, person: Person) -> Hit:
    """An order that came and is not let on yet."""
    url = "/questions/" if person.may("own.questions") else "/orders/?view=held"
    number = held_orders.number(one.business_key)
    return Hit(_("Orders"), number, "", "work", _("we are checking it"), url)


def _bill(one: Any) -> Hit:
    about = spoken.money(invoice_words.signed(one, one.total), one.currency)
    return Hit(_("Bills from us"), one.number, about, "", "", f"/bills/{one.pk}/")


def _grouped(hits: Iterable[Hit]) -> list[dict[str, Any]]:
    groups: dict[str, list[Hit]] = {}
    for hit in hits:
        groups.setdefault(hit.kind, []).append(hit)
    return [{"kind": kind, "hits": found} for kind, found in groups.items()]
