"""The list of invoices, month by month: their states, their sums, and what may be done with a month."""

from datetime import timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from billing.domain import accounts, month_end
from billing.domain.final import today_of
from billing.models import Account, Invoice, InvoiceRun
from billing.plans.month import month, month_of
from billing.queries import invoices as found_invoices
from billing.queries.invoices import SIZE
from billing.views import groups, invoice_words, run
from integrations.views import spoken
from integrations.views.filters import GROUP, search
from monitoring.views import addresses
from portal.accounts.rules import requires
from portal.core import manner, panels

TABS = (
    ("", "All"), ("draft", "Drafts"), ("review", "In review"), ("final", "Final"), ("sent", "Sent"),
    ("overdue", "Overdue"), ("paid", "Paid"), ("disputed", "Disputed"), ("void", "Void"),
)  # fmt: skip
_MONTHS_TO_RUN = 12


@requires("money.view")
def invoices(request: HttpRequest) -> HttpResponse:
    return page(request)


def page(request: HttpRequest, *, refused: str = "", status: int = 200) -> HttpResponse:
    """The list as its address says; `refused`: why the last action was not done."""
    today = today_of(accounts.entity())
    view, text = request.GET.get("view", ""), request.GET.get("q", "").strip()
    months = found_invoices.months()
    selects, chosen = _filters(request, months)
    found = _found(chosen, text)
    views = found_invoices.views(today)
    inside = found.filter(views[view]) if view in views else found
    rows, older = _newest(request, inside)
    may_bill: bool = request.user.may("money.bill")  # type: ignore[union-attr]
    context = {
        "refused": refused,
        "tabs": _tabs(request, found_invoices.counts(found, today), view),
        "filters": selects,
        "search": search(request, "Find a number or a name"),
        "kept": addresses.kept(request, "view"),
        "clear_url": request.path if any(chosen.values()) or text else "",
        "invoices": [_row(one, today) for one in rows],
        "totals": [_total(one) for one in found_invoices.totals(inside)],
        "empty": None if rows else {"text": _nothing(view, chosen, text), "action": None},
        "pager": {"shown": spoken.counted(len(rows), "invoice"), "older_url": older},
        "may_bill": may_bill,
        "may_pick": may_bill and any(_action(one) for one in rows),
        "bulk": _bulk(),
        "to_run": _to_run(chosen["month"]),
        "month": _month(chosen["month"]) if chosen["month"] else None,
        "panels": panels.shown(request, run.PANELS, base="/invoices/run/"),
    }
    return render(request, "billing/invoices.html", context, status=status)


def _filters(
    request: HttpRequest, months: list[str]
) -> tuple[list[dict[str, Any]], dict[str, str]]:
    """The selects, and what is chosen in them; blank for what there is none of."""
    names = {key: invoice_words.month_name(key) for key in months}
    wanted = request.GET.get("month", "")
    if wanted not in names and invoice_words.is_month(wanted):
        names[wanted] = invoice_words.month_name(wanted)
    held = dict(Account.objects.order_by("name").values_list("slug", "name"))
    known = groups.known()
    asked = request.GET.get("account", "") or GROUP + request.GET.get("group", "")
    chosen = {
        "month": wanted if wanted in names else "",
        "account": asked if asked in held else "",
        "group": asked.removeprefix(GROUP) if asked.removeprefix(GROUP) in known else "",
    }
    accounts_select = _select("account", "Account", held, chosen["account"])
    if known:
        accounts_select["sections"] = [
            {"label": "Accounts", "options": accounts_select.pop("options")},
            groups.section(known, chosen=asked),
        ]
        accounts_select["active"] = bool(chosen["account"] or chosen["group"])
    return [_select("month", "Month", names, chosen["month"]), accounts_select], chosen


def _select(name: str, label: str, options: dict[str, str], chosen: str) -> dict[str, Any]:
    return {
        "name": name,
        "label": label,
        "active": bool(chosen),
        "options": [
            {"value": value, "label": said, "chosen": value == chosen}
            for value, said in options.items()
        ],
    }


