"""Which seller a connection means. Pure."""

from integrations.connectors import account
from integrations.connectors.connection import Connection


def account_of(connection: Connection) -> str:
    """The region's address and the seller's id: another application of the same seller sees the same orders,
    whichever marketplaces of the region it asks for."""
    base = account.site(str(connection.settings.get("url") or ""))
    seller = str(connection.settings.get("seller_id") or "").strip().upper()
    return f"{base}/{seller}" if base and seller else ""
