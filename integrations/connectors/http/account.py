"""Which account of which system a connection means. Pure."""

from integrations.connectors import account, webhook_secrets
from integrations.connectors.connection import Connection


def account_of(connection: Connection) -> str:
    """The base address and a mark of the secret sent there; for a system that only sends to us, a mark
    of its webhook secret. Empty where neither is entered."""
    address = str(connection.settings.get("url") or "")
    if address:
        base = account.site(address)
        token = connection.secrets.get("auth_token")
        words = " ".join(token.reveal().split()) if token else ""
        return f"{base}#{account.mark(base, words)}" if words else base
    secrets = webhook_secrets.of(connection)
    return f"webhook#{account.mark('webhook', secrets[0].strip())}" if secrets else ""
