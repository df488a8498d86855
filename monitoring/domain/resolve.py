"""What a person does about a case. Each verb applies to a frozen list and says what it did.

The list is what the case held when the person saw it: the documents with open problems of its cause,
up to the last problem shown (`up_to`). What came later is not touched. Every verb returns the event
that tells it.
"""

from collections.abc import Sequence
from uuid import UUID

from django.db import transaction

from integrations.domain import health, lookups, replay, reroute
from integrations.models import LookupTable, Message, Problem
from monitoring.models import CaseEvent, ExceptionCase
from portal.jobs import lanes


class NothingLeftError(Exception):
    """The documents were taken care of meanwhile; the case tells by whom."""


class NotDoneError(Exception):
    """Nothing could be done to any of the documents; the text says why."""


def frozen(case: ExceptionCase, *, up_to: int) -> list[UUID]:
    """The documents of the case as it was shown, oldest first. NothingLeftError if there are none."""
    found = Problem.objects.filter(
        fingerprint=case.fingerprint, closed_at=None, pk__lte=up_to
    ).values_list("message_id", flat=True)
    ids = sorted(set(found))
    if not ids:
        raise NothingLeftError
    return ids


@transaction.atomic
def add_lookup(
    case: ExceptionCase,
    *,
    table: str,
    code: str,
    value: str,
    up_to: int,
    actor: str,
    insist: bool = False,
) -> CaseEvent:
    """Say what `code` means for this customer from now on, and replay. NotAProductError if it means no
    product although it should, and nobody insists."""
    ids = frozen(case, up_to=up_to)
    own = _own_table(case.customer_id, table)
    for spelling in _spellings(case, ids, code):
        lookups.put(own, spelling, value, by=actor, insist=insist)
    count = replay.replay(ids, actor=actor, cause=f"{code} → {value} added to lookup {table}")
    text = f"Added {code} → {value}, replayed {count:,}"
    return _tell(case, "lookup", text, actor=actor, ids=ids, count=count)


def _own_table(customer_id: int, name: str) -> LookupTable:
    """The customer's table. A new one keeps the policy that held for its name until now, so that one
    new row decides about one code and not about all others."""
    own = LookupTable.objects.filter(customer_id=customer_id, name=name).first()
    if own:
        return own
    shared = LookupTable.objects.filter(customer=None, name=name).first()
    return LookupTable.objects.create(
        customer_id=customer_id,
        name=name,
        default=shared.default if shared else LookupTable.Default.PASS_THROUGH,
        default_value=shared.default_value if shared else "",
    )


def _spellings(case: ExceptionCase, ids: Sequence[UUID], code: str) -> list[str]:
    """The code and its other spellings in the case: causes do not tell capitals apart, lookups do."""
    seen = Problem.objects.filter(message_id__in=ids, fingerprint=case.fingerprint)
    values = seen.values_list("value", flat=True).distinct()
    same = {value.strip() for value in values if value.strip().lower() == code.lower()}
    return sorted({code, *same})


@transaction.atomic
def edit(
    case: ExceptionCase, *, message_id: UUID, body: bytes, reason: str, actor: str
) -> CaseEvent:
    """Replace one held document's bytes and replay it. NotEditableError names what is wrong with them."""
    if not replay.edit_and_replay(message_id, body, actor=actor, reason=reason):
        raise NothingLeftError
    text = f"Edited one document and replayed it: {reason}"
    return _tell(case, "edit", text, actor=actor, ids=[message_id], count=1)


@transaction.atomic
def send_elsewhere(case: ExceptionCase, *, site: str, up_to: int, actor: str) -> CaseEvent:
    """Send the orders of the case to another warehouse. NotDoneError if none can go there."""
    ids = frozen(case, up_to=up_to)
    order_of = dict(
        Message.objects.filter(pk__in=ids, order__isnull=False).values_list("pk", "order_id")
    )
    outcome = reroute.reroute(set(order_of.values()), site=site, actor=actor)
    refused = "; ".join(sorted(set(outcome.refused.values())))
    if not outcome.sent:
        raise NotDoneError(f"No order was sent to {site}: {refused or 'the case holds no order'}")
    text = f"Sent {len(outcome.sent):,} to {site}"
    if outcome.refused:
        text += f", {len(outcome.refused):,} not: {refused}"
    moved = [pk for pk, order_id in order_of.items() if order_id in set(outcome.sent)]
    return _tell(case, "reroute", text, actor=actor, ids=moved, count=len(outcome.sent))


@transaction.atomic
def retry(case: ExceptionCase, *, up_to: int, actor: str) -> CaseEvent:
    """Send the held documents through again as they are."""
    ids = frozen(case, up_to=up_to)
    count = replay.replay(ids, actor=actor, cause=f"replayed by {actor}")
    if not count:
        raise NotDoneError("Nothing is held: the documents went on, and this is only a remark")
    return _tell(case, "retry", f"Replayed {count:,}", actor=actor, ids=ids, count=count)


@transaction.atomic
def skip(case: ExceptionCase, *, reason: str, up_to: int, actor: str) -> CaseEvent:
    """End the held documents without effect; accept what was only remarked."""
    ids = frozen(case, up_to=up_to)
    held = replay.skip(ids, actor=actor, reason=reason)
    done = "Skipped" if held else "Accepted"
    text = f"{done} {len(ids):,}: {reason}"
    case.refresh_from_db()
    if not case.is_open and held:
        ExceptionCase.objects.filter(pk=case.pk).update(state=ExceptionCase.State.SKIPPED)
    return _tell(case, "skip", text, actor=actor, ids=ids, count=len(ids))


@transaction.atomic
def try_again(case: ExceptionCase, *, actor: str) -> CaseEvent:
    """Close the endpoint's breaker now and let what waits go, in order. If it fails, a case opens."""
    endpoint = case.endpoint
    waiting = Message.objects.filter(
        endpoint=endpoint, direction="out", state__in=("waiting", "sending")
    ).count()
    health.reset(endpoint)
    lanes.wake("poll", str(endpoint.pk))
    text = f"Tried {endpoint.label} again, {waiting:,} waiting"
    return _tell(case, "try", text, actor=actor, ids=[], count=waiting)


@transaction.atomic
def wait(case: ExceptionCase, *, reason: str, actor: str) -> CaseEvent:
    """Note that somebody else has to act first."""
    changed = ExceptionCase.objects.filter(pk=case.pk, state=ExceptionCase.State.OPEN).update(
        state=ExceptionCase.State.WAITING
    )
    if not changed:
        raise NothingLeftError
    return _tell(case, "wait", f"Waits: {reason}", actor=actor, ids=[], count=0)


@transaction.atomic
def take_up(case: ExceptionCase, *, actor: str) -> CaseEvent:
    """The waiting is over."""
    changed = ExceptionCase.objects.filter(pk=case.pk, state=ExceptionCase.State.WAITING).update(
        state=ExceptionCase.State.OPEN
    )
    if not changed:
        raise NothingLeftError
    return _tell(case, "take_up", "Taken up again", actor=actor, ids=[], count=0)


def comment(case: ExceptionCase, *, text: str, actor: str) -> CaseEvent:
    """A note for colleagues; customers never see it."""
    return _tell(case, "comment", text, actor=actor, ids=[], count=0)


def _tell(
    case: ExceptionCase, action: str, text: str, *, actor: str, ids: Sequence[UUID], count: int
) -> CaseEvent:
    return CaseEvent.objects.create(
        case=case,
        actor=actor[:80],
        action=action,
        text=text[:500],
        documents=count,
        messages=list(ids),
    )
