"""A case in words: where it happened, what it is worth, who did what to it."""

import re
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from integrations.models import Message
from integrations.views import spoken
from integrations.views.spoken import counted
from monitoring import taxonomy
from monitoring.models import CaseEvent, ExceptionCase
from monitoring.queries.memory import Memory, Remembered
from portal.accounts.models import Person
from portal.core import clock, manner

# More of what is counted; the nouns themselves are translated by `spoken.counted`.
OBJECTS = {
    "inventory": ("stock report", "stock reports"),
    "inbound_shipment": ("inbound shipment", "inbound shipments"),
    "price_list": ("price list", "price lists"),
    "interchange": ("file", "files"),
    "availability": ("stock figure", "stock figures"),
    "": ("document", "documents"),
}

_PATH = re.compile(r"[a-z_]+(\[\d+\])?(\.[a-z_]+(\[\d+\])?)*")
_WEEK = 7
_SECOND = timedelta(seconds=1)
_NAMES = {"sku": "SKU", "uom": "unit", "gtin": "GTIN", "po_number": "PO number"}


def place(path: str) -> str:
    """`lines[0].sku` as "line 1, SKU". What is no path of ours, such as W06-02, stays as it is."""
    if not _PATH.fullmatch(path):
        return path
    return ", ".join(_part(part) for part in path.split("."))


def _part(part: str) -> str:
    name, _, index = part.rstrip("]").partition("[")
    words = _NAMES.get(name, name.replace("_", " "))
    return f"{words.removesuffix('s')} {int(index) + 1}" if index else words


def place_and_path(path: str) -> str:
    """The place in words with the path as its detail."""
    words = place(path)
    return words if words == path else f"{words} ({path})"


def objects(count: int, object_type: str) -> str:
    """12 orders, 1 stock report."""
    plain = object_type.replace("_", " ")
    one, many = OBJECTS.get(object_type, (plain, f"{plain}s"))
    return counted(count, one, many)


def where(case: ExceptionCase) -> str:
    """Harbor Outfitters · order · Harbor web."""
    if case.is_of_channel:
        is_webhook = case.code == ExceptionCase.WEBHOOK_OFF
        return "webhook" if is_webhook else str(case.get_origin_display())
    one = OBJECTS.get(case.object_type, (case.object_type.replace("_", " "),))[0]
    kind = one if case.is_of_documents else case.get_origin_display()
    return f"{case.customer.name} · {kind} · {case.endpoint.label}"


def coming(at: datetime) -> str:
    """A time that may lie ahead: 12:00, Thu 10:00, 3 Mar 12:00."""
    local = timezone.localtime(at)
    days = (local.date() - timezone.localtime(clock.now()).date()).days
    return (
        f"{manner.weekday(local)} {manner.time(local)}" if 0 < days < _WEEK else spoken.moment(at)
    )


def kind(code: str) -> str:
    """The name of a cause, where causes are listed."""
    known = taxonomy.KINDS.get(code)
    return known.label if known else code.replace("_", " ")


def amount(value: Decimal | None, currency: str) -> str:
    """A figure for a column; without a currency it is a plain number."""
    if not value:
        return "none"
    return spoken.amount(value, currency) if currency else manner.number(value, 2)


def money(value: Decimal | None, currency: str) -> str:
    """A figure for a sentence, with its currency."""
    return spoken.money(value, currency) if value and currency else amount(value, currency)


_SHAPES = {
    "held": "bad",
    "received": "waiting",
    "waiting": "waiting",
    "sending": "work",
    "skipped": "",
}


def state(message: Message) -> dict[str, str]:
    """Where a document stands, as a shape and a word."""
    word = message.get_state_display()
    return {"shape": _SHAPES.get(message.state, "good"), "word": word}


def severity(case: ExceptionCase) -> str:
    return f"S{case.severity}"


def cutoff(case: ExceptionCase) -> str:
    """12:00 at ATL2, for 204 of them; empty without one."""
    if case.cutoff_at is None:
        return ""
    site = f" at {case.cutoff_site}" if case.cutoff_site else ""
    return f"{spoken.moment(case.cutoff_at)}{site}{of_them(case)}"


def of_them(case: ExceptionCase) -> str:
    """For how many of what it holds the cut-off is; nothing more is to be said of a single one."""
    if case.documents == 1:
        return ""
    if case.cutoff_documents >= case.documents:
        return " for all of them"
    some = "one" if case.cutoff_documents == 1 else manner.number(case.cutoff_documents)
    return f" for {some} of them"


def assigned(case: ExceptionCase) -> str:
    """The person or the team; empty when it is nobody's."""
    owner = case.assignee or case.team
    return owner.name if owner else ""


def cause(case: ExceptionCase) -> list[dict[str, Any]]:
    """The title in parts, with the bad value strong."""
    title, value = case.title, case.value
    start = title.find(value) if value else -1
    if start < 0:
        return [{"text": title, "strong": False}]
    parts = [(title[:start], False), (value, True), (title[start + len(value) :], False)]
    return [{"text": text, "strong": strong} for text, strong in parts if text]


def activity(events: list[CaseEvent], person: Person) -> list[dict[str, str]]:
    """What happened, newest first. What a person did says by itself that it closed the case."""
    return [
        {
            "at": spoken.moment(event.at),
            "text": _told(event, person),
            "mark": "the customer reads this" if event.for_customer else "",
        }
        for event in events
        if not (event.action == "closed" and event.actor)
    ]


def _told(event: CaseEvent, person: Person) -> str:
    if not event.actor:
        return event.text
    who = "You" if event.actor == person.name else event.actor
    return f"{who}: {event.text}"


def median(one: Remembered) -> str:
    """How long it usually took."""
    return f"median {spoken.span(one.median) if one.median >= _SECOND else 'under a second'}"


def memory(found: Memory) -> list[dict[str, str]]:
    """What helped before, each with how often and how long it took."""
    return [
        {
            "text": one.fix.words,
            "seen": f"{one.times} of {found.times}, {median(one)}",
        }
        for one in found.remedies
    ]
