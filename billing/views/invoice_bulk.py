"""Many invoices at once: those that were picked, or all of a month. Tells what became of each."""

from collections.abc import Sequence
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from billing.domain import month_end
from billing.domain.month_end import MOST, OtherListError, Outcome, Seen
from billing.views import invoice_words, invoices
from billing.views.invoice import this_person
from integrations.views import spoken
from portal.accounts.rules import requires
from portal.core import manner

_DO = {"final": month_end.finalise, "send": month_end.send}
_LISTS = {"final": month_end.to_finalise, "send": month_end.to_send}
_DONE = {"final": "final", "send": "sent"}


@requires("money.bill")
@require_POST
def picked(request: HttpRequest) -> HttpResponse:
    """Do it with those that were picked, as they were seen."""
    do = request.POST.get("do", "")
    if do not in _DO:
        raise Http404
    seen = [one for text in request.POST.getlist("picked") if (one := _seen(text))]
    if not seen:
        return invoices.page(request, refused="Pick at least one invoice.", status=422)
    return _outcomes(request, do, _DO[do](seen, by=this_person(request)), back="/invoices/")


def _seen(text: str) -> Seen | None:
    number, _, digest = text.partition(":")
    is_number = number.isascii() and number.isdigit() and len(number) <= 18
    return Seen(int(number), digest) if is_number else None


@requires("money.bill")
@require_POST
def whole_month(request: HttpRequest, key: str, do: str) -> HttpResponse:
    """Do it with all of a month, if its list is the one that the person saw."""
    if do not in _DO or not invoice_words.is_month(key):
        raise Http404
    seen = _LISTS[do](key)
    try:
        chosen = month_end.as_seen(seen, request.POST.get("digest", ""))
    except OtherListError as error:
        return invoices.page(request, refused=str(error), status=409)
    outcomes = _DO[do](chosen, by=this_person(request))
    return _outcomes(
        request, do, outcomes, back=f"/invoices/?month={key}", left=max(len(seen) - MOST, 0)
    )


def _outcomes(
    request: HttpRequest, do: str, outcomes: Sequence[Outcome], *, back: str, left: int = 0
) -> HttpResponse:
    refused = sum(bool(one.refused) for one in outcomes)
    context = {
        "title": _title(do, len(outcomes) - refused, len(outcomes)),
        "refused": spoken.counted(refused, "stayed as it was", "stayed as they were")
        if refused
        else "",
        "left": f"{manner.number(left)} more of this month are left: go back, and go on."
        if left
        else "",
        "back_url": back,
        "rows": [_row(one, do) for one in sorted(outcomes, key=lambda one: not one.refused)],
    }
    return render(request, "billing/invoices_done.html", context)


def _title(do: str, done: int, of: int) -> str:
    return f"{manner.number(done)} of {manner.number(of)} {_DONE[do]}"


def _row(one: Outcome, do: str) -> dict[str, Any]:
    invoice = one.invoice
    return {
        "url": f"/invoices/{invoice.pk}/",
        "name": invoice_words.name(invoice),
        "account": invoice.account.name,
        "month": invoice_words.month_name(invoice.month),
        "amount": invoice_words.money(invoice.due, invoice.currency),
        "shape": "bad" if one.refused else "good",
        "word": one.refused or _DONE[do],
    }
