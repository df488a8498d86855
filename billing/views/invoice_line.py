"""One line opened to the documents it bills, in the page or as a page of its own."""

from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext

from billing.domain import explaining
from billing.domain.explaining import Explained
from billing.invoices import words
from billing.queries.explained import Place
from billing.views import fact_words, invoice_words
from billing.views.invoice import load
from portal.accounts.rules import requires
from portal.tenants.current import is_platform


@requires("money.view")
def line(request: HttpRequest, pk: int, at: int) -> HttpResponse:
    one = load(pk)
    try:
        told = explaining.line(one, at, after=place(request))
    except explaining.NoLineError:
        raise Http404 from None
    crumbs = [
        {"label": "Invoices", "url": "/invoices/"},
        {"label": one.account.name, "url": f"/billing/{one.account.slug}/"},
        {"label": invoice_words.name(one), "url": f"/invoices/{pk}/"},
    ]
    context = {**shown(request, told, address=f"/invoices/{pk}/lines/{at}/"), "crumbs": crumbs}
    template = "documents" if in_place(request) else "line"
    return render(request, f"billing/invoice_{template}.html", context)


def in_place(request: HttpRequest) -> bool:
    """Whether only the documents are asked for, to stand below their line."""
    return request.headers.get("HX-Request") == "true"


def place(request: HttpRequest) -> Place | None:
    """After which document the page begins; None for the first page, and for what is no place."""
    day, _, number = request.GET.get("after", "").partition(".")
    if not (number.isascii() and number.isdigit() and len(number) <= 18):
        return None
    try:
        return Place(date.fromisoformat(day), int(number))
    except ValueError:
        return None


def shown(request: HttpRequest, told: Explained, *, address: str) -> dict[str, Any]:
    """A page of the documents of a line, for both sides."""
    rows = fact_words.rows(told, request.user)
    currency = told.content.currency
    return {
        "title": f"{told.line.name}, {words.service(told.line)}",
        "amount": words.money(told.line.amount, currency),
        "counted": words.counted(told.line),
        "steps": words.explained(told.line, currency),
        "rows": rows,
        "unit": words.units(None, told.metric.unit) if told.metric else "",
        "has_way": any(row["way"] for row in rows),
        "has_remark": any(row["remark"] for row in rows),
        "is_first": "after" not in request.GET,
        "more_url": f"{address}?after={told.next.day}.{told.next.id}" if told.next else "",
        "empty": _nothing(told, rows),
    }


def _nothing(told: Explained, rows: list[Any]) -> str:
    if rows:
        return ""
    if told.metric is None:
        return gettext("It is a fixed charge: no document is counted for it.")
    if is_platform():
        return gettext("Nothing was used.")
    return gettext("Nothing was used in these days.")
