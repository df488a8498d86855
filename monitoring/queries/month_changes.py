"""The changes of a customer's configuration in a month, and what was planned at its end."""

from datetime import datetime

from django.db.models import Q, QuerySet

from integrations.models import ChangeRequest
from integrations.models.version import Kind
from monitoring.statements.content import Period, Work

State = ChangeRequest.State


def made(customer_id: int, period: Period, *, as_of: datetime) -> tuple[Work, ...]:
    """What went live in the month, in its order; what was taken back since is told, too."""
    found = _own(customer_id).filter(
        published_at__gte=period.begins, published_at__lt=min(period.ends, as_of)
    )
    return tuple(_work(one, one.published_at) for one in found.order_by("published_at", "pk"))


def planned(customer_id: int, period: Period, *, as_of: datetime) -> tuple[Work, ...]:
    """What was approved by then and has a time to go live after the month."""
    waiting = Q(published_at=None) | Q(published_at__gt=as_of)
    found = _own(customer_id).filter(
        waiting, approved_at__lte=as_of, publish_at__gte=max(period.ends, as_of)
    )
    open_still = found.exclude(state=State.WITHDRAWN)
    return tuple(_work(one, one.publish_at) for one in open_still.order_by("publish_at", "pk"))


def _own(customer_id: int) -> QuerySet[ChangeRequest]:
    """Theirs and those of everybody."""
    return ChangeRequest.objects.filter(Q(customer_id=customer_id) | Q(customer=None))


def _work(change: ChangeRequest, at: datetime | None) -> Work:
    return Work(str(change), at, _text(change), change.author_name, change.approver_name)


def _text(change: ChangeRequest) -> str:
    """What was changed and why; of what is for everybody only what, because its reason may name others."""
    kind = Kind(change.kind).label.capitalize()
    if change.customer_id is None:
        return f"{kind} for all"
    named = f"{kind}: {change.key}" if change.key else kind
    return f"{named}. {change.reason}" if change.reason else named
