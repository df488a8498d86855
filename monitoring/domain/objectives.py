"""What is promised to a customer: by the tier, or agreed with them. Each change is a new version.

A version holds from the beginning of a window on: of the running one at the earliest, so that the figures
of a month that is over stay what they were.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import takewhile
from typing import Any, Final, cast

from django.db import transaction
from django.db.models import Max

from monitoring import slo
from monitoring.models import Objective, ObjectiveWindow
from portal.core import clock
from portal.customers import calendars
from portal.customers.models import Customer
from portal.jobs import lanes

TIER: Final = "tier"
MEASURE: Final = "measure"
# What there is evidence of; a promise nobody could measure is none.
USUAL: Final = (
    "ingestion_latency", "cutoff", "transmit_latency", "confirmation_latency", "freshness",
    "edi_acknowledgement", "asn_timeliness", "flow_availability", "exception_acknowledge",
    "exception_resolve", "reconciliation_accuracy", "data_loss",
)  # fmt: skip
_FIRST_REASON: Final = "What we usually promise"


class NotPromisedError(Exception):
    """It cannot be promised like that; the text says why."""


def tier_of(customer: Customer) -> slo.Tier:
    """The customer's tier by their policies: standard unless they have another."""
    found = customer.policies.get(TIER)
    return cast(slo.Tier, found if found in slo.TIERS else "standard")


def in_force(customer_id: int, at: datetime) -> list[Objective]:
    """What is promised to a customer at an instant, one version of each indicator."""
    return all_in_force(at, customer=customer_id)


def all_in_force(at: datetime, **only: Any) -> list[Objective]:
    """The same for all customers, or some."""
    newest = (
        Objective.objects.filter(since__lte=at, **only)
        .order_by("customer_id", "sli", "-version")
        .distinct("customer_id", "sli")
    )
    found = [one for one in newest.select_related("customer") if one.promised]
    return sorted(found, key=lambda one: (one.customer_id, USUAL.index(one.sli)))


def coming(customer_id: int, sli: str, after: datetime) -> Objective | None:
    """The version that will follow, if one was made already."""
    later = Objective.objects.filter(customer_id=customer_id, sli=sli)
    newest = later.order_by("-version").first()
    return newest if newest and newest.since > after else None


@transaction.atomic
def begin(customer: Customer) -> None:
    """Promise what is usual in the customer's tier, where nothing was ever promised or taken back."""
    locked = Customer.objects.select_for_update().get(pk=customer.pk)
    known = set(Objective.objects.filter(customer=locked).values_list("sli", flat=True))
    month = slo.TimeWindow("M", zone=locked.time_zone)
    since = month.of(locked.created_at).begins
    Objective.objects.bulk_create(
        _version(
            locked, sli, 1, usual(locked, sli, tier_of(locked)), since=since, tier=tier_of(locked)
        )
        for sli in USUAL
        if sli not in known
    )


def usual(customer: Customer, sli: str, tier: slo.Tier) -> slo.Objective:
    """What a tier promises of an indicator, in the customer's zone."""
    return slo.default(sli, tier, service=customer.slug, zone=customer.time_zone)


def _version(
    customer: Customer,
    sli: str,
    version: int,
    promise: slo.Objective,
    *,
    since: datetime,
    tier: str = "",
    made_by: str = "",
    why: str = _FIRST_REASON,
    promised: bool = True,
) -> Objective:
    return Objective(
        customer=customer, sli=sli, version=version, content=slo.to_openslo(promise),
        promised=promised, tier=tier, since=since, made_by=made_by[:80], why=why[:300],
        hours={"calendar": customer.calendar, "zone": customer.time_zone},
    )  # fmt: skip


def changed(
    current: slo.Objective,
    *,
    target: Decimal,
    limits: Mapping[str, timedelta],
    judged_by: str,
) -> slo.Objective:
    """The promise with other terms. ObjectiveError for terms nobody can keep."""
    return replace(current, target=target, limits=dict(limits), judged_by=cast(Any, judged_by))


