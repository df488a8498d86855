"""Time that shall not count: one person asks, another agrees."""

from datetime import date, datetime, timedelta
from typing import Any, Final, cast
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Q

from monitoring import slo
from monitoring.models import Exclusion, ObjectiveDay, ObjectiveWindow, Statement
from portal.core import clock
from portal.customers.local_time import instant
from portal.customers.models import Customer

GRACE: Final = timedelta(days=3)  # after the end of a month, before its statement goes out
State = Exclusion.State


class NotAgreedError(Exception):
    """It cannot be left out like that; the text says why."""


def pure(row: Exclusion, *, as_of: datetime | None = None) -> slo.Exclusion:
    """What figures are made with, today or as it was agreed at an instant. ExclusionError for one nobody can
    go by."""
    once = None
    if row.begins_at and row.ends_at:
        once = slo.Interval(row.begins_at, row.ends_at)
    return slo.Exclusion(
        id=str(row.pk or ""),
        kind=cast(Any, row.kind),
        text=row.text,
        author=f"p{row.asked_by_id}" if row.asked_by_id else row.asked_name,
        approver=_approver(row),
        once=once,
        recurs=recurrence(_rule(row, row.recurs, as_of)) if row.recurs else None,
    )


def _rule(row: Exclusion, recurs: dict[str, Any], as_of: datetime | None) -> dict[str, Any]:
    if as_of is None or row.ended_at is None or row.ended_at <= as_of:
        return recurs
    meant = {"until": row.meant_until.isoformat()} if row.meant_until else {}
    return {key: value for key, value in recurs.items() if key != "until"} | meant


def _approver(row: Exclusion) -> str:
    if row.state != State.APPROVED:
        return ""
    return f"p{row.decided_by_id}" if row.decided_by_id else row.decided_name


def recurrence(content: dict[str, Any]) -> slo.Recurrence:
    """The rule as it is stored: dates as text."""
    dates = {
        key: date.fromisoformat(content[key]) for key in ("since", "until") if content.get(key)
    }
    return slo.Recurrence(**{**content, **dates})


def of(customer_id: int, sli: str, *, as_of: datetime | None = None) -> list[slo.Exclusion]:
    """What was agreed for an indicator, the oldest first; by then, if an instant is given."""
    rows = Exclusion.objects.filter(
        Q(sli="") | Q(sli=sli), customer_id=customer_id, state=State.APPROVED
    )
    if as_of:
        rows = rows.filter(decided_at__lte=as_of)
    return [pure(row, as_of=as_of) for row in rows.order_by("pk")]


@transaction.atomic
def ask(row: Exclusion, *, person: Any) -> Exclusion:
    """Ask that a time shall not count. ExclusionError for one nobody can go by, NotAgreedError for one
    whose month was told already."""
    row.asked_by, row.asked_name = person, person.name[:80]
    row.state = State.ASKED
    pure(row)
    _not_told_yet(row)
    row.save()
    return row


@transaction.atomic
def approve(pk: int, *, person: Any) -> Exclusion:
    """Agree that it does not count. NotAgreedError for who asked, and once its month was told."""
    row = _waiting(pk)
    if row.asked_by_id == person.pk:
        raise NotAgreedError("Somebody else than who asked for it has to agree.")
    _not_told_yet(row)
    row = _decide(row, State.APPROVED, person)
    _make_anew(row, _begins(row))
    return row


@transaction.atomic
def decline(pk: int, *, reason: str, person: Any) -> Exclusion:
    """It counts as ever. NotAgreedError without a reason."""
    if not reason.strip():
        raise NotAgreedError("Say why: who asked for it has to know.")
    row = _waiting(pk)
    row.reason = reason.strip()[:300]
    return _decide(row, State.DECLINED, person)


@transaction.atomic
def end(pk: int, *, person: Any) -> Exclusion:
    """What returns comes for the last time today. NotAgreedError for what is once."""
    row = Exclusion.objects.select_for_update().get(pk=pk)
    if not row.recurs or row.state != State.APPROVED:
        raise NotAgreedError("Only what returns and was agreed can be ended.")
    today = clock.now().astimezone(ZoneInfo(row.recurs["zone"])).date().isoformat()
    if (row.recurs.get("until") or "9999") <= today:
        raise NotAgreedError("It has ended already.")
    until = row.recurs.get("until")
    row.ended_at, row.meant_until = clock.now(), date.fromisoformat(until) if until else None
    row.recurs = {**row.recurs, "until": max(today, row.recurs["since"])}
    row.reason = f"Ended by {person.name}"[:300]
    row.save(update_fields=["recurs", "reason", "ended_at", "meant_until"])
    _make_anew(row, clock.now())
    return row


def _waiting(pk: int) -> Exclusion:
    row = Exclusion.objects.select_for_update().select_related("customer").get(pk=pk)
    if row.state != State.ASKED:
        raise NotAgreedError(f"{row.decided_name or 'Somebody'} has decided about it already.")
    return row


def _decide(row: Exclusion, state: str, person: Any) -> Exclusion:
    row.state, row.decided_by, row.decided_name = state, person, person.name[:80]
    row.decided_at = clock.now()
    row.save()
    return row


def _begins(row: Exclusion) -> datetime:
    if row.begins_at:
        return row.begins_at
    rule = recurrence(cast(dict[str, Any], row.recurs))
    return instant(rule.since, 0, zone=ZoneInfo(rule.zone))


def _not_told_yet(row: Exclusion) -> None:
    customer = Customer.objects.get(pk=row.customer_id)
    month = slo.TimeWindow("M", zone=customer.time_zone)
    if _begins(row) < month.of(clock.now() - GRACE).begins:
        raise NotAgreedError("That month is over and told: its figures stay what they were.")
    key = f"{_begins(row).astimezone(ZoneInfo(customer.time_zone)):%Y-%m}"
    sealed = Statement.objects.filter(customer=customer, state=Statement.State.SEALED)
    if sealed.filter(period__gte=key).exists():
        raise NotAgreedError("That month is sealed. Correct its statement by an adjustment.")


def _make_anew(row: Exclusion, since: datetime) -> None:
    """Measure again what it may have changed."""
    day = (since - timedelta(days=1)).date()
    found: dict[str, Any] = {"customer": row.customer_id}
    if row.sli:
        found["objective__sli"] = row.sli
    ObjectiveDay.objects.filter(day__gte=day, **found).update(stale=True)
    ObjectiveWindow.objects.filter(ends__gt=since, **found).update(stale=True)
