"""Which account of which system a connection means. Pure."""

from integrations.connectors import account
from integrations.connectors.connection import Connection
from integrations.connectors.rest.credentials import SECRETS


def account_of(connection: Connection) -> str:
    """The base address and a mark of the secrets sent there: a service for many has one address for all of
    them, and tells them apart by the key."""
    address = str(connection.settings.get("url") or "")
    if not address:
        return ""
    base = account.site(address)
    entered = [connection.secrets[name] for name in SECRETS if name in connection.secrets]
    words = [" ".join(secret.reveal().split()) for secret in entered]
    return f"{base}#{account.mark(base, *words)}" if any(words) else base
