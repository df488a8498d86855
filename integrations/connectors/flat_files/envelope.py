"""Documents in one file, as was agreed for their type. Pure."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from integrations.canonical.problem import Problem
from integrations.connectors.connection import Connection
from integrations.connectors.described.description import DescriptionError
from integrations.connectors.flat_files import agreement, file_naming
from integrations.connectors.flat_files.nesting import value_at
from integrations.connectors.flat_files.shaping import shaped
from integrations.connectors.outbound import Controls, Envelope
from integrations.formats import flat

Item = tuple[UUID, str, dict[str, Any]]
_TYPES: Final = (
    (flat.Delimited, "text/csv"),
    (flat.Xml, "application/xml"),
    (flat.FixedWidth, "text/plain"),
    (flat.Xlsx, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
)


def envelope(
    connection: Connection, documents: Sequence[Item], controls: Controls, now: datetime
) -> Envelope:
    """One file of documents of one object type, in their order.

    What cannot be written as agreed has problems and is left out. `body` is empty when nothing could be
    written.
    """
    object_type = documents[0][1]
    try:
        agreed = agreement.of(connection.settings).outgoing.get(object_type)
    except DescriptionError as error:
        return _none(documents, Problem("settings_invalid", "", "", f"{error}"))
    if agreed is None:
        text = f"The agreement about files names no outgoing {object_type}."
        return _none(documents, Problem("settings_invalid", "outgoing", object_type, text))
    written = flat.write([shaped(body, agreed.profile) for _, _, body in documents], agreed.profile)
    problems: dict[UUID, list[Problem]] = {}
    for issue in written.problems:
        if issue.document is not None:
            held = problems.setdefault(documents[issue.document][0], [])
            held += flat.as_problems([issue])
    name = file_naming.name(
        agreed.file_name,
        object_type=object_type,
        number=_number(agreed.profile, [body for id_, _, body in documents if id_ not in problems]),
        now=now.astimezone(ZoneInfo(str(connection.settings["time_zone"] or "UTC"))),
        sequence=controls.interchange,
    )
    body = written.body if len(problems) < len(documents) else b""
    return Envelope(name, body, "", problems, content_type(agreed.profile))


def content_type(profile: flat.AnyProfile) -> str:
    """What the bytes of such a file are."""
    return next(name for kind, name in _TYPES if isinstance(profile, kind))


def _none(documents: Sequence[Item], problem: Problem) -> Envelope:
    return Envelope("", b"", "", {id_: [problem] for id_, _, _ in documents})


def _number(profile: flat.AnyProfile, bodies: Sequence[dict[str, Any]]) -> str:
    """What the first document is called by people: its first required column, or its `number`."""
    if not bodies:
        return ""
    records = profile.records if isinstance(profile, flat.FixedWidth) else ()
    columns = records[0].columns if records else getattr(profile, "columns", ())
    required = [column.name.replace("/", ".") for column in columns if column.required]
    found = (value_at(bodies[0], name) for name in (*required[:1], "number"))
    return next((str(value) for value in found if isinstance(value, str | int)), "")
