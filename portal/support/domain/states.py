"""How an access goes from asked to over. Each step locks its row and is told to the ledger."""

from datetime import datetime, timedelta
from typing import Final, NamedTuple

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from portal.core import clock, events
from portal.support import endings
from portal.support.domain import ledger
from portal.support.models import LedgerEntry, SupportAccess

State = SupportAccess.State
Kind = LedgerEntry.Kind
BEFORE: Final = (State.ASKED, State.GRANTED)  # it begins
WAITS_FOR: Final = timedelta(days=7)  # an answer
GOOD_FOR: Final = timedelta(days=1)  # an access that was granted and did not begin


class AccessBegun(NamedTuple):
    """Somebody acts as a customer's person from now on."""

    access_id: int


class AccessEnded(NamedTuple):
    """And does so no more."""

    access_id: int


class NotNowError(ValueError):
    """It is not done; the text says why."""


def grant(access: SupportAccess, *, by: str) -> None:
    """It may begin. NotNowError when nobody waits for that any more."""
    with transaction.atomic():
        found = _locked(access, State.ASKED)
        found.state, found.granted_at, found.granted_by = State.GRANTED, clock.now(), by
        found.save()
        ledger.of_access(found, Kind.GRANTED, by=by, minutes=found.minutes)


def refuse(access: SupportAccess, *, by: str) -> None:
    """It never begins."""
    with transaction.atomic():
        found = _locked(access, State.ASKED, State.GRANTED)
        _close(found, at=clock.now(), how=endings.SAID_NO % {"name": by})
        ledger.of_access(found, Kind.REFUSED, by=by)


def begin(access: SupportAccess) -> SupportAccess:
    """The time runs from now. NotNowError unless it was granted, and not too long ago."""
    settle(access.customer_id)
    with transaction.atomic():
        found = _locked(access, State.GRANTED)
        now = clock.now()
        found.state, found.begun_at = State.RUNNING, now
        found.ends_at = now + timedelta(minutes=found.minutes)
        found.save()
        ledger.of_access(
            found, Kind.BEGUN, minutes=found.minutes, until=found.ends_at.isoformat(),
            granted_by=found.granted_by,
        )  # fmt: skip
        events.publish(AccessBegun(found.pk))
    return found


def end(access: SupportAccess, *, how: str) -> None:
    """Over, whatever it was. One that is over stays as it was."""
    with transaction.atomic():
        found = SupportAccess.objects.select_for_update(of=("self",)).get(pk=access.pk)
        if found.state != State.OVER:
            _end(found, at=clock.now(), how=how)


def end_all_of(customer_id: int, *, how: str) -> None:
    """Everything of a customer that could still begin, or is running, is over."""
    with transaction.atomic():
        for found in _open(customer_id):
            _end(found, at=clock.now(), how=how)


def end_all(*, how: str) -> None:
    """The same for every customer."""
    with transaction.atomic():
        for found in _open(None):
            _end(found, at=clock.now(), how=how)


def settle(customer_id: int | None = None) -> None:
    """Close what time has closed: of one customer, or of everybody."""
    now = clock.now()
    late = (
        Q(state=State.RUNNING, ends_at__lte=now)
        | Q(state=State.GRANTED, granted_at__lte=now - GOOD_FOR)
        | Q(state=State.ASKED, asked_at__lte=now - WAITS_FOR)
    )
    with transaction.atomic():
        for found in _open(customer_id).filter(late):
            at = found.ends_at if found.state == State.RUNNING and found.ends_at else now
            _end(found, at=at, how=endings.TIME_OVER)


def _open(customer_id: int | None) -> QuerySet[SupportAccess]:
    found = SupportAccess.objects.select_for_update(of=("self",)).exclude(state=State.OVER)
    found = found.order_by("pk")
    return found if customer_id is None else found.filter(customer_id=customer_id)


def _locked(access: SupportAccess, *states: State) -> SupportAccess:
    found = SupportAccess.objects.select_for_update(of=("self",)).get(pk=access.pk)
    if found.state in states:
        return found
    if found.state == State.OVER:
        how = endings.said(found.ended_how)
        raise NotNowError(_("This access is over: %(how)s.") % {"how": how})
    if found.state == State.ASKED:
        raise NotNowError(_("The customer has not answered yet."))
    raise NotNowError(_("This access was begun already."))


def _end(found: SupportAccess, *, at: datetime, how: str) -> None:
    was_running = found.state == State.RUNNING
    _close(found, at=at, how=how)
    ledger.of_access(found, Kind.ENDED, how=how, ended_at=at.isoformat(), ran=int(was_running))
    if was_running:
        events.publish(AccessEnded(found.pk))


def _close(found: SupportAccess, *, at: datetime, how: str) -> None:
    found.state, found.ended_at, found.ended_how = State.OVER, at, how[:120]
    found.save()
