"""Where documents pile up: every endpoint with what waits for it and how hard it tries."""

from datetime import datetime, timedelta
from typing import Final, NamedTuple

from integrations.models import Endpoint
from integrations.queries import endpoint_health, volumes
from integrations.queries.endpoint_health import Queue
from integrations.queries.volumes import Volume
from integrations.queries.windows import outward

HOUR: Final = timedelta(hours=1)


class Pressure(NamedTuple):
    """One endpoint: what is open there now, and what happened in the last hour."""

    endpoint: Endpoint
    queue: Queue
    hour: Volume

    @property
    def is_under(self) -> bool:
        """Whether there is anything to look at."""
        return self.is_down or any((self.queue.waiting, self.queue.held, self.hour.retried))

    @property
    def is_down(self) -> bool:
        """Whether its breaker holds calls back."""
        return bool(self.endpoint.breaker.get("state", {}).get("state") == "open")


def pressures(now: datetime) -> list[Pressure]:
    """The endpoints that are down, or something waits for, is held at or was tried again at: those that
    are down before the others, then the longest wait."""
    endpoints = list(Endpoint.objects.select_related("customer"))
    queues = endpoint_health.queues([one.pk for one in endpoints])
    hour = volumes.by(("endpoint_id",), outward(now - HOUR, now))
    found = [
        Pressure(one, queues.get(one.pk, Queue()), hour.get((one.pk,), Volume()))
        for one in endpoints
    ]
    return sorted((one for one in found if one.is_under), key=lambda one: _worst_first(one, now))


def _worst_first(one: Pressure, now: datetime) -> tuple[bool, datetime, int, str]:
    return not one.is_down, one.queue.oldest or now, -one.queue.held, one.endpoint.label
