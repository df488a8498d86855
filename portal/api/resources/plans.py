"""Plans: what things cost, version by version."""

from typing import Any

from rest_framework import serializers

from billing.models import Plan, PlanVersion
from portal.api.base import Resource
from portal.api.fields import Instant
from portal.api.operation import operation
from portal.api.pages import Page
from portal.api.resources.filters import listed, load


class PlanVersionShape(serializers.Serializer[Any]):
    number = serializers.IntegerField()
    state = serializers.ChoiceField(choices=PlanVersion.State.values)
    note = serializers.CharField()
    published_at = Instant(allow_null=True)
    content = serializers.DictField(help_text="Charges, commitment, cap.")


class PlanShape(serializers.Serializer[Any]):
    slug = serializers.CharField()
    name = serializers.CharField()
    description = serializers.CharField()
    is_addon = serializers.BooleanField()
    archived_at = Instant(allow_null=True)


class PlanDetail(PlanShape):
    versions = PlanVersionShape(many=True, source="versions.all")


class Plans(Resource):
    permissions = {"GET": ("money.view",)}

    @operation("List plans", PlanShape, paged=True)
    def get(self, request: Any) -> Page:
        return listed(self, Plan.objects.all(), "slug")


class OnePlan(Resource):
    permissions = {"GET": ("money.view",)}

    @operation("Read a plan with its versions", PlanDetail)
    def get(self, request: Any, slug: str) -> Any:
        return load(Plan.objects.prefetch_related("versions"), slug=slug)
