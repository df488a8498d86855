"""Receipts of AS2 messages that do not travel in an answer: those of ours are posted, theirs are judged."""

import random
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import Min, Q

from integrations.connectors.outbound import Outcome
from integrations.domain import acknowledge, as2_sent, configuration, deliver, effects, messages
from integrations.domain.acknowledge import UNANSWERED, Ours
from integrations.domain.configuration import Configuration, EndpointConfig
from integrations.domain.outbox import Claimed
from integrations.formats.as2 import Expected, Mic, NotTaken, read_receipt
from integrations.models import As2Came, As2Went, Endpoint
from integrations.transports import as2
from portal.core import clock, http, retry
from portal.core.errors import CrossdockError, Retryable
from portal.jobs import lanes
from portal.jobs.kinds import Turn

AT_ONCE = 20
PATIENCE = timedelta(hours=4)  # after that a message without its receipt counts as not delivered
TRIES = 4
_MOST_ANSWER = 64 * 1024
_PROVEN = "The partner's receipt proves that the file arrived as it was sent"
_REFUSED = "Refused by the partner's receipt"
_SILENT = "No receipt came in 4 h: sent once more under the same id"
_LOST = "No receipt came, although the file was sent {tries} times: it counts as not delivered"


def work(endpoint_id: int) -> Turn:
    """Judge what came, post what is due, and send again what no receipt came for."""
    done = _judge(endpoint_id) + _post(endpoint_id) + _lose_patience(endpoint_id)
    return Turn(done, _next_due(endpoint_id))


def wake_all() -> None:
    """Wake the lanes that have work: a wake-up may have been lost."""
    now = clock.now()
    due = set(As2Came.objects.filter(due_at__lte=now).values_list("endpoint_id", flat=True))
    due |= set(
        As2Went.objects.filter(_to_judge() | _silent(now)).values_list("endpoint_id", flat=True)
    )
    for endpoint_id in due:
        lanes.wake(as2_sent.LANE, str(endpoint_id))


def _to_judge() -> Q:
    return Q(unread=True, expected__isnull=False)


def _silent(now: datetime) -> Q:
    return Q(state=As2Went.State.AWAITED, unread=False, at__lte=now - PATIENCE)


def _next_due(endpoint_id: int) -> datetime | None:
    came = As2Came.objects.filter(endpoint=endpoint_id).aggregate(at=Min("due_at"))["at"]
    awaited = As2Went.objects.filter(endpoint=endpoint_id, state=As2Went.State.AWAITED)
    first = awaited.aggregate(at=Min("at"))["at"]
    return min((at for at in (came, first and first + PATIENCE) if at), default=None)


def _config(endpoint_id: int) -> tuple[Configuration, EndpointConfig] | None:
    customer = Endpoint.objects.filter(pk=endpoint_id).values_list("customer_id", flat=True).first()
    if customer is None:
        return None
    config = configuration.of(customer)
    target = config.endpoints.get(endpoint_id)
    return (config, target) if target else None


def _judge(endpoint_id: int) -> int:
    waiting = As2Went.objects.filter(_to_judge(), endpoint=endpoint_id).order_by("pk")
    ids = list(waiting.values_list("pk", flat=True)[:AT_ONCE])
    known = _config(endpoint_id) if ids else None
    if known is None:
        return 0
    for pk in ids:
        with transaction.atomic():
            _judge_one(*known, As2Went.objects.select_for_update().get(pk=pk))
    return len(ids)


def _judge_one(config: Configuration, target: EndpointConfig, went: As2Went) -> None:
    went.unread = False
    ours = acknowledge.messages_in([went.interchange_id])
    error = _error(target, went)
    if error is None:
        went.state, went.said = As2Went.State.PROVEN, ""
        _confirm(config, target, ours)
    elif isinstance(error, NotTaken):  # it proves nothing: another one may come
        went.said = error.text[:500]
    else:
        text = deliver.problems_of(error)[0].text
        went.state, went.said = As2Went.State.REFUSED, text[:500]
        _refuse(config, target, ours, error, text)
    went.save(update_fields=["unread", "state", "said"])


def _error(target: EndpointConfig, went: As2Went) -> CrossdockError | NotTaken | None:
    agreement = target.connector.as2(target.connection) if target.connector.as2 else None
    headers, came_at = went.receipt_headers or {}, went.receipt_at or clock.now()
    if agreement is None:
        return NotTaken("", "The endpoint does not speak AS2 any more.")
    try:
        body = bytes(went.receipt_body or b"")
        receipt = read_receipt(headers, body, agreement, now=came_at)
        as2.must_be_delivered(receipt, _expected(went))
    except (NotTaken, CrossdockError) as error:
        return error
    return None


