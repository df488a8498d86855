"""What is on its way out of one record, for whoever wants to take it back."""

from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

from django.db import connection

from integrations.domain import messages, problems
from integrations.domain.configuration import Configuration
from integrations.domain.deeds import By

BEING_SENT = "it is being sent right now"


class Sending(NamedTuple):
    """An outbound message of the record. `tried`: a try of it had no end, so its target may have it."""

    id: UUID
    state: str
    flow_id: int
    endpoint_id: int
    version: int
    tried: bool

    @property
    def is_open(self) -> bool:
        return self.state in ("waiting", "held")

    @property
    def has_arrived(self) -> bool:
        return self.state in ("delivered", "confirmed")


def of(record_id: UUID, *, since_version: int = 1) -> list[Sending]:
    """The messages of the record's versions from `since_version` on, locked. One that somebody else has
    locked is being sent."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH ours AS (
                SELECT m.id, m.state FROM integrations_message m WHERE m.record_id = %(record)s
                AND m.direction = 'out' AND m.record_version >= %(version)s
                ORDER BY m.id FOR UPDATE SKIP LOCKED
            )
            SELECT m.id, coalesce(ours.state, 'sending'), m.flow_id, m.endpoint_id, m.record_version,
                EXISTS (SELECT 1 FROM integrations_messageevent e WHERE e.message_id = m.id
                    AND e.from_state = 'sending' AND e.to_state = 'waiting')
            FROM integrations_message m LEFT JOIN ours USING (id)
            WHERE m.record_id = %(record)s AND m.direction = 'out'
            AND m.record_version >= %(version)s ORDER BY m.id
            """,
            {"record": record_id, "version": since_version},
        )
        return [Sending(*row) for row in cursor.fetchall()]


def objection(config: Configuration, sendings: Sequence[Sending]) -> str:
    """Why these cannot be withdrawn now; empty if they can."""
    if any(one.state == "sending" for one in sendings):
        return BEING_SENT
    unsure = next((one for one in sendings if one.is_open and one.tried), None)
    return f"{label(config, unsure)} may have it: a try had no answer" if unsure else ""


def withdraw(sendings: Sequence[Sending], by: By) -> None:
    """End what was not sent of these, and close its problems."""
    ids = [one.id for one in sendings if one.is_open]
    ended = messages.end(ids, "superseded", by.text, of=("waiting", "held"), actor=by.actor)
    problems.close_problems(list(ended), actor=by.actor, cause=by.text)


def label(config: Configuration, sending: Sending) -> str:
    return config.endpoints[sending.endpoint_id].label
