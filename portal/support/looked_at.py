"""What the pages that somebody may look at are called in the ledger, in the customer's words. Pure, data."""

from typing import Final

from portal.core.words import gettext, gettext_noop

# An address, what it is called, and what is below it.
_PAGES: Final = (
    ("/home/", gettext_noop("Today"), gettext_noop("Today")),
    ("/find/", gettext_noop("Search"), gettext_noop("Search")),
    ("/orders/", gettext_noop("Orders"), gettext_noop("An order")),
    ("/stock/", gettext_noop("Stock"), gettext_noop("Stock as a file")),
    ("/shipments/", gettext_noop("Shipments"), gettext_noop("A shipment")),
    ("/returns/", gettext_noop("Returns"), gettext_noop("A return")),
    ("/trade-invoices/", gettext_noop("Sales invoices"), gettext_noop("A sales invoice")),
    ("/questions/", gettext_noop("Questions"), gettext_noop("A question")),
    ("/service/", gettext_noop("Service"), gettext_noop("Service in detail")),
    ("/bills/", gettext_noop("Bills"), gettext_noop("A bill")),
    ("/rail/", gettext_noop("Menu"), gettext_noop("Menu")),
)
OTHER: Final = gettext_noop("Another page")


def said(called: str) -> str:
    """What a page is called, in the reader's language."""
    return gettext(called) if called else ""


def called(path: str) -> str:
    """The page at `path` in words, as the ledger keeps them."""
    for prefix, itself, below in _PAGES:
        if path.startswith(prefix):
            return itself if path == prefix else below
    return OTHER
