"""Removing what is old enough, a bounded bite at a time; never what is held, on its way, or young."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

from django.db import connection, transaction
from django.db.models import F

from integrations.domain import forgetting
from integrations.domain.forgetting import Removed
from integrations.models import RemovedPayload
from portal.core import clock
from portal.privacy.domain import holds
from portal.privacy.models import RetentionChoice, RetentionDay, RetentionMark
from portal.tenants.models import RetentionTerm
from portal.tenants.retention_kinds import KINDS, within
from portal.tenants.rows import beyond_limit

LANE: Final = "retention"
COUNTED: Final = 100_000  # more are told as more
_PAYLOADS, _EVENTS = 5_000, 20_000
_EVENT_BITES: Final = 10
_NEXT_EVENTS: Final = """
    SELECT max(id) FILTER (WHERE at < %(before)s) FROM (SELECT id, at
        FROM integrations_messageevent WHERE id > %(after)s ORDER BY id LIMIT %(most)s) AS bite
"""
_HELD: Final = """
    NOT EXISTS (SELECT FROM integrations_message m
        WHERE m.id = e.message_id AND m.customer_id = ANY(%(held)s))
"""
_WORDS_GONE: Final = f"""
    UPDATE integrations_messageevent e SET answer = e.answer - 'body'
    WHERE e.id > %(after)s AND e.id <= %(to)s AND e.answer ? 'body' AND {_HELD}
"""


class Term(NamedTuple):
    """How long one kind is kept, within which bounds the partner may choose, and whether it has."""

    kind: str
    days: int
    least: int
    most: int
    is_chosen: bool

    @property
    def before(self) -> datetime:
        return clock.now() - timedelta(days=self.days)


def terms() -> dict[str, Term]:
    """Of every kind. A choice that is outside by now counts as its nearest bound."""
    chosen = dict(RetentionChoice.objects.values_list("kind", "days"))
    with beyond_limit():
        of_platform = {one.kind: one for one in RetentionTerm.objects.all()}
    found = {}
    for name, usual in KINDS.items():
        bounds = of_platform.get(name, usual)
        days = within(chosen.get(name, bounds.days), least=bounds.least, most=bounds.most)
        found[name] = Term(name, days, bounds.least, bounds.most, name in chosen)
    return found


class OutOfBoundsError(ValueError):
    """A number of days the platform does not allow; the text says which it does."""


@transaction.atomic
def choose(kind: str, days: int, *, actor: str) -> None:
    """Keep one kind for so many days from now on. OutOfBoundsError."""
    term = terms()[kind]
    if not term.least <= days <= term.most:
        raise OutOfBoundsError(f"Choose {term.least} to {term.most} days.")
    choice = RetentionChoice.objects.filter(kind=kind).first() or RetentionChoice(kind=kind)
    choice.days, choice.chosen_by, choice.chosen_at = days, actor, clock.now()
    choice.save()
    RetentionMark.objects.filter(kind=kind).update(looked_to=0)


def work() -> int:
    """One bite of every kind; returns how much was removed."""
    found = terms()
    return sum(_noted(kind, remove(found[kind])) for kind, remove in _REMOVE.items())


def _noted(kind: str, removed: Removed) -> int:
    if removed.number:
        with transaction.atomic():
            day, _ = RetentionDay.objects.get_or_create(day=clock.now().date(), kind=kind)
            RetentionDay.objects.filter(pk=day.pk).update(
                removed=F("removed") + removed.number, size=F("size") + removed.size
            )
    return removed.number


def _payloads(term: Term) -> Removed:
    chosen = forgetting.look()
    found = forgetting.old(term.before, held_customers=holds.held_customers(), most=_PAYLOADS)
    digests = [digest for digest, _ in found]
    try:
        return forgetting.remove(digests, why=RemovedPayload.Why.AGE, chosen=chosen)
    except forgetting.BusyError:
        return Removed(0, 0)  # the lane comes again


def _answers(term: Term) -> Removed:
    """Events are in order of time: what is old is before the mark, or right behind it."""
    changed: int | None = 0
    for _ in range(_EVENT_BITES):
        changed = _answers_on(term)
        if changed is None or changed:
            break
    return Removed(changed or 0, 0)


@transaction.atomic
def _answers_on(term: Term) -> int | None:
    mark, _ = RetentionMark.objects.select_for_update().get_or_create(kind=term.kind)
    values: dict[str, Any] = {
        "after": mark.looked_to, "before": term.before, "most": _EVENTS,
        "held": holds.held_customers(),
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_NEXT_EVENTS, values)
        (last,) = cursor.fetchone()
        if last is None:
            return None
        cursor.execute(_WORDS_GONE, {**values, "to": last})
        changed: int = cursor.rowcount
    RetentionMark.objects.filter(pk=mark.pk).update(looked_to=last)
    return changed


_REMOVE: Final[Mapping[str, Callable[[Term], Removed]]] = {
    "payloads": _payloads,
    "answers": _answers,
}


def preview(term: Term) -> Removed:
    """What would be removed now, counted to `COUNTED`. Nothing is."""
    held = holds.held_customers()
    if term.kind == "payloads":
        found = forgetting.old(term.before, held_customers=held, most=COUNTED)
        return Removed(len(found), sum(size for _, size in found))
    statements = {
        "answers": "SELECT 1 FROM integrations_messageevent e WHERE e.id > %(after)s"
        f" AND e.at < %(before)s AND e.answer ? 'body' AND {_HELD}",
    }
    mark = RetentionMark.objects.filter(kind=term.kind).first()
    values: dict[str, Any] = {
        "after": mark.looked_to if mark else 0,
        "before": term.before,
        "held": held,
    }
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT count(*) FROM ({statements[term.kind]} LIMIT {COUNTED}) AS old", values
        )
        return Removed(cursor.fetchone()[0], 0)
