"""The documents of a fix by what becomes of them, or by what became of them, in few queries."""

from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection

from integrations.models import Message
from monitoring.models import Fix, FixItem

MOST = 100
PAGE = 100
FORESEEN = ("verdict", "code", "reason", "fingerprint")
HAPPENED = ("outcome", "told")
STILL_THERE = ("outcome", "reason")  # of what has not been let go
_RANKS = {
    "verdict": ("pass", "fail", "impossible"),
    "outcome": ("moving", "passed", "held", "taken_back", "compensated", "stays", "left", ""),
}
_SLIM = ("order__body", "order__content_hash", "order__numbers")


class Group(NamedTuple):
    """Documents with one reason. `first`: the place of the first of them, by which pages name them.
    `kind`: verdict or outcome; `currency` is empty where there are several; `in_time`: how many would go
    before their cut-off, of the `with_cutoff` that have one; `case`: the open case of their cause."""

    first: int
    kind: str
    text: str
    code: str
    fingerprint: UUID | None
    documents: int
    amount: Decimal | None
    currency: str
    in_time: int
    with_cutoff: int
    case: int | None


class Groups(NamedTuple):
    """The groups, the most important first, with sums over all of them; `more` are not among `rows`."""

    rows: list[Group]
    documents: int
    amount: Decimal | None
    currency: str
    in_time: int
    more: int


class Row(NamedTuple):
    """One document of a fix. `message` is None for one that does not exist any more."""

    item: FixItem
    message: Message | None

    @property
    def number(self) -> str:
        """The number people know it by, else our own."""
        if self.message is None:
            return str(self.item.message_id)[:13]
        if self.message.order:
            return self.message.order.number
        key = self.message.business_key.rpartition("/")[2]
        return key or str(self.message.pk)[:13]


class Page(NamedTuple):
    """Documents in the order of the list; the places where the next and the previous page begin."""

    rows: list[Row]
    older: int | None
    newer: int | None


_GROUPS = """
WITH grouped AS (
    SELECT min(position) AS first, {kind} AS kind, {text} AS text, {code} AS code,
        {fingerprint} AS fingerprint, count(*) AS documents, sum({worth}) AS amount,
        min(currency) FILTER (WHERE {worth} IS NOT NULL) AS low,
        max(currency) FILTER (WHERE {worth} IS NOT NULL) AS high,
        count(*) FILTER (WHERE verdict = 'pass' AND cutoff_at > %(now)s) AS in_time,
        count(cutoff_at) AS with_cutoff
    FROM monitoring_fixitem WHERE fix_id = %(fix)s AND {among} GROUP BY {columns}
)
SELECT g.first, g.kind, g.text, g.code, g.fingerprint, g.documents, g.amount,
    CASE WHEN g.low = g.high THEN g.low ELSE '' END, g.in_time, g.with_cutoff, k.case_id,
    sum(g.documents) OVER (), sum(g.amount) OVER (), min(g.low) OVER (), max(g.high) OVER (),
    sum(g.in_time) OVER (), count(*) OVER ()
FROM grouped g
LEFT JOIN monitoring_casecause k ON k.fingerprint = g.fingerprint AND k.is_open
ORDER BY array_position(%(ranks)s::text[], g.kind), g.documents DESC, g.first LIMIT %(most)s
"""


def foreseen(fix: Fix, *, now: datetime) -> Groups:
    """By what the dry run said, in one query."""
    text = _GROUPS.format(
        kind="verdict", text="reason", code="code", fingerprint="fingerprint",
        worth="amount", among="verdict <> ''", columns=", ".join(FORESEEN),
    )  # fmt: skip
    return _groups(text, fix, now, _RANKS["verdict"])


def happened(fix: Fix, *, now: datetime) -> Groups:
    """By what became of them, in one query; what has not been let go, by what the dry run said."""
    said = "CASE outcome WHEN '' THEN reason ELSE told END"
    worth = "CASE outcome WHEN 'passed' THEN coalesce(becomes, amount) ELSE amount END"
    text = _GROUPS.format(
        kind="outcome", text=said, code="''", fingerprint="NULL::uuid", worth=worth, among="true",
        columns=f"outcome, {said}",
    )  # fmt: skip
    return _groups(text, fix, now, _RANKS["outcome"])


def _groups(text: str, fix: Fix, now: datetime, ranks: tuple[str, ...]) -> Groups:
    values: dict[str, Any] = {"fix": fix.pk, "now": now, "ranks": list(ranks), "most": MOST}
    with connection.cursor() as cursor:
        cursor.execute(text, values)
        found = cursor.fetchall()
    if not found:
        return Groups([], 0, None, "", 0, 0)
    documents, amount, low, high, in_time, groups = found[0][11:]
    rows = [Group._make((*row[:7], row[7] or "", *row[8:11])) for row in found]
    one = low if low == high else ""
    return Groups(rows, int(documents), amount, one or "", int(in_time), groups - len(rows))


def alike(fix: Fix, first: int, columns: tuple[str, ...]) -> Any:
    """The items that have in `columns` what the item at the place `first` has."""
    named = fix.items.filter(position=first).values(*columns).first()
    if named is None:
        return fix.items.none()
    nothing = {f"{name}__isnull": True for name, value in named.items() if value is None}
    return fix.items.filter(**nothing, **{n: v for n, v in named.items() if v is not None})


def ids_of(fix: Fix, first: int) -> set[UUID]:
    """The documents that the dry run gave one reason."""
    return set(alike(fix, first, FORESEEN).values_list("message_id", flat=True))


def page(items: Any, *, before: int | None = None, after: int | None = None) -> Page:
    """A page of 100 of the items."""
    if before is not None:
        found = list(items.filter(position__lt=before).order_by("-position")[: PAGE + 1])
        shown = found[:PAGE][::-1]
        newer = shown[0].position if len(found) > PAGE else None
        return Page(_rows(shown), shown[-1].position if shown else None, newer)
    if after is not None:
        items = items.filter(position__gt=after)
    found = list(items.order_by("position")[: PAGE + 1])
    shown = found[:PAGE]
    older = shown[-1].position if len(found) > PAGE else None
    return Page(_rows(shown), older, shown[0].position if after is not None and shown else None)


def let_go(fix: Fix, *, most: int) -> list[Row]:
    """The first documents that were let go."""
    return _rows(list(fix.items.exclude(released_at=None).order_by("position")[:most]))


def _rows(items: list[FixItem]) -> list[Row]:
    ids = [item.message_id for item in items]
    found = Message.objects.filter(pk__in=ids).select_related("order", "endpoint").defer(*_SLIM)
    known = {message.pk: message for message in found}
    return [Row(item, known.get(item.message_id)) for item in items]
