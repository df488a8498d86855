"""Which database a connection means. Pure."""

from integrations.connectors import account
from integrations.connectors.connection import Connection


def account_of(connection: Connection) -> str:
    """The server's address, its database and the company: another user sees the same documents."""
    settings = connection.settings
    address = str(settings.get("url") or "")
    if not address:
        return ""
    parts = (str(settings.get(name) or "").strip() for name in ("database", "company"))
    return "/".join([account.site(address), *parts])
