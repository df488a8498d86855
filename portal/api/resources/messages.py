"""Messages: one document at one endpoint in one direction, with its history."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from rest_framework import serializers

from integrations.domain import replay
from integrations.models import Message
from integrations.queries import documents
from portal.api.base import Resource
from portal.api.fields import Instant
from portal.api.operation import Body, operation
from portal.api.pages import Page
from portal.api.problems import ProblemError, refuse
from portal.api.resources.filters import OfCustomer, choice, listed, load, narrowed, of_customer
from portal.core.ids import first_id_at


class MessageShape(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    direction = serializers.ChoiceField(choices=Message.Direction.values)
    customer = serializers.CharField(source="customer.slug")
    endpoint = serializers.CharField(source="endpoint.slug")
    object_type = serializers.CharField()
    state = serializers.ChoiceField(choices=Message.State.values)
    business_key = serializers.CharField()
    record = serializers.UUIDField(source="record_id", allow_null=True)
    record_version = serializers.IntegerField(allow_null=True)
    attempts = serializers.IntegerField()
    due_at = Instant(allow_null=True)
    created_at = Instant()
    updated_at = Instant()


class MessageEventShape(serializers.Serializer[Any]):
    at = Instant()
    from_state = serializers.CharField()
    to_state = serializers.CharField()
    actor = serializers.CharField(help_text="Blank: the pipeline itself.")
    cause = serializers.CharField()


class FoundProblemShape(serializers.Serializer[Any]):
    code = serializers.CharField()
    path = serializers.CharField()
    text = serializers.CharField()
    opened_at = Instant()
    closed_at = Instant(allow_null=True)


class MessageDetail(MessageShape):
    topic = serializers.CharField()
    mapping = serializers.CharField()
    events = MessageEventShape(many=True, source="told")
    problems = FoundProblemShape(many=True, source="found")


class MessageFilters(OfCustomer):
    endpoint = serializers.SlugField(required=False, max_length=41)
    direction = choice(Message.Direction.values)
    state = choice(Message.State.values)
    object_type = serializers.SlugField(required=False, max_length=20)
    since = Instant(required=False, help_text="Came then or later.")
    until = Instant(required=False, help_text="Came before.")


class ReplayBody(Body):
    reason = serializers.CharField(max_length=200, help_text="Stands in the document's history.")


def _messages() -> Any:
    return Message.objects.select_related("customer", "endpoint")


def _load(pk: UUID) -> Any:
    found = load(_messages(), pk=pk)
    found.told = list(found.events.order_by("pk")[:500])
    found.found = list(found.problems.order_by("pk")[:200])
    return found


class Messages(Resource):
    permissions = {"GET": ("orders.view",)}

    @operation("List messages, the newest first", MessageShape, paged=True, filters=MessageFilters)
    def get(self, request: Any) -> Page:
        found = of_customer(self, _messages())
        found = narrowed(self, found, {
            "endpoint": "endpoint__slug", "direction": "direction", "state": "state",
            "object_type": "object_type",
        })  # fmt: skip
        for name, look in (("since", "pk__gte"), ("until", "pk__lt")):
            if at := self.asked.get(name):
                if not 2000 <= at.year < 2200:
                    raise refuse("Choose a time between 2000 and 2199.", at=name)
                found = found.filter(**{look: first_id_at(at)})
        return listed(self, found, "-pk")


class OneMessage(Resource):
    permissions = {"GET": ("orders.view",)}

    @operation("Read a message with its history", MessageDetail)
    def get(self, request: Any, pk: UUID) -> Any:
        return _load(pk)


class MessagePayload(Resource):
    permissions = {"GET": ("payloads.view",)}

    @operation("Read a document's bytes", "application/octet-stream")
    def get(self, request: Any, pk: UUID) -> HttpResponse:
        document = documents.payload_of(load(_messages(), pk=pk))
        if document is None:
            raise Http404
        response = HttpResponse(document.body, content_type="application/octet-stream")
        response["Content-Disposition"] = f'attachment; filename="{pk}.txt"'
        response["X-Content-Type-Options"] = "nosniff"
        return response


class ReplayMessage(Resource):
    permissions = {"POST": ("desk.work",)}

    @operation(
        "Send a held message through again",
        MessageDetail,
        takes=ReplayBody,
        example={"reason": "the item is known now"},
    )
    def post(self, request: Any, pk: UUID) -> Any:
        found = load(_messages(), pk=pk)
        sent = replay.replay([pk], actor=request.user.name, cause=self.sent["reason"])
        if not sent:
            raise ProblemError(
                "conflict", f"It is {found.get_state_display()}: only held ones go again."
            )
        return _load(pk)
