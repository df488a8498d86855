"""Twenty things that stop without a word, and what is left of a customer's story then."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from benchmarks.silence_world import DAY, HOUR, Customer, Order, Story, rate

# Kind → how many of the twenty. Those that do not fit every customer choose first.
PLANTED: Final = {
    "one channel of two silent": 3, "partial drop of 70 %": 2, "whole feed silent": 4,
    "heartbeat missed": 3, "997s missing": 2, "945s missing": 3, "store not updated": 2,
    "invoices missing": 1,
}  # fmt: skip
# Days, so that it is not all weekend: a warehouse that is closed keeps back nothing by a failure.
_LEAST: Final = {"partial drop of 70 %": 4.0, "invoices missing": 3.0, "945s missing": 3.0,
                 "heartbeat missed": 2.0, "store not updated": 3.0}  # fmt: skip
_ORDERS: Final = 30  # that have to be lost before a failure is mended
_LONGEST: Final = 7 * DAY
ECHO: Final = 36 * HOUR  # what piled up arrives, and counts are still odd


@dataclass
class Fault:
    """One failure: `touches` are the endpoints that may be named for it."""

    kind: str
    customer: Customer
    begins: datetime
    ends: datetime
    touches: tuple[str, ...]
    missed: int = 0

    def lasts(self, at: datetime) -> bool:
        return self.begins <= at < self.ends

    def covers(self, endpoint: str, at: datetime) -> bool:
        return endpoint in self.touches and self.begins <= at <= self.ends + ECHO


def plan(seed: int, customers: list[Customer], begins: datetime, judged: datetime) -> list[Fault]:
    """Each at a customer of its own, some hour of the first three weeks."""
    rng = random.Random(f"faults/{seed}")
    free = [one for one in customers if not one.promotion]
    rng.shuffle(free)
    found = []
    for kind, count in PLANTED.items():
        for _ in range(count):
            customer = next(one for one in free if _fits(kind, one))
            free.remove(customer)
            found.append(_fault(rng, kind, customer, begins, judged))
    return found


def _fits(kind: str, customer: Customer) -> bool:
    if kind == "one channel of two silent":
        return customer.shops == 2
    if kind == "partial drop of 70 %":
        return customer.a_day >= 18 and customer.shops == 1
    return True


def _fault(
    rng: random.Random, kind: str, customer: Customer, begins: datetime, judged: datetime
) -> Fault:
    since = judged + rng.uniform(24, 22 * 24) * HOUR
    until = since + max(_LEAST.get(kind, 1.0) * DAY, _time_of(customer, since, begins))
    touches = {
        "one channel of two silent": ("shop1",), "heartbeat missed": ("house",),
        "997s missing": ("house",), "945s missing": ("house",), "store not updated": ("shop0", "shop1"),
        "invoices missing": ("erp",),
    }.get(kind, ("shop0", "shop1"))  # fmt: skip
    return Fault(kind, customer, since, until, touches)


def _time_of(customer: Customer, since: datetime, begins: datetime) -> timedelta:
    """How long it takes until so many orders are to be expected, at the smaller of two shops."""
    share, orders, at = (0.4 if customer.shops == 2 else 1.0), 0.0, since
    while orders < _ORDERS and at - since < _LONGEST:
        orders += share * rate(customer, at, begins)
        at += HOUR
    return at - since


def spoil(seed: int, told: Story, fault: Fault) -> None:
    """Take out of the story what the failure keeps back, and let come late what comes once it is mended."""
    rng = random.Random(f"spoil/{seed}/{told.customer.number}")
    _SPOILS[fault.kind](rng, told, fault)


def _lost(
    rng: random.Random, told: Story, fault: Fault, *, shops: tuple[str, ...], share: float
) -> None:
    """Orders are not given to us, and nothing follows from them. Half of the time they come at the end."""
    come_late = rng.random() < 0.5
    kept = []
    for order in told.orders:
        if order.shop in shops and fault.lasts(order.placed) and rng.random() < share:
            fault.missed += 1
            if not come_late:
                continue
            order.later(fault.ends + rng.uniform(0, 0.3) * HOUR - order.placed)
        kept.append(order)
    told.orders = kept


def _silent(rng: random.Random, told: Story, fault: Fault) -> None:
    _lost(rng, told, fault, shops=("shop0", "shop1"), share=1.0)


def _channel(rng: random.Random, told: Story, fault: Fault) -> None:
    _lost(rng, told, fault, shops=("shop1",), share=1.0)


def _partly(rng: random.Random, told: Story, fault: Fault) -> None:
    _lost(rng, told, fault, shops=("shop0",), share=0.7)


def _heartbeat(rng: random.Random, told: Story, fault: Fault) -> None:
    kept = [at for at in told.reports if not fault.lasts(at)]
    fault.missed = len(told.reports) - len(kept)
    told.reports = kept


def _step(
    rng: random.Random, told: Story, fault: Fault, name: str
) -> list[tuple[Order, timedelta]]:
    """The orders of which this step would be done while it lasts, and how much later it is."""
    found = [order for order in told.orders if fault.lasts(getattr(order, name))]
    fault.missed = len(found)
    return [(o, fault.ends + rng.uniform(0, 0.5) * HOUR - getattr(o, name)) for o in found]


def _unacknowledged(rng: random.Random, told: Story, fault: Fault) -> None:
    for order, by in _step(rng, told, fault, "acknowledged"):
        order.acknowledged += by


def _unshipped(rng: random.Random, told: Story, fault: Fault) -> None:
    for order, by in _step(rng, told, fault, "shipped"):
        order.shipped_later(by)


def _untold(rng: random.Random, told: Story, fault: Fault) -> None:
    for order, by in _step(rng, told, fault, "told"):
        order.told += by


def _unbilled(rng: random.Random, told: Story, fault: Fault) -> None:
    for order, by in _step(rng, told, fault, "billed"):
        order.billed += by


_SPOILS: Final[dict[str, Callable[[random.Random, Story, Fault], None]]] = {
    "whole feed silent": _silent, "one channel of two silent": _channel,
    "heartbeat missed": _heartbeat, "997s missing": _unacknowledged, "945s missing": _unshipped,
    "store not updated": _untold, "invoices missing": _unbilled, "partial drop of 70 %": _partly,
}  # fmt: skip
