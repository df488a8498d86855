"""The default mappings between Tryton's records and the canonical objects.

`derived` is what `mapper.read` adds to a native document: addresses, where they are whole, and what orders
hold of stock.
"""

from integrations.mapping import Row

# Tryton's own unit of pieces has the symbol u.
_UOM = '{0}.symbol = "u" ? "EA" : $lookup("uom", {0}.symbol, {0}.symbol)'
_ORDER = "{0}.reference ? {0}.reference : {0}.number"


SHIPMENT_IN = [
    Row("number", 'part ? number & "-" & part : number'),
    Row("site", "warehouse.code"),
    Row("order_number", _ORDER.format("sale")),
    Row("shipped_at", "$date(effective_date)"),
    Row("status", 'sale.shipment_state = "sent" ? "complete" : "partial"'),
    Row("ship_to", "derived.ship_to"),
    Row("lines[]", "outgoing_moves"),
    Row("lines[].sku", '$lookup("sku", product.code)'),
    Row("lines[].shipped", "$decimal(quantity)"),
    Row("lines[].uom", _UOM.format("unit")),
    Row("source_updated_at", "$utc(write_date)"),
]

INVENTORY_IN = [
    Row("site", "warehouse.code"),
    Row("sku", '$lookup("sku", product.code)'),
    Row("uom", _UOM.format("product.default_uom")),
    Row("on_hand", "$decimal(product.quantity)"),
    # What is planned to go until today cannot be promised again.
    Row("committed", "$decimal(derived.committed)"),
    # What is planned to come until today is counted in, too.
    Row("available", "$decimal(product.forecast_quantity)"),
    Row("as_of", "$utc(as_of)"),
]

INVOICE_IN = [
    Row("number", "number"),
    Row("type", '$number(total_amount) < 0 ? "credit" : "invoice"'),
    Row("order_number", _ORDER.format("sales[0]")),
    Row("issued_on", "$date(invoice_date)"),
    Row("due_on", "$date(lines_to_pay[0].maturity_date)"),
    Row("currency", "currency.code"),
    Row(
        "status",
        'state = "paid" ? "paid" : state = "cancelled" ? "void"'
        ' : amount_to_pay and $number(amount_to_pay) != $number(total_amount) ? "partially_paid" : "posted"',
    ),
    Row("totals.lines", "$money(untaxed_amount, currency.code)"),
    Row("totals.tax", "$money(tax_amount, currency.code)"),
    Row("totals.total", "$money(total_amount, currency.code)"),
    Row("lines[]", 'lines[type = "line"]'),
    Row("lines[].sku", 'product.code ? $lookup("sku", product.code)'),
    Row("lines[].description", "$text(description)"),
    Row("lines[].quantity", "$decimal(quantity)"),
    Row("lines[].uom", f"unit ? ({_UOM.format('unit')})"),
    Row("lines[].unit_price", "$decimal(unit_price)"),
    Row("lines[].total", "$money(amount, $root.currency.code)"),
    Row("source_updated_at", "$utc(write_date)"),
]

PRODUCT_IN = [
    Row("sku", '$lookup("sku", code)'),
    Row("title", "template.name"),
    Row("status", 'active and salable ? "active" : "blocked"'),
    Row(
        "gtins[]",
        'identifiers[type = "ean" or type = "upc"].{"gtin": code, "level": "each"}',
    ),
    Row("units", f'[{{"uom": {_UOM.format("default_uom")}, "factor": "1"}}]'),
    Row("base_uom", _UOM.format("default_uom")),
    Row("price", "template.list_price ? $decimal(template.list_price)"),
    Row("source_updated_at", "$utc(write_date ? write_date : create_date)"),
]

CUSTOMER_IN = [
    Row("account", "code"),
    Row("name", "name"),
    Row("email", "$text(email)"),
    Row("phone", "$text(phone)"),
    Row("terms", "customer_payment_term.name"),
    Row("addresses", "derived.addresses"),
    Row("source_updated_at", "$utc(write_date ? write_date : create_date)"),
]

ORDER_OUT = [
    Row("reference", "number"),
    # Two channels may count alike: a sale is known by both.
    Row("description", "channel"),
    Row(
        "party",
        "$context.settings.house_account ? $context.settings.house_account : customer.account",
    ),
    Row("status", "status"),
    Row("currency", "currency"),
    Row("comment", '$join(notes[audience = "warehouse"].text, "\\n")'),
    Row("ship_to", "ship_to"),
    Row("freight", "totals.shipping"),
    Row("taxes_included", "taxes_included"),
    Row("lines[]", "lines"),
    Row("lines[].product", '$lookup("sku_out", sku, sku)'),
    Row("lines[].quantity", "quantity"),
    # Empty: the unit that the product is sold in.
    Row("lines[].unit", 'uom = "EA" ? "" : $lookup("uom_out", uom)'),
    Row("lines[].unit_price", "unit_price"),
    Row("lines[].discount", "discount"),
    Row("lines[].tax", "tax"),
    Row("lines[].description", "description"),
]

_NOTHING = '$error("Nothing was shipped, so there is nothing to book.")'

SHIPMENT_OUT = [
    # The hub knows which order a shipment belongs to, whatever number the warehouse echoed.
    Row(
        "order_id",
        f'status = "cancelled" ? {_NOTHING} : $context.order_remote_id'
        ' ? $context.order_remote_id : $binding("order", order_number)',
    ),
    Row("order_number", "order_number"),
    Row("reference", "number"),
    Row("shipped_on", "$date(shipped_at)"),
    Row("tracking", "[tracking]"),
    Row("lines[]", "lines[$number(shipped) > 0]"),
    Row("lines[].product", '$lookup("sku_out", sku, sku)'),
    Row("lines[].quantity", "shipped"),
]
