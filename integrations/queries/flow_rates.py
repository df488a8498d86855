"""The flows of one customer, with what each moved lately and what is open in it."""

from datetime import datetime, timedelta
from typing import Final, NamedTuple

from integrations.models import Flow
from integrations.queries import flow_traffic, volumes
from integrations.queries.endpoint_health import Queue
from integrations.queries.volumes import Volume
from integrations.queries.windows import outward

QUARTER: Final = timedelta(minutes=15)
HOUR: Final = timedelta(hours=1)


class Rate(NamedTuple):
    """One flow; the quarter and the hour end with the running slot of five minutes."""

    flow: Flow
    quarter: Volume
    hour: Volume
    queue: Queue


def rates(customer_id: int, now: datetime) -> list[Rate]:
    """Every flow that is switched on, the busiest of the hour first."""
    flows = Flow.objects.filter(customer_id=customer_id, enabled=True)
    quarter = _by_flow(customer_id, now - QUARTER, now)
    hour = _by_flow(customer_id, now - HOUR, now)
    queues = flow_traffic.queues()
    found = [
        Rate(
            flow, quarter.get(flow.pk, Volume()), hour.get(flow.pk, Volume()),
            queues.get(flow.pk, Queue()),
        )
        for flow in flows.select_related("source", "target")
    ]  # fmt: skip
    return sorted(found, key=lambda one: (-one.hour.sent, one.flow.slug))


def _by_flow(customer_id: int, since: datetime, now: datetime) -> dict[int, Volume]:
    window = outward(since, now)
    found = volumes.by(("flow_id",), window, customer_id=customer_id, direction="out")
    return {key[0]: volume for key, volume in found.items()}


def busiest_customer(now: datetime) -> int | None:
    """The customer with the most documents sent in the last hour; None where nothing moved."""
    found = volumes.by(("customer_id",), outward(now - HOUR, now))
    ranked = sorted(found, key=lambda key: (-found[key].sent, key[0]))
    return ranked[0][0] if ranked else None
