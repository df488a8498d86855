"""The page that the link of a question opens, for whoever has the link."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from monitoring.ask_forms import ReplyForm
from monitoring.domain import questions
from monitoring.domain.questions import UnfitAnswerError
from monitoring.models import CaseQuestion
from monitoring.views import asked_words
from portal.accounts.rules import OPEN_TO_ALL, requires
from portal.core.links import LinkOverError, NoLinkError
from portal.tenants.rows import beyond_limit

NOT_WHOLE = gettext_noop(
    "It is not whole, or was never ours. Open it again from the message you got,"
    " or ask whoever sent it to you."
)


@requires(OPEN_TO_ALL)
def asked(request: HttpRequest, token: str) -> HttpResponse:
    """The question, or what became of it. Looking at it uses nothing up."""
    try:
        # The link is the right to answer, also for somebody who is signed in as a customer.
        with beyond_limit():
            answers = request.method == "POST"
            context, status = _answer(request, token) if answers else _look(token)
    except NoLinkError:
        context, status = {"title": _("This link does not work"), "over": _(NOT_WHOLE)}, 404
    except LinkOverError as error:
        context, status = {"title": _("This link is over"), "over": str(error)}, 410
    page = render(request, "customer/asked.html", context, status=status)
    page["Cache-Control"] = "no-store"
    # Not `no-referrer`: with that a browser sends our own form from nowhere, and it is refused.
    page["Referrer-Policy"] = "same-origin"
    page["X-Robots-Tag"] = "noindex"
    return page


def _look(token: str) -> tuple[dict[str, Any], int]:
    question = questions.find(token)
    questions.looked_at(question)
    return _shown(question, ReplyForm()), 200


def _answer(request: HttpRequest, token: str) -> tuple[dict[str, Any], int]:
    reply = ReplyForm(request.POST)
    question = questions.find(token)
    if not reply.is_valid():
        return _shown(question, reply), 422
    try:
        question = questions.answer(token, asked_words.given(reply))
    except UnfitAnswerError as error:
        return _shown(question, reply, wrong=str(error)), 422
    done = {"answer": question.answer, "then": asked_words.then(question)}
    return {"title": _("Thank you"), "done": done}, 200


def _shown(question: CaseQuestion, reply: ReplyForm, *, wrong: str = "") -> dict[str, Any]:
    return {
        "title": _("A question for you"),
        "customer": question.customer.name,
        "asked": {**asked_words.of(question, reply, wrong=wrong), "named": True},
    }
