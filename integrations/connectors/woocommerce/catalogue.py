"""Which product of the store has which SKU."""

from collections.abc import Iterable
from typing import Any, Final, NamedTuple

from integrations.connectors.woocommerce import polling
from integrations.connectors.woocommerce.api import Api

_MOST_REMEMBERED: Final = 50_000
# A SKU can be long, and the whole question has to fit an address.
_ASKED_AT_ONCE: Final = 50


class Place(NamedTuple):
    """Where a product is written: a variation under its parent, everything else by itself."""

    id: int
    parent: int = 0

    @classmethod
    def parse(cls, remote_id: str) -> "Place | None":
        """What `str` made; None for anything else."""
        parent, _, own = remote_id.rpartition("/")
        if not (own.isascii() and own.isdigit() and (parent or "0").isdigit()):
            return None
        return cls(int(own), int(parent or 0))

    def __str__(self) -> str:
        return f"{self.parent}/{self.id}" if self.parent else str(self.id)

    @property
    def batch_path(self) -> str:
        parent = f"/{self.parent}/variations" if self.parent else ""
        return f"/products{parent}/batch"


class Catalogue:
    """SKU → place, asked for once and remembered until a write to it fails."""

    def __init__(self, api: Api) -> None:
        self._api = api
        self._known: dict[str, Place] = {}

    def find(self, skus: Iterable[str]) -> dict[str, Place]:
        """The places of those SKUs that the store has."""
        wanted = list(dict.fromkeys(skus))
        known = {sku: self._known[sku] for sku in wanted if sku in self._known}
        # A comma parts SKUs in the question, so one that holds a comma cannot be asked for.
        unknown = [sku for sku in wanted if sku not in known and sku and "," not in sku]
        for start in range(0, len(unknown), _ASKED_AT_ONCE):
            known |= self._ask(unknown[start : start + _ASKED_AT_ONCE])
        return known

    def _ask(self, skus: list[str]) -> dict[str, Place]:
        answer = self._api.get("/products", {"sku": ",".join(skus), "per_page": "100"})
        found = {
            str(row.entry.get("sku")): _place(row.entry)
            for row in reversed(polling.rows_of(answer))
        }
        found = {sku: found[sku] for sku in skus if sku in found}
        if len(self._known) + len(found) > _MOST_REMEMBERED:
            self._known.clear()
        self._known |= found
        return found

    def forget(self, sku: str) -> None:
        self._known.pop(sku, None)


def _place(product: dict[str, Any]) -> Place:
    variation = product.get("type") == "variation"
    return Place(int(product["id"]), int(product.get("parent_id") or 0) if variation else 0)
