"""Which variants of a shop have which SKU."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from integrations.connectors.graphql import lists
from integrations.connectors.graphql.conversation import Conversation
from integrations.connectors.graphql.lists import Listing, Node

AT_ONCE: Final = 40  # SKUs of one question: it has to stay short


def by_sku(
    conversation: Conversation, listing: Listing, skus: Iterable[str], more: Mapping[str, Any]
) -> dict[str, list[Node]]:
    """The variants with exactly these SKUs; those of archived products only where there are no others.

    Shopify's search finds more than it is asked for, and a SKU may stand on several variants.
    """
    wanted = [sku for sku in dict.fromkeys(skus) if sku]
    found: dict[str, list[Node]] = {}
    for start in range(0, len(wanted), AT_ONCE):
        chunk = wanted[start : start + AT_ONCE]
        query = " OR ".join(f"sku:{_quoted(sku)}" for sku in chunk)
        for node in lists.everything(conversation, listing, {"query": query, **more}):
            if node.get("sku") in chunk:
                found.setdefault(str(node["sku"]), []).append(node)
    return {sku: _current(nodes) for sku, nodes in found.items()}


def _current(nodes: list[Node]) -> list[Node]:
    current = [node for node in nodes if (node.get("product") or {}).get("status") != "ARCHIVED"]
    return current or nodes


def _quoted(sku: str) -> str:
    """A value of Shopify's search syntax."""
    escaped = sku.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"
