"""What is done with an invoice. Each says what it did, or shows the page with the reason why not."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from billing.domain import credit_notes, drafts, final, invoice_states, sending
from billing.domain.reckon import NotBillableError
from billing.domain.taxes import NoTaxError
from billing.invoices import compared, reading
from billing.models import Invoice
from billing.rating import TermsError, UsageError
from billing.views import invoice_words
from billing.views.invoice import load, page, this_person
from billing.views.invoice_forms import CreditForm, ReasonForm
from portal.accounts.rules import requires

Verb = Callable[[HttpRequest, Any], str]
State = Invoice.State
_REFUSALS = (
    drafts.NotDraftedError, final.NotFinalError, invoice_states.NotNowError, sending.NotMailedError,
    credit_notes.NotGivenBackError, NotBillableError, NoTaxError, TermsError, UsageError,
)  # fmt: skip


class _UnfitFormError(Exception):
    """What was entered cannot be taken; the form of that name says why."""

    def __init__(self, name: str, form: Any) -> None:
        super().__init__(name)
        self.name, self.form = name, form


class _ChangedError(Exception):
    """The draft says something else by now; `changes` say what."""

    def __init__(self, changes: tuple[str, ...]) -> None:
        super().__init__("changed")
        self.changes = changes


def _page_of(verb: Verb) -> Callable[[HttpRequest, int], HttpResponse]:
    """Do it and show what it says; or show the page with the reason why not."""

    @require_POST
    @wraps(verb)
    def view(request: HttpRequest, pk: int) -> HttpResponse:
        one = load(pk)
        try:
            said = verb(request, one)
        except _UnfitFormError as error:
            return page(request, one, forms={error.name: error.form}, status=422)
        except _ChangedError as error:
            return page(request, load(pk), changes=error.changes, status=409)
        except _REFUSALS as error:
            return page(request, load(pk), refused=str(error), status=409)
        messages.success(request, said)
        still_there = Invoice.objects.filter(pk=pk).exists()
        return redirect(f"/invoices/{pk}/" if still_there else f"/invoices/?month={one.month}")

    return view


@requires("money.bill")
@_page_of
def discard(request: HttpRequest, one: Invoice) -> str:
    """Throw the draft away: the next run makes another."""
    drafts.discard(one.pk)
    return f"The draft of {one.account.name} for {_month(one)} is thrown away"


@requires("money.bill")
@_page_of
def renew(request: HttpRequest, one: Invoice) -> str:
    """Make the draft again from what is known now."""
    if one.state not in Invoice.OPEN:
        raise drafts.NotDraftedError(f"{one} is final: it stays as it is.")
    changes = _drafted_anew(one)
    if changes is None:
        return f"Nothing is to be billed to {one.account.name} for {_month(one)} any more"
    return f"Made anew: {'; '.join(changes)}" if changes else "Made anew: it says the same"


def _drafted_anew(one: Invoice) -> tuple[str, ...] | None:
    """What it says otherwise; None where it is gone."""
    made = drafts.draft(one.account_id, one.month)
    if made is None:
        return None
    before, after = (reading.read(bytes(each.content)) for each in (one, made))
    return compared.changes(before, after)


def _month(one: Invoice) -> str:
    return invoice_words.month_name(one.month)


@requires("money.bill")
@_page_of
def review(request: HttpRequest, one: Invoice) -> str:
    """Say that somebody is looking at it."""
    if one.state != State.DRAFT:
        raise drafts.NotDraftedError(f"{one} is {one.get_state_display()} already.")
    drafts.review(one.pk)
    return f"{one.account.name}'s draft for {_month(one)} is in review"


@requires("money.bill")
@_page_of
def finalise(request: HttpRequest, one: Invoice) -> str:
    """Make it final as it was seen, or make it anew and say what changed."""
    seen = request.POST.get("seen", "")
    try:
        made = final.finalise(one.pk, seen=seen, by=this_person(request))
    except final.ChangedError:
        changes = _drafted_anew(one)
        if changes is None:
            return f"Nothing is to be billed to {one.account.name} for {_month(one)} any more"
        raise _ChangedError(changes or ("It was made anew since you opened this page",)) from None
    return f"{made.number} is final"


@requires("money.bill")
@_page_of
def send(request: HttpRequest, one: Invoice) -> str:
    made = sending.send(one.pk, by=this_person(request))
    return f"{made.number} went to {', '.join(one.account.recipients)}"


@requires("money.bill")
@_page_of
def hand_over(request: HttpRequest, one: Invoice) -> str:
    """It went another way than by mail."""
    if one.state != State.FINAL:
        raise invoice_states.NotNowError(f"{one} is {one.get_state_display()}.")
    made = sending.hand_over(one.pk, by=this_person(request))
    return f"{made.number} is sent: {one.account.name} sees it from now on"


@requires("money.bill")
@_page_of
def paid(request: HttpRequest, one: Invoice) -> str:
    return f"{_become(request, one, State.PAID).number} is paid"


@requires("money.bill")
@_page_of
def settled(request: HttpRequest, one: Invoice) -> str:
    """What was disputed stands as it was sent."""
    if one.state != State.DISPUTED:
        raise invoice_states.NotNowError(f"{one} is {one.get_state_display()}: nothing to settle.")
    made = _become(request, one, State.SENT, "The dispute is settled: it stands")
    return f"{made.number} stands as it was sent"


@requires("money.bill")
@_page_of
def disputed(request: HttpRequest, one: Invoice) -> str:
    reason = _reason(request, "disputed")
    return f"{_become(request, one, State.DISPUTED, reason).number} is disputed"


@requires("money.bill")
@_page_of
def void(request: HttpRequest, one: Invoice) -> str:
    made = _become(request, one, State.VOID, _reason(request, "void"))
    if drafts.is_written_anew(made.account, made.month):
        return f"{made.number} is void. The next draft for {_month(one)} is written instead of it"
    return f"{made.number} is void. What {_month(one)} owes is billed with the next invoice"


def _become(request: HttpRequest, one: Invoice, state: str, text: str = "") -> Invoice:
    return invoice_states.become(one.pk, state, by=this_person(request), text=text)


def _reason(request: HttpRequest, name: str) -> str:
    form = ReasonForm(request.POST, auto_id=f"{name}_%s")
    if not form.is_valid():
        raise _UnfitFormError(name, form)
    return str(form.cleaned_data["reason"])


@requires("money.bill")
@_page_of
def credit(request: HttpRequest, one: Invoice) -> str:
    """A credit note over what was entered for each line."""
    form = CreditForm(one, request.POST, auto_id="credit_%s")
    if not form.is_valid():
        raise _UnfitFormError("credit", form)
    try:
        made = credit_notes.give_back(
            one.pk,
            form.amounts,
            reason=form.cleaned_data["reason"],
            by=this_person(request),
            seen=form.cleaned_data["given"],
        )
    except credit_notes.NotGivenBackError as error:
        form.add_error(None, str(error))
        raise _UnfitFormError("credit", form) from None
    return f"{made.number} gives back {invoice_words.money(made.total, made.currency)}"
