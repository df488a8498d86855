"""Work that both sides know of: agreed time of the month after a statement's."""

from datetime import datetime, timedelta
from typing import Final

from monitoring import slo
from monitoring.domain.exclusions import pure
from monitoring.models import Exclusion
from monitoring.statements.content import Period, Work

COMING: Final = timedelta(days=31)


def of_month(customer_id: int, period: Period, *, as_of: datetime) -> tuple[Work, ...]:
    """Planned work that was agreed by then, in the month after."""
    agreed = Exclusion.objects.filter(
        customer_id=customer_id,
        kind=Exclusion.Kind.MAINTENANCE,
        state=Exclusion.State.APPROVED,
        decided_at__lte=as_of,
    )
    coming = slo.Interval(max(period.ends, as_of), max(period.ends, as_of) + COMING)
    return tuple(
        Work(f"E-{row.pk}-{number}", time.begins, row.text, row.asked_name, row.decided_name)
        for row in agreed.order_by("pk")
        for number, time in enumerate(pure(row, as_of=as_of).times(coming), start=1)
    )
