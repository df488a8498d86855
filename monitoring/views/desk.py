"""The queue of cases with a preview of the chosen one."""

from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from integrations.views import spoken
from monitoring.models import ExceptionCase
from monitoring.queries import choice as choices
from monitoring.queries import desk as queries
from monitoring.queries import pulse, saved
from monitoring.queries.choice import Choice
from monitoring.queries.desk import Page
from monitoring.queries.tally import tally
from monitoring.views import addresses, choosing, desk_bar, live
from monitoring.views.desk_rows import rows
from monitoring.views.preview import preview
from portal.accounts.rules import requires
from portal.core import manner

REST = "Waiting on others, the resolve clock is paused; or snoozed, and it goes on"
_FIRST_LOOK = "Nothing is held. Cases appear here when a document needs a person."
_NOTHING_LEFT = {
    "mine": "Nothing is yours. Take next gives you the most urgent free case.",
    "free": "Nothing is free: somebody has every case that is open.",
    "today": "No cut-off of today is in danger.",
    "back": "No cause has come back.",
    "waiting": "No case waits for anybody.",
    "snoozed": "No case is snoozed.",
    "s1": "Nothing of severity 1 is open.",
    "closed": "No case was closed today.",
}


@requires("desk.view")
def desk(request: HttpRequest) -> HttpResponse:
    """The page; its preview alone for a row that was reached in the list."""
    if request.headers.get("HX-Target") == "preview":
        return _preview_alone(request)
    choice, at, since = choosing.read(request.GET), choosing.moment(request.GET), pulse.since()
    person: Any = request.user
    wanted = choices.wanted(choice, person)
    page = _page(request, ExceptionCase.objects.filter(wanted), choice=choice, at=at)
    views = saved.of(person)
    counted = tally(person, matching=wanted, saved=choosing.conditions(views, person))
    chosen = _chosen(request, page.rows, at)
    shown = rows(request, page.rows, chosen=chosen.pk if chosen else None)
    first = page.rows[0].pk if page.rows and page.newer is None else None
    context = {
        **desk_bar.head(request, counted, views, choice=choice),
        **desk_bar.bar(request, choice),
        **_doing(request, matching=counted.matching),
        "currency": _currency(page.rows),
        "cases": [row for row in shown if row["to_work"]],
        "resting": [row for row in shown if not row["to_work"]],
        "rest_title": "" if choice.view == "closed" else REST,
        "empty": None if shown else _empty(request, choice),
        "preview": preview(request, chosen, is_first=chosen.pk == first) if chosen else None,
        "pager": _pager(request, page, at),
        "live": live.context(request, page, shown, at=at, since=since),
    }
    return render(request, "monitoring/desk.html", context)


def _preview_alone(request: HttpRequest) -> HttpResponse:
    at = choosing.moment(request.GET)
    wanted = choices.wanted(choosing.read(request.GET), request.user)
    order = queries.ordered(ExceptionCase.objects.filter(wanted), at=at)
    first = order.values_list("pk", flat=True).first()
    chosen = _chosen(request, [], at)
    shown = preview(request, chosen, is_first=chosen.pk == first) if chosen else None
    return render(request, "monitoring/desk_preview.html", {"preview": shown})


def _page(
    request: HttpRequest, cases: QuerySet[ExceptionCase], *, choice: Choice, at: datetime
) -> Page:
    found = queries.ordered(cases, at=at, by_end=choice.view == "closed")
    return queries.page(
        queries.with_names(found),
        before=choosing.place(request.GET, "before"),
        after=choosing.place(request.GET, "after"),
    )


def _pager(request: HttpRequest, page: Page, at: datetime) -> dict[str, str]:
    """Older pages go on in the order of the moment at which the first one was shown."""
    newer, older, stamp = str(page.newer or ""), str(page.older or ""), choosing.stamp(at)
    return {
        "shown": spoken.counted(len(page.rows), "case"),
        "newer_url": addresses.with_values(request, before=newer, case="", at=stamp)
        if newer
        else "",
        "older_url": addresses.with_values(request, after=older, case="", at=stamp)
        if older
        else "",
    }


def _doing(request: HttpRequest, *, matching: int) -> dict[str, Any]:
    """What a person who works here can do with the cases of this choice."""
    person: Any = request.user
    if not person.may("desk.work"):
        return {"take_next_url": "", "bulk_actions": []}
    query = choosing.written(request.GET)
    return {
        "take_next_url": f"/desk/take/?{query}" if query else "/desk/take/",
        "bulk_actions": desk_bar.bulk_actions(person),
        "bulk_query": query,
        "bulk_count": manner.number(matching),
    }


def _chosen(request: HttpRequest, shown: list[Any], at: datetime) -> Any:
    """The case in the address, wherever it stands now; else the first of the page."""
    number = addresses.number(request.GET, "case")
    if number is None:
        return shown[0] if shown else None
    found = next((case for case in shown if case.pk == number), None)
    return found or next(iter(queries.numbered([number], at=at)), None)


def _currency(rows: list[Any]) -> str:
    """The one currency of the page; of several, the column names none."""
    currencies = {case.currency for case in rows if case.at_risk}
    return currencies.pop() if len(currencies) == 1 else ""


def _empty(request: HttpRequest, choice: Choice) -> dict[str, Any]:
    """Nothing matches, nothing left of a view, nothing left, nothing yet: each in its own words."""
    if choice.narrows:
        clear = {"label": "Clear filters", "url": desk_bar.view_url(choice.view)}
        return {"text": "No case matches.", "action": clear}
    if choice.view in _NOTHING_LEFT:
        action = {"label": "See all open cases", "url": request.path}
        return {"text": _NOTHING_LEFT[choice.view], "action": action}
    last = queries.last_closed()
    if last is None:
        return {"text": _FIRST_LOOK, "action": None}
    text = f"Nothing is held. Last case closed {spoken.moment(last.closed_at)}."
    return {"text": text, "action": {"label": f"See {last.label}", "url": f"/cases/{last.pk}/"}}
