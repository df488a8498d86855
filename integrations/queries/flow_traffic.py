"""What moves and what waits per flow."""

from datetime import datetime

from django.db.models import Count, Min

from integrations.models import Message
from integrations.queries import volumes
from integrations.queries.endpoint_health import Queue
from integrations.queries.windows import outward
from portal.core import clock


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
    """Documents each flow has delivered since then."""
    window = outward(since, clock.now())
    found = volumes.by(("flow_id",), window, direction="out")
    return {key[0]: one.sent for key, one in found.items() if one.sent}
