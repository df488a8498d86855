"""What the states of an order are called: by those who run it, and by those who wait for it."""

from typing import NamedTuple


class Words(NamedTuple):
    """`shape` goes with both; `staff` and `customer` say it in their worlds."""

    shape: str
    staff: str
    customer: str


STATES = {
    "received": Words("waiting", "received", "received"),
    "validated": Words("waiting", "checked", "received"),
    "released": Words("waiting", "released", "received"),
    "on_hold": Words("snoozed", "on hold", "on hold"),
    "sent_to_warehouse": Words("due", "at warehouse", "at the warehouse"),
    "acknowledged": Words("due", "accepted by warehouse", "being packed"),
    "partially_shipped": Words("risk", "shipped in part", "shipped in part"),
    "shipped": Words("good", "shipped", "on its way"),
    "invoiced": Words("good", "invoiced", "shipped and billed"),
    "closed": Words("good", "closed", "complete"),
    "cancel_requested": Words("risk", "cancel requested", "being cancelled"),
    "cancelled": Words("", "cancelled", "cancelled"),
}


def words(state: str) -> Words:
    """The words of a state; one we have no words for speaks for itself."""
    return STATES.get(state) or Words("", state.replace("_", " "), state.replace("_", " "))
