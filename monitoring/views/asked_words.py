"""A question as the customer sees it: what it is about, how it is answered, what happens then."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from integrations.views import spoken
from monitoring.ask_forms import ReplyForm
from monitoring.domain.answers import Given
from monitoring.models import CaseQuestion, ExceptionCase
from monitoring.views import words


def about(case: ExceptionCase) -> str:
    """3 orders wait for this."""
    if not case.is_open:
        return _("What waited for it has gone on meanwhile. Your answer still helps us.")
    if not case.documents:
        return ""
    return ngettext("%(what)s waits for this.", "%(what)s wait for this.", case.documents) % {
        "what": words.objects(case.documents, case.object_type)
    }


def until(question: CaseQuestion) -> str:
    """Wed 2 Dec 08:48 PST: in the customer's zone, wherever it is read."""
    return spoken.until(question.expires_at, zone=question.customer.time_zone)


def card(
    *, text: str, form: str, labels: Sequence[str], case: ExceptionCase, note: str
) -> dict[str, Any]:
    """What stands on the page, also in the preview of a question nobody has asked yet."""
    return {
        "text": text,
        "about": about(case),
        "in_words": form == CaseQuestion.Form.TEXT,
        "labels": labels,
        "note": note,
    }


def of(question: CaseQuestion, reply: ReplyForm, *, wrong: str = "") -> dict[str, Any]:
    """A question that can be answered; `wrong` says why the last answer was none."""
    asked = card(
        text=question.text,
        form=question.form,
        labels=[option["label"] for option in question.options],
        case=question.case,
        note=_("%(asked_by)s asks. You can answer once, until %(until)s.")
        % {"asked_by": question.asked_by, "until": until(question)},
    )
    return {**asked, "reply": reply, "wrong": wrong or _errors(reply)}


def _errors(reply: ReplyForm) -> str:
    return " ".join(str(error) for errors in reply.errors.values() for error in errors)


def given(reply: ReplyForm, *, by: str = "") -> Given:
    """What was entered; `by` where it is known who it was."""
    entered = reply.cleaned_data
    return Given(entered["choice"], entered["text"], entered["remark"], by or entered["by"])


def then(question: CaseQuestion) -> str:
    """What happens once it is answered."""
    who, case = question.asked_by, question.case
    if not case.is_open:
        return _("It was solved meanwhile, so nothing else has to happen.")
    if question.fix_id is None:
        return _("%(who)s has your answer and goes on with it.") % {"who": who}
    if question.remark:
        return _("%(who)s reads your remark, then it goes on.") % {"who": who}
    told = {"tried": words.objects(case.documents, case.object_type), "who": who}
    return (
        _(
            "Your answer is tried on %(tried)s now. If all of it passes, it goes on by itself within"
            " minutes; if not, %(who)s looks at it."
        )
        % told
    )
