"""`split` and `read` of a mapper whose every document is one JSON object. Pure."""

from datetime import datetime

from integrations.canonical.problem import Problem, shorten
from integrations.connectors.connection import Connection
from integrations.connectors.inbound import Native, Split
from integrations.mapping.decode import DecodeError, loads


def split(
    body: bytes, connection: Connection, *, received: datetime, topic: str = ""
) -> Split | None:
    """None: a body is always one document."""
    return None


def read(object_type: str, topic: str, body: bytes, connection: Connection) -> Native:
    """The object as it is; a problem for bytes that are no JSON, and for JSON that is no object."""
    try:
        document = loads(body)
    except DecodeError as error:
        return Native(object_type, [], [error.problem])
    if isinstance(document, dict):
        return Native(object_type, [document], [])
    problem = Problem("wrong_type", "", shorten(document), "The document must be one JSON object.")
    return Native(object_type, [], [problem])
