"""What an EDI partner says of our files: accepted or refused, per document."""

from collections.abc import Sequence
from typing import Any

from django.db import connection

from integrations.canonical.problem import Problem
from integrations.domain import problems, progress, stock
from integrations.domain.configuration import Configuration
from integrations.domain.problems import Trouble
from integrations.domain.translate import Reading

ACCEPTED = frozenset({"A", "E"})
# `sending` too: an answer can be faster than our note that the file is there.
UNANSWERED = ("sending", "delivered")


def apply(config: Configuration, readings: Sequence[Reading]) -> None:
    """Confirm or hold the messages that the acknowledgements among `readings` speak of."""
    for reading in readings:
        for answer in reading.acknowledgements:
            _apply_one(config, reading, answer)


def _apply_one(config: Configuration, reading: Reading, answer: dict[str, Any]) -> None:
    ours = _messages_of(reading.message.endpoint_id, answer)
    if not ours:
        control = str(answer["group_control"])
        text = f"An acknowledgement for group {control}, which we did not send"
        reading.problems.append(Problem("ack_unknown", "AK102", control, text))
        return
    refused = {
        str(s["control"]).lstrip("0"): s for s in answer["sets"] if s["code"] not in ACCEPTED
    }
    everything = answer["code"] == "R" and not answer["sets"]
    accepted, troubles = [], []
    for message_id, part, order_id, object_type in ours:
        verdict = refused.get(str(part))
        if verdict or everything:
            text = "; ".join(verdict["errors"]) if verdict else "The whole group was refused"
            problem = Problem("ack_rejected", "", "", f"The warehouse refused the document: {text}")
            troubles.append(
                Trouble(
                    message_id,
                    config.customer_id,
                    reading.message.endpoint_id,
                    object_type,
                    [problem],
                )
            )
        else:
            accepted.append((message_id, order_id, object_type))
    _end([m for m, _, _ in accepted], "confirmed", "Accepted by acknowledgement")
    refusing = [t.message_id for t in troubles]
    held = _end(refusing, "held", "Refused by acknowledgement", of=(*UNANSWERED, "confirmed"))
    problems.open_problems(t for t in troubles if t.message_id in held)
    orders = [order_id for _, order_id, kind in accepted if kind == "order" and order_id]
    label = config.endpoints[reading.message.endpoint_id].label
    progress.reached(
        config.customer_id, orders, "acknowledged", cause=f"{label} accepted the order"
    )
    stock.move(orders, to="sent", of=["hard"])


def _messages_of(endpoint_id: int, answer: dict[str, Any]) -> list[tuple[Any, int, Any, str]]:
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH sent AS (
                UPDATE integrations_interchange SET acknowledged_at = now(), acknowledgement = %s
                WHERE endpoint_id = %s AND direction = 'out' AND functional_id = %s
                AND ltrim(group_control, '0') = %s RETURNING id
            )
            SELECT m.id, m.part, m.order_id, m.object_type FROM integrations_message m
            JOIN sent ON m.interchange_id = sent.id ORDER BY m.part
            """,
            [
                str(answer["code"])[:1],
                endpoint_id,
                answer["functional_id"],
                str(answer["group_control"]).lstrip("0"),
            ],
        )
        return cursor.fetchall()


def _end(
    message_ids: Sequence[Any], state: str, cause: str, *, of: Sequence[str] = UNANSWERED
) -> set[Any]:
    """Move messages on; returns those that were in one of the states `of`."""
    if not message_ids:
        return set()
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH ours AS (
                SELECT id, state FROM integrations_message WHERE id = ANY(%s)
                AND state = ANY(%s) ORDER BY id FOR UPDATE
            ), ended AS (
                UPDATE integrations_message m SET state = %s, lease_until = NULL, due_at = NULL,
                    updated_at = now() FROM ours WHERE m.id = ours.id
            )
            INSERT INTO integrations_messageevent (message_id, from_state, to_state, actor, cause)
            SELECT id, state, %s, '', %s FROM ours RETURNING message_id
            """,
            [list(message_ids), list(of), state, state, cause],
        )
        return {row[0] for row in cursor.fetchall()}
