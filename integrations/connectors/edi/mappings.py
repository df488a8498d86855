"""The default mappings between a trading partner's documents and the canonical ones.

A document in is the neutral one of its syntax; `derived`, which the mapper adds, says the same for X12
and EDIFACT. A document out is what `writing` makes either syntax of.
"""

from integrations.mapping import Row

_ADDRESS = (
    "name", "company", "lines", "city", "region", "postal_code", "country", "phone", "email",
    "location_id",
)  # fmt: skip


def _address(target: str, source: str) -> list[Row]:
    return [Row(f"{target}.{name}", f"{source}.{name}") for name in _ADDRESS]


ORDER_IN = [
    Row("number", "derived.number"),
    Row("channel", "derived.channel"),
    Row("placed_at", "derived.placed_at"),
    Row("source_updated_at", "derived.source_updated_at"),
    Row("currency", "derived.currency"),
    Row("type", "derived.type"),
    Row("status", "derived.status"),
    Row("po_number", "derived.po_number"),
    Row("customer.account", "derived.customer.account"),
    Row("customer.name", "derived.customer.name"),
    *_address("ship_to", "derived.ship_to"),
    *_address("bill_to", "derived.bill_to"),
    *_address("mark_for", "derived.mark_for"),
    Row("requested_ship", "derived.requested_ship"),
    Row("requested_delivery", "derived.requested_delivery"),
    Row("cancel_after", "derived.cancel_after"),
    Row("carrier", 'derived.carrier ? $lookup("carrier", derived.carrier)'),
    Row("service_level", "derived.service"),
    Row("payment.terms", "derived.terms"),
    Row("totals.lines", "derived.totals.lines"),
    Row("totals.discount", "derived.totals.discount"),
    Row("totals.shipping", "derived.totals.shipping"),
    Row("totals.tax", "derived.totals.tax"),
    Row("totals.fees", "derived.totals.fees"),
    Row("totals.total", "derived.totals.total"),
    Row("notes", "derived.notes"),
    # What the buyer wants back in shipping notices and invoices, such as DP:012 for a department.
    Row("tags", "derived.tags"),
    Row("external_refs", "derived.references"),
    Row("lines[]", "derived.lines"),
    Row("lines[].line_no", "line_no"),
    Row("lines[].sku", '$lookup("sku", item)'),
    Row("lines[].gtin", "gtin"),
    Row("lines[].description", "description"),
    Row("lines[].quantity", "quantity"),
    Row("lines[].uom", '$lookup("uom", uom)'),
    Row("lines[].unit_price", "unit_price"),
    Row("lines[].total", "total"),
]


# Our number where the supplier repeats it, else what the lookup table makes of his.
_OURS = 'own_item ? own_item : $lookup("sku", item)'
_SITE = "derived.site ? derived.site : $context.site"

INBOUND_SHIPMENT_IN = [
    Row("number", "derived.number"),
    Row("site", _SITE),
    Row("po_number", "derived.po_number"),
    Row("bol", "derived.bol"),
    *_address("ship_from", "derived.ship_from"),
    Row("expected_on", "derived.expected_on"),
    Row("shipped_on", "derived.shipped_on"),
    Row("carrier", "derived.carrier"),
    Row("lines[]", "derived.lines"),
    Row("lines[].line_no", "line_no"),
    Row("lines[].sku", _OURS),
    Row("lines[].gtin", "gtin"),
    Row("lines[].quantity", "quantity"),
    Row("lines[].uom", '$lookup("uom", uom)'),
    Row("lines[].lot", "lot"),
]

SHIPMENT_IN = [
    Row("number", "derived.number"),
    Row("site", f"({_SITE}) ? ({_SITE}) : derived.sender"),
    Row("order_number", "derived.po_number"),
    Row("bol", "derived.bol"),
    Row("tracking", "derived.tracking"),
    Row("shipped_at", "derived.shipped_on"),
    Row("estimated_delivery", "derived.expected_on"),
    Row("carrier.scac", "derived.scac"),
    Row("carrier.name", "derived.carrier_name"),
    *_address("ship_to", "derived.ship_to"),
    Row("status", "derived.status"),
    Row("packages", "derived.packages"),
    Row("lines[]", "derived.lines"),
    Row("lines[].line_no", "line_no"),
    Row("lines[].sku", _OURS),
    Row("lines[].gtin", "gtin"),
    Row("lines[].ordered", "ordered"),
    Row("lines[].shipped", "quantity"),
    Row("lines[].uom", '$lookup("uom", uom)'),
    Row("lines[].lot", "lot"),
    Row("lines[].sscc", "sscc"),
]

