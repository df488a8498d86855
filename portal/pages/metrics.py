"""The figures of an installation as Prometheus reads them.

All of them are read from the database when somebody asks: every process would give the same answer, so it
does not matter which one is asked, or how many there are.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from integrations.queries import backlog
from integrations.queries.windows import SLOT, outward
from monitoring.queries import lag
from portal.core import clock
from portal.jobs import queries as jobs
from portal.tenants.models import Partner

if TYPE_CHECKING:
    from prometheus_client.metrics_core import GaugeMetricFamily

DAY, HOUR = timedelta(hours=24), timedelta(hours=1)
Families = Iterator["GaugeMetricFamily"]


def page() -> bytes:
    """Prometheus's text format, version 0.0.4."""
    from prometheus_client import CollectorRegistry, generate_latest

    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Figures())  # type: ignore[arg-type]
    return generate_latest(registry)


class _Figures:
    """What Prometheus calls a collector."""

    def collect(self) -> Families:
        schemas = _schemas()
        yield from _open(schemas)
        yield from _door(schemas)
        yield from _moved(schemas)
        yield from _lag(schemas)
        yield from _lanes()


def _schemas() -> list[str]:
    partners = Partner.living()
    return list(partners.order_by("schema_name").values_list("schema_name", flat=True))


def _gauge(name: str, text: str, *labels: str) -> Any:
    from prometheus_client.metrics_core import GaugeMetricFamily

    return GaugeMetricFamily(f"crossdock_{name}", text, labels=labels)


def _open(schemas: list[str]) -> Families:
    now = clock.now()
    messages = _gauge(
        "messages_open", "Documents that are not done, by their state.", "partner", "state"
    )
    queue = _gauge(
        "queue", "Documents waiting for or being sent to an endpoint.", "partner", "endpoint"
    )
    oldest = _gauge(
        "queue_oldest_seconds", "Age of the oldest of them.", "partner", "endpoint"
    )  # fmt: skip
    by_state: dict[tuple[str, str], int] = {}
    queues: dict[tuple[str, str], tuple[int, datetime]] = {}
    for schema, endpoint, state, count, since in backlog.open_messages(schemas):
        by_state[schema, state] = by_state.get((schema, state), 0) + count
        if state in ("waiting", "sending"):
            before, began = queues.get((schema, endpoint), (0, since))
            queues[schema, endpoint] = (before + count, min(began, since))
    for labels, number in by_state.items():
        messages.add_metric(labels, number)
    for labels, (depth, began) in queues.items():
        queue.add_metric(labels, depth)
        oldest.add_metric(labels, (now - began).total_seconds())
    yield from (messages, queue, oldest)


def _door(schemas: list[str]) -> Families:
    refused = _gauge(
        "door_refused_24h", "Documents refused at the door in 24 hours.", "partner", "reason"
    )
    for one in backlog.refusals(schemas, since=clock.now() - DAY):
        refused.add_metric((one.schema, one.reason), one.number)
    down = _gauge("endpoints_down", "Endpoints whose breaker is open.", "partner")
    for schema, count in backlog.endpoints_down(schemas).items():
        down.add_metric((schema,), count)
    yield from (refused, down)


def _moved(schemas: list[str]) -> Families:
    """Of the running slot of five minutes and the eleven before it."""
    slot = outward(clock.now(), clock.now()).start
    documents = _gauge(
        "documents_1h", "What became of documents in the last hour.", "partner", "what"
    )
    for one in backlog.moved(schemas, since=slot - HOUR + SLOT):
        for what in ("received", "sent", "held", "retried"):
            documents.add_metric((one.schema, what), getattr(one, what))
    yield documents


def _lag(schemas: list[str]) -> Families:
    unfolded = _gauge("traffic_unfolded", "Changes of sums that are not folded yet.", "partner")
    for schema, number in backlog.unfolded(schemas).items():
        unfolded.add_metric((schema,), number)
    behind = _gauge("legs_behind", "Events that no leg has been made of yet.", "partner")
    for schema, number in lag.legs_behind(schemas).items():
        behind.add_metric((schema,), number)
    yield from (unfolded, behind)


def _lanes() -> Families:
    now = clock.now()
    running = _gauge("lanes_running", "Lanes of work a worker has.", "partner", "kind")
    due = _gauge("lanes_due", "Lanes of work that wait for a worker.", "partner", "kind")
    late = _gauge(
        "lane_oldest_seconds", "How long the first of them has waited.", "partner", "kind"
    )
    for lane in jobs.lanes():
        labels = (lane.schema, lane.kind)
        running.add_metric(labels, lane.running)
        due.add_metric(labels, lane.due)
        late.add_metric(labels, (now - lane.oldest).total_seconds() if lane.oldest else 0)
    yield from (running, due, late)
