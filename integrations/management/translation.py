"""A document as an endpoint without crosswalks would read it. Needs no database."""

from collections.abc import Mapping
from typing import Any

from integrations.canonical.problem import Problem
from integrations.canonical.validation import validate
from integrations.connectors.connection import Connection, connection_from
from integrations.connectors.connector import Connector
from integrations.connectors.inbound import Native
from integrations.mapping import compile_mapping
from portal.core import clock


def translate(
    connector: Connector, object_type: str, body: bytes, *, settings: Mapping[str, Any]
) -> dict[str, Any]:
    """`{"object_type", "objects": [canonical body], "problems": [{code, path, value, text}]}`.

    The connector's default mapping applies, and its default for every setting not given. A code is
    its own meaning, as in a crosswalk that passes everything through. Of a container all documents
    of `object_type` are read. An object with problems is shown as far as it could be mapped.
    """
    connection = connection_from(
        connector.settings,
        endpoint_id=0,
        slug=connector.slug,
        settings=settings,
        secrets=None,
        concurrency=1,
    )
    natives, problems = _read(connector, object_type, body, connection)
    objects: list[dict[str, Any]] = []
    for native in natives:
        problems += native.problems
        for document in native.documents:
            mapped, found = _map(connector, object_type, document, connection)
            objects += [mapped] if mapped else []
            problems += found
    return {
        "object_type": object_type,
        "objects": objects,
        "problems": [problem._asdict() for problem in problems],
    }


def _read(
    connector: Connector, object_type: str, body: bytes, connection: Connection
) -> tuple[list[Native], list[Problem]]:
    split = connector.mapper.split(body, connection, received=clock.now())
    if split is None:
        return [connector.mapper.read(object_type, "", body, connection)], []
    parts = [part for part in split.parts if part.object_type == object_type]
    natives = [
        connector.mapper.read(part.object_type, part.topic, part.body, connection) for part in parts
    ]
    problems = list(split.problems)
    if not parts:
        there = ", ".join(sorted({part.object_type for part in split.parts})) or "nothing readable"
        text = f"The file holds no {object_type}; it holds {there}."
        problems.append(Problem("document_missing", "", object_type, text))
    return natives, problems


def _map(
    connector: Connector, object_type: str, document: Any, connection: Connection
) -> tuple[dict[str, Any] | None, list[Problem]]:
    rows = connector.mapper.MAPPINGS.get((object_type, "in"))
    if rows is None:
        text = f"{connector.manifest.label} has no mapping for {object_type}."
        return None, [Problem("mapping_missing", "", object_type, text)]
    outcome = compile_mapping(rows, name=f"{connector.slug} {object_type} in").run(
        document,
        lookup=lambda table, code: code,
        binding=lambda kind, remote_id: remote_id,
        context={"endpoint": connection.slug, "site": "", "settings": dict(connection.settings)},
    )
    if outcome.problems or outcome.body is None:
        return outcome.body, outcome.problems
    return outcome.body, validate(object_type, outcome.body)
