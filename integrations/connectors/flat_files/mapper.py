"""Flat files made ready for mapping, and the mappings one to one. Pure."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

from integrations.canonical.problem import Problem, shorten
from integrations.canonical.schema import OBJECT_TYPES, schema_of
from integrations.connectors import json_object, left_files, mail_notes
from integrations.connectors.connection import Connection
from integrations.connectors.connector import Mappings, Streams
from integrations.connectors.described import places
from integrations.connectors.described.description import DescriptionError
from integrations.connectors.flat_files import agreement
from integrations.connectors.flat_files.agreement import Incoming
from integrations.connectors.flat_files.nesting import nested
from integrations.connectors.inbound import Native, Part, Split
from integrations.formats import flat
from integrations.mapping import Row

STREAMS: Streams = {"files": "interchange"}
RECEIVED: Final = "{received}"


def one_to_one(*object_types: str) -> dict[tuple[str, Any], list[Row]]:
    """The mappings, both ways, of columns that are called as the fields are."""
    return {
        (object_type, direction): [
            Row(name, f"`{name}`") for name in schema_of(object_type)["properties"]
        ]
        for object_type in object_types
        for direction in ("in", "out")
    }


MAPPINGS: Mappings = one_to_one(*OBJECT_TYPES)


def split(
    body: bytes, connection: Connection, *, received: datetime, topic: str = ""
) -> Split | None:
    """A file's documents, each to stand alone, and what holds the file as a whole."""
    try:
        entry = agreement.of(connection.settings).of_topic(topic)
    except DescriptionError as error:
        return Split([], [Problem("settings_invalid", "agreement", "", f"{error}")], [])
    if entry is None:
        text = "The agreement about files does not say what is in this one."
        return Split([], [Problem("settings_invalid", "incoming", shorten(topic), text)], [])
    reading = flat.read(body, entry.profile)
    if not entry.object_type:
        held = [found for found in reading.problems if found.severity != "warn"]
        return Split([], flat.as_problems(held), [])
    added = {
        name: f"{received.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}" if value == RECEIVED else value
        for name, value in entry.add.items()
    }
    parts = [
        Part(entry.object_type, entry.name, json.dumps(_with(document, added)).encode())
        for document in reading.documents
    ]
    return Split(parts, flat.as_problems(flat.holding_file(reading)), [])


def read(object_type: str, topic: str, body: bytes, connection: Connection) -> Native:
    """One document of a file: its columns as fields, and what in them is not as agreed."""
    if object_type == left_files.NOTE:
        return Native(object_type, [], [mail_notes.told(body)])
    native = json_object.read(object_type, topic, body, connection)
    entry = _entry(connection, topic, object_type)
    if entry is None:  # the agreement has changed since the file came; the schema still judges it
        return native._replace(documents=[nested(one) for one in native.documents])
    wrong = [found for one in native.documents for found in flat.check(one, entry.profile)]
    if not isinstance(entry.profile, flat.Xml):
        native = native._replace(documents=[nested(one) for one in native.documents])
    return native._replace(problems=[*native.problems, *wrong])


def remote_id(object_type: str, document: dict[str, Any]) -> str | None:
    """The system's own id of a document, where it has a column that is called so."""
    return places.word(document.get("id")) or None


def _entry(connection: Connection, topic: str, object_type: str) -> Incoming | None:
    try:
        return agreement.of(connection.settings).of_topic(topic, object_type)
    except DescriptionError:
        return None


def _with(document: dict[str, Any], added: Mapping[str, str]) -> dict[str, Any]:
    """The document with what was agreed to be added where it says nothing itself."""
    found = dict(document)
    for name, value in added.items():
        head, _, below = name.partition(".")
        entries = found.get(head)
        if below and isinstance(entries, list):
            found[head] = [_with(e, {below: value}) if isinstance(e, dict) else e for e in entries]
        elif found.get(name) is None:
            found[name] = value
    return found
