"""Records: the hub's objects of every type, with their history."""

from typing import Any
from uuid import UUID

from rest_framework import serializers

from integrations.canonical.schema import OBJECT_TYPES
from integrations.models import Record, RecordVersion
from integrations.queries.documents import in_order
from portal.api.base import Resource
from portal.api.fields import Amount, Instant
from portal.api.operation import operation
from portal.api.pages import Page
from portal.api.resources.filters import OfCustomer, choice, listed, load, narrowed, of_customer


class RecordShape(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    object_type = serializers.CharField()
    customer = serializers.CharField(source="customer.slug")
    business_key = serializers.CharField()
    number = serializers.CharField()
    version = serializers.IntegerField()
    state = serializers.CharField()
    party = serializers.CharField()
    amount = Amount(allow_null=True)
    currency = serializers.CharField()
    order = serializers.UUIDField(source="order_id", allow_null=True, help_text="It belongs to.")
    happened_at = Instant(allow_null=True)
    created_at = Instant()
    updated_at = Instant()


class RecordEventShape(serializers.Serializer[Any]):
    at = Instant()
    from_state = serializers.CharField()
    to_state = serializers.CharField(help_text="Blank: a note.")
    cause = serializers.CharField()


class RecordDetail(RecordShape):
    numbers = serializers.ListField(child=serializers.CharField(), help_text="It is known by.")
    body = serializers.SerializerMethodField(help_text="As its canonical schema has it.")
    events = RecordEventShape(many=True, source="told")

    def get_body(self, record: Record) -> dict[str, Any]:
        return in_order(record.object_type, record.body)


class RecordVersionShape(serializers.Serializer[Any]):
    version = serializers.IntegerField()
    replaced_at = Instant()
    body = serializers.DictField(help_text="What it said until then.")


class RecordFilters(OfCustomer):
    object_type = choice(OBJECT_TYPES)
    number = serializers.CharField(
        required=False, max_length=80, help_text="Any number it is known by."
    )
    state = serializers.SlugField(required=False, max_length=30)
    order = serializers.UUIDField(required=False, help_text="What belongs to this order.")


def _records() -> Any:
    return Record.objects.select_related("customer")


class Records(Resource):
    permissions = {"GET": ("orders.view",)}

    @operation("List records, the newest first", RecordShape, paged=True, filters=RecordFilters)
    def get(self, request: Any) -> Page:
        found = of_customer(self, _records().defer("body"))
        found = narrowed(
            self, found, {"object_type": "object_type", "state": "state", "order": "order_id"}
        )
        if number := self.asked.get("number"):
            found = found.filter(numbers__contains=[number.upper()])
        return listed(self, found, "-pk")


class OneRecord(Resource):
    permissions = {"GET": ("orders.view",)}

    @operation("Read a record with its milestones", RecordDetail)
    def get(self, request: Any, pk: UUID) -> Any:
        found = load(_records(), pk=pk)
        found.told = list(found.events.order_by("pk")[:500])
        return found


class RecordVersions(Resource):
    permissions = {"GET": ("orders.view",)}

    @operation("List what a record said before", RecordVersionShape, paged=True)
    def get(self, request: Any, pk: UUID) -> Page:
        record = load(_records(), pk=pk)
        return listed(self, RecordVersion.objects.filter(record=record), "-version")
