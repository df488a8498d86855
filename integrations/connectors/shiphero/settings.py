"""What a person enters for a ShipHero account."""

from integrations.connectors.connection import Setting

SETTINGS = (
    Setting(
        "url",
        "Address",
        "Where the API is; it differs in tests only.",
        required=False,
        default="https://public-api.shiphero.com",
        kind="url",
        place=True,
    ),
    Setting(
        "refresh_token",
        "Refresh token",
        "My Account > Developer Users > a third-party developer user of our own: the refresh token, not the"
        " access token.",
        secret=True,
    ),
    Setting(
        "customer_account_id",
        "Customer account",
        "Where a 3PL's own token is entered: the id of its customer whose goods these are.",
        required=False,
        default="",
    ),
    Setting(
        "warehouse_id",
        "Warehouse",
        "The id of the warehouse that ships and whose stock is read. Empty: ShipHero decides which ships, and"
        " all are read.",
        required=False,
        default="",
    ),
    Setting(
        "shop_name",
        "Shop name",
        "Under which shop ShipHero shows our orders.",
        required=False,
        default="Orders",
    ),
    Setting(
        "overlap_seconds",
        "Overlap of polls",
        "How many seconds each poll looks back behind the last one, for what was stored late.",
        required=False,
        default=300,
        kind="number",
        seldom=True,
    ),
    Setting(
        "shipments_since",
        "First poll starts at",
        "A time in UTC such as 2026-03-01T00:00:00. Empty: a day before the first poll.",
        required=False,
        default="",
    ),
)
