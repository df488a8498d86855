"""Which database and which tables a connection means."""

import posixpath
from typing import Any

from sqlalchemy import URL

from integrations.connectors import account
from integrations.connectors.connection import Connection
from integrations.connectors.sql import specification
from integrations.transports.sql import checked, host_of
from integrations.transports.sql_drivers import PORTS
from portal.core.errors import NeedsCredentials


def account_of(connection: Connection) -> str:
    """The database, and a mark of all that is read and written there: two companies may keep their
    tables in one database. Another login to the same tables is the same account."""
    entered = str(connection.settings.get("url") or "")
    try:
        url = checked(entered.strip())
    except NeedsCredentials:
        return f"unreadable#{account.mark(entered)}"  # it may hold a password
    database = _database(url)
    return f"{database}#{account.mark(database, *_statements(connection, url))}"


def _database(url: URL) -> str:
    backend = url.get_backend_name()
    if backend == "sqlite":
        return f"sqlite {posixpath.normpath(url.database or '')}"
    port = url.port or int(str(url.query.get("port") or PORTS[backend]))
    family = "mysql" if backend == "mariadb" else backend
    usual = port == PORTS[backend]
    return f"{family} {account.host(host_of(url))}{'' if usual else f':{port}'}/{url.database}"


def _statements(connection: Connection, url: URL) -> list[str]:
    """What is read and written, in small letters and with single blanks."""
    try:
        read = specification.queries(connection.settings, dialect=url.get_backend_name())
        written = specification.writes(connection.settings, dialect=url.get_backend_name())
    except NeedsCredentials:
        return [str(connection.settings.get(name)) for name in ("queries", "writes")]
    return [*_flat(read), *_flat(written)]


def _flat(found: dict[str, Any]) -> list[str]:
    return [
        f"{name} {' '.join(repr(entry).split()).lower()}" for name, entry in sorted(found.items())
    ]
