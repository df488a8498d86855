"""An endpoint's resources as an OpenAPI 3.1 document, made of their definitions and of nothing else."""

from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

from integrations.resources.asking import SUFFIXES
from integrations.resources.definition import Definition, Field

_TYPES: Final[Mapping[str, Mapping[str, Any]]] = {
    "string": {"type": "string"},
    "integer": {"type": "integer"},
    "decimal": {"type": "string", "pattern": "^-?[0-9]+([.][0-9]+)?$"},
    "boolean": {"type": "boolean"},
    "date": {"type": "string", "format": "date"},
    "datetime": {"type": "string", "format": "date-time"},
}
_ERRORS: Final = {
    "400": "It cannot be read.",
    "401": "Who asks is not known.",
    "403": "It may not.",
    "404": "It is not there.",
    "409": "It is there already and says something else, or the same request still runs.",
    "415": "It is not JSON.",
    "422": "Something in it cannot be used.",
    "429": "Too often.",
    "503": "The system behind it does not answer now.",
}
_ALWAYS: Final = ("400", "401", "403", "404", "429", "503")
_ABOUT: Final = {
    "": "Exactly this.", "from": "This or more.", "to": "This or less.", "prefix": "Begins with this.",
}  # fmt: skip


class Described(NamedTuple):
    """A published resource: `slug` in its address, `label` for people."""

    slug: str
    label: str
    definition: Definition


def document(title: str, base: str, resources: Sequence[Described]) -> dict[str, Any]:
    """`base`: the path below which the resources are, with a slash at its end."""
    paths: dict[str, Any] = {}
    schemas: dict[str, Any] = {"Problem": _PROBLEM}
    for one in resources:
        at, name = f"{base}{one.slug}/", _component(one.slug)
        schemas[name] = _row(one.definition)
        schemas[f"{name}Page"] = _page(name)
        paths[at] = {"get": _list(one, name)}
        if one.definition.create:
            schemas[f"{name}New"] = _new(one.definition)
            paths[at]["post"] = _create(one, name)
        paths[f"{at}{{key}}/"] = {"get": _read(one, name)}
    return {
        "openapi": "3.1.0",
        "info": {"title": title, "version": "1"},
        "paths": paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
        "security": [{"token": []}],
    }


def schema_of(type_: str, *, nullable: bool = False) -> dict[str, Any]:
    """The JSON Schema of a field's type."""
    found = dict(_TYPES[type_])
    return {**found, "type": [found["type"], "null"]} if nullable else found


def _component(slug: str) -> str:
    return "".join(word.capitalize() for word in slug.split("-"))


def _row(definition: Definition) -> dict[str, Any]:
    return {
        "type": "object",
        "required": [one.name for one in definition.fields],
        "properties": {
            one.name: schema_of(one.type, nullable=one.name not in definition.key)
            for one in definition.fields
        },
    }


def _new(definition: Definition) -> dict[str, Any]:
    fields = definition.create.fields if definition.create else ()
    return {
        "type": "object",
        "additionalProperties": False,
        "required": [one.name for one in fields if one.required],
        "properties": {one.name: schema_of(one.type, nullable=not one.required) for one in fields},
    }


def _page(name: str) -> dict[str, Any]:
    return {
        "type": "object",
        "required": ["items", "next"],
        "properties": {
            "items": {"type": "array", "items": _ref(name)},
            "next": {"type": ["string", "null"], "description": "`cursor` of the next page."},
        },
    }


def _list(one: Described, name: str) -> dict[str, Any]:
    return {
        "summary": f"List: {one.label}",
        "operationId": f"{one.slug}-list",
        "parameters": _parameters(one.definition),
        "responses": _answers({"200": (f"{name}Page", "A page.")}, "409", "422"),
    }


def _read(one: Described, name: str) -> dict[str, Any]:
    about = (
        f"{', '.join(one.definition.key)}: several with commas, ~ as ~0, / as ~1, a comma as ~2."
    )
    key = {"name": "key", "in": "path", "required": True, "description": about,
           "schema": {"type": "string"}}  # fmt: skip
    return {
        "summary": f"Read one: {one.label}",
        "operationId": f"{one.slug}-read",
        "parameters": [key],
        "responses": _answers({"200": (name, "The row.")}, "409"),
    }


def _create(one: Described, name: str) -> dict[str, Any]:
    key = {"name": "Idempotency-Key", "in": "header", "required": True,
           "description": "A repeat with it gets the first answer.",
           "schema": {"type": "string", "minLength": 1, "maxLength": 200}}  # fmt: skip
    return {
        "summary": f"Create: {one.label}",
        "operationId": f"{one.slug}-create",
        "parameters": [key],
        "requestBody": {
            "required": True,
            "content": {"application/json": {"schema": _ref(f"{name}New")}},
        },
        "responses": _answers(
            {
                "201": (name, "It was made. Who may not read rows gets what was given, and no more."),
                "200": (name, "It was there already, and says the same."),
            },
            "409", "415", "422",
        ),
    }  # fmt: skip


def _parameters(definition: Definition) -> list[dict[str, Any]]:
    found = [
        {
            "name": f"{field.name}.{suffix}" if suffix else field.name,
            "in": "query",
            "description": _ABOUT[suffix],
            "schema": schema_of(field.type),
        }
        for field in definition.fields
        if field.filter
        for suffix in _suffixes(field)
    ]
    sorts = [sign + one.name for one in definition.fields if one.sort for sign in ("", "-")]
    if sorts:
        found.append({"name": "sort", "in": "query", "schema": {"enum": sorts},
                      "description": "The order; - for the largest first."})  # fmt: skip
    most = definition.page_size
    return [
        *found,
        {"name": "limit", "in": "query", "description": "Rows a page: this many, or as have 1 MB together.",
         "schema": {"type": "integer", "minimum": 1, "maximum": most, "default": most}},
        {"name": "cursor", "in": "query", "description": "`next` of the page before.",
         "schema": {"type": "string", "maxLength": 2000}},
    ]  # fmt: skip


def _suffixes(field: Field) -> list[str]:
    if field.type == "boolean":
        return [""]
    return [one for one in SUFFIXES if one != "prefix" or field.type == "string"]


def _answers(good: Mapping[str, tuple[str, str]], *bad: str) -> dict[str, Any]:
    found: dict[str, Any] = {
        status: {"description": about, "content": {"application/json": {"schema": _ref(name)}}}
        for status, (name, about) in good.items()
    }
    for status in sorted({*bad, *_ALWAYS}):
        content = {"application/problem+json": {"schema": _ref("Problem")}}
        found[status] = {"description": _ERRORS[status], "content": content}
    return found


def _ref(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}


_PROBLEM: Final = {
    "type": "object",
    "description": "RFC 9457.",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["detail"],
                "properties": {
                    "pointer": {"type": "string"},
                    "parameter": {"type": "string"},
                    "detail": {"type": "string"},
                },
            },
        },
    },
}
