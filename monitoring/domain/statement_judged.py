"""What a customer's promises are judged by in a month: asked of `measure`, as the month's end knew it."""

import json
from datetime import datetime, timedelta

from monitoring import slo
from monitoring.domain import exclusions, measure, objectives
from monitoring.models import Objective
from monitoring.queries import month_proofs
from monitoring.statements import judged
from monitoring.statements.content import Period
from monitoring.statements.judged import Hours, Judged, Terms
from portal.customers import calendars
from portal.customers.models import Customer

_REACH = timedelta(days=62)  # as long as an open event may have waited


def of_month(customer: Customer, period: Period, *, as_of: datetime) -> tuple[Judged, ...]:
    """One for each promise that was in force, in the order of the indicators."""
    in_force = objectives.in_force(customer.pk, period.begins)
    return tuple(_judged(customer, one, period, as_of) for one in in_force)


def _judged(customer: Customer, objective: Objective, period: Period, as_of: datetime) -> Judged:
    window = slo.Interval(period.begins, period.ends)
    agreed = exclusions.of(customer.pk, objective.sli, as_of=as_of)
    found = measure.case(customer, objective, window, now=period.ends, agreed=agreed)
    evidence = judged.as_of(found.evidence, period.ends)
    case = found._replace(evidence=evidence)
    missed = {miss.id for miss in case.figures(window, period.ends).tally.misses}
    reach = slo.Interval(period.begins - _REACH, period.ends)
    return Judged(
        terms=_terms(customer, objective, found, reach),
        evidence=evidence,
        agreed=tuple(one for one in agreed if one.times(reach)),
        subjects=month_proofs.subjects(evidence, missed=missed, end=period.ends),
        proofs=month_proofs.proofs(evidence),
    )


def _terms(
    customer: Customer, objective: Objective, found: measure.Case, reach: slo.Interval
) -> Terms:
    return Terms(
        key=objective.sli,
        version=objective.version,
        # As text: its shares are floats in the standard, and nothing that is sealed is one.
        openslo=json.dumps(objective.content, sort_keys=True),
        hours=_hours(customer, objective, reach) if found.calendar else None,
    )


def _hours(customer: Customer, objective: Objective, reach: slo.Interval) -> Hours:
    terms = objective.hours.get("calendar", customer.calendar)
    zone = objective.hours.get("zone", customer.time_zone)
    first, last = reach.begins.date(), reach.ends.date() + timedelta(days=1)
    days = calendars.read(terms, zone=zone).holidays
    return Hours(zone, terms, tuple(sorted(day for day in days if first <= day <= last)))
