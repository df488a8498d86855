"""Which seller a connection means. Pure."""

from integrations.connectors import account
from integrations.connectors.connection import Connection


def account_of(connection: Connection) -> str:
    """The API's address and the client ID. A seller may have several, but nothing that is entered names the
    seller itself."""
    base = account.site(str(connection.settings.get("url") or ""))
    client = str(connection.settings.get("client_id") or "").strip().lower()
    return f"{base}#{client}" if base and client else ""
