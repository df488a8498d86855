"""The default mappings between Walmart's documents and the canonical ones.

`derived` is what `mapper.read` adds to an order: times that stand as milliseconds there, and what wants exact
arithmetic.
"""

from integrations.mapping import Row

_ADDRESS = (
    ("region", "state"),
    ("postal_code", "postalCode"),
    ("country", "country"),
    ("phone", "phone"),
)

ORDER_IN = [
    Row("number", "purchaseOrderId"),
    Row("channel", "derived.channel"),
    Row("placed_at", "derived.placed_at"),
    Row("source_updated_at", "derived.updated_at"),
    Row("currency", "derived.currency"),
    Row("type", '"b2c"'),
    Row("status", "derived.status"),
    Row("customer.name", "derived.ship_to.name"),
    Row("customer.email", "customerEmailId ? customerEmailId"),
    Row("ship_to.name", "derived.ship_to.name"),
    Row("ship_to.lines[]", "derived.ship_to.lines"),
    Row("ship_to.city", "derived.ship_to.city"),
    *(
        Row(f"ship_to.{ours}", f"derived.ship_to.{theirs} ? derived.ship_to.{theirs}")
        for ours, theirs in _ADDRESS
    ),
    Row("requested_ship", "derived.ship_by"),
    Row("requested_delivery", "derived.deliver_by"),
    Row("service_level", "shippingInfo.methodCode ? shippingInfo.methodCode"),
    Row("taxes_included", "false"),
    Row("totals.lines", "derived.lines_total"),
    Row("totals.discount", "derived.discount"),
    Row("totals.shipping", "derived.shipping"),
    Row("totals.tax", "derived.tax"),
    Row("totals.fees", "derived.fees"),
    Row("totals.total", "derived.total"),
    Row("notes[]", "derived.notes"),
    Row("notes[].audience", "audience"),
    Row("notes[].text", "text"),
    Row("external_refs[]", "derived.references"),
    Row("external_refs[].kind", "kind"),
    Row("external_refs[].value", "value"),
    Row("lines[]", "derived.lines"),
    Row("lines[].line_no", "line_no"),
    Row("lines[].sku", 'sku ? $lookup("sku", sku)'),
    Row("lines[].description", "description"),
    Row("lines[].quantity", "quantity"),
    Row("lines[].uom", '"EA"'),
    Row("lines[].unit_price", "unit_price"),
    Row("lines[].discount", "discount"),
    Row("lines[].total", "total"),
    Row("lines[].tax", "tax"),
]

# Names as Walmart lists them; others go as they are, and Walmart says what it does not know.
_CARRIER = (
    'carrier.scac in ["UPSN", "UPSS"] ? "UPS" : carrier.scac in ["FDEG", "FDE", "FXFE"] ? "FedEx"'
    ' : carrier.scac = "USPS" ? "USPS" : carrier.scac = "DHLC" ? "DHL"'
    " : carrier.name ? carrier.name : carrier.scac"
)

SHIPMENT_OUT = [
    # The hub knows which order a shipment belongs to, whatever number the warehouse echoed.
    Row(
        "order_id",
        '$context.order_remote_id ? $context.order_remote_id : $binding("order", order_number)',
    ),
    Row("number", "number"),
    Row("carrier", _CARRIER),
    Row("tracking_number", "tracking[0]"),
    Row("shipped_at", "shipped_at"),
    Row("lines[]", "lines[$number(shipped) > 0]"),
    Row("lines[].line_no", "line_no"),
    Row("lines[].sku", '$lookup("sku_out", sku, sku)'),
    Row("lines[].quantity", "shipped"),
]

AVAILABILITY_OUT = [
    Row("sku", '$lookup("sku_out", sku, sku)'),
    Row("quantity", "quantity"),
]
