"""What a person enters for a Shopify shop."""

import re
from typing import Final

from integrations.connectors import webhook_secrets
from integrations.connectors.connection import Connection, Setting

CLIENT: Final = "client ID and secret"
TOKEN: Final = "access token"  # noqa: S105 - a choice that people see
_LOCATION: Final = re.compile(r"(?:gid://shopify/Location/)?([0-9]{1,20})", re.ASCII)


def _location_fault(text: str) -> str:
    if not text.strip() or _LOCATION.fullmatch(text.strip()):
        return ""
    return "A location is a number, as its address in the shop's admin ends."


SETTINGS = (
    Setting(
        "url",
        "Shop address",
        "The address that never changes, such as https://my-shop.myshopify.com.",
        kind="url",
        place=True,
    ),
    Setting(
        "access",
        "Access by",
        "An app made in the Dev Dashboard has a client ID and a client secret. A custom app that was made in"
        " the shop's admin before 2026 has an access token.",
        required=False,
        default=CLIENT,
        kind="choice",
        choices=(CLIENT, TOKEN),
    ),
    Setting(
        "client_id",
        "Client ID",
        "Dev Dashboard > the app > Settings. The app must be installed in the shop.",
        default="",
        when=("access", CLIENT),
    ),
    Setting(
        "client_secret",
        "Client secret",
        "Beside the client ID. It signs the app's webhooks, too.",
        secret=True,
        when=("access", CLIENT),
    ),
    Setting(
        "access_token",
        "Access token",
        "Admin > Apps > Develop apps > the app > API credentials; it was shown once.",
        secret=True,
        when=("access", TOKEN),
    ),
    *webhook_secrets.settings(
        "The app's client secret, where it is not entered above. Without one no webhook is taken."
    ),
    Setting(
        "location",
        "Location",
        "Whose stock is read and written: the number its address in the admin ends with. Empty: the"
        " shop's primary location.",
        required=False,
        default="",
        check=_location_fault,
    ),
    Setting(
        "release_statuses",
        "Payment statuses that release an order",
        "One per line. Shops that capture when they ship add authorized. Other orders wait on hold.",
        required=False,
        default=("paid", "partially_refunded"),
        kind="lines",
    ),
    Setting(
        "hold_risky",
        "Hold risky orders",
        "Orders wait on hold while the shop's fraud analysis runs, or advises against them. It is not part of"
        " a webhook: new orders then come by polls only.",
        required=False,
        default=True,
        kind="flag",
    ),
    Setting(
        "release_test_orders",
        "Release test orders",
        "Orders of a payment provider in test mode. Otherwise they wait on hold.",
        required=False,
        default=False,
        kind="flag",
    ),
    Setting(
        "notify_customer",
        "Tell the customer",
        "Shopify writes to the customer when an order is shipped or cancelled.",
        required=False,
        default=True,
        kind="flag",
    ),
    Setting(
        "refund_cancelled",
        "Refund cancelled orders",
        "An order that is cancelled from here is paid back as it was paid. Otherwise a person refunds it.",
        required=False,
        default=False,
        kind="flag",
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
        "A time in UTC such as 2026-03-01T00:00:00. Empty: a day before the first poll. Shopify shows orders"
        " of the last 60 days, unless the app may read all.",
        required=False,
        default="",
    ),
)


def released(connection: Connection) -> frozenset[str]:
    """The payment statuses that release an order, as Shopify's GraphQL spells them."""
    return frozenset(line.upper() for line in connection.lines("release_statuses"))


def location_of(connection: Connection) -> str | None:
    """The location's id as Shopify's GraphQL spells it; None: the primary one."""
    found = _LOCATION.fullmatch(str(connection.settings.get("location") or "").strip())
    return f"gid://shopify/Location/{found[1]}" if found else None
