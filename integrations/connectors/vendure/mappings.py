"""The default mappings between Vendure's documents and the canonical ones.

A document in has the shape that GraphQL gives it. `derived` is what `mapper.read` adds to it: amounts in the
currency's own unit, and values that depend on the endpoint's settings or stand in several places.
"""

from integrations.mapping import Row


def _address(target: str, source: str) -> list[Row]:
    """Rows for one address."""
    plain = (
        ("company", "company"),
        ("city", "city"),
        ("region", "province"),
        ("postal_code", "postalCode"),
        ("country", "countryCode"),
        ("phone", "phoneNumber"),
        ("email", "email"),
    )
    return [
        Row(f"{target}.name", f"{source}.fullName ? {source}.fullName : {source}.company"),
        Row(f"{target}.lines[]", f"[{source}.streetLine1, {source}.streetLine2]"),
        *(
            Row(f"{target}.{ours}", f"{source}.{theirs} ? {source}.{theirs}")
            for ours, theirs in plain
        ),
    ]


ORDER_IN = [
    Row("number", "code"),
    Row("channel", "derived.channel"),
    Row("placed_at", "$utc(orderPlacedAt)"),
    Row("source_updated_at", "$utc(updatedAt)"),
    Row("currency", "currencyCode"),
    Row("type", '"b2c"'),
    Row("status", "derived.status"),
    Row("customer.account", 'customer.id ? derived.channel & "-" & customer.id'),
    Row("customer.name", "derived.customer ? derived.customer"),
    Row("customer.email", "customer.emailAddress ? customer.emailAddress"),
    *_address("ship_to", "derived.ship_to"),
    *_address("bill_to", "derived.bill_to"),
    Row("service_level", "derived.service ? derived.service"),
    Row("taxes_included", "false"),
    Row("payment.method", "derived.payment.method ? derived.payment.method"),
    Row("payment.status", "derived.payment.state ? $lowercase(derived.payment.state)"),
    Row("totals.lines", "derived.lines_total"),
    Row("totals.discount", "derived.discount"),
    Row("totals.shipping", "derived.shipping"),
    Row("totals.tax", "derived.tax"),
    Row("totals.fees", "derived.fees"),
    Row("totals.total", "derived.total"),
    Row("tags", "couponCodes"),
    Row("external_refs", '[{"kind": "vendure_id", "value": id}]'),
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
    Row("sku", '$lookup("sku", sku)'),
    Row("title", "name"),
    Row("status", 'derived.enabled ? "active" : "blocked"'),
    Row("units", '[{"uom": "EA", "factor": "1"}]'),
    Row("base_uom", '"EA"'),
    Row("price", "derived.price"),
    Row("source_updated_at", "$utc(updatedAt)"),
]

CUSTOMER_IN = [
    Row("account", 'derived.channel & "-" & id'),
    Row("name", "derived.name"),
    Row("type", 'derived.company ? "company" : "person"'),
    Row("email", "emailAddress ? emailAddress"),
    Row("phone", "phoneNumber ? phoneNumber"),
    Row("addresses[]", "derived.addresses"),
    Row("addresses[].role", "role"),
    *_address("addresses[]", "address"),
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
