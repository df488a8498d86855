"""One question to the customer of a case: asked by a link, answered once, applied after a dry run.

Whoever changes a question locks its case first, so that of two at once the second finds what the first
has done.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Final, NamedTuple

from django.db import transaction
from django.utils.translation import gettext as _

from monitoring.domain import answers, fixing, states
from monitoring.domain.answers import Given, Option
from monitoring.domain.deeds import NotDoneError
from monitoring.domain.fixing import NothingLeftError
from monitoring.domain.notices import telling
from monitoring.domain.notices.telling import Line, Said
from monitoring.models import CaseEvent, CaseQuestion, ExceptionCase, Fix
from monitoring.models.question import OPEN
from portal.core import clock, events, links
from portal.core.links import LinkOverError, NoLinkError

SHORTEST, LONGEST = timedelta(days=1), timedelta(days=14)
MOST_TRIES: Final = 10
SALT: Final = "monitoring.questions"
_EVERYTHING: Final = 2**62
State, Party = ExceptionCase.State, ExceptionCase.Party


class QuestionMoved(NamedTuple):
    """A customer was asked something, or answered it."""

    question_id: int
    answered: bool = False


class UnfitAnswerError(ValueError):
    """It is no answer to this question; the text says what one is."""


@transaction.atomic
def ask(
    case: ExceptionCase,
    *,
    text: str,
    form: str,
    options: Sequence[Option],
    email: str,
    lasts: timedelta,
    person: Any,
) -> tuple[CaseQuestion, str]:
    """Ask, and let the case wait on the customer. Returns the question and its link's token, which is
    shown once and kept nowhere.

    An open question of the case is taken back. HeldError when another has the case, NotNowError for a
    closed one, NotDoneError for answers that cannot be right, ValueError for a wrong length of time.
    """
    if not SHORTEST <= lasts <= LONGEST:
        raise ValueError("A question lasts from one day to fourteen.")
    answers.must_fit(case, form, options, person=person)
    states.take(case.pk, person)
    for earlier in CaseQuestion.objects.filter(OPEN, case=case):
        _take_back(earlier)
        _tell(earlier, "taken_back", f"Took back “{earlier.text}”: another was asked", person.name)
    token = links.new_token(SALT)
    question = CaseQuestion.objects.create(
        case=case, customer_id=case.customer_id, text=text, form=form, options=list(options),
        email=email, asked_by=person.name[:80], expires_at=clock.now() + lasts,
        digest=links.digest(token, salt=SALT),
    )  # fmt: skip
    states.wait(case.pk, on=Party.CUSTOMER, reason=f"asked: {text}", actor=person.name)

    def say() -> Said:
        headline = _("%(who)s has a question for you") % {"who": person.name}
        return Said(headline, [Line(text, "/questions/")])

    telling.tell(case.customer_id, "question", say, but=[email])
    events.publish(QuestionMoved(question.pk))
    return question, token


def find(token: str) -> CaseQuestion:
    """The open question of this token. NoLinkError, or LinkOverError once it is over."""
    digest = links.digest(token, salt=SALT)
    found = CaseQuestion.objects.select_related("case", "customer").filter(digest=digest).first()
    if found is None:
        raise NoLinkError
    _must_be_open(found)
    return found


def why_over(question: CaseQuestion) -> str:
    """Why it can no longer be answered, and whom to ask; "" while it can."""
    who = question.asked_by
    if question.answered_at:
        return _(
            "It was answered already: the link works once. To change the answer, ask %(who)s."
        ) % {"who": who}
    if question.revoked_at:
        return _(
            "%(who)s does not need this answer any more. Ask %(who)s if you want to know more."
        ) % {"who": who}
    if question.lapsed_at or question.expires_at <= clock.now():
        return _("The time for this answer is over. Ask %(who)s for a new link.") % {"who": who}
    return ""


def _must_be_open(question: CaseQuestion) -> None:
    over = why_over(question)
    if over:
        raise LinkOverError(over)


def looked_at(question: CaseQuestion) -> None:
    """Note that the link was opened. Nothing else changes: mail programs open links, too."""
    first = CaseQuestion.objects.filter(pk=question.pk, opened_at=None)
    first.update(opened_at=clock.now())


def answer(token: str, given: Given) -> CaseQuestion:
    """Take the answer of whoever has the link. Errors as for `find`, and UnfitAnswerError: of those
    ten end the link."""
    return _answer(find(token), given)


def answer_own(number: int, given: Given, *, customer_id: int) -> CaseQuestion:
    """Take the answer of a person of the customer. NoLinkError for another customer's question."""
    found = CaseQuestion.objects.filter(pk=number, customer_id=customer_id).first()
    if found is None:
        raise NoLinkError
    return _answer(found, given)


