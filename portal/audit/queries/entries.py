"""The audit trail, page by page, narrowed to what is asked for."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final, NamedTuple

from auditlog.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db.models import Exists, OuterRef, Q, QuerySet, TextField
from django.db.models.functions import Cast

from portal.audit.models import Mark

SIZE: Final = 100
_AT_ONCE: Final = 500


class Asked(NamedTuple):
    """What the list is narrowed to; None and "" are everything. `start` counts, `end` does not."""

    person_id: int | None = None
    kind: str = ""
    customer_id: int | None = None
    action: int | None = None
    start: datetime | None = None
    end: datetime | None = None
    text: str = ""


class Entry(NamedTuple):
    """An entry and what stands beside it; no mark: it was written past the application."""

    row: LogEntry
    mark: Mark | None


def page(asked: Asked, *, before: int | None = None) -> tuple[list[Entry], bool]:
    """The newest entries, or those older than the one of number `before`, and whether there are more."""
    found = _found(asked)
    rows = list((found.filter(pk__lt=before) if before else found)[: SIZE + 1])
    return _marked(rows[:SIZE]), len(rows) > SIZE


def everything(asked: Asked) -> Iterator[list[Entry]]:
    """All of them, the newest first, some at a time."""
    found, before = _found(asked), None
    while True:
        rows = list((found.filter(pk__lt=before) if before else found)[:_AT_ONCE])
        if not rows:
            return
        yield _marked(rows)
        before = rows[-1].pk


def _marked(rows: list[LogEntry]) -> list[Entry]:
    marks = {mark.entry_id: mark for mark in Mark.objects.filter(entry_id__in=[r.pk for r in rows])}
    return [Entry(row, marks.get(row.pk)) for row in rows]


def _found(asked: Asked) -> QuerySet[LogEntry]:
    found = LogEntry.objects.select_related("content_type").order_by("-pk")
    if asked.person_id is not None:
        found = found.filter(actor_id=asked.person_id)
    if asked.kind:
        found = found.filter(content_type__model=asked.kind)
    if asked.action is not None:
        found = found.filter(action=asked.action)
    if asked.start:
        found = found.filter(timestamp__gte=asked.start)
    if asked.end:
        found = found.filter(timestamp__lt=asked.end)
    if asked.customer_id is not None:
        found = found.filter(_mark(customer=asked.customer_id))
    return _with_text(found, asked.text) if asked.text else found


def _with_text(found: QuerySet[LogEntry], text: str) -> QuerySet[LogEntry]:
    """In the name of the object, before and after, who, as whom, and why."""
    wanted = (
        Q(object_repr__icontains=text) | Q(words__icontains=text) | Q(actor_email__icontains=text)
    )
    said = Q(by__icontains=text) | Q(as_whom__icontains=text) | Q(why__icontains=text)
    return found.annotate(words=Cast("changes", TextField())).filter(wanted | Q(_mark(said)))


def _mark(*conditions: Any, **values: Any) -> Exists:
    return Exists(Mark.objects.filter(*conditions, entry_id=OuterRef("pk"), **values))


def kinds() -> list[ContentType]:
    """The kinds of objects that the trail follows here."""
    from auditlog.registry import auditlog

    return list(ContentType.objects.get_for_models(*auditlog.get_models()).values())
