"""Mapping with the connector's defaults, as the engine does it."""

from collections.abc import Callable
from functools import cache
from typing import Any

from integrations.connectors.connection import Connection
from integrations.connectors.inbound import Part
from integrations.connectors.x12 import mapper
from integrations.mapping import MISSING, CompiledMapping, compile_mapping


@cache
def mapping(object_type: str, direction: str) -> CompiledMapping:
    return compile_mapping(mapper.MAPPINGS[object_type, direction], name=f"x12 {object_type}")


def to_document(
    object_type: str, body: dict[str, Any], connection: Connection, **context: Any
) -> dict[str, Any]:
    """A canonical body as the document to write."""
    outcome = mapping(object_type, "out").run(
        body,
        lookup=lambda table, code: code,
        binding=lambda kind, number: MISSING,
        context={"version": 1, "settings": dict(connection.settings), **context},
    )
    assert outcome.problems == []
    assert outcome.body is not None
    return outcome.body


def to_bodies(
    part: Part,
    connection: Connection,
    *,
    lookup: Callable[[str, Any], Any] = lambda table, code: code,
) -> list[dict[str, Any]]:
    """A set as canonical bodies; what is wrong with them fails the test."""
    native = mapper.read(part.object_type, part.topic, part.body, connection)
    assert native.problems == []
    bodies = []
    for document in native.documents:
        outcome = mapping(native.object_type, "in").run(
            document,
            lookup=lookup,
            binding=lambda kind, number: MISSING,
            context={"settings": dict(connection.settings)},
        )
        assert outcome.problems == []
        bodies.append(outcome.body)
    return bodies
