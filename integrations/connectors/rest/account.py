"""Which account of which system a connection means. Pure."""

from integrations.connectors import access, account
from integrations.connectors.connection import Connection
from integrations.connectors.described.known import REST


def account_of(connection: Connection) -> str:
    """The base address and a mark of the secrets sent there, or of whom tokens are asked for: a service for
    many has one address for all of them, and tells them apart by the key. Empty where a person says yes at
    the system."""
    address = str(connection.settings.get("url") or "")
    if not address or access.is_for_a_person(connection):
        return ""
    base = account.site(address)
    entered = {
        n: connection.secrets[n].reveal().strip() for n in REST.secrets if n in connection.secrets
    }
    words = [f"{name} {text}" for name, text in entered.items() if text]
    words += access.known_by(connection)
    return f"{base}#{account.mark(base, *words)}" if words else base
