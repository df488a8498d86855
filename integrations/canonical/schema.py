"""The canonical JSON Schemas, compiled once per process."""

import json
from functools import cache
from pathlib import Path
from typing import Any, Final

import jsonschema_rs

_FOLDER: Final = Path(__file__).parent / "schemas"
_COMMON: Final = "common"


def _read(name: str) -> dict[str, Any]:
    schema: dict[str, Any] = json.loads((_FOLDER / f"{name}.json").read_bytes())
    return schema


OBJECT_TYPES: Final = tuple(
    sorted(path.stem for path in _FOLDER.glob("*.json") if path.stem != _COMMON)
)


@cache
def schema_of(object_type: str) -> dict[str, Any]:
    """The schema (JSON Schema 2020-12) of `object_type`. KeyError for an unknown type."""
    if object_type not in OBJECT_TYPES:
        raise KeyError(object_type)
    return _read(object_type)


def version_of(object_type: str) -> str:
    """The schema's version, such as `1.0`: the last part of its `$id`."""
    return str(schema_of(object_type)["$id"]).rpartition(":")[2]


@cache
def validator_of(object_type: str) -> jsonschema_rs.Validator:
    """The compiled validator of `object_type`; patterns run in linear time."""
    return _compile(schema_of(object_type))


@cache
def validator_at(place: str) -> jsonschema_rs.Validator:
    """The compiled validator of a part: `order#/properties/lines/items` is a line of an order."""
    name, _, pointer = place.partition("#")
    return _compile({"$ref": f"{_document(name)['$id']}#{pointer}"})


@cache
def resolve(place: str) -> tuple[str, dict[str, Any]]:
    """Where the schema at `place`, written as for `validator_at`, really stands, and the schema."""
    name, _, pointer = place.partition("#")
    schema = at(name, pointer)
    if "$ref" not in schema:
        return place, schema
    target, _, inner = schema["$ref"].partition("#")
    return resolve(f"{_COMMON if target else name}#{inner}")


def at(name: str, pointer: str) -> dict[str, Any]:
    """The schema at `pointer` of an object type, or of `common`, as it is written there."""
    schema = _document(name)
    for step in pointer.split("/")[1:]:
        schema = schema[step]
    return schema


def _document(name: str) -> dict[str, Any]:
    return _read(_COMMON) if name == _COMMON else schema_of(name)


def _compile(schema: dict[str, Any]) -> jsonschema_rs.Validator:
    return jsonschema_rs.Draft202012Validator(
        schema,
        registry=_registry(),
        validate_formats=True,
        pattern_options=jsonschema_rs.RegexOptions(),
    )


@cache
def _registry() -> jsonschema_rs.Registry:
    documents = [_read(name) for name in (_COMMON, *OBJECT_TYPES)]
    return jsonschema_rs.Registry([(document["$id"], document) for document in documents])


@cache
def pattern_words() -> dict[str, str]:
    """Every pattern of the schemas → what it asks for, from the `description` beside it."""
    words: dict[str, str] = {}
    for name in (_COMMON, *OBJECT_TYPES):
        _collect_words(_read(name), words)
    return words


def _collect_words(part: Any, words: dict[str, str]) -> None:
    if isinstance(part, dict):
        if isinstance(part.get("pattern"), str) and "description" in part:
            words.setdefault(part["pattern"], part["description"])
        part = list(part.values())
    if isinstance(part, list):
        for child in part:
            _collect_words(child, words)
