"""Whether a file has the shape that the schema asks for, in plain words."""

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path as FilePath
from typing import Any, Final

import jsonschema_rs

from integrations.yaml_source import Fault, Path, Source

SCHEMA: Final = FilePath(__file__).with_name("schema.json")
_KINDS: Final = {
    "string": "text",
    "object": "a group of keys",
    "array": "a list",
    "boolean": "true or false",
    "number": "a number",
    "integer": "a whole number",
    "null": "null",
}
_SHOWN: Final = 60
_Kind = jsonschema_rs.ValidationErrorKind


@cache
def _schema() -> dict[str, Any]:
    schema: dict[str, Any] = json.loads(SCHEMA.read_bytes())
    return schema


@cache
def _validator() -> jsonschema_rs.Validator:
    return jsonschema_rs.Draft202012Validator(_schema(), offline=True)


def shape_faults(source: Source) -> list[Fault]:
    """Everything the schema refuses, in the order of the file. An empty file has no shape."""
    if source.data is None:
        return [Fault(1, "", "The file is empty.")]
    faults = [
        source.fault(path, text)
        for error in _validator().iter_errors(source.data)
        for path, text in _tell(error)
    ]
    return sorted(set(faults))


def _tell(error: jsonschema_rs.ValidationError) -> Iterator[tuple[Path, str]]:
    path = tuple(error.instance_path)
    if "secrets" in path and not isinstance(error.kind, _Kind.Type):
        # Whatever stands here may be the secret itself: it is not repeated.
        yield path, "Write ${NAME} here and set the environment variable NAME to the secret."
        return
    match error.kind:
        case _Kind.Required(property=name):
            yield (*path, name), "This key is missing."
        case _Kind.AdditionalProperties(unexpected=names):
            known = ", ".join(_part(error).get("properties", {}))
            for name in names:
                yield (*path, name), f"There is no such key. There are: {known}."
        case _Kind.Type(types=types):
            wanted = " or ".join(_KINDS[kind] for kind in types)
            yield path, f"It must be {wanted}."
        case _Kind.Enum(options=options):
            known = ", ".join(map(str, options))
            yield path, f"“{_show(error.instance)}” is not one of {known}."
        case _:
            yield path, _refusal(error)


def _refusal(error: jsonschema_rs.ValidationError) -> str:
    match error.kind:
        case _Kind.Minimum(limit=limit):
            return f"It must be at least {limit}."
        case _Kind.ExclusiveMinimum(limit=limit):
            return f"It must be more than {limit}."
        case _Kind.Maximum(limit=limit):
            return f"It must be at most {limit}."
        case _Kind.MaxLength(limit=limit):
            return f"It may have at most {limit} characters."
        case _Kind.MinLength():
            return "It must not be empty."
    if wish := _part(error).get("description"):
        return f"“{_show(error.instance)}” will not do. Use {wish}."
    return f"It will not do: {error.message}."


def _part(error: jsonschema_rs.ValidationError) -> dict[str, Any]:
    """The part of the schema that refused the value."""
    part: Any = _schema()
    for step in error.schema_path[:-1]:
        part = part[step]
    return part if isinstance(part, dict) else {}


def _show(value: Any) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
