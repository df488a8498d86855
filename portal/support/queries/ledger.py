"""What a customer reads of the ledger: who looked at their data in a month, why, and at what."""

from collections import defaultdict
from datetime import datetime
from typing import Any, Final, NamedTuple

from django.db.models import Count, Max, Min
from django.db.models.fields.json import KT

from portal.support.models import LedgerEntry

SIZE: Final = 50
_HISTORY: Final = 20
_AT_ONCE: Final = 500
Kind = LedgerEntry.Kind


class Looked(NamedTuple):
    """A page, how often it was looked at, and when for the first and last time."""

    page: str
    times: int
    first: datetime
    last: datetime


class Access(NamedTuple):
    """One access as the ledger tells it. `ended`: the row that says so; None while it may be running."""

    number: int
    access_id: int
    begun_at: datetime
    said: dict[str, Any]
    ended: LedgerEntry | None
    looked: list[Looked]


def begun(
    customer_id: int, start: datetime, end: datetime, *, before: int | None = None
) -> tuple[list[Access], bool]:
    """A page of the accesses that began in [start, end), the newest first, and whether there are more."""
    found = LedgerEntry.objects.filter(
        customer_id=customer_id, kind=Kind.BEGUN, at__gte=start, at__lt=end
    ).order_by("-number")
    rows = list((found.filter(number__lt=before) if before else found)[: SIZE + 1])
    return _whole(rows[:SIZE]), len(rows) > SIZE


def _whole(rows: list[LedgerEntry]) -> list[Access]:
    ids = [row.access_id for row in rows if row.access_id is not None]
    ended = {
        one.access_id: one for one in LedgerEntry.objects.filter(access__in=ids, kind=Kind.ENDED)
    }
    looked = _looked(ids)
    return [
        Access(
            row.number, row.access_id or 0, row.at, row.said, ended.get(row.access_id),
            looked[row.access_id or 0],
        )
        for row in rows
    ]  # fmt: skip


def _looked(ids: list[int]) -> dict[int, list[Looked]]:
    found: dict[int, list[Looked]] = defaultdict(list)
    rows = (
        LedgerEntry.objects.filter(access__in=ids, kind=Kind.LOOKED)
        .order_by()
        .values_list("access_id", KT("said__page"))
        .annotate(times=Count("pk"), first=Min("at"), last=Max("at"))
        .order_by("first")
    )
    for access_id, *rest in rows:
        found[access_id or 0].append(Looked(*rest))
    return found


def first_at(customer_id: int) -> datetime | None:
    """When the ledger begins."""
    found = LedgerEntry.objects.filter(customer_id=customer_id).order_by("number")
    return found.values_list("at", flat=True).first()


def consents(customer_id: int) -> list[LedgerEntry]:
    """What they decided about consent, the newest first."""
    found = LedgerEntry.objects.filter(customer_id=customer_id, kind=Kind.CONSENT)
    return list(found.order_by("-number")[:_HISTORY])


def refused(customer_id: int, start: datetime, end: datetime) -> int:
    """How often they said no in [start, end)."""
    found = LedgerEntry.objects.filter(customer_id=customer_id, kind=Kind.REFUSED)
    return found.filter(at__gte=start, at__lt=end).count()


def after(customer_id: int, number: int) -> list[LedgerEntry]:
    """The next rows of the whole ledger."""
    found = LedgerEntry.objects.filter(customer_id=customer_id, number__gt=number)
    return list(found.order_by("number")[:_AT_ONCE])
