"""Asking the customer of a case one question: written, seen as they see it, asked."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from monitoring.ask_forms import AnswerFormSet, AskForm
from monitoring.domain import questions
from monitoring.domain.answers import Form, Option
from monitoring.domain.deeds import NotDoneError
from monitoring.domain.leases import HeldError
from monitoring.domain.states import NotNowError
from monitoring.models import CaseQuestion, ExceptionCase
from monitoring.queries import ideas
from monitoring.remedies import ask as answers
from monitoring.views import asked_rows, asked_words, case, question_mail
from portal.accounts.models import Person
from portal.accounts.rules import requires

_ROWS = 4


@requires("desk.work")
def ask(request: HttpRequest, number: int) -> HttpResponse:
    """The page; a POST with a question asks it, and shows its link this once."""
    found = case.load(number)
    if not found.is_open:
        messages.info(request, f"{found.label} is closed: there is nothing left to ask.")
        return redirect(f"/cases/{number}/")
    if found.is_internal:
        messages.error(request, f"{found.label} is our own affair, and no customer's.")
        return redirect(f"/cases/{number}/")
    if request.method != "POST":
        return _page(request, found, *_begin(request, found))
    if "text" not in request.POST:  # from the page of the case
        return redirect(request.path)
    form, rows = AskForm(request.POST, people=_people(found)), _rows(request, found)
    if "preview" in request.GET or "preview" in request.POST:
        return _page(request, found, form, rows)
    if form.is_valid() and rows.is_valid():
        return _ask(request, found, form, rows)
    return _page(request, found, form, rows, status=422)


def _rows(request: HttpRequest, found: ExceptionCase) -> Any:
    known = answers.deeds(found, _person(request))
    return AnswerFormSet(request.POST, prefix="answers", form_kwargs={"deeds": known})


def _people(found: ExceptionCase) -> list[tuple[str, str]]:
    """The customer's own people, by name and address."""
    theirs = Person.objects.filter(customer_id=found.customer_id, is_active=True)
    return list(theirs.order_by("name").values_list("name", "email")[:50])


def _person(request: HttpRequest) -> Person:
    person: Any = request.user
    return person


def _begin(request: HttpRequest, found: ExceptionCase) -> tuple[AskForm, Any]:
    """Both forms as the idea in the address fills them, else as the first one does."""
    proposed = ideas.ideas(found)
    wanted = request.GET.get("idea", "1")
    idea = next((one for n, one in enumerate(proposed, 1) if str(n) == wanted), proposed[0])
    known = answers.deeds(found, _person(request))
    rows = [_row(option, known) for option in idea.options]
    rows += [{"label": ""}] * (_ROWS - len(rows))
    filled = {"text": idea.text[:300], "form": idea.form, "days": "3"}
    form = AskForm(initial=filled, people=_people(found))
    return form, AnswerFormSet(initial=rows, prefix="answers", form_kwargs={"deeds": known})


def _row(option: Option, known: list[tuple[str, str]]) -> dict[str, str]:
    may = option["remedy"] in dict(known)
    return {
        "label": option["label"],
        "then": option["remedy"] if may else "",
        "value": answers.value_of(option) if may else "",
    }


def _ask(request: HttpRequest, found: ExceptionCase, form: AskForm, rows: Any) -> HttpResponse:
    given, person = form.cleaned_data, _person(request)
    try:
        question, token = questions.ask(
            found,
            text=given["text"],
            form=given["form"],
            options=_options(found, given["form"], rows),
            email=given["email"],
            lasts=timedelta(days=int(given["days"])),
            person=person,
        )
    except NotDoneError as error:
        form.add_error(None, str(error))
        return _page(request, found, form, rows, status=422)
    except (HeldError, NotNowError) as error:
        messages.error(request, str(error))
        return redirect(f"/cases/{found.pk}/")
    url = request.build_absolute_uri(f"/ask/{token}/")
    made = {"url": url, "mail": question_mail.send(question, url=url)}
    found.refresh_from_db()
    return _page(request, found, *_begin(request, found), made=made)


def _options(found: ExceptionCase, form: str, rows: Any) -> list[Option]:
    if form == Form.TEXT:
        return []
    entered = [row.cleaned_data for row in rows if row.cleaned_data.get("label")]
    return [
        answers.option(found, label=row["label"], then=row["then"], value=row["value"])
        for row in entered
    ]


def _page(
    request: HttpRequest,
    found: ExceptionCase,
    form: AskForm,
    rows: Any,
    *,
    made: dict[str, Any] | None = None,
    status: int = 200,
) -> HttpResponse:
    asked = [asked_rows.row(one) for one in found.questions.all()[:20]]
    context = {
        "case": {"id": found.label, "title": found.title, "url": f"/cases/{found.pk}/"},
        "customer": found.customer.name,
        "form": form,
        "answers": rows,
        "ideas": [
            {"text": one.text, "why": one.why, "url": f"{request.path}?idea={n}"}
            for n, one in enumerate(ideas.ideas(found), 1)
        ],
        "people": _people(found),
        "preview": _preview(request, found, form, rows),
        "made": made,
        "questions": asked,
        "replaces": next((one["text"] for one in asked if one["revoke_url"]), ""),
    }
    answer = render(request, "monitoring/ask.html", context, status=status)
    answer["Cache-Control"] = "no-store"
    return answer


def _preview(request: HttpRequest, found: ExceptionCase, form: AskForm, rows: Any) -> Any:
    """What the customer will see, from whatever stands in the form now."""
    labels = [str(row["label"].value() or "") for row in rows]
    days = form["days"].value() or "3"
    return asked_words.card(
        text=str(form["text"].value() or ""),
        form=str(form["form"].value()),
        labels=[label for label in labels if label],
        case=found,
        note=f"{_person(request).name} asks. You can answer once, in the next {days} days.",
    )


@requires("desk.work")
@require_POST
def revoke(request: HttpRequest, number: int, pk: int) -> HttpResponse:
    """Take a question back."""
    question = CaseQuestion.objects.filter(pk=pk, case_id=case.load(number).pk).first()
    if question is None:
        raise Http404
    questions.revoke(question.pk, by=_person(request).name)
    return redirect(f"/cases/{number}/ask/")
