"""The default mappings between Shopify's documents and the canonical ones.

A document in has the shape that GraphQL gives it. `derived` is what `mapper.read` adds to it: values that
depend on the endpoint's settings, want exact arithmetic, or stand in several places.
"""

from integrations.mapping import Row


def _address(target: str, source: str) -> list[Row]:
    """Rows for one address."""
    plain = (
        ("company", "company"),
        ("city", "city"),
        ("region", "provinceCode"),
        ("postal_code", "zip"),
        ("country", "countryCodeV2"),
        ("phone", "phone"),
        ("email", "email"),
    )
    name = f'$trim($join([{source}.firstName, {source}.lastName], " "))'
    return [
        Row(f"{target}.name", f'{name} != "" ? {name} : {source}.company'),
        Row(f"{target}.lines[]", f"[{source}.address1, {source}.address2]"),
        *(
            Row(f"{target}.{ours}", f"{source}.{theirs} ? {source}.{theirs}")
            for ours, theirs in plain
        ),
    ]


ORDER_IN = [
    Row("number", "derived.number"),
    Row("channel", "derived.channel"),
    Row("placed_at", "$utc(createdAt)"),
    Row("source_updated_at", "$utc(updatedAt)"),
    Row("currency", "currencyCode"),
    Row("type", '"b2c"'),
    Row("status", "derived.status"),
    Row("po_number", "poNumber ? poNumber"),
    Row("customer.account", 'derived.customer ? derived.channel & "-" & derived.customer'),
    Row("customer.name", "customer.displayName ? customer.displayName"),
    Row("customer.email", "email ? email"),
    *_address("ship_to", "derived.ship_to"),
    *_address("bill_to", "derived.bill_to"),
    Row("service_level", "shippingLine.title ? shippingLine.title"),
    Row("taxes_included", "taxesIncluded = true"),
    Row("payment.method", "paymentGatewayNames[0]"),
    Row("payment.status", "displayFinancialStatus ? $lowercase(displayFinancialStatus)"),
    Row("totals.lines", "derived.lines_total"),
    Row("totals.discount", "derived.discount"),
    Row("totals.shipping", "derived.shipping"),
    Row("totals.tax", "derived.tax"),
    Row("totals.fees", "derived.fees"),
    Row("totals.total", "derived.total"),
    Row("notes", 'note ? [{"audience": "warehouse", "text": note}]'),
    Row("tags", "tags"),
    Row("external_refs", '[{"kind": "shopify_id", "value": derived.id}]'),
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

PRODUCT_IN = [
    Row("sku", '$lookup("sku", variant.sku)'),
    Row("title", "derived.title"),
    Row(
        "status",
        'status in ["ACTIVE", "UNLISTED"] ? "active" : status = "ARCHIVED" ? "discontinued" : "blocked"',
    ),
    Row("gtins", 'derived.gtin ? [{"gtin": derived.gtin, "level": "each"}]'),
    Row("units", '[{"uom": "EA", "factor": "1"}]'),
    Row("base_uom", '"EA"'),
    Row("weight", "derived.weight"),
    Row("price", "variant.price ? variant.price"),
    Row("source_updated_at", "$utc(updatedAt)"),
]

CUSTOMER_IN = [
    Row("account", 'derived.channel & "-" & derived.id'),
    Row("name", "displayName"),
    Row("type", 'derived.company ? "company" : "person"'),
    Row("email", "defaultEmailAddress.emailAddress ? defaultEmailAddress.emailAddress"),
    Row("phone", "defaultPhoneNumber.phoneNumber ? defaultPhoneNumber.phoneNumber"),
    Row("addresses[]", "derived.addresses"),
    Row("addresses[].role", "role"),
    *_address("addresses[]", "address"),
    Row("source_updated_at", "$utc(updatedAt)"),
]

RETURN_IN = [
    Row("number", '"R" & derived.id'),
    Row("order_number", 'derived.order ? derived.order : $binding("order", derived.order_id)'),
    Row("status", '"refunded"'),
    Row("refunded", "totalRefundedSet.shopMoney.amount ? totalRefundedSet.shopMoney.amount"),
    Row("lines[]", "derived.lines"),
    Row("lines[].sku", 'sku ? $lookup("sku", sku)'),
    Row("lines[].quantity", "quantity"),
    Row("lines[].uom", '"EA"'),
    Row("lines[].reason", "$root.note ? $root.note"),
    Row("lines[].disposition", "disposition"),
    Row("source_updated_at", "$utc(createdAt)"),
]

INVENTORY_IN = [
    Row("site", '$context.site ? $context.site : $lookup("site", derived.location)'),
    Row("sku", '$lookup("sku", derived.sku)'),
    Row("uom", '"EA"'),
    *(
        Row(name, f"derived.{name}")
        for name in (
            "on_hand",
            "available",
            "committed",
            "reserved",
            "damaged",
            "quality_hold",
            "safety_stock",
            "incoming",
        )
    ),
    Row("as_of", "$utc(updatedAt)"),
    Row("source_updated_at", "$utc(updatedAt)"),
]

ORDER_OUT = [
    Row("order_id", '$context.remote_id ? $context.remote_id : $binding("order", number)'),
    Row("status", "status"),
]

SHIPMENT_OUT = [
    # The hub knows which order a shipment belongs to, whatever number the warehouse echoed.
    Row(
        "order_id",
        '$context.order_remote_id ? $context.order_remote_id : $binding("order", order_number)',
    ),
    Row("shipment_number", "number"),
    Row("tracking", "[tracking]"),
    Row("company", "carrier.name ? carrier.name : carrier.scac"),
    Row("shipped", "status"),
    Row("lines[]", "lines[$number(shipped) > 0]"),
    Row("lines[].line_no", "line_no"),
    Row("lines[].sku", '$lookup("sku_out", sku, sku)'),
    Row("lines[].quantity", "shipped"),
]

AVAILABILITY_OUT = [
    Row("sku", '$lookup("sku_out", sku, sku)'),
    Row("quantity", "quantity"),
]

PRICE_LIST_OUT = [
    Row("currency", "currency"),
    Row("prices[]", "prices[$not($exists(min_quantity)) or $number(min_quantity) <= 1]"),
    Row("prices[].sku", '$lookup("sku_out", sku, sku)'),
    Row("prices[].price", "price"),
]
