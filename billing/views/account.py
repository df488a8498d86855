"""One account: plans, what is agreed with it alone, its month so far, and to whom its invoices go."""

from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from billing.domain import accounts as known
from billing.domain import credit, reckon
from billing.domain.final import today_of
from billing.domain.projection import RULE, passed_said
from billing.models import Account
from billing.plans.month import Month, month, month_after
from billing.queries import invoices as found_invoices
from billing.views import (
    account_agreed,
    account_forms,
    account_usage,
    invoice_shown,
    invoice_words,
)
from billing.views.accounts import NOT_RECKONED, load, reckoned
from integrations.views import spoken
from portal.accounts.rules import requires
from portal.core.decimals import plain_number

MOST_INVOICES = 12
MOST_MONTHS = 24
FORMS: dict[str, type[account_forms.AccountForm]] = {
    "subscribe": account_forms.SubscribeForm,
    "move": account_forms.MoveForm,
    "end": account_forms.EndForm,
    "discount": account_forms.DiscountForm,
    "charge-once": account_forms.OnceForm,
    "prepay": account_forms.PrepayForm,
    "cap": account_forms.CapForm,
    "watch": account_forms.WatchForm,
    "bill-to": account_forms.BillToForm,
}


@requires("money.view")
def account(request: HttpRequest, slug: str) -> HttpResponse:
    return page(request, load(slug))


def page(
    request: HttpRequest,
    one: Account,
    *,
    form: tuple[str, Any] | None = None,
    refused: str = "",
    status: int = 200,
) -> HttpResponse:
    """The page of one account. `form`: the action and the form that was not taken; `refused`: why the last
    action was not done."""
    person: Any = request.user
    today = today_of(one.entity)
    may = {"agree": person.may("money.prices"), "bill": person.may("money.bill")}
    context = {
        "account": one,
        "address": f"/billing/{one.slug}/",
        "refused": refused,
        "may": may,
        "month": _month(one),
        "open_months": [
            {"url": f"/billing/{one.slug}/preview/{of.key}/", "name": f"{of.begins:%B %Y}"}
            for of in open_months(one)
        ],
        "plans": account_agreed.plans(one, today),
        "agreed": account_agreed.agreed(one),
        "once": account_agreed.once(one),
        "credits": _credits(one),
        "caps": account_agreed.caps(one),
        "usage": account_usage.so_far(one),
        "amendments": account_usage.amendments(one),
        "invoices": _invoices(one, today),
        "forms": _forms(one, form) if any(may.values()) else {},
        "opened": form[0] if form else "",
    }
    return render(request, "billing/account.html", context, status=status)


def _forms(one: Account, given: tuple[str, Any] | None) -> dict[str, Any]:
    """By name with underscores, as templates can ask for them."""
    made = {
        name: kind(one, auto_id=f"{name}_%s", **_initial(name, one)) for name, kind in FORMS.items()
    }
    if given:
        made[given[0]] = given[1]
    return {name.replace("-", "_"): form for name, form in made.items()}


def _initial(name: str, one: Account) -> dict[str, Any]:
    """What stands in a form before anything is entered."""
    today = today_of(one.entity)
    starts: dict[str, Any] = {
        "subscribe": {"begins": today},
        "charge-once": {"day": today},
        "cap": {"begins": known.this_month(one)},
        "discount": {"begins": known.this_month(one)},
        "watch": {"budget": _plain(one.budget), "alert_at": ", ".join(map(str, one.alert_at))},
    }
    return {"initial": starts[name]} if name in starts else {}


def _plain(amount: Any) -> str | None:
    return plain_number(amount) if amount is not None else None


def _month(one: Account) -> dict[str, Any]:
    found, why = reckoned(one)
    unpaid = found_invoices.open_of([one.pk]).get(one.pk)
    budget = one.budget
    return {
        "why": why,
        "name": invoice_words.month_name(known.this_month(one)),
        "so_far": spoken.money(found.so_far, one.currency) if found else "",
        "end": spoken.money(found.end, one.currency) if found else "",
        "passed": passed_said(found) if found else "",
        "open": spoken.money(unpaid, one.currency) if unpaid else "nothing",
        "budget": spoken.money(budget, one.currency) if budget else "",
        "will_be_above": bool(found and budget and found.end > budget),
        "rule": RULE,
    }


def open_months(one: Account) -> list[Month]:
    """The months that can be previewed: from the first open one to the running one."""
    at, last = month(one.open_from), month(known.this_month(one))
    found: list[Month] = []
    while at.key <= last.key and len(found) < MOST_MONTHS:
        found.append(at)
        at = month_after(at)
    return found


def _credits(one: Account) -> list[dict[str, Any]]:
    return [
        {
            "name": each.name,
            "kind": each.get_kind_display(),
            "amount": spoken.amount(each.amount, one.currency),
            "used": spoken.amount(each.used, one.currency),
            "left": spoken.amount(each.amount - each.used, one.currency),
            "expires": spoken.day(each.expires) if each.expires else "",
        }
        for each in credit.with_used(one)
    ]


def _invoices(one: Account, today: date) -> list[dict[str, Any]]:
    found: Any = found_invoices.listed().filter(account=one)[:MOST_INVOICES]
    return [
        {
            "url": f"/invoices/{each.pk}/",
            "name": invoice_words.name(each),
            "month": invoice_words.month_name(each.month),
            "state": invoice_words.state(each, today),
            "net": spoken.amount(invoice_words.signed(each, each.net), each.currency),
            "open": spoken.amount(each.left, each.currency) if each.left else "",
        }
        for each in found
    ]


@requires("money.view")
def preview(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """The invoice of an open month as it would be now; nothing is kept."""
    one = load(slug)
    if key not in {of.key for of in open_months(one)}:
        raise Http404
    context: dict[str, Any] = {
        "account": one,
        "address": f"/billing/{slug}/",
        "name": invoice_words.month_name(key),
        "months": [
            {"url": f"/billing/{slug}/preview/{of.key}/", "label": f"{of.begins:%b %Y}",
             "current": of.key == key, "count": None}
            for of in open_months(one)
        ],
        "gratis": None,
    }  # fmt: skip
    try:
        content = reckon.reckon(one, key).content
    except NOT_RECKONED as error:
        context["refused"] = str(error)
    else:
        context["sheet"] = invoice_shown.sheet(content, address="")
    return render(request, "billing/account_preview.html", context)
