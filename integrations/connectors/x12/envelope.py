"""Documents for a warehouse in one file: one interchange, one group, one set each. Pure."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from integrations.connectors.connection import Connection
from integrations.connectors.edi_files.file_name import file_name
from integrations.connectors.edi_files.x12_envelope import enclose, enclose_ta1
from integrations.connectors.outbound import INTERCHANGE_ANSWER, Controls, Envelope
from integrations.connectors.x12.agreement import agreed
from integrations.connectors.x12.documents import prepare
from integrations.formats.x12.codes import FUNCTIONAL_ID

Item = tuple[UUID, str, dict[str, Any]]

_SETS: Final = {"order": "940", "inbound_shipment": "943", "acknowledgement": "997"}


def file_kind(object_type: str, document: Mapping[str, Any]) -> str:
    """Answers to whole interchanges are no sets, and stand in files of their own."""
    return INTERCHANGE_ANSWER if INTERCHANGE_ANSWER in document else ""


def envelope(
    connection: Connection, documents: Sequence[Item], controls: Controls, now: datetime
) -> Envelope:
    """One file of documents of one object type, in their order.

    What cannot be written has problems and is left out; the set numbers count those that are in.
    `body` is empty when nothing could be written.
    """
    set_type = _SETS[documents[0][1]]
    local = now.astimezone(ZoneInfo(str(connection.settings["time_zone"] or "UTC")))
    if INTERCHANGE_ANSWER in documents[0][2]:
        return _ta1(connection, documents, controls, local)
    prepared = [(id_, _prepared(set_type, document, connection)) for id_, _, document in documents]
    enclosed = enclose(agreed(connection), set_type, prepared, controls, local)
    name = file_name(set_type, str(connection.settings["partner_id"]), local, controls)
    return Envelope(name, enclosed.body, FUNCTIONAL_ID[set_type], enclosed.problems)


def _ta1(
    connection: Connection, documents: Sequence[Item], controls: Controls, local: datetime
) -> Envelope:
    plain = [(id_, document) for id_, _, document in documents]
    enclosed = enclose_ta1(agreed(connection), plain, controls, local)
    name = file_name("TA1", str(connection.settings["partner_id"]), local, controls)
    return Envelope(name, enclosed.body, "TA1", enclosed.problems)


def _prepared(set_type: str, document: dict[str, Any], connection: Connection) -> dict[str, Any]:
    return document if set_type == _SETS["acknowledgement"] else prepare(document, connection)
