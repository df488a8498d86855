"""How much work waits per schema, and how much of it failed."""

from datetime import datetime, timedelta
from typing import NamedTuple

from django.db import connection

from portal.core import clock

DAY = timedelta(hours=24)


class Load(NamedTuple):
    """Lanes of one schema: running now, due and not begun, due since when; runs that failed in 24 h."""

    running: int = 0
    due: int = 0
    oldest: datetime | None = None
    failed: int = 0


def loads() -> dict[str, Load]:
    """The load of every schema that has any, by its name."""
    now = clock.now()
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT schema, sum(running)::int, sum(due)::int, min(oldest), sum(failed)::int FROM (
                SELECT schema, count(*) FILTER (WHERE token IS NOT NULL) AS running,
                    count(*) FILTER (WHERE token IS NULL AND due_at <= %(now)s) AS due,
                    min(due_at) FILTER (WHERE token IS NULL AND due_at <= %(now)s) AS oldest,
                    0 AS failed
                FROM public.jobs_wake GROUP BY 1
                UNION ALL
                SELECT schema, 0, 0, NULL, count(*) FROM public.jobs_run
                WHERE started_at > %(day_ago)s AND error <> '' GROUP BY 1) AS parts
            GROUP BY 1
            """,
            {"now": now, "day_ago": now - DAY},
        )
        return {row[0]: Load(*row[1:]) for row in cursor.fetchall()}


class Lanes(NamedTuple):
    """The lanes of one kind in one schema; `oldest`: since when the first of the due ones is due."""

    schema: str
    kind: str
    running: int
    due: int
    oldest: datetime | None


def lanes() -> list[Lanes]:
    """The load of every kind of lane in every schema."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT schema, kind, count(*) FILTER (WHERE token IS NOT NULL),
                count(*) FILTER (WHERE token IS NULL AND due_at <= %(now)s),
                min(due_at) FILTER (WHERE token IS NULL AND due_at <= %(now)s)
            FROM public.jobs_wake GROUP BY 1, 2 ORDER BY 1, 2
            """,
            {"now": clock.now()},
        )
        return [Lanes(*row) for row in cursor.fetchall()]
