"""Translate out: from record versions to documents in the target's own shape."""

import json
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple
from uuid import UUID

import structlog
from django.db import InterfaceError, OperationalError, connection

from integrations.canonical.problem import Problem
from integrations.connectors.outbound import Outbound
from integrations.domain import outbox
from integrations.domain.configuration import Configuration, EndpointConfig
from integrations.domain.outbox import Claimed
from integrations.domain.translate import ACKNOWLEDGEMENT, Translator
from integrations.mapping import MISSING

log = structlog.get_logger()
MAP_SECONDS = 2.0


class Composed(NamedTuple):
    """Messages ready to go, those with problems, and the mapping each used. `late`: those for which
    the time of a bite was too short, because the mappings of the others ran to their limits."""

    ready: list[Outbound]
    problems: dict[UUID, list[Problem]]
    mappings: dict[UUID, str]
    late: list[UUID]


class _Facts(NamedTuple):
    """What the database knows of the batch: bodies by (record, version), bindings, orders."""

    bodies: dict[tuple[UUID, int], dict[str, Any]]
    own: dict[UUID, str]  # record → remote id at the target
    by_number: dict[tuple[str, str], str]  # (type, number) → remote id at the target
    orders: dict[UUID, dict[str, Any]]
    sent: set[tuple[UUID, int]]  # (record, flow) of which an earlier version went out


def compose(config: Configuration, target: EndpointConfig, claimed: Sequence[Claimed]) -> Composed:
    """Map each claimed message for `target`. One that cannot be mapped has problems instead."""
    facts = _load(target, claimed)
    translator = Translator(config)
    composed = Composed([], {}, {}, [])
    ends = time.monotonic() + MAP_SECONDS
    for message in claimed:
        if time.monotonic() > ends:
            composed.late.append(message.id)
            continue
        if message.object_type == ACKNOWLEDGEMENT:
            body = facts.bodies[message.id, 0]
            composed.ready.append(Outbound(message.id, ACKNOWLEDGEMENT, "", body, None, False))
            continue
        document, problems, name = _map_or_tell(config, target, message, facts, translator)
        composed.mappings[message.id] = name
        if problems:
            composed.problems[message.id] = problems
        else:
            composed.ready.append(
                Outbound(
                    message_id=message.id,
                    object_type=message.object_type,
                    business_key=message.business_key,
                    document=document,
                    remote_id=facts.own.get(message.record_id) if message.record_id else None,
                    retried=message.attempts > 1,
                )
            )
    return composed


def _map_or_tell(
    config: Configuration,
    target: EndpointConfig,
    message: Claimed,
    facts: _Facts,
    translator: Translator,
) -> tuple[dict[str, Any], list[Problem], str]:
    try:
        return _map(config, target, message, facts, translator)
    except (OperationalError, InterfaceError):
        raise
    except (
        Exception
    ) as error:  # one record that breaks our code must not stop its endpoint's others
        log.exception("poison record", message_id=str(message.id))
        text = (
            f"The record stops our own code ({type(error).__name__}); an engineer has to look at it"
        )
        return {}, [Problem("poison", "", "", text)], ""


def _map(
    config: Configuration,
    target: EndpointConfig,
    message: Claimed,
    facts: _Facts,
    translator: Translator,
) -> tuple[dict[str, Any], list[Problem], str]:
    mapped = config.mapping(target.id, message.object_type, "out")
    if mapped is None:
        text = f"{target.label} has no mapping for {message.object_type}"
        return {}, [Problem("mapping_missing", "", message.object_type, text)], ""
    given = _given(config, target, message, facts, translator)
    outcome = mapped.compiled.run(**given._asdict())
    return outcome.body or {}, list(outcome.problems), mapped.name


class Given(NamedTuple):
    """What a mapping is run with."""

    document: dict[str, Any]
    lookup: Callable[[str, Any], Any]
    binding: Callable[[str, Any], Any]
    context: dict[str, Any]


def given(config: Configuration, target: EndpointConfig, message: Claimed) -> Given:
    """What the mapping of one message for `target` would be run with. ValueError without a record."""
    return _given(config, target, message, _load(target, [message]), Translator(config))


