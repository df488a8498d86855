"""Everything that is known of a customer's month, as of an instant."""

from datetime import datetime

from monitoring.queries import month_cases, month_changes, month_saves
from monitoring.statements.assemble import Findings
from monitoring.statements.content import Period
from portal.customers.models import Customer


def find(customer: Customer, period: Period, *, as_of: datetime) -> Findings:
    """What a statement tells. What happened after `as_of` is left out, so that it can be found again."""
    return Findings(
        cases=month_cases.of_month(customer.pk, period, as_of=as_of),
        saves=month_saves.of_month(customer.pk, period, as_of=as_of),
        made=month_changes.made(customer.pk, period, as_of=as_of),
        planned=month_changes.planned(customer.pk, period, as_of=as_of),
    )
