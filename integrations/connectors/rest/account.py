"""Which account of which system a connection means. Pure."""

from integrations.connectors import account
from integrations.connectors.connection import Connection
from integrations.connectors.described.credentials import SECRETS


def account_of(connection: Connection) -> str:
    """The base address and a mark of the secrets sent there: a service for many has one address for all of
    them, and tells them apart by the key."""
    address = str(connection.settings.get("url") or "")
    if not address:
        return ""
    base = account.site(address)
    entered = {
        n: connection.secrets[n].reveal().strip() for n in SECRETS if n in connection.secrets
    }
    words = [f"{name} {text}" for name, text in entered.items() if text]
    return f"{base}#{account.mark(base, *words)}" if words else base
