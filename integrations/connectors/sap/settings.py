"""What a person enters for an SAP system."""

from typing import Final

from integrations.connectors.connection import Connection, Setting
from integrations.connectors.odata import first_poll

OAUTH: Final = "OAuth 2.0"
BASIC: Final = "user and password"

SETTINGS = (
    Setting(
        "url",
        "Address of the system",
        "Host and port of the OData services, such as https://my300000-api.s4hana.cloud.sap.",
        kind="url",
        place=True,
    ),
    Setting(
        "service_path",
        "Path of the services",
        "What stands between the host and the names of the services.",
        required=False,
        default="/sap/opu/odata/sap",
        seldom=True,
    ),
    Setting(
        "client",
        "SAP client",
        "Three digits, such as 100, where the system has several. Empty: the system's own.",
        required=False,
        default="",
    ),
    Setting(
        "signs_in",
        "How we sign in",
        "As the communication arrangement of the system says.",
        required=False,
        default=OAUTH,
        kind="choice",
        choices=(OAUTH, BASIC),
    ),
    Setting(
        "token_url",
        "Token address",
        "For OAuth 2.0: the token service URL of the communication arrangement.",
        required=False,
        default="",
        kind="url",
        place=True,
        when=("signs_in", OAUTH),
    ),
    Setting("client_id", "Client ID", "For OAuth 2.0.", required=False, default=""),
    Setting("client_secret", "Client secret", "For OAuth 2.0.", secret=True, required=False),
    Setting("user", "User", "The communication user.", required=False, default=""),
    Setting("password", "Password", "Of the communication user.", secret=True, required=False),
    Setting(
        "sales_organization",
        "Sales organisation",
        "Orders are entered in it, and only its deliveries and invoices are read. Empty: all are read.",
        required=False,
        default="",
    ),
    Setting(
        "distribution_channel",
        "Distribution channel",
        "Of the orders.",
        required=False,
        default="",
    ),
    Setting("division", "Division", "Of the orders.", required=False, default=""),
    Setting("order_type", "Order type", "Of the orders.", required=False, default="OR"),
    Setting(
        "sold_to",
        "Sold-to party of all orders",
        "For a shop whose buyers are no customers of their own. Empty: the order's customer account.",
        required=False,
        default="",
    ),
    Setting(
        "ship_to_function",
        "Partner function of the ship-to party",
        "SH, or WE where the user's language is German. Its address is sent with each order."
        " Empty: SAP takes the customer's own.",
        required=False,
        default="SH",
        seldom=True,
    ),
    Setting(
        "price_condition",
        "Condition type of our prices",
        "Such as PPR0: our unit price is sent under it. Empty: SAP finds the prices.",
        required=False,
        default="",
    ),
    Setting(
        "rejection_reason",
        "Reason for rejection of a cancelled order",
        "The code under which SAP rejects all items. Empty: a person cancels in SAP.",
        required=False,
        default="",
    ),
    Setting(
        "plants",
        "Plants whose stock is read",
        "One per line. A material without stock there is told with none. Empty: wherever SAP has a row.",
        required=False,
        default=(),
        kind="lines",
    ),
    Setting(
        "language",
        "Language of texts",
        "Two letters: product names and error messages come in it.",
        required=False,
        default="EN",
        seldom=True,
    ),
    Setting(
        "delivery_service",
        "Service of the deliveries",
        "Older systems have API_OUTBOUND_DELIVERY_SRV without a version.",
        required=False,
        default="API_OUTBOUND_DELIVERY_SRV;v=0002",
        seldom=True,
    ),
    first_poll.SETTING,
)


def takes_cancels(connection: Connection) -> bool:
    """Whether an order can be cancelled by sending it again: only with a reason to reject its items."""
    return bool(str(connection.settings.get("rejection_reason") or "").strip())
