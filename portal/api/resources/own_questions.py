"""What a customer is asked, and their answers."""

from typing import Any

from django.http import Http404
from rest_framework import serializers

from monitoring.domain import own_answer
from monitoring.domain.answers import Given
from monitoring.domain.questions import UnfitAnswerError
from monitoring.models import CaseQuestion
from monitoring.queries import asked
from portal.api.base import Resource, customer_of
from portal.api.fields import Instant
from portal.api.operation import Body, operation
from portal.api.pages import Page
from portal.api.problems import conflicts, refusals
from portal.api.resources.filters import listed
from portal.core.links import LinkOverError, NoLinkError


class OwnQuestionShape(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    text = serializers.CharField()
    form = serializers.ChoiceField(choices=CaseQuestion.Form.values)
    answers = serializers.SerializerMethodField(help_text="Choose one by its place, from 0.")
    asked_by = serializers.CharField()
    asked_at = Instant()
    expires_at = Instant()

    def get_answers(self, question: CaseQuestion) -> list[str]:
        return [option["label"] for option in question.options]


class OwnAnswer(Body):
    choice = serializers.IntegerField(
        required=False, min_value=0, max_value=99, help_text="The place of an answer, from 0."
    )
    text = serializers.CharField(
        required=False, max_length=400, help_text="To a question in words."
    )
    remark = serializers.CharField(required=False, max_length=500)


class Answered(serializers.Serializer[Any]):
    answer = serializers.CharField()
    answered_by = serializers.CharField()
    answered_at = Instant()


class OwnQuestions(Resource):
    permissions = {"GET": ("own.questions",)}

    @operation("List the questions that wait for your answer", OwnQuestionShape, paged=True)
    def get(self, request: Any) -> Page:
        found = asked.to_answer(customer_of(request) or 0)
        return listed(self, found, "expires_at", "pk")


class OwnAnswers(Resource):
    permissions = {"POST": ("own.questions",)}

    @operation("Answer a question", Answered, takes=OwnAnswer, example={"choice": 0})
    def post(self, request: Any, pk: int) -> Any:
        given = Given(**self.sent, by=request.user.name)
        try:
            with conflicts(LinkOverError), refusals(UnfitAnswerError):
                return own_answer.answer(pk, given, person=request.user)
        except NoLinkError:
            raise Http404 from None
