"""A customer's own cases in their words, and what we ask and tell them about these.

Runs under the customer's database role, which reads only what is theirs.
"""

from datetime import timedelta
from typing import Any, NamedTuple

from django.contrib import messages
from django.contrib.postgres.aggregates import ArrayAgg, BoolOr
from django.db.models import Max, Min, Q, QuerySet, Sum
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from integrations.views import spoken
from monitoring.ask_forms import ReplyForm
from monitoring.domain import own_answer, own_titles
from monitoring.domain.questions import UnfitAnswerError
from monitoring.models import CaseQuestion, ExceptionCase
from monitoring.queries import asked
from monitoring.queries.asked import Note
from monitoring.views import addresses, asked_words, own_asked, words
from portal.accounts.rules import requires
from portal.core import clock
from portal.core.links import LinkOverError, NoLinkError
from portal.core.manner import number

SIZE = 100
SOLVED_FOR = timedelta(days=30)
MOST_NOTES = 20
_ADDRESS = "/questions/"
_MOST_ASKED = 20
_YOURS = Q(state=ExceptionCase.State.WAITING, waiting_on=ExceptionCase.Party.CUSTOMER)


class Refused(NamedTuple):
    """An answer that was none: to which question, what was entered, and why."""

    question: int
    reply: ReplyForm
    why: str


@requires("own.questions")
def questions(request: HttpRequest) -> HttpResponse:
    return _page(request)


