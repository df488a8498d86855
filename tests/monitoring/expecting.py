"""Traffic and legs as the lane of expectations reads them, written without the documents behind them."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from integrations.models.traffic import Traffic
from monitoring.models import Leg

SLOT, HOUR, DAY = timedelta(minutes=5), timedelta(hours=1), timedelta(days=1)


def came(endpoint: Any, moments: Iterable[datetime], *, object_type: str = "order") -> None:
    """One document in each of these five minutes."""
    write([(at, 1) for at in moments], customer_id=endpoint.customer_id, endpoint_id=endpoint.pk,
          object_type=object_type, direction="in", counter="received")  # fmt: skip


def went(flow: Any, moments: Iterable[datetime]) -> None:
    """One document sent by the flow in each of these five minutes."""
    write([(at, 1) for at in moments], customer_id=flow.customer_id, endpoint_id=flow.target_id,
          flow_id=flow.pk, object_type=flow.object_type, direction="out", counter="sent")  # fmt: skip


def write(counts: Iterable[tuple[datetime, int]], *, counter: str, **key: Any) -> None:
    rows = {}
    for at, count in counts:
        for level, begins in ((0, _floor(at, SLOT)), (1, _floor(at, HOUR)), (2, _floor(at, DAY))):
            row = rows.setdefault((level, begins), Traffic(level=level, at=begins, **key))
            setattr(row, counter, getattr(row, counter) + count)
    Traffic.objects.bulk_create(
        rows.values(),
        update_conflicts=True,
        unique_fields=[
            "level",
            "customer_id",
            "at",
            "endpoint_id",
            "flow_id",
            "object_type",
            "direction",
        ],
        update_fields=[counter],
    )


def _floor(at: datetime, span: timedelta) -> datetime:
    seconds = int(at.timestamp()) // int(span.total_seconds()) * int(span.total_seconds())
    return datetime.fromtimestamp(seconds, at.tzinfo)


def leg(
    endpoint: Any, kind: str, began: datetime, ended: datetime | None = None, **fields: Any
) -> Leg:
    given = {
        "customer_id": endpoint.customer_id, "endpoint_id": endpoint.pk, "kind": kind,
        "subject": uuid4(), "began_at": began, "ended_at": ended,
        "outcome": "done" if ended else "",
    }  # fmt: skip
    return Leg.objects.create(**{**given, **fields})
