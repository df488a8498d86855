"""What a look at a resource found is told, in one transaction with the cursor that moves on."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any, Final, NamedTuple

from django.db import transaction

from integrations.models import Resource
from integrations.resources import asking, values
from integrations.resources.definition import Definition
from portal.core import clock, events
from portal.jobs.kinds import Turn

EVERY: Final = timedelta(minutes=1)
_AGAIN_AFTER: Final = timedelta(seconds=30)  # for each failure in a row
_MOST_FAILURES: Final = 20


class RowChanged(NamedTuple):
    """`row` as callers see it; None where it cannot be told as it was published. `is_deleted`: the table
    marks it so, or the file has it no more."""

    key: str
    row: Mapping[str, Any] | None
    is_deleted: bool


class ResourceRowsChanged(NamedTuple):
    """Rows of a published resource changed, in the order in which they did."""

    resource_id: int
    customer_id: int
    rows: Sequence[RowChanged]


def told(shown: Definition, row: Mapping[str, Any], zone: Any, *, is_deleted: bool) -> RowChanged:
    """A row as it is told."""
    try:
        said: Mapping[str, Any] | None = asking.shown(shown, row, zone)
    except values.UnfitValueError:
        said = None
    return RowChanged(asking.key_of(shown, row), said, is_deleted)


@transaction.atomic
def move(
    resource: Resource, rows: Sequence[RowChanged], *, cursor: Mapping[str, Any], again: bool,
    **more: Any,
) -> Turn:  # fmt: skip
    """Tell `rows` and go on from `cursor`, at once where there is more (`again`).

    Nothing is told where the resource was changed, retired or followed by somebody else meanwhile.
    """
    locked = Resource.objects.select_for_update().get(pk=resource.pk)
    is_same = (locked.edition, locked.cursor) == (resource.edition, resource.cursor)
    if locked.due_at is None or not is_same:
        return Turn(0, locked.due_at)
    if rows:
        events.publish(ResourceRowsChanged(locked.pk, locked.customer_id, rows))
    now = clock.now()
    kept = {
        "cursor": dict(cursor), "due_at": now if again else now + EVERY, "failures": 0,
        "last_error": "", **more,
    }  # fmt: skip
    for name, value in kept.items():
        setattr(locked, name, value)
    locked.save(update_fields=list(kept))
    return Turn(len(rows), locked.due_at)


def put_off(resource: Resource, by: timedelta, **more: Any) -> Turn:
    """Look again later; `more` is kept."""
    due_at = clock.now() + by
    still = Resource.objects.filter(pk=resource.pk, edition=resource.edition, due_at__isnull=False)
    still.update(due_at=due_at, **more)
    return Turn(0, due_at)


def failed(resource: Resource, why: str, **more: Any) -> Turn:
    """Look again, the later the more often it failed, and say why it did."""
    failures = min(resource.failures + 1, _MOST_FAILURES)
    return put_off(
        resource, _AGAIN_AFTER * failures, failures=failures, last_error=why[:300], **more
    )
