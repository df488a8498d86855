"""A budget that burns too fast becomes a case, one for each objective, and ends by itself."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from fractions import Fraction
from typing import Any, Final
from uuid import UUID, uuid5

from integrations.models import Endpoint
from monitoring import slo
from monitoring.domain import findings, measure
from monitoring.domain.findings import Finding
from monitoring.models import ExceptionCase, Leg, ObjectiveWindow
from monitoring.queries import promise_evidence

CODE: Final = "budget_burning"
OVER: Final = "It burns no faster than is allowed"
_BURNS: Final = UUID("5d1c3f0e-6d0b-5b7a-9d7e-51f0a5f3c2b4")
_SEVERITY: Final = {"page": 2, "ticket": 3}
_MOST_SHOWN: Final = 20


def fingerprint(customer_id: int, sli: str) -> UUID:
    """The cause "this budget burns"."""
    return uuid5(_BURNS, f"{customer_id}/{sli}")


def look(row: ObjectiveWindow, case: measure.Case, now: datetime) -> dict[str, Any]:
    """Which alerts fire. The worst of them is what its case says; without any, the case ends."""
    promise = case.promise
    results = case.rates(slo.burn_windows(promise.policies), now)
    counts = {length: slo.Count(one.counted_misses, one.total) for length, one in results.items()}
    firing = slo.alerts(counts, may_miss=promise.budget_share, policies=promise.policies)
    endpoint_id = _endpoint(row)
    if firing and endpoint_id:
        worst = min(
            firing, key=lambda alert: (_SEVERITY[alert.policy.severity], -alert.policy.rate)
        )
        findings.report([_finding(row, worst, results, endpoint_id, now)])
    elif not firing:
        end(row, cause=OVER)
    return {alert.policy.name: [_rate(alert.long), _rate(alert.short)] for alert in firing}


def end(row: ObjectiveWindow, *, cause: str) -> None:
    """Its case ends, if there is one."""
    if row.burning:
        findings.clear([fingerprint(row.customer_id, row.objective.sli)], cause=cause)


def _rate(rate: Fraction | None) -> float | None:
    return None if rate is None else round(float(rate), 2)


def _endpoint(row: ObjectiveWindow) -> int | None:
    """A case is of an endpoint; a promise is of all of the customer's, so it is their first."""
    own = Endpoint.objects.filter(customer_id=row.customer_id).order_by("pk")
    return own.values_list("pk", flat=True).first()


def _finding(
    row: ObjectiveWindow,
    alert: slo.Alert,
    results: Mapping[timedelta, slo.Result],
    endpoint_id: int,
    now: datetime,
) -> Finding:
    policy, result = alert.policy, results[alert.policy.long]
    return Finding(
        fingerprint=fingerprint(row.customer_id, row.objective.sli),
        customer_id=row.customer_id,
        endpoint_id=endpoint_id,
        origin=ExceptionCase.Origin.BUDGET,
        code=CODE,
        since=min((miss.at for miss in result.tally.misses), default=now),
        value=result.objective.title,
        severity=_SEVERITY[policy.severity],
        evidence=_lines(alert, result),
        url=f"/service-levels/{row.customer.slug}/{row.objective.sli}/",
        documents=0 if result.objective.sli.by_time else int(result.counted_misses),
    )


def _lines(alert: slo.Alert, result: slo.Result) -> list[tuple[str, str]]:
    policy, unit = alert.policy, result.objective.sli.unit
    missed, total = float(result.counted_misses), float(result.total)
    ids = _names([miss.id for miss in result.tally.misses])
    more = f" and {len(ids) - _MOST_SHOWN:,} more" if len(ids) > _MOST_SHOWN else ""
    return [
        ("Burns", f"{_times(alert.long)} as fast as allowed, limit {policy.rate.normalize():f}"),
        ("Window", f"last {_length(policy.long)}: {missed:,.6g} of {total:,.6g} {unit} missed"),
        ("Goes on", f"{_times(alert.short)} in the last {_length(policy.short)}"),
        ("Promise", f"{float(result.objective.target):.2%}".replace("%", " %")),
        ("Missed", ", ".join(ids[:_MOST_SHOWN]) + more),
    ]


def _names(ids: Sequence[str]) -> list[str]:
    """Orders by the number people know, cases by theirs; all else by its id."""
    legs = Leg.objects.filter(pk__in=promise_evidence.leg_ids(ids))
    numbers = {f"leg-{pk}": number for pk, number in legs.values_list("pk", "number") if number}
    return [numbers.get(one, one) for one in ids]


def _times(rate: Fraction | None) -> str:
    return "endlessly" if rate is None else f"{float(rate):,.1f} times"


def _length(length: timedelta) -> str:
    minutes = length // timedelta(minutes=1)
    if minutes % 1440 == 0:
        return f"{minutes // 1440} d"
    return f"{minutes // 60} h" if minutes % 60 == 0 else f"{minutes} min"
