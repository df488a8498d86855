"""Which client goes to which place."""

from integrations.connectors.connection import Connection
from integrations.connectors.flat_files.client import FilesClient


def client(connection: Connection) -> FilesClient:
    return FilesClient(connection)