@transaction.atomic
def change(
    objective: Objective,
    promise: slo.Objective,
    *,
    since: datetime,
    why: str,
    person: Any,
    promised: bool = True,
) -> Objective:
    """Promise something else from `since` on; with `promised` False, nothing of it any more.

    NotPromisedError without a reason, for a window that is over, or when somebody was quicker.
    """
    if not why.strip():
        raise NotPromisedError("Say why: who reads the figures later has to know.")
    if since < promise.window.of(clock.now()).begins:
        raise NotPromisedError("That month is over: its figures stay what they were.")
    customer = Customer.objects.select_for_update().get(pk=objective.customer_id)
    newest = _newest_version(customer, objective.sli)
    if newest != objective.version:
        raise NotPromisedError(f"Somebody has changed it: there is a version {newest} by now.")
    made = _version(
        customer, objective.sli, newest + 1, promise,
        since=since, made_by=person.name, why=why.strip(), promised=promised,
    )  # fmt: skip
    made.save()
    _measure_anew(customer, since)
    return made


def _measure_anew(customer: Customer, since: datetime) -> None:
    """What was measured by other terms goes as soon as anybody measures, which is now."""
    rows = ObjectiveWindow.objects.filter(customer=customer, ends__gt=since)
    rows.update(looked_at=None, stale=True)
    lanes.wake(MEASURE)


def _newest_version(customer: Customer, sli: str) -> int:
    found = Objective.objects.filter(customer=customer, sli=sli).aggregate(newest=Max("version"))
    return found["newest"] or 0


@transaction.atomic
def set_tier(
    customer: Customer, tier: slo.Tier, *, since: datetime, why: str, person: Any
) -> list[Objective]:
    """Move the customer to another tier: what is promised by the tier follows, what was agreed stays.

    NotPromisedError as for `change`.
    """
    if not why.strip():
        raise NotPromisedError("Say why: who reads the figures later has to know.")
    begin(customer)
    row = Customer.objects.select_for_update().get(pk=customer.pk)
    row.policies = {**row.policies, TIER: tier}
    row.save(update_fields=["policies"])
    newest = Objective.objects.filter(customer=row).order_by("sli", "-version").distinct("sli")
    made = [
        _version(
            row, one.sli, one.version + 1, usual(row, one.sli, tier),
            since=since, tier=tier, made_by=person.name, why=why.strip(),
        )
        for one in newest
        if one.tier and one.tier != tier
    ]  # fmt: skip
    if made and since < made[0].promise.window.of(clock.now()).begins:
        raise NotPromisedError("That month is over: its figures stay what they were.")
    _measure_anew(row, since)
    return Objective.objects.bulk_create(made)


@transaction.atomic
def follow_hours(customer_id: int, *, actor: str) -> None:
    """The customer's hours changed: what counts in them goes on in the new ones.

    From the running window on, unless that would change what has been by now: then from the next one, so
    that nobody undoes a miss by calling a day closed afterwards.
    """
    row = Customer.objects.select_for_update().get(pk=customer_id)
    hours = {"calendar": row.calendar, "zone": row.time_zone}
    now = clock.now()
    Objective.objects.bulk_create(
        _version(
            row, one.sli, _newest_version(row, one.sli) + place, one.promise, tier=one.tier,
            since=since, made_by=actor, why="The support hours changed",
        )
        for current in in_force(customer_id, now)
        if current.promise.sli.in_hours
        for place, (one, since) in enumerate(_following(current, hours, now), start=1)
    )  # fmt: skip


def _following(
    current: Objective, hours: Mapping[str, Any], now: datetime
) -> list[tuple[Objective, datetime]]:
    """Which versions are made anew in other hours, and since when: that in force, and one that is to come,
    which has to stay the newest."""
    later = coming(current.customer_id, current.sli, now)
    made = []
    if current.hours != hours:
        window = current.promise.window.of(now)
        past = slo.Interval(window.begins, now)
        since = window.begins if _open(current.hours, past) == _open(hours, past) else window.ends
        if later is None or since < later.since:
            made.append((current, since))
    if later is not None and (made or later.hours != hours):
        made.append((later, later.since))
    return made


def _open(hours: Mapping[str, Any], within: slo.Interval) -> list[tuple[datetime, datetime]]:
    calendar = calendars.read(hours["calendar"], zone=hours["zone"])
    before_end = takewhile(lambda one: one[0] < within.ends, calendar.windows(within.begins))
    clipped = ((max(a, within.begins), min(b, within.ends)) for a, b in before_end)
    return [(a, b) for a, b in clipped if a < b]
