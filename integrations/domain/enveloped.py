"""Delivery in files: several documents under one control number, for partners who take files.

First the file is made and stored under numbers taken in the same transaction; then it is put in
place. Whatever is killed in between, the same bytes go out again under the same name and number.
"""

import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection, transaction

from integrations.connectors.outbound import ORDER_ANSWER, Controls, Envelope, Outbound, Outcome
from integrations.domain import as2_sent, clients, compose, deliver, outbox
from integrations.domain.compose import Composed
from integrations.domain.configuration import Configuration, EndpointConfig
from integrations.domain.health import Report
from integrations.domain.outbox import Claimed
from integrations.domain.translate import ACKNOWLEDGEMENT
from portal.core import clock
from portal.core.cursors import binary_cursor
from portal.core.errors import CrossdockError
from portal.core.ids import uuid7

LAST_CONTROL = 999_999_999


Ready = tuple[UUID, str, dict[str, Any]]  # message, object type, document


class Filed(NamedTuple):
    """A stored file and the messages in it."""

    id: UUID
    file_name: str
    body: bytes
    messages: list[Claimed]


def deliver_enveloped(
    config: Configuration, target: EndpointConfig, claimed: Sequence[Claimed], report: Report
) -> None:
    """Put `claimed` in place, in new files or in the ones an earlier try made."""
    filed = _already_filed([m for m in claimed if m.interchange_id])
    composed = compose.compose(config, target, [m for m in claimed if not m.interchange_id])
    by_id = {message.id: message for message in claimed}
    with transaction.atomic():
        deliver.hold_unmapped(config, target, composed, by_id)
        filed += _file(config, target, composed, by_id)
    client = clients.putting_files(target)
    writer = deliver.Writer(config, target, composed, by_id, report)
    is_final = not _is_acknowledged(target)
    error: CrossdockError | None = None
    ends = time.monotonic() + deliver.SEND_SECONDS
    for one in filed:
        if time.monotonic() > ends:
            outbox.put_back([m.id for m in one.messages])
            continue
        answer: Mapping[str, Any] = {}
        proven = False
        if error is None:  # after a failed file the later ones wait with it, so that order holds
            try:
                as2_sent.announce(target, one.id, one.file_name, one.body)
                answer = client.put_file(one.file_name, one.body)
                answer, proven = as2_sent.note(target, one.id, answer)
            except CrossdockError as failure:
                error = failure
        # What is never answered, 997 documents among it, can be no more than there.
        writer.write(
            [Outcome(m.id, error=error, answer=answer,
                     confirmed=proven or is_final or m.object_type == ACKNOWLEDGEMENT)
             for m in one.messages]
        )  # fmt: skip


def _is_acknowledged(target: EndpointConfig) -> bool:
    """Whether the kind of system has acknowledgements at all, be they expected of this one or not."""
    return any(setting.name == "ack_hours" for setting in target.connector.settings)


def sets_per_file(settings: Mapping[str, Any]) -> int:
    """How many documents go into one file."""
    return int(settings.get("sets_per_file") or 200)


def _already_filed(messages: Sequence[Claimed]) -> list[Filed]:
    by_file: dict[UUID, list[Claimed]] = defaultdict(list)
    for message in messages:
        if message.interchange_id:
            by_file[message.interchange_id].append(message)
    if not by_file:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT i.id, i.file_name, p.body FROM integrations_interchange i"
            " JOIN integrations_payload p ON p.sha256 = i.payload_id WHERE i.id = ANY(%s) ORDER BY i.id",
            [list(by_file)],
        )
        return [Filed(row[0], row[1], bytes(row[2]), by_file[row[0]]) for row in cursor.fetchall()]


def _file(
    config: Configuration, target: EndpointConfig, composed: Composed, by_id: dict[UUID, Claimed]
) -> list[Filed]:
    filed = [
        _file_one(config, target, composed, documents, by_id)
        for documents in files(target, composed.ready)
    ]
    return [one for one in filed if one]


