"""How long cases usually take, by their kind: measured here, and a guess until there is enough."""

from collections.abc import Sequence
from datetime import timedelta

from django.db import connection

from monitoring.clocks import targets
from monitoring.models import ExceptionCase
from portal.core import clock
from portal.customers.models import Customer

MEASURED_OVER = timedelta(days=90)
_ENOUGH = 5
_GUESS = 0.5  # of the time it may take


def expect(cases: Sequence[ExceptionCase]) -> None:
    """Note in new cases what the middle one of their kind needed."""
    measured = _medians({case.code for case in cases})
    customers = Customer.objects.in_bulk({case.customer_id for case in cases})
    for case in cases:
        allowed = targets(customers[case.customer_id].policies, case.severity).resolve
        case.usual_minutes = measured.get(case.code, _GUESS * allowed)
    ExceptionCase.objects.bulk_update(cases, ["usual_minutes"])


def _medians(codes: set[str]) -> dict[str, float]:
    """Minutes from opening to the end, of the middle resolved case of each code that has enough."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT code, percentile_cont(0.5) WITHIN GROUP (
                ORDER BY extract(epoch FROM closed_at - began_at) / 60)
            FROM monitoring_exceptioncase
            WHERE code = ANY(%s) AND closed_at >= %s AND state = 'resolved' AND merged_into_id IS NULL
            GROUP BY code HAVING count(*) >= %s
            """,
            [sorted(codes), clock.now() - MEASURED_OVER, _ENOUGH],
        )
        return {code: float(minutes) for code, minutes in cursor.fetchall()}
