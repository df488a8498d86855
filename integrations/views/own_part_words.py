"""What a customer is told of what left, came back or was billed for an order: no system, no code."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from integrations.models import Record
from integrations.views import carriers, spoken

MOST_TOLD = 3


class Said(NamedTuple):
    """A state as its shape and its word."""

    shape: str
    word: Any


SHIPMENTS = {
    "planned": Said("due", gettext_lazy("planned")),
    "picked": Said("due", gettext_lazy("being packed")),
    "packed": Said("due", gettext_lazy("packed")),
    "label_created": Said("due", gettext_lazy("ready to leave")),
    "shipped": Said("good", gettext_lazy("on its way")),
    "in_transit": Said("good", gettext_lazy("on its way")),
    "delayed": Said("risk", gettext_lazy("delayed by the carrier")),
    "exception": Said("risk", gettext_lazy("stopped by the carrier")),
    "out_for_delivery": Said("good", gettext_lazy("out for delivery")),
    "delivered": Said("good", gettext_lazy("delivered")),
    "returned_to_sender": Said("bad", gettext_lazy("sent back by the carrier")),
    "lost": Said("bad", gettext_lazy("lost by the carrier")),
    "cancelled": Said("", gettext_lazy("cancelled")),
}
RETURNS = {
    "requested": Said("waiting", gettext_lazy("asked for")),
    "approved": Said("due", gettext_lazy("agreed, not here yet")),
    "declined": Said("", gettext_lazy("declined")),
    "label_sent": Said("due", gettext_lazy("label sent, not here yet")),
    "in_transit": Said("due", gettext_lazy("on its way back")),
    "received": Said("work", gettext_lazy("came back, not looked at yet")),
    "inspected": Said("work", gettext_lazy("looked at")),
    "restocked": Said("good", gettext_lazy("back in stock")),
    "scrapped": Said("good", gettext_lazy("thrown away")),
    "returned_to_vendor": Said("good", gettext_lazy("sent on to the maker")),
    "refunded": Said("good", gettext_lazy("refunded")),
    "exchanged": Said("good", gettext_lazy("exchanged")),
    "credited": Said("good", gettext_lazy("credited")),
    "closed": Said("good", gettext_lazy("complete")),
}
INVOICES = {
    "draft": Said("due", gettext_lazy("being written")),
    "posted": Said("due", gettext_lazy("to be paid")),
    "sent": Said("due", gettext_lazy("to be paid")),
    "partially_paid": Said("work", gettext_lazy("paid in part")),
    "paid": Said("good", gettext_lazy("paid")),
    "credited": Said("good", gettext_lazy("credited")),
    "void": Said("", gettext_lazy("void")),
}
STATES = {"shipment": SHIPMENTS, "return": RETURNS, "invoice": INVOICES}
UNPAID = ("posted", "sent", "partially_paid")


def state(part: Record, *, today: date) -> Said:
    """Where it stands. An invoice that is due and not paid is late; a state we have no words for speaks
    for itself."""
    if part.object_type == "invoice" and part.state in UNPAID:
        due_on = day_of(part.body.get("due_on"))
        if due_on and due_on < today:
            return Said("bad", _("late since %(day)s") % {"day": spoken.day(due_on)})
    plain_state = _(part.state.replace("_", " "))
    return STATES[part.object_type].get(part.state) or Said("", plain_state)


def carrier(part: Record) -> str:
    """Whom the parcel was given to."""
    return carriers.name(part.body.get("carrier") or {})


def tracking(part: Record) -> list[str]:
    """The numbers of its parcels, each once."""
    told = [*(part.body.get("tracking") or [])]
    told += [one.get("tracking") for one in part.body.get("packages") or []]
    return list(dict.fromkeys(number for number in told if number))


def sent(part: Record) -> str:
    """When it left. Of a day without a time only the day is known, and in no zone."""
    return when(part.body.get("shipped_at")) or spoken.moment(part.happened_at or part.created_at)


def due(part: Record) -> str:
    """The day it is expected on, as the warehouse wrote it."""
    return when(str(part.body.get("estimated_delivery") or "")[:10])


def when(text: Any) -> str:
    """A date without a time, as pages say it; blank for anything else."""
    found = day_of(text)
    return spoken.day(found) if found else ""


def day_of(text: Any) -> date | None:
    """A date without a time; None for anything else."""
    try:
        return date.fromisoformat(text) if text and len(text) == 10 else None
    except (ValueError, TypeError):
        return None


def contents(part: Record, *, field: str = "shipped") -> str:
    """What is in it: 2 TENT-2P, 1 MUG-12 and 3 more."""
    told = [
        f"{plain(quantity(line, field))} {line.get('sku', '')}"
        for line in part.body.get("lines") or []
        if quantity(line, field)
    ]
    if not told:
        return _("nothing")
    shown = ", ".join(told[:MOST_TOLD])
    more = len(told) - MOST_TOLD
    return _("%(shown)s and %(more)d more") % {"shown": shown, "more": more} if more > 0 else shown


def units(part: Record) -> Decimal:
    """How many units left with it."""
    lines = part.body.get("lines") or []
    return sum((quantity(line, "shipped") for line in lines), Decimal(0))


def quantity(line: Mapping[str, Any], name: str) -> Decimal:
    """A figure of a line; 0 where there is none, and for what is none."""
    try:
        return Decimal(str(line.get(name) or 0))
    except InvalidOperation:
        return Decimal(0)


def plain(number: Decimal) -> str:
    """A figure without needless zeros."""
    return f"{number.normalize():f}"
