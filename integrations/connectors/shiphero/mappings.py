"""The default mappings between ShipHero's documents and the canonical ones.

`derived` is what `mapper.read` adds to a native document. What goes out is `order` as ShipHero takes it
(CreateOrderInput), and beside it what it is to become.
"""

from integrations.mapping import Row

_SITE = '$context.site ? $context.site : $lookup("site", derived.site)'

SHIPMENT_IN = [
    Row("number", "derived.number"),
    Row("site", _SITE),
    Row("order_number", "derived.order_number"),
    Row("carrier.name", "derived.carrier"),
    Row("carrier.service", "derived.service"),
    Row("tracking", "derived.tracking"),
    Row("shipped_at", "derived.shipped_at"),
    Row("status", "derived.status"),
    Row("lines[]", "derived.lines"),
    Row("lines[].line_no", "line_no ? line_no"),
    Row("lines[].sku", 'sku ? $lookup("sku", sku)'),
    Row("lines[].shipped", "shipped"),
    Row("lines[].uom", '"EA"'),
]

INVENTORY_IN = [
    Row("site", _SITE),
    Row("sku", '$lookup("sku", sku)'),
    Row("uom", '"EA"'),
    *(
        Row(name, f"derived.{name}")
        for name in ("on_hand", "committed", "available", "reserved", "quality_hold", "as_of")
    ),
]


def _address(target: str, source: str) -> list[Row]:
    plain = (
        ("first_name", "name"),
        ("company", "company"),
        ("address1", "lines[0]"),
        ("address2", "lines[1]"),
        ("city", "city"),
        ("state", "region"),
        ("zip", "postal_code"),
        ("country", "country"),
        ("phone", "phone"),
        ("email", "email"),
    )
    return [Row(f"{target}.{theirs}", f"{source}.{ours}") for theirs, ours in plain]


ORDER_OUT = [
    Row("order_id", "$context.remote_id"),
    Row("status", "status"),
    Row("order.order_number", "number"),
    Row("order.partner_order_id", 'channel & "-" & number'),
    Row("order.shop_name", "$context.settings.shop_name"),
    Row("order.fulfillment_status", '"pending"'),
    Row("order.order_date", "placed_at"),
    Row("order.currency", "currency"),
    Row("order.subtotal", "totals.lines"),
    Row("order.total_discounts", "totals.discount"),
    Row("order.total_tax", "totals.tax"),
    Row("order.total_price", "totals.total"),
    Row("order.required_ship_date", "requested_ship"),
    Row("order.packing_note", '$join(notes[audience = "warehouse"].text, " / ")'),
    Row("order.gift_note", '$join(notes[audience = "gift"].text, " / ")'),
    Row("order.email", "customer.email"),
    Row("order.shipping_lines.title", 'service_level ? service_level : "Standard"'),
    Row("order.shipping_lines.price", "totals.shipping"),
    Row("order.shipping_lines.carrier", 'carrier ? $lookup("carrier_out", carrier, carrier)'),
    Row(
        "order.shipping_lines.method",
        'service_level ? $lookup("service_out", service_level, service_level)',
    ),
    *_address("order.shipping_address", "ship_to"),
    *_address("order.billing_address", "bill_to"),
    Row("order.line_items[]", "lines"),
    Row("order.line_items[].sku", '$lookup("sku_warehouse", sku, sku)'),
    Row("order.line_items[].partner_line_item_id", "line_no ? line_no : $string($index + 1)"),
    Row("order.line_items[].quantity", "$number(quantity)"),
    Row("order.line_items[].price", "unit_price"),
    Row("order.line_items[].product_name", "description"),
]
