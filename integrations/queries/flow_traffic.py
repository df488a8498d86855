"""What moves and what waits per flow."""

from datetime import datetime

from django.db.models import Count, Min

from integrations.models import Message
from integrations.queries.endpoint_health import Queue, first_id


def queues() -> dict[int, Queue]:
    """What waits and what is held per flow."""
    found: dict[int, Queue] = {}
    open_out = Message.objects.filter(direction="out", flow__isnull=False)
    waiting = open_out.filter(state__in=("waiting", "sending")).values_list("flow_id")
    for flow_id, count, oldest in waiting.annotate(n=Count("pk"), oldest=Min("created_at")):
        found[flow_id] = Queue(count, oldest)
    held = Message.objects.filter(state="held", flow__isnull=False).values_list("flow_id")
    for flow_id, count in held.annotate(n=Count("pk")):
        found[flow_id] = found.get(flow_id, Queue())._replace(held=count)
    return found


def moved(since: datetime) -> dict[int, int]:
    """Documents each flow delivered of those made since then."""
    found = (
        Message.objects.filter(
            pk__gte=first_id(since),
            created_at__gte=since,
            direction="out",
            state__in=("delivered", "confirmed"),
            flow__isnull=False,
        )
        .values_list("flow_id")
        .annotate(n=Count("pk"))
    )
    return dict(found)
