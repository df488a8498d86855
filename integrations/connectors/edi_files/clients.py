"""Which client goes to which place."""

from fnmatch import fnmatchcase
from typing import Final

from integrations.connectors.connection import Connection
from integrations.connectors.edi_files.client import FilesClient, received
from integrations.connectors.mail_client import Looked, MailClient
from integrations.connectors.mailbox import entered, only_gives

# What mails carry besides files: pictures and cards of signatures, the letter once more as a page.
_OF_MAILS: Final = (".png", ".jpg", ".jpeg", ".gif", ".bmp", ".svg", ".webp", ".ics", ".vcf", ".p7s",
                    ".asc", ".pdf", ".htm", ".html", ".doc", ".docx")  # fmt: skip


def client(connection: Connection) -> FilesClient | MailClient:
    """A client of the place that was entered; nothing is opened yet."""
    if only_gives(connection):
        return MailClient(connection, lambda stream: _looked_for(connection, stream))
    return FilesClient(connection)


def _looked_for(connection: Connection, stream: str) -> Looked:
    if stream != "files":
        raise KeyError(stream)
    pattern = (entered(connection, "file_pattern") or "*").lower()
    return Looked(
        lambda name: fnmatchcase(name.lower(), pattern) and not name.lower().endswith(_OF_MAILS),
        lambda file: received(file.name, file.body, file.key),
    )
