"""Which things there are to expect: what moved lately makes them known."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Final

from integrations.models import Endpoint, Flow
from monitoring.models import Expectation
from monitoring.queries import arrivals, awaiting
from monitoring.queries.arrivals import Key
from monitoring.queries.awaiting import Side
from portal.customers.models import Customer

LATELY: Final = timedelta(days=14)
LEGS_LATELY: Final = timedelta(days=7)  # there are many, and who looks every hour misses none
_IN_HOURS: Final = (Expectation.Kind.SHIP, Expectation.Kind.INVOICE)  # people work on these


def discover(now: datetime) -> int:
    """Make an expectation of everything that moved in the last two weeks and has none, and of the sides
    that had a leg in the last week. Returns how many."""
    keys = arrivals.known(since=now - LATELY)
    customers = list(Customer.objects.values_list("pk", flat=True))
    sides = awaiting.sides(customers, since=now - LEGS_LATELY)
    known = set(
        Expectation.objects.order_by().values_list("kind", "endpoint_id", "flow_id", "object_type")
    )
    found = [
        one
        for one in [*_of_keys(keys, now), *_of_sides(sides, now)]
        if (one.kind, one.endpoint_id, one.flow_id, one.object_type) not in known
    ]
    Expectation.objects.bulk_create(found, ignore_conflicts=True)
    return len(found)


def _of_keys(keys: Iterable[Key], now: datetime) -> Iterator[Expectation]:
    keys = list(keys)
    endpoints = _there(Endpoint, {key.endpoint_id for key in keys})
    flows = _there(Flow, {key.flow_id for key in keys})
    for key in keys:
        is_feed = key.direction == "in"
        if key.endpoint_id in endpoints and (is_feed or key.flow_id in flows):
            yield Expectation(
                customer_id=key.customer_id, endpoint_id=key.endpoint_id,
                flow_id=None if is_feed else key.flow_id, object_type=key.object_type,
                kind=Expectation.Kind.FEED if is_feed else Expectation.Kind.FLOW,
                learn_at=now, look_at=now,
            )  # fmt: skip


def _of_sides(sides: Iterable[Side], now: datetime) -> Iterator[Expectation]:
    sides = list(sides)
    endpoints = _there(Endpoint, {side.endpoint_id for side in sides})
    for side in sides:
        if side.endpoint_id in endpoints:
            yield Expectation(
                customer_id=side.customer_id, endpoint_id=side.endpoint_id, kind=side.kind,
                in_hours=side.kind in _IN_HOURS, learn_at=now, look_at=now,
            )  # fmt: skip


def _there(model: type[Endpoint] | type[Flow], pks: set[int]) -> set[int]:
    return set(model.objects.filter(pk__in=pks).values_list("pk", flat=True))


def key_of(expectation: Expectation) -> Key:
    """The way of documents it is about."""
    is_feed = expectation.kind == Expectation.Kind.FEED
    return Key(
        expectation.customer_id, expectation.endpoint_id, expectation.flow_id or 0,
        expectation.object_type, "in" if is_feed else "out",
    )  # fmt: skip


def side_of(expectation: Expectation) -> Side:
    """The side of legs it is about."""
    return Side(expectation.customer_id, expectation.kind, expectation.endpoint_id)
