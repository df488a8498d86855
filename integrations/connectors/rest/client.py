"""The conversation with a system as its endpoint's description says."""

from integrations.connectors.connection import Connection
from integrations.connectors.described import description
from integrations.connectors.described.client import DescribedClient
from integrations.connectors.described.system import System
from portal.core.errors import NeedsCredentials


def client(connection: Connection) -> DescribedClient:
    return DescribedClient(connection, describe=_entered)


def _entered(connection: Connection) -> System:
    try:
        return description.parse(str(connection.settings.get("description") or ""))
    except description.DescriptionError as error:
        text = f"The description cannot be used. {error}"
        raise NeedsCredentials(text, code="settings_invalid") from None