def _expected(went: As2Went) -> Expected:
    kept: dict[str, Any] = went.expected or {}
    mic = Mic(kept["mic"], kept["mic_algorithm"])
    return Expected(
        went.message_id, mic, kept["receipt"], signed=kept["signed"], mic_needed=kept["mic_needed"]
    )


def _confirm(config: Configuration, target: EndpointConfig, ours: list[Ours]) -> None:
    if not as2_sent.confirms(target):
        _remark([m for m in ours if m.state in UNANSWERED])
        return
    ended = messages.end([m.id for m in ours], "confirmed", _PROVEN, of=UNANSWERED)
    done = [
        (Claimed(m.id, m.flow_id, m.object_type, m.record_id, m.record_version, m.order_id,
                 "", 0, None, None), Outcome(m.id))
        for m in ours if m.id in ended
    ]  # fmt: skip
    effects.note(config, target, done)


def _remark(ours: list[Ours]) -> None:
    """Note on documents that their file arrived; whether they are accepted is said by an acknowledgement."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO integrations_messageevent (message_id, from_state, to_state, actor, cause)"
            " SELECT id, 'delivered', 'delivered', '', %s FROM unnest(%s::uuid[]) AS m(id)",
            [_PROVEN, [m.id for m in ours]],
        )


def _refuse(
    config: Configuration,
    target: EndpointConfig,
    ours: list[Ours],
    error: CrossdockError,
    text: str,
) -> None:
    if isinstance(error, Retryable) and _send_again(target, ours, text):
        return
    acknowledge.hold(
        config, target.id, ours, {m.id: [acknowledge.problem(text)] for m in ours}, cause=_REFUSED
    )


def _send_again(target: EndpointConfig, ours: list[Ours], cause: str) -> bool:
    """Let the file wait for another try, under the same id; not so after the last one."""
    if _tries(ours) >= TRIES:
        return False
    messages.end([m.id for m in ours], "waiting", cause, of=UNANSWERED)
    lanes.wake("deliver", str(target.id))
    return True


def _tries(ours: list[Ours]) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(max(attempts), 0) FROM integrations_message WHERE id = ANY(%s)",
            [[m.id for m in ours]],
        )
        return int(cursor.fetchone()[0])


def _lose_patience(endpoint_id: int) -> int:
    late = As2Went.objects.filter(_silent(clock.now()), endpoint=endpoint_id).order_by("at")
    ids = list(late.values_list("pk", flat=True)[:AT_ONCE])
    known = _config(endpoint_id) if ids else None
    if known is None:
        return 0
    config, target = known
    for pk in ids:
        with transaction.atomic():
            went = As2Went.objects.select_for_update().get(pk=pk)
            ours = acknowledge.messages_in([went.interchange_id])
            open_ones = [m for m in ours if m.state in UNANSWERED]
            went.state, went.said = As2Went.State.SENDING, _SILENT
            if not open_ones:  # the documents themselves were answered
                went.state, went.said = As2Went.State.UNASKED, ""
            elif not _send_again(target, open_ones, _SILENT):
                went.state, went.said = As2Went.State.REFUSED, _LOST.format(tries=TRIES)
                why = {m.id: [acknowledge.problem(went.said)] for m in open_ones}
                acknowledge.hold(config, target.id, open_ones, why, cause=went.said)
            went.save(update_fields=["state", "said"])
    return len(ids)


def _post(endpoint_id: int) -> int:
    due = As2Came.objects.filter(endpoint=endpoint_id, due_at__lte=clock.now()).order_by("due_at")
    rows = list(due[:AT_ONCE])
    for came in rows:
        _post_one(came)
    return len(rows)


def _post_one(came: As2Came) -> None:
    """Post a receipt where the partner wants it: only where `portal.core.guard` lets us go."""
    came.attempts += 1
    try:
        answer = http.request(
            "POST",
            came.deliver_to,
            headers=came.receipt_headers,
            data=bytes(came.receipt_body or b""),
            max_bytes=_MOST_ANSWER,
            cut=True,
        )
        http.raise_for_recovery(answer)
    except CrossdockError as error:
        came.said, came.due_at = str(error)[:300], _next_try(error, came.attempts)
    else:
        came.said, came.due_at, came.posted_at = "", None, clock.now()
    if came.due_at is None and not came.mic:  # of what was refused nothing is kept
        came.delete()
        return
    came.save(update_fields=["attempts", "said", "due_at", "posted_at"])


def _next_try(error: CrossdockError, attempts: int) -> datetime | None:
    if not isinstance(error, Retryable):
        return None
    delay = retry.next_delay(attempts, jitter=random.random, retry_after=error.retry_after)
    return None if delay is None else clock.now() + timedelta(seconds=delay)