INVOICE_IN = [
    Row("number", "derived.number"),
    # Whose number it is. Without it, it would be one of ours.
    Row("supplier", "derived.supplier"),
    # Without it, one that comes again with other content waits for a person.
    Row("replaces", "derived.replaces"),
    Row("type", "derived.type"),
    Row("order_number", "derived.order_number"),
    Row("shipment_number", "derived.shipment_number"),
    Row("issued_on", "derived.issued_on"),
    Row("due_on", "derived.due_on"),
    Row("currency", "derived.currency"),
    Row("status", '"posted"'),
    Row("totals.lines", "derived.totals.lines"),
    Row("totals.tax", "derived.totals.tax"),
    Row("totals.freight", "derived.totals.freight"),
    Row("totals.total", "derived.totals.total"),
    Row("lines[]", "derived.lines"),
    Row("lines[].line_no", "line_no"),
    Row("lines[].sku", _OURS),
    Row("lines[].description", "description"),
    Row("lines[].quantity", "quantity"),
    Row("lines[].uom", '$lookup("uom", uom)'),
    Row("lines[].unit_price", "unit_price"),
    Row("lines[].total", "total"),
]

INVENTORY_IN = [
    Row("site", _SITE),
    Row("sku", '$lookup("sku", derived.item)'),
    Row("lot", "derived.lot"),
    Row("uom", 'derived.uom ? $lookup("uom", derived.uom) : "EA"'),
    Row("on_hand", "derived.on_hand"),
    Row("committed", "derived.committed"),
    Row("damaged", "derived.damaged"),
    Row("quality_hold", "derived.quality_hold"),
    Row("incoming", "derived.incoming"),
    Row("available", "derived.available"),
    Row("as_of", "derived.as_of"),
    Row("report_id", "report_id ? report_id : number"),
    Row("full_report", "derived.full_report"),
]


def _order_of() -> list[Row]:
    """What a document about an order repeats of it. The buyer knows the order by his own number."""
    return [
        Row(
            "po_number",
            "$context.order.po_number ? $context.order.po_number : po_number ? po_number"
            " : order_number",
        ),
        Row("po_date", "$context.order.placed_at ? $date($context.order.placed_at)"),
        Row("tags", "$context.order.tags"),
        Row("order_lines", "$context.order.lines"),
    ]


ORDER_OUT = [
    # A supplier knows the order by our number; the buyer's own goes with it as a reference.
    Row("number", "number"),
    Row("version", "$string($context.version)"),
    Row(
        "sent_before",
        "$exists($context.sent_before) ? $context.sent_before : $context.version > 1",
    ),
    Row("status", "status"),
    Row("placed_on", "$date(placed_at)"),
    Row("currency", "currency"),
    Row("customer_order", "po_number != number ? po_number"),
    Row("requested_ship", "requested_ship ? $date(requested_ship)"),
    Row("requested_delivery", "requested_delivery ? $date(requested_delivery)"),
    Row("cancel_after", "cancel_after ? $date(cancel_after)"),
    Row("carrier.scac", 'carrier ? $lookup("carrier_out", carrier)'),
    Row("carrier.service", "service_level"),
    Row("ship_to", "ship_to"),
    # What is written to the buyer is not for the supplier.
    Row("notes", '[notes[audience != "customer"].text]'),
    Row("lines[]", "lines"),
    Row("lines[].line_no", "line_no"),
    Row("lines[].sku", "sku"),
    Row("lines[].supplier_item", '$lookup("sku_supplier", sku, "")'),
    Row("lines[].gtin", "gtin"),
    Row("lines[].description", "description"),
    Row("lines[].quantity", "quantity"),
    Row("lines[].uom", '$lookup("uom_partner", uom)'),
    Row("lines[].unit_price", "$context.settings.order_prices ? unit_price"),
]

_BUYER_ITEM = '$lookup("sku_buyer", sku, "")'

