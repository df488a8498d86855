"""An EDIFACT file of a trading partner, taken apart, and its messages read. Pure."""

from collections.abc import Callable
from typing import Any, Final

from integrations.canonical.problem import Problem
from integrations.connectors.connection import Connection
from integrations.connectors.edi.agreement import edifact_profile
from integrations.connectors.edi.edifact_interchanges import (
    envelope_problems,
    envelopes,
    misdirected,
    native_acknowledgement,
)
from integrations.connectors.edi.kinds import (
    ACKNOWLEDGEMENT,
    EDIFACT_MESSAGES,
    ORDER_ANSWERS,
    SHIPMENT,
    also,
    object_type_of,
    unexpected,
)
from integrations.connectors.edi.reading.edifact_advices import native_advice
from integrations.connectors.edi.reading.edifact_invoices import native_invoice
from integrations.connectors.edi.reading.edifact_notices import native_notice, native_shipments
from integrations.connectors.edi.reading.edifact_order_answers import native_answer
from integrations.connectors.edi.reading.edifact_orders import native_order
from integrations.connectors.edi.reading.edifact_prices import native_prices
from integrations.connectors.edi.reading.edifact_receipts import native_receipt
from integrations.connectors.edi.reading.edifact_stock import native_levels
from integrations.connectors.inbound import Native, Part, Split
from integrations.formats.edifact import Message, read, read_message, slices_of

Fields = dict[str, Any]
# A message → native documents; what is wrong is added to the problems.
Make = Callable[[Message, Connection, list[Problem]], list[Fields]]


def split(body: bytes, connection: Connection) -> Split:
    """A file's messages as parts, its interchanges with the CONTRL that answers each, and what is
    wrong."""
    profile = edifact_profile(connection)
    reading = read(body, profile)
    problems = envelope_problems(reading.issues)
    strangers = [p for i in reading.interchanges for p in misdirected(i, connection)]
    strangers += unexpected({m.type for _, _, m in reading.sets()}, EDIFACT_MESSAGES, connection)
    if reading.verdict == "reject":
        return Split([], problems, [])
    parts = [
        Part(
            object_type_of(EDIFACT_MESSAGES[piece.type], connection),
            f"edifact:{piece.type}",
            piece.raw,
        )
        for piece in slices_of(reading)
        if piece.type in EDIFACT_MESSAGES
    ]
    parts += [
        Part(object_type, f"edifact:{piece.type}", piece.raw)
        for piece in slices_of(reading)
        if piece.type in EDIFACT_MESSAGES
        for object_type in also(EDIFACT_MESSAGES[piece.type], connection)
    ]
    found = envelopes(reading, profile, connection)
    if strangers:
        # What was not meant for us is not ours to answer.
        found = [envelope._replace(answer=None) for envelope in found]
    return Split(parts, problems + strangers, found)


def read_one(object_type: str, body: bytes, connection: Connection) -> Native:
    """One message as native documents."""
    reading = read_message(body, edifact_profile(connection))
    problems = envelope_problems(reading.issues)
    found = next((m for _, _, m in reading.sets() if m.type in EDIFACT_MESSAGES), None)
    if found is None:
        text = "There is no document in it that a trading partner sends."
        return Native(object_type, [], problems or [Problem("unsupported_set", "UNH", "", text)])
    kind = object_type_of(EDIFACT_MESSAGES[found.type], connection, was=object_type)
    make = _BY_TYPE.get(found.type) or _MAKE[kind]
    return Native(kind, make(found, connection, problems), problems)


def _order(found: Message, connection: Connection, problems: list[Problem]) -> list[Fields]:
    return native_order(found.type, found.document, connection, problems)


def _acknowledgement(
    found: Message, connection: Connection, problems: list[Problem]
) -> list[Fields]:
    if found.type in ORDER_ANSWERS:
        return native_answer(found.document, connection, problems)
    return native_acknowledgement(found.document, problems)


def _plain(make: Callable[[Fields, Connection, list[Problem]], list[Fields]]) -> Make:
    return lambda found, connection, problems: make(found.document, connection, problems)


def _prices(object_type: str) -> Make:
    return lambda found, connection, problems: native_prices(
        object_type, found.document, connection, problems
    )


_MAKE: Final[dict[str, Make]] = {
    "order": _order,
    "inbound_shipment": _plain(native_notice),
    SHIPMENT: _plain(native_shipments),
    "invoice": _plain(native_invoice),
    "inventory": _plain(native_levels),
    "price_list": _prices("price_list"),
    "product": _prices("product"),
    ACKNOWLEDGEMENT: _acknowledgement,
}
# Messages that become what others become, and say it in their own way.
_BY_TYPE: Final[dict[str, Make]] = {
    "APERAK": _plain(native_advice),
    "RECADV": _plain(native_receipt),
}
