"""Kinds of files as tables: their columns, their rows, and a row as a file of its own. Pure.

Each row stands alone, whatever was agreed about rows that are one document.
"""

import hashlib
import posixpath
import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from integrations.connectors.connection import Connection
from integrations.connectors.described.description import DescriptionError
from integrations.connectors.flat_files import agreement, places
from integrations.connectors.flat_files.agreement import Incoming
from integrations.connectors.flat_files.settings import MAILBOX
from integrations.formats import flat
from integrations.resources.relations import (
    Column,
    ColumnKind,
    FileUnfitError,
    Relation,
    RowRefusedError,
)
from integrations.resources.rows import Table, value_of

MOST_ROWS: Final = 50_000
MOST_BYTES: Final = 8 * 1024 * 1024
_KINDS: Final[Mapping[str, ColumnKind]] = {
    "text": "string", "integer": "integer", "decimal": "decimal", "date": "date", "time": "string",
    "datetime": "datetime", "boolean": "boolean",
}  # fmt: skip
_UNFIT: Final = re.compile(r"[^A-Za-z0-9-]+")
_ENDING: Final = re.compile(r"\.[A-Za-z0-9]{1,8}")


def relations(connection: Connection) -> list[Relation]:
    """The kinds of files that come and whose columns were agreed, by name. None where nothing readable was
    agreed."""
    try:
        agreed = agreement.of(connection.settings)
    except DescriptionError:
        return []
    found = (_relation(one, connection) for one in agreed.incoming.values())
    return sorted(one for one in found if one.columns)


def topic(name: str) -> str:
    """How the topics of the files of this kind begin."""
    return f"{name}:"


def table(name: str, body: bytes, connection: Connection) -> Table:
    """The rows of a file of the kind `name`. FileUnfitError names the place of the first thing wrong."""
    entry = _entry(name, connection)
    if len(body) > MOST_BYTES:
        raise FileUnfitError(f"It has more than {MOST_BYTES // 1024 // 1024} MB.")
    profile = _alone(entry.profile)
    reading = flat.read(body, replace(profile, max_rows=min(profile.max_rows, MOST_ROWS)))
    for problem in reading.problems:
        if problem.severity != "warn":
            raise FileUnfitError(problem.text)
    if len(reading.documents) > MOST_ROWS:
        raise FileUnfitError(f"It has more than {MOST_ROWS:,} rows.")
    columns, zone = _columns(entry.profile), _zone(connection)
    kinds = [(one.name, one.kind) for one in columns]
    rows = []
    for at, document in enumerate(reading.documents, start=1):
        try:
            rows.append(tuple(value_of(_at(document, n), kind, zone) for n, kind in kinds))
        except ValueError as error:
            raise FileUnfitError(f"The {at}. row: {error}") from None
    return Table(columns, rows, zone)


def row_file(
    name: str, key: str, values: Mapping[str, Any], connection: Connection
) -> tuple[str, bytes]:
    """A file of one row: its name, which is the same for the same key, and its bytes. RowRefusedError for
    what cannot be written."""
    entry, zone = _entry(name, connection), _zone(connection)
    profile = _alone(entry.profile)
    kinds = {one.name: one.kind for one in _columns(entry.profile)}
    row: dict[str, Any] = {}
    for column, value in values.items():
        _put(row, column, _written(value, kinds.get(column, "string"), zone))
    written = flat.write([row], profile)
    if written.problems:
        raise RowRefusedError(written.problems[0].text)
    digest = hashlib.sha256(key.encode()).hexdigest()[:16]
    shown = _UNFIT.sub("-", key).strip("-")[:40] or "row"
    ending = posixpath.splitext(entry.pattern)[1]
    return f"{name}_{shown}_{digest}{ending if _ENDING.fullmatch(ending) else '.txt'}", written.body


def _relation(entry: Incoming, connection: Connection) -> Relation:
    return Relation(
        entry.name, False, _columns(entry.profile), is_file=True,
        read_only=_read_only(entry, connection),
    )  # fmt: skip


def _read_only(entry: Incoming, connection: Connection) -> str:
    if places.kind_of(connection) == MAILBOX:
        return "a mailbox only gives files, so no row is created."
    try:
        flat.write([], _alone(entry.profile))
    except flat.ProfileError as error:
        return f"no row is created. {error}"
    return ""


def _entry(name: str, connection: Connection) -> Incoming:
    try:
        found = agreement.of(connection.settings).incoming.get(name)
    except DescriptionError as error:
        raise FileUnfitError(f"The agreement about files cannot be used. {error}") from None
    if found is None:
        raise FileUnfitError(f"The agreement about files names no {name} any more.")
    return found


def _alone(profile: flat.AnyProfile) -> flat.AnyProfile:
    return profile if isinstance(profile, flat.Xml) else replace(profile, group_by=None)


def _columns(profile: flat.AnyProfile) -> tuple[Column, ...]:
    given: Iterable[flat.Column] = ()
    if isinstance(profile, flat.FixedWidth):
        given = next((one.columns for one in profile.records if one.role == "document"), ())
    else:
        given = profile.columns
    return tuple(Column(one.name, _KINDS[one.kind], nullable=not one.required) for one in given)


def _zone(connection: Connection) -> ZoneInfo:
    try:
        return ZoneInfo(str(connection.settings.get("time_zone") or "UTC"))
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo("UTC")


def _at(document: Mapping[str, Any], name: str) -> Any:
    """What a row says in a column; of XML, by its path below the record."""
    if name in document:
        return document[name]
    found: Any = document
    for step in name.split("/"):
        found = found.get(step) if isinstance(found, Mapping) else None
    return found.get("#text") if isinstance(found, Mapping) else found


def _put(row: dict[str, Any], name: str, value: Any) -> None:
    *above, last = name.split("/")
    for step in above:
        row = row.setdefault(step, {})
    row[last] = value


def _written(value: Any, kind: str, zone: ZoneInfo) -> Any:
    """A bound value as writers of files take it: times with their offset."""
    if kind == "datetime" and value is not None:
        return datetime.fromisoformat(str(value)).replace(tzinfo=zone).isoformat()
    return value
