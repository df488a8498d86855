"""A customer's own bills: those that were sent, and where this month is going.

Runs under the customer's database role, which reads only what is theirs.
"""

from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy, gettext_noop
from django.views.decorators.http import require_POST

from billing.domain import own_bills
from billing.domain.own_bills import NotABudgetError, NotOwnError
from billing.domain.projection import RULE, Projection, passed_said
from billing.models import Account, Invoice
from billing.queries import invoices as found_invoices
from billing.views import invoice_words
from integrations.views import spoken
from monitoring.views import addresses
from portal.accounts.rules import requires
from portal.core import clock
from portal.core.decimals import plain_number

SIZE = 36


class BudgetForm(forms.Form):
    """What they mean to spend a month; nothing for no budget."""

    budget = forms.DecimalField(
        label=gettext_lazy("You mean to spend at most"), required=False, max_digits=14, decimal_places=4,
        help_text=gettext_lazy(
            "A month. We tell you when it is reached; nothing is stopped. Empty: no budget."
        ),
    )  # fmt: skip


@requires("own.bills")
def bills(request: HttpRequest) -> HttpResponse:
    return page(request)


def page(
    request: HttpRequest, *, form: BudgetForm | None = None, status: int = 200
) -> HttpResponse:
    """The list; `form`: a budget that was not taken."""
    person: Any = request.user
    rows, older = _newest(request, own(person.customer_id))
    month = own_bills.month_so_far(person)
    context = {
        "bills": [row(one, today()) for one in rows],
        "empty": None if rows else {"text": gettext(_NOTHING), "action": None},
        "pager": {
            "shown": spoken.counted(len(rows), "bill"),
            "newer_url": addresses.with_values(request) if "before" in request.GET else "",
            "older_url": older,
        },
        "month": _month(month.account, month.projection) if month and month.projection else None,
        "account": month.account if month else None,
        "form": form or BudgetForm(initial={"budget": _plain(month.account) if month else None}),
    }
    return render(request, "billing/bills.html", context, status=status)


def today() -> date:
    """The day by the reader's clock."""
    return timezone.localtime(clock.now()).date()


_NOTHING = gettext_noop("There is no bill yet. You find each one here once it was sent to you.")


def own(customer_id: int | None) -> QuerySet[Invoice]:
    """What was sent to a customer, with what is left to pay of each."""
    return (
        found_invoices.listed()
        .select_related(None)
        .filter(shown_to=customer_id or 0)
        .order_by("-month", "-pk")
    )


def _newest(request: HttpRequest, found: QuerySet[Invoice]) -> tuple[list[Any], str]:
    key, _, number = request.GET.get("before", "").partition(".")
    if number.isascii() and number.isdigit():
        at = int(number[:18])
        found = found.filter(Q(month__lt=key[:7]) | Q(month=key[:7], pk__lt=at))
    rows = list(found[: SIZE + 1])
    last = rows[SIZE - 1] if rows[SIZE:] else None
    older = addresses.with_values(request, before=f"{last.month}.{last.pk}") if last else ""
    return rows[:SIZE], older


def row(one: Any, on: date) -> dict[str, Any]:
    """A bill as lists show it, with its state on a day."""
    return {
        "url": f"/bills/{one.pk}/",
        "name": f"{invoice_words.kind(one)} {one.number}",
        "month": invoice_words.month_name(one.month),
        "state": invoice_words.own_state(one, on),
        "amount": spoken.money(invoice_words.signed(one, one.total), one.currency),
        "left": spoken.money(one.left, one.currency) if one.left else "",
        "pdf_url": f"/bills/{one.pk}/bill.pdf",
    }


def _plain(account: Account) -> str | None:
    return plain_number(account.budget) if account.budget is not None else None


def _month(account: Account, projection: Projection) -> dict[str, Any]:
    budget = account.budget
    return {
        "name": invoice_words.month_name(projection.month),
        "so_far": spoken.money(projection.so_far, projection.currency),
        "end": spoken.money(projection.end, projection.currency),
        "passed": passed_said(projection),
        "rule": gettext(RULE),
        "budget": spoken.money(budget, projection.currency) if budget else "",
        "is_above": budget is not None and projection.so_far > budget,
        "will_be_above": budget is not None and projection.end > budget,
        "part": _part(projection.so_far, budget),
    }


def _part(so_far: Decimal, budget: Decimal | None) -> int | None:
    """How much of the budget is used, in percent up to 100."""
    if not budget:
        return None
    return int(min(max(so_far * 100 / budget, Decimal(0)), Decimal(100)))


@requires("own.bills")
@require_POST
def budget(request: HttpRequest) -> HttpResponse:
    """Set what they mean to spend a month."""
    form = BudgetForm(request.POST)
    if not form.is_valid():
        return page(request, form=form, status=422)
    try:
        account = own_bills.set_budget(request.user, form.cleaned_data["budget"])  # type: ignore[arg-type]
    except NotABudgetError as error:
        form.add_error("budget", str(error))
        return page(request, form=form, status=422)
    except NotOwnError:
        raise Http404 from None
    said = spoken.money(account.budget, account.currency)
    messages.success(
        request,
        gettext("Your budget is %(said)s a month") % {"said": said}
        if account.budget
        else gettext("You have no budget"),
    )
    return redirect("/bills/")
