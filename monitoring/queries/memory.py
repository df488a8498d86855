"""What helped before: every remedy that was applied, how often, and how long it took."""

import json
from collections.abc import Collection, Sequence
from datetime import timedelta
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import QuerySet

from monitoring import taxonomy
from monitoring.models import ExceptionCase, Fix
from portal.core import clock

_MOST = 5
_ENOUGH, _MEASURED_OVER = 5, timedelta(days=90)
_REMEMBERED = """
    SELECT f.remedy, f.terms, count(*) AS times, max(f.id) AS last,
        percentile_cont(0.5) WITHIN GROUP (
            ORDER BY extract(epoch FROM f.finished_at - coalesce(l.began_at, f.created_at))) AS seconds
    FROM monitoring_fix f
    JOIN monitoring_exceptioncase c ON c.number = f.case_id
    LEFT JOIN LATERAL (
        SELECT began_at FROM monitoring_lease WHERE case_id = f.case_id AND began_at <= f.finished_at
        AND person_id = f.person_id ORDER BY id DESC LIMIT 1) AS l ON true
    WHERE f.state = 'done' AND f.undone_at IS NULL AND {same}
    AND (f.case_id <> %(case)s OR %(until)s::timestamptz IS NULL OR f.finished_at < %(until)s)
    GROUP BY f.remedy, f.terms
    ORDER BY times DESC, last DESC
"""
_SAME_CAUSE = """EXISTS (SELECT 1 FROM monitoring_casecause k JOIN monitoring_casecause mine
    USING (fingerprint) WHERE k.case_id = f.case_id AND mine.case_id = %(case)s)"""
_SAME_KIND = """c.customer_id = %(customer)s AND c.code = %(code)s AND c.number <> %(case)s"""
_MINUTES = """
    SELECT c.code, percentile_cont(0.5) WITHIN GROUP (
        ORDER BY extract(epoch FROM f.finished_at - coalesce(l.began_at, f.created_at)) / 60), count(*)
    FROM monitoring_fix f
    JOIN monitoring_exceptioncase c ON c.number = f.case_id
    LEFT JOIN LATERAL (
        SELECT began_at FROM monitoring_lease WHERE case_id = f.case_id AND began_at <= f.finished_at
        AND person_id = f.person_id ORDER BY id DESC LIMIT 1) AS l ON true
    WHERE f.state = 'done' AND f.undone_at IS NULL AND f.rule_id IS NULL
    AND c.code = ANY(%(codes)s) AND f.finished_at >= %(since)s GROUP BY 1
"""


class Remembered(NamedTuple):
    """One remedy with its terms: how often it was applied, how long the middle one took."""

    remedy: str
    terms: dict[str, Any]
    times: int
    median: timedelta
    fix: Fix


class Memory(NamedTuple):
    """What was done about this very cause, else about others of its kind for the customer. `times`:
    how often in all."""

    same_cause: bool
    times: int
    remedies: list[Remembered]


def of(case: ExceptionCase) -> Memory:
    """What helped against this cause, for a closed case before it; if nothing was ever done, against
    others of its kind."""
    same = _rows(case, _SAME_CAUSE)
    rows = same or _rows(case, _SAME_KIND)
    fixes = Fix.objects.in_bulk([row[3] for row in rows[:_MOST]])
    remedies = [
        Remembered(remedy, terms, times, timedelta(seconds=float(seconds or 0)), fixes[last])
        for remedy, terms, times, last, seconds in rows[:_MOST]
    ]
    return Memory(bool(same), sum(row[2] for row in rows), remedies)


def _rows(case: ExceptionCase, same: str) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(
            _REMEMBERED.format(same=same),
            {
                "case": case.pk,
                "until": case.began_at if case.closed_at else None,
                "customer": case.customer_id,
                "code": case.code,
            },
        )
        rows = cursor.fetchall()
    return [(row[0], _json(row[1]), *row[2:]) for row in rows]


def _json(value: Any) -> dict[str, Any]:
    return json.loads(value) if isinstance(value, str) else value


def elsewhere(case: ExceptionCase) -> list[ExceptionCase]:
    """Open cases of the same kind and value at other customers and endpoints."""
    return list(
        ExceptionCase.objects.filter(
            code=case.code, value=case.value, state__in=ExceptionCase.OPEN_STATES, closed_at=None
        )
        .exclude(pk=case.pk)
        .select_related("customer", "endpoint")
        .order_by("severity", "opened_at")[:5]
    )


def open_elsewhere(case: ExceptionCase, numbers: Sequence[int]) -> QuerySet[ExceptionCase]:
    """Those of the numbered cases that a remedy of `case` may be offered to."""
    return ExceptionCase.objects.filter(
        pk__in=numbers, code=case.code, state__in=ExceptionCase.OPEN_STATES
    ).exclude(pk=case.pk)


def usual_minutes(code: str) -> float:
    """Minutes of a person's time for the middle case of its kind, from taking it to the remedy's end;
    of a kind that was not resolved five times in 90 days what is usual in the trade."""
    return usual_minutes_of([code])[code]


def usual_minutes_of(codes: Collection[str]) -> dict[str, float]:
    """The same of many kinds, in one query."""
    with connection.cursor() as cursor:
        cursor.execute(_MINUTES, {"codes": list(codes), "since": clock.now() - _MEASURED_OVER})
        measured = {row[0]: float(row[1]) for row in cursor.fetchall() if row[2] >= _ENOUGH}
    return {code: measured.get(code, float(taxonomy.kind(code).typical_minutes)) for code in codes}
