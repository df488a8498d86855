"""How a change does since it is live: what was translated with it, and how much of that is held."""

from datetime import timedelta
from typing import Any, NamedTuple

from django.db.models import Count, Q

from integrations.models import ChangeRequest, Endpoint, Kind, Message
from integrations.queries.endpoint_health import first_id
from portal.core import clock

BEFORE = timedelta(days=1)
_WORSE, _ENOUGH = 2.0, 5


class Watched(NamedTuple):
    """Documents since it went live, against as long before (at most a day)."""

    documents: int
    held: int
    documents_before: int
    held_before: int

    @property
    def is_worse(self) -> bool:
        """Whether clearly more of them are held than before."""
        if self.held < _ENOUGH:
            return False
        before = self.held_before / self.documents_before if self.documents_before else 0.0
        return self.held / self.documents > max(_WORSE * before, 0.01)


def since_live(change: ChangeRequest) -> Watched | None:
    """None for a change that is not live."""
    if change.published_at is None or change.version_id is None or change.customer_id is None:
        return None
    translated = _concerned(change, change.customer_id)
    after = translated.filter(
        pk__gte=first_id(change.published_at - BEFORE), configuration__gte=change.version_id
    )
    span = min(clock.now() - change.published_at, BEFORE)
    start = change.published_at - span
    before = translated.filter(
        pk__gte=first_id(start), configuration__lt=change.version_id, created_at__gte=start
    )
    now, then = _counts(after), _counts(before)
    return Watched(now["n"], now["held"], then["n"], then["held"])


def _concerned(change: ChangeRequest, customer_id: int) -> Any:
    found = Message.objects.filter(customer_id=customer_id)
    if change.kind not in (Kind.MAPPING, Kind.CONTRACT):
        return found
    slug, object_type, *direction = change.key.split(" ")
    endpoint = Endpoint.objects.filter(slug=slug).first()
    found = found.filter(endpoint=endpoint, object_type=object_type)
    return found.filter(direction=direction[0]) if direction else found.filter(direction="in")


def _counts(found: Any) -> dict[str, int]:
    return found.aggregate(n=Count("pk"), held=Count("pk", filter=Q(state="held")))
