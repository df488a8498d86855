"""Which shop a connection means. Pure."""

from integrations.connectors import account
from integrations.connectors.connection import Connection


def account_of(connection: Connection) -> str:
    """The shop's address: another app in the same shop sees the same orders."""
    return account.site(str(connection.settings.get("url") or ""))
