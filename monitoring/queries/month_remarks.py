"""What was written for a customer about the days on which promises were missed."""

from datetime import date

from monitoring.models import ObjectiveDay
from monitoring.statements import words
from monitoring.statements.causes import Remark
from monitoring.statements.content import Period


def of_month(customer_id: int, period: Period) -> tuple[Remark, ...]:
    """One for each promise and day that has any, by day."""
    first, after = (words.local(at, period.zone).date() for at in (period.begins, period.ends))
    days = ObjectiveDay.objects.filter(
        customer_id=customer_id, day__gte=first, day__lt=after
    ).exclude(remark="")
    rows = days.order_by("day", "objective").values_list("objective__sli", "day", "remark")
    return tuple(_remark(*row) for row in rows)


def _remark(sli: str, day: date, text: str) -> Remark:
    return Remark(f"{sli} {day}", sli, day, text)
