"""Silences in words: what is missing, from whom."""

from typing import Final

from monitoring.models import Expectation

Kind = Expectation.Kind
_MANY: Final = {
    "inventory": "stock reports",
    "inbound_shipment": "inbound shipments",
    "price_list": "price lists",
}
# What waits, and what its waiting is called, however many there are.
_WAITING: Final = {
    Kind.TRANSMIT: ("order", "{endpoint} has not accepted orders in time"),
    Kind.ACKNOWLEDGE: ("document", "{endpoint} did not acknowledge our documents"),
    Kind.SHIP: ("order", "{endpoint} has sent no shipping advice in time"),
    Kind.CONFIRM: ("shipment", "{endpoint} was not told of shipments in time"),
    Kind.INVOICE: ("order", "{endpoint} has not invoiced shipped orders in time"),
}


def things(object_type: str) -> str:
    """`orders`, `stock reports`."""
    return _MANY.get(object_type, f"{object_type.replace('_', ' ') or 'document'}s")


def waiting_noun(kind: str) -> str:
    return _WAITING[Kind(kind)][0]


def missing_title(expectation: Expectation) -> str:
    return _WAITING[Kind(expectation.kind)][1].format(endpoint=expectation.endpoint.label)


def silent_title(expectation: Expectation) -> str:
    what, label = things(expectation.object_type), expectation.endpoint.label
    return f"No {what} go to {label}" if expectation.flow_id else f"{label} sends no {what}"


def low_title(expectation: Expectation) -> str:
    what, label = things(expectation.object_type), expectation.endpoint.label
    if expectation.flow_id:
        return f"Far fewer {what} than usual go to {label}"
    return f"{label} sends far fewer {what} than usual"


def missed_title(expectation: Expectation) -> str:
    what, label = things(expectation.object_type), expectation.endpoint.label
    return f"{label} has not sent its {what} in time"
