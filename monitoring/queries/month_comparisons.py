"""The comparisons of a customer's systems in a month: how often, how much was alike, what stayed open."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from monitoring.models import Break, Reconciliation, ReconRun
from monitoring.statements.content import Period, Reconciled
from portal.customers.models import Customer

_ALIKE = ("match", "in_tolerance")
_NO_ROWS = ("oversell_risk",)  # counted beside the rows
_ON_ITS_WAY = "in_flight"


def of_month(customer: Customer, period: Period, *, as_of: datetime) -> tuple[Reconciled, ...]:
    """One for each comparison that ran whole in the month. What is open is that of its last run."""
    until = min(period.ends, as_of)
    runs = ReconRun.objects.filter(
        reconciliation__customer=customer,
        state=ReconRun.State.DONE,
        light=False,
        of=None,
        at__gte=period.begins,
        at__lt=until,
        ended_at__lte=as_of,
    ).order_by("at", "pk")
    by_comparison: dict[int, list[ReconRun]] = {}
    for run in runs:
        by_comparison.setdefault(run.reconciliation_id, []).append(run)
    labels = Reconciliation.objects.in_bulk(by_comparison)
    return tuple(
        _reconciled(labels[pk], found, customer.currency, _settled(pk, period, until))
        for pk, found in sorted(by_comparison.items())
    )


def _reconciled(
    one: Reconciliation, runs: Sequence[ReconRun], currency: str, settled: int
) -> Reconciled:
    last = runs[-1]
    return Reconciled(
        key=f"comparison-{one.pk}",
        name=one.label,
        runs=len(runs),
        compared=sum(_rows(run) for run in runs),
        matched=sum(_alike(run) for run in runs),
        settled=settled,
        open=_rows(last) - _alike(last) - last.counts.get(_ON_ITS_WAY, 0),
        worth=abs(Decimal(last.figures.get("off_value") or "0")),
        currency=currency,
    )


def _rows(run: ReconRun) -> int:
    return sum(count for state, count in run.counts.items() if state not in _NO_ROWS)


def _alike(run: ReconRun) -> int:
    return sum(run.counts.get(state, 0) for state in _ALIKE)


def _settled(pk: int, period: Period, until: datetime) -> int:
    """Differences that ended in the month."""
    ended = Break.objects.filter(
        reconciliation=pk, closed_at__gte=period.begins, closed_at__lt=until
    )
    return ended.count()
