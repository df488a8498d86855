"""Which Tryton a connection means. Pure."""

from integrations.connectors import account
from integrations.connectors.connection import Connection
from integrations.connectors.tryton.settings import text


def account_of(connection: Connection) -> str:
    """Server, database and company; empty until both of the first are entered."""
    url, database, company = (text(connection, name) for name in ("url", "database", "company"))
    if not url or not database:
        return ""
    return "/".join(filter(None, (account.site(url), database, company.lower())))
