"""A customer's own fields, in namespaces, each checked against the customer's own schema."""

import json
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any, Final, Literal, NamedTuple

import jsonschema_rs

from integrations.canonical.problem import Problem, format_path, shorten

MOST_BYTES: Final = 16 * 1024
MOST_DEPTH: Final = 4
_DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"

Policy = Literal["store_and_warn", "reject"]
Schemas = Mapping[tuple[str, str], dict[str, Any]]


class Checked(NamedTuple):
    """`body` is the given one, or a copy with undeclared values moved to `raw_extensions`.
    Problems hold the message; warnings do not."""

    body: dict[str, Any]
    problems: list[Problem]
    warnings: list[Problem]


def check_extension_schema(schema: Any) -> list[Problem]:
    """What keeps `schema` from being a namespace's schema; empty when good.

    JSON Schema 2020-12, at most 16 KB, at most four levels of objects, every object closed with
    `additionalProperties: false`, no `$ref` that leaves the schema, no look-around in patterns.
    """
    if not isinstance(schema, dict) or schema.get("type") != "object":
        return [_flaw("type", "An extension schema describes an object.")]
    if schema.get("$schema", _DIALECT) != _DIALECT:
        return [_flaw("$schema", "The schema must be JSON Schema 2020-12.")]
    if len(json.dumps(schema).encode()) > MOST_BYTES:
        return [_flaw("", "The schema is larger than 16 KB.")]
    flaws = list(_structure_flaws(schema, path=[], depth=1))
    if flaws:
        return flaws
    try:
        _compile(json.dumps(schema, sort_keys=True))
    except ValueError as error:
        return [_flaw("", f"The schema does not compile: {shorten(str(error))}")]
    return []


def validate_extensions(
    object_type: str,
    body: dict[str, Any],
    *,
    schemas: Schemas,
    policy: Policy = "store_and_warn",
) -> Checked:
    """Check `extensions` of `body` and of each of its lines.

    `schemas` maps (entity, namespace) to an active schema; the entity is the object type, or
    `order.line` for a line. An undeclared key or namespace is a warning and moves to
    `raw_extensions` under `store_and_warn`, a problem under `reject`. A value that its schema
    refuses is a problem under both. All have the code `schema_drift`.
    """
    problems: list[Problem] = []
    warnings: list[Problem] = []
    lines = body.get("lines")
    if isinstance(lines, list) and any(line.get("extensions") for line in lines):
        checked = [
            _check(line, f"{object_type}.line", ["lines", index], schemas, policy)
            for index, line in enumerate(lines)
        ]
        body = {**body, "lines": [line.body for line in checked]}
        problems += [problem for line in checked for problem in line.problems]
        warnings += [warning for line in checked for warning in line.warnings]
    top = _check(body, object_type, [], schemas, policy)
    return Checked(top.body, problems + top.problems, warnings + top.warnings)


def _check(
    entity_body: dict[str, Any],
    entity: str,
    path: list[str | int],
    schemas: Schemas,
    policy: Policy,
) -> Checked:
    extensions = entity_body.get("extensions")
    if not extensions:
        return Checked(entity_body, [], [])
    where = [*path, "extensions"]
    oversize = _size_flaw(extensions, where)
    if oversize:
        return Checked(entity_body, [oversize], [])
    problems: list[Problem] = []
    aside: dict[str, Any] = {}
    drift: list[Problem] = []
    for namespace, values in extensions.items():
        schema = schemas.get((entity, namespace))
        if schema is None:
            aside[namespace] = values
            drift.append(_unknown_namespace([*where, namespace], entity))
            continue
        undeclared = sorted(values.keys() - schema.get("properties", {}).keys())
        if undeclared:
            aside[namespace] = {name: values[name] for name in undeclared}
            drift += [_undeclared([*where, namespace, name], values[name]) for name in undeclared]
        declared = {name: value for name, value in values.items() if name not in undeclared}
        problems += _refusals(schema, declared, [*where, namespace])
    if policy == "reject":
        return Checked(entity_body, problems + drift, [])
    return Checked(_set_aside(entity_body, aside), problems, drift)


