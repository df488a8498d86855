"""X12 from a warehouse made ready for mapping. Pure."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, Final

from integrations.canonical.problem import Problem
from integrations.connectors import left_files, mail_notes
from integrations.connectors.connection import Connection
from integrations.connectors.connector import Mappings, Streams
from integrations.connectors.edi_files.x12_advices import native_advice
from integrations.connectors.edi_files.x12_answers import native_acknowledgement, ta1_problems
from integrations.connectors.edi_files.x12_interchanges import (
    envelopes,
    interchange_answers,
    misdirected,
)
from integrations.connectors.edi_files.x12_issues import envelope_problems
from integrations.connectors.edi_files.x12_stock import native_levels
from integrations.connectors.inbound import Native, Part, Split
from integrations.connectors.mailbox import only_gives
from integrations.connectors.x12 import mappings
from integrations.connectors.x12.adjustments import native_adjustment
from integrations.connectors.x12.agreement import agreed
from integrations.connectors.x12.receipts import native_receipt
from integrations.connectors.x12.shipments import native_shipment
from integrations.formats.x12 import Reading, read_set, slices_of
from integrations.formats.x12 import read as read_interchanges

MAPPINGS: Mappings = {
    ("shipment", "in"): mappings.SHIPMENT_IN,
    ("inventory", "in"): mappings.INVENTORY_IN,
    ("receipt", "in"): mappings.RECEIPT_IN,
    ("adjustment", "in"): mappings.ADJUSTMENT_IN,
    ("order", "out"): mappings.ORDER_OUT,
    ("inbound_shipment", "out"): mappings.INBOUND_SHIPMENT_OUT,
}
STREAMS: Streams = {"files": "interchange"}
OBJECT_TYPES: Final = {
    "945": "shipment",
    "846": "inventory",
    "944": "receipt",
    "947": "adjustment",
    "997": "acknowledgement",
    "999": "acknowledgement",
    "824": "acknowledgement",
}

# A set's document → native documents; what is wrong is added to the problems.
Make = Callable[[dict[str, Any], Connection, list[Problem]], list[dict[str, Any]]]
_MAKE: Final[dict[str, Make]] = {
    "945": native_shipment,
    "846": native_levels,
    "944": native_receipt,
    "947": native_adjustment,
    "997": native_acknowledgement,
    "999": native_acknowledgement,
    "824": native_advice,
}


def split(
    body: bytes, connection: Connection, *, received: datetime, topic: str = ""
) -> Split | None:
    """A file's sets as parts, its groups with the 997 that answers each, and what is wrong."""
    profile = agreed(connection)
    reading = read_interchanges(body, profile)
    problems = envelope_problems(reading)
    strangers = [p for i in reading.interchanges for p in misdirected(i, connection)]
    strangers += _unsupported(reading)
    problems += [p for i in reading.interchanges for p in ta1_problems(i)]
    readable = reading.verdict != "reject"
    parts = [
        Part(OBJECT_TYPES[piece.type], f"x12:{piece.type}", piece.raw)
        for piece in (slices_of(reading) if readable else [])
        if piece.type in OBJECT_TYPES
    ]
    found = envelopes(reading, profile) if readable else []
    found += interchange_answers(reading, connection)
    if strangers or only_gives(connection):
        # What was not meant for us is not ours to answer, and a mailbox takes no answer.
        found = [envelope._replace(answer=None) for envelope in found]
    return Split(parts, problems + strangers, found)


def read(object_type: str, topic: str, body: bytes, connection: Connection) -> Native:
    """One set, as `split` cut it out, as native documents.

    A native document is the set's neutral document with `derived`, see `mappings`; an 846 gives
    one per item and site.
    """
    if object_type == left_files.NOTE:
        return Native(object_type, [], [mail_notes.told(body)])
    reading = read_set(body, agreed(connection))
    problems = envelope_problems(reading)
    sets = [transaction for _, _, transaction in reading.sets()]
    if not sets or sets[0].type not in _MAKE:
        kind = sets[0].type if sets else ""
        text = "There is no document in it that a warehouse sends."
        return Native(object_type, [], problems or [Problem("unsupported_set", "ST01", kind, text)])
    found = sets[0]
    documents = _MAKE[found.type](found.document, connection, problems)
    return Native(OBJECT_TYPES[found.type], documents, problems)


def remote_id(object_type: str, document: dict[str, Any]) -> str | None:
    """The warehouse's own number of a native document."""
    return document.get("derived", {}).get("number")


def _unsupported(reading: Reading) -> list[Problem]:
    kinds = {transaction.type for _, _, transaction in reading.sets()} - OBJECT_TYPES.keys()
    return [
        Problem("unsupported_set", "ST01", kind, f"A warehouse is not expected to send {kind}.")
        for kind in sorted(kinds)
    ]
