"""Which events somebody wants, remembered for a moment: whoever moves documents asks with every batch."""

from typing import Final, NamedTuple

from django.db import transaction
from django_tenants.utils import get_public_schema_name

from integrations.domain import applications
from integrations.models import Endpoint
from portal.core import clock
from portal.tenants import flags
from portal.tenants.current import current_schema
from portal.tenants.rows import beyond_limit
from portal.webhooks.domain.told import TOLD
from portal.webhooks.models import Webhook

REMEMBER: Final = 2.0  # seconds: after a change in another process it is late by so much at most


class Listener(NamedTuple):
    """A receiver. No types: it wants every one. Those that are off are listed, too: what they missed is
    kept, to be sent again. The applications of a customer are one that is never sent anything: they read."""

    id: int
    types: frozenset[str]
    customer_id: int | None
    is_on: bool

    def wants(self, event_type: str) -> bool:
        return not self.types or event_type in self.types

    def hears(self, event_type: str, customer_id: int | None) -> bool:
        """Whether it is told of this type of this customer. One for a customer hears nothing else."""
        theirs = self.customer_id is None or self.customer_id == customer_id
        return theirs and self.wants(event_type)


_known: dict[str, tuple[float, tuple[Listener, ...]]] = {}


def listeners() -> tuple[Listener, ...]:
    """Those of this schema; the platform's own side has none."""
    schema = current_schema()
    if schema == get_public_schema_name():
        return ()
    until, known = _known.get(schema, (0.0, ()))
    if clock.monotonic() < until:
        return known
    with beyond_limit():  # remembered for everybody, whoever asks first
        there = Webhook.objects.all() if flags.is_on("webhooks") else Webhook.objects.none()
        rows = list(there.order_by("pk").values_list("pk", "types", "customer_id", "is_on"))
        reading = Endpoint.objects.filter(connector=applications.CONNECTOR).order_by("customer_id")
        readers = list(reading.values_list("customer_id", flat=True).distinct())
    found = tuple(Listener(pk, frozenset(types), whose, on) for pk, types, whose, on in rows)
    found += tuple(Listener(0, TOLD, customer_id, is_on=False) for customer_id in readers)
    _known[schema] = (clock.monotonic() + REMEMBER, found)
    return found


def wants(*event_types: str) -> bool:
    """Whether anybody wants one of these: if not, nothing needs to be looked up."""
    return any(one.wants(name) for one in listeners() for name in event_types)


def changed() -> None:
    """A receiver was changed: ask anew, now and once that is committed."""
    schema = current_schema()
    _known.pop(schema, None)
    transaction.on_commit(lambda: _known.pop(schema, None))


def forget() -> None:
    """Ask anew everywhere."""
    _known.clear()
