"""The evidence of promises, as it was recorded: legs, cases, outages and stock reports.

Nothing is read but what stays as it is once it is recorded, so that a month that is over gives the same
figures whenever it is measured.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import timedelta
from typing import Final

from django.db.models import Q

from integrations.cutoffs import pickup_from
from integrations.models import Endpoint
from monitoring import slo
from monitoring.models import DayBooks, Leg, Outage
from monitoring.queries import case_rounds, notices, stock_counts, stock_reports, uptime_gaps
from portal.customers.models import Customer

RELEASED_BEFORE: Final = timedelta(minutes=30)
LONGEST_WAIT: Final = timedelta(days=62)  # of an open one: it was missed in its own time
_VOID: Final = (Leg.Outcome.MOOT, Leg.Outcome.REFUSED)
Evidence = list[slo.Evidence]


def load(customer: Customer, sli: str, reach: slo.Interval) -> Evidence:
    """The evidence of an indicator that reaches into a span of time. KeyError for one without any."""
    return _LOADERS[sli](customer, reach)


def _legs(customer: Customer, kind: str, reach: slo.Interval) -> list[Leg]:
    """A leg that began long before and never ended was missed then."""
    found = Leg.objects.filter(
        Q(ended_at__isnull=True) | Q(ended_at__gte=reach.begins),
        customer_id=customer.pk,
        kind=kind,
        began_at__lt=reach.ends,
        began_at__gte=reach.begins - LONGEST_WAIT,
    )
    return list(found.order_by("pk"))


def _of_kind(kind: Leg.Kind) -> Callable[[Customer, slo.Interval], Evidence]:
    def load_legs(customer: Customer, reach: slo.Interval) -> Evidence:
        return [_event(leg) for leg in _legs(customer, kind, reach)]

    return load_legs


def _event(leg: Leg) -> slo.Event:
    return slo.Event(f"leg-{leg.pk}", leg.began_at, leg.ended_at, void=leg.outcome in _VOID)


def _cutoffs(customer: Customer, reach: slo.Interval) -> Evidence:
    """Orders with the cut-off they had to make: the first that was 30 minutes or more after their release.
    A warehouse without a pickup has none."""
    houses = Endpoint.objects.filter(customer=customer).exclude(pickup={})
    pickups = {
        one.pk: pickup_from(one.pickup, site=one.site, zone=customer.time_zone) for one in houses
    }
    return [
        _event(leg)._replace(
            due=pickups[leg.endpoint_id].next_after(
                leg.began_at + RELEASED_BEFORE - timedelta(microseconds=1)
            )
        )
        for leg in _legs(customer, Leg.Kind.TRANSMIT, reach)
        if leg.endpoint_id in pickups
    ]


def _confirmations(customer: Customer, reach: slo.Interval) -> Evidence:
    """A shipment is confirmed when everybody was told who has to be."""
    by_shipment: dict[object, list[Leg]] = defaultdict(list)
    for leg in _legs(customer, Leg.Kind.CONFIRM, reach):
        by_shipment[leg.subject].append(leg)
    return [_slowest(legs) for legs in by_shipment.values()]


def _slowest(legs: Sequence[Leg]) -> slo.Event:
    last = max(legs, key=lambda leg: (leg.ended_at is None, leg.ended_at or leg.began_at, leg.pk))
    began = min(leg.began_at for leg in legs)
    return _event(last)._replace(began=began, void=all(leg.outcome in _VOID for leg in legs))


def outages(customer_id: int, reach: slo.Interval) -> list[slo.Hold]:
    """When the ways to the customer's systems were closed, and whose these are."""
    found = outages_within(customer_id, reach)
    return [hold for one in found for hold in holds_of(one)]


def outages_within(customer_id: int, reach: slo.Interval) -> list[Outage]:
    found = Outage.objects.filter(
        Q(ended_at__isnull=True) | Q(ended_at__gt=reach.begins),
        customer_id=customer_id,
        began_at__lt=reach.ends,
    )
    return list(found.select_related("endpoint").order_by("pk"))


def holds_of(outage: Outage) -> list[slo.Hold]:
    """Theirs until the last call that failed, ours until the next one that we made."""
    proof = f"outage-{outage.pk}"
    label = outage.endpoint.label
    until = outage.failed_until or outage.ended_at
    away = f"{label} could not be reached"
    holds = [slo.Hold(party_of(outage.endpoint), away, outage.began_at, until, proof)]
    if until is not None and until != outage.ended_at:
        pause = f"We paused before we tried {label} again"
        holds.append(slo.Hold("us", pause, until, outage.ended_at, proof))
    return holds


def party_of(endpoint: Endpoint) -> slo.Party:
    """Whose system it is: a warehouse and a trading partner are third parties, all else is theirs."""
    return "third_party" if endpoint.site or endpoint.connector in ("edi", "x12") else "customer"


def _availability(customer: Customer, reach: slo.Interval) -> Evidence:
    bad = (*outages(customer.pk, reach), *uptime_gaps.gaps(reach))
    return [slo.Track(f"customer-{customer.pk}", bad, begins=customer.created_at)]


def _notices(customer: Customer, reach: slo.Interval) -> Evidence:
    return [_event(leg) for leg in notices.legs(_legs(customer, Leg.Kind.CONFIRM, reach))]


def _books(customer: Customer, reach: slo.Interval) -> Evidence:
    """A day counts once it has been looked at, in the window in which it began."""
    days = DayBooks.objects.filter(
        customer=customer, begins_at__gte=reach.begins, begins_at__lt=reach.ends
    )
    return [
        slo.Batch(
            f"books-{one.pk}", one.begins_at, max(one.received, one.lost), one.lost, "us",
            "Not accounted for" if one.lost else "",
        )
        for one in days.order_by("day")
    ]  # fmt: skip


_LOADERS: Final[dict[str, Callable[[Customer, slo.Interval], Evidence]]] = {
    "ingestion_latency": _of_kind(Leg.Kind.INGEST),
    "cutoff": _cutoffs,
    "transmit_latency": _of_kind(Leg.Kind.TRANSMIT),
    "confirmation_latency": _confirmations,
    "freshness": lambda customer, reach: stock_reports.feeds(customer, reach, party_of),
    "edi_acknowledgement": _of_kind(Leg.Kind.ANSWER),
    "asn_timeliness": _notices,
    "flow_availability": _availability,
    "exception_acknowledge": lambda customer, reach: case_rounds.acknowledged(customer.pk, reach),
    "exception_resolve": lambda customer, reach: case_rounds.resolved(customer.pk, reach),
    "reconciliation_accuracy": lambda customer, reach: stock_counts.batches(customer.pk, reach),
    "data_loss": _books,
}


def leg_ids(ids: Iterable[str]) -> list[int]:
    """The numbers of those ids that are legs'."""
    return [int(one.removeprefix("leg-")) for one in ids if one.startswith("leg-")]
