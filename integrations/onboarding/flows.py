"""Which flows make sense between two kinds of systems."""

from typing import Final

# (object type, what the source is, what the target is): chosen unless a person says otherwise.
USUAL: Final = frozenset(
    {
        ("order", "storefront", "erp"),
        ("order", "storefront", "warehouse"),
        ("order", "marketplace", "erp"),
        ("order", "marketplace", "warehouse"),
        ("order", "trading partner", "erp"),
        ("order", "trading partner", "warehouse"),
        ("order", "generic", "erp"),
        ("order", "generic", "warehouse"),
        ("shipment", "warehouse", "storefront"),
        ("shipment", "warehouse", "marketplace"),
        ("shipment", "warehouse", "trading partner"),
        ("shipment", "warehouse", "erp"),
        ("shipment", "shipping", "storefront"),
        ("shipment", "shipping", "marketplace"),
        ("inventory", "warehouse", "storefront"),
        ("inventory", "warehouse", "marketplace"),
        ("price_list", "erp", "storefront"),
        ("invoice", "erp", "generic"),
        ("invoice", "erp", "trading partner"),
    }
)


def is_usual(object_type: str, source: str, target: str) -> bool:
    """Whether most customers with two such systems have this flow."""
    return (object_type, source, target) in USUAL


def is_routed(object_type: str, target: str) -> bool:
    """Whether the routing rules choose among targets of this kind: orders to warehouses."""
    return object_type == "order" and target == "warehouse"
