"""One promise to one customer: its months, its days, and what was missed on one of them and by whom."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from integrations.views import spoken
from monitoring import slo
from monitoring.domain import measure, objectives
from monitoring.models import Objective, ObjectiveDay, ObjectiveWindow
from monitoring.queries import kept
from monitoring.views import missed, promise_charts
from monitoring.views import promise_words as words
from portal.accounts.rules import requires
from portal.core import clock
from portal.customers.models import Customer

_LONGEST_REMARK = 300
_YEARS = (1900, 2200)
_DECIMALS = {"us": "missed_us", "customer": "missed_customer", "third_party": "missed_third_party"}


class Shown(NamedTuple):
    """The promise, and the window of it that is looked at."""

    customer: Customer
    objective: Objective
    row: ObjectiveWindow | None
    window: slo.Interval


def load(slug: str, sli: str, month: str = "") -> Shown:
    """The promise in force in a window, that of now or of the day `month`; 404 for none."""
    customer = Customer.objects.filter(slug=slug).first()
    if customer is None:
        raise Http404
    at = _instant(month, customer)
    found = next((one for one in objectives.in_force(customer.pk, at) if one.sli == sli), None)
    if found is None:
        raise Http404
    window = found.promise.window.of(at)
    row = (
        ObjectiveWindow.objects.select_related("objective")
        .filter(objective=found, begins=window.begins)
        .first()
    )
    return Shown(customer, found, row, window)


def _instant(month: str, customer: Customer) -> datetime:
    """The middle of a day written 2026-03-01; now for none, and for what is no day."""
    try:
        day = date.fromisoformat(month)
        if not _YEARS[0] <= day.year <= _YEARS[1]:
            return clock.now()
        return datetime(day.year, day.month, day.day, 12, tzinfo=ZoneInfo(customer.time_zone))
    except (ValueError, OverflowError):
        return clock.now()


@requires("promises.view")
def service_level(request: HttpRequest, slug: str, sli: str) -> HttpResponse:
    shown = load(slug, sli, request.GET.get("month", ""))
    days = kept.days(shown.objective.pk, shown.window, shown.customer.time_zone)
    chosen = _chosen_day(request.GET.get("day", ""), days)
    counted = [one for one in days if one.total or one == chosen]
    context = {
        "customer": shown.customer,
        "address": f"/service-levels/{slug}/{sli}/",
        "title": shown.objective.promise.title,
        "promise": _promise(shown),
        "months": _months(shown),
        "figures": _figures(shown),
        "burning": _burning(shown.row),
        "parts": promise_charts.whose(kept.of_row(shown.row), words.PARTIES) if shown.row else [],
        "chart": promise_charts.by_day(
            days, shown.objective.promise, zone=shown.customer.time_zone
        ),
        "causes": _causes(shown),
        "days": [_day(one, chosen, shown) for one in counted],
        "quiet": len(days) - len(counted),
        "misses": _misses(shown, chosen) if chosen else None,
        "versions": _versions(shown),
        "may_edit": request.user.may("promises.edit"),  # type: ignore[union-attr]
        "may_remark": request.user.may("desk.work"),  # type: ignore[union-attr]
    }
    return render(request, "monitoring/service_level.html", context)


@requires("desk.work")
@require_POST
def remark(request: HttpRequest, slug: str, sli: str, day: str) -> HttpResponse:
    """What was done about a day's misses, for the customer to read; blank takes it back."""
    try:
        date.fromisoformat(day)
    except ValueError:
        raise Http404 from None
    shown = load(slug, sli, day)
    person: Any = request.user
    ObjectiveDay.objects.filter(objective=shown.objective, day=day).update(
        remark=request.POST.get("remark", "").strip()[:_LONGEST_REMARK],
        remark_by=person.name[:80],
    )
    return redirect(f"/service-levels/{slug}/{sli}/?month={day}&day={day}")


def _promise(shown: Shown) -> dict[str, Any]:
    promise = shown.objective.promise
    limits = {grade: words.length(limit) for grade, limit in promise.limits.items()}
    judged = (
        "misses of others count, too" if promise.judged_by == "gross" else "only our misses count"
    )
    return {
        "promised": words.promised(promise),
        "about": words.about(promise),
        "limits": ", ".join(
            f"S{grade} {text}" if grade else text for grade, text in limits.items()
        ),
        "clock": f"{promise.sli.begins} → {promise.sli.ends}",
        "judged": judged,
        "tier": shown.objective.tier,
        "version": shown.objective.version,
    }


