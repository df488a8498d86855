"""What people did to documents, as the documents' events tell it, and who takes it back."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final, NamedTuple
from uuid import UUID

from django.db import connection

from integrations.domain.problems import Closing

# Every event of taking back begins so: what stands before the newest of them is taken back already.
_BEGINS: Final = "Taken back: "
TAKEN_BACK, COMPENSATED, STAYS = "taken_back", "compensated", "stays"
LATER = "a later document of the same object came"


class By(NamedTuple):
    """Who takes back, and why."""

    actor: str
    cause: str

    @property
    def text(self) -> str:
        return f"{_BEGINS}{self.cause}"


class Answer(NamedTuple):
    """What became of taking one document back, with the reason in words."""

    outcome: str
    text: str


class Document(NamedTuple):
    """A message as it stands while it is locked."""

    id: UUID
    direction: str
    state: str
    customer_id: int
    endpoint_id: int
    object_type: str
    business_key: str
    source_at: datetime | None
    flow_id: int | None
    record_id: UUID | None
    record_version: int | None
    order_id: UUID | None


class Deed(NamedTuple):
    """The first thing a person did to a held message since some moment, and did not take back."""

    message_id: UUID
    event_id: int
    at: datetime
    actor: str
    cause: str
    became: str
    original: bytes | None  # the payload before the first edit since

    @property
    def closing(self) -> Closing:
        return Closing(self.message_id, self.at, self.actor)


def locked(message_ids: Sequence[UUID]) -> list[Document]:
    """The messages, locked with their records: what came in, then the records, then what goes out, each
    by id. An outbound message that somebody else holds is being sent."""
    inbound = _lock_inbound(message_ids)
    _lock_records(message_ids)
    return inbound + _lock_outbound(message_ids)


_COLUMNS = """m.id, m.direction, m.state, m.customer_id, m.endpoint_id, m.object_type, m.business_key,
    m.source_at, m.flow_id, m.record_id, m.record_version, m.order_id"""


def _lock_inbound(message_ids: Sequence[UUID]) -> list[Document]:
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {_COLUMNS} FROM integrations_message m WHERE m.id = ANY(%s)"
            " AND m.direction = 'in' ORDER BY m.id FOR UPDATE",
            [list(message_ids)],
        )
        return [Document(*row) for row in cursor.fetchall()]


def _lock_records(message_ids: Sequence[UUID]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT r.id FROM integrations_record r WHERE r.id IN ("
            " SELECT unnest(ARRAY[record_id, order_id]) FROM integrations_message WHERE id = ANY(%s))"
            " ORDER BY r.id FOR UPDATE",
            [list(message_ids)],
        )


def _lock_outbound(message_ids: Sequence[UUID]) -> list[Document]:
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            WITH ours AS (
                SELECT {_COLUMNS} FROM integrations_message m
                WHERE m.id = ANY(%s) AND m.direction = 'out' ORDER BY m.id FOR UPDATE SKIP LOCKED
            )
            SELECT ours.* FROM ours UNION ALL
            SELECT {_COLUMNS.replace("m.state", "'sending'")} FROM integrations_message m
            WHERE m.id = ANY(%s) AND m.direction = 'out' AND m.id NOT IN (SELECT id FROM ours)
            """,
            [list(message_ids), list(message_ids)],
        )
        return [Document(*row) for row in cursor.fetchall()]


_LAST_TAKEN_BACK = f"""coalesce((SELECT max(b.id) FROM integrations_messageevent b
    WHERE b.message_id = {{of}} AND b.actor <> '' AND b.cause LIKE '{_BEGINS}%%'), 0)"""


def since(message_ids: Sequence[UUID], moment: datetime) -> dict[UUID, Deed]:
    """What people did to these messages from `moment` on and nobody took back."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            SELECT DISTINCT ON (e.message_id) e.message_id, e.id, e.at, e.actor, e.cause, e.to_state, (
                SELECT x.payload_id FROM integrations_messageevent x WHERE x.message_id = e.message_id
                AND x.to_state = 'edited' AND x.id >= e.id ORDER BY x.id LIMIT 1)
            FROM integrations_messageevent e
            WHERE e.message_id = ANY(%s) AND e.at >= %s AND e.actor <> '' AND e.from_state = 'held'
            AND e.id > {_LAST_TAKEN_BACK.format(of="e.message_id")}
            ORDER BY e.message_id, e.id
            """,
            [list(message_ids), moment],
        )
        return {row[0]: Deed(*row) for row in cursor.fetchall()}


def remarks_accepted(message_ids: Sequence[UUID], moment: datetime) -> list[Closing]:
    """What a person closed on messages that were not held, and that nobody took back."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            SELECT DISTINCT ON (p.message_id) p.message_id, p.closed_at, p.closed_by
            FROM integrations_problem p WHERE p.message_id = ANY(%s) AND p.closed_by <> ''
            AND p.closed_at >= %s AND {_LAST_TAKEN_BACK.format(of="p.message_id")} = 0
            ORDER BY p.message_id, p.closed_at
            """,
            [list(message_ids), moment],
        )
        return [Closing(*row) for row in cursor.fetchall()]


def later_came(document: Document, deed: Deed) -> bool:
    """Whether the pipeline read a later document of the same object since, as its source counts."""
    if not document.business_key:
        return False
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            SELECT EXISTS (SELECT 1 FROM integrations_message l
                WHERE l.endpoint_id = %s AND l.id > %s AND l.direction = 'in' AND l.object_type = %s
                AND l.business_key = %s AND l.state IN ('applied', 'unchanged', 'held')
                AND NOT coalesce(l.source_at < %s, false)
                AND EXISTS (SELECT 1 FROM integrations_messageevent e WHERE e.message_id = l.id
                    AND e.id > %s AND e.actor = '' AND e.from_state = 'received'
                    AND e.id > {_LAST_TAKEN_BACK.format(of="l.id")}))
            """,
            [document.endpoint_id, document.id, document.object_type, document.business_key,
             document.source_at, deed.event_id],
        )  # fmt: skip
        return bool(cursor.fetchone()[0])