@requires("own.questions")
@require_POST
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Answer a question; the page then says what happens."""
    person: Any = request.user
    reply = ReplyForm(request.POST, auto_id=f"id_{pk}_%s")
    if not reply.is_valid():
        return _page(request, Refused(pk, reply, ""))
    try:
        question = own_answer.answer(pk, asked_words.given(reply, by=person.name), person=person)
    except NoLinkError:
        raise Http404 from None
    except UnfitAnswerError as error:
        return _page(request, Refused(pk, reply, str(error)))
    except LinkOverError as error:
        messages.info(request, str(error))
        return redirect(_ADDRESS)
    messages.success(request, _("Thank you. %(then)s") % {"then": asked_words.then(question)})
    return redirect(_ADDRESS)


def _page(request: HttpRequest, refused: Refused | None = None) -> HttpResponse:
    solved = request.GET.get("view") == "solved"
    person: Any = request.user
    own = _looked_into(person.customer_id)
    open_now, done = _open(own), _solved(own)
    counts = {"open": _by_cause(open_now).count(), "solved": _by_cause(done).count()}
    found = _by_cause(done if solved else open_now)
    before = addresses.number(request.GET, "before")
    rows = list((found.filter(last__lt=before) if before else found)[: SIZE + 1])
    to_answer = [] if solved else _asked(person.customer_id, refused)
    notes = [] if solved else asked.own_notes(most=MOST_NOTES)
    context = {
        "headline": _("We need your answer") if to_answer else _headline(counts["open"]),
        "lead": _lead(counts["open"], asked=len(to_answer)),
        "asked": to_answer,
        "yours": [] if solved else own_asked.asked(person.customer_id, notes),
        "notes": [] if solved else _told(notes),
        "tabs": _tabs(request, counts, solved=solved),
        "questions": [_question(row, solved=solved) for row in rows[:SIZE]],
        "empty": None if rows else {"text": _nothing(solved=solved), "action": None},
        "pager": _pager(request, rows, before=before),
    }
    status = 422 if refused else 200
    return render(request, "customer/questions.html", context, status=status)


def _asked(customer_id: int, refused: Refused | None) -> list[dict[str, Any]]:
    """The questions that wait for an answer, each with its form."""
    found = asked.to_answer(customer_id).select_related("case", "customer")
    return [_to_answer(question, refused) for question in found[:_MOST_ASKED]]


def _to_answer(question: CaseQuestion, refused: Refused | None) -> dict[str, Any]:
    tried = refused if refused and refused.question == question.pk else None
    reply = tried.reply if tried else ReplyForm(auto_id=f"id_{question.pk}_%s")
    shown = asked_words.of(question, reply, wrong=tried.why if tried else "")
    return {**shown, "url": f"{_ADDRESS}{question.pk}/answer/"}


def _looked_into(customer_id: int) -> QuerySet[ExceptionCase]:
    """Their cases, without what is ours alone and without what they asked themselves."""
    hidden = (*ExceptionCase.INTERNAL, ExceptionCase.Origin.ASKED)
    return ExceptionCase.objects.filter(customer_id=customer_id).exclude(origin__in=hidden)


def _told(notes: list[Note]) -> list[dict[str, str]]:
    """What was told about their cases, the newest first. Answers to them stand with their questions."""
    ids = {note.case for note in notes}
    titles = dict(
        ExceptionCase.objects.filter(pk__in=ids)
        .exclude(origin=ExceptionCase.Origin.ASKED)
        .values_list("pk", "customer_title")
    )
    return [
        {
            "at": spoken.moment(note.at),
            "text": note.text,
            "about": own_titles.said(titles[note.case]),
        }
        for note in notes
        if note.case in titles
    ]


def _by_cause(cases: QuerySet[ExceptionCase]) -> Any:
    """One row for each sentence: to a customer, cases that say the same are one question."""
    return (
        cases.values("customer_title")
        .annotate(
            last=Max("number"),
            documents=Sum("documents"),
            types=ArrayAgg("object_type", distinct=True),
            since=Min("opened_at"),
            solved_at=Max("closed_at"),
            yours=BoolOr(_YOURS),
        )
        .order_by("-last")
    )


def _open(own: QuerySet[ExceptionCase]) -> QuerySet[ExceptionCase]:
    return own.filter(state__in=ExceptionCase.OPEN_STATES)


def _solved(own: QuerySet[ExceptionCase]) -> QuerySet[ExceptionCase]:
    """What became part of another case is solved with that one."""
    return own.exclude(state__in=ExceptionCase.OPEN_STATES).filter(
        closed_at__gte=clock.now() - SOLVED_FOR, merged_into=None
    )


def _headline(count: int) -> str:
    if not count:
        return _("Nothing is in question")
    return ngettext(
        "We are looking into one thing", "We are looking into %(count)s things", count
    ) % {"count": number(count)}


def _lead(count: int, *, asked: int) -> str:
    if asked:
        return ngettext(
            "%(count)s question waits for you. Answer here, or by the link we sent.",
            "%(count)s questions wait for you. Answer here, or by the link we sent.",
            asked,
        ) % {"count": number(asked)}
    if not count:
        return _("All your orders and stock figures pass as they come.")
    return _("You need not do anything: what waits goes on by itself once it is solved.")


def _tabs(request: HttpRequest, counts: dict[str, int], *, solved: bool) -> list[dict[str, Any]]:
    return [
        {"label": _("Open"), "url": request.path, "count": counts["open"], "current": not solved},
        {
            "label": _("Solved"),
            "url": f"{request.path}?view=solved",
            "count": counts["solved"],
            "current": solved,
        },
    ]


def _question(row: dict[str, Any], *, solved: bool) -> dict[str, Any]:
    count, types = row["documents"], row["types"]
    affected = words.objects(count, types[0] if len(types) == 1 else "")
    return {
        "text": own_titles.said(row["customer_title"]),
        "url": "",
        "order": None,
        "orders": count,
        "waits": _("%(what)s affected") % {"what": affected} if count and not solved else "",
        "since": _("since %(since)s") % {"since": spoken.moment(row["since"])},
        **_standing(row, solved=solved),
    }


def _standing(row: dict[str, Any], *, solved: bool) -> dict[str, str]:
    if solved:
        return {
            "shape": "good",
            "word": _("solved %(solved_at)s") % {"solved_at": spoken.moment(row["solved_at"])},
        }
    if row["yours"]:
        return {"shape": "waiting", "word": _("waits for you")}
    return {"shape": "work", "word": _("we are on it")}


def _nothing(*, solved: bool) -> str:
    return _("Nothing was in question in the last 30 days.") if solved else _("Nothing waits.")


def _pager(
    request: HttpRequest, rows: list[dict[str, Any]], *, before: int | None
) -> dict[str, str]:
    older = rows[SIZE - 1]["last"] if len(rows) > SIZE else None
    return {
        "shown": spoken.counted(min(len(rows), SIZE), "question"),
        "newer_url": addresses.with_values(request) if before else "",
        "older_url": addresses.with_values(request, before=str(older)) if older else "",
    }
