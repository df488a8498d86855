"""What a person enters for a BigCommerce store."""

from integrations.connectors.connection import Connection, Setting

SETTINGS = (
    Setting(
        "url",
        "Address of the API",
        "BigCommerce's own, unless they say another one.",
        required=False,
        default="https://api.bigcommerce.com",
        kind="url",
        place=True,
    ),
    Setting(
        "store_hash",
        "Store hash",
        "What stands behind /stores/ in the API path of the API account, such as abc123xyz.",
    ),
    Setting(
        "access_token",
        "Access token",
        "Of a store-level API account that may modify orders, inventory and price lists, and read products"
        " and customers.",
        secret=True,
    ),
    Setting(
        "release_statuses",
        "Statuses that release an order",
        "Their ids, one per line: 11 is Awaiting Fulfillment, 9 Awaiting Shipment. Orders in other statuses"
        " wait on hold.",
        required=False,
        default=("9", "11"),
        kind="lines",
    ),
    Setting(
        "location_id",
        "Location of the stock",
        "Its id under Inventory locations. 1 is the default location of every store.",
        required=False,
        default="1",
    ),
    Setting(
        "price_list_id",
        "Price list",
        "The id of the price list that prices are written to. Empty: none are written.",
        required=False,
        default="",
    ),
)


def released(connection: Connection) -> frozenset[str]:
    """The ids of the statuses that release an order."""
    return frozenset(connection.lines("release_statuses"))
