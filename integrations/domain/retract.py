"""What a document made on its way through, taken back: messages, stock claims, the hub's record.

The hub forgets nothing. A record that the document changed gets what it said before as its newest
version. One that it created stays, and its next offer is news whatever it says; an order is on hold
until then.
"""

import json
from collections.abc import Sequence
from enum import Enum
from typing import Any

from django.db import connection

from integrations.canonical.content import content_hash
from integrations.domain import claims, decisions, hub, onward, sendings
from integrations.domain.configuration import Configuration
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
from integrations.domain.hub import Change, Milestone, Offer
from integrations.domain.onward import LEFT, STOPPING
from integrations.domain.outbox import STATE_LIKE
from integrations.domain.sendings import Sending
from integrations.models import Message, MessageEvent, Record, RecordEvent, RecordVersion

PASSED = ("applied", "unchanged")


class _Made(Enum):
    """What the document's way through meant to its record."""

    CREATED = "created"
    CHANGED = "changed"
    NOTHING = "nothing"


def retract(config: Configuration, document: Document, deed: Deed, by: By) -> Answer:
    """Take back what the document made since the deed. Its record is locked."""
    if document.record_id is None:
        raise ValueError(f"document {document.id} is of no record")
    record = Record.objects.get(pk=document.record_id)
    made = _made(document, deed, record)
    if made is _Made.NOTHING:
        return _unroute_again(config, document, record, deed, by)
    if document.object_type == "shipment":
        return Answer(STAYS, "what it shipped is booked on its order")
    if _followed(document, deed) or not _stands(document, record):
        return Answer(STAYS, LATER)
    undo = _uncreate if made is _Made.CREATED else _unchange
    return undo(config, document, record, deed, by)


def _made(document: Document, deed: Deed, record: Record) -> _Made:
    if document.state == "unchanged":
        return _Made.NOTHING
    first = document.record_version == 1 and record.created_at >= deed.at
    if first or _created_it_before(document):
        return _Made.CREATED
    changed = RecordVersion.objects.filter(
        record=record, version=_version(document) - 1, replaced_at__gte=deed.at
    )
    return _Made.CHANGED if changed.exists() else _Made.NOTHING


def _created_it_before(document: Document) -> bool:
    """It created the record, was taken back and passed again, and no other document wrote between."""
    created = MessageEvent.objects.filter(
        message_id=document.id, from_state="received", to_state="applied", cause="created"
    )
    between = _others(document).filter(record_version__lt=document.record_version)
    return created.exists() and not between.exists()


def _others(document: Document) -> Any:
    same = Message.objects.filter(record=document.record_id, direction="in", state__in=PASSED)
    return same.exclude(pk=document.id)


def _followed(document: Document, deed: Deed) -> bool:
    later = _others(document).filter(
        record_version__gte=document.record_version,
        events__pk__gt=deed.event_id,
        events__from_state="received",
    )
    return later.exists()


def _stands(document: Document, record: Record) -> bool:
    """Whether the hub says what the document said."""
    if record.version == document.record_version:
        return True
    said = RecordVersion.objects.filter(record=record, version=_version(document)).first()
    return said is not None and said.body == record.body


def _uncreate(
    config: Configuration, document: Document, record: Record, deed: Deed, by: By
) -> Answer:
    if document.object_type in STATE_LIKE:
        return Answer(STAYS, "the hub knows it since, and there is nothing before to go back to")
    part = Record.objects.filter(order_id=record.pk).exclude(pk=record.pk).first()
    if part:
        return Answer(STAYS, f"its {_words(part.object_type)} followed")
    found = sendings.of(record.pk)
    objection = sendings.objection(config, found)
    if objection:
        return Answer(STAYS, objection)
    arrived = [one for one in found if one.has_arrived]
    if arrived:
        return cancel(config, record, arrived, by)
    sendings.withdraw(found, by)
    _expect_again(record)
    _let_go(config, record, deed, by, state="on_hold")
    return Answer(TAKEN_BACK, "held again; nothing of it had been sent")


def _unchange(
    config: Configuration, document: Document, record: Record, deed: Deed, by: By
) -> Answer:
    found = sendings.of(record.pk, since_version=_version(document))
    arrived = [one for one in found if one.has_arrived]
    objection = sendings.objection(config, found) or _moved(document, record)
    if objection:
        return Answer(STAYS, objection)
    if arrived and document.object_type not in STATE_LIKE:
        return Answer(STAYS, f"{sendings.label(config, arrived[0])} has this change")
    sendings.withdraw(found, by)
    change = _put_back(document, record)
    if document.object_type in STATE_LIKE:
        onward.send_on(config, [change])
        if document.object_type == "inventory":
            onward.tell_channels(config, {change.offer.body["sku"]})
    else:
        record.refresh_from_db()
        _let_go(config, record, deed, by, state="")
    if arrived:
        names = _names(config, arrived)
        return Answer(COMPENSATED, f"{names} had it; what was there before is sent after it")
    return Answer(TAKEN_BACK, "held again; what was there before stands")


