"""Customers as they might be, and what really happens at each of them for weeks: orders and all that
follows from them, stock reports, holidays, a promotion, growth, bursts and days that are just different.

Nothing of what the product believes is used here, apart from the dates of public holidays.
"""

import math
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from portal.customers.holidays import national

HOUR, DAY, MINUTE = timedelta(hours=1), timedelta(days=1), timedelta(minutes=1)
PLACES: Final = (
    ("America/New_York", "US"), ("America/Los_Angeles", "US"), ("America/Chicago", "US"),
    ("Europe/Berlin", "DE"), ("Europe/London", "GB"), ("Europe/Madrid", "ES"),
    ("Australia/Sydney", "AU"), ("Asia/Kolkata", "IN"),
)  # fmt: skip
A_DAY: Final = (5, 8, 12, 20, 32, 50, 80)  # orders
OPENS, CLOSES = 7, 19
BACKORDERED: Final = 0.01
PROMOTION: Final = timedelta(days=4)


@dataclass
class Customer:
    """One customer: how it buys, and what it has."""

    number: int
    zone: str
    country: str
    a_day: float
    shops: int
    private: bool  # its buyers are people and not companies
    growth: float  # a week
    by_day: float
    by_hour: float
    reports: str  # of stock: "hourly", "nightly" or "in hours"
    promotion: date | None = None
    promotion_marked: bool = False
    factor: float = 2.5
    holidays: frozenset[date] = frozenset()

    @property
    def slug(self) -> str:
        return f"customer{self.number}"


class Came(NamedTuple):
    """A document at an instant. `what` names its way, such as `shop0/order/in` or `house/order/out/shop0`."""

    at: datetime
    what: str


class Leg(NamedTuple):
    """As the product keeps them; `what` names kind and side, such as `ship/house`."""

    what: str
    began: datetime
    ended: datetime


@dataclass
class Order:
    """One order and when each step of it was done: placed, sent on, taken by the warehouse,
    acknowledged, shipped, its shop told, billed."""

    shop: str
    placed: datetime
    sent: datetime
    taken: datetime
    acknowledged: datetime
    shipped: datetime
    told: datetime
    billed: datetime

    def came(self) -> list[Came]:
        return [
            Came(self.placed, f"{self.shop}/order/in"),
            Came(self.sent, f"house/order/out/{self.shop}"),
            Came(self.shipped, "house/shipment/in"),
            Came(self.told, f"{self.shop}/shipment/out/house"),
            Came(self.billed, "erp/invoice/in"),
        ]

    def legs(self) -> list[Leg]:
        return [
            Leg("transmit/house", self.placed, self.acknowledged),
            Leg("acknowledge/house", self.sent, self.acknowledged),
            Leg("ship/house", self.taken, self.shipped),
            Leg(f"confirm/{self.shop}", self.shipped, self.told),
            Leg("invoice/erp", self.shipped, self.billed),
        ]

    def later(self, by: timedelta) -> None:
        """All of it so much later."""
        for step in ("placed", "sent", "taken", "acknowledged"):
            setattr(self, step, getattr(self, step) + by)
        self.shipped_later(by)

    def shipped_later(self, by: timedelta) -> None:
        self.shipped, self.told, self.billed = self.shipped + by, self.told + by, self.billed + by


@dataclass
class Story:
    """All that happens at one customer: orders, and reports of stock."""

    customer: Customer
    orders: list[Order]
    reports: list[datetime]

    def came(self) -> list[Came]:
        reports = [Came(at, "house/inventory/in") for at in self.reports]
        return [*reports, *(came for order in self.orders for came in order.came())]


def customers(seed: int, count: int, begins: datetime, judged: datetime) -> list[Customer]:
    rng = random.Random(f"customers/{seed}")
    found = [_customer(rng, number, begins) for number in range(count)]
    first = judged.date() + timedelta(days=rng.randrange(4, 18))
    for one, marked in zip(rng.sample(found, 3), (True, True, False), strict=True):
        one.promotion, one.promotion_marked = first, marked
    found[0].growth = 0.04
    return found


def _customer(rng: random.Random, number: int, begins: datetime) -> Customer:
    zone, country = rng.choice(PLACES)
    years = range(begins.year, begins.year + 3)
    return Customer(
        number, zone, country, a_day=A_DAY[number % len(A_DAY)] * rng.uniform(0.8, 1.25),
        shops=2 if number % 3 == 0 else 1, private=rng.random() < 0.5,
        growth=rng.uniform(-0.005, 0.015), by_day=rng.uniform(0.01, 0.08),
        by_hour=rng.uniform(0.02, 0.3), reports=("hourly", "nightly", "in hours")[number % 3],
        holidays=frozenset(national(country, "", years)),
    )  # fmt: skip


def story(seed: int, customer: Customer, begins: datetime, ends: datetime) -> Story:
    """Everything at one customer between two instants."""
    rng = random.Random(f"story/{seed}/{customer.number}")
    orders = [_order(rng, customer, placed) for placed in _orders(rng, customer, begins, ends)]
    return Story(customer, orders, list(_reports(rng, customer, begins, ends)))


def rate(customer: Customer, at: datetime, begins: datetime) -> float:
    """Orders an hour to be expected at an instant, were all days alike."""
    local = at.astimezone(ZoneInfo(customer.zone))
    weeks = (at - begins) / timedelta(weeks=1)
    return (
        customer.a_day * _of_hour(customer, local.hour) * _of_day(customer, local.date())
        * (1 + customer.growth) ** weeks
    )  # fmt: skip


