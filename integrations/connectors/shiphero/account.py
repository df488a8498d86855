"""Which account of ShipHero a connection means. Pure."""

from integrations.connectors import account
from integrations.connectors.connection import Connection


def account_of(connection: Connection) -> str:
    """The address, whose token it is, and the customer of a 3PL: one developer user sees one account."""
    secret = connection.secrets.get("refresh_token")
    customer = str(connection.settings.get("customer_account_id") or "")
    if not secret:
        return ""
    site = account.site(str(connection.settings.get("url") or ""))
    return f"{site}#{account.mark(secret.reveal(), customer)}"
