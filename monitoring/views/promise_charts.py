"""What came of a promise in pictures: a lollipop a day, and the windows before as a line in a row."""

from collections.abc import Sequence
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext, ngettext

from monitoring import slo
from monitoring.models import ObjectiveDay
from monitoring.queries.kept import Day, Kept
from monitoring.views import promise_words as words
from portal.core.charts.chart import Chart, Promise, Series
from portal.core.charts.proportions import Share, proportion
from portal.core.charts.shown import shown
from portal.core.charts.sparks import spark
from portal.core.charts.units import PERCENT

_DRAWN = {"us": "us", "customer": "customer", "third_party": "third"}


def by_day(
    days: Sequence[ObjectiveDay | Day], promise: slo.Objective, *, zone: str
) -> dict[str, Any]:
    """The share that was good on each day, for components/chart.html; days on which nothing was counted
    are left out."""
    points = [
        (one.day, round(float(100 * (1 - one.used / one.total)), 2)) for one in days if one.total
    ]
    broke = [value for _, value in points if value < float(promise.target * 100)]
    below = (
        ngettext(
            "Share of each day's %(unit)s that was good; below the promise on %(days)s day.",
            "Share of each day's %(unit)s that was good; below the promise on %(days)s days.",
            len(broke),
        )
        if broke
        else gettext("Share of each day's %(unit)s that was good; never below the promise.")
    )
    return shown(
        Chart(
            slug=f"days-{promise.sli.name.replace('_', '-')}",
            title=words.title(promise),
            sentence=below % {"unit": gettext(promise.sli.unit), "days": len(broke)},
            kind="lollipop",
            series=[Series(label=gettext("Good"), points=points)],
            unit=PERCENT,
            zone=ZoneInfo(zone),
            x_label=gettext("Day"),
            promise=Promise(value=float(promise.target * 100)),
            from_zero=False,
        )
    )


def before(past: Sequence[Kept], *, zone: str) -> dict[str, Any] | None:
    """The last windows as a line, the newest last; None for fewer than two with figures."""
    told = [one for one in past if one.total]
    if len(told) < 2:
        return None
    first, last = told[0], told[-1]
    return spark(
        [_value(one) for one in past],
        promise=_level(last),
        text=gettext("%(delivered)s in %(window)s, %(later)s in %(last)s")
        % {
            "delivered": words.delivered(first),
            "window": words.window(first, zone),
            "later": words.delivered(last),
            "last": words.window(last, zone),
        },
    )


def _value(one: Kept) -> float | None:
    if one.delivered is None:
        return None
    if one.promise.sli.measure == "percentile":
        return one.percentile.total_seconds() if one.percentile else None
    return float(100 * one.delivered)


def _level(one: Kept) -> Promise:
    if one.promise.sli.measure == "percentile":
        return Promise(value=one.promise.limit.total_seconds(), better="less")
    return Promise(value=float(100 * one.promise.target))


def whose(one: Kept, names: dict[str, str]) -> list[dict[str, Any]]:
    """Whose the misses were, for components/proportion.html; none for no misses."""
    amounts = {
        "third_party": one.missed_third_party, "us": one.missed_us, "customer": one.missed_customer
    }  # fmt: skip
    return proportion(
        [Share(names[party], amount, _DRAWN[party]) for party, amount in amounts.items()]  # type: ignore[arg-type]
    )
