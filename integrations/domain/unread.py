"""Fields of native documents that nothing reads: what a system has beyond the default mapping.

Some fields are read by the mapper, which makes `derived` of them, and not by a row. Whether it does
shows when the field is changed: if nothing else of the document changes with it, nobody reads it.
"""

import copy
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

from integrations.connectors.connection import Connection
from integrations.connectors.connector import Connector
from integrations.connectors.inbound import Native
from integrations.mapping import Row

MOST_FIELDS: Final = 100
LARGEST_BODY: Final = 256 * 1024
_STRING: Final = re.compile(r'"((?:[^"\\]|\\.)*)"')
_NAME: Final = re.compile(r"`([^`]+)`|(?<![$\w])([A-Za-z_]\w*)")
_PATH: Final = re.compile(r"(?:[A-Za-z_]\w*\.)*(?:`([^`]+)`|([A-Za-z_]\w*))")


Read = Callable[[dict[str, Any]], Native]


class _Field(NamedTuple):
    """A place in a document: names, `[]` for each entry of a list, `key=…` for those of that key."""

    steps: tuple[str, ...]

    def __str__(self) -> str:
        text = ""
        for step in self.steps:
            if step == "[]":
                text += "[]"
            elif step.startswith("key="):
                text = text.removesuffix("[]") + f"[key={json.dumps(step[4:])}].value"
            else:
                text += f".{step}" if text else step
        return text


def unread_fields(
    connector: Connector,
    connection: Connection,
    object_type: str,
    bodies: Sequence[tuple[str, bytes]],
) -> list[str]:
    """Paths such as `lines[].engraving` and `meta_data[key="_gift"].value` in the JSON `bodies`
    (topic, bytes) that neither the default mapping nor the mapper reads, in the order they were met.

    Other formats have none: their standard says what there is.
    """
    spoken = _spoken_of(connector.mapper.MAPPINGS.get((object_type, "in"), ()))
    unread: dict[_Field, bool] = {}
    for topic, body in bodies:
        document = _object(body)

        def read(changed: dict[str, Any], topic: str = topic) -> Native:
            encoded = json.dumps(changed).encode()
            return connector.mapper.read(object_type, topic, encoded, connection)

        for field in _strangers(document, spoken, ()):
            if unread.get(field, True) and (field in unread or len(unread) < MOST_FIELDS):
                unread[field] = not _matters(read, document, field)
    return [str(field) for field, free in unread.items() if free]


def _object(body: bytes) -> dict[str, Any]:
    if len(body) > LARGEST_BODY:
        return {}
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


class _Spoken(NamedTuple):
    """What rows speak of: names, those of them that are taken with all below, and texts."""

    names: set[str]
    whole: set[str]
    texts: set[str]


def _spoken_of(rows: Sequence[Row]) -> _Spoken:
    spoken = _Spoken(set(), set(), set())
    for row in rows:
        spoken.texts.update(_STRING.findall(row.source))
        for quoted, plain in _NAME.findall(_STRING.sub(" ", row.source)):
            spoken.names.add(quoted or plain)
        path = _PATH.fullmatch(row.source.strip())
        if path and not row.target.endswith("[]"):
            spoken.whole.add(path[1] or path[2])
    return spoken


def _strangers(value: Any, spoken: _Spoken, at: tuple[str, ...]) -> Iterator[_Field]:
    """The highest places whose name stands in no row."""
    if isinstance(value, Mapping):
        for name, child in value.items():
            if name in spoken.names - spoken.whole:
                yield from _strangers(child, spoken, (*at, name))
            elif name not in spoken.whole and child not in (None, "", [], {}):
                yield _Field((*at, name))
    elif isinstance(value, list) and _is_keyed(value):
        keys = [str(entry["key"]) for entry in value]
        yield from (_Field((*at, f"key={key}")) for key in keys if key not in spoken.texts)
    elif isinstance(value, list):
        for entry in value:
            yield from _strangers(entry, spoken, (*at, "[]"))


def _is_keyed(entries: list[Any]) -> bool:
    """Whether it is a list of {key, value}, as shops keep the fields of their plug-ins."""
    return bool(entries) and all(
        isinstance(e, dict) and {"key", "value"} <= e.keys() for e in entries
    )


def _matters(read: Read, document: dict[str, Any], field: _Field) -> bool:
    """Whether anything but the field itself changes when the field does."""
    before = _without(read(document), field)
    return any(_without(read(changed), field) != before for changed in _changed(document, field))


def _without(native: Native, field: _Field) -> tuple[list[Any], int]:
    kept = copy.deepcopy(native.documents)
    for found in kept:
        _change(found, field.steps, remove=True)
    return kept, len(native.problems)


def _changed(document: dict[str, Any], field: _Field) -> Iterator[dict[str, Any]]:
    for remove in (False, True):
        changed = copy.deepcopy(document)
        _change(changed, field.steps, remove=remove)
        yield changed


def _change(value: Any, steps: tuple[str, ...], *, remove: bool) -> None:
    """Take the field away, or put another value of its kind there."""
    step, *rest = steps
    if step == "[]":
        for entry in value if isinstance(value, list) else ():
            _change(entry, tuple(rest), remove=remove)
    elif step.startswith("key="):
        _change_keyed(value, step[4:], remove=remove)
    elif isinstance(value, dict) and step in value:
        if rest:
            _change(value[step], tuple(rest), remove=remove)
        elif remove:
            del value[step]
        else:
            value[step] = _another(value[step])


def _change_keyed(entries: Any, key: str, *, remove: bool) -> None:
    for entry in [e for e in entries if e.get("key") == key]:
        if remove:
            entries.remove(entry)
        else:
            entry["value"] = _another(entry["value"])


def _another(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _another(child) for name, child in value.items()}
    if isinstance(value, list):
        return [_another(child) for child in value]
    if isinstance(value, bool) or value is None:
        return not value
    return value + 7 if isinstance(value, int | float) else f"{value}7"
