"""The order of work: value at risk × chance to miss the deadline ÷ hours left.

The deadline is the first cut-off of what the case holds; without one, when its resolve clock runs out.
The chance is that of needing longer than what is left, where the middle case of its kind needs
`usual_minutes` from opening to its end: 2^(−left ÷ usual). What is late is missed for certain.
"""

from datetime import datetime
from typing import Any, Final

from django.db.models import FloatField, QuerySet
from django.db.models.expressions import RawSQL

from monitoring.models import ExceptionCase

# What stands in for a value where a case has none, by severity, in units of whatever currency.
STAND_IN: Final = {1: 1000, 2: 100, 3: 10, 4: 1}
LEAST_HOURS: Final = 0.25  # below a quarter of an hour, a minute more or less says nothing
NO_DEADLINE_HOURS: Final = 72.0

_CASE: Final = "monitoring_exceptioncase"
_STAND_IN: Final = " ".join(f"WHEN {s} THEN {value}" for s, value in STAND_IN.items())
_WORTH: Final = f"greatest({_CASE}.at_risk::float8, CASE {_CASE}.severity {_STAND_IN} ELSE 1 END)"
_LEFT: Final = (
    f"coalesce(extract(epoch FROM coalesce({_CASE}.cutoff_at, {_CASE}.resolve_due) - %s)::float8"
    f" / 3600, {NO_DEADLINE_HOURS})"
)
_CHANCE: Final = (
    f"CASE WHEN {_LEFT} <= 0 THEN 1 ELSE"
    f" power(0.5, least({_LEFT} * 60 / greatest({_CASE}.usual_minutes, 1), 60)) END"
)
_RANK: Final = f"({_WORTH} * {_CHANCE} / greatest({_LEFT}, {LEAST_HOURS}))"


def ranked(cases: QuerySet[ExceptionCase], *, at: datetime) -> QuerySet[ExceptionCase]:
    """The cases with `worth`, `chance` (0 to 1), `hours_left` and their `rank`, as of a moment."""
    return cases.annotate(
        worth=_float(_WORTH),
        hours_left=_float(_LEFT, at),
        chance=_float(_CHANCE, at, at),
        rank=_float(_RANK, at, at, at),
    )


def _float(text: str, *values: Any) -> RawSQL:
    # Our own text, with nothing of a request in it: values go as parameters.
    return RawSQL(text, values, output_field=FloatField())  # noqa: S611
