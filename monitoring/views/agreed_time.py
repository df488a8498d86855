"""Time that does not count: what was asked, what was agreed, and asking for more."""

from collections.abc import Callable
from datetime import date
from functools import wraps
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from integrations.views import spoken
from integrations.views.filters import customer_filter
from monitoring import slo
from monitoring.domain import exclusions
from monitoring.domain.exclusions import NotAgreedError
from monitoring.models import Exclusion
from monitoring.promise_forms import ExclusionForm
from monitoring.views import addresses
from portal.accounts.rules import requires
from portal.core import clock, manner
from portal.customers.calendar import WEEKDAYS, as_time

SIZE = 100
ADDRESS = "/service-levels/agreed/"
_STATES = {
    Exclusion.State.ASKED: ("waiting", "waits for approval"),
    Exclusion.State.APPROVED: ("good", "agreed"),
    Exclusion.State.DECLINED: ("", "declined"),
}
_NTH = {1: "first", 2: "second", 3: "third", 4: "fourth", -1: "last"}
Verb = Callable[[HttpRequest, int], str]


@requires("promises.view")
def agreed(request: HttpRequest) -> HttpResponse:
    return _page(request)


@requires("promises.ask")
@require_POST
def ask(request: HttpRequest) -> HttpResponse:
    """Ask that a time does not count; somebody else has to agree."""
    form = ExclusionForm(request.POST)
    if not form.is_valid():
        return _page(request, form=form)
    try:
        exclusions.ask(form.row, person=request.user)
    except (slo.ExclusionError, NotAgreedError) as error:
        return _page(request, form=form, refused=str(error))
    messages.success(request, "Asked. It does not count once somebody else agrees")
    return redirect(ADDRESS)


def _verb(verb: Verb) -> Callable[[HttpRequest, int], HttpResponse]:
    """Do it and say so; or show the page with the reason why not."""

    @require_POST
    @wraps(verb)
    def view(request: HttpRequest, pk: int) -> HttpResponse:
        if not Exclusion.objects.filter(pk=pk).exists():
            raise Http404
        try:
            said = verb(request, pk)
        except NotAgreedError as error:
            return _page(request, refused=str(error), status=409)
        messages.success(request, said)
        return redirect(ADDRESS)

    return view


@requires("promises.edit")
@_verb
def approve(request: HttpRequest, pk: int) -> str:
    exclusions.approve(pk, person=request.user)
    return "Agreed: it does not count, and what it changes is measured again"


@requires("promises.edit")
@_verb
def decline(request: HttpRequest, pk: int) -> str:
    exclusions.decline(pk, reason=request.POST.get("reason", ""), person=request.user)
    return "Declined: it counts as ever"


@requires("promises.edit")
@_verb
def end(request: HttpRequest, pk: int) -> str:
    exclusions.end(pk, person=request.user)
    return "Ended: it comes for the last time today"


def _page(
    request: HttpRequest,
    *,
    form: ExclusionForm | None = None,
    refused: str = "",
    status: int = 422,
) -> HttpResponse:
    person: Any = request.user
    select, customer = customer_filter(request)
    found = Exclusion.objects.select_related("customer")
    if customer:
        found = found.filter(customer=customer)
    before = addresses.number(request.GET, "before")
    rows = list((found.filter(pk__lt=before) if before else found)[: SIZE + 1])
    older = addresses.with_values(request, before=str(rows[SIZE - 1].pk)) if rows[SIZE:] else ""
    context = {
        "filters": [select],
        "clear_url": request.path if customer else "",
        "rows": [_row(row, person) for row in rows[:SIZE]],
        "form": form or ExclusionForm(),
        "refused": refused,
        "may_ask": person.may("promises.ask"),
        "empty": None if rows else {"text": "All time counts: nothing else was agreed.", "action": None},
        "pager": {"shown": spoken.counted(len(rows[:SIZE]), "time"), "older_url": older},
    }  # fmt: skip
    status = status if form or refused else 200
    return render(request, "monitoring/agreed_time.html", context, status=status)


def _row(row: Exclusion, person: Any) -> dict[str, Any]:
    shape, word = _STATES[Exclusion.State(row.state)]
    asked = row.state == Exclusion.State.ASKED
    may = person.may("promises.edit")
    today = clock.now().date().isoformat()
    last = (row.recurs or {}).get("until") or "9999"
    runs = row.state == Exclusion.State.APPROVED and bool(row.recurs) and last > today
    return {
        "pk": row.pk,
        "text": row.text,
        "customer": row.customer.name,
        "about": slo.SLIS[row.sli].unit if row.sli else "all promises",
        "kind": row.get_kind_display(),
        "when": when(row.begins_at, row.ends_at, row.recurs, zone=row.customer.time_zone),
        "state": {"shape": shape, "word": word},
        "asked": f"{row.asked_name}, {spoken.moment(row.asked_at)}",
        "decided": f"{row.decided_name}, {spoken.moment(row.decided_at)}" if row.decided_at else "",
        "reason": row.reason,
        "may_approve": may and asked and row.asked_by_id != person.pk,
        "may_decline": may and asked,
        "may_end": may and runs,
    }


def when(begins: Any, ends: Any, recurs: dict[str, Any] | None, *, zone: str) -> str:
    """`12 Apr, 02:00 to 02:40`, `every Sunday, 02:00 for 1 h`, in the zone it was agreed in."""
    if recurs:
        return _returns(recurs)
    first, last = (one.astimezone(ZoneInfo(zone)) for one in (begins, ends))
    same = first.date() == last.date()
    end = manner.time(last)
    until = end if same else f"{spoken.day(last.date())}, {end}"
    told = {"day": spoken.day(first.date()), "first": manner.time(first), "last": until}
    return gettext("%(day)s, %(first)s to %(last)s") % told


def _returns(recurs: dict[str, Any]) -> str:
    rule = exclusions.recurrence(recurs)
    if rule.day is not None:
        on = f"every month on day {rule.day}"
    elif rule.nth is not None:
        on = f"every {_NTH[rule.nth]} {WEEKDAYS[rule.weekday or 0]} of a month"
    else:
        on = f"every {WEEKDAYS[rule.weekday or 0]}"
    hours, minutes = divmod(rule.minutes, 60)
    length = (
        f"{hours} h {minutes:02}"
        if hours and minutes
        else f"{hours} h"
        if hours
        else f"{minutes} min"
    )
    until = (
        f", until {spoken.day(date.fromisoformat(recurs['until']))}" if recurs.get("until") else ""
    )
    return f"{on}, {as_time(rule.at)} for {length}, from {spoken.day(rule.since)}{until}"