def _answer(found: CaseQuestion, given: Given) -> CaseQuestion:
    with transaction.atomic():
        question = _locked(found)
        _must_be_open(question)
        wrong = answers.unfit(question, given)
        if wrong:
            _count_try(question)
        else:
            _take(question, given)
    if wrong:
        raise UnfitAnswerError(wrong)
    return question


def _locked(found: CaseQuestion) -> CaseQuestion:
    fixing.lock_live([found.case_id])  # the answer may begin one
    ExceptionCase.objects.select_for_update().get(pk=found.case_id)
    questions = CaseQuestion.objects.select_for_update(of=("self",))
    return questions.select_related("case", "customer").get(pk=found.pk)


def _count_try(question: CaseQuestion) -> None:
    question.tries += 1
    question.save(update_fields=["tries"])
    if question.tries >= MOST_TRIES:
        _take_back(question)
        text = f"Took back “{question.text}”: {MOST_TRIES} answers fitted nothing"
        _to_the_desk(question, "taken_back", text)


def _take(question: CaseQuestion, given: Given) -> None:
    option = answers.option(question, given)
    question.answered_at = clock.now()
    question.answer = option["label"] if option else given.text.strip()
    question.remark, question.answered_by = given.remark.strip()[:500], given.by.strip()[:80]
    said = f"“{question.answer}” to “{question.text}”" if option else f"“{question.answer}”"
    who = _who(question)
    _tell(question, "answered", f"Answered {said}", who)
    if question.remark:
        _tell(question, "comment", question.remark, who)
    if question.case.is_open:
        _go_on(question, option, who)
    question.save()
    events.publish(QuestionMoved(question.pk, answered=True))


def _who(question: CaseQuestion) -> str:
    """Never a bare name: whoever has the link may call themselves what they like."""
    customer = question.customer.name
    return f"{question.answered_by} of {customer}" if question.answered_by else customer


def _go_on(question: CaseQuestion, option: Option | None, who: str) -> None:
    """The clock goes on, and what the answer stands for is tried."""
    case = question.case
    if _waits_for(case) or case.state == State.SNOOZED:
        states.take_up(case.pk, actor=who, cause="Taken up again: the customer answered")
    if option and option["remedy"]:
        question.fix = _begin(question, option)


def _waits_for(case: ExceptionCase) -> bool:
    return case.state == State.WAITING and case.waiting_on == Party.CUSTOMER


def _begin(question: CaseQuestion, option: Option) -> Fix | None:
    """Try it on everything held now; it goes on by itself where nothing would fail. With a remark it
    does not: a person reads that first."""
    case = question.case
    try:
        return fixing.begin(
            case,
            option["remedy"],
            option["terms"],
            words=option["words"],
            ids=fixing.frozen(case, up_to=_EVERYTHING),
            name=question.customer.name,
            at_once=not question.remark,
        )
    except NothingLeftError:
        why = "nothing is held any more"
    except NotDoneError as error:
        why = str(error)
    _tell(question, "not_applied", f"The answer was not applied: {why}", "")
    return None


@transaction.atomic
def revoke(number: int, *, by: str) -> bool:
    """Take an open question back, and the case up again. False when it was over before."""
    question = _locked(CaseQuestion.objects.get(pk=number))
    if question.answered_at or question.revoked_at or question.lapsed_at:
        return False
    _take_back(question)
    _to_the_desk(question, "taken_back", f"Took back “{question.text}”", by)
    return True


def _take_back(question: CaseQuestion) -> None:
    question.revoked_at = clock.now()
    question.save(update_fields=["revoked_at"])


def expire() -> int:
    """Take up the cases whose questions nobody answered in time. Returns how many."""
    due = CaseQuestion.objects.filter(OPEN, expires_at__lte=clock.now())
    return sum(_lapse(question) for question in due[:200])


@transaction.atomic
def _lapse(found: CaseQuestion) -> bool:
    question = _locked(found)
    if question.answered_at or question.revoked_at or question.lapsed_at:
        return False
    question.lapsed_at = clock.now()
    question.save(update_fields=["lapsed_at"])
    _to_the_desk(question, "unanswered", f"No answer came in time to “{question.text}”")
    return True


def _to_the_desk(question: CaseQuestion, action: str, text: str, actor: str = "") -> None:
    """Say so; a case that waited for the answer waits no more."""
    if _waits_for(question.case):
        states.take_up(question.case_id, actor=actor, cause=text)
    elif question.case.is_open:
        _tell(question, action, text, actor)


def _tell(question: CaseQuestion, action: str, text: str, actor: str) -> None:
    """In the log of its case; of one that was merged, in that of the case it is part of now."""
    number = question.case.merged_into_id or question.case_id
    CaseEvent.objects.create(case_id=number, actor=actor[:80], action=action, text=text[:500])
