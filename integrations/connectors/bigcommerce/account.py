"""Which store a connection means. Pure."""

from integrations.connectors import account
from integrations.connectors.connection import Connection


def account_of(connection: Connection) -> str:
    """The API's address and the store's hash: another token of the same store sees the same orders."""
    base = account.site(str(connection.settings.get("url") or ""))
    store = str(connection.settings.get("store_hash") or "").strip().lower()
    return f"{base}/stores/{store}" if base and store else ""
