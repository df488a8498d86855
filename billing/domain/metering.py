"""What moved becomes usage: delivered documents and EDI, each once.

A document is known by its flow and the document it came from. However often either is sent, tried again,
replayed or written anew by a mended mapping, it is the same document on the same way, and is noted once: what
repeats or mends is never billable, because it has no key of its own. Documents that nobody sent us, such as
availabilities that we work out, are known by the version of their record.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from functools import partial
from typing import Any, Final, NamedTuple
from uuid import UUID

from django.db import connection, transaction

from billing.domain import accounts, intake
from billing.domain.intake import Event
from integrations.models import Endpoint

DOCUMENT, EDI_DOCUMENT, EDI_CHARACTERS = "document", "edi_document", "edi_characters"
TEST: Final = "a test before going live"
_BITE: Final = 500
_THOUSAND: Final = Decimal(1000)

# The document that a record's version was made of: the one that says so, or else the newest that was
# applied before the message was queued. `characters` is its part of its interchange, in whole ones, so that
# the parts of one interchange add up to it, and one that is sent again for one of them costs nothing.
_MOVED: Final = """
    SELECT m.id, m.customer_id, m.direction, m.object_type, m.flow_id, m.endpoint_id, m.record_id,
        m.record_version, f.latency, f.source_id, edi.characters,
        coalesce(exact.id, newest.id) AS origin, known.id IS NOT NULL AS was_sent_to_us,
        (SELECT min(e.at) FROM integrations_messageevent e WHERE e.message_id = m.id
            AND ((e.from_state = 'sending' AND e.to_state IN ('delivered', 'confirmed'))
                OR (m.direction = 'in' AND e.to_state = 'applied'))) AS at,
        EXISTS (SELECT FROM integrations_endpoint p WHERE p.id IN (m.endpoint_id, f.source_id)
            AND p.state = %(testing)s) AS is_test
    FROM integrations_message m
    LEFT JOIN integrations_flow f ON f.id = m.flow_id
    LEFT JOIN LATERAL (
        SELECT length(b.body) * (place.before + 1) / place.documents
            - length(b.body) * place.before / place.documents AS characters
        FROM integrations_interchange i JOIN integrations_payload b ON b.sha256 = i.payload_id,
        LATERAL (SELECT count(*) AS documents, count(*) FILTER (WHERE d.id < m.id) AS before
            FROM integrations_message d WHERE d.interchange_id = i.id) place
        WHERE i.id = m.interchange_id) edi ON true
    LEFT JOIN LATERAL (
        SELECT s.id FROM integrations_message s WHERE s.record_id = m.record_id
            AND s.record_version = m.record_version AND s.direction = 'in' AND s.state = 'applied'
        ORDER BY s.id LIMIT 1) exact ON true
    LEFT JOIN LATERAL (
        SELECT s.id FROM integrations_message s WHERE exact.id IS NULL AND s.record_id = m.record_id
            AND s.direction = 'in' AND s.state = 'applied' AND s.id < m.id
        ORDER BY s.id DESC LIMIT 1) newest ON true
    LEFT JOIN LATERAL (
        SELECT s.id FROM integrations_message s WHERE s.record_id = m.record_id AND s.direction = 'in'
        LIMIT 1) known ON true
    WHERE m.id = ANY(%(ids)s)
"""


class _Moved(NamedTuple):
    """A message that arrived where it should, and what it was made of."""

    id: UUID
    customer_id: int
    direction: str
    object_type: str
    flow_id: int | None
    endpoint_id: int
    record_id: UUID | None
    record_version: int | None
    latency: str | None
    source_id: int | None
    characters: int | None
    origin: UUID | None
    was_sent_to_us: bool
    at: datetime | None
    is_test: bool

    @property
    def key(self) -> str:
        if self.flow_id is None:
            return str(self.id)
        if self.origin:
            return f"{self.flow_id}/{self.origin}"
        return (
            f"{self.flow_id}/{self.record_id}/{'' if self.was_sent_to_us else self.record_version}"
        )


@transaction.atomic
def meter() -> int:
    """Turn what waits into facts; returns how many messages. Killed half-way, nothing of it has happened."""
    ids = _take()
    moved = [one for one in _moved(ids) if one.at]
    known = accounts.of_customers({one.customer_id for one in moved})
    events = [event for one in moved for event in _events(one, known[one.customer_id].pk)]
    if events:
        intake.note(events, first_counts=True)
    return len(ids)


def _take() -> list[UUID]:
    with connection.cursor() as cursor:
        cursor.execute(
            """
            DELETE FROM billing_tometer WHERE id IN (
                SELECT id FROM billing_tometer ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED)
            RETURNING message_id
            """,
            [_BITE],
        )
        return [row[0] for row in cursor.fetchall()]


def _moved(ids: Sequence[UUID]) -> list[_Moved]:
    if not ids:
        return []
    with connection.cursor() as cursor:
        cursor.execute(_MOVED, {"ids": list(set(ids)), "testing": Endpoint.State.TESTING})
        return [_Moved(*row) for row in cursor.fetchall()]


def _events(one: _Moved, account: int) -> Iterable[Event]:
    assert one.at is not None
    about: dict[str, Any] = {
        "object_type": one.object_type, "direction": one.direction, "endpoint": one.endpoint_id,
    }  # fmt: skip
    if one.flow_id:
        about |= {"flow": one.flow_id, "latency": one.latency, "source": one.source_id}
    free = TEST if one.is_test else ""
    noted = partial(
        Event, account, key=one.key, happened_at=one.at, properties=about, free=free, source=one.id
    )
    if one.direction == "out":
        yield noted(DOCUMENT)
    if one.characters is not None:
        yield noted(EDI_DOCUMENT)
        yield noted(EDI_CHARACTERS, quantity=Decimal(one.characters) / _THOUSAND)
