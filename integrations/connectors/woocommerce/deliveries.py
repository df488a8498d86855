"""Deliveries to a store: what goes into one call, and what became of each message in it."""

import re
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any, Final, NamedTuple

from integrations.canonical.problem import Problem, shorten
from integrations.connectors.base import Connection, Outbound, Outcome
from integrations.connectors.woocommerce import changes
from integrations.connectors.woocommerce.api import Api, check, refusal
from integrations.connectors.woocommerce.catalogue import Catalogue, Place
from integrations.connectors.woocommerce.settings import TRACKING_ITEMS
from integrations.transports.http import describe, encode
from portal.core.errors import CrossdockError, NeedsPerson, Permanent

PER_BATCH: Final = 100
_ID: Final = re.compile(r"[0-9]{1,20}", re.ASCII)


class Job(NamedTuple):
    """Messages that one thread delivers one after the other or in one call."""

    object_type: str
    items: list[Outbound]


class _Write(NamedTuple):
    """One product to change."""

    sku: str
    place: Place
    change: dict[str, Any]


def plan(batch: Sequence[Outbound]) -> list[Job]:
    """Orders and shipments by order, so that two of one order never race; stock by the hundred."""
    by_order: dict[str, list[Outbound]] = {}
    stock, others = [], []
    for item in batch:
        if item.object_type in {"order", "shipment"}:
            by_order.setdefault(str(_order_id(item)), []).append(item)
        elif item.object_type == "availability":
            stock.append(item)
        else:
            others.append(item)
    chunks = [stock[start : start + PER_BATCH] for start in range(0, len(stock), PER_BATCH)]
    return (
        [Job("order", items) for items in by_order.values()]
        + [Job("availability", items) for items in chunks]
        + [Job(item.object_type, [item]) for item in others]
    )


def _order_id(item: Outbound) -> Any:
    known = item.remote_id if item.object_type == "order" else None
    return known or item.document.get("order_id")


