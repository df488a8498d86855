"""The resources lane: a page of what changed in one published table, told before its cursor moves."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any, Final, NamedTuple

from django.db import transaction

from integrations.domain import resources
from integrations.models import Endpoint, Resource
from integrations.resources import asking, changes, definition, values
from integrations.resources.changes import Position
from integrations.resources.definition import Definition
from integrations.resources.relations import RowRefusedError
from portal.core import breaker, clock, events
from portal.core.errors import CrossdockError
from portal.jobs.kinds import Turn

EVERY: Final = timedelta(minutes=1)
_AGAIN_AFTER: Final = timedelta(seconds=30)  # for each failure in a row
_MOST_FAILURES: Final = 20


class RowChanged(NamedTuple):
    """`row` as callers see it; None where it cannot be told as it was published. `is_deleted`: the table
    marks it so."""

    key: str
    row: Mapping[str, Any] | None
    is_deleted: bool


class ResourceRowsChanged(NamedTuple):
    """Rows of a published resource changed, in the order in which they did."""

    resource_id: int
    customer_id: int
    rows: Sequence[RowChanged]


def due() -> list[int]:
    """The resources to be looked at now."""
    found = Resource.objects.filter(due_at__lte=clock.now())
    return list(found.order_by("due_at").values_list("pk", flat=True))


def follow(resource_id: int) -> Turn:
    """Read one page behind the cursor, tell of it and move on, in one transaction. Returns the rows told."""
    resource = Resource.objects.select_related("endpoint").filter(pk=resource_id).first()
    if resource is None or resource.due_at is None:
        return Turn(0)
    if resource.due_at > clock.now():
        return Turn(0, resource.due_at)
    if _is_at_rest(resource.endpoint):
        return _put_off(resource, EVERY)
    try:
        shown, client = definition.read(resource.definition), resources.client_of(resource.endpoint)
        if not resource.cursor:
            rows = client.read_rows(changes.newest(shown))
            return _move(resource, changes.Step([], changes.begin(shown, rows)), ())
        position = Position.of(resource.cursor)
        rows = client.read_rows(changes.reading(shown, position))
        step = changes.step(shown, position, rows)
        told = [_told(shown, row, client.zone) for row in step.told]
    except (CrossdockError, RowRefusedError) as error:
        return _failed(resource, str(error))
    return _move(resource, step, told)


def _is_at_rest(endpoint: Endpoint) -> bool:
    state = breaker.from_json(endpoint.breaker.get("state")).state
    is_on = endpoint.state == Endpoint.State.ACTIVE and resources.can_have(endpoint)
    return not is_on or state == "open"


def _told(shown: Definition, row: Mapping[str, Any], zone: Any) -> RowChanged:
    try:
        said: Mapping[str, Any] | None = asking.shown(shown, row, zone)
    except values.UnfitValueError:
        said = None
    return RowChanged(asking.key_of(shown, row), said, asking.is_deleted(row))


@transaction.atomic
def _move(resource: Resource, step: changes.Step, told: Sequence[RowChanged]) -> Turn:
    """Nothing is told where the resource was changed, retired or followed by somebody else meanwhile."""
    locked = Resource.objects.select_for_update().get(pk=resource.pk)
    is_same = (locked.edition, locked.cursor) == (resource.edition, resource.cursor)
    if locked.due_at is None or not is_same:
        return Turn(0, locked.due_at)
    if told:
        events.publish(ResourceRowsChanged(locked.pk, locked.customer_id, told))
    now = clock.now()
    locked.cursor = step.position.kept()
    locked.due_at = now if step.position.within else now + EVERY
    locked.failures, locked.last_error = 0, ""
    locked.save(update_fields=["cursor", "due_at", "failures", "last_error"])
    return Turn(len(told), locked.due_at)


def _put_off(resource: Resource, by: timedelta, **more: Any) -> Turn:
    due_at = clock.now() + by
    still = Resource.objects.filter(pk=resource.pk, edition=resource.edition, due_at__isnull=False)
    still.update(due_at=due_at, **more)
    return Turn(0, due_at)


def _failed(resource: Resource, why: str) -> Turn:
    failures = min(resource.failures + 1, _MOST_FAILURES)
    return _put_off(resource, _AGAIN_AFTER * failures, failures=failures, last_error=why[:300])
