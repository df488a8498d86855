"""The default mappings between BigCommerce's documents and the canonical ones.

`derived` is what `mapper.read` adds to a native document: values that depend on the endpoint's
settings, want exact arithmetic, or stand in a date that JSONata cannot read.
"""

from integrations.mapping import Row


def _address(target: str, source: str) -> list[Row]:
    """Rows for one address of V2; what is missing is empty text."""
    name = f'$trim({source}.first_name & " " & {source}.last_name)'
    plain = (
        ("company", "company"),
        ("city", "city"),
        ("region", "state"),
        ("postal_code", "zip"),
        ("country", "country_iso2"),
        ("phone", "phone"),
        ("email", "email"),
    )
    return [
        Row(f"{target}.name", f'{name} != "" ? {name} : {source}.company'),
        Row(f"{target}.lines[]", f'[{source}.street_1, {source}.street_2][$ != ""]'),
        *(
            Row(f"{target}.{ours}", f"{source}.{theirs} ? {source}.{theirs}")
            for ours, theirs in plain
        ),
    ]


_CUSTOMER_ACCOUNT = 'derived.channel & "-" & $string({id})'

ORDER_IN = [
    Row("number", "$string(id)"),
    Row("channel", "derived.channel"),
    Row("placed_at", "derived.placed_at"),
    Row("source_updated_at", "derived.updated_at"),
    Row("currency", "currency_code"),
    Row("type", '"b2c"'),
    Row("status", "derived.status"),
    Row("customer.account", f"customer_id ? {_CUSTOMER_ACCOUNT.format(id='customer_id')}"),
    Row("customer.name", '$trim(billing_address.first_name & " " & billing_address.last_name)'),
    Row("customer.email", "billing_address.email ? billing_address.email"),
    *_address("ship_to", "derived.ship_to"),
    *_address("bill_to", "derived.bill_to"),
    Row("service_level", "derived.ship_to.shipping_method ? derived.ship_to.shipping_method"),
    Row("taxes_included", "false"),
    Row("payment.method", "payment_method ? payment_method"),
    Row("payment.status", "payment_status ? payment_status"),
    Row("totals.lines", "derived.lines_total"),
    Row("totals.discount", "derived.discount"),
    Row("totals.shipping", "derived.shipping"),
    Row("totals.tax", "derived.tax"),
    Row("totals.fees", "derived.fees"),
    Row("totals.total", "derived.total"),
    Row("notes", 'customer_message ? [{"audience": "warehouse", "text": customer_message}]'),
    Row("external_refs[]", "derived.references"),
    Row("external_refs[].kind", "kind"),
    Row("external_refs[].value", "value"),
    Row("lines[]", "order_products"),
    Row("lines[].line_no", "$string(id)"),
    Row("lines[].sku", 'sku ? $lookup("sku", sku)'),
    Row("lines[].description", "name ? name"),
    Row("lines[].quantity", "$string(quantity)"),
    Row("lines[].uom", '"EA"'),
    Row("lines[].unit_price", "derived.unit_price"),
    Row("lines[].discount", "derived.discount"),
    Row("lines[].total", "derived.total"),
    Row("lines[].tax", "derived.tax"),
    Row("lines[].gtin", "derived.gtin"),
]

PRODUCT_IN = [
    Row("sku", 'sku ? $lookup("sku", sku)'),
    Row("title", "title"),
    Row("status", 'is_blocked ? "blocked" : "active"'),
    Row("gtins", 'gtin ? [{"gtin": gtin, "level": "each"}]'),
    Row("units", '[{"uom": "EA", "factor": "1"}]'),
    Row("base_uom", '"EA"'),
    Row("price", "price ? $decimal(price)"),
    Row("source_updated_at", "$utc(date_modified)"),
]

CUSTOMER_IN = [
    Row("account", _CUSTOMER_ACCOUNT.format(id="id")),
    Row("name", "derived.name"),
    Row("type", 'company ? "company" : "person"'),
    Row("email", "email ? email"),
    Row("phone", "phone ? phone"),
    Row("addresses[]", "derived.addresses"),
    Row("addresses[].role", '"other"'),
    Row("addresses[].name", "name"),
    Row("addresses[].company", "company ? company"),
    Row("addresses[].lines[]", '[address1, address2][$ != ""]'),
    Row("addresses[].city", "city ? city"),
    Row("addresses[].region", "state_or_province ? state_or_province"),
    Row("addresses[].postal_code", "postal_code ? postal_code"),
    Row("addresses[].country", "country_code ? country_code"),
    Row("addresses[].phone", "phone ? phone"),
    Row("source_updated_at", "$utc(date_modified)"),
]

_CARRIERS = (
    'carrier.scac in ["UPSN", "UPSS"] ? "ups" : carrier.scac in ["FDEG", "FDE", "FXFE"] ? "fedex"'
    ' : carrier.scac = "USPS" ? "usps" : ""'
)

SHIPMENT_OUT = [
    # The hub knows which order a shipment belongs to, whatever number the warehouse echoed.
    Row(
        "order_id",
        '$context.order_remote_id ? $context.order_remote_id : $binding("order", order_number)',
    ),
    Row("comments", "number"),
    Row("tracking_number", 'tracking[0] ? tracking[0] : ""'),
    Row("shipping_method", "carrier.service ? carrier.service : carrier.name"),
    # Without one the store says "custom" and its mail has no link.
    Row("shipping_provider", '""'),
    Row("tracking_carrier", _CARRIERS),
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
    Row("currency", "$lowercase(currency)"),
    Row("prices[]", "prices[$not($exists(min_quantity)) or $number(min_quantity) <= 1]"),
    Row("prices[].sku", '$lookup("sku_out", sku, sku)'),
    Row("prices[].price", "price"),
]
