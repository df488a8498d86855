"""Pages of rows in time order, without counting: the ids are the places."""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import QuerySet

SIZE = 100


class Page(NamedTuple):
    """Rows newest first. `older` and `newer` are the places where the next pages begin, or None."""

    rows: list[Any]
    older: UUID | None
    newer: UUID | None


Source = Callable[
    [UUID | None, UUID | None], list[Any]
]  # (before, after): one row more than a page


def page(*sources: Source, before: UUID | None = None, after: UUID | None = None) -> Page:
    """The page of all `sources` that ends before one id or begins after another; else the newest."""
    if after is not None:
        found = sorted((row for read in sources for row in read(None, after)), key=_id)
        shown = found[:SIZE][::-1]
        return Page(
            shown,
            older=shown[-1].pk if shown else None,
            newer=shown[0].pk if len(found) > SIZE else None,
        )
    found = sorted((row for read in sources for row in read(before, None)), key=_id, reverse=True)
    shown = found[:SIZE]
    return Page(
        shown,
        older=shown[-1].pk if len(found) > SIZE else None,
        newer=shown[0].pk if before is not None and shown else None,
    )


def stored(rows: QuerySet[Any]) -> Source:
    """Rows read from the database a page at a time."""

    def read(before: UUID | None, after: UUID | None) -> list[Any]:
        if after is not None:
            return list(rows.filter(pk__gt=after).order_by("pk")[: SIZE + 1])
        older = rows.filter(pk__lt=before) if before is not None else rows
        return list(older.order_by("-pk")[: SIZE + 1])

    return read


def known(rows: Sequence[Any]) -> Source:
    """Rows that are all at hand."""

    def read(before: UUID | None, after: UUID | None) -> list[Any]:
        if after is not None:
            return sorted((row for row in rows if row.pk > after), key=_id)[: SIZE + 1]
        older = [row for row in rows if before is None or row.pk < before]
        return sorted(older, key=_id, reverse=True)[: SIZE + 1]

    return read


def _id(row: Any) -> Any:
    return row.pk
