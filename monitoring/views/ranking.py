"""Why a case stands where it stands in the order of work, in numbers and in words."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from integrations.views import spoken
from monitoring.queries.urgency import LEAST_HOURS, NO_DEADLINE_HOURS, STAND_IN
from monitoring.views import words
from portal.core.manner import number


def figures(case: Any) -> str:
    """$148,210 × 92 % likely to miss ÷ 1.3 h left."""
    return f"{_worth(case)} × {_chance(case)} ÷ {_hours(case)}"


def sentence(case: Any) -> str:
    """$148,210 at risk, 92 % likely to miss the cut-off, 1.3 h left."""
    at_risk = f"{_worth(case)} at risk" if _has_value(case) else _worth(case)
    if not _has_deadline(case):
        return f"{at_risk}, no deadline"
    what = "the cut-off" if case.cutoff_at else "its resolve time"
    if case.hours_left <= 0:
        return f"{at_risk}, {what} passed {_span(case)} ago"
    return f"{at_risk}, {percent(case.chance)} likely to miss {what}, {_left(case)} left"


def _has_value(case: Any) -> bool:
    return float(case.at_risk) >= STAND_IN[case.severity]


def _has_deadline(case: Any) -> bool:
    return bool(case.cutoff_at or case.resolve_due)


def _worth(case: Any) -> str:
    if _has_value(case):
        return words.money(Decimal(round(case.at_risk)), case.currency).replace(".00", "")
    value = number(STAND_IN[case.severity])
    return f"{value} for S{case.severity}, standing in for a value"


def _chance(case: Any) -> str:
    return "100 %, it is late" if case.hours_left <= 0 else f"{percent(case.chance)} likely to miss"


def percent(share: float) -> str:
    """92 %; what is hardly anything is not nothing."""
    return "under 1 %" if 0 < share < 0.01 else f"{share * 100:.0f} %"


def _hours(case: Any) -> str:
    if not _has_deadline(case):
        return f"{NO_DEADLINE_HOURS:.0f} h, as it has no deadline"
    if case.hours_left < LEAST_HOURS:
        return f"{LEAST_HOURS} h, the least that counts"
    return f"{_left(case)} left"


def _left(case: Any) -> str:
    return f"{case.hours_left:.1f} h" if case.hours_left >= LEAST_HOURS else _span(case)


def _span(case: Any) -> str:
    return spoken.span(timedelta(hours=abs(case.hours_left)))
