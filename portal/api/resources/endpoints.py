"""Endpoints: which systems there are, how they do, and pausing, resuming and testing them."""

from typing import Any

from rest_framework import serializers

from integrations.connectors import registry
from integrations.domain import attend
from integrations.models import Endpoint
from integrations.queries import endpoint_health
from integrations.queries.endpoint_health import Queue
from portal.api.base import Resource
from portal.api.fields import Instant
from portal.api.operation import Nothing, operation
from portal.api.pages import Page
from portal.api.resources.filters import OfCustomer, choice, listed, load, narrowed, of_customer
from portal.core import breaker


class EndpointShape(serializers.Serializer[Any]):
    slug = serializers.CharField()
    label = serializers.CharField()
    customer = serializers.CharField(source="customer.slug")
    connector = serializers.CharField()
    state = serializers.ChoiceField(choices=Endpoint.State.values)
    breaker = serializers.SerializerMethodField(help_text="closed, half_open or open.")
    site = serializers.CharField(help_text="Of a warehouse.")
    last_good_at = Instant(allow_null=True)
    last_error = serializers.CharField()
    last_error_at = Instant(allow_null=True)

    def get_breaker(self, endpoint: Endpoint) -> str:
        return breaker.from_json(endpoint.breaker.get("state")).state


class EndpointDetail(EndpointShape):
    settings = serializers.SerializerMethodField(help_text="What was entered, without secrets.")
    has_secrets = serializers.SerializerMethodField()
    rate_per_second = serializers.FloatField()
    concurrency = serializers.IntegerField()
    waiting = serializers.SerializerMethodField(help_text="Documents that wait for it.")
    held = serializers.SerializerMethodField()

    def get_settings(self, endpoint: Endpoint) -> dict[str, Any]:
        known = registry.get(endpoint.connector).settings
        plain = [s.name for s in known if not s.secret]
        return {name: endpoint.settings[name] for name in plain if name in endpoint.settings}

    def get_has_secrets(self, endpoint: Endpoint) -> bool:
        return bool(endpoint.secrets)

    def get_waiting(self, endpoint: Endpoint) -> int:
        return _queue(endpoint).waiting

    def get_held(self, endpoint: Endpoint) -> int:
        return _queue(endpoint).held


class CheckShape(serializers.Serializer[Any]):
    name = serializers.CharField()
    passed = serializers.BooleanField(allow_null=True, help_text="Null: it could not be tried.")
    text = serializers.CharField()
    remedy = serializers.CharField()


class TestShape(serializers.Serializer[Any]):
    passed = serializers.BooleanField()
    checks = CheckShape(many=True)


class EndpointFilters(OfCustomer):
    state = choice(Endpoint.State.values)
    connector = serializers.SlugField(required=False, max_length=40)


def _queue(endpoint: Endpoint) -> Queue:
    return endpoint_health.queues([endpoint.pk]).get(endpoint.pk, Queue())


def _load(slug: str) -> Endpoint:
    return load(Endpoint.objects.select_related("customer"), slug=slug)


class Endpoints(Resource):
    permissions = {"GET": ("endpoints.view",)}

    @operation("List endpoints", EndpointShape, paged=True, filters=EndpointFilters)
    def get(self, request: Any) -> Page:
        found = of_customer(self, Endpoint.objects.select_related("customer"))
        found = narrowed(self, found, {"state": "state", "connector": "connector"})
        return listed(self, found, "slug")


class OneEndpoint(Resource):
    permissions = {"GET": ("endpoints.view",)}

    @operation("Read an endpoint", EndpointDetail, about="Secrets are never shown.")
    def get(self, request: Any, slug: str) -> Endpoint:
        return _load(slug)


class PauseEndpoint(Resource):
    permissions = {"POST": ("endpoints.manage",)}

    @operation(
        "Pause an endpoint",
        EndpointDetail,
        takes=Nothing,
        about="Nothing is fetched from it, and what is meant for it waits.",
    )
    def post(self, request: Any, slug: str) -> Endpoint:
        attend.pause(_load(slug))
        return _load(slug)


class ResumeEndpoint(Resource):
    permissions = {"POST": ("endpoints.manage",)}

    @operation(
        "Let an endpoint go on", EndpointDetail, takes=Nothing, about="What waited goes in order."
    )
    def post(self, request: Any, slug: str) -> Endpoint:
        attend.resume(_load(slug))
        return _load(slug)


class TestEndpoint(Resource):
    permissions = {"POST": ("endpoints.manage",)}

    @operation(
        "Try an endpoint's connection",
        TestShape,
        takes=Nothing,
        about="Line by line. Sends no document; a failure is a line and no error.",
    )
    def post(self, request: Any, slug: str) -> dict[str, Any]:
        checks = attend.test(_load(slug))
        return {"passed": all(c.passed is not False for c in checks), "checks": checks}
