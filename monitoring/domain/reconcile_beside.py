"""What people did about breaks while a run looked, and what the run leaves of what they asked for."""

from monitoring.domain.reconcile_scope import Scope
from monitoring.models import Break, Correction
from portal.core import clock

State = Correction.State


def corrected(scope: Scope) -> frozenset[int]:
    """The breaks that were corrected after the instant of the run: it says nothing of whether it helped."""
    found = Correction.objects.filter(
        difference__reconciliation=scope.reconciliation, state=State.DONE, ended_at__gt=scope.at
    )
    return frozenset(found.values_list("difference_id", flat=True))


def end_asked(scope: Scope) -> None:
    """Refuse what waits for approval and whose difference is over or another one now."""
    found = Correction.objects.select_for_update(of=("self",)).select_related("difference")
    asked = found.filter(difference__reconciliation=scope.reconciliation, state=State.ASKED)
    for correction in asked.order_by("pk"):
        why = _why_over(correction)
        if why:
            correction.state, correction.ended_at = State.REFUSED, clock.now()
            correction.outcome = f"The run of {scope.at:%d %b %H:%M} UTC {why}"[:300]
            correction.save(update_fields=["state", "ended_at", "outcome"])


def _why_over(correction: Correction) -> str:
    one = correction.difference
    if one.status == Break.Status.CLOSED:
        return "found no difference any more."
    if one.gap != correction.gap:
        return f"found {one.gap} and no longer {correction.gap}. Look again, and ask for that."
    return ""
