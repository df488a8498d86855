"""Everything that is known of a customer's month, as of an instant."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from monitoring import slo
from monitoring.domain import statement_judged, statement_planned
from monitoring.queries import month_cases, month_changes, month_saves
from monitoring.statements.assemble import Findings
from monitoring.statements.content import Period
from monitoring.statements.judged import Judged
from monitoring.statements.saving import Save
from portal.customers.models import Customer

CUT_OFF: Final = "cutoff"


def find(customer: Customer, period: Period, *, as_of: datetime) -> Findings:
    """What a statement tells. What happened after `as_of` is left out, so that it can be found again."""
    judged = statement_judged.of_month(customer, period, as_of=as_of)
    saves = month_saves.of_month(customer.pk, period, as_of=as_of)
    return Findings(
        judged=judged,
        cases=month_cases.of_month(customer.pk, period, as_of=as_of),
        saves=tuple(_of_promise(one, _kept_cutoffs(judged)) for one in saves),
        made=month_changes.made(customer.pk, period, as_of=as_of),
        planned=(
            *month_changes.planned(customer.pk, period, as_of=as_of),
            *statement_planned.of_month(customer.pk, period, as_of=as_of),
        ),
    )


def _kept_cutoffs(judged: Sequence[Judged]) -> set[str]:
    """The numbers of the orders that made their cut-off."""
    events = (
        (one.subjects.get(event.id), event)
        for one in judged
        if one.terms.key == CUT_OFF
        for event in one.evidence
        if isinstance(event, slo.Event)
    )
    return {
        subject.number
        for subject, event in events
        if subject and event.ended and event.due and event.ended <= event.due
    }


def _of_promise(one: Save, kept: set[str]) -> Save:
    """An order that was saved and then made its cut-off would have missed it."""
    return replace(one, promise=CUT_OFF) if one.number in kept else one
