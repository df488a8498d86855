"""The default mappings between Odoo's records and the canonical documents.

`derived` is what `mapper.read` adds to a record: values that want exact arithmetic or stand in another
record.
"""

from integrations.mapping import Row

_SETTINGS = "$context.settings"
_CHANGED = Row("source_updated_at", "$utc(write_date)")
# Odoo's unit of what is counted has a name, no code.
_UOM_IN = '{0} ? $lookup("uom", {0}, {0} = "Units" ? "EA" : {0})'
_ORDER = '$binding("order", derived.order_id, derived.order)'

SHIPMENT_IN = [
    Row("number", "name"),
    Row("site", '$lookup("site", derived.site, derived.site)'),
    Row("order_number", _ORDER),
    Row("carrier", 'derived.carrier ? {"name": derived.carrier}'),
    Row("tracking", "derived.tracking[0] ? derived.tracking"),
    Row("shipped_at", "$utc(date_done)"),
    Row("status", "derived.status"),
    Row(
        "weight",
        'derived.weight ? {"value": derived.weight, "uom": $lookup("uom", weight_uom_name, weight_uom_name)}',
    ),
    Row("lines[]", "derived.lines"),
    Row("lines[].sku", '$lookup("sku", sku)'),
    Row("lines[].shipped", "shipped"),
    Row("lines[].uom", _UOM_IN.format("uom")),
    Row("lines[].lot", "$text(lot)"),
    Row("lines[].expiry", "$date(expiry)"),
    _CHANGED,
]

INVENTORY_IN = [
    Row("site", '$lookup("site", derived.site, derived.site)'),
    Row("sku", '$lookup("sku", default_code)'),
    Row("lot", "derived.lot"),
    Row("uom", _UOM_IN.format("derived.uom")),
    Row("on_hand", "derived.on_hand"),
    Row("committed", "derived.committed"),
    Row("as_of", "$utc(derived.read_at)"),
]

PRODUCT_IN = [
    Row("sku", '$lookup("sku", default_code)'),
    Row("title", "name ? name : default_code"),
    Row("status", "derived.status"),
    Row("gtins", 'derived.gtin ? [{"gtin": derived.gtin, "level": "each"}]'),
    Row("base_uom", _UOM_IN.format("derived.uom")),
    Row(
        "units",
        'derived.uom ? [{"uom": $lookup("uom", derived.uom, derived.uom = "Units" ? "EA" : derived.uom),'
        ' "factor": "1"}]',
    ),
    Row(
        "weight",
        'derived.weight ? {"value": derived.weight, "uom": $lookup("uom", weight_uom_name, weight_uom_name)}',
    ),
    Row("price", "$decimal(lst_price)"),
    Row("source_updated_at", "$utc(derived.changed)"),
]

CUSTOMER_IN = [
    Row("account", "derived.account"),
    Row("name", "name ? name : derived.account"),
    Row("type", 'is_company ? "company" : "person"'),
    Row("email", "$text(email)"),
    Row("phone", "$text(phone)"),
    Row("addresses[]", "derived.addresses"),
    Row("addresses[].role", "role"),
    Row("addresses[].name", "name ? name : $root.derived.account"),
    Row("addresses[].lines", "lines"),
    Row("addresses[].city", "city"),
    Row("addresses[].region", "$text(region)"),
    Row("addresses[].postal_code", "$text(zip)"),
    Row("addresses[].country", "country"),
    _CHANGED,
]

INVOICE_IN = [
    Row("number", "name"),
    Row("type", 'move_type = "out_refund" ? "credit" : "invoice"'),
    Row("order_number", f"derived.order_id ? {_ORDER}"),
    Row("issued_on", "$date(invoice_date)"),
    Row("due_on", "$date(invoice_date_due)"),
    Row("currency", "derived.currency"),
    Row("status", "derived.status"),
    Row("totals.lines", "$money(amount_untaxed, derived.currency)"),
    Row("totals.tax", "$money(amount_tax, derived.currency)"),
    Row("totals.total", "$money(derived.total, derived.currency)"),
    Row("totals.paid", "$money(derived.paid, derived.currency)"),
    Row("lines[]", "derived.lines"),
    Row("lines[].line_no", "line_no"),
    Row("lines[].sku", 'sku ? $lookup("sku", sku)'),
    Row("lines[].description", "$text(description)"),
    Row("lines[].quantity", "quantity"),
    Row("lines[].uom", _UOM_IN.format("uom")),
    Row("lines[].unit_price", "unit_price"),
    Row("lines[].total", "$money(total, $root.derived.currency)"),
    _CHANGED,
]

ORDER_OUT = [
    Row("status", "status"),
    # By this an order is found again, and its deliveries and invoices name it.
    Row("client_order_ref", "number"),
    Row(
        "partner_ref",
        f"{_SETTINGS}.house_account ? {_SETTINGS}.house_account"
        ' : $lookup("customer_out", customer.account, customer.account)',
    ),
    Row("date_order", "placed_at"),
    Row("commitment_date", "requested_delivery"),
    Row("currency", "currency"),
    Row("order_line[]", "lines"),
    Row("order_line[].default_code", '$lookup("sku_out", sku, sku)'),
    Row("order_line[].product_uom_qty", "quantity"),
    Row("order_line[].uom", '$lookup("uom_out", uom, uom = "EA" ? "Units" : uom)'),
    Row("order_line[].price_unit", "unit_price"),
    Row("order_line[].discount_amount", "discount"),
    Row(
        "partner_shipping.name",
        'ship_to.company ? ship_to.company & ", " & ship_to.name : ship_to.name',
    ),
    Row("partner_shipping.street", "ship_to.lines[0]"),
    Row("partner_shipping.street2", "ship_to.lines[1]"),
    Row("partner_shipping.zip", "ship_to.postal_code"),
    Row("partner_shipping.city", "ship_to.city"),
    Row("partner_shipping.state", "ship_to.region"),
    Row("partner_shipping.country", "ship_to.country"),
    Row("partner_shipping.email", "ship_to.email"),
    Row("partner_shipping.phone", "ship_to.phone"),
]
