"""Rows of published resources."""

from typing import Final

from integrations.domain.resource_telling import ResourceRowsChanged
from integrations.models import Resource
from portal.core.events import subscribe
from portal.webhooks.domain import wanted
from portal.webhooks.domain.outbox import News, tell

_CHANGED: Final = "resource.changed"


@subscribe(ResourceRowsChanged)
def rows_changed(event: ResourceRowsChanged) -> None:
    if not wanted.wants(_CHANGED):
        return
    found = Resource.objects.select_related("endpoint").get(pk=event.resource_id)
    named = {"endpoint": found.endpoint.slug, "resource": found.slug}
    tell(
        News(
            _CHANGED,
            event.customer_id,
            {**named, "key": one.key, "row": one.row, "is_deleted": one.is_deleted},
        )
        for one in event.rows
    )
