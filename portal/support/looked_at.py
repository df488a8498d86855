"""What the pages that somebody may look at are called in the ledger, in the customer's words. Pure, data."""

from typing import Final

# An address, what it is called, and what is below it.
_PAGES: Final = (
    ("/home/", "Today", "Today"),
    ("/find/", "Search", "Search"),
    ("/orders/", "Orders", "An order"),
    ("/stock/", "Stock", "Stock as a file"),
    ("/shipments/", "Shipments", "A shipment"),
    ("/returns/", "Returns", "A return"),
    ("/trade-invoices/", "Sales invoices", "A sales invoice"),
    ("/questions/", "Questions", "A question"),
    ("/service/", "Service", "Service in detail"),
    ("/bills/", "Bills", "A bill"),
    ("/notifications/", "Mails", "Mails"),
    ("/rail/", "Menu", "Menu"),
)
OTHER: Final = "Another page"


def called(path: str) -> str:
    """The page at `path` in words."""
    for prefix, itself, below in _PAGES:
        if path.startswith(prefix):
            return itself if path == prefix else below
    return OTHER
