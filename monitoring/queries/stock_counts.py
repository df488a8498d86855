"""Nightly comparisons of stock as evidence: how many pairs were judged, and which of them do not agree."""

from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple

from django.db.models import Count
from django.db.models.fields.json import KeyTextTransform, KeyTransform

from monitoring import slo
from monitoring.models import Reconciliation, ReconRow, ReconRun

PREFIX: Final = "run-"
OFF: Final = ("variance", "missing_left", "missing_right")


class _Cause(NamedTuple):
    party: slo.Party
    reason: str


_UNKNOWN: Final = _Cause("us", "The counts differ")
# What is only known to be off is ours, as is everything that lies between the systems.
_CAUSES: Final[Mapping[str, _Cause]] = {
    "unit": _Cause("us", "A unit was not converted"),
    "not_cross_referenced": _Cause("us", "An item code was not cross-referenced"),
    "wrong_snapshot_time": _Cause("us", "A report was taken as of the wrong time"),
    "delta_read_as_full": _Cause("us", "A report of changes was read as a full one"),
    "lost_945": _Cause("us", "A shipment was not booked"),
    "doubled_945": _Cause("us", "A shipment was booked twice"),
    "doubled_947": _Cause("us", "An adjustment was booked twice"),
    "sign_error": _Cause("us", "An adjustment was booked with the wrong sign"),
    "opening_balance": _Cause("customer", "The opening balance is off"),
    "unposted_movement": _Cause("customer", "A kind of movement is not posted"),
}


def batches(customer_id: int, reach: slo.Interval) -> list[slo.Evidence]:
    """Each nightly run as batches: those pairs that agree, and of those that do not one for each cause.
    What is on its way between the systems cannot be judged, and is not counted."""
    runs = ReconRun.objects.filter(
        reconciliation__customer=customer_id, reconciliation__kind=Reconciliation.Kind.INVENTORY,
        trigger=ReconRun.Trigger.NIGHTLY, light=False, state=ReconRun.State.DONE, of=None,
        at__gte=reach.begins, at__lt=reach.ends,
    ).order_by("at", "pk")  # fmt: skip
    off = _off(runs)
    return [batch for run in runs for batch in _of_run(run, off.get(run.pk, {}))]


def _off(runs: Iterable[ReconRun]) -> dict[int, dict[_Cause, int]]:
    """By run: how many pairs do not agree, by what they most look like."""
    first = KeyTextTransform("code", KeyTransform("0", "causes"))
    rows = ReconRow.objects.filter(run__in=[run.pk for run in runs], state__in=OFF)
    counted = rows.order_by().values_list("run_id", first).annotate(pairs=Count("pk"))
    found: dict[int, dict[_Cause, int]] = {}
    for run_id, code, pairs in counted:
        by_cause = found.setdefault(run_id, {})
        cause = _CAUSES.get(code or "", _UNKNOWN)
        by_cause[cause] = by_cause.get(cause, 0) + pairs
    return found


def _of_run(run: ReconRun, off: Mapping[_Cause, int]) -> list[slo.Batch]:
    assert run.at
    judged = run.figures.get("pairs", 0) - run.counts.get("in_flight", 0)
    agreed = slo.Batch(f"{PREFIX}{run.pk}", run.at, max(0, judged - sum(off.values())), 0)
    return [
        agreed,
        *(
            slo.Batch(f"{PREFIX}{run.pk}-{n}", run.at, pairs, pairs, cause.party, cause.reason)
            for n, (cause, pairs) in enumerate(sorted(off.items()), 1)
        ),
    ]
