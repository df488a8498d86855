"""One statement to the partner's people: what it says, its seal, its corrections, where it stands."""

from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from integrations.views import spoken
from monitoring.domain import statement_adjust, statement_check
from monitoring.models import Statement, StatementAdjustment, StatementTerms
from monitoring.queries import statements as found_statements
from monitoring.statements import words
from monitoring.views import statement_checks, statement_shown
from monitoring.views.statements import state
from portal.accounts.rules import requires

MOST_EVENTS = 50
State = StatementAdjustment.State


class CorrectionForm(forms.Form):
    """What shall stand where, and why."""

    path = forms.CharField(
        label="Figure",
        max_length=200,
        widget=forms.TextInput(attrs={"class": "mono", "autocomplete": "off", "list": "figures"}),
        help_text="Begin with a word of it, such as orders, and choose.",
    )
    value = forms.CharField(label="becomes", max_length=200)
    reason = forms.CharField(label="Why", max_length=300, help_text="The customer reads it.")


@requires("statements.view")
def statement(request: HttpRequest, pk: int) -> HttpResponse:
    return page(request, load(pk))


@requires("statements.view")
def check(request: HttpRequest, pk: int) -> HttpResponse:
    """The page with every check of the seal, made now."""
    return page(request, load(pk), checked=True)


def load(pk: int) -> Any:
    """The statement with how far it is, or 404."""
    found = found_statements.listed().defer(None).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def page(
    request: HttpRequest,
    one: Any,
    *,
    refused: str = "",
    form: CorrectionForm | None = None,
    checked: bool = False,
    status: int = 200,
) -> HttpResponse:
    """The page of one statement; `refused` is why the last action was not done."""
    person: Any = request.user
    said = one.said
    may = _may(one, person)
    corrections = list(one.adjustments.order_by("pk"))
    checks = statement_check.verify(one) if checked and one.is_sealed else []
    context = {
        "statement": one,
        "address": f"/statements/{one.pk}/",
        "state": state(one),
        "refused": refused,
        "headline": words.headline(said),
        "lead": words.together(words.lead(said)),
        "told": statement_shown.body(said, _signed(one)),
        "facts": _facts(one),
        "checks": statement_checks.shown(checks),
        "verdict": statement_checks.headline(one, checks) if checks else "",
        "may": may,
        "corrections": [_correction(row, person) for row in corrections],
        "form": form or CorrectionForm(),
        "figures": _figures(one) if may["correct"] else [],
        "to": _recipients(one),
        "terms_url": f"/statements/terms/{one.customer.slug}/",
        "activity": [
            {"at": spoken.moment(event.at), "text": _event(event)}
            for event in one.events.all()[:MOST_EVENTS]
        ],
    }
    return render(request, "monitoring/statement.html", context, status=status)


def _signed(one: Statement) -> list[Any]:
    return [adjustment for adjustment, _ in statement_check.adjustments_of(one)]


def _facts(one: Statement) -> list[dict[str, Any]]:
    if not one.is_sealed:
        return [{"label": "Made", "value": spoken.moment(one.built_at)}]
    said = one.said
    return [
        {"label": "Number", "value": str(one.number)},
        {"label": "Sealed", "value": f"{spoken.moment(one.sealed_at)} {one.sealed_by}".strip()},
        {"label": "SHA-256", "value": one.hash, "mono": True},
        {"label": "Before it", "value": one.previous or "none: the first", "mono": True},
        {"label": "Key", "value": one.key, "mono": True},
        {"label": "Evidence", "value": spoken.counted(said.evidence.rows, "record")},
        {"label": "Their root", "value": said.evidence.root, "mono": True},
    ]


def _may(one: Any, person: Any) -> dict[str, bool]:
    may = person.may("statements.approve")
    return {
        "seal": may and not one.is_sealed,
        "approve": may and one.is_sealed and not one.approved_at,
        "send": may and one.is_sealed and bool(one.approved_at) and not one.sent_at,
        "correct": may and one.is_sealed,
    }


def _figures(one: Statement) -> list[dict[str, str]]:
    """What may be corrected: the place of each figure, and what stands there in words."""
    said = one.said
    return [
        {"path": path, "said": f"{words.place(path, said)}: {words.figure_at(path, value, said)}"}
        for path, value in statement_adjust.figures(statement_adjust.current(one))
    ]


def _correction(row: StatementAdjustment, person: Any) -> dict[str, Any]:
    waits = row.state == State.ASKED
    shapes = {State.ASKED: "waiting", State.SIGNED: "good", State.REFUSED: "due"}
    word = {State.ASKED: "waits for approval", State.SIGNED: "signed", State.REFUSED: "refused"}
    return {
        "pk": row.pk,
        "reason": row.reason,
        "changes": row.changes,
        "state": {"shape": shapes[State(row.state)], "word": word[State(row.state)]},
        "by": f"{row.author_name}, {spoken.moment(row.asked_at)}",
        "decided": f"{row.approver}, {spoken.moment(row.decided_at)}" if row.decided_at else "",
        "may_decide": waits and person.may("statements.approve") and row.author != person.pk,
        "own": waits and row.author == person.pk,
    }


def _recipients(one: Statement) -> str:
    terms = StatementTerms.objects.filter(customer_id=one.customer_id).first()
    return ", ".join(terms.recipients) if terms else ""


def _event(event: Any) -> str:
    return f"{event.actor}: {event.text}" if event.actor else event.text
