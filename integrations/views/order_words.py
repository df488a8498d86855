"""What the states of an order are called: by those who run it, and by those who wait for it."""

from typing import NamedTuple

from django.utils.translation import gettext, gettext_noop


class Words(NamedTuple):
    """`shape` goes with both; `staff` and `customer` say it in their worlds."""

    shape: str
    staff: str
    customer: str


STATES = {
    "received": Words("waiting", "received", gettext_noop("received")),
    "validated": Words("waiting", "checked", gettext_noop("received")),
    "released": Words("waiting", "released", gettext_noop("received")),
    "on_hold": Words("snoozed", "on hold", gettext_noop("on hold")),
    "sent_to_warehouse": Words("due", "at warehouse", gettext_noop("at the warehouse")),
    "acknowledged": Words("due", "accepted by warehouse", gettext_noop("being packed")),
    "partially_shipped": Words("risk", "shipped in part", gettext_noop("shipped in part")),
    "shipped": Words("good", "shipped", gettext_noop("on its way")),
    "invoiced": Words("good", "invoiced", gettext_noop("shipped and billed")),
    "closed": Words("good", "closed", gettext_noop("complete")),
    "cancel_requested": Words("risk", "cancel requested", gettext_noop("being cancelled")),
    "cancelled": Words("", "cancelled", gettext_noop("cancelled")),
}


def words(state: str) -> Words:
    """The words of a state; one we have no words for speaks for itself."""
    known = STATES.get(state) or Words("", state.replace("_", " "), state.replace("_", " "))
    return known._replace(customer=gettext(known.customer))