def _found(chosen: dict[str, str], text: str) -> QuerySet[Invoice]:
    found = found_invoices.listed()
    if chosen["month"]:
        found = found.filter(month=chosen["month"])
    if chosen["account"]:
        found = found.filter(account__slug=chosen["account"])
    if chosen["group"]:
        found = groups.of_group(found, chosen["group"])
    if text:
        found = found.filter(Q(number__icontains=text) | Q(account__name__icontains=text))
    return found


def _newest(request: HttpRequest, found: QuerySet[Invoice]) -> tuple[list[Any], str]:
    """A page, newest month first, and the address of the older ones."""
    key, _, number = request.GET.get("before", "").partition(".")
    if number.isascii() and number.isdigit():
        at = int(number[:18])
        found = found.filter(Q(month__lt=key[:7]) | Q(month=key[:7], pk__lt=at))
    rows = list(found[: SIZE + 1])
    last = rows[SIZE - 1] if rows[SIZE:] else None
    older = addresses.with_values(request, before=f"{last.month}.{last.pk}") if last else ""
    return rows[:SIZE], older


def _tabs(request: HttpRequest, counts: dict[str, int], view: str) -> list[dict[str, Any]]:
    return [
        {
            "label": label,
            "url": addresses.with_values(request, view=name, before=""),
            "count": manner.number(counts[name]),
            "current": name == view,
        }
        for name, label in TABS
    ]


def _row(one: Any, today: Any) -> dict[str, Any]:
    return {
        "id": one.pk,
        "picked": f"{one.pk}:{one.hash}" if _action(one) else "",
        "url": f"/invoices/{one.pk}/",
        "name": invoice_words.name(one),
        "kind": "credit note" if one.kind == Invoice.Kind.CREDIT_NOTE else "",
        "account": one.account.name,
        "month": invoice_words.month_name(one.month),
        "state": invoice_words.state(one, today),
        "currency": one.currency,
        "net": spoken.amount(invoice_words.signed(one, one.net), one.currency),
        "open": spoken.amount(one.left, one.currency) if one.left else "",
        "due_on": spoken.day(one.due_on) if one.due_on and one.left else "",
    }


def _action(one: Invoice) -> str:
    """What can be done with it among others."""
    if one.state in Invoice.OPEN:
        return "final"
    return "send" if one.state == Invoice.State.FINAL else ""


def _total(one: Any) -> dict[str, str]:
    return {
        "currency": one.currency,
        "count": spoken.counted(one.documents, "document"),
        "net": spoken.amount(one.net, one.currency),
        "open": spoken.amount(one.open, one.currency),
    }


def _bulk() -> dict[str, Any]:
    return {
        "action": "/invoices/picked/",
        "actions": [
            {"label": "Make final", "name": "do", "value": "final", "key": ""},
            {"label": "Send", "name": "do", "value": "send", "key": ""},
        ],
    }


def _to_run(chosen: str) -> dict[str, Any]:
    """The months that may be run, the chosen one or the last one first, and whether a run is at work."""
    running = month(accounts.month_now())
    at, found = running, []
    for _ in range(_MONTHS_TO_RUN):
        at = _before(at)
        found.append({"value": at.key, "label": f"{at.begins:%B %Y}", "chosen": at.key == chosen})
    is_at_work = InvoiceRun.objects.filter(state=InvoiceRun.State.RUNNING).exists()
    return {"months": found, "is_at_work": is_at_work}


def _before(at: Any) -> Any:
    return month_of(at.begins - timedelta(days=1))


def _month(key: str) -> dict[str, Any]:
    """What may be done with the chosen month as one."""
    drafts, unsent = month_end.to_finalise(key), month_end.to_send(key)
    return {
        "name": invoice_words.month_name(key),
        "url": f"/invoices/months/{key}/",
        "drafts": len(drafts),
        "drafts_digest": month_end.digest_of(drafts),
        "unsent": len(unsent),
        "unsent_digest": month_end.digest_of(unsent),
    }


def _nothing(view: str, chosen: dict[str, str], text: str) -> str:
    if text:
        return f"No invoice has {text} in its number or its name."
    if view:
        label = dict(TABS).get(view, view).lower()
        return f"Nothing is under {label} here."
    if any(chosen.values()):
        return "There is no invoice here yet. Run the month to make its drafts."
    return "There is no invoice yet. Once a month is over, run it: every account gets a draft."
