"""The queue of cases with a preview of the chosen one."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from integrations.views import spoken
from integrations.views.filters import search
from monitoring.models import ExceptionCase
from monitoring.queries import desk as queries
from monitoring.queries.desk import Page, Totals
from monitoring.views import addresses, words
from monitoring.views.preview import preview
from portal.accounts.rules import requires

TABS = (("", "All open"), ("s1", "S1"), ("waiting", "Waiting"), ("closed", "Closed today"))
FILTERS = (("customer", "Customer"), ("cause", "Cause"), ("endpoint", "Endpoint"))


@requires("desk.view")
def desk(request: HttpRequest) -> HttpResponse:
    view, text = request.GET.get("view", ""), request.GET.get("q", "").strip()
    totals = queries.totals()
    page = _page(request, view, text)
    filtered = bool(text or any(request.GET.get(name) for name, _ in FILTERS))
    chosen = _chosen(request, page.rows)
    open_rows = [case for case in page.rows if case.state != ExceptionCase.State.WAITING]
    context = {
        "facts": _facts(totals),
        "tabs": _tabs(request, totals, view),
        "filters": _filters(request),
        "search": search(request, "Order, value, case"),
        "kept": addresses.kept(request, "view"),
        "clear_url": addresses.with_values(request, q="", customer="", cause="", endpoint="")
        if filtered
        else "",
        "currency": _currency(page.rows),
        "cases": [_row(request, case, chosen) for case in open_rows],
        "waiting": [_row(request, case, chosen) for case in page.rows if case not in open_rows],
        "empty": None if page.rows else _empty(request, view, filtered=filtered),
        "preview": preview(request, chosen) if chosen else None,
        "pager": addresses.pager(request, page, counted=spoken.counted(len(page.rows), "case")),
    }
    return render(request, "monitoring/desk.html", context)


def _page(request: HttpRequest, view: str, text: str) -> Page:
    cases = _filtered(request, queries.in_view(view))
    return queries.page(
        queries.matching(cases, text) if text else cases,
        before=addresses.number(request.GET, "before"),
        after=addresses.number(request.GET, "after"),
    )


def _filtered(request: HttpRequest, cases: QuerySet[ExceptionCase]) -> QuerySet[ExceptionCase]:
    columns = {"customer": "customer__slug", "cause": "code", "endpoint": "endpoint__slug"}
    wanted = {column: request.GET.get(name) for name, column in columns.items()}
    return cases.filter(**{column: value for column, value in wanted.items() if value})


def _chosen(request: HttpRequest, rows: list[ExceptionCase]) -> ExceptionCase | None:
    """The case in the address, wherever it stands now; else the first of the page."""
    number = addresses.number(request.GET, "case")
    if number is None:
        return rows[0] if rows else None
    found = next((case for case in rows if case.pk == number), None)
    cases = ExceptionCase.objects.select_related("customer", "endpoint")
    return found or cases.filter(pk=number).first()


def _facts(totals: Totals) -> list[dict[str, Any]]:
    if not totals.cases:
        return []
    facts: list[dict[str, Any]] = [
        {"value": f"{totals.cases:,}", "after": "open"},
        {"value": f"{totals.documents:,}", "after": "documents held"},
    ]
    facts += [
        {"value": words.money(amount, currency), "after": "at risk"}
        for currency, amount in totals.at_risk[:2]
    ]
    return [*facts, {"before": "oldest", "value": spoken.age(totals.oldest)}]


def _tabs(request: HttpRequest, totals: Totals, view: str) -> list[dict[str, Any]]:
    counts = {
        "": totals.cases,
        "s1": totals.severe,
        "waiting": totals.waiting,
        "closed": totals.closed_today,
    }
    return [
        {
            "label": label,
            "url": addresses.with_values(request, view=key, case=""),
            "count": counts[key],
            "current": key == view,
        }
        for key, label in TABS
    ]


def _filters(request: HttpRequest) -> list[dict[str, Any]]:
    """What the open cases have to choose from."""
    options: dict[str, dict[str, str]] = {name: {} for name, _ in FILTERS}
    for case in queries.filter_choices():
        options["customer"][case.customer.slug] = case.customer.name
        options["cause"][case.code] = case.code.replace("_", " ")
        options["endpoint"][case.endpoint.slug] = case.endpoint.label
    return [_select(request, name, label, options[name]) for name, label in FILTERS]


def _select(request: HttpRequest, name: str, label: str, options: dict[str, str]) -> dict[str, Any]:
    chosen = request.GET.get(name, "")
    shown = options if chosen in ("", *options) else {**options, chosen: chosen}
    return {
        "name": name,
        "label": label,
        "active": bool(chosen),
        "options": [
            {"value": value, "label": text, "chosen": value == chosen}
            for value, text in sorted(shown.items(), key=lambda option: option[1])
        ],
    }


def _currency(rows: list[ExceptionCase]) -> str:
    """The one currency of the page; of several, the column names none."""
    currencies = {case.currency for case in rows if case.at_risk}
    return currencies.pop() if len(currencies) == 1 else ""


def _row(request: HttpRequest, case: ExceptionCase, chosen: ExceptionCase | None) -> dict[str, Any]:
    return {
        "pk": case.pk,
        "id": case.label,
        "url": f"/cases/{case.pk}/",
        "select_url": addresses.with_values(request, here=True, case=str(case.pk)),
        "severity": words.severity(case),
        "cause": words.cause(case),
        "where": words.where(case),
        "documents": "endpoint" if case.is_of_endpoint else f"{case.documents:,}",
        "at_risk": words.amount(case.at_risk, case.currency),
        "currency": case.currency,
        "open_for": spoken.age(case.opened_at) if case.is_open else "",
        "last_seen": spoken.moment(case.last_seen_at if case.is_open else case.closed_at),
        "chosen": case == chosen,
        "gone": "" if case.is_open else case.resolution or case.get_state_display(),
    }


def _empty(request: HttpRequest, view: str, *, filtered: bool) -> dict[str, Any]:
    if filtered:
        return {
            "text": "No case matches.",
            "action": {"label": "Clear filters", "url": request.path},
        }
    if view == "closed":
        return {"text": "No case was closed today.", "action": None}
    if view:
        action = {"label": "See all open cases", "url": request.path}
        return {"text": "No such case is open.", "action": action}
    last = queries.last_closed()
    if last is None:
        text = "Nothing is held. Cases appear here when a document needs a person."
        return {"text": text, "action": None}
    text = f"Nothing is held. Last case closed {spoken.moment(last.closed_at)}."
    return {"text": text, "action": {"label": f"See {last.label}", "url": f"/cases/{last.pk}/"}}
