"""Promises and what came of them in words: shares, lengths of time, budgets, whose a miss was."""

from datetime import timedelta
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.utils.translation import gettext, gettext_noop

from integrations.views import spoken
from monitoring import slo
from monitoring.models import ObjectiveWindow
from monitoring.queries.kept import Kept
from monitoring.slo.title_words import title_said
from portal.core import clock, manner

NEAR: Final = 0.75
FEW: Final = 20
PARTIES: Final = {"us": "Us", "customer": "The customer", "third_party": "A third party"}
TO_CUSTOMERS: Final = {
    "us": gettext_noop("Us"),
    "customer": gettext_noop("You"),
    "third_party": gettext_noop("Others"),
}
_HUNDREDTH: Final = Decimal("0.01")
# What of a promise is measured, under its title.
_ABOUT: Final = {
    "cutoff": gettext_noop("released 30 min or more before it"),
    "freshness": gettext_noop("share of time"),
    "flow_availability": gettext_noop("5-minute slots"),
    "exception_acknowledge": gettext_noop("by severity, in support hours"),
    "exception_resolve": gettext_noop("by severity, in support hours"),
}


def to_customer(party: str) -> str:
    """Whose a miss was, to the customer."""
    return gettext(TO_CUSTOMERS[party])


def named_to_customer() -> dict[str, str]:
    """Every party, as `to_customer` names it."""
    return {party: to_customer(party) for party in TO_CUSTOMERS}


def title(promise: slo.Objective) -> str:
    """What is promised, in the customer's words and language."""
    return title_said(promise.title)


def percent(share: Decimal, *, against: Decimal | None = None) -> str:
    """`99.27 %`, rounded; but never up to a promise that was not kept."""
    exact = share * 100
    shown = exact.quantize(_HUNDREDTH, ROUND_HALF_UP)
    if against is not None and exact < against * 100 <= shown:
        shown = exact.quantize(_HUNDREDTH, ROUND_DOWN)
    return f"{shown} %".translate(manner.marks())


def target(share: Decimal) -> str:
    """A promised share with as many places as it has, and one at least: `99.0 %`, `99.95 %`."""
    exact = (share * 100).normalize()
    places = max(1, -int(exact.as_tuple().exponent))
    return f"{exact:.{places}f} %".translate(manner.marks())


def length(time: timedelta) -> str:
    """`22 s`, `4 min 50 s`, `1 h 26`."""
    seconds = int(time.total_seconds())
    if seconds < 60 or seconds >= 3600 or seconds % 60 == 0:
        return spoken.span(time)
    return f"{seconds // 60} min {seconds % 60} s"


def about(promise: slo.Objective) -> str:
    """`19 of 20 orders`, `share of time`."""
    if promise.sli.measure != "percentile":
        return gettext(_ABOUT.get(promise.sli.name, promise.sli.unit))
    ratio = Fraction(promise.target)
    told = {
        "part": ratio.numerator,
        "whole": ratio.denominator,
        "unit": gettext(promise.sli.unit),
    }
    return gettext("%(part)s of %(whole)s %(unit)s") % told


def promised(promise: slo.Objective) -> str:
    if promise.sli.measure == "percentile":
        return length(promise.limit)
    return gettext("none") if promise.target == 1 else target(promise.target)


def terms(promise: slo.Objective) -> str:
    """All that is promised: `95.0 % in 15 min`, `95.0 %: S1 in 30 min, S2 in 4 h`, `none`."""
    share = "none" if promise.target == 1 else target(promise.target)
    limits = [
        f"S{grade} in {length(limit)}" if grade else f"in {length(limit)}"
        for grade, limit in promise.limits.items()
    ]
    if not limits:
        return share
    return f"{share}: {', '.join(limits)}" if len(limits) > 1 else f"{share} {limits[0]}"


def delivered(kept: Kept) -> str:
    """A percentile as its time; few things as counts; else a share."""
    if not kept.total or kept.delivered is None:
        return ""
    if kept.promise.sli.measure == "percentile" and kept.percentile is not None:
        return length(kept.percentile)
    if kept.promise.sli.measure != "share" and kept.total < FEW:
        told = {"good": number(kept.total - kept.used), "all": number(kept.total)}
        return gettext("%(good)s of %(all)s") % told
    return percent(kept.delivered, against=kept.promise.target)


def beside(kept: Kept) -> str:
    """What stands beside `delivered` where others missed some, so that both figures are there: `100.00 %
    attributable`; with `99.27 % gross` before it where what was delivered is no share. Blank for neither."""
    if kept.gross is None or kept.attributable is None or kept.missed == kept.missed_us:
        return ""
    attributable = f"{percent(kept.attributable)} attributable"
    is_share = kept.promise.sli.measure != "percentile" and kept.promise.judged_by == "gross"
    return attributable if is_share else f"{percent(kept.gross)} gross, {attributable}"


def of_unit(count: Decimal, promise: slo.Objective) -> str:
    """`1 order`, `2.5 orders`."""
    unit = promise.sli.unit
    return f"{number(count)} {unit[:-1] if count == 1 else unit}"


def number(value: Decimal) -> str:
    """`1,906`, `2.4`."""
    return f"{value.quantize(Decimal('0.1')).normalize():,f}".translate(manner.marks())


