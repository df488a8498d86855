"""What a person does about an endpoint that cannot be reached: try it again."""

from typing import Any

from django.db import transaction

from integrations.domain import health
from integrations.models import Message
from monitoring.domain import states
from monitoring.models import CaseEvent, ExceptionCase
from portal.jobs import lanes


@transaction.atomic
def try_again(case: ExceptionCase, *, person: Any) -> CaseEvent:
    """Close the endpoint's breaker now and let what waits go, in order. If it fails, the case comes
    back."""
    states.take(case.pk, person)
    endpoint = case.endpoint
    waiting = Message.objects.filter(
        endpoint=endpoint, direction="out", state__in=("waiting", "sending")
    ).count()
    health.reset(endpoint)
    lanes.wake("poll", str(endpoint.pk))
    return CaseEvent.objects.create(
        case=case, actor=person.name[:80], action="try", documents=waiting,
        text=f"Tried {endpoint.label} again, {waiting:,} waiting",
    )  # fmt: skip
