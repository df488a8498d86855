"""What is agreed with an account, and to whom it is billed: kept, or shown again with the reason why not."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from billing.domain import bill_to, credit, spending, subscriptions
from billing.models import Account, OneOff
from billing.views import invoice_words
from billing.views.account import FORMS, page
from billing.views.accounts import load
from billing.views.invoice import this_person
from integrations.views import spoken
from portal.accounts.rules import requires

Verb = Callable[[Account, dict[str, Any], str], str]  # the account, what was entered, by whom
_REFUSALS = (
    subscriptions.NotAgreedError, credit.NotCreditedError, bill_to.NotKeptError, spending.NotABudgetError,
)  # fmt: skip


def _subscribe(one: Account, given: dict[str, Any], by: str) -> str:
    made = subscriptions.subscribe(
        one, given["version"], begins=given["begins"], by=by, ends=given["ends"]
    )
    return f"{one.name} has {made.version} from {spoken.day(made.begins)} on"


def _move(one: Account, given: dict[str, Any], by: str) -> str:
    made = subscriptions.move(given["subscription"], given["version"], on=given["on"], by=by)
    return f"{one.name} goes on with {made.version} from {spoken.day(made.begins)} on"


def _end(one: Account, given: dict[str, Any], by: str) -> str:
    subscriptions.end(given["subscription"], on=given["on"])
    return f"{given['subscription'].version} ends: {spoken.day(given['on'])} is without it"


def _discount(one: Account, given: dict[str, Any], by: str) -> str:
    subscription, name = given["subscription"], given["name"]
    subscriptions.discount(
        subscription, name, begins=given["begins"], until=given["until"], percent=given["percent"],
        amount=given["amount"], reason=given["reason"], author=by,
    )  # fmt: skip
    return f"{name} holds from {invoice_words.month_name(given['begins'])} on"


def _once(one: Account, given: dict[str, Any], by: str) -> str:
    subscriptions.charge_once(
        one, given["name"], day=given["day"], quantity=f"{given['quantity']:f}", unit=given["unit"],
        unit_amount=f"{given['unit_amount']:f}", key=f"{one.pk}/{given['key']}", author=by,
    )  # fmt: skip
    return f"{given['name']} is charged once"


def _prepay(one: Account, given: dict[str, Any], by: str) -> str:
    made = credit.prepay(
        one, given["amount"], name=given["name"], key=f"prepaid/{one.pk}/{given['key']}",
        expires=given["expires"], author=by,
    )  # fmt: skip
    return f"{spoken.money(made.amount, one.currency)} pay their next invoices"


def _cap(one: Account, given: dict[str, Any], by: str) -> str:
    subscriptions.cap_spending(one, given["amount"], begins=given["begins"], author=by)
    name = invoice_words.month_name(given["begins"])
    if given["amount"] is None:
        return f"No cap from {name} on"
    return f"No month's plans cost more than {spoken.money(given['amount'], one.currency)} from {name} on"


def _watch(one: Account, given: dict[str, Any], by: str) -> str:
    spending.budget(one, given["budget"], alert_at=tuple(given["alert_at"]))
    return "The budget is kept" if given["budget"] else "There is no budget"


def _bill_to(one: Account, given: dict[str, Any], by: str) -> str:
    made = bill_to.change(one, given)
    return f"{made.name}'s next invoices say it. What is final stays"


AGREE: dict[str, Verb] = {
    "subscribe": _subscribe, "move": _move, "end": _end, "discount": _discount, "charge-once": _once,
    "prepay": _prepay, "cap": _cap,
}  # fmt: skip
KEEP: dict[str, Verb] = {"watch": _watch, "bill-to": _bill_to}


@requires("money.prices")
@require_POST
def agree(request: HttpRequest, slug: str, action: str) -> HttpResponse:
    """Plans, discounts, one-offs, credits and caps."""
    return _do(request, load(slug), action, AGREE)


@requires("money.bill")
@require_POST
def keep(request: HttpRequest, slug: str, action: str) -> HttpResponse:
    """Budget, and to whom invoices go."""
    return _do(request, load(slug), action, KEEP)


def _do(request: HttpRequest, one: Account, action: str, verbs: dict[str, Verb]) -> HttpResponse:
    if action not in verbs:
        raise Http404
    form = FORMS[action](one, request.POST, auto_id=f"{action}_%s")
    if not form.is_valid():
        return page(request, one, form=(action, form), status=422)
    try:
        said = verbs[action](one, form.cleaned_data, this_person(request))
    except _REFUSALS as error:
        form.add_error(None, str(error))
        return page(request, load(one.slug), form=(action, form), status=422)
    messages.success(request, said)
    return redirect(f"/billing/{one.slug}/")


@requires("money.prices")
@require_POST
def withdraw(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Do not charge a one-off after all."""
    one = load(slug)
    found = OneOff.objects.filter(account=one, pk=pk).first()
    if found is None:
        raise Http404
    try:
        bill_to.withdraw(found)
    except bill_to.NotKeptError as error:
        return page(request, one, refused=str(error), status=409)
    messages.success(request, f"{found.name} is not charged")
    return redirect(f"/billing/{slug}/")
