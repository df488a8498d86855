"""Which account of which system a connection means. Pure."""

from integrations.connectors.connection import Connection


def account_of(connection: Connection) -> str:
    """Always empty: nothing that is entered tells one application from another."""
    return ""
