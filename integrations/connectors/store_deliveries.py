"""Deliveries to a store, whichever it is: which messages go together, and who writes them."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from integrations.connectors.outbound import Outbound, Outcome
from integrations.transports.threads import Threads
from portal.core.errors import CrossdockError, Permanent


class Job(NamedTuple):
    """Messages that one thread delivers one after the other or in one call."""

    object_type: str
    items: list[Outbound]


@dataclass(frozen=True)
class Writers:
    """Who writes what to one store. Safe from any thread; an outcome for every message, never an error.
    `store` is what its refusal calls it, `per_batch` how many items of stock go into one call."""

    store: str
    order: Callable[[Outbound], Outcome]  # shipments too
    prices: Callable[[Outbound], Outcome]
    stock: Callable[[list[Outbound]], list[Outcome]]
    per_batch: int

    def __call__(self, job: Job) -> list[Outcome]:
        if job.object_type == "availability":
            return self.stock(job.items)
        write = {"order": self.order, "price_list": self.prices}.get(job.object_type, self._refuse)
        return [write(item) for item in job.items]

    def _refuse(self, item: Outbound) -> Outcome:
        text = f"A {self.store} takes no {item.object_type}"
        return Outcome(item.message_id, error=Permanent(text, code="not_supported"))


def deliver(
    batch: Sequence[Outbound],
    writers: Callable[[], Writers],
    *,
    threads: Threads,
    enough: Callable[[], bool],
) -> Iterator[Outcome]:
    """Each message's outcome as soon as it is known. Where there are no `writers`, what they raise is the
    outcome of all."""
    try:
        perform = writers()
    except CrossdockError as error:
        yield from [Outcome(item.message_id, error=error) for item in batch]
        return
    for outcomes in threads.each(perform, plan(batch, per_batch=perform.per_batch), enough=enough):
        yield from outcomes


def plan(batch: Sequence[Outbound], *, per_batch: int) -> list[Job]:
    """Orders and shipments by order, so that two of one order never race; stock in batches."""
    by_order: dict[str, list[Outbound]] = {}
    stock, others = [], []
    for item in batch:
        if item.object_type in {"order", "shipment"}:
            by_order.setdefault(str(order_id_of(item)), []).append(item)
        elif item.object_type == "availability":
            stock.append(item)
        else:
            others.append(item)
    chunks = [stock[start : start + per_batch] for start in range(0, len(stock), per_batch)]
    return (
        [Job("order", items) for items in by_order.values()]
        + [Job("availability", items) for items in chunks]
        + [Job(item.object_type, [item]) for item in others]
    )


def order_id_of(item: Outbound) -> Any:
    """The store's id of the order that an order or a shipment is about, if it is known."""
    known = item.remote_id if item.object_type == "order" else None
    return known or item.document.get("order_id")
