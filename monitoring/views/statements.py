"""The partner's list of monthly statements."""

from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext

from integrations.views import spoken
from integrations.views.filters import tabs, whose_filter
from monitoring.models import Statement
from monitoring.queries import statements as found_statements
from monitoring.statements import words
from monitoring.views import addresses
from portal.accounts.rules import requires
from portal.customers.models import Customer

TABS = (("", "All"), ("approve", "To approve"), ("draft", "Drafts"))
SIZE = 100


@requires("statements.view")
def statements(request: HttpRequest) -> HttpResponse:
    view = request.GET.get("view", "")
    select, whose = whose_filter(request)
    found = whose.of(_in_view(found_statements.listed(), view))
    rows, older = _newest(request, found)
    context = {
        "tabs": tabs(request, TABS, chosen=view),
        "filters": [select],
        "kept": addresses.kept(request, "view"),
        "clear_url": request.path if whose else "",
        "terms_url": _terms_url(request, whose.customer),
        "statements": [_row(one) for one in rows],
        "empty": None if rows else {"text": _nothing(view, whose.customer), "action": None},
        "pager": {"shown": spoken.counted(len(rows), "statement"), "older_url": older},
    }
    return render(request, "monitoring/statements.html", context)


def _terms_url(request: HttpRequest, customer: Customer | None) -> str:
    may: bool = request.user.may("statements.approve")  # type: ignore[union-attr]
    return f"/statements/terms/{customer.slug}/" if customer and may else ""


def _in_view(found: QuerySet[Statement], view: str) -> QuerySet[Statement]:
    if view == "approve":
        return found_statements.to_approve(found)
    return found.filter(state=Statement.State.DRAFT) if view == "draft" else found


def _newest(request: HttpRequest, found: QuerySet[Statement]) -> tuple[list[Statement], str]:
    """A page of statements, newest month first, and the address of the older ones."""
    before = request.GET.get("before", "")
    month, _, number = before.partition(".")
    if number.isdecimal():
        found = found.filter(period__lte=month[:7]).exclude(
            period=month[:7], pk__gte=int(number[:18])
        )
    rows = list(found[: SIZE + 1])
    last = rows[SIZE - 1] if rows[SIZE:] else None
    older = addresses.with_values(request, before=f"{last.period}.{last.pk}") if last else ""
    return rows[:SIZE], older


def _row(one: Any) -> dict[str, Any]:
    return {
        "url": f"/statements/{one.pk}/",
        "name": one.name,
        "customer": one.customer.name,
        "number": one.number,
        "state": state(one),
        "result": result(one.summary),
        "credit": _credit(one.summary),
        "hash": one.hash[:12],
        "sealed": spoken.moment(one.sealed_at),
        "remark": "a correction waits for approval" if one.correction_waits else "",
    }


def state(one: Any) -> dict[str, str]:
    """How far it is, as a shape and a word. `one` is a row of `queries.statements.listed`."""
    if not one.is_sealed:
        return {"shape": "due", "word": "draft"}
    if one.sent_at:
        return {"shape": "good", "word": f"sent {spoken.moment(one.sent_at)}"}
    if one.unsent_at:
        return {"shape": "bad", "word": f"not sent {spoken.moment(one.unsent_at)}"}
    if one.approved_at:
        return {"shape": "work", "word": f"approved {spoken.moment(one.approved_at)}"}
    return {"shape": "waiting", "word": "waits for approval"}


def result(summary: dict[str, Any]) -> str:
    """`7 of 8 kept`"""
    if not summary.get("of"):
        return gettext("nothing measured")
    told = {"kept": summary["kept"], "all": summary["of"]}
    return gettext("%(kept)s of %(all)s kept") % told


def _credit(summary: dict[str, Any]) -> str:
    percent = Decimal(summary.get("percent", "0"))
    if not percent:
        return "none"
    if summary.get("amount") is None:
        return f"{words.plain_number(percent)} % of the fee"
    return words.money(Decimal(summary["amount"]), summary["currency"])


def _nothing(view: str, customer: Customer | None) -> str:
    if view == "approve":
        return "No statement waits for approval."
    if view == "draft":
        return "No draft. One is made once a month is over, and sealed on the first business day after."
    if customer:
        return f"{customer.name} has no statement yet. The first is made once their first month is over."
    return "There is no statement yet. Each customer gets one once a month is over."
