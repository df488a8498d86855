"""The end of a case: by itself when nothing is left of it, or because somebody ended it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import F, Value
from django.db.models.functions import Coalesce

from monitoring.domain import alerts, leases
from monitoring.models import CaseCause, CaseEvent, CaseSpan, ExceptionCase, Fix, FixItem
from portal.core import clock, events

GONE = "Nothing is held any more"
State = ExceptionCase.State


class CasesClosed(NamedTuple):
    """Cases are over."""

    numbers: list[int]


def close(
    numbers: Sequence[int], *, cause: str, actor: str = "", state: str = State.RESOLVED
) -> None:
    """Close open cases, and say why. What they held most stands in them from then on."""
    found = ExceptionCase.objects.filter(pk__in=numbers, state__in=ExceptionCase.OPEN_STATES)
    open_now = sorted(found.values_list("pk", flat=True)) if numbers else []
    if not open_now:
        return
    now = clock.now()
    ExceptionCase.objects.filter(pk__in=open_now).update(
        state=state, closed_at=now, resolution=cause[:300], edition=F("edition") + 1,
        documents=F("most_documents"), at_risk=F("most_at_risk"), snoozed_until=None,
        waiting_on="", waiting_reason="", acknowledge_due=None, acknowledge_warn_at=None,
        resolve_due=None, resolve_warn_at=None,
        acknowledged_at=_acknowledged_by(actor, now),
    )  # fmt: skip
    CaseCause.objects.filter(case__in=open_now).update(is_open=False)
    CaseSpan.objects.filter(case__in=open_now, ended_at=None).update(ended_at=now)
    leases.end_with_case(open_now)
    _end_paused(open_now, now)
    CaseEvent.objects.bulk_create(
        CaseEvent(case_id=number, actor=actor[:80], action="closed", text=(cause or GONE)[:500])
        for number in open_now
    )
    alerts.look()
    events.publish(CasesClosed(open_now))


def _end_paused(numbers: Sequence[int], now: datetime) -> None:
    """What waited for a person after its canary has nothing left to send. One that a person acts on at
    this moment is passed over: fixes are locked before cases, and here it is the other way round."""
    paused = Fix.objects.select_for_update(skip_locked=True).filter(
        case__in=numbers, state=Fix.State.PAUSED
    )
    found = [fix.pk for fix in paused]
    Fix.objects.filter(pk__in=found).update(state=Fix.State.CANCELLED, finished_at=now)
    FixItem.objects.filter(fix__in=found, released_at=None).update(
        outcome=FixItem.Outcome.LEFT, told="its case closed before it"
    )


def _acknowledged_by(actor: str, now: datetime) -> Any:
    """Who closes a case has seen it; one that closes itself was perhaps seen by nobody."""
    return Coalesce(F("acknowledged_at"), Value(now)) if actor else F("acknowledged_at")
