"""Which system a connection means. Pure."""

from integrations.connectors import account
from integrations.connectors.connection import Connection


def account_of(connection: Connection) -> str:
    """The system's address, its client and the sales organisation: another user sees the same documents."""
    settings = connection.settings
    address = str(settings.get("url") or "")
    if not address:
        return ""
    parts = (str(settings.get(name) or "").strip() for name in ("client", "sales_organization"))
    return "/".join([account.site(address), *parts])
