"""Flows: records of one type from one endpoint to another."""

from typing import Any

from rest_framework import serializers

from integrations.models import Flow
from portal.api.base import Resource
from portal.api.fields import Instant
from portal.api.operation import operation
from portal.api.pages import Page
from portal.api.resources.filters import OfCustomer, listed, load, narrowed, of_customer


class FlowShape(serializers.Serializer[Any]):
    slug = serializers.CharField()
    customer = serializers.CharField(source="customer.slug")
    object_type = serializers.CharField()
    source = serializers.CharField(source="source.slug", help_text="An endpoint.")
    target = serializers.CharField(source="target.slug", help_text="An endpoint.")
    latency = serializers.ChoiceField(choices=Flow.Latency.values)
    every_minutes = serializers.IntegerField()
    at_time = serializers.TimeField(allow_null=True, help_text="In the customer's zone.")
    routed = serializers.BooleanField()
    enabled = serializers.BooleanField()
    drift = serializers.ChoiceField(choices=Flow.Drift.values)
    changed_at = Instant()


class FlowFilters(OfCustomer):
    object_type = serializers.SlugField(required=False, max_length=20)
    enabled = serializers.BooleanField(required=False)


def _flows() -> Any:
    return Flow.objects.select_related("customer", "source", "target")


class FlowList(Resource):
    permissions = {"GET": ("endpoints.view",)}

    @operation("List flows", FlowShape, paged=True, filters=FlowFilters)
    def get(self, request: Any) -> Page:
        found = narrowed(
            self, of_customer(self, _flows()), {"object_type": "object_type", "enabled": "enabled"}
        )
        return listed(self, found, "slug")


class OneFlow(Resource):
    permissions = {"GET": ("endpoints.view",)}

    @operation("Read a flow", FlowShape)
    def get(self, request: Any, slug: str) -> Flow:
        return load(_flows(), slug=slug)
