"""Which shop a connection means. Pure."""

from integrations.connectors import account
from integrations.connectors.connection import Connection


def account_of(connection: Connection) -> str:
    """The Admin API's address and the channel: each channel of a server has orders of its own."""
    address = account.site(str(connection.settings.get("url") or ""))
    channel = str(connection.settings.get("channel_token") or "").strip()
    return f"{address}#{channel}" if address and channel else address
