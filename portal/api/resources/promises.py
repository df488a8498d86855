"""What customers are promised, and what came of it window by window."""

from datetime import timedelta
from typing import Any

from rest_framework import serializers

from monitoring.models import Objective, ObjectiveWindow
from portal.api.base import Resource
from portal.api.fields import Instant, Quantity
from portal.api.operation import operation
from portal.api.pages import Page
from portal.api.resources.filters import OfCustomer, listed, load, narrowed, of_customer


class ObjectiveShape(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    customer = serializers.CharField(source="customer.slug")
    sli = serializers.CharField()
    version = serializers.IntegerField()
    promised = serializers.BooleanField(help_text="False: taken back from `since` on.")
    tier = serializers.CharField()
    since = Instant()
    made_at = Instant()
    made_by = serializers.CharField()
    why = serializers.CharField()
    content = serializers.DictField(help_text="An OpenSLO document.")


class FiguresShape(serializers.Serializer[Any]):
    total = Quantity()
    allowed = Quantity(help_text="Misses that are allowed.")
    missed_us = Quantity()
    missed_customer = Quantity()
    missed_third_party = Quantity()
    used = Quantity(help_text="Misses that count.")
    kept = serializers.SerializerMethodField(help_text="Null: nothing was counted.")
    excused_minutes = serializers.IntegerField()
    percentile_seconds = serializers.SerializerMethodField()
    slowest_seconds = serializers.SerializerMethodField()
    measured_at = Instant(allow_null=True)

    def get_kept(self, row: Any) -> bool | None:
        return row.used <= row.allowed if row.total else None

    def get_percentile_seconds(self, row: Any) -> float | None:
        return _seconds(row.percentile)

    def get_slowest_seconds(self, row: Any) -> float | None:
        return _seconds(row.slowest)


class WindowShape(FiguresShape):
    id = serializers.IntegerField()
    customer = serializers.CharField(source="customer.slug")
    sli = serializers.CharField(source="objective.sli")
    objective = serializers.IntegerField(source="objective_id")
    begins = Instant()
    ends = Instant()
    causes = serializers.ListField(child=serializers.DictField(), help_text="The largest.")
    burning = serializers.DictField(help_text="Alert policies that fire now.")


def _seconds(span: timedelta | None) -> float | None:
    return None if span is None else span.total_seconds()


class ObjectiveFilters(OfCustomer):
    sli = serializers.SlugField(required=False, max_length=30)


class WindowFilters(ObjectiveFilters):
    since = Instant(required=False, help_text="Begins then or later.")


class Objectives(Resource):
    permissions = {"GET": ("promises.view",)}

    @operation(
        "List what is promised, every version", ObjectiveShape, paged=True,
        filters=ObjectiveFilters,
    )  # fmt: skip
    def get(self, request: Any) -> Page:
        found = of_customer(self, Objective.objects.select_related("customer"))
        return listed(self, narrowed(self, found, {"sli": "sli"}), "-pk")


class OneObjective(Resource):
    permissions = {"GET": ("promises.view",)}

    @operation("Read a promise", ObjectiveShape)
    def get(self, request: Any, pk: int) -> Any:
        return load(Objective.objects.select_related("customer"), pk=pk)


class Windows(Resource):
    permissions = {"GET": ("promises.view",)}

    @operation(
        "List what came of promises, the newest window first", WindowShape, paged=True,
        filters=WindowFilters,
    )  # fmt: skip
    def get(self, request: Any) -> Page:
        found = of_customer(self, ObjectiveWindow.objects.select_related("customer", "objective"))
        found = narrowed(self, found, {"sli": "objective__sli", "since": "begins__gte"})
        return listed(self, found, "-begins", "-pk")
