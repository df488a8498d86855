"""Change requests: the list."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from integrations.models import ChangeRequest
from integrations.views import addresses, change_words, spoken
from integrations.views.filters import customer_filter, tabs
from portal.accounts.rules import requires

TABS = (("", "Open"), ("asked", "For approval"), ("live", "Live"), ("all", "All"))
State = ChangeRequest.State
SIZE = 100


@requires("changes.view")
def changes(request: HttpRequest) -> HttpResponse:
    view = request.GET.get("view", "")
    select, customer = customer_filter(request)
    found = _in_view(ChangeRequest.objects.select_related("customer", "version"), view)
    if customer:
        found = found.filter(customer=customer)
    rows, older = _newest(request, found)
    context = {
        "tabs": tabs(request, TABS, chosen=view),
        "filters": [select],
        "kept": addresses.kept(request, "view"),
        "clear_url": request.path if customer else "",
        "changes": [_row(change) for change in rows],
        "may_set_policy": request.user.may("people.manage"),  # type: ignore[union-attr]
        "empty": None if rows else {"text": _nothing(view, bool(customer)), "action": None},
        "pager": {"shown": f"{len(rows)} changes", "older_url": older},
    }
    return render(request, "integrations/changes.html", context)


def _newest(
    request: HttpRequest, found: QuerySet[ChangeRequest]
) -> tuple[list[ChangeRequest], str]:
    """A page of changes, and the address of the older ones."""
    before = request.GET.get("before", "")
    if before.isdecimal():
        found = found.filter(pk__lt=int(before[:18]))
    rows = list(found[: SIZE + 1])
    older = addresses.with_values(request, before=str(rows[SIZE - 1].pk)) if rows[SIZE:] else ""
    return rows[:SIZE], older


def _in_view(found: QuerySet[ChangeRequest], view: str) -> QuerySet[ChangeRequest]:
    if view == "asked":
        return found.filter(state=State.ASKED)
    if view == "live":
        return found.filter(state__in=(State.LIVE, State.ROLLED_BACK))
    return found if view == "all" else found.filter(state__in=ChangeRequest.OPEN)


def _nothing(view: str, filtered: bool) -> str:
    if filtered:
        return "No change of this customer is here."
    words = {
        "": "No change is on its way. One begins where its subject stands: at a mapping, a lookup,"
        " a flow or a contract.",
        "asked": "Nothing waits for approval.",
        "live": "No change has gone live yet.",
    }
    return words.get(view, "There is no change yet.")


def _row(change: ChangeRequest) -> dict[str, Any]:
    return {
        "id": str(change),
        "url": f"/changes/{change.pk}/",
        "title": change_words.title(change),
        "reason": change.reason,
        "customer": change.customer.name if change.customer else "all customers",
        "author": change.author_name,
        "state": change_words.state(change)._asdict(),
        "result": change_words.result(change)._asdict(),
        "at": spoken.moment(change.updated_at),
    }
