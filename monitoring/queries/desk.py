"""The queue of cases in the order of work, a page at a time."""

from datetime import datetime
from typing import Any, Final, NamedTuple, Self

from django.db.models import (
    BigIntegerField,
    BooleanField,
    ExpressionWrapper,
    FloatField,
    Q,
    QuerySet,
)
from django.db.models.expressions import RawSQL

from monitoring.models import ExceptionCase
from monitoring.queries import choice as choices
from monitoring.queries import urgency

SIZE: Final = 100
_PARTS: Final = 3
_ORDER: Final = ("-to_work", "-rank", "number")
_FLIPPED: Final = ("to_work", "rank", "-number")
_UNSAID: Final = (
    "endpoint__settings", "endpoint__secrets", "endpoint__pickup", "endpoint__channel",
    "customer__calendar", "customer__policies", "assignee__password",
)  # fmt: skip
_CLOSED: Final = "extract(epoch FROM monitoring_exceptioncase.closed_at)::float8"
_MARK: Final = "monitoring_exceptioncase.xmin::text::bigint"


class Place(NamedTuple):
    """Where a case stood in the order of work as of a moment, whatever became of it since."""

    to_work: bool
    rank: float
    number: int

    @classmethod
    def of(cls, case: Any) -> Self:
        return cls(case.to_work, case.rank, case.number)

    @classmethod
    def read(cls, text: str) -> Self | None:
        """The place that `str` wrote; None for anything else."""
        parts = text.split("~")
        if len(parts) != _PARTS or parts[0] not in ("0", "1") or not parts[2].isdecimal():
            return None
        try:
            rank, number = float(parts[1]), int(parts[2][:18])
        except ValueError:
            return None
        return cls(parts[0] == "1", rank, number) if rank == rank else None  # noqa: PLR0124

    def __str__(self) -> str:
        return f"{int(self.to_work)}~{self.rank!r}~{self.number}"


class Page(NamedTuple):
    """Cases in the order of work; `older` and `newer` are the places where the next pages begin."""

    rows: list[Any]
    older: Place | None
    newer: Place | None


def waiting() -> QuerySet[ExceptionCase]:
    """The cases that are open."""
    return ExceptionCase.objects.filter(choices.IS_OPEN, state__in=ExceptionCase.OPEN_STATES)


def ordered(
    cases: QuerySet[ExceptionCase], *, at: datetime, by_end: bool = False
) -> QuerySet[ExceptionCase]:
    """The cases in the order of work as of a moment: to work, then waiting and snoozed.

    Each has `to_work`, what made its `rank`, and a `mark` that changes whenever its row does. `by_end`:
    closed ones by when they were closed, the last first.
    """
    ranked = urgency.ranked(cases, at=at)
    if by_end:
        ended = RawSQL(_CLOSED, (), output_field=FloatField())  # noqa: S611 - our own text
        ranked = ranked.annotate(rank=ended)
    return ranked.annotate(to_work=_to_work(), mark=_mark()).order_by(*_ORDER)


def _to_work() -> ExpressionWrapper:
    return ExpressionWrapper(choices.TO_WORK, output_field=BooleanField())


def _mark() -> RawSQL:
    return RawSQL(_MARK, (), output_field=BigIntegerField())  # noqa: S611 - our own text


def numbered(numbers: list[int], *, at: datetime) -> list[Any]:
    """These cases, wherever they stand by now, in no order; as `ordered` gives them."""
    ranked = urgency.ranked(ExceptionCase.objects.filter(pk__in=numbers), at=at)
    return list(with_names(ranked.annotate(to_work=_to_work(), mark=_mark())))


def with_names(cases: QuerySet[ExceptionCase]) -> QuerySet[ExceptionCase]:
    """The cases with what a row says of whom they are."""
    return cases.select_related("customer", "endpoint", "assignee", "team").defer(*_UNSAID)


def page(
    cases: QuerySet[ExceptionCase], *, before: Place | None = None, after: Place | None = None
) -> Page:
    """The page after one place of the order or before another; else the first."""
    if before is not None:
        found = list(cases.filter(_beyond(before, _FLIPPED)).order_by(*_FLIPPED)[: SIZE + 1])
        rows = found[:SIZE][::-1]
        return Page(rows, _last(rows), _first(rows) if len(found) > SIZE else None)
    if after is not None:
        cases = cases.filter(_beyond(after, _ORDER))
    found = list(cases[: SIZE + 1])
    rows = found[:SIZE]
    older = _last(rows) if len(found) > SIZE else None
    return Page(rows, older, _first(rows) if after is not None else None)


def _last(rows: list[Any]) -> Place | None:
    return Place.of(rows[-1]) if rows else None


def _first(rows: list[Any]) -> Place | None:
    return Place.of(rows[0]) if rows else None


def _beyond(place: Place, order: tuple[str, ...]) -> Q:
    """The rows behind `place` in that order."""
    found, same = Q(), Q()
    for name in order:
        field = name.removeprefix("-")
        value = getattr(place, field)
        found |= same & Q(**{f"{field}__{'lt' if name.startswith('-') else 'gt'}": value})
        same &= Q(**{field: value})
    return found


def last_closed() -> ExceptionCase | None:
    """The case that was closed last."""
    return ExceptionCase.objects.filter(closed_at__isnull=False).order_by("-closed_at").first()
