"""What customers were asked and told. Works under the customer's database role, too."""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.db import connection
from django.db.models import Q, QuerySet

from integrations.models import Problem
from monitoring.models import CaseCause, CaseQuestion, ExceptionCase
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


def cases_of(*, order_id: UUID | None, message_id: UUID | None) -> set[int]:
    """The open cases that hold a document of this order, or this document. For the partner's own role."""
    documents = Q(message_id=message_id) if message_id else Q()
    documents |= Q(message__order_id=order_id) if order_id else Q()
    if not documents:
        return set()
    open_ones = Problem.objects.filter(documents, closed_at=None)
    causes = CaseCause.objects.filter(
        is_open=True, fingerprint__in=set(open_ones.values_list("fingerprint", flat=True))
    )
    return set(causes.values_list("case_id", flat=True))


def own_notes(*, most: int) -> list[Note]:
    """The newest of what was told to the customer whose rows this request may read; of nobody else."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT case_number, at, text FROM own_case_notes() ORDER BY at DESC LIMIT %s", [most]
        )
        return [Note(*row) for row in cursor.fetchall()]
