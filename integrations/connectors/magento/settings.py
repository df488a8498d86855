"""What a person enters for a Magento shop."""

from integrations.connectors.connection import Connection, Setting

SETTINGS = (
    Setting(
        "url",
        "Shop address",
        "The address before /rest, such as https://shop.example.com.",
        kind="url",
        place=True,
    ),
    Setting(
        "store_code",
        "Store view",
        "The code in the API's path. all sees the orders of all store views and writes global values.",
        required=False,
        default="all",
    ),
    Setting(
        "access_token",
        "Access token",
        "System > Integrations: the access token of an active integration that may read and ship orders, read"
        " products, customers and credit memos, and write stock and prices.",
        secret=True,
    ),
    Setting(
        "access_token_secret",
        "Access token secret",
        "Of the same integration. With the consumer's key and secret every call is signed. Without the three"
        " the shop must allow access tokens to be used as standalone bearer tokens.",
        secret=True,
        required=False,
    ),
    Setting(
        "consumer_key",
        "Consumer key",
        "Of the same integration.",
        secret=True,
        required=False,
    ),
    Setting(
        "consumer_secret",
        "Consumer secret",
        "Of the same integration.",
        secret=True,
        required=False,
    ),
    Setting(
        "release_statuses",
        "Statuses that release an order",
        "One per line. Orders in other statuses wait on hold.",
        required=False,
        default=("processing",),
        kind="lines",
    ),
    Setting(
        "source_code",
        "Source of the stock",
        "The code of the inventory source that stock is written to and shipments leave from. Empty: shipments"
        " name none, for shops without sources.",
        required=False,
        default="default",
    ),
    Setting(
        "notify",
        "Shop mails the buyer about a shipment",
        "Whether the shop sends its shipment mail.",
        required=False,
        default=False,
        kind="flag",
    ),
)


def released(connection: Connection) -> frozenset[str]:
    """The statuses that release an order."""
    return frozenset(connection.lines("release_statuses"))
