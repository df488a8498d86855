"""Which account of EasyPost a connection means. Pure."""

from integrations.connectors import account
from integrations.connectors.connection import Connection


def account_of(connection: Connection) -> str:
    """The API's address and a mark of the key: nothing else that is entered tells accounts apart."""
    base = account.site(str(connection.settings.get("url") or ""))
    key = connection.secrets.get("api_key")
    if not base or key is None or not key.reveal().strip():
        return ""
    return f"{base}#{account.mark(base, key.reveal().strip())}"
