"""Mapping with the connector's defaults, as the engine does it."""

from functools import cache
from typing import Any

from integrations.connectors.connection import Connection
from integrations.connectors.edi import mapper
from integrations.connectors.inbound import Part
from integrations.mapping import MISSING, CompiledMapping, compile_mapping


@cache
def mapping(object_type: str, direction: str) -> CompiledMapping:
    return compile_mapping(mapper.MAPPINGS[object_type, direction], name=f"edi {object_type}")


_TABLES = {"sku_buyer": {"TENT-2P": "90210"}, "sku_supplier": {"TENT-2P": "TM-200"}}


def lookup(table: str, code: Any) -> Any:
    return _TABLES[table].get(code, MISSING) if table in _TABLES else code


def to_document(
    object_type: str, body: dict[str, Any], to: Connection, **context: Any
) -> dict[str, Any]:
    """A canonical body as the document to write."""
    outcome = mapping(object_type, "out").run(
        body,
        lookup=lookup,
        binding=lambda kind, number: MISSING,
        context={"version": 1, "settings": dict(to.settings), **context},
    )
    assert outcome.problems == []
    assert outcome.body is not None
    return outcome.body


def to_bodies(part: Part, to: Connection) -> list[dict[str, Any]]:
    """A document as canonical bodies; what is wrong with them fails the test."""
    native = mapper.read(part.object_type, part.topic, part.body, to)
    assert native.problems == []
    bodies = []
    for document in native.documents:
        outcome = mapping(native.object_type, "in").run(
            document,
            lookup=lookup,
            binding=lambda kind, number: MISSING,
            context={"endpoint": to.slug, "settings": dict(to.settings)},
        )
        assert outcome.problems == []
        assert outcome.body is not None
        bodies.append(outcome.body)
    return bodies
