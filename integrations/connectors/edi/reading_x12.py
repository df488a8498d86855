"""An X12 file of a trading partner, taken apart, and its sets read. Pure."""

from collections.abc import Callable
from typing import Any, Final

from integrations.canonical.problem import Problem
from integrations.connectors.connection import Connection
from integrations.connectors.edi.agreement import x12_profile
from integrations.connectors.edi.kinds import (
    ACKNOWLEDGEMENT,
    ORDER_ANSWERS,
    SHIPMENT,
    X12_SETS,
    also,
    object_type_of,
    unexpected,
)
from integrations.connectors.edi.reading.x12_invoices import native_invoice
from integrations.connectors.edi.reading.x12_notices import native_notice, native_shipments
from integrations.connectors.edi.reading.x12_order_answers import native_answer
from integrations.connectors.edi.reading.x12_orders import native_order
from integrations.connectors.edi.reading.x12_prices import native_prices
from integrations.connectors.edi.reading.x12_remittances import native_remittance
from integrations.connectors.edi.reading.x12_returns import native_return
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
from integrations.formats.x12 import TransactionSet, read, read_set, slices_of

Fields = dict[str, Any]
# A set → native documents; what is wrong is added to the problems.
Make = Callable[[TransactionSet, Connection, list[Problem]], list[Fields]]


def split(body: bytes, connection: Connection) -> Split:
    """A file's sets as parts, its groups with the 997 that answers each, and what is wrong."""
    profile = x12_profile(connection)
    reading = read(body, profile)
    problems = envelope_problems(reading)
    strangers = [p for i in reading.interchanges for p in misdirected(i, connection)]
    strangers += unexpected({s.type for _, _, s in reading.sets()}, X12_SETS, connection)
    problems += [p for i in reading.interchanges for p in ta1_problems(i)]
    answers = interchange_answers(reading, connection)
    if reading.verdict == "reject":
        return Split([], problems, [] if strangers else answers)
    parts = [
        Part(object_type_of(X12_SETS[piece.type], connection), f"x12:{piece.type}", piece.raw)
        for piece in slices_of(reading)
        if piece.type in X12_SETS
    ]
    parts += [
        Part(object_type, f"x12:{piece.type}", piece.raw)
        for piece in slices_of(reading)
        if piece.type in X12_SETS
        for object_type in also(X12_SETS[piece.type], connection)
    ]
    found = [*envelopes(reading, profile), *answers]
    if strangers:
        # What was not meant for us is not ours to answer.
        found = [envelope._replace(answer=None) for envelope in found]
    return Split(parts, problems + strangers, found)


def read_one(object_type: str, body: bytes, connection: Connection) -> Native:
    """One set as native documents."""
    reading = read_set(body, x12_profile(connection))
    problems = envelope_problems(reading)
    found = next((s for _, _, s in reading.sets() if s.type in X12_SETS), None)
    if found is None:
        text = "There is no document in it that a trading partner sends."
        return Native(object_type, [], problems or [Problem("unsupported_set", "ST01", "", text)])
    kind = object_type_of(X12_SETS[found.type], connection, was=object_type)
    make = _BY_SET.get(found.type) or _MAKE[kind]
    documents = make(found, connection, problems)
    return Native(kind, documents, problems)


def _order(found: TransactionSet, connection: Connection, problems: list[Problem]) -> list[Fields]:
    return native_order(found.type, found.document, connection, problems)


def _acknowledgement(
    found: TransactionSet, connection: Connection, problems: list[Problem]
) -> list[Fields]:
    of_order = found.type in ORDER_ANSWERS
    make = native_answer if of_order else native_acknowledgement
    return make(found.document, connection, problems)


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
    "return": _plain(native_return),
    "price_list": _prices("price_list"),
    "product": _prices("product"),
    ACKNOWLEDGEMENT: _acknowledgement,
}
# Sets that become what others become, and say it in their own way.
_BY_SET: Final[dict[str, Make]] = {
    "824": _plain(native_advice),
    "820": _plain(native_remittance),
}
