"""The state machines of business objects, as data."""

from functools import cache
from typing import Final, NamedTuple


class IllegalTransition(NamedTuple):
    """A step the machine does not have. The message is kept; a person looks at the step."""

    object_type: str
    current: str
    target: str


_DISPOSITIONS = ("restocked", "scrapped", "returned_to_vendor")
_SETTLEMENTS = ("refunded", "exchanged", "credited")
_STOP = ("cancel_requested", "cancelled")

# A warehouse may answer with a 945 and never with a 997, so `acknowledged` can be jumped. A cancel
# that reached the warehouse is a request: refused, the order goes back to where it was. And goods may
# leave after a warehouse said that it had cancelled them.
_ORDER: Final[dict[str, tuple[str, ...]]] = {
    "received": ("validated", "on_hold", *_STOP),
    "validated": ("on_hold", "released", *_STOP),
    "on_hold": ("validated", "released", *_STOP),
    "released": ("on_hold", "sent_to_warehouse", *_STOP),
    "sent_to_warehouse": ("acknowledged", "partially_shipped", "shipped", *_STOP),
    "acknowledged": ("partially_shipped", "shipped", *_STOP),
    "partially_shipped": ("shipped", *_STOP),
    "cancel_requested": (
        "cancelled",
        "on_hold",
        "released",
        "sent_to_warehouse",
        "acknowledged",
        "partially_shipped",
        "shipped",
    ),
    "shipped": ("invoiced", "closed"),
    "invoiced": ("closed",),
    "closed": (),
    "cancelled": ("partially_shipped", "shipped"),
}

# Goods come back unannounced: a return may be received or in transit without an approval.
_RETURN: Final[dict[str, tuple[str, ...]]] = {
    "requested": ("approved", "declined", "in_transit", "received"),
    "approved": ("declined", "label_sent", "in_transit", "received"),
    "declined": ("closed",),
    "label_sent": ("in_transit", "received", "closed"),
    "in_transit": ("received",),
    "received": ("inspected", *_DISPOSITIONS, *_SETTLEMENTS),
    "inspected": (*_DISPOSITIONS, *_SETTLEMENTS),
    **dict.fromkeys(_DISPOSITIONS, (*_SETTLEMENTS, "closed")),
    **dict.fromkeys(_SETTLEMENTS, (*_DISPOSITIONS, "closed")),
    "closed": (),
}

_INVOICE: Final[dict[str, tuple[str, ...]]] = {
    "draft": ("posted", "void"),
    "posted": ("sent", "partially_paid", "paid", "credited", "void"),
    "sent": ("partially_paid", "paid", "credited", "void"),
    "partially_paid": ("paid", "credited"),
    "paid": ("credited",),
    "credited": (),
    "void": (),
}

MACHINES: Final = {"order": _ORDER, "return": _RETURN, "invoice": _INVOICE}

SHIPMENT_RANK: Final = {
    "planned": 0,
    "picked": 1,
    "packed": 2,
    "label_created": 3,
    "shipped": 4,
    "in_transit": 5,
    "delayed": 5,
    "exception": 5,
    "out_for_delivery": 6,
    "delivered": 7,
    "returned_to_sender": 8,
    "lost": 8,
    "cancelled": 8,
}
_TROUBLE: Final = ("delayed", "exception")

INITIAL: Final = {
    "order": "received",
    "shipment": "planned",
    "return": "requested",
    "invoice": "draft",
}


def advance(
    object_type: str, current: str, target: str, *, correction: bool = False
) -> str | IllegalTransition:
    """The state after a report of `target` in state `current`.

    A report of the current state changes nothing. Shipment milestones arrive out of order: a lower
    rank than the current one changes nothing, unless it is a `correction`. Types without a machine
    take any state. KeyError for a state the machine does not know.
    """
    if object_type == "shipment":
        return _advance_shipment(current, target, correction=correction)
    if object_type not in MACHINES:
        return target
    machine = MACHINES[object_type]
    allowed, _ = machine[current], machine[target]
    if target == current or target in allowed:
        return target
    return IllegalTransition(object_type, current, target)


@cache
def leads_to(object_type: str, current: str, target: str) -> bool:
    """Whether `target` lies ahead of `current`, in one step or many: a source that is asked every few minutes
    need not tell of each. KeyError for a state the machine does not know."""
    machine = MACHINES[object_type]
    ahead: set[str] = set()
    now = [current]
    while now:
        new = {after for state in now for after in machine[state]} - ahead
        ahead |= new
        now = list(new)
    return target in ahead and target in machine


def _advance_shipment(current: str, target: str, *, correction: bool) -> str | IllegalTransition:
    was, will = SHIPMENT_RANK[current], SHIPMENT_RANK[target]
    if correction or target == current:
        return target
    too_late = target == "cancelled" and was >= SHIPMENT_RANK["shipped"]
    if too_late or current == "cancelled":
        return IllegalTransition("shipment", current, target)
    failed_attempt = target in _TROUBLE and current == "out_for_delivery"
    return target if will >= was or failed_attempt else current
