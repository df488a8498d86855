"""Measuring what was promised: from evidence to figures, to be looked at, kept, or only tried.

Whatever is kept can be thrown away and made again: the same evidence gives the same figures.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

from monitoring import slo
from monitoring.domain import exclusions
from monitoring.models import Leg, Objective
from monitoring.queries import holdups, promise_evidence
from portal.customers import calendars
from portal.customers.calendar import Calendar
from portal.customers.models import Customer

# What ended before a window begins in it when its clock began so long before.
BURN_REACH: Final = timedelta(days=3)


class Case(NamedTuple):
    """All that an objective is judged by over a span of time: evidence, agreed time, hours."""

    promise: slo.Objective
    evidence: Sequence[slo.Evidence]
    agreed: Sequence[slo.Exclusion]
    calendar: Calendar | None

    def figures(self, window: slo.Interval, now: datetime) -> slo.Result:
        return slo.evaluate(
            self.promise, self.evidence, window=window, now=now,
            exclusions=self.agreed, calendar=self.calendar,
        )  # fmt: skip

    def rates(self, lengths: Sequence[timedelta], now: datetime) -> dict[timedelta, slo.Result]:
        return slo.rates(
            self.promise, self.evidence, lengths=lengths, now=now,
            exclusions=self.agreed, calendar=self.calendar,
        )  # fmt: skip

    def what_if(self, window: slo.Interval, now: datetime, **changes: Any) -> slo.Comparison:
        """The same under another `target` or `limits`."""
        return slo.what_if(
            self.promise, self.evidence, window=window, now=now,
            exclusions=self.agreed, calendar=self.calendar, **changes,
        )  # fmt: skip


def case(
    customer: Customer,
    objective: Objective,
    reach: slo.Interval,
    *,
    now: datetime,
    agreed: Sequence[slo.Exclusion] | None = None,
) -> Case:
    """What an objective is judged by within `reach`. `agreed`: the time that does not count; None for all
    that is agreed by now."""
    promise = objective.promise
    evidence = promise_evidence.load(customer, objective.sli, reach)
    if agreed is None:
        agreed = exclusions.of(customer.pk, objective.sli)
    found = Case(promise, evidence, agreed, _calendar(customer, objective, promise))
    return found._replace(evidence=_with_holds(customer, found, reach, now))


def _calendar(customer: Customer, objective: Objective, promise: slo.Objective) -> Calendar | None:
    if not promise.sli.in_hours:
        return None
    hours = objective.hours
    return calendars.read(
        hours.get("calendar", customer.calendar), zone=hours.get("zone", customer.time_zone)
    )


def _with_holds(
    customer: Customer, found: Case, reach: slo.Interval, now: datetime
) -> Sequence[slo.Evidence]:
    """Who held them up is asked for what was late, and for nothing else: it does not change what is late."""
    if found.promise.sli.by_time or found.promise.sli.in_hours:
        return found.evidence
    late = {miss.id for miss in found.figures(reach, now).tally.misses}
    legs = list(Leg.objects.filter(pk__in=promise_evidence.leg_ids(late)))
    earliest = min((leg.began_at for leg in legs), default=reach.begins)
    holds = holdups.of_legs(customer.pk, legs, slo.Interval(earliest, reach.ends))
    return [
        one._replace(holds=holds.get(one.id, ())) if isinstance(one, slo.Event) else one
        for one in found.evidence
    ]


def figures(
    customer: Customer, objective: Objective, window: slo.Interval, *, now: datetime
) -> slo.Result:
    """The figures of a window from its evidence, as of its end or now."""
    return case(customer, objective, window, now=now).figures(window, now)
