"""Prices of a shop's variants."""

from typing import Any, Final

from integrations.canonical.problem import Problem, shorten
from integrations.connectors.graphql.conversation import Conversation
from integrations.connectors.graphql.lists import Listing
from integrations.connectors.outbound import Outbound, Outcome
from integrations.connectors.shopify import catalogue, documents
from integrations.connectors.shopify.api import refused
from integrations.transports.http import encode
from portal.core.errors import CrossdockError, NeedsPerson

_LISTING: Final = Listing(documents.VARIANTS, ("productVariants",), per_page=100)
_MOST: Final = 250  # entries of one list of a change, as Shopify allows


class PriceWriter:
    """Sets prices; an outcome, never an error. Safe from any thread."""

    def __init__(self, conversation: Conversation) -> None:
        self._conversation = conversation

    def write(self, item: Outbound) -> Outcome:
        """All prices of one price list, product by product; what is refused or unknown is told at the end."""
        sent = encode(item.document)
        prices = [one for one in item.document.get("prices") or [] if isinstance(one, dict)]
        skus = [str(one.get("sku") or "") for one in prices]
        problems: list[Problem] = []
        by_product: dict[str, list[dict[str, Any]]] = {}
        try:
            self._must_be_currency(item.document.get("currency"))
            found = catalogue.by_sku(self._conversation, _LISTING, skus, {})
            for number, (price, sku) in enumerate(zip(prices, skus, strict=True)):
                nodes = found.get(sku, [])
                if not nodes:
                    text = "The shop has no variant with this SKU."
                    path = f"prices[{number}].sku"
                    problems.append(Problem("unknown_sku", path, shorten(sku), text))
                for node in nodes:
                    entry = {"id": node["id"], "price": price.get("price")}
                    by_product.setdefault(node["product"]["id"], []).append(entry)
            for product, entries in by_product.items():
                problems += self._set(product, entries)
        except CrossdockError as error:
            return Outcome(item.message_id, error=error, sent=sent)
        failure = NeedsPerson(problems) if problems else None
        return Outcome(item.message_id, error=failure, sent=sent)

    def _must_be_currency(self, listed: Any) -> None:
        """A variant's price is in the shop's own currency, whatever a list says."""
        shop: Any = self._conversation.ask(documents.SHOP).data.get("shop") or {}
        own = shop.get("currencyCode")
        if listed and listed != own:
            text = f"The prices of the shop are in {own}."
            raise NeedsPerson([Problem("rejected", "currency", shorten(listed), text)])

    def _set(self, product: str, entries: list[dict[str, Any]]) -> list[Problem]:
        problems = []
        for start in range(0, len(entries), _MOST):
            asked = {"product": product, "variants": entries[start : start + _MOST]}
            said = self._conversation.ask(documents.SET_PRICES, asked)
            problems += refused(said.data.get("productVariantsBulkUpdate"), root="prices")
        return problems