def _given(
    config: Configuration,
    target: EndpointConfig,
    message: Claimed,
    facts: _Facts,
    translator: Translator,
) -> Given:
    if message.record_id is None or message.record_version is None:
        raise ValueError(f"message {message.id} has no record")
    order_id = message.order_id
    return Given(
        document=facts.bodies[message.record_id, message.record_version],
        lookup=translator.lookup,
        binding=lambda kind, number: facts.by_number.get((kind, str(number)), MISSING),
        context={
            "version": message.record_version,
            "sent_before": (message.record_id, message.flow_id) in facts.sent,
            "remote_id": facts.own.get(message.record_id),
            "order_remote_id": facts.own.get(order_id) if order_id else None,
            "order": facts.orders.get(order_id) if order_id else None,
            "site": target.site,
            "settings": dict(target.connection.settings),
        },
    )


def _load(target: EndpointConfig, claimed: Sequence[Claimed]) -> _Facts:
    bodies = _bodies(claimed) | _answers(claimed)
    order_ids = {m.order_id for m in claimed if m.order_id and m.order_id != m.record_id}
    records = {m.record_id for m in claimed if m.record_id} | order_ids
    skus = {
        line["sku"] for body in bodies.values() for line in body.get("lines", []) if "sku" in line
    } | {body["sku"] for body in bodies.values() if "sku" in body}
    own, by_number = _bindings(target.id, records, skus)
    changed = [m.record_id for m in claimed if m.record_id and (m.record_version or 0) > 1]
    sent = outbox.flows_delivered(changed)
    return _Facts(bodies, own, by_number, _orders(order_ids), sent)


def _bodies(claimed: Sequence[Claimed]) -> dict[tuple[UUID, int], dict[str, Any]]:
    wanted = [(m.record_id, m.record_version) for m in claimed if m.record_id]
    if not wanted:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT w.id, w.version, coalesce(v.body, r.body)::text
            FROM unnest(%s::uuid[], %s::int[]) AS w(id, version)
            JOIN integrations_record r ON r.id = w.id
            LEFT JOIN integrations_recordversion v ON v.record_id = w.id AND v.version = w.version
            """,
            [[w[0] for w in wanted], [w[1] for w in wanted]],
        )
        return {(row[0], row[1]): json.loads(row[2]) for row in cursor.fetchall()}


def _answers(claimed: Sequence[Claimed]) -> dict[tuple[UUID, int], dict[str, Any]]:
    """Acknowledgements have no record: their document is their payload."""
    wanted = [m.id for m in claimed if m.object_type == ACKNOWLEDGEMENT]
    if not wanted:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT m.id, p.body FROM integrations_message m"
            " JOIN integrations_payload p ON p.sha256 = m.payload_id WHERE m.id = ANY(%s)",
            [wanted],
        )
        return {(row[0], 0): json.loads(bytes(row[1])) for row in cursor.fetchall()}


def _bindings(
    endpoint_id: int, records: set[UUID], skus: set[str]
) -> tuple[dict[UUID, str], dict[tuple[str, str], str]]:
    own: dict[UUID, str] = {}
    by_number: dict[tuple[str, str], str] = {}
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT b.record_id, b.object_type, r.number, b.remote_id FROM integrations_binding b
            JOIN integrations_record r ON r.id = b.record_id
            WHERE b.endpoint_id = %s AND (b.record_id = ANY(%s) OR (b.object_type = 'product'
                AND b.record_id IN (SELECT id FROM integrations_record WHERE object_type = 'product'
                                    AND number = ANY(%s))))
            """,
            [endpoint_id, list(records), sorted(skus)],
        )
        for record_id, object_type, number, remote_id in cursor.fetchall():
            own[record_id] = remote_id
            by_number[object_type, number] = remote_id
    return own, by_number


def _orders(order_ids: set[UUID]) -> dict[UUID, dict[str, Any]]:
    if not order_ids:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, body::text FROM integrations_record WHERE id = ANY(%s)", [list(order_ids)]
        )
        return defaultdict(dict, {row[0]: json.loads(row[1]) for row in cursor.fetchall()})
