"""Who held up what was late: outages of the systems on its way, and waiting for others to decide."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from uuid import UUID

from integrations.models import Problem
from monitoring import slo
from monitoring.models import CaseCause, CaseSpan, ExceptionCase, Leg
from monitoring.queries import case_rounds, promise_evidence


def of_legs(
    customer_id: int, legs: Sequence[Leg], reach: slo.Interval
) -> dict[str, tuple[slo.Hold, ...]]:
    """The holds of each leg by the id of its event."""
    away = _outages(customer_id, reach)
    waits = _waits({leg.order_id for leg in legs if leg.order_id})
    return {
        f"leg-{leg.pk}": (*away.get(leg.endpoint_id, ()), *waits.get(leg.order_id, ()))
        for leg in legs
    }


def _outages(customer_id: int, reach: slo.Interval) -> dict[int, list[slo.Hold]]:
    found: dict[int, list[slo.Hold]] = defaultdict(list)
    for one in promise_evidence.outages_within(customer_id, reach):
        found[one.endpoint_id] += promise_evidence.holds_of(one)
    return found


def _waits(orders: set[UUID]) -> Mapping[UUID | None, list[slo.Hold]]:
    """When cases that held documents of these orders waited for somebody else."""
    by_cause: dict[UUID, set[UUID]] = defaultdict(set)
    held = Problem.objects.filter(message__order_id__in=orders)
    for fingerprint, order_id in held.values_list("fingerprint", "message__order_id").distinct():
        if order_id:
            by_cause[fingerprint].add(order_id)
    causes = CaseCause.objects.filter(fingerprint__in=by_cause)
    cases: dict[int, set[UUID]] = defaultdict(set)
    for case_id, fingerprint in causes.values_list("case_id", "fingerprint"):
        cases[case_id] |= by_cause[fingerprint]
    found: dict[UUID | None, list[slo.Hold]] = defaultdict(list)
    others = CaseSpan.objects.filter(case__in=cases).exclude(party=ExceptionCase.Party.US)
    for span in others.order_by("pk"):
        for order_id in cases[span.case_id]:
            found[order_id].append(case_rounds.hold(span))
    return found
