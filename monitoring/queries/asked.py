"""What customers were asked and told. Works under the customer's database role, too."""

from datetime import datetime
from typing import NamedTuple

from django.db import connection
from django.db.models import QuerySet

from monitoring.models import CaseQuestion, ExceptionCase
from monitoring.models.question import OPEN
from portal.core import clock


class Note(NamedTuple):
    """What a customer was told about one of their cases."""

    case: int
    at: datetime
    text: str


def to_answer(customer_id: int) -> QuerySet[CaseQuestion]:
    """The questions that wait for the customer's answer, the most urgent first."""
    return CaseQuestion.objects.filter(
        OPEN,
        customer_id=customer_id,
        expires_at__gt=clock.now(),
        case__state__in=ExceptionCase.OPEN_STATES,
    ).order_by("expires_at", "pk")


def own_notes(*, most: int) -> list[Note]:
    """The newest of what was told to the customer whose rows this request may read; of nobody else."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT case_number, at, text FROM own_case_notes() ORDER BY at DESC LIMIT %s", [most]
        )
        return [Note(*row) for row in cursor.fetchall()]
