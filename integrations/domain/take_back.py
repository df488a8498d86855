"""Taking back what a person did to held documents: replayed, edited, skipped, sent elsewhere.

Each document is held again as it was, or what it set off is compensated, or it stays, with the reason
in words. Nothing that left is called back in silence, and nothing is struck from a history.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.db import connection, transaction

from integrations.domain import (
    configuration,
    deeds,
    follow_ups,
    messages,
    problems,
    replay,
    retract,
    sendings,
    unroute,
)
from integrations.domain.deeds import (
    COMPENSATED,
    LATER,
    STAYS,
    TAKEN_BACK,
    Answer,
    By,
    Deed,
    Document,
)
from integrations.domain.problems import Closing
from integrations.domain.translate import ACKNOWLEDGEMENT
from integrations.models import Record

NOTHING_LEFT = "nothing is left to take back"


class TakenBack(NamedTuple):
    """What became of one document. `outcome`: taken_back, compensated or stays."""

    message_id: UUID
    outcome: str
    text: str


@dataclass
class _Pass:
    """One call: who asks for it, about which documents, and what it found out about orders."""

    by: By
    asked: frozenset[UUID]
    since: datetime
    orders: dict[UUID, Answer] = field(default_factory=dict)
    held: list[Closing] = field(default_factory=list)


@transaction.atomic
def take_back(
    message_ids: Sequence[UUID], *, since: datetime, actor: str, cause: str
) -> list[TakenBack]:
    """Take back what people did to these documents from `since` on; one answer for each, in order.

    `since` is a moment before the action began, by the database's clock: events of it are compared
    with that. Of one object the newest document is taken back first. A call locks what it touches,
    so give at most some 200. Said twice, the second answers that nothing is left to take back.
    """
    this = _Pass(By(actor, cause), frozenset(message_ids), since)
    documents = deeds.locked(list(this.asked))
    done = deeds.since(list(this.asked), since)
    remarks = deeds.remarks_accepted(list(this.asked - done.keys()), since)
    answers = dict.fromkeys(this.asked, Answer(STAYS, NOTHING_LEFT))
    for document in sorted(documents, key=_newest_first, reverse=True):
        if document.id in done:
            answers[document.id] = _answer(document, done[document.id], this)
    for remark in remarks:
        answers[remark.message_id] = Answer(TAKEN_BACK, "its remark is open again")
    problems.reopen([*this.held, *remarks], actor=actor, cause=this.by.text)
    return [TakenBack(one, *answers[one]) for one in dict.fromkeys(message_ids)]


def _newest_first(document: Document) -> tuple[int, UUID]:
    return document.record_version or 0, document.id


def _answer(document: Document, deed: Deed, this: _Pass) -> Answer:
    answer = _way_back(document, deed)(document, deed, this)
    if answer.outcome == COMPENSATED and document.direction == "out":
        _note(document, document.state, answer, this)
    return answer


def _way_back(document: Document, deed: Deed) -> Callable[[Document, Deed, _Pass], Answer]:
    if deed.became == "skipped":
        return _skipped
    if deed.became == "superseded" and deed.cause == replay.OUTDONE:
        return _given_way
    if deed.became in ("applied", "superseded"):
        return _sent_elsewhere
    return _received if document.direction == "in" else _posted


def _skipped(document: Document, deed: Deed, this: _Pass) -> Answer:
    if document.state != "skipped":
        return Answer(STAYS, f"it is {document.state} since")
    if document.direction == "in" and deeds.later_came(document, deed):
        return Answer(STAYS, LATER)
    if document.direction == "out" and _newer_went(document):
        return Answer(STAYS, "a later version of it went")
    _hold(document, deed, this)
    if document.direction == "out" and document.order_id:
        follow_ups.park_again([document.order_id])
    return Answer(TAKEN_BACK, "held again")


def _sent_elsewhere(document: Document, deed: Deed, this: _Pass) -> Answer:
    order_id = document.order_id
    if order_id is None:
        return Answer(STAYS, "it belongs to no order any more")
    if order_id not in this.orders:
        config = configuration.of(document.customer_id)
        this.orders[order_id] = unroute.unroute(config, order_id, deed, this.by)
    return this.orders[order_id]


def _received(document: Document, deed: Deed, this: _Pass) -> Answer:
    answer = _received_since(document, deed, this)
    if answer.outcome == TAKEN_BACK:
        _hold(document, deed, this)
    elif answer.outcome == COMPENSATED and document.object_type == "order":
        _note(document, document.state, answer, this)
    elif answer.outcome == COMPENSATED:
        _hold(document, deed, this)
    return answer


def _received_since(document: Document, deed: Deed, this: _Pass) -> Answer:
    if document.state == "received":
        return Answer(TAKEN_BACK, "held again; nobody had begun with it")
    if document.state == "split":
        return Answer(STAYS, "it was split into its documents, and they go their own way")
    if document.state == "superseded" or deeds.later_came(document, deed):
        return Answer(STAYS, LATER)
    if document.record_id:
        config = configuration.of(document.customer_id)
        return retract.retract(config, document, deed, this.by)
    if document.state != "applied":
        return Answer(TAKEN_BACK, "held again; it had changed nothing")
    if document.object_type == ACKNOWLEDGEMENT:
        return Answer(STAYS, "what it answers for is confirmed")
    return Answer(STAYS, "it changed several objects")


def _posted(document: Document, deed: Deed, this: _Pass) -> Answer:
    if document.state == "sending":
        return Answer(STAYS, sendings.BEING_SENT)
    if document.state == "superseded" or _newer_went(document):
        return Answer(STAYS, "a later version takes its place")
    if document.state in ("delivered", "confirmed"):
        return _arrived(document, this)
    _hold(document, deed, this)
    return Answer(TAKEN_BACK, "held again; it had not arrived")


def _given_way(document: Document, deed: Deed, this: _Pass) -> Answer:
    if document.state != "superseded":
        return Answer(STAYS, f"it is {document.state} since")
    if _newer_went(document):
        return Answer(STAYS, "a later version went in its place")
    _hold(document, deed, this)
    _restore_waiting(document, deed, this)
    return Answer(TAKEN_BACK, "held again")


def _arrived(document: Document, this: _Pass) -> Answer:
    """An outbound document its target has. A cancel goes to all who have the order, so that is asked
    for where all of them have it from this action only."""
    config = configuration.of(document.customer_id)
    label = config.endpoints[document.endpoint_id].label
    if document.object_type != "order" or document.record_id is None:
        return Answer(STAYS, f"{label} has it")
    if document.record_id in this.orders:
        return this.orders[document.record_id]
    found = sendings.of(document.record_id)
    if any(one.state == "sending" for one in found):
        return Answer(STAYS, sendings.BEING_SENT)
    arrived = [one for one in found if one.has_arrived]
    other = next((one for one in arrived if one.id not in this.asked), None)
    if other:
        return Answer(STAYS, f"{label} has it, and {sendings.label(config, other)} has the order")
    record = Record.objects.get(pk=document.record_id)
    answer = retract.cancel(config, record, arrived, this.by)
    this.orders[document.record_id] = answer
    return answer


def _hold(document: Document, deed: Deed, this: _Pass) -> None:
    """Held again, with the bytes it had; its problems open at the end, all at once."""
    by = this.by
    messages.end([document.id], "held", by.text, of=[document.state], actor=by.actor)
    this.held.append(deed.closing)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE integrations_message SET payload_id = coalesce(%s, payload_id) WHERE id = %s",
            [deed.original, document.id],
        )


def _note(document: Document, state: str, answer: Answer, this: _Pass) -> None:
    text = f"{this.by.text}. {answer.text}"
    messages.end([document.id], state, text, of=[state], actor=this.by.actor)


def _newer_went(document: Document) -> bool:
    """Whether a later version of its record went over its flow, or is going."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT 1 FROM integrations_message m WHERE m.direction = 'out'"
            " AND m.flow_id = %s AND m.record_id = %s AND m.record_version > %s"
            " AND (m.state IN ('sending', 'delivered', 'confirmed') OR EXISTS ("
            " SELECT 1 FROM integrations_messageevent e WHERE e.message_id = m.id"
            " AND e.from_state = 'sending' AND e.to_state = 'waiting')))",
            [document.flow_id, document.record_id, document.record_version],
        )
        return bool(cursor.fetchone()[0])


def _restore_waiting(document: Document, deed: Deed, this: _Pass) -> None:
    """Versions of its record that waited and gave way in the same action wait again."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT m.id FROM integrations_message m"
            " JOIN integrations_messageevent e ON e.message_id = m.id"
            " WHERE m.direction = 'out' AND m.flow_id = %s AND m.record_id = %s"
            " AND m.state = 'superseded' AND e.from_state = 'waiting' AND e.to_state = 'superseded'"
            " AND e.actor = %s AND e.cause = %s AND e.at >= %s",
            [document.flow_id, document.record_id, deed.actor, replay.OUTDONE, this.since],
        )
        gave_way = [row[0] for row in cursor.fetchall()]
    messages.end(gave_way, "waiting", this.by.text, of=["superseded"], actor=this.by.actor)
