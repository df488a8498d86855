"""What a person enters for a WooCommerce store."""

from integrations.connectors import webhook_secrets
from integrations.connectors.connection import Connection, Setting

PER_SHIPMENT = "one entry per shipment"
TRACKING_ITEMS = "shipment tracking plug-in"

SETTINGS = (
    Setting(
        "url",
        "Store address",
        "The address of the shop's front page, such as https://shop.example.com.",
        kind="url",
        place=True,
    ),
    Setting(
        "consumer_key",
        "Consumer key",
        "WooCommerce > Settings > Advanced > REST API: a key with read and write access.",
        secret=True,
    ),
    Setting(
        "consumer_secret",
        "Consumer secret",
        "Shown once by WooCommerce, together with the consumer key.",
        secret=True,
    ),
    *webhook_secrets.settings(
        "The secret entered at the store's webhooks. Without one no webhook is taken."
    ),
    Setting(
        "release_statuses",
        "Statuses that release an order",
        "One per line. Orders in other statuses are kept and wait on hold.",
        required=False,
        default=("processing",),
        kind="lines",
    ),
    Setting(
        "shipped_status",
        "Status of a shipped order",
        "Set when all of it has shipped. Empty: the status stays as it is.",
        required=False,
        default="completed",
    ),
    Setting(
        "partial_status",
        "Status of a partly shipped order",
        "For shops that have one. Empty: the status stays as it is.",
        required=False,
        default="",
    ),
    Setting(
        "tracking_style",
        "Where tracking numbers go",
        "Entries of our own in the order's meta data, or the list that tracking plug-ins show.",
        required=False,
        default=PER_SHIPMENT,
        kind="choice",
        choices=(PER_SHIPMENT, TRACKING_ITEMS),
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


def released(connection: Connection) -> frozenset[str]:
    """The native statuses that release an order."""
    return frozenset(connection.lines("release_statuses"))


def set_by_us(connection: Connection) -> frozenset[str]:
    """The native statuses that a shipment of ours puts an order into."""
    settings = connection.settings
    return frozenset({settings["shipped_status"], settings["partial_status"]} - {""})
