"""What is done with a statement. Each says what it did, or shows the page with the reason why not."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from monitoring.domain import statement_adjust, statement_build, statement_seal, statement_send
from monitoring.domain.statement_period import NoSuchMonthError
from monitoring.domain.statement_seal import NotSealableError
from monitoring.domain.statement_send import NotApprovableError
from monitoring.models import Statement, StatementTerms
from monitoring.seal import UnfitAdjustmentError
from monitoring.views.statement import CorrectionForm, load, page
from portal.accounts.rules import requires
from portal.tenants import mailing

Verb = Callable[..., str]  # the request, the statement, and what else stands in the address
_REFUSALS = (NoSuchMonthError, NotSealableError, NotApprovableError, UnfitAdjustmentError)


class _UnfitFormError(Exception):
    """What was entered cannot be taken; the form says why."""

    def __init__(self, form: CorrectionForm) -> None:
        super().__init__("correction")
        self.form = form


def _page_of(verb: Verb) -> Callable[..., HttpResponse]:
    """Do it and show what it says; or show the page with the reason why not."""

    @require_POST
    @wraps(verb)
    def view(request: HttpRequest, pk: int, **more: int) -> HttpResponse:
        one = load(pk)
        try:
            said = verb(request, one, **more)
        except _UnfitFormError as error:
            return page(request, one, form=error.form, status=422)
        except _REFUSALS as error:
            return page(request, load(pk), refused=str(error), form=_entered(request), status=409)
        messages.success(request, said)
        return redirect(f"/statements/{pk}/")

    return view


def _entered(request: HttpRequest) -> CorrectionForm | None:
    return CorrectionForm(request.POST) if "path" in request.POST else None


@requires("statements.approve")
@_page_of
def renew(request: HttpRequest, one: Statement) -> str:
    """Make the draft again from what is known now."""
    if one.is_sealed:
        raise NotSealableError(f"{one.name} is sealed. Correct it by an adjustment.")
    statement_build.draft(one.customer, one.period)
    return f"The draft of {one.name} is made from what is known now"


@requires("statements.approve")
@_page_of
def seal(request: HttpRequest, one: Statement) -> str:
    person: Any = request.user
    made = statement_seal.seal(one.customer_id, one.period, actor=person.name)
    return f"{made.name} is sealed as number {made.number}"


@requires("statements.approve")
@_page_of
def approve(request: HttpRequest, one: Statement) -> str:
    statement_send.approve(one, person=request.user)
    return f"{one.customer.name} sees {one.name} from now on{_mailed(one)}"


def _mailed(one: Statement) -> str:
    terms = StatementTerms.objects.filter(customer=one.customer).first()
    if terms is None or not terms.recipients:
        return ". Nobody gets it by mail: its terms name nobody"
    if not mailing.goes_out():
        return ". It is not mailed: no mail server is set up here"
    return f", and goes to {', '.join(terms.recipients)}"


@requires("statements.approve")
@_page_of
def correct(request: HttpRequest, one: Statement) -> str:
    form = CorrectionForm(request.POST)
    if not form.is_valid():
        raise _UnfitFormError(form)
    given = form.cleaned_data
    statement_adjust.ask(
        one, [(given["path"], given["value"])], reason=given["reason"], person=request.user
    )
    return "The correction waits for somebody else to approve it"


@requires("statements.approve")
@_page_of
def sign(request: HttpRequest, one: Statement, adjustment: int) -> str:
    _must_belong(one, adjustment)
    done = statement_adjust.approve(adjustment, person=request.user)
    return f"Adjustment {done.number} is signed"


@requires("statements.approve")
@_page_of
def refuse(request: HttpRequest, one: Statement, adjustment: int) -> str:
    _must_belong(one, adjustment)
    statement_adjust.refuse(adjustment, person=request.user)
    return "The statement stays as it is"


def _must_belong(one: Statement, adjustment: int) -> None:
    if not one.adjustments.filter(pk=adjustment).exists():
        raise Http404
