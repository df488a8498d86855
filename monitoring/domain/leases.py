"""Who works on a case: one person at a time, as long as they give signs of life."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from monitoring.models import CaseEvent, ExceptionCase, Lease
from monitoring.queries.choice import running
from portal.core import clock

LASTS = timedelta(minutes=5)
BEAT_EVERY = timedelta(seconds=60)


class HeldError(Exception):
    """Somebody else works on the case; the text says who and until when."""


class LeaseLostError(Exception):
    """The lease is over; the text says who has the case now."""


def of(numbers: Sequence[int]) -> dict[int, Lease]:
    """The running lease of each case that has one, in one query."""
    found = Lease.objects.filter(running(), case_id__in=numbers)
    return {lease.case_id: lease for lease in found}


def free(cases: QuerySet[ExceptionCase]) -> QuerySet[ExceptionCase]:
    """Those of `cases` that nobody works on."""
    return cases.filter(~Exists(Lease.objects.filter(running(), case=OuterRef("pk"))))


@transaction.atomic
def take(number: int, person: Any) -> Lease:
    """The person's lease of the case, a new one or the one they have. HeldError if another has it.

    The case's row is locked, so that of two who take it at once the second finds the first's lease.
    """
    case = ExceptionCase.objects.select_for_update().get(pk=number)
    return _lease(case, person)


@transaction.atomic
def take_next(cases: QuerySet[ExceptionCase], person: Any) -> Lease | None:
    """A lease of the first of `cases` that is free; None when there is none.

    Cases that others are taking at this moment are passed over and not waited for.
    """
    passed: list[int] = []
    while case := _lock_first(free(cases).exclude(pk__in=passed)):
        try:
            return _lease(case, person)
        except HeldError:  # taken between the look and the lock
            passed.append(case.pk)
    return None


def _lock_first(cases: QuerySet[ExceptionCase]) -> ExceptionCase | None:
    return cases.select_for_update(of=("self",), skip_locked=True).first()


def _lease(case: ExceptionCase, person: Any) -> Lease:
    now = clock.now()
    found = Lease.objects.filter(case=case, ended_at=None).first()
    if found and found.until > now:
        if found.person_id != person.pk:
            raise HeldError(held_by(found))
        return _prolong(found)
    if found:
        _abandon(found)
    lease = Lease.objects.create(
        case=case, person_id=person.pk, person_name=person.name[:80],
        began_at=now, beat_at=now, until=now + LASTS,
    )  # fmt: skip
    CaseEvent.objects.create(case=case, actor=person.name[:80], action="took", text="Took it")
    return lease


def held_by(lease: Lease) -> str:
    """Who has it, in words."""
    return f"{lease.person_name} works on it since {lease.began_at:%H:%M} UTC"


def _prolong(lease: Lease) -> Lease:
    lease.beat_at = clock.now()
    lease.until = lease.beat_at + LASTS
    lease.save(update_fields=["beat_at", "until"])
    return lease


@transaction.atomic
def beat(number: int, person: Any) -> Lease:
    """A sign of life. LeaseLostError when the lease has ended, or is another's."""
    lease = (
        Lease.objects.select_for_update()
        .filter(running(), case_id=number, person_id=person.pk)
        .first()
    )
    if lease is None:
        raise LeaseLostError(_whose_now(number))
    return _prolong(lease)


def _whose_now(number: int) -> str:
    other = of([number]).get(number)
    if other:
        return f"The case is {other.person_name}'s now: your lease had ended."
    return "Your lease ended for want of a sign of life. Take the case again to go on."


@transaction.atomic
def release(number: int, person: Any) -> bool:
    """Give the case back. False when the person had no lease of it."""
    lease = Lease.objects.select_for_update().filter(
        case_id=number, person_id=person.pk, ended_at=None
    ).first()  # fmt: skip
    if lease is None:
        return False
    _end(lease, Lease.Ending.RELEASED)
    CaseEvent.objects.create(
        case_id=number, actor=person.name[:80], action="released", text="Gave it back"
    )
    return True


def end_with_case(numbers: Sequence[int]) -> None:
    """Closed cases need nobody; what was worked until now counts."""
    now = clock.now()
    Lease.objects.filter(case_id__in=numbers, ended_at=None, until__gt=now).update(
        ended_at=now, beat_at=now, ending=Lease.Ending.CLOSED
    )


def _end(lease: Lease, ending: str) -> None:
    lease.ended_at, lease.ending = clock.now(), ending
    lease.beat_at = lease.ended_at
    lease.save(update_fields=["ended_at", "beat_at", "ending"])


def _abandon(lease: Lease) -> None:
    """Nobody worked after the last sign of life."""
    lease.ended_at, lease.ending = lease.beat_at, Lease.Ending.ABANDONED
    lease.save(update_fields=["ended_at", "ending"])
    CaseEvent.objects.create(
        case_id=lease.case_id, action="abandoned",
        text=f"Came back: no sign of life of {lease.person_name}",
    )  # fmt: skip


@transaction.atomic
def return_abandoned() -> int:
    """End leases whose time is over. Returns how many."""
    over = Lease.objects.select_for_update(skip_locked=True).filter(
        ended_at=None, until__lte=clock.now()
    )
    found = list(over[:200])
    for lease in found:
        _abandon(lease)
    return len(found)
