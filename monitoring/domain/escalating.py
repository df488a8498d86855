"""Cases get more severe with what they hold and how long they last, as their kind says."""

from django.db import transaction

from monitoring import taxonomy
from monitoring.domain import clocks
from monitoring.models import CaseEvent, ExceptionCase
from portal.core import clock

_RISING = {kind.code: kind for kind in taxonomy.KINDS.values() if kind.escalates}
_MOST = 500


@transaction.atomic
def escalate() -> int:
    """Raise what has grown or aged past its limit, and set its clocks by what it is now. Returns how
    many."""
    now = clock.now()
    rising = ExceptionCase.objects.select_for_update(of=("self",), skip_locked=True).filter(
        code__in=_RISING, closed_at=None, severity__gt=1
    )
    raised, events = [], []
    for case in rising.order_by("pk")[:_MOST]:
        minutes = (now - case.began_at).total_seconds() / 60
        severity = taxonomy.severity(
            _RISING[case.code], documents=case.documents, minutes_open=minutes
        )
        if severity < case.severity:
            text = f"S{severity} now, S{case.severity} before: {case.documents:,} documents"
            events.append(CaseEvent(case=case, action="escalated", text=text))
            case.severity = severity
            raised.append(case)
    ExceptionCase.objects.bulk_update(raised, ["severity"])
    CaseEvent.objects.bulk_create(events)
    clocks.start(raised)
    return len(raised)