def _of_hour(customer: Customer, hour: int) -> float:
    """The share of a day's orders in an hour; 24 of them make 1."""
    peak, width, floor = (20, 4.5, 0.008) if customer.private else (11, 3.0, 0.002)
    away = min(abs(hour - peak), 24 - abs(hour - peak))
    return floor + math.exp(-((away / width) ** 2)) / (width * math.sqrt(math.pi)) * (
        1 - 24 * floor
    )


def _of_day(customer: Customer, day: date) -> float:
    if customer.private:
        factor = (1.0, 0.95, 0.95, 1.0, 1.05, 1.2, 1.3)[day.weekday()]
        factor *= 0.85 if day in customer.holidays else 1.0
    else:
        factor = (1.1, 1.05, 1.0, 1.0, 0.9, 0.12, 0.06)[day.weekday()]
        factor = 0.05 if day in customer.holidays else factor
    if customer.promotion:
        since = day - customer.promotion
        if timedelta(0) <= since < PROMOTION:
            factor *= customer.factor
        elif PROMOTION <= since < PROMOTION + 2 * DAY:
            factor *= 0.65
    return factor


def _orders(
    rng: random.Random, customer: Customer, begins: datetime, ends: datetime
) -> Iterator[datetime]:
    at, swing, today = begins, 0.0, None
    while at < ends:
        day = at.astimezone(ZoneInfo(customer.zone)).date()
        if day != today:
            today = day
            noise = rng.gauss(0, math.sqrt(customer.by_day * (1 - 0.3**2)))
            swing = 0.3 * swing + noise  # a good day is followed by rather a good one
        busy = rng.gammavariate(1 / customer.by_hour, customer.by_hour)
        burst = rng.uniform(3, 6) if rng.random() < 0.0015 else 1.0
        mean = rate(customer, at, begins) * math.exp(swing - customer.by_day / 2) * busy * burst
        yield from sorted(at + rng.random() * HOUR for _ in range(_poisson(rng, mean)))
        at += HOUR


def _poisson(rng: random.Random, mean: float) -> int:
    if mean > 200:
        return max(0, round(rng.gauss(mean, math.sqrt(mean))))
    count, left, term = 0, rng.random(), math.exp(-mean)
    while left > term and count < 1000:
        left -= term
        count += 1
        term *= mean / count
    return count


def _order(rng: random.Random, customer: Customer, placed: datetime) -> Order:
    """What becomes of one order."""
    shop = f"shop{0 if customer.shops == 1 or rng.random() < 0.6 else 1}"
    sent = placed + _around(rng, 2, 0.5)
    taken = sent + _around(rng, 6, 0.7)
    shipped = _wave(rng, _worked(rng, customer, taken), customer)
    return Order(
        shop, placed, sent, taken, taken, shipped,
        told=shipped + _around(rng, 3, 0.8), billed=_billed(rng, customer, shipped),
    )  # fmt: skip


def _around(rng: random.Random, minutes: float, sigma: float) -> timedelta:
    return minutes * math.exp(rng.gauss(0, sigma)) * MINUTE


def _worked(rng: random.Random, customer: Customer, since: datetime) -> datetime:
    """When the warehouse has packed it: some hours of work later."""
    hours = 4 * math.exp(rng.gauss(0, 0.5))
    hours *= rng.uniform(4, 8) if rng.random() < BACKORDERED else 1
    return _after(customer, since, hours)


def _after(customer: Customer, since: datetime, hours: float) -> datetime:
    zone = ZoneInfo(customer.zone)
    day = since.astimezone(zone).date()
    while True:
        if day.weekday() < 5 and day not in customer.holidays:
            opens, closes = (
                datetime.combine(day, time(hour), tzinfo=zone).astimezone(UTC)
                for hour in (OPENS, CLOSES)
            )
            begins = max(opens, since)
            if begins < closes:
                if begins + hours * HOUR <= closes:
                    return begins + hours * HOUR
                hours -= (closes - begins) / HOUR
        day += DAY


def _wave(rng: random.Random, packed: datetime, customer: Customer) -> datetime:
    """Shipping advices come some minutes after each full hour of work."""
    local = packed.astimezone(ZoneInfo(customer.zone))
    rest = timedelta(minutes=60 - local.minute, seconds=-local.second)
    return packed + rest + rng.uniform(0, 12) * MINUTE


def _billed(rng: random.Random, customer: Customer, left: datetime) -> datetime:
    if customer.number % 2:
        return left + _around(rng, 45, 0.8)
    local = left.astimezone(ZoneInfo(customer.zone))
    night = datetime.combine(local.date(), time(20, 10), tzinfo=local.tzinfo).astimezone(UTC)
    return night + (DAY if night < left else 0 * DAY) + rng.uniform(0, 20) * MINUTE


def _reports(
    rng: random.Random, customer: Customer, begins: datetime, ends: datetime
) -> Iterator[datetime]:
    zone = ZoneInfo(customer.zone)
    minute = rng.randrange(60)
    at = begins
    while at < ends:
        local = at.astimezone(zone)
        if _is_due(customer, local) and (customer.reports == "nightly" or rng.random() > 0.004):
            spread = rng.uniform(0, 75) if customer.reports == "nightly" else rng.gauss(minute, 3)
            yield at + spread * MINUTE
        at += HOUR


def _is_due(customer: Customer, local: datetime) -> bool:
    if customer.reports == "nightly":
        return local.hour == 22
    if customer.reports == "hourly":
        return True
    off = local.weekday() >= 5 or local.date() in customer.holidays
    return not off and OPENS <= local.hour < CLOSES