def _put_back(document: Document, record: Record) -> Change:
    before = RecordVersion.objects.get(record=record, version=_version(document) - 1).body
    return hub.put_back(record.customer_id, _offer(record, before, document.endpoint_id))


def _moved(document: Document, record: Record) -> str:
    """Why an order's change cannot be taken back; empty if it can."""
    if document.object_type != "order":
        return ""
    if record.state in (*LEFT, *STOPPING):
        return f"the order is {_words(record.state)}"
    passed = RecordEvent.objects.filter(record=record, message_id=document.id).last()
    return f"it moved the order to {_words(passed.to_state)}" if passed and passed.to_state else ""


def _unroute_again(
    config: Configuration, document: Document, record: Record, deed: Deed, by: By
) -> Answer:
    """An order that had no site: the document brought no news, but a site was found."""
    if not decisions.decided_since(record.pk, deed.at):
        return Answer(TAKEN_BACK, "held again; it had changed nothing")
    if _followed(document, deed):
        return Answer(STAYS, LATER)
    routed = {flow.id for flow in config.flows if flow.routed}
    everything = sendings.of(record.pk)
    found = [one for one in everything if one.flow_id in routed]
    objection = sendings.objection(config, found)
    if objection:
        return Answer(STAYS, objection)
    arrived = [one for one in found if one.has_arrived]
    if arrived and any(one.has_arrived for one in everything if one not in found):
        return Answer(STAYS, f"{_names(config, arrived)} has it")
    if arrived:
        return cancel(config, record, arrived, by)
    sendings.withdraw(found, by)
    _let_go(config, record, deed, by, state="")
    return Answer(TAKEN_BACK, "held again; no warehouse had got it")


def cancel(config: Configuration, record: Record, arrived: Sequence[Sending], by: By) -> Answer:
    """Ask those who have an order for its cancel, if they all take one."""
    deaf = [one for one in arrived if not _takes_cancels(config, one)]
    if record.object_type != "order" or record.source_id is None:
        return Answer(STAYS, f"{_names(config, arrived)} has it")
    if deaf:
        return Answer(STAYS, f"{_names(config, deaf)} has it and takes no cancel")
    if record.state in (*STOPPING, *LEFT):
        return Answer(STAYS, f"the order is {_words(record.state)}")
    offer = _offer(record, {**record.body, "status": "cancelled"}, record.source_id)
    _mark(record, by, state="")
    onward.send_on(config, [hub.put_back(record.customer_id, offer)])
    return Answer(COMPENSATED, f"{_names(config, arrived)} had it; a cancel was asked for")


def _takes_cancels(config: Configuration, sending: Sending) -> bool:
    target = config.endpoints[sending.endpoint_id]
    return target.connector.takes_cancels(target.connection)


def _let_go(config: Configuration, record: Record, deed: Deed, by: By, *, state: str) -> None:
    """The order goes where it went before the deed, with its claims; to no site where it had none."""
    _mark(record, by, state=state)
    if record.object_type != "order":
        return
    if decisions.decided_since(record.pk, deed.at):
        before = decisions.of(record.pk).filter(at__lt=deed.at).first()
        decisions.decide_as(before, record, actor=by.actor)
    newest = decisions.of(record.pk).first()
    claims.move([record.pk], to="released", of=claims.OPEN)
    if newest and newest.chosen:
        holds = onward.claims_of(record.pk, newest.chosen, record.body)
        claims.hold(record.customer_id, holds)
    onward.tell_channels(config, {line["sku"] for line in record.body["lines"]})


def _mark(record: Record, by: By, *, state: str) -> None:
    moves = state if record.object_type == "order" else ""
    cause = f"Taken back by {by.actor}"
    hub.mark(record.customer_id, [Milestone(record.pk, moves, cause, None, record.state)])


def _expect_again(record: Record) -> None:
    """What the record says does not stand: the next offer is news, also with the same content."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE integrations_record SET content_hash = '', updated_at = now() WHERE id = %s",
            [record.pk],
        )


def _offer(record: Record, body: dict[str, Any], endpoint_id: int) -> Offer:
    text = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
    return Offer(
        None, endpoint_id, record.object_type, record.business_key, body, text, content_hash(body)
    )


def _names(config: Configuration, found: Sequence[Sending]) -> str:
    return ", ".join(sorted({sendings.label(config, one) for one in found}))


def _version(document: Document) -> int:
    return document.record_version or 1


def _words(state: str) -> str:
    return state.replace("_", " ")
