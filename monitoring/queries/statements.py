"""Statements for lists and pages, without reading what they say."""

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from monitoring.models import Statement, StatementAdjustment, StatementEvent

_HEAVY = ("content", "evidence_list")
APPROVED, SENT, UNSENT = StatementEvent.APPROVED, StatementEvent.SENT, StatementEvent.UNSENT


def listed() -> QuerySet[Statement]:
    """Each with when it was approved and sent, whether a mail failed, and whether a correction waits."""
    asked = StatementAdjustment.objects.filter(
        statement=OuterRef("pk"), state=StatementAdjustment.State.ASKED
    )
    return (
        Statement.objects.defer(*_HEAVY)
        .select_related("customer")
        .annotate(
            approved_at=_when(APPROVED),
            sent_at=_when(SENT),
            unsent_at=_when(UNSENT),
            correction_waits=Exists(asked),
        )
    )


def _when(verb: str) -> Subquery:
    events = StatementEvent.objects.filter(statement=OuterRef("pk"), verb=verb)
    return Subquery(events.order_by("-id").values("at")[:1])


def to_approve(found: QuerySet[Statement]) -> QuerySet[Statement]:
    """What waits for a person: sealed and not let go, or with a correction that nobody has decided."""
    waits = Q(approved_at=None, sent_at=None, state=Statement.State.SEALED)
    return found.filter(waits | Q(correction_waits=True))


def waiting() -> QuerySet[Statement]:
    """Those of all customers that wait for a person."""
    return to_approve(listed())


def own(customer_id: int) -> QuerySet[Statement]:
    """What a customer may see: sealed, and approved or sent."""
    mine = listed().filter(customer_id=customer_id, state=Statement.State.SEALED)
    return mine.filter(Q(approved_at__isnull=False) | Q(sent_at__isnull=False))
