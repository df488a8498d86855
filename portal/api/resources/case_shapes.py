"""What is said of exception cases, and what their verbs take."""

from typing import Any

from rest_framework import serializers

from monitoring.models import ExceptionCase, Fix
from monitoring.queries import choice as choices
from portal.api.fields import Amount, Instant
from portal.api.operation import Body
from portal.api.resources.filters import OfCustomer, choice
from portal.core import moment_field

REASON = {"max_length": 200, "help_text": "Stands in the history."}


class CaseShape(serializers.Serializer[Any]):
    number = serializers.IntegerField()
    title = serializers.CharField()
    code = serializers.CharField()
    origin = serializers.ChoiceField(choices=ExceptionCase.Origin.values)
    state = serializers.ChoiceField(choices=ExceptionCase.State.values)
    severity = serializers.IntegerField()
    customer = serializers.CharField(source="customer.slug")
    endpoint = serializers.CharField(source="endpoint.slug")
    object_type = serializers.CharField()
    documents = serializers.IntegerField()
    at_risk = Amount()
    currency = serializers.CharField()
    cutoff_at = Instant(allow_null=True)
    resolve_due = Instant(allow_null=True, help_text="Null while the clock is paused.")
    waiting_on = serializers.CharField()
    waiting_reason = serializers.CharField()
    snoozed_until = Instant(allow_null=True)
    assignee = serializers.SerializerMethodField(help_text="A person's id.")
    team = serializers.SerializerMethodField()
    tags = serializers.ListField(child=serializers.CharField())
    opened_at = Instant()
    acknowledged_at = Instant(allow_null=True)
    closed_at = Instant(allow_null=True)
    resolution = serializers.CharField()

    def get_assignee(self, case: ExceptionCase) -> int | None:
        return case.assignee_id

    def get_team(self, case: ExceptionCase) -> str | None:
        return case.team.name if case.team else None


class CaseEventShape(serializers.Serializer[Any]):
    at = Instant()
    actor = serializers.CharField()
    action = serializers.CharField()
    text = serializers.CharField()
    for_customer = serializers.BooleanField()


class FixShape(serializers.Serializer[Any]):
    """A remedy on its way: tried on everything first; nothing is sent before it is let go."""

    id = serializers.IntegerField()
    remedy = serializers.CharField()
    words = serializers.CharField()
    state = serializers.ChoiceField(choices=Fix.State.values)
    documents = serializers.IntegerField()
    digest = serializers.CharField(help_text="Names its list: send it back to let it go.")
    by = serializers.CharField(source="person_name")
    trouble = serializers.CharField()
    created_at = Instant()
    checked_at = Instant(allow_null=True)
    finished_at = Instant(allow_null=True)


class CaseDetail(CaseShape):
    path = serializers.CharField()
    value = serializers.CharField()
    customer_title = serializers.CharField(help_text="In the customer's words.")
    evidence = serializers.DictField(help_text="Of a finding: {lines, url}.")
    events = CaseEventShape(many=True, source="told")
    fixes = FixShape(many=True, source="tried")


class CaseFilters(OfCustomer):
    view = choice([name for name in choices.VIEWS if name], help_text="As on the desk; all open.")
    endpoint = serializers.SlugField(required=False, max_length=41)
    code = serializers.SlugField(required=False, max_length=40)
    severity = serializers.IntegerField(required=False, min_value=1, max_value=4)
    tag = serializers.CharField(required=False, max_length=30)
    holder = serializers.RegexField(
        r"^(me|nobody|person-[0-9]{1,9}|team-[0-9]{1,9})$", required=False,
        help_text="me, nobody, person-7 or team-3.",
    )  # fmt: skip
    q = serializers.CharField(required=False, max_length=200, help_text="Numbers and words.")


class CommentBody(Body):
    text = serializers.CharField(max_length=500)
    for_customer = serializers.BooleanField(default=False, help_text="The customer reads it, too.")


class AssignBody(Body):
    person = serializers.IntegerField(
        required=False, allow_null=True, min_value=1, max_value=2**31, help_text="An id of people."
    )
    team = serializers.CharField(required=False, allow_null=True, max_length=80)

    def validate(self, given: Any) -> Any:
        if given.get("person") and given.get("team"):
            raise serializers.ValidationError("Give it to a person or to a team, not to both.")
        return given


class WaitBody(Body):
    on = serializers.ChoiceField(choices=["customer", "third_party"])
    reason = serializers.CharField(**REASON)


class SnoozeBody(Body):
    until = Instant(help_text="Within a year.")
    reason = serializers.CharField(max_length=150, default="", allow_blank=True)

    def validate_until(self, at: Any) -> Any:
        if wrong := moment_field.objection(at):
            raise serializers.ValidationError(wrong)
        return at


class ReasonBody(Body):
    reason = serializers.CharField(**REASON)


class GoBody(Body):
    digest = serializers.CharField(max_length=64, help_text="Of the fix as you read it.")
    canary = serializers.BooleanField(default=False, help_text="A few first.")
