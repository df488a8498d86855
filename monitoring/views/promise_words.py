"""Promises and what came of them in words: shares, lengths of time, budgets, whose a miss was."""

from datetime import timedelta
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any, Final
from zoneinfo import ZoneInfo

from integrations.views import spoken
from monitoring import slo
from monitoring.models import ObjectiveWindow
from monitoring.queries.kept import Kept
from portal.core import clock

NEAR: Final = 0.75
FEW: Final = 20
PARTIES: Final = {"us": "Us", "customer": "The customer", "third_party": "A third party"}
TO_CUSTOMERS: Final = {"us": "Us", "customer": "You", "third_party": "Others"}
_HUNDREDTH: Final = Decimal("0.01")
# What of a promise is measured, under its title.
_ABOUT: Final = {
    "cutoff": "released 30 min or more before it",
    "freshness": "share of time",
    "flow_availability": "5-minute slots",
    "exception_acknowledge": "by severity, in support hours",
    "exception_resolve": "by severity, in support hours",
}


def percent(share: Decimal, *, against: Decimal | None = None) -> str:
    """`99.27 %`, rounded; but never up to a promise that was not kept."""
    exact = share * 100
    shown = exact.quantize(_HUNDREDTH, ROUND_HALF_UP)
    if against is not None and exact < against * 100 <= shown:
        shown = exact.quantize(_HUNDREDTH, ROUND_DOWN)
    return f"{shown} %"


def target(share: Decimal) -> str:
    """A promised share with as many places as it has, and one at least: `99.0 %`, `99.95 %`."""
    exact = (share * 100).normalize()
    places = max(1, -int(exact.as_tuple().exponent))
    return f"{exact:.{places}f} %"


def length(time: timedelta) -> str:
    """`22 s`, `4 min 50 s`, `1 h 26`."""
    seconds = int(time.total_seconds())
    if seconds < 60 or seconds >= 3600 or seconds % 60 == 0:
        return spoken.span(time)
    return f"{seconds // 60} min {seconds % 60} s"


def about(promise: slo.Objective) -> str:
    """`19 of 20 orders`, `share of time`."""
    if promise.sli.measure != "percentile":
        return _ABOUT.get(promise.sli.name, promise.sli.unit)
    ratio = Fraction(promise.target)
    return f"{ratio.numerator} of {ratio.denominator} {promise.sli.unit}"


def promised(promise: slo.Objective) -> str:
    if promise.sli.measure == "percentile":
        return length(promise.limit)
    return "none" if promise.target == 1 else target(promise.target)


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
        return f"{number(kept.total - kept.used)} of {number(kept.total)}"
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
    return f"{value.quantize(Decimal('0.1')).normalize():,f}"


def state(kept: Kept, *, over: bool = False) -> dict[str, str]:
    """Shape and word: missed, at risk, kept."""
    if kept.share < 0:
        return {"shape": "due", "word": "nothing yet"}
    if kept.is_kept is False:
        return {"shape": "bad", "word": "missed"}
    if kept.share >= NEAR and kept.used:
        return {"shape": "risk", "word": "kept, barely" if over else "at risk"}
    return {"shape": "good", "word": "kept" if over else "kept so far"}


def budget(kept: Kept) -> dict[str, Any]:
    """{width, state, used, rest}: the bar of allowed misses and its words."""
    if kept.share < 0:
        return {"width": 0, "state": "", "used": "", "rest": ""}
    found = state(kept)["shape"]
    return {
        "width": round(min(kept.share, 1) * 100),
        "state": {"bad": "bad", "risk": "warn"}.get(found, ""),
        "used": "over" if kept.share >= ObjectiveWindow.ENDLESS else f"{kept.share * 100:.0f} %",
        "rest": _rest(kept),
    }


def _rest(kept: Kept) -> str:
    promise, unit = kept.promise, kept.promise.sli.unit
    if promise.method == "RatioTimeslices":
        share = kept.used / kept.total * 100
        may = (1 - promise.target) * 100
        return f"{share.quantize(_HUNDREDTH)} of {may.normalize():f} % of time"
    counts = f"{number(kept.used)} of {number(kept.allowed)} {unit}"
    return counts if promise.sli.by_time else f"{counts} ({number(kept.total)} in all)"


def burn(share: float | None) -> str:
    """`1.4×`"""
    return "endless" if share is None else f"{share:.1f}×"


def window(kept: Kept | slo.Interval, zone: str) -> str:
    """`April`, `April 2025`, `2 Mar to 8 Mar`."""
    first = kept.begins.astimezone(ZoneInfo(zone))
    last = (kept.ends - timedelta(microseconds=1)).astimezone(ZoneInfo(zone))
    if first.day == 1 and (first.year, first.month) == (last.year, last.month):
        this_year = clock.now().astimezone(ZoneInfo(zone)).year
        return f"{first:%B}" if first.year == this_year else f"{first:%B %Y}"
    return f"{spoken.day(first.date())} to {spoken.day(last.date())}"


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
    return one["reason"] or "It took us longer than promised"


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
