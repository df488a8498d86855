"""Documents for a warehouse in one file: one interchange, one group, one set each. Pure."""

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from integrations.canonical.problem import Problem
from integrations.connectors.connection import Connection
from integrations.connectors.outbound import Controls, Envelope
from integrations.connectors.x12.agreement import profile_of
from integrations.connectors.x12.documents import prepare
from integrations.connectors.x12.issues import writing_problems
from integrations.formats.x12 import Issue, OutboundSet, Profile, Written, build_interchange
from integrations.formats.x12.codes import FUNCTIONAL_ID

Item = tuple[UUID, str, dict[str, Any]]

_SETS: Final = {"order": "940", "inbound_shipment": "943", "acknowledgement": "997"}
_UNFIT: Final = re.compile(r"[^A-Za-z0-9-]+")


def envelope(
    connection: Connection, documents: Sequence[Item], controls: Controls, now: datetime
) -> Envelope:
    """One file of documents of one object type, in their order.

    What cannot be written has problems and is left out; the set numbers count those that are in.
    `body` is empty when nothing could be written.
    """
    profile = profile_of(connection)
    set_type = _SETS[documents[0][1]]
    local = now.astimezone(ZoneInfo(str(connection.settings["time_zone"] or "UTC")))
    prepared = [(id_, _prepared(set_type, document, connection)) for id_, _, document in documents]
    written = _build(profile, set_type, prepared, controls, local)
    problems: dict[UUID, list[Problem]] = {}
    if written.refused:
        problems = _refusals(prepared, written.issues)
        good = [entry for entry in prepared if entry[0] not in problems]
        written = _build(profile, set_type, good, controls, local) if good else Written(b"", [])
    name = _file_name(set_type, str(connection.settings["partner_id"]), local, controls)
    return Envelope(name, written.data, FUNCTIONAL_ID[set_type], problems)


def _prepared(set_type: str, document: dict[str, Any], connection: Connection) -> dict[str, Any]:
    return document if set_type == _SETS["acknowledgement"] else prepare(document, connection)


def _build(
    profile: Profile,
    set_type: str,
    prepared: Sequence[tuple[UUID, dict[str, Any]]],
    controls: Controls,
    local: datetime,
) -> Written:
    sets = [
        OutboundSet(set_type, controls.first_set + number, document)
        for number, (_, document) in enumerate(prepared)
    ]
    return build_interchange(
        profile,
        sets,
        interchange_control=controls.interchange,
        group_control=controls.group,
        now=local,
    )


def _refusals(
    prepared: Sequence[tuple[UUID, dict[str, Any]]], issues: Sequence[Issue]
) -> dict[UUID, list[Problem]]:
    """Problems by message. What is wrong with the envelope itself is wrong with every message."""
    by_set: dict[int | None, list[Issue]] = {}
    for issue in issues:
        by_set.setdefault(issue.set, []).append(issue)
    shared = writing_problems(by_set.get(None, []))
    found = {
        message_id: shared + writing_problems(by_set.get(number, []))
        for number, (message_id, _) in enumerate(prepared)
    }
    return {message_id: problems for message_id, problems in found.items() if problems}


def _file_name(set_type: str, partner: str, local: datetime, controls: Controls) -> str:
    place = _UNFIT.sub("-", partner).strip("-") or "partner"
    return f"{set_type}_{place}_{local:%Y%m%dT%H%M%S}_{controls.interchange:09d}.edi"
