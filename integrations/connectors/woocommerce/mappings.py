"""The default mappings between WooCommerce's documents and the canonical ones.

`derived` is what `mapper.read` adds to a native document: values that depend on the endpoint's
settings or want exact arithmetic.
"""

from integrations.mapping import Row


def _address(target: str, source: str) -> list[Row]:
    """Rows for one address; WooCommerce sends empty text for what is missing."""
    name = f'$trim({source}.first_name & " " & {source}.last_name)'
    plain = (
        ("company", "company"),
        ("city", "city"),
        ("region", "state"),
        ("postal_code", "postcode"),
        ("country", "country"),
        ("phone", "phone"),
        ("email", "email"),
    )
    return [
        Row(f"{target}.name", f'{name} != "" ? {name} : {source}.company'),
        Row(f"{target}.lines[]", f'[{source}.address_1, {source}.address_2][$ != ""]'),
        *(
            Row(f"{target}.{ours}", f"{source}.{theirs} ? {source}.{theirs}")
            for ours, theirs in plain
        ),
    ]


_CUSTOMER_ACCOUNT = 'derived.channel & "-" & $string({id})'

ORDER_IN = [
    Row("number", "$string(number)"),
    Row("channel", "derived.channel"),
    Row("placed_at", 'date_created_gmt ? date_created_gmt & "Z"'),
    Row("source_updated_at", "$utc(date_modified_gmt)"),
    Row("currency", "currency"),
    Row("type", '"b2c"'),
    Row("status", "derived.status"),
    Row("po_number", 'meta_data[key = "_po_number" or key = "po_number"][0].value'),
    Row("customer.account", f"customer_id ? {_CUSTOMER_ACCOUNT.format(id='customer_id')}"),
    Row("customer.name", '$trim(billing.first_name & " " & billing.last_name)'),
    Row("customer.email", "billing.email ? billing.email"),
    *_address("ship_to", "derived.ship_to"),
    *_address("bill_to", "derived.bill_to"),
    Row("service_level", "shipping_lines[0].method_title ? shipping_lines[0].method_title"),
    # The REST API gives all amounts without tax, however the shop enters its prices.
    Row("taxes_included", "false"),
    Row("payment.method", "payment_method ? payment_method"),
    Row("payment.status", 'date_paid_gmt ? "paid" : "unpaid"'),
    Row("totals.lines", "derived.lines_total"),
    Row("totals.discount", 'discount_total ? discount_total : "0"'),
    Row("totals.shipping", 'shipping_total ? shipping_total : "0"'),
    Row("totals.tax", 'total_tax ? total_tax : "0"'),
    Row("totals.fees", "derived.fees_total"),
    Row("totals.total", "total"),
    Row("notes", 'customer_note ? [{"audience": "warehouse", "text": customer_note}]'),
    Row("external_refs[]", "derived.references"),
    Row("external_refs[].kind", "kind"),
    Row("external_refs[].value", "value"),
    Row("lines[]", "line_items"),
    Row("lines[].line_no", "$string(id)"),
    Row("lines[].sku", 'sku ? $lookup("sku", sku)'),
    Row("lines[].description", "name ? name"),
    Row("lines[].quantity", "$string(quantity)"),
    Row("lines[].uom", '"EA"'),
    Row("lines[].unit_price", "derived.unit_price"),
    Row("lines[].discount", "derived.discount"),
    Row("lines[].total", "total"),
    Row("lines[].tax", "total_tax"),
    Row("lines[].gtin", "derived.gtin"),
]

PRODUCT_IN = [
    Row("sku", 'sku ? $lookup("sku", sku)'),
    Row("title", "name"),
    Row("status", 'status in ["publish", "private"] ? "active" : "blocked"'),
    Row("gtins", 'derived.gtin ? [{"gtin": derived.gtin, "level": "each"}]'),
    Row("units", '[{"uom": "EA", "factor": "1"}]'),
    Row("base_uom", '"EA"'),
    Row("price", "regular_price ? regular_price"),
    Row("source_updated_at", "$utc(date_modified_gmt)"),
]

CUSTOMER_IN = [
    Row("account", _CUSTOMER_ACCOUNT.format(id="id")),
    Row("name", "derived.name"),
    Row("type", 'billing.company ? "company" : "person"'),
    Row("email", "email ? email"),
    Row("phone", "billing.phone ? billing.phone"),
    Row("addresses[]", "derived.addresses"),
    Row("addresses[].role", "role"),
    *_address("addresses[]", "address"),
    Row("source_updated_at", "$utc(date_modified_gmt)"),
]

RETURN_IN = [
    Row("number", 'order.number & "-R" & $string(refund.id)'),
    Row("order_number", "order.number"),
    Row("status", '"refunded"'),
    Row("refunded", "refund.amount ? $decimal(refund.amount)"),
    Row("lines[]", "refund.line_items"),
    Row("lines[].sku", 'sku ? $lookup("sku", sku)'),
    Row("lines[].quantity", "$decimal($abs($number(quantity)))"),
    Row("lines[].uom", '"EA"'),
    Row("lines[].reason", "$root.refund.reason ? $root.refund.reason"),
    Row("source_updated_at", "$utc(refund.date_created_gmt)"),
]

ORDER_OUT = [
    Row("order_id", '$context.remote_id ? $context.remote_id : $binding("order", number)'),
    Row(
        "status",
        'status = "cancelled" ? "cancelled" : status = "on_hold" ? "on-hold" : "processing"',
    ),
]

SHIPMENT_OUT = [
    # The hub knows which order a shipment belongs to, whatever number the warehouse echoed.
    Row(
        "order_id",
        '$context.order_remote_id ? $context.order_remote_id : $binding("order", order_number)',
    ),
    Row("shipment_number", "number"),
    Row("tracking", "[tracking]"),
    Row("provider", "carrier.name ? carrier.name : carrier.scac"),
    Row("shipped_at", "shipped_at"),
    Row("shipped", "status"),
]

AVAILABILITY_OUT = [
    Row("sku", '$lookup("sku_out", sku, sku)'),
    Row("stock_quantity", "quantity"),
]

PRICE_LIST_OUT = [
    Row("prices[]", "prices[$not($exists(min_quantity)) or $number(min_quantity) <= 1]"),
    Row("prices[].sku", '$lookup("sku_out", sku, sku)'),
    Row("prices[].regular_price", "price"),
]
