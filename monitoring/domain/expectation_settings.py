"""What people say of expectations: agreed, learned or off, and days that are not as usual."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction

from monitoring.expect.profile_json import schedule_json
from monitoring.expect.schedule import Schedule
from monitoring.models import Expectation, Leg, MarkedDays
from portal.core import clock
from portal.customers.models import Customer
from portal.jobs import lanes

LONGEST_MARK = 60  # days


class UnfitMarkError(ValueError):
    """Days that cannot be marked so; says why."""


@transaction.atomic
def change(
    pk: int,
    *,
    mode: str,
    schedule: Schedule | None,
    lag_minutes: int | None,
    grace_minutes: int,
    in_hours: bool,
    reason: str,
    actor: str,
) -> Expectation:
    """From now on, also for what waits already."""
    one = Expectation.objects.select_for_update().get(pk=pk)
    one.mode, one.in_hours, one.reason = mode, in_hours, reason[:200]
    one.schedule = schedule_json(schedule) if schedule else None
    one.lag_minutes, one.grace_minutes = lag_minutes, grace_minutes
    one.changed_by, one.changed_at = actor[:80], clock.now()
    one.look_at = one.learn_at = clock.now()
    one.save()
    if one.is_leg:
        Leg.objects.filter(
            outcome="", customer_id=one.customer_id, kind=one.kind, endpoint_id=one.endpoint_id
        ).update(due_at=None)
    _look_now()
    return one


@transaction.atomic
def mark(
    customer: Customer,
    *,
    first: date,
    last: date,
    factor: Decimal | None,
    reason: str,
    person: Any,
) -> MarkedDays:
    """Say that these days of a customer are not as usual. UnfitMarkError for days out of order, more than
    60 of them, or a factor below 0."""
    if last < first:
        raise UnfitMarkError("The last day is before the first.")
    if (last - first).days >= LONGEST_MARK:
        raise UnfitMarkError(f"Mark at most {LONGEST_MARK} days at once.")
    if factor is not None and factor < 0:
        raise UnfitMarkError("A factor is 0 or more.")
    made = MarkedDays.objects.create(
        customer=customer, first=first, last=last, factor=factor, reason=reason[:120],
        author=person, author_name=person.name[:80], created_at=clock.now(),
    )  # fmt: skip
    _look_anew(customer)
    return made


@transaction.atomic
def unmark(pk: int) -> MarkedDays:
    """These days are as usual after all."""
    gone = MarkedDays.objects.select_for_update().select_related("customer").get(pk=pk)
    gone.delete()
    _look_anew(gone.customer)
    return gone


def _look_anew(customer: Customer) -> None:
    now = clock.now()
    Expectation.objects.filter(customer=customer).update(look_at=now, learn_at=now)
    _look_now()


def _look_now() -> None:
    lanes.wake("expect")
    lanes.wake("expect_learn")
