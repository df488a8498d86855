"""What is done about documents that were not as their contract says."""

from typing import Any
from uuid import UUID

from django.db import connection

from integrations.connectors.connection import Connection
from integrations.connectors.connector import Connector
from integrations.contracts import Contract, accept
from integrations.domain import problems, replay
from integrations.domain.configuration import endpoint_config
from integrations.domain.rerun import Wanted, latest
from integrations.domain.translate import DRIFT
from integrations.models import Endpoint
from portal.tenants.rows import beyond_limit

MOST = 200
_LOOKED_AT, _FEW = 40, 3


def documents(
    endpoint: Endpoint, object_type: str, *, most: int = MOST
) -> list[tuple[UUID, list[Any]]]:
    """The newest documents with drift nobody has answered: message id and what was in it."""
    with beyond_limit(), connection.cursor() as cursor:  # the endpoint was found under it
        cursor.execute(
            """
            SELECT m.id, m.topic, p.body FROM integrations_message m
            JOIN integrations_payload p ON p.sha256 = m.payload_id
            WHERE m.id IN (SELECT message_id FROM integrations_problem WHERE endpoint_id = %s
                AND code = %s AND closed_at IS NULL) AND m.object_type = %s
            ORDER BY m.id DESC LIMIT %s
            """,
            [endpoint.pk, DRIFT, object_type, most],
        )
        rows = cursor.fetchall()
    config = endpoint_config(endpoint)
    return [
        (message_id, _decoded(config.connector, config.connection, object_type, topic, bytes(body)))
        for message_id, topic, body in rows
    ]


def _decoded(
    connector: Connector, connection: Connection, object_type: str, topic: str, body: bytes
) -> list[Any]:
    return connector.mapper.read(object_type, topic, body, connection).documents


def values(
    endpoint: Endpoint, object_type: str, contract: Contract
) -> dict[tuple[str, str], list[str]]:
    """What the newest drifting documents say, by kind of drift and path: a few values of each."""
    found: dict[tuple[str, str], list[str]] = {}
    for _, inside in documents(endpoint, object_type, most=_LOOKED_AT):
        for one in (drift for document in inside for drift in contract.drifts(document)):
            said = found.setdefault((one.kind, one.path), [])
            if one.found not in said and len(said) < _FEW:
                said.append(one.found)
    return found


def newest(endpoint: Endpoint, object_type: str, *, most: int = MOST) -> list[Any]:
    """What was in the endpoint's newest documents of this type, as far as they can be read."""
    stored = latest(endpoint.customer_id, Wanted(endpoint.pk, object_type, "in"), most=most)
    config = endpoint_config(endpoint)
    read = (
        _decoded(config.connector, config.connection, object_type, one.topic, one.body or b"")
        for one in stored
    )
    return [document for inside in read for document in inside]


def taken_in(endpoint: Endpoint, object_type: str, schema: dict[str, Any]) -> dict[str, Any]:
    """The contract's next version: as little wider as its drifting documents need."""
    found = documents(endpoint, object_type)
    return accept(schema, [document for _, inside in found for document in inside])


def settle(endpoint: Endpoint, object_type: str, contract: Contract, *, by: str) -> int:
    """Answer the drift of documents that are as agreed by now: remarks close, held ones are replayed.

    Returns how many documents are settled.
    """
    agreed = [
        message_id
        for message_id, inside in documents(endpoint, object_type)
        if not any(contract.drifts(document) for document in inside)
    ]
    cause = "The contract allows it now"
    replay.replay(agreed, actor=by, cause=cause)
    problems.close_problems(agreed, actor=by, cause=cause)
    return len(agreed)
