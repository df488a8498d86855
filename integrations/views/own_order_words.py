"""What a customer is told of an order: no system, no code, no cause of ours."""

from collections import Counter, defaultdict
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from integrations.models import Record, RecordEvent
from integrations.queries.held_orders import OwnHeld
from integrations.views import carriers, spoken
from integrations.views import own_part_words as part_words
from integrations.views.journey_facts import place, reached_shape
from integrations.views.order_words import words

HEADLINES = {
    "on_hold": gettext_noop("Order {number} is on hold"),
    "sent_to_warehouse": gettext_noop("Order {number} is at the warehouse"),
    "acknowledged": gettext_noop("Order {number} is being packed"),
    "partially_shipped": gettext_noop("Order {number} is shipped in part"),
    "shipped": gettext_noop("Order {number} is on its way"),
    "invoiced": gettext_noop("Order {number} is on its way"),
    "closed": gettext_noop("Order {number} is complete"),
    "cancel_requested": gettext_noop("Order {number} is being cancelled"),
    "cancelled": gettext_noop("Order {number} is cancelled"),
}
TO_COME = {
    "received": (gettext_noop("at the warehouse"), gettext_noop("on its way")),
    "released": (gettext_noop("at the warehouse"), gettext_noop("on its way")),
    "sent_to_warehouse": (gettext_noop("being packed"), gettext_noop("on its way")),
    "acknowledged": (gettext_noop("on its way"),),
    "partially_shipped": (gettext_noop("the rest on its way"),),
}


def summary(orders: list[Any]) -> tuple[str, str]:
    """The page's headline and lead, from the orders it shows. Those held are `OwnHeld`."""
    if not orders:
        return _("Your orders"), ""
    held = sum(isinstance(order, OwnHeld) for order in orders)
    states = [order.state for order in orders if not isinstance(order, OwnHeld)]
    shapes = Counter(words(state).shape for state in states)
    told = [
        (held, _("being checked by us")),
        (shapes["good"], _("on their way or complete")),
        (shapes["waiting"] + shapes["due"], _("at the warehouse or going there")),
        (shapes["risk"], _("shipped in part or being cancelled")),
        (shapes["snoozed"], _("on hold")),
        (shapes[""], _("cancelled")),
    ]
    parts = [f"{count} {text}" for count, text in told if count]
    lead = _("Of the %(orders)s below: %(parts)s.") % {
        "orders": spoken.counted(len(orders), "order"),
        "parts": ", ".join(parts),
    }
    return _headline(held, on_hold=shapes["snoozed"]), lead


def _headline(held: int, *, on_hold: int) -> str:
    if held:
        return _("We are checking %(orders)s") % {"orders": spoken.counted(held, "order")}
    return _("Some orders are on hold") if on_hold else _("Your orders are moving")


def headline(order: Record, shipments: list[Record]) -> tuple[str, str]:
    """One order's headline and lead."""
    text = _(HEADLINES.get(order.state, gettext_noop("We have order {number}")))
    text = text.format(number=order.number)
    if not shipments:
        return text, _("Nothing has left the warehouse yet.")
    units = sum((part_words.units(part) for part in shipments), Decimal(0))
    lead = ngettext(
        "%(units)s unit left the warehouse in %(parcels)s. Sent %(when)s.",
        "%(units)s units left the warehouse in %(parcels)s. Sent %(when)s.",
        1 if units == 1 else 2,
    ) % {
        "units": part_words.plain(units),
        "parcels": spoken.counted(len(shipments), "shipment"),
        "when": part_words.sent(shipments[0]),
    }
    return text, lead


def milestones(order: Record, events: list[RecordEvent]) -> list[dict[str, str]]:
    reached: dict[str, RecordEvent] = {}
    for event in events:
        reached.setdefault(words(event.to_state).customer, event)
    current = words(order.state).customer
    done = [
        {
            "word": word,
            "shape": reached_shape(words(event.to_state).shape) if word == current else "good",
            "at": spoken.moment(event.at),
        }
        for word, event in reached.items()
    ]
    due = [{"word": _(word), "shape": "due", "at": ""} for word in TO_COME.get(order.state, ())]
    return done + due


def facts(order: Record) -> list[dict[str, str]]:
    found = [
        (_("Value"), spoken.money(order.amount, order.currency)),
        (_("Your PO"), order.body.get("po_number")),
        (_("Ship to"), place(order.body.get("ship_to") or {})),
        (_("Placed"), spoken.moment(order.happened_at or order.created_at)),
    ]
    return [{"label": label, "value": value} for label, value in found if value]


def lines(order: Record, shipments: list[Record]) -> list[dict[str, str]]:
    """What was ordered, with what left of each item, given to the lines in their order."""
    left: dict[str, Decimal] = defaultdict(Decimal)
    for part in shipments:
        for line in part.body.get("lines", []):
            left[line.get("substitute_for") or line.get("sku", "")] += part_words.quantity(
                line, "shipped"
            )
    shown = []
    for line in order.body.get("lines", []):
        ordered, sku = part_words.quantity(line, "quantity"), line.get("sku", "")
        shipped = min(left[sku], ordered)
        left[sku] -= shipped
        shown.append(_line(line, ordered, shipped))
    return shown


def _line(line: dict[str, Any], ordered: Decimal, shipped: Decimal) -> dict[str, str]:
    missing = ordered - shipped
    if not missing:
        shape, word = "good", _("shipped")
    elif shipped:
        shape, word = "risk", _("%(units)s not sent yet") % {"units": part_words.plain(missing)}
    else:
        shape, word = "due", _("not sent yet")
    return {
        "sku": line.get("sku", "") if line.get("description") else "",
        "description": line.get("description") or line.get("sku", ""),
        "ordered": part_words.plain(ordered),
        "shipped": part_words.plain(shipped),
        "shape": shape,
        "word": word,
    }


def parcels(shipments: list[Record]) -> list[dict[str, str]]:
    return [
        {
            "number": number,
            "carrier": part_words.carrier(part),
            "url": carriers.tracking_url(part.body.get("carrier") or {}, number),
            "page": f"/shipments/{part.pk}/",
            "contents": part_words.contents(part),
            "sent": part_words.sent(part),
            "due": part_words.due(part),
        }
        for part in shipments
        for number in (part.body.get("tracking") or [part.number])
    ]


def latest_parcel(shipments: list[Record]) -> str:
    """The newest parcel in a few words, for the list."""
    numbers = [(part, n) for part in shipments for n in part.body.get("tracking") or []]
    if not numbers:
        return ""
    part, number = numbers[-1]
    return f"{part_words.carrier(part)} {number}".strip()


def happened(events: list[RecordEvent], shipments: list[Record]) -> list[dict[str, str]]:
    """What happened, newest first."""
    told = [(event.at, words(event.to_state).customer) for event in events]
    told += [
        (
            part.created_at,
            _("The warehouse reported %(contents)s as sent")
            % {"contents": part_words.contents(part)},
        )
        for part in shipments
    ]
    lines: list[dict[str, str]] = []
    for at, text in sorted(told, key=lambda one: one[0]):
        said = text[:1].upper() + text[1:]
        if not lines or lines[-1]["text"] != said:
            lines.append({"at": spoken.moment(at), "text": said})
    return lines[::-1]
