"""Changes of a store's products: stock and prices, by the hundred."""

from collections.abc import Iterable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any, Final, NamedTuple

from integrations.canonical.problem import Problem, shorten
from integrations.connectors.outbound import Outbound, Outcome
from integrations.connectors.woocommerce.api import Api, check, refusal
from integrations.connectors.woocommerce.catalogue import Catalogue, Place
from integrations.transports.http import encode
from portal.core.errors import CrossdockError, NeedsPerson

PER_BATCH: Final = 100  # as WooCommerce allows


class _Write(NamedTuple):
    """One product to change."""

    sku: str
    place: Place
    change: dict[str, Any]


class ProductWriter:
    """Changes products; an outcome for every message, never an error."""

    def __init__(self, api: Api, catalogue: Catalogue) -> None:
        self._api = api
        self._catalogue = catalogue

    def write_stock(self, items: list[Outbound]) -> list[Outcome]:
        """One availability each, in as few calls as it takes."""
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
        failures = self._write_all(writes.values())
        return outcomes + [
            Outcome(
                message_id,
                error=failures.get(write.sku),
                remote_id=None if write.sku in failures else str(write.place),
                sent=encode(write.change),
            )
            for message_id, write in writes.items()
        ]

    def write_prices(self, item: Outbound) -> Outcome:
        """All prices of one price list; it fails with the first call that does."""
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
        failures = self._write_all(writes)
        failure = next(iter(failures.values()), None)
        if failure is None and problems:
            failure = NeedsPerson(problems)
        return Outcome(item.message_id, error=failure, sent=encode(item.document))

    def _places(self, items: Iterable[Outbound]) -> dict[str, Place]:
        known = {str(item.document.get("sku")): item.remote_id for item in items}
        places = {sku: Place.parse(remote) for sku, remote in known.items() if remote}
        found = {sku: place for sku, place in places.items() if place}
        return found | self._catalogue.find(sku for sku in known if sku not in found)

    def _write_all(self, writes: Iterable[_Write]) -> dict[str, CrossdockError]:
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
