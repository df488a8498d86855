"""Change requests: what is drafted, what it would do, and letting it through."""

from collections.abc import Callable
from typing import Any

from rest_framework import serializers
from rest_framework.response import Response

from integrations.domain import approval, evidence, publishing
from integrations.domain.drafts import NotNowError
from integrations.models import ChangeRequest, Kind
from integrations.views import change_words
from portal.api.base import Resource
from portal.api.fields import Instant
from portal.api.operation import Body, Nothing, operation
from portal.api.pages import Page
from portal.api.problems import ProblemError, conflicts
from portal.api.resources.filters import OfCustomer, choice, listed, load, narrowed, of_customer
from portal.core import moment_field

_WRITERS = ("mappings.edit", "lookups.edit")


class ChangeShape(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    kind = serializers.ChoiceField(choices=Kind.values)
    key = serializers.CharField()
    customer = serializers.SerializerMethodField(help_text="Null: the partner's.")
    state = serializers.ChoiceField(choices=ChangeRequest.State.values)
    edition = serializers.IntegerField()
    reason = serializers.CharField()
    author = serializers.CharField(source="author_name")
    approver = serializers.CharField(source="approver_name")
    publish_at = Instant(allow_null=True)
    published_at = Instant(allow_null=True)
    created_at = Instant()
    updated_at = Instant()

    def get_customer(self, change: ChangeRequest) -> str | None:
        return change.customer.slug if change.customer else None


class ChangeEventShape(serializers.Serializer[Any]):
    at = Instant()
    actor = serializers.CharField()
    verb = serializers.CharField()
    text = serializers.CharField()


class ChangeDetail(ChangeShape):
    content = serializers.JSONField(allow_null=True, help_text="Null: it takes its subject away.")
    live = serializers.SerializerMethodField(help_text="What it was made from.")
    tested = serializers.SerializerMethodField(help_text="The evidence is of this draft.")
    counts = serializers.SerializerMethodField(
        help_text="Documents replayed, and what became of them."
    )
    may = serializers.SerializerMethodField(help_text="What you may do with it now.")
    events = ChangeEventShape(many=True, source="events.all")

    def get_live(self, change: ChangeRequest) -> dict[str, Any] | None:
        return change.base.content if change.base else None

    def get_tested(self, change: ChangeRequest) -> bool:
        return bool(change.evidence) and evidence.is_of_this_draft(change)

    def get_counts(self, change: ChangeRequest) -> dict[str, Any] | None:
        return change.evidence["counts"] if change.evidence else None

    def get_may(self, change: ChangeRequest) -> list[str]:
        may = change_words.actions(change, self.context["person"])._asdict()
        return sorted(name for name, allowed in may.items() if allowed is True)


class ChangeFilters(OfCustomer):
    state = choice(ChangeRequest.State.values)
    kind = choice(Kind.values)


class Reason(Body):
    reason = serializers.CharField(max_length=300, help_text="The approver decides by it.")


class SendBack(Body):
    reason = serializers.CharField(max_length=300, help_text="The author starts from it.")


class RollBack(Body):
    reason = serializers.CharField(max_length=150, default="", allow_blank=True)


class Approval(Body):
    edition = serializers.IntegerField(min_value=1, max_value=2**31 - 1, help_text="That you read.")
    publish_at = Instant(required=False, help_text="Within a year; left out: when it is published.")

    def validate_publish_at(self, at: Any) -> Any:
        if wrong := moment_field.objection(at):
            raise serializers.ValidationError(wrong)
        return at


def _changes() -> Any:
    return ChangeRequest.objects.select_related("customer", "base", "version", "author")


def _load(pk: int) -> ChangeRequest:
    return load(_changes(), pk=pk)


def _told(view: Resource, pk: int) -> Response:
    """The change as `ChangeDetail` says it to this person."""
    return Response(ChangeDetail(_load(pk), context={"person": view.request.user}).data)


class Changes(Resource):
    permissions = {"GET": ("changes.view",)}

    @operation("List change requests", ChangeShape, paged=True, filters=ChangeFilters)
    def get(self, request: Any) -> Page:
        found = narrowed(self, of_customer(self, _changes()), {"state": "state", "kind": "kind"})
        return listed(self, found, "-pk")


class OneChange(Resource):
    permissions = {"GET": ("changes.view",)}

    @operation("Read a change request", ChangeDetail)
    def get(self, request: Any, pk: int) -> Any:
        return _told(self, pk)


class _Verb(Resource):
    """One step of a change; the page's own rules say whether it is this person's to take."""

    def do(self, pk: int, allowed: str, verb: Callable[[ChangeRequest], Any]) -> Any:
        change = _load(pk)
        if allowed and not getattr(change_words.actions(change, self.request.user), allowed):
            state = change.get_state_display()
            raise ProblemError("conflict", f"{change} is {state}: this is not yours to do now.")
        with conflicts(NotNowError, LookupError):
            verb(change)
        return _told(self, pk)


class TestChange(_Verb):
    permissions = {"POST": (*_WRITERS, "changes.approve")}

    @operation(
        "Replay documents through a draft",
        ChangeDetail,
        takes=Nothing,
        about="In the background: `tested` says when it is done.",
    )
    def post(self, request: Any, pk: int) -> Any:
        return self.do(pk, "test", evidence.order)


class AskChange(_Verb):
    permissions = {"POST": _WRITERS}

    @operation("Ask for approval", ChangeDetail, takes=Reason)
    def post(self, request: Any, pk: int) -> Any:
        return self.do(
            pk, "edit", lambda c: approval.ask(c.pk, actor=request.user, reason=self.sent["reason"])
        )


class ApproveChange(_Verb):
    permissions = {"POST": ("changes.approve", "lookups.edit")}

    @operation("Approve a change", ChangeDetail, takes=Approval, example={"edition": 3})
    def post(self, request: Any, pk: int) -> Any:
        return self.do(pk, "", lambda c: approval.approve(c.pk, actor=request.user, **self.sent))


class SendBackChange(_Verb):
    permissions = {"POST": ("changes.approve",)}

    @operation("Send a change back to its author", ChangeDetail, takes=SendBack)
    def post(self, request: Any, pk: int) -> Any:
        return self.do(pk, "", lambda c: approval.refuse(c.pk, actor=request.user, **self.sent))


class PublishChange(_Verb):
    permissions = {"POST": ("changes.publish", "lookups.edit")}

    @operation("Publish an approved change", ChangeDetail, takes=Nothing)
    def post(self, request: Any, pk: int) -> Any:
        return self.do(pk, "publish", lambda c: publishing.publish(c.pk, actor=request.user.name))


class MakeChangeLive(_Verb):
    permissions = {"POST": ("changes.publish", "lookups.edit")}

    @operation(
        "Ask, approve and publish at once",
        ChangeDetail,
        takes=Reason,
        about="For an author who needs nobody else.",
    )
    def post(self, request: Any, pk: int) -> Any:
        return self.do(
            pk,
            "make_live",
            lambda c: publishing.make_live(c.pk, actor=request.user, reason=self.sent["reason"]),
        )


class WithdrawChange(_Verb):
    permissions = {"POST": (*_WRITERS, "changes.publish")}

    @operation("Withdraw a change", ChangeDetail, takes=Nothing)
    def post(self, request: Any, pk: int) -> Any:
        return self.do(pk, "withdraw", lambda c: approval.withdraw(c.pk, actor=request.user))


class RollBackChange(_Verb):
    permissions = {"POST": ("changes.publish", "lookups.edit")}

    @operation("Make live again what was before", ChangeDetail, takes=RollBack)
    def post(self, request: Any, pk: int) -> Any:
        return self.do(
            pk,
            "roll_back",
            lambda c: publishing.roll_back(
                c.pk, actor=request.user.name, reason=self.sent["reason"]
            ),
        )
