"""Who is billed: their plans, where their month is going, what they owe and what is missing."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from billing.domain import accounts as known
from billing.domain import projection
from billing.domain.final import today_of
from billing.domain.projection import RULE, Projection
from billing.domain.reckon import NotBillableError
from billing.domain.taxes import NoTaxError
from billing.models import Account
from billing.queries import accounts as found_accounts
from billing.queries import invoices as found_invoices
from billing.queries.accounts import SIZE
from billing.rating import TermsError, UsageError
from integrations.views import spoken
from integrations.views.filters import search
from monitoring.views import addresses
from portal.accounts.rules import requires

NOT_RECKONED = (NotBillableError, NoTaxError, TermsError, UsageError)


@requires("money.view")
def accounts(request: HttpRequest) -> HttpResponse:
    known.open_missing()
    today = today_of(known.entity())
    text = request.GET.get("q", "").strip()
    found = found_accounts.listed(today)
    if text:
        found = found.filter(name__icontains=text)
    after = addresses.number(request.GET, "after")
    rows = list((found_accounts.after(found, after) if after else found)[: SIZE + 1])
    older = addresses.with_values(request, after=str(rows[SIZE - 1].pk)) if rows[SIZE:] else ""
    rows = rows[:SIZE]
    missing = found_accounts.missing(rows, today)
    unpaid = found_invoices.open_of([one.pk for one in rows])
    person: Any = request.user
    context = {
        "accounts": [_row(one, missing[one.pk], unpaid.get(one.pk)) for one in rows],
        "rule": RULE,
        "search": search(request, "Find an account"),
        "clear_url": request.path if text else "",
        "may_set": person.may("money.bill"),
        "empty": None if rows else {"text": _nothing(text), "action": None},
        "pager": {"shown": spoken.counted(len(rows), "account"), "older_url": older},
    }
    return render(request, "billing/accounts.html", context)


def _row(one: Any, missing: list[str], unpaid: Any) -> dict[str, Any]:
    plans = [f"{each.version.plan.name} v{each.version.number}" for each in one.having]
    return {
        "url": f"/billing/{one.slug}/",
        "month_url": f"/billing/{one.slug}/month/",
        "name": one.name,
        "plans": ", ".join(plans),
        "currency": one.currency,
        "open": spoken.amount(unpaid, one.currency) if unpaid else "",
        "missing": ", ".join(missing),
    }


def _nothing(text: str) -> str:
    if text:
        return f"No account has {text} in its name."
    return "Nobody is billed yet. Every customer has an account as soon as there is one."


def load(slug: str) -> Account:
    """The account, or 404."""
    found = Account.objects.select_related("entity").filter(slug=slug).first()
    if found is None:
        raise Http404
    return found


@requires("money.view")
def month(request: HttpRequest, slug: str) -> HttpResponse:
    """Where the account's month is going: two cells of the list, asked for when their row is seen."""
    account = load(slug)
    found, why = reckoned(account)
    context = {
        "so_far": spoken.amount(found.so_far, account.currency) if found else "",
        "end": spoken.amount(found.end, account.currency) if found else "",
        "why": why,
    }
    return render(request, "billing/account_month.html", context)


def reckoned(account: Account) -> tuple[Projection | None, str]:
    """The running month, or why it cannot be reckoned."""
    try:
        return projection.project(account), ""
    except NOT_RECKONED as error:
        return None, str(error)
