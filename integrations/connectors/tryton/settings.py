"""What a person enters for a Tryton."""

from typing import Final

from integrations.connectors.connection import Connection, Setting

DRAFT, QUOTATION, CONFIRMED = "draft", "quotation", "confirmed"
OF_THE_ORDER, OF_THE_PARTY = "the order's", "the party's"
STEPS: Final = {DRAFT: (), QUOTATION: ("quote",), CONFIRMED: ("quote", "confirm")}

SETTINGS = (
    Setting(
        "url",
        "Server address",
        "Where Tryton's server answers, without the database, such as https://erp.example.com.",
        kind="url",
        place=True,
    ),
    Setting(
        "database",
        "Database",
        "The name of the database, as in the login window.",
        place=True,
    ),
    Setting(
        "key",
        "Key",
        "Administration > Users > Users > Applications: a key of REST API for a user who may do this.",
        secret=True,
    ),
    Setting(
        "company",
        "Company",
        "Only where the key's user works for several: the name of the one that is meant.",
        required=False,
        default="",
    ),
    Setting(
        "order_state",
        "How far orders go",
        "Confirmed: Tryton plans the shipment and the invoice. Draft and quotation wait for a person.",
        required=False,
        default=CONFIRMED,
        kind="choice",
        choices=(CONFIRMED, QUOTATION, DRAFT),
    ),
    Setting(
        "house_account",
        "Party for all orders",
        "The code of a party that every order is sold to. Empty: the party with the customer's account.",
        required=False,
        default="",
    ),
    Setting(
        "delivery_address",
        "Delivery address",
        "The order's is entered at the party where it has none like it. The party's: its own is taken.",
        required=False,
        default=OF_THE_ORDER,
        kind="choice",
        choices=(OF_THE_ORDER, OF_THE_PARTY),
    ),
    Setting(
        "freight_product",
        "Product for shipping costs",
        "The code of the service that shipping costs are sold as. Empty: they are not carried over.",
        required=False,
        default="",
    ),
    Setting(
        "warehouses",
        "Warehouses",
        "Codes of those whose stock is read, one per line. Empty: all. Orders go to the first, or as usual.",
        required=False,
        default=(),
        kind="lines",
    ),
    Setting(
        "overlap_seconds",
        "Overlap of polls",
        "How many seconds each poll looks back behind the last one, for changes that came in late.",
        required=False,
        default=300,
        kind="number",
        seldom=True,
    ),
    Setting(
        "since",
        "First poll starts at",
        "For shipments and invoices: a time in UTC such as 2026-03-01T00:00:00. Empty: a day back.",
        required=False,
        default="",
    ),
)


def text(connection: Connection, name: str) -> str:
    """A setting without blanks around it."""
    return str(connection.settings.get(name) or "").strip()