SHIPMENT_OUT = [
    Row("number", "number"),
    Row("shipped_on", "$date(shipped_at)"),
    Row("expected_on", "estimated_delivery ? $date(estimated_delivery)"),
    *_order_of(),
    Row("bol", "bol"),
    Row("carrier.scac", 'carrier.scac ? $lookup("carrier_out", carrier.scac)'),
    Row("carrier.name", "carrier.name"),
    Row("carrier.service", "carrier.service"),
    Row("tracking", "tracking"),
    Row("ship_to", "ship_to ? ship_to : $context.order.ship_to"),
    Row("weight", "weight"),
    Row("packages", "packages"),
    Row("lines[]", "lines[$number(shipped) > 0]"),
    Row("lines[].line_no", "line_no"),
    Row("lines[].sku", "sku"),
    Row("lines[].buyer_item", _BUYER_ITEM),
    Row("lines[].gtin", "gtin"),
    Row("lines[].quantity", "shipped"),
    Row("lines[].ordered", "ordered"),
    Row("lines[].uom", 'uom ? $lookup("uom_partner", uom)'),
    Row("lines[].lot", "lot"),
    Row("lines[].sscc", "sscc"),
]

INVOICE_OUT = [
    Row("number", "number"),
    Row("supplier", "supplier"),
    Row("type", "type"),
    Row("status", "status"),
    Row("issued_on", "issued_on"),
    Row("due_on", "due_on"),
    Row("currency", "currency"),
    *_order_of(),
    Row("shipment_number", "shipment_number"),
    Row("bill_to", "$context.order.bill_to"),
    Row("ship_to", "$context.order.ship_to"),
    Row("terms", "$context.order.payment.terms"),
    Row("totals", "totals"),
    Row("lines[]", "lines"),
    Row("lines[].line_no", "line_no"),
    Row("lines[].sku", "sku"),
    Row("lines[].buyer_item", f"sku ? {_BUYER_ITEM}"),
    Row("lines[].description", "description"),
    Row("lines[].quantity", "quantity"),
    Row("lines[].uom", 'uom ? $lookup("uom_partner", uom)'),
    Row("lines[].unit_price", "unit_price"),
    Row("lines[].total", "total"),
]

RETURN_IN = [
    Row("number", "derived.number"),
    Row("order_number", "derived.order_number"),
    Row("status", "derived.status"),
    Row("lines[]", "derived.lines"),
    Row("lines[].sku", '$lookup("sku", item)'),
    Row("lines[].quantity", "quantity"),
    Row("lines[].uom", '$lookup("uom", uom)'),
    Row("lines[].reason", "reason"),
    Row("lines[].disposition", "disposition"),
]

RETURN_OUT = [
    Row("number", "number"),
    Row("status", "status"),
    Row("po_number", "$context.order.po_number ? $context.order.po_number : order_number"),
    Row("lines[]", "lines"),
    Row("lines[].sku", "sku"),
    Row("lines[].buyer_item", _BUYER_ITEM),
    Row("lines[].quantity", "quantity"),
    Row("lines[].uom", 'uom ? $lookup("uom_partner", uom)'),
]

PRICE_LIST_IN = [
    Row("list", "derived.list"),
    Row("currency", "derived.currency"),
    Row("valid_from", "derived.valid_from"),
    Row("valid_to", "derived.valid_to"),
    Row("prices[]", "derived.prices"),
    Row("prices[].sku", '$lookup("sku", item)'),
    Row("prices[].uom", '$lookup("uom", uom)'),
    Row("prices[].min_quantity", "min_quantity"),
    Row("prices[].price", "price"),
]

PRICE_LIST_OUT = [
    Row("list", "list"),
    Row("currency", "currency"),
    Row("valid_from", "valid_from"),
    Row("valid_to", "valid_to"),
    Row("prices[]", "prices"),
    Row("prices[].sku", "sku"),
    Row("prices[].buyer_item", _BUYER_ITEM),
    Row("prices[].uom", '$lookup("uom_partner", uom ? uom : "EA")'),
    Row("prices[].min_quantity", "min_quantity"),
    Row("prices[].price", "price"),
]

PRODUCT_IN = [
    Row("sku", '$lookup("sku", derived.item)'),
    Row("title", "derived.title"),
    Row("status", "derived.status"),
    Row("gtins", "derived.gtins"),
]

AVAILABILITY_OUT = [
    Row("sku", "sku"),
    Row("buyer_item", _BUYER_ITEM),
    Row("quantity", "quantity"),
    Row("uom", '$lookup("uom_partner", "EA")'),
]