class Performer:
    """Performs jobs. Safe from any thread; an outcome for every message, never an error."""

    def __init__(self, api: Api, catalogue: Catalogue, connection: Connection) -> None:
        self._api = api
        self._catalogue = catalogue
        self._settings = connection.settings

    def __call__(self, job: Job) -> list[Outcome]:
        if job.object_type == "availability":
            return self._write_stock(job.items)
        perform = {"order": self._change_order, "price_list": self._write_prices}.get(
            job.object_type, self._refuse
        )
        return [perform(item) for item in job.items]

    def _refuse(self, item: Outbound) -> Outcome:
        text = f"A WooCommerce store takes no {item.object_type}"
        return Outcome(item.message_id, error=Permanent(text, code="not_supported"))

    def _change_order(self, item: Outbound) -> Outcome:
        sent, answer = b"", {}
        try:
            path = f"/orders/{_checked_id(item)}"
            meta = self._meta(path, item)
            if item.object_type == "shipment" and changes.is_noted(item.document, meta):
                return Outcome(item.message_id, remote_id=_remote_id(item), answer={"found": True})
            change = self._change(item, meta)
            sent = encode(change)
            response = self._api.write("PUT", path, change)
            answer = describe(response)
            check(response)
        except CrossdockError as error:
            return Outcome(item.message_id, error=error, sent=sent, answer=answer)
        return Outcome(item.message_id, remote_id=_remote_id(item), sent=sent, answer=answer)

    def _meta(self, path: str, item: Outbound) -> list[dict[str, Any]]:
        """What the order's meta data says, where that matters: a list of the plug-in's is extended,
        and a try that may have arrived is looked for."""
        extends = self._settings["tracking_style"] == TRACKING_ITEMS
        if item.object_type == "order" or not (item.retried or extends):
            return []
        order = self._api.get(path).json()
        return order.get("meta_data") or []

    def _change(self, item: Outbound, meta: list[dict[str, Any]]) -> dict[str, Any]:
        if item.object_type == "order":
            return {"status": item.document.get("status")}
        return changes.of_shipment(item.document, meta, self._settings)

    def _write_stock(self, items: list[Outbound]) -> list[Outcome]:
        try:
            places = self._places(items)
        except CrossdockError as error:
            return [Outcome(item.message_id, error=error) for item in items]
        outcomes, writes = [], {}
        for item in items:
            try:
                writes[item.message_id] = _stock_write(item, places)
            except NeedsPerson as error:
                outcomes.append(Outcome(item.message_id, error=error))
        failures = self._write_products(writes.values())
        return outcomes + [
            Outcome(
                message_id,
                error=failures.get(write.sku),
                remote_id=None if write.sku in failures else str(write.place),
                sent=encode(write.change),
            )
            for message_id, write in writes.items()
        ]

    def _places(self, items: Iterable[Outbound]) -> dict[str, Place]:
        known = {str(item.document.get("sku")): item.remote_id for item in items}
        places = {sku: Place.parse(remote) for sku, remote in known.items() if remote}
        found = {sku: place for sku, place in places.items() if place}
        return found | self._catalogue.find(sku for sku in known if sku not in found)

    def _write_prices(self, item: Outbound) -> Outcome:
        prices = item.document.get("prices") or []
        skus = [str(price.get("sku")) for price in prices]
        try:
            places = self._catalogue.find(skus)
        except CrossdockError as error:
            return Outcome(item.message_id, error=error)
        problems, writes = [], []
        for number, price in enumerate(prices):
            if place := places.get(skus[number]):
                change = {"id": place.id, "regular_price": price.get("regular_price")}
                writes.append(_Write(skus[number], place, change))
            else:
                problems.append(_unknown_sku(skus[number], path=f"prices[{number}].sku"))
        failures = self._write_products(writes)
        failure = next(iter(failures.values()), None)
        if failure is None and problems:
            failure = NeedsPerson(problems)
        return Outcome(item.message_id, error=failure, sent=encode(item.document))

    def _write_products(self, writes: Iterable[_Write]) -> dict[str, CrossdockError]:
        """SKU → error, for the changes that did not take effect."""
        by_path: dict[str, list[_Write]] = {}
        for write in writes:
            by_path.setdefault(write.place.batch_path, []).append(write)
        failures: dict[str, CrossdockError] = {}
        for path, group in by_path.items():
            for start in range(0, len(group), PER_BATCH):
                failures |= self._write_batch(path, group[start : start + PER_BATCH])
        return failures

    def _write_batch(self, path: str, writes: list[_Write]) -> dict[str, CrossdockError]:
        body = {"update": [write.change for write in writes]}
        try:
            answered = check(self._api.write("POST", path, body)).get("update") or []
        except CrossdockError as error:
            return {write.sku: error for write in writes}
        refused = {entry["id"]: entry["error"] for entry in answered if "error" in entry}
        failures: dict[str, CrossdockError] = {}
        for write in writes:
            if write.place.id in refused:
                # The product may be gone: the next try asks for its place anew.
                self._catalogue.forget(write.sku)
                failures[write.sku] = NeedsPerson([refusal(refused[write.place.id], path="sku")])
        return failures


def _checked_id(item: Outbound) -> str:
    order_id = _order_id(item)
    if order_id is not None and _ID.fullmatch(str(order_id)):
        return str(order_id)
    number = item.document.get("order_number") or item.business_key
    text = f"The store has no order that is known here as {shorten(number)}."
    raise NeedsPerson([Problem("unknown_order", "order_id", shorten(number), text)])


def _remote_id(item: Outbound) -> str:
    order_id = _checked_id(item)
    if item.object_type == "order":
        return order_id
    return f"{order_id}:{item.document.get('shipment_number')}"[:120]


def _stock_write(item: Outbound, places: Mapping[str, Place]) -> _Write:
    sku = str(item.document.get("sku"))
    place = places.get(sku)
    if place is None:
        raise NeedsPerson([_unknown_sku(sku, path="sku")])
    quantity = item.document.get("stock_quantity")
    try:
        whole = int(Decimal(str(quantity)))
    except (InvalidOperation, ValueError, OverflowError):
        text = f"stock_quantity is “{shorten(quantity)}”; a number is needed."
        problem = Problem("wrong_format", "stock_quantity", shorten(quantity), text)
        raise NeedsPerson([problem]) from None
    return _Write(sku, place, {"id": place.id, "manage_stock": True, "stock_quantity": whole})


def _unknown_sku(sku: str, *, path: str) -> Problem:
    return Problem("unknown_sku", path, shorten(sku), "The store has no product with this SKU.")
