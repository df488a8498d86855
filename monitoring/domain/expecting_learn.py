"""Learning what to expect, a customer at a time: from the sums of traffic, and from legs."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any, Final

from integrations.models import Flow
from monitoring.domain.expecting_days import days_of
from monitoring.domain.expecting_known import key_of, side_of
from monitoring.expect import lag as lags
from monitoring.expect import learn, rhythm
from monitoring.expect.days import Days
from monitoring.expect.learn import Seen, Span
from monitoring.expect.profile_json import profile_json, schedule_json
from monitoring.models import Expectation, Outage, Silence
from monitoring.queries import arrivals, awaiting, expectation_rows
from monitoring.queries.arrivals import Key
from monitoring.queries.awaiting import Side, Taken
from portal.customers.calendar import minutes_between

AGAIN_AFTER: Final = timedelta(days=3)
CUSTOMERS: Final = 2  # a pass
_GAPS_OF: Final = timedelta(weeks=6)
_RHYTHM_OF: Final = timedelta(weeks=4)
_AS_THEY_COME: Final = ("order", "shipment", "invoice", "return")
_MOST_ARRIVALS: Final = 28 * 40  # in four weeks; what comes more often keeps no schedule
_MINUTE: Final = timedelta(minutes=1)


def learn_due(now: datetime, *, customers: int = CUSTOMERS) -> int:
    """Learn anew what is due to be, of a few customers. Returns of how many expectations."""
    due = Expectation.objects.filter(learn_at__lte=now).order_by("learn_at", "id")
    chosen = list(dict.fromkeys(due.values_list("customer_id", flat=True)[:1000]))[:customers]
    found = Expectation.objects.filter(customer__in=chosen)
    learned = list(found.select_related("customer", "flow").order_by("customer_id", "id"))
    for _, of_customer in groupby(learned, key=lambda one: one.customer_id):
        _learn(list(of_customer), now)
    expectation_rows.write_learned(learned)
    return len(learned)


def _learn(expectations: Sequence[Expectation], now: datetime) -> None:
    customer = expectations[0].customer
    days = days_of([customer])[customer.pk]
    since = now - learn.LONGEST
    ways = [one for one in expectations if not one.is_leg]
    past = arrivals.history(customer.pk, since=since, zone=days.zone) if ways else {}
    gaps = arrivals.gaps(customer.pk, since=now - _GAPS_OF) if ways else {}
    moments = _moments(ways, past, now)
    taken = awaiting.taken(customer.pk, now=now) if len(ways) < len(expectations) else {}
    without = _not_as_usual(expectations, since, now)
    for one in expectations:
        if one.is_leg:
            one.lag = _lag(one, taken, days, without[one.pk])
            if one.lag and one.state == Expectation.State.LEARNING:
                one.state = Expectation.State.WELL
        else:
            key = key_of(one)
            one.profile = _profile(past.get(key, {}), days, now, gaps.get(key, ()), without[one.pk])
            one.rhythm = _rhythm(moments.get(key, ()), days)
        one.learned_at, one.learn_at, one.look_at = now, now + AGAIN_AFTER, now


def _moments(
    ways: Sequence[Expectation], past: Mapping[Key, Mapping[datetime, Seen]], now: datetime
) -> dict[Key, list[datetime]]:
    since = now - _RHYTHM_OF
    rare = [
        key
        for key in map(key_of, filter(_may_be_kept, ways))
        if sum(seen.slots for at, seen in past.get(key, {}).items() if at >= since)
        <= _MOST_ARRIVALS
    ]
    return arrivals.moments(rare, since=since) if rare else {}


def _may_be_kept(one: Expectation) -> bool:
    """Whether it may come on a schedule. Orders and what follows from them come when there are some."""
    return one.object_type not in _AS_THEY_COME or bool(
        one.flow and one.flow.latency == Flow.Latency.BATCH
    )


def _profile(
    counts: Mapping[datetime, Seen],
    days: Days,
    now: datetime,
    gaps: Sequence[Span],
    without: Sequence[Span],
) -> dict[str, Any] | None:
    if not counts:
        return None
    found = learn.learn(counts, days, since=min(counts), until=now, gaps=gaps, without=without)
    return profile_json(found) if found else None


def _rhythm(moments: Sequence[datetime], days: Days) -> dict[str, Any] | None:
    usual = [at for at in moments if days.of(at.date()).kind != "marked"]
    found = rhythm.learn(usual, days.calendar)
    return schedule_json(found) if found else None


def _lag(
    one: Expectation, taken: Mapping[Side, Taken], days: Days, without: Sequence[Span]
) -> dict[str, Any] | None:
    found = taken.get(side_of(one))
    if found is None:
        return None

    def minutes_of(began: datetime, ended: datetime) -> float:
        counted = minutes_between(days.calendar, began, ended) if one.in_hours else None
        return (ended - began) / _MINUTE if counted is None else counted

    def usual(began: datetime, ended: datetime) -> bool:
        return not any(begins < ended and began < ends for begins, ends in without)

    minutes = [minutes_of(began, ended) for began, ended in found.legs if usual(began, ended)]
    longest = [minutes_of(began, ended) for began, ended in found.longest if usual(began, ended)]
    learned = lags.learn(minutes, a_month=found.a_month, longest=max(longest, default=0.0))
    return learned._asdict() if learned else None


def _not_as_usual(
    expectations: Sequence[Expectation], since: datetime, now: datetime
) -> dict[int, list[Span]]:
    """When each was silent, or could not be reached."""
    found: dict[int, list[Span]] = defaultdict(list)
    silences = Silence.objects.filter(expectation__in=expectations).exclude(ended_at__lt=since)
    for pk, began, ended in silences.values_list("expectation_id", "began_at", "ended_at"):
        found[pk].append((began, ended or now))
    by_endpoint = defaultdict(list)
    endpoints = {one.endpoint_id for one in expectations}
    outages = Outage.objects.filter(endpoint__in=endpoints).exclude(ended_at__lt=since)
    for pk, began, ended in outages.values_list("endpoint_id", "began_at", "ended_at"):
        by_endpoint[pk].append((began, ended or now))
    for one in expectations:
        found[one.pk] += by_endpoint[one.endpoint_id]
    return found