def state(kept: Kept, *, over: bool = False) -> dict[str, str]:
    """Shape and word: missed, at risk, kept."""
    if kept.share < 0:
        return {"shape": "due", "word": gettext("nothing yet")}
    if kept.is_kept is False:
        return {"shape": "bad", "word": gettext("missed")}
    if kept.share >= NEAR and kept.used:
        return {
            "shape": "risk",
            "word": gettext("kept, barely") if over else gettext("at risk"),
        }
    return {"shape": "good", "word": gettext("kept") if over else gettext("kept so far")}


def budget(kept: Kept) -> dict[str, Any]:
    """{width, state, used, rest}: the bar of allowed misses and its words."""
    if kept.share < 0:
        return {"width": 0, "state": "", "is_over": False, "used": "", "rest": ""}
    found = state(kept)["shape"]
    return {
        "width": round(min(kept.share, 1) * 100),
        "state": {"bad": "bad", "risk": "warn"}.get(found, ""),
        "is_over": kept.share >= ObjectiveWindow.ENDLESS,
        "used": gettext("over")
        if kept.share >= ObjectiveWindow.ENDLESS
        else f"{kept.share * 100:.0f} %",
        "rest": _rest(kept),
    }


def _rest(kept: Kept) -> str:
    promise, unit = kept.promise, kept.promise.sli.unit
    if promise.method == "RatioTimeslices":
        share = kept.used / kept.total * 100
        may = (1 - promise.target) * 100
        told = {"used": share.quantize(_HUNDREDTH), "may": f"{may.normalize():f}"}
        return (gettext("%(used)s of %(may)s %% of time") % told).translate(manner.marks())
    counted = {"used": number(kept.used), "may": number(kept.allowed), "unit": gettext(unit)}
    counts = gettext("%(used)s of %(may)s %(unit)s") % counted
    if promise.sli.by_time:
        return counts
    return gettext("%(counts)s (%(all)s in all)") % {"counts": counts, "all": number(kept.total)}


def burn(share: float | None) -> str:
    """`1.4×`"""
    return gettext("endless") if share is None else f"{share:.1f}×"


def window(kept: Kept | slo.Interval, zone: str) -> str:
    """`April`, `April 2025`, `2 Mar to 8 Mar`."""
    first = kept.begins.astimezone(ZoneInfo(zone))
    last = (kept.ends - timedelta(microseconds=1)).astimezone(ZoneInfo(zone))
    if first.day == 1 and (first.year, first.month) == (last.year, last.month):
        this_year = clock.now().astimezone(ZoneInfo(zone)).year
        return manner.month(first.date(), with_year=first.year != this_year)
    told = {"first": spoken.day(first.date()), "last": spoken.day(last.date())}
    return gettext("%(first)s to %(last)s") % told


def choices(kind: slo.TimeWindow, zone: str) -> dict[str, str]:
    """From when on a change may hold: the running window or the next, by name."""
    running = kind.of(clock.now())
    following = kind.of(running.ends)
    first = following.begins.astimezone(ZoneInfo(zone))
    return {
        "next": f"{window(following, zone)} on, from {first:%-d %b}",
        "running": f"{window(running, zone)}, the month that runs",
    }


def cause(one: dict[str, Any]) -> str:
    """What a miss came from; where nobody held it up, it was us."""
    return one["reason"] or gettext("It took us longer than promised")


# The lines of a comparison: name in `of_result`, and what stands before them.
RESULT_LINES: Final = (
    ("promised", "Promised"),
    ("delivered", "Delivered"),
    ("gross", "Gross"),
    ("attributable", "Attributable to us"),
    ("missed", "Missed"),
    ("allowed", "Allowed misses"),
    ("used", "Used of them"),
    ("burn", "Burn rate"),
    ("verdict", "Promise"),
)


def of_result(result: slo.Result) -> dict[str, str]:
    """A result in the words of `RESULT_LINES`."""
    promise, unit = result.objective, result.objective.sli.unit
    if not result.total or result.gross is None or result.attributable is None:
        return dict.fromkeys((name for name, _ in RESULT_LINES), "nothing yet")
    budget, middle = result.budget, result.percentile
    limits = ", ".join(length(limit) for limit in promise.limits.values())
    share = budget.share
    return {
        "promised": target(promise.target) + (f" within {limits}" if limits else ""),
        "delivered": _share(result.gross)
        if middle is None or not _is_percentile(result)
        else length(middle),
        "gross": _share(result.gross),
        "attributable": _share(result.attributable),
        "missed": f"{_count(result.counted_misses)} of {_count(result.total)} {unit}",
        "allowed": _count(budget.allowed),
        "used": "more than any" if share is None else f"{float(share):.0%}".replace("%", " %"),
        "burn": burn(None if result.burn is None else float(result.burn)),
        "verdict": "kept" if result.kept else "missed",
    }


def _is_percentile(result: slo.Result) -> bool:
    return result.objective.sli.measure == "percentile"


def _share(share: Fraction) -> str:
    return percent(Decimal(share.numerator) / Decimal(share.denominator))


def _count(value: Fraction) -> str:
    return number(Decimal(value.numerator) / Decimal(value.denominator))
