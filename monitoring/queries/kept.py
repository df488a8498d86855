"""What was measured of promises, as it is kept: for the partner's people, and for a customer's own."""

import json
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import Q, QuerySet

from monitoring import slo
from monitoring.models import ObjectiveDay, ObjectiveWindow

_NUMBERS = (
    "total", "planned", "allowed", "missed_us", "missed_customer", "missed_third_party", "used",
    "share", "pending", "percentile", "slowest", "excused_minutes", "causes", "measured_at",
)  # fmt: skip


class Kept(NamedTuple):
    """The figures of a promise over a window or a day, see `models.measured.Figures`."""

    objective_id: int
    promise: slo.Objective
    total: Decimal
    planned: Decimal
    allowed: Decimal
    missed_us: Decimal
    missed_customer: Decimal
    missed_third_party: Decimal
    used: Decimal
    share: float
    pending: int
    percentile: timedelta | None
    slowest: timedelta | None
    excused_minutes: int
    causes: list[dict[str, Any]]
    measured_at: datetime | None
    begins: datetime
    ends: datetime

    @property
    def missed(self) -> Decimal:
        return self.missed_us + self.missed_customer + self.missed_third_party

    @property
    def gross(self) -> Decimal | None:
        return 1 - self.missed / self.total if self.total else None

    @property
    def attributable(self) -> Decimal | None:
        return 1 - self.missed_us / self.total if self.total else None

    @property
    def delivered(self) -> Decimal | None:
        """What the promise is judged by."""
        return 1 - self.used / self.total if self.total else None

    @property
    def is_kept(self) -> bool | None:
        return self.used <= self.allowed if self.total else None


class Day(NamedTuple):
    """One day of a promise. `remark`: what was done about its misses."""

    day: date
    total: Decimal
    missed_us: Decimal
    missed_customer: Decimal
    missed_third_party: Decimal
    used: Decimal
    share: float
    causes: list[dict[str, Any]]
    remark: str

    @property
    def missed(self) -> Decimal:
        return self.missed_us + self.missed_customer + self.missed_third_party


def of_row(row: ObjectiveWindow) -> Kept:
    numbers = {name: getattr(row, name) for name in _NUMBERS}
    return Kept(
        objective_id=row.objective_id,
        promise=row.objective.promise,
        begins=row.begins,
        ends=row.ends,
        **numbers,
    )


def running(now: datetime) -> QuerySet[ObjectiveWindow]:
    """The windows that run now, those whose budget is used most first."""
    found = ObjectiveWindow.objects.filter(begins__lte=now, ends__gt=now, objective__promised=True)
    return found.select_related("objective", "customer").order_by("-share", "pk")


def after(found: QuerySet[ObjectiveWindow], place: str) -> QuerySet[ObjectiveWindow]:
    """What follows a place in that order, `share/pk`; all of it for what is no place."""
    share, _, pk = place.partition("/")
    try:
        last, number = float(share), int(pk)
    except ValueError:
        return found
    return found.filter(Q(share__lt=last) | Q(share=last, pk__gt=number))


def trends(
    rows: Sequence[ObjectiveWindow], *, most: int = 6
) -> dict[tuple[int, str], list[ObjectiveWindow]]:
    """By customer and indicator the last windows, the oldest first, in one query."""
    if not rows:
        return {}
    oldest = min(row.begins for row in rows) - timedelta(days=31 * most)
    past = ObjectiveWindow.objects.filter(
        customer__in={row.customer_id for row in rows},
        objective__sli__in={row.objective.sli for row in rows},
        begins__gte=oldest,
    )
    found: dict[tuple[int, str], list[ObjectiveWindow]] = {}
    for row in past.select_related("objective").order_by("begins"):
        found.setdefault((row.customer_id, row.objective.sli), []).append(row)
    return {key: windows[-most:] for key, windows in found.items()}


def days(objective_id: int, window: slo.Interval, zone: str) -> list[ObjectiveDay]:
    """The measured days of a promise in a window, the first one first."""
    dates = [day for day, _ in slo.days(window, zone)]
    found = ObjectiveDay.objects.filter(objective=objective_id, day__in=dates)
    return list(found.order_by("day"))


def own_windows() -> list[Kept]:
    """All windows of a customer's own promises; runs under the customer's role."""
    names = ("objective_id", "content", *_NUMBERS, "begins", "ends")
    rows = _own(
        f"SELECT {', '.join(names)} FROM own_promise_windows() ORDER BY begins, objective_id"
    )
    causes = names.index("causes")
    return [
        Kept(row[0], slo.from_openslo(json.loads(row[1])), *_read(row, causes)[2:]) for row in rows
    ]


def own_days(objective_ids: Iterable[int], first: date, last: date) -> dict[int, list[Day]]:
    """The days of some of their promises by objective, in order."""
    names = ("day", "total", "missed_us", "missed_customer", "missed_third_party", "used", "share",
             "causes", "remark")  # fmt: skip
    rows = _own(
        f"SELECT objective_id, {', '.join(names)} FROM own_promise_days()"
        " WHERE objective_id = ANY(%s) AND day BETWEEN %s AND %s ORDER BY day",
        [list(objective_ids), first, last],
    )
    found: dict[int, list[Day]] = {}
    causes = names.index("causes") + 1
    for row in rows:
        found.setdefault(row[0], []).append(Day(*_read(row, causes)[1:]))
    return found


class Agreed(NamedTuple):
    """Time that was agreed not to count, as a customer reads it."""

    text: str
    begins_at: datetime | None
    ends_at: datetime | None
    recurs: dict[str, Any] | None


def own_agreed() -> list[Agreed]:
    """What was agreed with them."""
    rows = _own("SELECT text, begins_at, ends_at, recurs FROM own_agreed_time() ORDER BY begins_at")
    return [
        Agreed(text, begins, ends, json.loads(recurs) if recurs else None)
        for text, begins, ends, recurs in rows
    ]


def _read(row: tuple[Any, ...], at: int) -> tuple[Any, ...]:
    """The row with what stands at `at` read: raw cursors give JSON as text."""
    return (*row[:at], json.loads(row[at]), *row[at + 1 :])


def _own(statement: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall())
