"""Which account of which warehouse a connection means. Pure."""

from integrations.connectors import access, account
from integrations.connectors.connection import Connection


def account_of(connection: Connection) -> str:
    """The base address and a mark of the token, or of whom tokens are asked for: a warehouse for many tells
    its depositors apart by that. Empty where a person says yes at the warehouse."""
    base = account.site(str(connection.settings.get("url") or ""))
    if not base or access.is_for_a_person(connection):
        return ""
    token = connection.secrets.get("token")
    words = [token.reveal().strip()] if token else []
    words += access.known_by(connection)
    return f"{base}#{account.mark(base, *words)}" if words else base
