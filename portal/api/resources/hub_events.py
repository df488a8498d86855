"""What becomes of an application's orders, one event after the other."""

from typing import Any, Final

from django.core import signing
from rest_framework import serializers

from integrations.domain.applications import Application
from integrations.queries.documents import in_order
from portal.api.fields import Instant
from portal.api.operation import operation
from portal.api.problems import refuse
from portal.api.resources.hub import HubResource
from portal.webhooks.domain import feed

MOST: Final = 200
_SALT: Final = "api.feed"
_STALE: Final = "This cursor is not one of this application's events. Begin again without it."


class HubEventShape(serializers.Serializer[Any]):
    id = serializers.CharField(help_text="The same in webhooks. An event may come twice.")
    type = serializers.CharField(
        help_text="As the page Events describes it, such as shipment.created."
    )
    at = Instant()
    data = serializers.DictField()
    shipment = serializers.SerializerMethodField(
        help_text="Of events of shipments: the canonical shipment as it is now."
    )

    def get_shipment(self, event: feed.Told) -> dict[str, Any] | None:
        record = event.record
        if record is None or record.object_type != "shipment":
            return None
        shown: dict[str, Any] = in_order("shipment", record.body)
        return shown


class HubEventsShape(serializers.Serializer[Any]):
    events = HubEventShape(many=True)
    cursor = serializers.CharField(
        help_text="Where to go on. Keep it once you have worked on these."
    )


class HubEventFilters(serializers.Serializer[Any]):
    cursor = serializers.CharField(
        required=False,
        max_length=200,
        help_text="Of the answer before; without it from the oldest on.",
    )
    limit = serializers.IntegerField(min_value=1, max_value=MOST, default=100)
    wait = serializers.IntegerField(
        min_value=0, max_value=feed.LONGEST_WAIT, default=0,
        help_text="Where there is no event, wait so many seconds for one. Where many wait, the answer comes"
        " at once: ask again in a second.",
    )  # fmt: skip


class HubEvents(HubResource):
    permissions = {"GET": ("hub.events",)}

    @operation("Take the next events", HubEventsShape, filters=HubEventFilters)
    def get(self, request: Any) -> dict[str, Any]:
        application = self.application()
        found = feed.read(
            application,
            after=_place(self.asked.get("cursor"), application),
            most=self.asked["limit"],
            wait=self.asked["wait"],
        )
        return {"events": found.events, "cursor": _cursor(application, found.place)}


def _cursor(application: Application, place: int) -> str:
    return signing.dumps([application.endpoint_id, place], salt=_SALT)


def _place(cursor: str | None, application: Application) -> int:
    if cursor is None:
        return 0
    try:
        whose, place = signing.loads(cursor, salt=_SALT)
    except (signing.BadSignature, ValueError, TypeError):
        raise refuse(_STALE, at="cursor") from None
    if whose != application.endpoint_id or not isinstance(place, int):
        raise refuse(_STALE, at="cursor")
    return place