def files(target: EndpointConfig, ready: Sequence[Outbound]) -> Iterator[list[Ready]]:
    """What goes into each file: documents of one type, as many as the endpoint takes in one. Answers to
    orders are other documents than acknowledgements of files, and a connector may tell more apart."""
    by_type: dict[tuple[str, bool, str], list[Ready]] = defaultdict(list)
    for item in ready:
        apart = target.connector.file_kind(item.object_type, item.document)
        kind = (item.object_type, ORDER_ANSWER in item.document, apart)
        by_type[kind].append((item.message_id, item.object_type, item.document))
    most = sets_per_file(target.connection.settings)
    for documents in by_type.values():
        for start in range(0, len(documents), most):
            yield documents[start : start + most]


def envelope(target: EndpointConfig, documents: Sequence[Ready], controls: Controls) -> Envelope:
    """The documents in one file."""
    if target.connector.envelope is None:
        raise ValueError(f"{target.connector.slug} has no envelopes")
    return target.connector.envelope(target.connection, documents, controls, clock.now())


def _file_one(
    config: Configuration,
    target: EndpointConfig,
    composed: Composed,
    documents: Sequence[Ready],
    by_id: dict[UUID, Claimed],
) -> Filed | None:
    settings = target.connection.settings
    controls = Controls(
        interchange=_next_control(target, settings, "isa"),
        group=_next_control(target, settings, "gs"),
        first_set=1,
    )
    made = envelope(target, documents, controls)
    deliver.hold(config, target, made.problems, by_id, composed.mappings)
    inside = [m for m, _, _ in documents if m not in made.problems]
    if not inside:
        return None
    interchange_id = uuid7()
    _store(interchange_id, target, made, controls, inside)
    return Filed(interchange_id, made.file_name, made.body, [by_id[m] for m in inside])


def _next_control(target: EndpointConfig, settings: Mapping[str, Any], level: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO integrations_controlnumber AS c (endpoint_id, own_id, partner_id, level, last)
            VALUES (%s, %s, %s, %s, 1)
            ON CONFLICT (endpoint_id, own_id, partner_id, level)
            DO UPDATE SET last = CASE WHEN c.last >= %s THEN 1 ELSE c.last + 1 END RETURNING last
            """,
            [target.id, *_parties(settings), level, LAST_CONTROL],
        )
        return cursor.fetchone()[0]


def _parties(settings: Mapping[str, Any]) -> tuple[str, str]:
    """Our id and the partner's; empty where files bear none."""
    return str(settings.get("own_id") or ""), str(settings.get("partner_id") or "")


def _store(
    interchange_id: UUID,
    target: EndpointConfig,
    made: Envelope,
    controls: Controls,
    inside: Sequence[UUID],
) -> None:
    settings = target.connection.settings
    digest = sha256(made.body).digest()
    numbers = [made.parts.get(message, number) for number, message in enumerate(inside, 1)]
    with binary_cursor() as cursor:
        cursor.execute(
            "INSERT INTO integrations_payload (sha256, body, content_type)"
            " VALUES (%b, %b, %s) ON CONFLICT (sha256) DO NOTHING",
            [digest, made.body, made.content_type],
        )
        cursor.execute(
            "INSERT INTO integrations_interchange (id, endpoint_id, direction, sender, receiver, control,"
            " group_control, functional_id, file_name, payload_id, acknowledgement)"
            " VALUES (%s, %s, 'out', %s, %s, %s, %s, %s, %s, %s, '')",
            [interchange_id, target.id, *_parties(settings),
             f"{controls.interchange:09d}", made.reference or str(controls.group), made.functional_id,
             made.file_name, digest],
        )  # fmt: skip
        cursor.execute(
            """
            UPDATE integrations_message m SET interchange_id = %s, payload_id = %s, part = s.n
            FROM unnest(%s::uuid[], %s::int[]) AS s(id, n) WHERE m.id = s.id
            """,
            [interchange_id, digest, list(inside), numbers],
        )