def _set_aside(entity_body: dict[str, Any], aside: dict[str, Any]) -> dict[str, Any]:
    if not aside:
        return entity_body
    kept = {
        namespace: {k: v for k, v in values.items() if k not in aside.get(namespace, {})}
        for namespace, values in entity_body["extensions"].items()
    }
    body = {
        **entity_body,
        "extensions": {name: values for name, values in kept.items() if values},
    }
    if not body["extensions"]:
        del body["extensions"]
    body["raw_extensions"] = {**entity_body.get("raw_extensions", {}), **aside}
    return body


def _refusals(
    schema: dict[str, Any], values: dict[str, Any], path: list[str | int]
) -> list[Problem]:
    validator = _compile(json.dumps(schema, sort_keys=True))
    if validator.is_valid(values):
        return []
    found = []
    for error in validator.iter_errors(values):
        where = format_path([*path, *error.instance_path])
        text = f"{where} does not fit its extension schema: {shorten(error.message)}."
        found.append(Problem("schema_drift", where, shorten(error.instance), text))
    return found


@lru_cache(maxsize=1024)
def _compile(schema: str) -> jsonschema_rs.Validator:
    # Offline and with the linear-time regex engine: a customer writes these schemas.
    return jsonschema_rs.Draft202012Validator(
        schema,
        validate_formats=True,
        offline=True,
        pattern_options=jsonschema_rs.RegexOptions(),
    )


def _structure_flaws(node: Any, *, path: list[str | int], depth: int) -> Iterator[Problem]:
    if isinstance(node, list):
        for index, item in enumerate(node):
            yield from _structure_flaws(item, path=[*path, index], depth=depth)
        return
    if not isinstance(node, dict):
        return
    where = format_path(path)
    if not str(node.get("$ref", "#")).startswith("#") or "$dynamicRef" in node:
        yield _flaw(where, "A $ref may only point into the schema itself.")
    opens = node.get("type") == "object" or "properties" in node
    if opens and depth > MOST_DEPTH:
        yield _flaw(where, "Objects nest deeper than four levels.")
        return
    if opens and node.get("additionalProperties") is not False:
        yield _flaw(where, "An object needs additionalProperties: false.")
    for name, child in node.items():
        if name in ("properties", "$defs", "patternProperties") and isinstance(child, dict):
            for key, part in child.items():
                yield from _structure_flaws(part, path=[*path, name, key], depth=depth + 1)
        elif name not in ("const", "enum", "default", "examples"):
            yield from _structure_flaws(child, path=[*path, name], depth=depth)


def _size_flaw(extensions: dict[str, Any], path: list[str | int]) -> Problem | None:
    where = format_path(path)
    if len(json.dumps(extensions).encode()) > MOST_BYTES:
        return Problem("schema_drift", where, "", f"{where} is larger than 16 KB.")
    if any(_depth(values) > MOST_DEPTH for values in extensions.values()):
        return Problem("schema_drift", where, "", f"{where} nests deeper than four levels.")
    return None


def _depth(value: Any) -> int:
    if isinstance(value, dict):
        return 1 + max((_depth(child) for child in value.values()), default=0)
    if isinstance(value, list):
        return 1 + max((_depth(child) for child in value), default=0)
    return 0


def _unknown_namespace(path: list[str | int], entity: str) -> Problem:
    where = format_path(path)
    text = f"Namespace {path[-1]} has no active schema for {entity}."
    return Problem("schema_drift", where, "", text)


def _undeclared(path: list[str | int], value: Any) -> Problem:
    where = format_path(path)
    return Problem("schema_drift", where, shorten(value), f"{where} is not declared.")


def _flaw(path: str, text: str) -> Problem:
    return Problem("extension_schema_invalid", path, "", text)
