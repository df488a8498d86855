"""Whether anything on the desk has changed, in one cheap query."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet

from monitoring.models import ExceptionCase, Lease
from portal.core import clock

MOST_NEW: Final = 1_000
MOST_KNOWN: Final = 100

_SINCE: Final = """(SELECT coalesce(max(id), 0) FROM monitoring_caseevent) || '.' ||
    (SELECT coalesce(sum(documents), 0) FROM monitoring_exceptioncase WHERE closed_at IS NULL)"""
_PULSE: Final = """
SELECT {since},
    (SELECT count(*) FROM ({fresh}) AS fresh),
    (SELECT jsonb_object_agg(c.number, c.xmin || coalesce(
            '.' || l.id || '.' || floor(extract(epoch FROM l.until))::bigint, ''))
        FROM monitoring_exceptioncase c
        LEFT JOIN monitoring_lease l ON l.case_id = c.number AND l.ended_at IS NULL AND l.until > %s
        WHERE c.number = ANY(%s))
"""
_NONE: Final = "SELECT 1 WHERE false"


class Pulse(NamedTuple):
    """`since` changes with whatever happens on the desk, `marks` (number → mark) with each shown case
    and with who works on it. `new`: cases of the choice that are not shown, at most `MOST_NEW`."""

    since: str
    new: int
    marks: dict[int, str]


def feel(shown: Sequence[int], *, fresh: QuerySet[ExceptionCase]) -> Pulse:
    """The pulse, where `fresh` are the cases that would be new to somebody who sees `shown`."""
    text, values = _compiled(fresh)
    with connection.cursor() as cursor:
        statement = _PULSE.format(since=_SINCE, fresh=text)
        cursor.execute(statement, [*values, clock.now(), list(shown)])
        so_far, new, marks = cursor.fetchone()
    found = json.loads(marks) if isinstance(marks, str) else marks
    return Pulse(so_far, new, {int(number): mark for number, mark in (found or {}).items()})


def since() -> str:
    """Where the pulse stands: asked before a page is made, so that nothing falls in between."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {_SINCE}")
        return str(cursor.fetchone()[0])


def _compiled(fresh: QuerySet[ExceptionCase]) -> tuple[str, tuple[Any, ...]]:
    try:
        return fresh.order_by().values("pk")[:MOST_NEW].query.sql_with_params()
    except EmptyResultSet:  # filters that no case can pass
        return _NONE, ()


def mark(case: Any, lease: Lease | None) -> str:
    """What `feel` says of a case as it was read, and of the lease it had."""
    held = f".{lease.pk}.{int(lease.until.timestamp())}" if lease else ""
    return f"{case.mark}{held}"


def just_opened(*, since: datetime) -> list[int]:
    """The open cases that began after a moment: who has looked now has missed none of them."""
    found = ExceptionCase.objects.filter(closed_at=None, began_at__gt=since)
    return list(found.order_by("-began_at").values_list("pk", flat=True)[:MOST_KNOWN])
