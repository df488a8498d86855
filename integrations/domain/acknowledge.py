"""What an EDI partner says of our files: accepted or refused, per document."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection

from integrations.canonical.order_answer import REFUSED
from integrations.canonical.problem import Problem
from integrations.connectors.advices import ADVICE
from integrations.connectors.outbound import ORDER_ANSWER
from integrations.domain import cancel, claims, cutoffs, messages, problems, progress
from integrations.domain.configuration import Configuration
from integrations.domain.problems import Trouble
from integrations.domain.translate import Reading
from portal.jobs import lanes

ACCEPTED = frozenset({"A", "E"})
# `sending` too: an answer can be faster than our note that the file is there.
UNANSWERED = ("sending", "delivered")
ENDED = ("superseded", "skipped")
BY_ADVICE = "Refused by application advice"
MOST_MARKS = 20  # of one document; a partner may find fault with every line


_CODE = "ack_rejected"
Refusals = Mapping[UUID, Sequence[Problem]]  # message → what its partner says is wrong


class Ours(NamedTuple):
    """A message of the file that was answered."""

    id: UUID
    part: int
    order_id: UUID | None
    object_type: str
    record_id: UUID | None
    flow_id: int | None
    record_version: int | None
    state: str


def apply(config: Configuration, readings: Sequence[Reading]) -> set[str]:
    """Confirm or hold the messages that the acknowledgements among `readings` speak of. Returns the
    SKUs of which stock was let go with an accepted cancel."""
    skus: set[str] = set()
    for reading in readings:
        for answer in reading.acknowledgements:
            if not answer.keys() & {ADVICE, ORDER_ANSWER}:
                skus |= _apply_one(config, reading, answer)
    return skus


def _apply_one(config: Configuration, reading: Reading, answer: dict[str, Any]) -> set[str]:
    sent = _sent(reading.message.endpoint_id, answer)
    if not sent:
        control = str(answer["group_control"])
        text = f"An acknowledgement for group {control}, which we did not send"
        reading.problems.append(Problem("ack_unknown", "AK102", control, text))
        return set()
    ours = messages_in(sent)
    label = config.endpoints[reading.message.endpoint_id].label
    refused = _refused(answer, ours, label=label)
    _refuse(config, reading, ours, refused)
    # That a file could be read is no word on a document that was refused when it had been.
    sent_ids = [message.id for message in ours]
    answered = problems.held_with(REFUSED, sent_ids)
    settled = {*refused, *answered, *_refused_by_advice(sent_ids)}
    return accept(config, reading, [message for message in ours if message.id not in settled])


def _refused_by_advice(message_ids: Sequence[UUID]) -> list[UUID]:
    """Those of these messages that are held for what an advice said of them."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT m.id FROM integrations_message m
            JOIN LATERAL (SELECT e.cause FROM integrations_messageevent e
                WHERE e.message_id = m.id ORDER BY e.id DESC LIMIT 1) AS last ON last.cause = %s
            WHERE m.id = ANY(%s) AND m.state = 'held'
            """,
            [BY_ADVICE, list(message_ids)],
        )
        return [row[0] for row in cursor.fetchall()]


def _refused(answer: dict[str, Any], ours: Sequence[Ours], *, label: str) -> Refusals:
    """The messages that were refused, and why. A set is named by its place in the file."""
    if answer["code"] == "R" and not answer["sets"]:
        whole = [problem(f"{label} refused the document: The whole group was refused")]
        return {message.id: whole for message in ours}
    verdicts = {
        str(s["control"]).lstrip("0"): reasons(s, label=label)
        for s in answer["sets"]
        if s["code"] not in ACCEPTED
    }
    return {m.id: verdicts[str(m.part)] for m in ours if str(m.part) in verdicts}


def reasons(verdict: dict[str, Any], *, label: str) -> list[Problem]:
    """One for each place the partner names, else one with all it says."""
    marks = verdict.get("marks", [])[:MOST_MARKS]
    if not marks:
        return [problem(f"{label} refused the document: {'; '.join(verdict['errors'])}")]
    return [
        Problem(_CODE, place, value, f"{label} refused the document: {text}")
        for place, value, text in marks
    ]


def problem(text: str) -> Problem:
    """A refusal that names no place in the document."""
    return Problem(_CODE, "", "", text)


def accept(
    config: Configuration,
    reading: Reading,
    accepted: Sequence[Ours],
    *,
    cause: str = "Accepted by acknowledgement",
    verb: str = "accepted",
) -> set[str]:
    """Confirm what was accepted, late or after a refusal too: the partner's last word counts."""
    endpoint_id = reading.message.endpoint_id
    ended = messages.end(
        [m.id for m in accepted],
        "confirmed",
        cause,
        of=(*UNANSWERED, "held"),
    )
    label = config.endpoints[endpoint_id].label
    problems.close_problems(list(ended), actor="", cause=f"{label} accepted the document after all")
    if any(m.state == "held" and m.id in ended for m in accepted):
        lanes.wake("deliver", str(endpoint_id))  # later versions waited behind it
    reading.remarks += [_taken_back(config, reading, m) for m in accepted if m.state in ENDED]
    orders = [m for m in accepted if m.id in ended and m.object_type == "order" and m.order_id]
    ids = [m.order_id for m in orders if m.order_id]
    progress.reached(config.customer_id, ids, "acknowledged", cause=f"{label} {verb} the order")
    claims.move(ids, to="sent", of=["hard"])
    # No order is born cancelled and sent, so a first version cancels nothing.
    changed = [m.order_id for m in orders if m.order_id and (m.record_version or 0) > 1]
    return cancel.settle(config.customer_id, changed) if changed else set()


