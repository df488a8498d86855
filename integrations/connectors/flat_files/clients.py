"""Which client goes to which place."""

from integrations.connectors.connection import Connection
from integrations.connectors.flat_files import places
from integrations.connectors.flat_files.client import FilesClient, agreed_for, received
from integrations.connectors.inbound import Received
from integrations.connectors.mail_client import Looked, MailClient
from integrations.connectors.mailbox import MAILBOX
from integrations.transports.files import Picked
from integrations.transports.mailbox import Taken


def client(connection: Connection) -> FilesClient | MailClient:
    """A client of the place that was entered; nothing is opened yet."""
    if places.kind_of(connection) == MAILBOX:
        return MailClient(connection, lambda stream: _looked_for(connection, stream))
    return FilesClient(connection)


def _looked_for(connection: Connection, stream: str) -> Looked:
    agreed = agreed_for(connection, stream)

    def document(file: Taken) -> Received:
        return received(agreed, Picked(file.name, "", file.body), file.key)

    return Looked(lambda name: agreed.of_file(name) is not None, document)
