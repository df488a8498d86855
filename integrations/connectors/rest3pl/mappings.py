"""The default mappings between the published shape and the canonical documents: nearly one to one.

The shape is in the README. `mapper.read` has taken out nulls, told the site where the warehouse names none,
and written times in UTC.
"""

from integrations.mapping import Row


def _same(*names: str) -> list[Row]:
    return [Row(name, name) for name in names]


def _texts(*names: str) -> list[Row]:
    """Numbers may come as numbers or as text."""
    return [Row(name, f"$string({name})") for name in names]


def _address(target: str, source: str) -> list[Row]:
    plain = ("name", "company", "city", "region", "postal_code", "country", "phone", "email")
    return [
        *(Row(f"{target}.{name}", f"{source}.{name}") for name in plain),
        Row(f"{target}.lines[]", f"[{source}.lines]"),
    ]


def _lines(*rows: Row) -> list[Row]:
    return [
        Row("lines[]", "lines"),
        *(row._replace(target=f"lines[].{row.target}") for row in rows),
    ]


_SKU_IN = Row("sku", '$lookup("sku", sku)')
_SKU_OUT = Row("sku", '$lookup("sku_out", sku, sku)')

SHIPMENT_IN = [
    *_same(
        "number", "site", "order_number", "po_number", "bol", "shipped_at", "estimated_delivery"
    ),
    *_same("status"),
    Row("source_updated_at", "updated_at"),
    Row("carrier.scac", "carrier.scac"),
    Row("carrier.service", "carrier.service"),
    Row("carrier.name", "carrier.name"),
    Row("tracking[]", "[tracking]"),
    Row("packages[]", "packages"),
    Row("packages[].sscc", "sscc"),
    Row("packages[].tracking", "tracking"),
    *_lines(
        *_texts("line_no"),
        _SKU_IN,
        *_texts("ordered", "shipped", "short"),
        *_same("uom", "lot", "expiry", "status"),
        Row("serials[]", "[serials]"),
    ),
]

INVENTORY_IN = [
    *_same("site", "lot", "uom", "as_of", "report_id", "full_report"),
    _SKU_IN,
    *_texts("on_hand", "committed", "reserved", "damaged", "quality_hold", "incoming", "available"),
]

RECEIPT_IN = [
    *_same("number", "site", "order_number", "received_on"),
    *_lines(_SKU_IN, *_texts("received", "damaged"), *_same("uom", "lot")),
]

ADJUSTMENT_IN = [
    *_same("number", "site", "adjusted_on"),
    *_lines(_SKU_IN, *_texts("delta"), *_same("uom", "lot", "reason")),
]

RETURN_IN = [
    *_same("number", "site", "order_number", "status", "received_at"),
    Row("source_updated_at", "updated_at"),
    *_lines(_SKU_IN, *_texts("quantity"), *_same("uom", "condition", "reason", "disposition")),
]

ORDER_OUT = [
    *_same("number", "status", "placed_at", "po_number", "type", "service_level", "carrier"),
    *_same("requested_ship", "requested_delivery", "cancel_after"),
    *_address("ship_to", "ship_to"),
    Row("notes[]", 'notes[audience = "warehouse" or audience = "gift"]'),
    Row("notes[].kind", "audience"),
    Row("notes[].text", "text"),
    *_lines(_SKU_OUT, *_same("line_no", "description", "quantity", "uom", "gtin")),
]

INBOUND_SHIPMENT_OUT = [
    *_same("number", "site", "po_number", "expected_on"),
    *_address("ship_from", "ship_from"),
    *_lines(_SKU_OUT, *_same("line_no", "quantity", "uom")),
]

PRODUCT_OUT = [
    _SKU_OUT,
    *_same("title", "status", "base_uom", "gtins", "units", "weight", "hazmat"),
]