def _taken_back(config: Configuration, reading: Reading, message: Ours) -> Problem:
    label = config.endpoints[reading.message.endpoint_id].label
    text = f"{label} accepted a document that was taken back here; it may act on it"
    return Problem("ack_too_late", "AK202", str(message.part), text)


def _refuse(
    config: Configuration, reading: Reading, ours: Sequence[Ours], refused: Refusals
) -> None:
    """Hold what was refused, with the later versions of it that went out already: they change a
    document the partner does not have, and one replay sends them all again in their order."""
    if not refused:
        return
    hold(config, reading.message.endpoint_id, ours, refused, cause="Refused by acknowledgement")


def hold(
    config: Configuration,
    endpoint_id: int,
    ours: Sequence[Ours],
    why: Refusals,
    *,
    cause: str,
) -> None:
    """Hold those of `ours` for which `why` has the partner's reasons, with their later versions."""
    held = messages.end(list(why), "held", cause, of=(*UNANSWERED, "confirmed"))
    later = _later_versions([m for m in ours if m.id in held])
    label = config.endpoints[endpoint_id].label
    before = f"{label} refused the version before it"
    held |= messages.end(list(later), "held", before, of=(*UNANSWERED, "confirmed"))
    # Under the same code, for it is one cause.
    first = next((found[0] for found in why.values()), problem(before))
    waits = first._replace(path="", value="", text=before)
    reasons = {**why, **{message: [waits] for message in later}}
    problems.close_problems(list(held), actor="", cause=f"{label} has answered: a refusal")
    late = cutoffs.of_sent(config, list(held))
    kinds = later | {m.id: m.object_type for m in ours}
    problems.open_problems(
        Trouble(
            m, config.customer_id, endpoint_id, kinds[m], list(reasons[m]), cutoff=late.get(m),
        )
        for m in reasons
        if m in held
    )  # fmt: skip
    orders = [m.order_id for m in ours if m.id in held and m.object_type == "order" and m.order_id]
    progress.note(config.customer_id, orders, f"{label} refused the order")


def _later_versions(refused: Sequence[Ours]) -> dict[UUID, str]:
    """Message → object type of what went out after these on the same flow."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT m.id, m.object_type
            FROM unnest(%s::bigint[], %s::uuid[], %s::int[]) AS r(flow_id, record_id, version)
            JOIN integrations_message m USING (flow_id, record_id)
            WHERE m.direction = 'out' AND m.record_version > r.version
            """,
            [
                [m.flow_id for m in refused],
                [m.record_id for m in refused],
                [m.record_version for m in refused],
            ],
        )
        return dict(cursor.fetchall())


def _sent(endpoint_id: int, answer: dict[str, Any]) -> list[UUID]:
    """The files of ours that an acknowledgement speaks of; notes in them that they were answered."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE integrations_interchange SET acknowledged_at = now(), acknowledgement = %s"
            " WHERE endpoint_id = %s AND direction = 'out' AND functional_id = %s"
            " AND ltrim(group_control, '0') = %s RETURNING id",
            [
                str(answer["code"])[:1],
                endpoint_id,
                answer["functional_id"],
                str(answer["group_control"]).lstrip("0"),
            ],
        )
        return [row[0] for row in cursor.fetchall()]


def messages_in(interchange_ids: Sequence[UUID]) -> list[Ours]:
    """What is in these files and was not sent again in another since."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, part, order_id, object_type, record_id, flow_id, record_version, state"
            " FROM integrations_message WHERE interchange_id = ANY(%s) ORDER BY part",
            [list(interchange_ids)],
        )
        return [Ours(*row) for row in cursor.fetchall()]
