"""Which account of which Karrio a connection means. Pure."""

from integrations.connectors import account
from integrations.connectors.connection import Connection


def account_of(connection: Connection) -> str:
    """The server's address and a mark of the token: one server may hold several organisations."""
    base = account.site(str(connection.settings.get("url") or ""))
    token = connection.secrets.get("token")
    if not base or token is None or not token.reveal().strip():
        return ""
    return f"{base}#{account.mark(base, token.reveal().strip())}"
