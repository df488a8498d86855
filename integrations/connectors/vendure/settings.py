"""What a person enters for a Vendure shop."""

from typing import Final

from integrations.connectors import webhook_secrets
from integrations.connectors.connection import Connection, Setting

BY_KEY: Final = "API key"
BY_LOGIN: Final = "user and password"
SHIPPED: Final = "Shipped"
PENDING: Final = "Pending"
_MOST_DIGITS: Final = 6


def _digits_fault(text: str) -> str:
    if text.strip().isdecimal() and int(text) <= _MOST_DIGITS:
        return ""
    return f"A number of digits from 0 to {_MOST_DIGITS} is needed."


SETTINGS = (
    Setting(
        "url",
        "Admin API address",
        "Such as https://shop.example.com/admin-api.",
        kind="url",
        place=True,
    ),
    Setting(
        "access",
        "Access by",
        "A server has API keys since Vendure 3.6, if authOptions.tokenMethod contains api-key. User and"
        " password need bearer there.",
        required=False,
        default=BY_KEY,
        kind="choice",
        choices=(BY_KEY, BY_LOGIN),
    ),
    Setting(
        "api_key",
        "API key",
        "Of an administrator with a role of its own. It was shown once.",
        secret=True,
        when=("access", BY_KEY),
    ),
    Setting(
        "username",
        "User name",
        "The identifier of an administrator with a role of its own.",
        default="",
        when=("access", BY_LOGIN),
    ),
    Setting(
        "password", "Password", "Of that administrator.", secret=True, when=("access", BY_LOGIN)
    ),
    Setting(
        "channel_token",
        "Channel token",
        "Whose orders, prices and stock are meant: Settings > Channels. Empty: the default channel.",
        required=False,
        default="",
    ),
    *webhook_secrets.settings(
        "The secret of the plugin that sends orders, see the connector's notes. Without one no webhook is"
        " taken."
    ),
    Setting(
        "stock_location",
        "Stock location",
        "Name or number of the location whose stock is set. Empty: the only one there is.",
        required=False,
        default="",
    ),
    Setting(
        "money_digits",
        "Decimal places of amounts",
        "Vendure counts in the smallest unit: 2 places, unless the server has a MoneyStrategy of its own.",
        required=False,
        default=2,
        kind="number",
        check=_digits_fault,
        seldom=True,
    ),
    Setting(
        "release_states",
        "Order states that release an order",
        "One per line. Shops that capture when they ship add PaymentAuthorized. Other orders wait on hold.",
        required=False,
        default=("PaymentSettled",),
        kind="lines",
    ),
    Setting(
        "fulfilment_state",
        "State of fulfilments",
        "Shipped tells the customer, if the shop sends mails. Pending leaves that to a person in the shop.",
        required=False,
        default=SHIPPED,
        kind="choice",
        choices=(SHIPPED, PENDING),
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
        "orders_since",
        "First poll starts at",
        "A time in UTC such as 2026-03-01T00:00:00. Empty: a day before the first poll.",
        required=False,
        default="",
    ),
)


def digits(connection: Connection) -> int:
    """The decimal places of amounts."""
    return int(connection.settings["money_digits"])


def released(connection: Connection) -> frozenset[str]:
    """The order states that release an order."""
    return frozenset(connection.lines("release_states"))
