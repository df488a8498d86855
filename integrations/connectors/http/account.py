"""Which account of which system a connection means. Pure."""

from integrations.connectors import access, account, webhook_secrets
from integrations.connectors.connection import Connection


def account_of(connection: Connection) -> str:
    """The base address and a mark of the secret sent there, or of whom tokens are asked for; for a system
    that only sends to us, a mark of its webhook secret. Empty where neither is entered, and where a person
    says yes at the system: many may, each for an account of their own."""
    if access.is_for_a_person(connection):
        return ""
    address = str(connection.settings.get("url") or "")
    if address:
        base = account.site(address)
        known_by = _known_by(connection)
        return f"{base}#{account.mark(base, *known_by)}" if known_by else base
    secrets = webhook_secrets.of(connection)
    return f"webhook#{account.mark('webhook', secrets[0].strip())}" if secrets else ""


def _known_by(connection: Connection) -> list[str]:
    """What tells one account of a site from another: who we are at its token server, or the secret."""
    if client := access.known_by(connection):
        return client
    token = connection.secrets.get("auth_token")
    words = " ".join(token.reveal().split()) if token else ""
    return [words] if words else []
