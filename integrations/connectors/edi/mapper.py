"""Files of a trading partner made ready for mapping, X12 or EDIFACT. Pure."""

from datetime import datetime
from typing import Any, Final

from integrations.canonical.problem import Problem
from integrations.connectors import left_files, mail_notes
from integrations.connectors.connection import Connection
from integrations.connectors.connector import Mappings, Streams
from integrations.connectors.edi import mappings, reading_edifact, reading_x12
from integrations.connectors.edi.agreement import is_answered, is_edifact
from integrations.connectors.inbound import EnvelopeIn, Native, Split
from integrations.formats.edifact import looks_like_edifact

MAPPINGS: Mappings = {
    ("order", "in"): mappings.ORDER_IN,
    ("inbound_shipment", "in"): mappings.INBOUND_SHIPMENT_IN,
    ("inventory", "in"): mappings.INVENTORY_IN,
    ("return", "in"): mappings.RETURN_IN,
    ("price_list", "in"): mappings.PRICE_LIST_IN,
    ("product", "in"): mappings.PRODUCT_IN,
    ("shipment", "in"): mappings.SHIPMENT_IN,
    ("invoice", "in"): mappings.INVOICE_IN,
    ("order", "out"): mappings.ORDER_OUT,
    ("shipment", "out"): mappings.SHIPMENT_OUT,
    ("invoice", "out"): mappings.INVOICE_OUT,
    ("availability", "out"): mappings.AVAILABILITY_OUT,
    ("return", "out"): mappings.RETURN_OUT,
    ("price_list", "out"): mappings.PRICE_LIST_OUT,
}
STREAMS: Streams = {"files": "interchange"}
_SYNTAXES: Final = {True: "EDIFACT", False: "X12"}


def split(
    body: bytes, connection: Connection, *, received: datetime, topic: str = ""
) -> Split | None:
    """A file's documents as parts, its envelopes with what answers them, and what is wrong."""
    found = looks_like_edifact(body)
    agreed = is_edifact(connection)
    result = (
        reading_edifact.split(body, connection) if found else reading_x12.split(body, connection)
    )
    if not is_answered(connection):
        result = Split(result.parts, result.problems, _unanswered(result))
    if found == agreed or not result.parts:
        return result
    text = f"It is {_SYNTAXES[found]}, and {_SYNTAXES[agreed]} was agreed with this partner."
    stranger = Problem("unsupported_set", "", _SYNTAXES[found], text)
    return Split(result.parts, [*result.problems, stranger], _unanswered(result))


def _unanswered(result: Split) -> list[EnvelopeIn]:
    return [envelope._replace(answer=None) for envelope in result.envelopes]


def read(object_type: str, topic: str, body: bytes, connection: Connection) -> Native:
    """One document, as `split` cut it out: the neutral document of its syntax with `derived`, which is
    the same for both, see `mappings`."""
    if object_type == left_files.NOTE:
        return Native(object_type, [], [mail_notes.told(body)])
    if looks_like_edifact(body):
        return reading_edifact.read_one(object_type, body, connection)
    return reading_x12.read_one(object_type, body, connection)


def remote_id(object_type: str, document: dict[str, Any]) -> str | None:
    """The partner's own number of a native document."""
    return document.get("derived", {}).get("number")
