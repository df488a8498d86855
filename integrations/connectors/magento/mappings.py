"""The default mappings between Magento's documents and the canonical ones.

`derived` is what `mapper.read` adds to a native document: values that depend on the endpoint's
settings, want exact arithmetic, or stand where JSONata would look long.
"""

from integrations.mapping import Row


def _address(target: str, source: str, *, street: str = "street") -> list[Row]:
    name = f'$trim({source}.firstname & " " & {source}.lastname)'
    plain = (
        ("company", "company"),
        ("city", "city"),
        ("postal_code", "postcode"),
        ("country", "country_id"),
        ("phone", "telephone"),
        ("email", "email"),
    )
    return [
        Row(f"{target}.name", f'{name} != "" ? {name} : {source}.company'),
        Row(f"{target}.lines[]", f'[{source}.{street}[$ != ""]]'),
        Row(f"{target}.region", f"{source}.region_code ? {source}.region_code"),
        *(
            Row(f"{target}.{ours}", f"{source}.{theirs} ? {source}.{theirs}")
            for ours, theirs in plain
        ),
    ]


_CUSTOMER_ACCOUNT = 'derived.channel & "-" & $string({id})'
_UPDATED = Row("source_updated_at", "derived.updated_at")

ORDER_IN = [
    Row("number", "increment_id"),
    Row("channel", "derived.channel"),
    Row("placed_at", "derived.placed_at"),
    _UPDATED,
    Row("currency", "order_currency_code"),
    Row("type", '"b2c"'),
    Row("status", "derived.status"),
    Row("customer.account", f"customer_id ? {_CUSTOMER_ACCOUNT.format(id='customer_id')}"),
    Row("customer.name", '$trim(derived.bill_to.firstname & " " & derived.bill_to.lastname)'),
    Row("customer.email", "customer_email ? customer_email"),
    *_address("ship_to", "derived.ship_to"),
    *_address("bill_to", "derived.bill_to"),
    Row("service_level", "shipping_description ? shipping_description"),
    Row("taxes_included", "false"),
    Row("payment.method", "payment.method ? payment.method"),
    Row("payment.status", "derived.payment_status"),
    Row("totals.lines", "derived.lines_total"),
    Row("totals.discount", "derived.discount"),
    Row("totals.shipping", "derived.shipping"),
    Row("totals.tax", "derived.tax"),
    Row("totals.total", "derived.total"),
    Row("external_refs[]", "derived.references"),
    Row("external_refs[].kind", "kind"),
    Row("external_refs[].value", "value"),
    Row("lines[]", "derived.lines"),
    Row("lines[].line_no", "$string(item_id)"),
    Row("lines[].sku", 'sku ? $lookup("sku", sku)'),
    Row("lines[].description", "name ? name"),
    Row("lines[].quantity", "derived.quantity"),
    Row("lines[].uom", '"EA"'),
    Row("lines[].unit_price", "derived.unit_price"),
    Row("lines[].discount", "derived.discount"),
    Row("lines[].total", "derived.total"),
    Row("lines[].tax", "derived.tax"),
]

PRODUCT_IN = [
    Row("sku", 'sku ? $lookup("sku", sku)'),
    Row("title", "name"),
    Row("status", 'status = 1 ? "active" : "blocked"'),
    Row("units", '[{"uom": "EA", "factor": "1"}]'),
    Row("base_uom", '"EA"'),
    Row("price", "derived.price"),
    _UPDATED,
]

CUSTOMER_IN = [
    Row("account", _CUSTOMER_ACCOUNT.format(id="id")),
    Row("name", "derived.name"),
    Row("type", '"person"'),
    Row("email", "email ? email"),
    Row("addresses[]", "derived.addresses"),
    Row("addresses[].role", 'default_shipping ? "ship_to" : default_billing ? "bill_to" : "other"'),
    Row("addresses[].name", '$trim(firstname & " " & lastname)'),
    Row("addresses[].company", "company ? company"),
    Row("addresses[].lines[]", '[street[$ != ""]]'),
    Row("addresses[].city", "city ? city"),
    Row("addresses[].region", "region.region_code ? region.region_code"),
    Row("addresses[].postal_code", "postcode ? postcode"),
    Row("addresses[].country", "country_id ? country_id"),
    Row("addresses[].phone", "telephone ? telephone"),
    _UPDATED,
]

RETURN_IN = [
    Row("number", "increment_id"),
    Row("order_number", "order.increment_id"),
    Row("status", '"refunded"'),
    Row("refunded", "derived.refunded"),
    Row("lines[]", "derived.lines"),
    Row("lines[].sku", 'sku ? $lookup("sku", sku)'),
    Row("lines[].quantity", "derived.quantity"),
    Row("lines[].uom", '"EA"'),
    _UPDATED,
]

SHIPMENT_OUT = [
    # The hub knows which order a shipment belongs to, whatever number the warehouse echoed.
    Row(
        "order_id",
        '$context.order_remote_id ? $context.order_remote_id : $binding("order", order_number)',
    ),
    Row("number", "number"),
    Row("title", 'carrier.name ? carrier.name : carrier.scac ? carrier.scac : "Carrier"'),
    Row(
        "carrier_code",
        'carrier.scac in ["UPSN", "UPSS"] ? "ups" : carrier.scac in ["FDEG", "FDE", "FXFE"] ? "fedex"'
        ' : carrier.scac = "USPS" ? "usps" : "custom"',
    ),
    Row("tracking", "[tracking]"),
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
    Row("prices[]", "prices[$not($exists(min_quantity)) or $number(min_quantity) <= 1]"),
    Row("prices[].sku", '$lookup("sku_out", sku, sku)'),
    Row("prices[].price", "price"),
]
