"""Pages of rows in time order, without counting: the ids are the places."""

from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import QuerySet

SIZE = 100


class Page(NamedTuple):
    """Rows newest first. `older` and `newer` are the places where the next pages begin, or None."""

    rows: list[Any]
    older: UUID | None
    newer: UUID | None


def page(rows: QuerySet[Any], *, before: UUID | None = None, after: UUID | None = None) -> Page:
    """The page of `rows` that ends before one id or begins after another; else the newest."""
    if after is not None:
        found = list(rows.filter(pk__gt=after).order_by("pk")[: SIZE + 1])
        shown = found[:SIZE][::-1]
        return Page(
            shown,
            older=shown[-1].pk if shown else None,
            newer=shown[0].pk if len(found) > SIZE else None,
        )
    older_than = rows.filter(pk__lt=before) if before is not None else rows
    found = list(older_than.order_by("-pk")[: SIZE + 1])
    shown = found[:SIZE]
    return Page(
        shown,
        older=shown[-1].pk if len(found) > SIZE else None,
        newer=shown[0].pk if before is not None and shown else None,
    )
