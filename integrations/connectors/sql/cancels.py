"""Whether an ERP takes back an order it has."""

from integrations.connectors.connection import Connection
from integrations.connectors.sql import specification
from integrations.transports.sql import checked
from portal.core.errors import NeedsCredentials


def takes_cancels(connection: Connection) -> bool:
    """Whether its orders have a statement for that. Not where the settings cannot be read."""
    settings = connection.settings
    try:
        dialect = checked(str(settings.get("url") or "").strip()).get_backend_name()
        order = specification.writes(settings, dialect=dialect).get("order")
    except NeedsCredentials:
        return False
    return order is not None and order.cancel is not None
