"""Which store a connection means. Pure."""

from integrations.connectors import account
from integrations.connectors.connection import Connection


def account_of(connection: Connection) -> str:
    """The store's address: another key to the same store sees the same orders."""
    return account.site(str(connection.settings.get("url") or ""))
