"""What was agreed with a warehouse, as the X12 reader and writer go by. Pure."""

from integrations.connectors.connection import Connection
from integrations.connectors.edi_files.x12_agreement import profile_of
from integrations.connectors.x12.settings import EACHES
from integrations.formats.x12 import Profile


def agreed(connection: Connection) -> Profile:
    """How strictly to read and how to write."""
    return profile_of(connection, eaches=connection.settings["w76_basis"] == EACHES)
