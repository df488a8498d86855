"""The titles of cases in the customer's words, in the reader's language.

A case keeps its title as it was written when it began. `said` finds the text of its kind again, and what
stood in the places of that text, and says both in the language of whoever reads it now.
"""

import re
from functools import cache
from typing import Final

from django.utils.translation import gettext, gettext_noop

# `customer_title` of every kind in monitoring/taxonomy; a test finds one that is missing here.
TITLES: Final = (
    gettext_noop("Item {value} is not in your item list"),
    gettext_noop("A customer is not known"),
    gettext_noop("The address {value} is not known"),
    gettext_noop("The unit {value} of an item is not known"),
    gettext_noop("The pack size of item {value} differs from your item list"),
    gettext_noop("The carrier {value} is not known"),
    gettext_noop("We are looking into {object} we could not pass on"),
    gettext_noop("An order is waiting for stock"),
    gettext_noop("More of item {value} was sold than there is"),
    gettext_noop("Two different orders have the same number"),
    gettext_noop("Two different invoices of a supplier have the same number"),
    gettext_noop("The price of item {value} in an order differs from your list"),
    gettext_noop("The tax of {object} does not add up"),
    gettext_noop("An order waits until its account is within its limit"),
    gettext_noop("Something is missing in {object}"),
    gettext_noop("An order has a line without a quantity"),
    gettext_noop("An order goes to where we do not deliver"),
    gettext_noop("An order missed the day on which it should leave"),
    gettext_noop("An order is past the last day on which it may leave"),
    gettext_noop("A promise of ours to you is at risk"),
    gettext_noop("The stock of item {value} expires too soon for an order"),
    gettext_noop("Item {value} may not leave from this warehouse"),
    gettext_noop("Part of an order was not in stock"),
    gettext_noop("More was shipped than was ordered"),
    gettext_noop("Another item was shipped instead of {value}"),
    gettext_noop("The warehouse cannot take an order yet"),
    gettext_noop("A supplier does not take an order"),
    gettext_noop("An invoice was paid otherwise than it was written"),
    gettext_noop("A supplier does not send {value}"),
    gettext_noop("A supplier sends another quantity of {value}"),
    gettext_noop("A supplier sends {value} later"),
    gettext_noop("A delivery of item {value} arrived short or damaged"),
    gettext_noop("A cancelled order was shipped"),
    gettext_noop("The warehouse cancelled an order"),
    gettext_noop("The warehouse accepted an order late"),
    gettext_noop("The warehouse reported a shipment we cannot place"),
    gettext_noop("The stock of item {value} changed by a lot"),
    gettext_noop("The warehouse did not confirm {object}"),
    gettext_noop("The warehouse sent a damaged file"),
    gettext_noop("{endpoint} no longer lets us in"),
    gettext_noop("{endpoint} cannot be reached"),
    gettext_noop("A certificate of {endpoint} expires soon"),
    gettext_noop("The form of {object} has changed"),
    gettext_noop("{object} is about to be changed"),
    gettext_noop("The stock in your shops is older than promised"),
    gettext_noop("Something that comes regularly has not come"),
    gettext_noop("No documents come where some are expected"),
    gettext_noop("Far fewer documents come than usual"),
    gettext_noop("Some of your orders wait for their next step"),
    gettext_noop("The stock of item {value} differs between two systems"),
    gettext_noop("The stock of item {value} is counted in a unit nobody knows"),
    gettext_noop("Two systems were compared at different moments"),
    gettext_noop("{endpoint} shows another quantity of item {value} than it was told"),
    gettext_noop("{endpoint} promises more of item {value} than is free"),
    gettext_noop("Order {value} of {endpoint} has not reached us yet"),
    gettext_noop("Order {value} is not in {endpoint} yet"),
    gettext_noop("Order {value} is not at the warehouse yet"),
    gettext_noop("A part of order {value} has not reached the warehouse"),
    gettext_noop("Order {value} differs between two systems"),
    gettext_noop("Order {value} has not taken its next step in time"),
    gettext_noop("The shipment of order {value} differs between two systems"),
    gettext_noop("The books of {value} differ from what was shipped or refunded"),
    gettext_noop("{endpoint} could not be compared with the other systems"),
    gettext_noop("We are looking for a document of yours"),
)
# What stands for {object} in them.
_OBJECTS: Final = (
    gettext_noop("an order"),
    gettext_noop("a shipment"),
    gettext_noop("a stock report"),
    gettext_noop("a document"),
    gettext_noop("documents"),
)
_PLACE: Final = re.compile(r"\\\{(\w+)\\\}")


def said(title: str) -> str:
    """`title` in the reader's language; one that was written by a person stays as it is."""
    for text, pattern in _patterns():
        if found := pattern.fullmatch(title):
            return gettext(text).format(**_in_words(found.groupdict()))
    return title


def _in_words(places: dict[str, str]) -> dict[str, str]:
    """What stood in the places; only the kind of a document is a word of ours."""
    return {name: gettext(text) if name == "object" else text for name, text in places.items()}


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Every text with what it looks like once it is filled, those with the fewest places first."""
    ranked = sorted(TITLES, key=lambda text: text.count("{"))
    return tuple((text, re.compile(_PLACE.sub(r"(?P<\1>.+)", re.escape(text)))) for text in ranked)
