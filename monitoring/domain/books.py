"""The nightly look into the books: every document of a day is accounted for, or a case says which is not.

A document that is missed counts on the day on which it came, as long as that day can still change, and
else on the oldest day that can: what was measured of a month that is over stays as it was.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Final, NamedTuple
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from django.db import transaction

from integrations.models import Message, Record
from integrations.queries import ledger, volumes
from integrations.queries.ledger import Finding as Astray
from integrations.queries.windows import Window
from monitoring.domain import findings
from monitoring.domain.findings import Finding
from monitoring.models import DayBooks, ExceptionCase
from portal.core import clock
from portal.customers.local_time import instant
from portal.customers.models import Customer

HOUR: Final = 3  # UTC
OPEN_DAYS: Final = 3
CODE: Final = "books_do_not_balance"
_FIRST_BACK: Final = timedelta(days=62)
_CAUSE: Final = UUID("b0a1c7de-5a0f-5c57-8a43-3f1f0b7f6d11")
_MOST_SHOWN: Final = 20


class _Lost(NamedTuple):
    id: str
    why: str
    endpoint_id: int
    came_at: datetime


def next_at() -> datetime:
    """When the books are looked into next: at a quiet hour."""
    night = clock.now().astimezone(UTC).replace(hour=HOUR, minute=0, second=0, microsecond=0)
    return night if night > clock.now() else night + timedelta(days=1)


def look() -> int:
    """Look into the books of all customers, and keep what was found by day. Returns how many documents are
    not accounted for."""
    now = clock.now()
    astray = [one for one in ledger.balance().findings if one.kind == "lost"]
    lost = _by_customer(astray)
    for customer in Customer.objects.order_by("pk"):
        _keep(customer, lost.get(customer.pk, ()), now)
    return sum(map(len, lost.values()))


def _by_customer(astray: Iterable[Astray]) -> dict[int, list[_Lost]]:
    """Most are messages, some are records that were not told on."""
    why = {one.id: one.why for one in astray}
    messages = Message.objects.filter(pk__in=why).values_list(
        "customer_id", "pk", "endpoint_id", "created_at"
    )
    records = Record.objects.filter(pk__in=why).values_list(
        "customer_id", "pk", "source_id", "created_at"
    )
    found: dict[int, list[_Lost]] = {}
    for customer_id, pk, endpoint_id, came_at in [*messages, *records]:
        found.setdefault(customer_id, []).append(_Lost(str(pk), why[str(pk)], endpoint_id, came_at))
    return found


@transaction.atomic
def _keep(customer: Customer, lost: Sequence[_Lost], now: datetime) -> None:
    known = {one.day: one for one in DayBooks.objects.filter(customer=customer)}
    days = _days(customer, max(known, default=None), now)
    by_day = _dated(lost, known, days, ZoneInfo(customer.time_zone))
    received = _received(customer, days)
    for day in days:
        row = known.get(day) or DayBooks(customer=customer, day=day)
        row.begins_at = _begin(day, customer)
        row.received, row.found, row.looked_at = received[day], by_day.get(day, []), now
        row.lost = len(row.found)
        row.save()
    _tell(customer, lost, now)


def _days(customer: Customer, last: date | None, now: datetime) -> list[date]:
    """The days that are over and can still change: the last three, and all that were never looked at."""
    zone = ZoneInfo(customer.time_zone)
    yesterday = now.astimezone(zone).date() - timedelta(days=1)
    first = max(customer.created_at, now - _FIRST_BACK).astimezone(zone).date()
    if last is not None:
        first = max(first, min(last + timedelta(days=1), yesterday - timedelta(days=OPEN_DAYS - 1)))
    return [first + timedelta(days=n) for n in range((yesterday - first).days + 1)]


def _begin(day: date, customer: Customer) -> datetime:
    return instant(day, 0, zone=ZoneInfo(customer.time_zone))


def _received(customer: Customer, days: Sequence[date]) -> dict[date, int]:
    return {
        day: volumes.total(
            Window(_begin(day, customer), _begin(day + timedelta(days=1), customer)),
            customer_id=customer.pk, direction="in",
        ).received
        for day in days
    }  # fmt: skip


def _dated(
    lost: Sequence[_Lost], known: Mapping[date, DayBooks], days: Sequence[date], zone: ZoneInfo
) -> dict[date, list[list[str]]]:
    """What was found, on the days it counts on. What counts on an earlier day already does not again, and
    of today there are no books yet."""
    if not days:
        return {}
    counted = {pk for day, row in known.items() if day < days[0] for pk, _ in row.found}
    found: dict[date, list[list[str]]] = {}
    for one in sorted(lost, key=lambda one: one.id):
        day = max(one.came_at.astimezone(zone).date(), days[0])
        if one.id not in counted and day <= days[-1]:
            found.setdefault(day, []).append([one.id, one.why])
    return found


def _tell(customer: Customer, lost: Sequence[_Lost], now: datetime) -> None:
    cause = uuid5(_CAUSE, str(customer.pk))
    if not lost:
        findings.clear([cause], cause="All documents are accounted for")
        return
    shown = sorted(lost, key=lambda one: one.came_at)
    number = f"{len(lost):,} document{'' if len(lost) == 1 else 's'}"
    findings.report([
        Finding(
            fingerprint=cause, customer_id=customer.pk, endpoint_id=shown[0].endpoint_id,
            origin=ExceptionCase.Origin.BOOKS, code=CODE, since=shown[-1].came_at, value=number,
            documents=len(lost), evidence=[(one.id, one.why) for one in shown[:_MOST_SHOWN]],
            url=f"/messages/{shown[0].id}/raw/",
        )
    ])  # fmt: skip
