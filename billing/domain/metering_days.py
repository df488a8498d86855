"""What holds for a day becomes usage: which endpoints and flows were at work, how much is stored, which
tier is promised.

A day is the account's. Yesterday is noted once it is over, today as far as it went; a day that no worker saw
is made up for.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import cached_property
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.db import connection, transaction
from django.db.models import Max

from billing.domain import accounts, intake
from billing.domain.intake import Event
from billing.models import Account, UsageFact
from integrations.models import Flow
from integrations.queries import volumes
from integrations.queries.windows import outward
from monitoring.domain import objectives
from portal.core import clock
from portal.core.ids import first_id_at
from portal.core.money import round_to
from portal.customers.models import Customer

ENDPOINT, FLOW, STORAGE, TIER = "endpoint", "flow", "storage", "tier"
MOST_DAYS: Final = 40
_GIGABYTE: Final = Decimal(10) ** 9


@transaction.atomic
def meter() -> int:
    """Note every day that is not noted yet, of every customer; returns how many facts are new."""
    accounts.open_missing()
    customers = Customer.objects.in_bulk()
    days: dict[tuple[str, date], _Day] = {}
    events: list[Event] = []
    for account in Account.objects.filter(customer_id__in=customers):
        customer = customers[account.customer_id]  # type: ignore[index]
        for day in _missing(account):
            key = (account.time_zone, day)
            about = days.setdefault(key, _Day(day, ZoneInfo(account.time_zone)))
            events += _events(account, customer, about)
    return intake.note(events, first_counts=True).added if events else 0


def _missing(account: Account) -> list[date]:
    """From the last day that was noted on until today."""
    today = clock.now().astimezone(ZoneInfo(account.time_zone)).date()
    noted = UsageFact.objects.filter(account=account, kind=TIER, revision=0)
    last = noted.aggregate(last=Max("day"))["last"] or today - timedelta(days=1)
    first = max(last, today - timedelta(days=MOST_DAYS))
    return [first + timedelta(days=n) for n in range((today - first).days + 1)]


class _Day:
    """A day in a zone, asked about once for all customers."""

    def __init__(self, day: date, zone: ZoneInfo) -> None:
        self.day = day
        self.begins = datetime.combine(day, time(), zone)
        self.ends = datetime.combine(day + timedelta(days=1), time(), zone)

    @property
    def is_over(self) -> bool:
        return self.ends <= clock.now()

    @property
    def noted_at(self) -> datetime:
        """Its last second; of a day that is not over, now."""
        return min(self.ends - timedelta(seconds=1), clock.now())

    @cached_property
    def endpoints(self) -> dict[int, list[int]]:
        """By customer those that moved anything."""
        found = volumes.by(("customer_id", "endpoint_id"), outward(self.begins, self.ends))
        return _by_customer(key for key, volume in found.items() if any(volume))

    @cached_property
    def flows(self) -> dict[int, list[int]]:
        """By customer those over which anything was sent."""
        window = outward(self.begins, self.ends)
        found = volumes.by(("customer_id", "flow_id"), window, direction="out")
        return _by_customer(key for key, volume in found.items() if volume.sent)

    @cached_property
    def latencies(self) -> dict[int, str]:
        return dict(Flow.objects.values_list("pk", "latency"))

    @cached_property
    def bytes_added(self) -> dict[int, Decimal]:
        """By customer what came on this day, the same bytes once."""
        with connection.cursor() as cursor:
            cursor.execute(
                """
                SELECT m.customer_id, sum(length(p.body)) FROM (
                    SELECT DISTINCT customer_id, payload_id FROM integrations_message
                    WHERE id >= %s AND id < %s AND payload_id IS NOT NULL) m
                JOIN integrations_payload p ON p.sha256 = m.payload_id GROUP BY 1
                """,
                [first_id_at(self.begins), first_id_at(self.ends)],
            )
            return {customer: Decimal(size) for customer, size in cursor.fetchall()}


def _by_customer(keys: Iterable[tuple[Any, ...]]) -> dict[int, list[int]]:
    found: defaultdict[int, list[int]] = defaultdict(list)
    for customer, pk in sorted(keys):
        found[customer].append(pk)
    return found


def _events(account: Account, customer: Customer, about: _Day) -> Iterable[Event]:
    def noted(kind: str, name: object, quantity: Decimal = Decimal(1), **properties: Any) -> Event:
        key = f"{account.pk}/{name}/{about.day}"
        return Event(account.pk, kind, key, about.noted_at, quantity, properties=properties)

    yield noted(TIER, "tier", tier=str(objectives.tier_of(customer)))
    for pk in about.endpoints.get(customer.pk, ()):
        yield noted(ENDPOINT, pk, endpoint=pk)
    for pk in about.flows.get(customer.pk, ()):
        yield noted(FLOW, pk, flow=pk, latency=about.latencies.get(pk, ""))
    if about.is_over:
        yield noted(STORAGE, "storage", _stored(account, customer, about))


def _stored(account: Account, customer: Customer, about: _Day) -> Decimal:
    """Gigabytes at the end of the day: what was there before, and what came."""
    before = UsageFact.objects.filter(account=account, kind=STORAGE, day__lt=about.day)
    last = before.order_by("-day").values_list("quantity", flat=True).first()
    added = about.bytes_added.get(customer.pk, Decimal(0))
    return round_to((last or Decimal(0)) + added / _GIGABYTE, 8)
