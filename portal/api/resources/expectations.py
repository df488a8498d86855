"""What should keep coming, and what is late."""

from typing import Any

from rest_framework import serializers

from monitoring.models import Expectation, Silence
from portal.api.base import Resource
from portal.api.fields import Amount, Instant
from portal.api.operation import operation
from portal.api.pages import Page
from portal.api.resources.filters import OfCustomer, choice, listed, load, narrowed, of_customer


class ExpectationShape(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    customer = serializers.CharField(source="customer.slug")
    endpoint = serializers.CharField(source="endpoint.slug")
    kind = serializers.ChoiceField(choices=Expectation.Kind.values)
    object_type = serializers.CharField()
    mode = serializers.ChoiceField(choices=Expectation.Mode.values)
    state = serializers.ChoiceField(choices=Expectation.State.values)
    said = serializers.CharField(help_text="Why it is in its state.")
    last_at = Instant(allow_null=True)
    due_at = Instant(allow_null=True)


class SilenceShape(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    expectation = serializers.IntegerField(source="expectation_id")
    title = serializers.CharField()
    decided = serializers.CharField()
    began_at = Instant()
    found_at = Instant()
    ended_at = Instant(allow_null=True)
    documents = serializers.IntegerField()
    at_risk = Amount()
    currency = serializers.CharField()
    case = serializers.IntegerField(source="case_id", allow_null=True)
    causes = serializers.ListField(child=serializers.DictField())


class ExpectationFilters(OfCustomer):
    state = choice(Expectation.State.values)
    kind = choice(Expectation.Kind.values)


def _expected() -> Any:
    return Expectation.objects.select_related("customer", "endpoint")


class Expectations(Resource):
    permissions = {"GET": ("expectations.view",)}

    @operation("List what is expected", ExpectationShape, paged=True, filters=ExpectationFilters)
    def get(self, request: Any) -> Page:
        found = narrowed(self, of_customer(self, _expected()), {"state": "state", "kind": "kind"})
        return listed(self, found, "pk")


class OneExpectation(Resource):
    permissions = {"GET": ("expectations.view",)}

    @operation("Read an expectation", ExpectationShape)
    def get(self, request: Any, pk: int) -> Any:
        return load(_expected(), pk=pk)


class Silences(Resource):
    permissions = {"GET": ("expectations.view",)}

    @operation("List its silences, the newest first", SilenceShape, paged=True)
    def get(self, request: Any, pk: int) -> Page:
        return listed(self, Silence.objects.filter(expectation=load(_expected(), pk=pk)), "-pk")
