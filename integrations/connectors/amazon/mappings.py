"""The default mappings between Amazon's documents and the canonical ones.

`derived` is what `mapper.read` adds to an order: values that depend on the endpoint's settings, or that want
exact arithmetic.
"""

from integrations.mapping import Row

_ADDRESS = (
    ("company", "companyName"),
    ("region", "stateOrRegion"),
    ("postal_code", "postalCode"),
    ("country", "countryCode"),
    ("phone", "phone"),
)

ORDER_IN = [
    Row("number", "orderId"),
    Row("channel", "derived.channel"),
    Row("placed_at", "$utc(createdTime)"),
    Row("source_updated_at", "$utc(lastUpdatedTime)"),
    Row("currency", "derived.currency"),
    Row("type", "derived.type"),
    Row("status", "derived.status"),
    Row("po_number", "buyer.buyerPurchaseOrderNumber ? buyer.buyerPurchaseOrderNumber"),
    Row("customer.name", "buyer.buyerName ? buyer.buyerName"),
    Row("customer.email", "buyer.buyerEmail ? buyer.buyerEmail"),
    Row("ship_to.name", "derived.ship_to.name"),
    Row("ship_to.lines[]", "derived.ship_to.lines"),
    Row("ship_to.city", "derived.ship_to.city"),
    *(
        Row(f"ship_to.{ours}", f"derived.ship_to.{theirs} ? derived.ship_to.{theirs}")
        for ours, theirs in _ADDRESS
    ),
    Row("requested_ship", "$utc(fulfillment.shipByWindow.latestDateTime)"),
    Row("requested_delivery", "$utc(fulfillment.deliverByWindow.latestDateTime)"),
    Row(
        "service_level",
        "fulfillment.fulfillmentServiceLevel ? fulfillment.fulfillmentServiceLevel",
    ),
    Row("taxes_included", "derived.taxes_included"),
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
    Row("lines[]", "orderItems"),
    Row("lines[].line_no", "orderItemId"),
    Row("lines[].sku", 'product.sellerSku ? $lookup("sku", product.sellerSku)'),
    Row("lines[].description", "product.title ? product.title"),
    Row("lines[].quantity", "derived.quantity"),
    Row("lines[].uom", '"EA"'),
    Row("lines[].unit_price", "derived.unit_price"),
    Row("lines[].discount", "derived.discount"),
    Row("lines[].total", "derived.total"),
    Row("lines[].tax", "derived.tax"),
]

_CARRIER = (
    'carrier.scac in ["UPSN", "UPSS"] ? "UPS" : carrier.scac in ["FDEG", "FDE", "FXFE"] ? "FedEx"'
    ' : carrier.scac = "USPS" ? "USPS" : carrier.scac = "DHLC" ? "DHL"'
    ' : carrier.name or carrier.scac ? "Other"'
)

SHIPMENT_OUT = [
    # The hub knows which order a shipment belongs to, whatever number the warehouse echoed.
    Row(
        "order_id",
        '$context.order_remote_id ? $context.order_remote_id : $binding("order", order_number)',
    ),
    Row("package.carrierCode", _CARRIER),
    # Wanted where the code is Other, and shown to the buyer.
    Row("package.carrierName", "carrier.name ? carrier.name : carrier.scac"),
    Row("package.shippingMethod", "carrier.service ? carrier.service"),
    Row("package.trackingNumber", "tracking[0]"),
    Row("package.shipDate", "shipped_at"),
    Row("lines[]", "lines[$number(shipped) > 0]"),
    Row("lines[].line_no", "line_no"),
    Row("lines[].sku", '$lookup("sku_out", sku, sku)'),
    Row("lines[].quantity", "shipped"),
]

AVAILABILITY_OUT = [
    Row("sku", '$lookup("sku_out", sku, sku)'),
    Row("quantity", "quantity"),
]
