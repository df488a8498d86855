"""Which client goes to which place."""

from integrations.connectors.connection import Connection
from integrations.connectors.flat_files import places
from integrations.connectors.flat_files.client import FilesClient
from integrations.connectors.flat_files.mail_client import MailClient
from integrations.connectors.flat_files.settings import MAILBOX


def client(connection: Connection) -> FilesClient | MailClient:
    """A client of the place that was entered; nothing is opened yet."""
    if places.kind_of(connection) == MAILBOX:
        return MailClient(connection)
    return FilesClient(connection)