def _months(shown: Shown) -> list[dict[str, Any]]:
    past = ObjectiveWindow.objects.filter(
        customer=shown.customer, objective__sli=shown.objective.sli, objective__promised=True
    )
    rows = past.select_related("objective").order_by("-begins")[:7]
    zone = ZoneInfo(shown.customer.time_zone)
    return [
        {
            "label": words.window(slo.Interval(row.begins, row.ends), shown.customer.time_zone),
            "url": f"?month={row.begins.astimezone(zone):%Y-%m-%d}",
            "count": words.delivered(kept.of_row(row)) or "nothing",
            "current": row.begins == shown.window.begins,
        }
        for row in rows
    ]


def _figures(shown: Shown) -> dict[str, Any] | None:
    if shown.row is None or shown.row.measured_at is None:
        return None
    found = kept.of_row(shown.row)
    over = shown.window.ends <= clock.now()
    return {
        "state": words.state(found, over=over),
        "delivered": words.delivered(found),
        "gross": words.percent(found.gross) if found.gross is not None else "",
        "attributable": words.percent(found.attributable) if found.attributable is not None else "",
        "budget": words.budget(found),
        "slowest": words.length(found.slowest) if found.slowest else "",
        "pending": found.pending,
        "excused": spoken.span(timedelta(minutes=found.excused_minutes))
        if found.excused_minutes
        else "",
        "as_of": spoken.moment(found.measured_at),
    }


def _burning(row: ObjectiveWindow | None) -> list[str]:
    policies = {policy.name: policy for policy in row.objective.promise.policies} if row else {}
    return [
        f"{words.burn(long)} as fast as allowed over {spoken.span(policies[name].long)},"
        f" {words.burn(short)} over the last {spoken.span(policies[name].short)}"
        for name, (long, short) in (row.burning if row else {}).items()
        if name in policies
    ]


def _causes(shown: Shown) -> list[dict[str, Any]]:
    promise = shown.objective.promise
    return [
        {
            "party": words.PARTIES[one["party"]],
            "text": words.cause(one),
            "amount": words.of_unit(Decimal(one["amount"]), promise),
            "last": spoken.moment(datetime.fromisoformat(one["last"])),
        }
        for one in (shown.row.causes if shown.row else [])
    ]


def _chosen_day(text: str, days: Sequence[ObjectiveDay]) -> ObjectiveDay | None:
    """The day that was asked for, else the last one with a miss."""
    by_day = {one.day.isoformat(): one for one in days}
    bad = [one for one in days if one.missed]
    return by_day.get(text) or (bad[-1] if bad else None)


def _day(one: ObjectiveDay, chosen: ObjectiveDay | None, shown: Shown) -> dict[str, Any]:
    share = 1 - one.used / one.total if one.total else None
    by_party = [getattr(one, name) for name in _DECIMALS.values()]
    return {
        "label": spoken.day(one.day),
        "url": f"?month={one.day}&day={one.day}#misses",
        "chosen": chosen is not None and one.day == chosen.day,
        "total": words.number(one.total),
        "good": "none" if share is None else words.percent(share),
        "broke": share is not None and share < shown.objective.promise.target,
        "missed": [words.number(value) if value else "" for value in by_party],
        "remark": one.remark,
    }


def _misses(shown: Shown, day: ObjectiveDay) -> dict[str, Any]:
    """What was missed on a day, from the evidence itself, with where each leads."""
    zone = shown.customer.time_zone
    at = datetime(day.day.year, day.day.month, day.day.day, 12, tzinfo=ZoneInfo(zone))
    window = slo.TimeWindow("d", zone=zone).of(at)
    found = measure.figures(shown.customer, shown.objective, window, now=clock.now())
    return {
        "day": spoken.day(day.day),
        "date": day.day.isoformat(),
        "remark": day.remark,
        "remark_by": day.remark_by,
        **missed.shown(found),
    }


def _versions(shown: Shown) -> list[dict[str, str]]:
    zone = ZoneInfo(shown.customer.time_zone)
    found = Objective.objects.filter(customer=shown.customer, sli=shown.objective.sli)
    return [
        {
            "at": f"v{one.version}, from {spoken.day(one.since.astimezone(zone).date())}",
            "text": f"{_terms(one)}. {one.why}" + (f" ({one.made_by})" if one.made_by else ""),
        }
        for one in found
    ]


def _terms(one: Objective) -> str:
    if not one.promised:
        return "Not promised any more"
    promise = one.promise
    limits = ", ".join(words.length(limit) for limit in promise.limits.values())
    return f"{words.target(promise.target)}" + (f" within {limits}" if limits else "")
