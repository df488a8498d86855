"""How far a fix is, what it means for money, how well it was foreseen, where what it did not mend is."""

from collections import defaultdict
from datetime import datetime, timedelta
from decimal import Decimal
from typing import NamedTuple

from django.db import connection
from django.db.models import Count, Min, Q

from monitoring.models import Fix
from portal.core import clock

_MOST = 50
_OUTCOMES = ("moving", "passed", "held", "taken_back", "compensated", "stays")
_RIGHT = """
    (verdict = 'pass' AND outcome = 'passed') OR (verdict = 'impossible' AND outcome = 'left')
    OR (verdict = 'fail' AND outcome = CASE code WHEN 'same' THEN 'left' ELSE 'held' END)
"""


class Amounts(NamedTuple):
    """Of the documents that pass: how many, of how many both amounts are known, in how many of those it
    changes, by how much in all, and in which currency (empty: in several)."""

    passing: int
    known: int
    changed: int
    by: Decimal
    currency: str


def amounts(fix: Fix) -> Amounts:
    """Whether money changes, in one query."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT count(*), count(*) FILTER (WHERE amount IS NOT NULL AND becomes IS NOT NULL),
                count(*) FILTER (WHERE amount <> becomes),
                coalesce(sum(becomes - amount) FILTER (WHERE amount <> becomes), 0),
                CASE WHEN count(DISTINCT currency) FILTER (WHERE amount <> becomes) = 1
                    THEN max(currency) FILTER (WHERE amount <> becomes) ELSE '' END
            FROM monitoring_fixitem WHERE fix_id = %s AND verdict = 'pass'
            """,
            [fix.pk],
        )
        return Amounts(*cursor.fetchone())


class Surprise(NamedTuple):
    """Documents that came out otherwise than foreseen. `first`: the place of the first of them."""

    verdict: str
    reason: str
    outcome: str
    told: str
    documents: int
    first: int


class Hits(NamedTuple):
    """How many documents came out as foreseen, of how many that have come out."""

    right: int
    of: int
    surprises: list[Surprise]


def hits(fix: Fix) -> Hits:
    """Predicted against actual, in one query. What was cancelled before it went does not count."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            SELECT ({_RIGHT}) AS hit, CASE WHEN ({_RIGHT}) THEN '' ELSE verdict END AS foretold,
                CASE WHEN ({_RIGHT}) THEN '' ELSE reason END AS why,
                CASE WHEN ({_RIGHT}) THEN '' ELSE outcome END AS became,
                CASE WHEN ({_RIGHT}) THEN '' ELSE told END AS said, count(*), min(position)
            FROM monitoring_fixitem
            WHERE fix_id = %s AND outcome NOT IN ('', 'moving') AND told <> 'cancelled before it'
            GROUP BY 1, 2, 3, 4, 5 ORDER BY 1 DESC, 6 DESC LIMIT {_MOST}
            """,
            [fix.pk],
        )
        rows = cursor.fetchall()
    surprises = [Surprise(*row[1:]) for row in rows if not row[0]]
    return Hits(sum(row[5] for row in rows if row[0]), sum(row[5] for row in rows), surprises)


def cases_of_held(fix: Fix) -> dict[str, list[int]]:
    """What was told of documents that were held again → the open cases they are in now, or what went out
    because of them."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT DISTINCT i.told, k.case_id FROM monitoring_fixitem i
            JOIN integrations_message m ON m.id = i.message_id
            CROSS JOIN LATERAL (
                SELECT m.id UNION ALL
                SELECT o.id FROM integrations_message o WHERE m.direction = 'in'
                AND o.record_id = m.record_id AND o.direction = 'out' AND o.state = 'held'
            ) AS held(id)
            JOIN integrations_problem p ON p.message_id = held.id AND p.closed_at IS NULL
            JOIN monitoring_casecause k ON k.fingerprint = p.fingerprint AND k.is_open
            WHERE i.fix_id = %s AND i.outcome = 'held' ORDER BY 1, 2
            """,
            [fix.pk],
        )
        found: dict[str, list[int]] = defaultdict(list)
        for told, case in cursor.fetchall():
            found[told].append(case)
        return found


class Tally(NamedTuple):
    """How far a fix is. `moving_on` fail and belong to another case then, `staying` fail as before;
    `to_go` have not been let go yet; `recent` were let go within the last minute, since `recent_from`."""

    documents: int
    tried: int
    passing: int
    moving_on: int
    staying: int
    impossible: int
    to_go: int
    moving: int
    passed: int
    held: int
    taken_back: int
    compensated: int
    stays: int
    recent: int
    recent_from: datetime | None

    @property
    def going(self) -> int:
        return self.passing + self.moving_on

    @property
    def failing(self) -> int:
        return self.moving_on + self.staying

    @property
    def went(self) -> int:
        return self.moving + self.passed + self.held

    @property
    def back(self) -> int:
        return self.taken_back + self.compensated + self.stays


_GOES = Q(verdict="pass") | (Q(verdict="fail") & ~Q(code="same"))


def tally(fix: Fix) -> Tally:
    """Everything that is counted, in one query."""
    lately = Q(released_at__gte=clock.now() - timedelta(minutes=1))
    wanted = {
        "documents": Q(),
        "tried": ~Q(verdict=""),
        "passing": Q(verdict="pass"),
        "moving_on": Q(verdict="fail") & ~Q(code="same"),
        "staying": Q(verdict="fail", code="same"),
        "impossible": Q(verdict="impossible"),
        "to_go": _GOES & Q(outcome=""),
        **{name: Q(outcome=name) for name in _OUTCOMES},
        "recent": lately,
    }
    counts = {name: Count("pk", filter=which) for name, which in wanted.items()}
    return Tally(**fix.items.aggregate(**counts, recent_from=Min("released_at", filter=lately)))
