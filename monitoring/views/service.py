"""What a customer was promised and what came of it, in their words, as they may read it themselves.

Runs under the customer's database role: everything comes from functions that give them their own rows.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language, gettext, gettext_noop, ngettext

from integrations.views import spoken
from monitoring import slo
from monitoring.domain import exclusions
from monitoring.queries import kept, statements
from monitoring.queries.kept import Agreed, Day, Kept
from monitoring.views import agreed_time, promise_charts
from monitoring.views import promise_words as words
from portal.accounts.rules import requires
from portal.core import clock
from portal.core.manner import number
from portal.customers.models import Customer

PLANNED_AHEAD = timedelta(days=31)
_MOST_WHY = 20
_MOST_MONTHS = 13
_MOST_BEFORE = 6
_NOTHING = gettext_noop("Nothing to measure yet. Figures stand here from your first orders on.")


@requires("own.service")
def service(request: HttpRequest) -> HttpResponse:
    person: Any = request.user
    customer = Customer.objects.get(pk=person.customer_id)
    windows = [one for one in kept.own_windows() if one.measured_at]
    months = sorted({_month(one, customer) for one in windows}, reverse=True)[:_MOST_MONTHS]
    chosen = _chosen(request.GET.get("month", ""), months)
    promises = [one for one in windows if chosen and _month(one, customer) == chosen]
    ranked = sorted((one for one in promises if one.total), key=lambda one: -one.share)
    over = bool(ranked) and ranked[0].ends <= clock.now()
    days = _days(ranked, customer)
    missed = [one for one in ranked if one.is_kept is False]
    context = {
        "headline": _headline(ranked, missed, over=over, zone=customer.time_zone),
        "lead": _lead(missed, days) if ranked else "",
        "months": [_option(month, chosen, windows, customer) for month in months],
        "rows": [{**row(one, over=over), "before": _before(one, windows, customer)} for one in ranked],
        "sealed": _sealed(customer, chosen),
        "missed": _missed_days(missed, days, customer) if missed else None,
        "parts": _parts(ranked),
        "why": _why(ranked, days),
        "planned": planned(customer),
        "as_of": spoken.moment(max((one.measured_at for one in ranked if one.measured_at), default=None)),
        "excused": _excused(ranked),
        "empty": None if ranked else gettext(_NOTHING),
    }  # fmt: skip
    return render(request, "customer/service.html", context)


def _month(one: Kept, customer: Customer) -> date:
    return one.begins.astimezone(ZoneInfo(customer.time_zone)).date()


def _chosen(text: str, months: Sequence[date]) -> date | None:
    return next(
        (month for month in months if month.isoformat() == text), months[0] if months else None
    )


def _sealed(customer: Customer, month: date | None) -> dict[str, str] | None:
    """The sealed statement of the month, once its customer may see it."""
    found = statements.own(customer.pk).filter(period=f"{month:%Y-%m}").first() if month else None
    if found is None:
        return None
    at = spoken.moment(found.sealed_at)
    return {"at": at, "url": f"/service/statements/{found.period}/"}


def _option(
    month: date, chosen: date | None, windows: Sequence[Kept], customer: Customer
) -> dict[str, Any]:
    one = next(one for one in windows if _month(one, customer) == month)
    label = words.window(one, customer.time_zone)
    return {"value": month.isoformat(), "label": label, "chosen": month == chosen}


def _headline(ranked: Sequence[Kept], missed: Sequence[Kept], *, over: bool, zone: str) -> str:
    if not ranked:
        return gettext("Nothing to measure yet")
    told = {
        "month": words.window(ranked[0], zone),
        "kept": len(ranked) - len(missed),
        "all": len(ranked),
    }
    if missed:
        kept_some = (
            gettext("In %(month)s we kept %(kept)s of %(all)s promises")
            if over
            else gettext("So far in %(month)s we kept %(kept)s of %(all)s promises")
        )
        return kept_some % told
    kept_all = (
        ngettext(
            "In %(month)s we kept our promise",
            "In %(month)s we kept all %(all)s promises",
            len(ranked),
        )
        if over
        else ngettext(
            "So far in %(month)s we kept our promise",
            "So far in %(month)s we kept all %(all)s promises",
            len(ranked),
        )
    )
    return kept_all % told


def _lead(missed: Sequence[Kept], days: dict[int, list[Day]]) -> str:
    if not missed:
        return gettext("Every miss that happened is within what was allowed.")
    worst = missed[0]
    bad = [day for day in days.get(worst.objective_id, []) if _broke(day, worst)]
    ours = sum(1 for day in bad if day.missed_us)
    title = _small(words.title(worst.promise))
    if not bad:
        return gettext("Missed: %(title)s.") % {"title": title}
    text = ngettext(
        "Missed: %(title)s, on %(days)s day.", "Missed: %(title)s, on %(days)s days.", len(bad)
    ) % {"title": title, "days": number(len(bad))}
    return f"{text} {_whose(ours, of=len(bad)) if len(bad) > 1 else _one(ours)}"


def _whose(ours: int, *, of: int) -> str:
    if not ours:
        return gettext("None of them was ours.")
    if ours == 1:
        return gettext("One of them was ours.")
    if ours == of:
        return gettext("All of them were ours.")
    return gettext("%(ours)s of them were ours.") % {"ours": ours}


def _one(ours: int) -> str:
    return gettext("It was ours.") if ours else gettext("It was not ours.")


def _broke(day: Day, one: Kept) -> bool:
    return bool(day.total) and 1 - day.used / day.total < one.promise.target


def _small(title: str) -> str:
    """In the middle of a sentence; German keeps its capitals."""
    return title if get_language() == "de" else f"{title[0].lower()}{title[1:]}"


def row(one: Kept, *, over: bool) -> dict[str, Any]:
    """One promise as `customer/promise_row.html` shows it."""
    is_percentile = one.promise.sli.measure == "percentile" and one.is_kept
    return {
        "title": words.title(one.promise),
        "about": words.about(one.promise),
        "state": words.state(one, over=over),
        "promised": words.promised(one.promise),
        "delivered": words.delivered(one),
        "budget": words.budget(one),
        "slowest": words.length(one.slowest) if is_percentile and one.slowest else "",
    }


def _before(one: Kept, windows: Sequence[Kept], customer: Customer) -> dict[str, Any] | None:
    """The windows up to this one, as a line."""
    same = [w for w in windows if w.promise.sli == one.promise.sli and w.begins <= one.begins]
    return promise_charts.before(same[-_MOST_BEFORE:], zone=customer.time_zone)


def _days(ranked: Sequence[Kept], customer: Customer) -> dict[int, list[Day]]:
    if not ranked:
        return {}
    zone = ZoneInfo(customer.time_zone)
    first = min(one.begins for one in ranked).astimezone(zone).date()
    last = max(one.ends for one in ranked).astimezone(zone).date() - timedelta(days=1)
    return kept.own_days([one.objective_id for one in ranked], first, last)


def _missed_days(
    missed: Sequence[Kept], days: dict[int, list[Day]], customer: Customer
) -> dict[str, Any]:
    """Of the worst of those that were missed."""
    one = missed[0]
    return {
        "which": gettext("The one we missed")
        if len(missed) == 1
        else gettext("What we missed most"),
        "title": _small(words.title(one.promise)),
        "chart": promise_charts.by_day(
            days.get(one.objective_id, []), one.promise, zone=customer.time_zone
        ),
    }


def _parts(ranked: Sequence[Kept]) -> list[dict[str, Any]]:
    """Of the worst promise: different units do not add up."""
    worst = next((one for one in ranked if one.missed), None)
    return promise_charts.whose(worst, words.named_to_customer()) if worst else []


def _why(ranked: Sequence[Kept], days: dict[int, list[Day]]) -> list[dict[str, str]]:
    """Of days on which a promise was broken, or about which something was written, what came of what.
    Days of one cause stand together."""
    found: dict[tuple[str, str, str, str], list[date]] = {}
    for one in ranked:
        for day in days.get(one.objective_id, []):
            if day.causes and (_broke(day, one) or day.remark):
                cause = day.causes[0]
                key = (words.title(one.promise), cause["party"], words.cause(cause), day.remark)
                found.setdefault(key, []).append(day.day)
    newest = sorted(found.items(), key=lambda entry: entry[1][-1], reverse=True)
    return [
        {
            "day": _days_words(on),
            "who": words.to_customer(party),
            "text": text,
            "promise": title,
            "done": remark,
        }
        for (title, party, text, remark), on in newest[:_MOST_WHY]
    ]


def _days_words(on: Sequence[date]) -> str:
    if len(on) == 1:
        return spoken.day(on[0])
    told = {"days": len(on), "first": spoken.day(on[0]), "last": spoken.day(on[-1])}
    return gettext("%(days)s days, %(first)s to %(last)s") % told


def planned(customer: Customer) -> list[dict[str, str]]:
    """The work that was agreed with the customer for the next month: {when, text}, its first time and when
    it returns."""
    now = clock.now()
    ahead = slo.Interval(now, now + PLANNED_AHEAD)
    coming = [
        (times, one.text)
        for one in kept.own_agreed()
        if (times := [time for time in _times(one, ahead) if time[1] > now])
    ]
    zone = customer.time_zone
    return [
        {
            "when": agreed_time.when(*times[0], None, zone=zone),
            "text": f"{text}{_again(times[1:], zone)}",
        }
        for times, text in sorted(coming)[:5]
    ]


def _again(times: Sequence[tuple[datetime, datetime]], zone: str) -> str:
    """`, again on 13 Dec and 20 Dec`."""
    days = [spoken.day(begins.astimezone(ZoneInfo(zone)).date()) for begins, _ in times]
    if len(days) > 3:
        told = {"times": len(days), "last": days[-1]}
        return gettext(", %(times)s times more until %(last)s") % told
    return gettext(", again on %(days)s") % {"days": gettext(" and ").join(days)} if days else ""


def _times(one: Agreed, ahead: slo.Interval) -> list[tuple[datetime, datetime]]:
    if one.recurs:
        return [(time.begins, time.ends) for time in exclusions.recurrence(one.recurs).times(ahead)]
    if one.begins_at and one.ends_at and one.begins_at < ahead.ends:
        return [(one.begins_at, one.ends_at)]
    return []


def _excused(ranked: Sequence[Kept]) -> str:
    most = max((one.excused_minutes for one in ranked), default=0)
    return spoken.span(timedelta(minutes=most)) if most else ""
