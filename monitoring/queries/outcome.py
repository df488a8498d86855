"""What became of the documents somebody did something to."""

from datetime import timedelta
from typing import NamedTuple
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from integrations.models import Message, Problem
from monitoring.models import CaseEvent, ExceptionCase
from portal.core import clock

WATCHED_FOR = timedelta(minutes=10)
_MOVING = ("received", "waiting", "sending")


class Reason(NamedTuple):
    """Why some of them are held again, and in which case."""

    text: str
    documents: int
    case: ExceptionCase | None


class Outcome(NamedTuple):
    """`passed` + `held` + `moving` = `total`. `reasons` also tell of what was held further on, where
    these documents led. `running`: it is worth asking again."""

    total: int
    passed: int
    held: int
    moving: int
    reasons: list[Reason]
    running: bool


def of(event: CaseEvent) -> Outcome:
    """The states of the event's documents as they are now, in at most five queries."""
    counts = dict(
        Message.objects.filter(pk__in=event.messages)
        .values_list("state")
        .annotate(n=Count("pk"))
        .order_by()
    )
    moving = sum(counts.get(state, 0) for state in _MOVING)
    held, total = counts.get("held", 0), sum(counts.values())
    further = _further(event)
    going = moving or further.filter(state__in=("waiting", "sending")).exists()
    return Outcome(
        total=total,
        passed=total - moving - held,
        held=held,
        moving=moving,
        reasons=_reasons(event.messages, further),
        running=bool(going) and clock.now() - event.at < WATCHED_FOR,
    )


def _further(event: CaseEvent) -> QuerySet[Message]:
    """What we sent of the same orders since."""
    orders = Message.objects.filter(pk__in=event.messages, order_id__isnull=False)
    return Message.objects.filter(
        order_id__in=orders.values("order_id"), direction="out", created_at__gte=event.at
    ).exclude(pk__in=event.messages)


def _reasons(ids: list[UUID], further: QuerySet[Message]) -> list[Reason]:
    own = Q(message_id__in=ids) | Q(message_id__in=further.filter(state="held").values("pk"))
    rows = list(
        Problem.objects.filter(own, closed_at=None)
        .values("fingerprint")
        .annotate(n=Count("message_id", distinct=True))
        .order_by("-n")[:20]
    )
    cases = {
        case.fingerprint: case
        for case in ExceptionCase.objects.filter(
            fingerprint__in=[row["fingerprint"] for row in rows],
            state__in=ExceptionCase.OPEN_STATES,
        )
    }
    found = [(cases.get(row["fingerprint"]), row["n"]) for row in rows]
    return [Reason(case.title if case else "held", count, case) for case, count in found]
