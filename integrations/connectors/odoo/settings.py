"""What a person enters for an Odoo database."""

from typing import Final

from integrations.connectors.connection import Connection, Setting
from integrations.connectors.odata import first_poll

JSON_RPC: Final = "JSON-RPC (Odoo 16 to 18)"
JSON_2: Final = "JSON-2 (Odoo 19 and later)"
CONFIRMED: Final = "confirmed by us"
QUOTATION: Final = "left as quotations"
CANCELLED: Final = "cancelled by us"
BY_PERSON: Final = "a person cancels"
OURS: Final = "ours"
THEIRS: Final = "Odoo's own"
AS_CONTACT: Final = "a contact of the customer"
NO_TAXES: Final = "none"


def _check_id(text: str) -> str:
    if not text or (text.isascii() and text.isdigit() and len(text) < 10):
        return ""
    return "That is no number of a company."


SETTINGS = (
    Setting(
        "url",
        "Address of Odoo",
        "Such as https://harbor.odoo.com, without a path.",
        kind="url",
        place=True,
    ),
    Setting(
        "database",
        "Database",
        "Its name, as Odoo's page of databases has it; on Odoo Online it is the address's first part.",
        place=True,
    ),
    Setting(
        "protocol",
        "Version of the API",
        "Odoo 19 has JSON-2. JSON-RPC is what the versions before it have.",
        required=False,
        default=JSON_RPC,
        kind="choice",
        choices=(JSON_RPC, JSON_2),
    ),
    Setting(
        "login",
        "User",
        "The login of the user whose API key it is.",
        default="",
        when=("protocol", JSON_RPC),
    ),
    Setting(
        "api_key",
        "API key",
        "Made in Odoo in the user's preferences, under Account Security. It may have an end: note it.",
        secret=True,
    ),
    Setting(
        "company",
        "Company",
        "The number of the company, where the user is allowed several. Empty: the user's own.",
        required=False,
        default="",
        check=_check_id,
    ),
    Setting(
        "language",
        "Language of texts",
        "As Odoo names it. Names of units and Odoo's messages come in it, where it is installed there.",
        required=False,
        default="en_US",
        seldom=True,
    ),
    Setting(
        "house_account",
        "Customer of all orders",
        "The reference of a contact, for a shop whose buyers are none. Empty: the order's customer account.",
        required=False,
        default="",
    ),
    Setting(
        "delivery_address",
        "Delivery address of an order",
        "Made as a contact below the customer, once for each address, or left as Odoo has it.",
        required=False,
        default=AS_CONTACT,
        kind="choice",
        choices=(AS_CONTACT, THEIRS),
    ),
    Setting(
        "pricelist",
        "Price list of all orders",
        "Its name. It says the currency. Empty: the customer's own.",
        required=False,
        default="",
    ),
    Setting(
        "prices",
        "Prices of an order",
        "Ours are sent with each line; otherwise Odoo finds its own.",
        required=False,
        default=OURS,
        kind="choice",
        choices=(OURS, THEIRS),
    ),
    Setting(
        "taxes",
        "Taxes of an order",
        "Found by Odoo from product and customer, or none at all.",
        required=False,
        default=THEIRS,
        kind="choice",
        choices=(THEIRS, NO_TAXES),
    ),
    Setting(
        "orders",
        "Orders in Odoo are",
        "A confirmed order reserves stock and makes deliveries.",
        required=False,
        default=CONFIRMED,
        kind="choice",
        choices=(CONFIRMED, QUOTATION),
    ),
    Setting(
        "cancels",
        "Cancelled orders",
        "Cancelled in Odoo as long as nothing was delivered or invoiced, or by a person there.",
        required=False,
        default=CANCELLED,
        kind="choice",
        choices=(CANCELLED, BY_PERSON),
    ),
    Setting(
        "warehouses",
        "Warehouses whose stock is read",
        "Their short names, one per line. A product without stock there is told with none."
        " Empty: wherever Odoo has a quantity.",
        required=False,
        default=(),
        kind="lines",
    ),
    first_poll.SETTING,
)


def takes_cancels(connection: Connection) -> bool:
    """Whether an order can be cancelled by sending it again."""
    return connection.settings.get("cancels", CANCELLED) == CANCELLED
