"""The default mappings between the layout of `defaults` and the canonical objects."""

from integrations.mapping import Row

_CHANGED = "$utc(changed_at, $context.settings.time_zone)"
_SKU = '$lookup("sku", item_no)'
# What the ERP calls an item: as it was read from there, as a crosswalk says, or as we call it.
_ITEM = '$binding("product", sku, $lookup("erp_item", sku, sku))'
_EACHES_ONLY = '$error("An ERP order counts eaches, and this line is in " & uom & ".")'

PRODUCT_IN = [
    Row("sku", _SKU),
    Row("title", "$text(descr)"),
    Row("status", 'item_status = "A" ? "active" : "blocked"'),
    Row(
        "gtins[]",
        '[upc ? {"gtin": upc, "level": "each"}, case_gtin ? {"gtin": case_gtin, "level": "case"}]',
    ),
    Row("units[]", '[{"u": "EA", "f": 1}, $number(case_qty) > 1 ? {"u": "CA", "f": case_qty}]'),
    Row("units[].uom", "u"),
    Row("units[].factor", "$decimal(f)"),
    Row("base_uom", 'stock_uom ? stock_uom : "EA"'),
    Row("weight", 'weight_lb ? {"value": $decimal(weight_lb), "uom": "LB"}'),
    Row("source_updated_at", _CHANGED),
]

CUSTOMER_IN = [
    Row("account", "cust_no"),
    Row("name", "$text(name)"),
    Row("type", '"company"'),
    Row("email", "$text(email)"),
    Row("phone", "$text(phone)"),
    Row("addresses[]", "addr1 ? [$]"),
    Row("addresses[].role", '"bill_to"'),
    Row("addresses[].name", "$text(name)"),
    Row("addresses[].lines", "[$text(addr1), $text(addr2)]"),
    Row("addresses[].city", "$text(city)"),
    Row("addresses[].region", "$text(state)"),
    Row("addresses[].postal_code", "$text(zip)"),
    Row("addresses[].country", "$text(country)"),
    Row("price_list", "$text(price_list)"),
    Row("terms", "$text(terms)"),
    Row("credit_status", 'credit_hold = "Y" ? "hold" : "ok"'),
    Row("credit_limit", "$decimal(credit_limit)"),
    Row("source_updated_at", _CHANGED),
]

PRICE_LIST_IN = [
    Row("list", "list_code"),
    Row("currency", "currency"),
    Row("prices[]", "lines"),
    Row("prices[].sku", _SKU),
    Row("prices[].uom", 'uom ? uom : "EA"'),
    Row("prices[].min_quantity", "$decimal(min_qty ? min_qty : 1)"),
    Row("prices[].price", "$decimal(unit_price)"),
    Row("source_updated_at", _CHANGED),
]

INVENTORY_IN = [
    Row("site", "site"),
    Row("sku", _SKU),
    Row("uom", '"EA"'),
    Row("on_hand", "$decimal(on_hand)"),
    Row("committed", "$decimal(allocated)"),
    Row("as_of", _CHANGED),
]

INVOICE_IN = [
    Row("number", "inv_no"),
    Row("type", '$number(total) < 0 ? "credit" : "invoice"'),
    Row("order_number", "$text(cust_ref)"),
    Row("issued_on", "$date(inv_date)"),
    Row("due_on", "$date(due_date)"),
    Row("currency", "currency"),
    Row(
        "status",
        'status = "PART_PAID" ? "partially_paid" : $lowercase(status)',
    ),
    Row("totals.lines", "$money(goods, currency)"),
    Row("totals.tax", "$money(tax ? tax : 0, currency)"),
    Row("totals.freight", "$money(freight, currency)"),
    Row("totals.total", "$money(total, currency)"),
    Row("totals.paid", "$money(paid_amount, currency)"),
    Row("lines[]", "lines"),
    Row("lines[].line_no", "$string(line_no)"),
    Row("lines[].sku", _SKU),
    Row("lines[].description", "$text(descr)"),
    Row("lines[].quantity", "$decimal(qty)"),
    Row("lines[].uom", "$text(uom)"),
    Row("lines[].unit_price", "$decimal(unit_price)"),
    Row("lines[].total", "$money(amount, $root.currency)"),
    Row("source_updated_at", _CHANGED),
]

ORDER_OUT = [
    Row("reference", "number"),
    Row(
        "customer",
        "$context.settings.house_account ? $context.settings.house_account : customer.account",
    ),
    Row("ordered_on", "$date(placed_at)"),
    Row("currency", "currency"),
    Row("freight", "totals.shipping"),
    Row("tax", "totals.tax"),
    Row("status", "status"),
    Row("ship_to.name", "ship_to.name"),
    Row("ship_to.addr1", "ship_to.lines[0]"),
    Row("ship_to.addr2", "ship_to.lines[1]"),
    Row("ship_to.city", "ship_to.city"),
    Row("ship_to.state", "ship_to.region"),
    Row("ship_to.zip", "ship_to.postal_code"),
    Row("ship_to.country", "ship_to.country"),
    Row("lines[]", "lines"),
    Row("lines[].number", "$string($index + 1)"),
    Row("lines[].item", _ITEM),
    Row("lines[].qty", f'uom = "EA" ? quantity : {_EACHES_ONLY}'),
    Row("lines[].price", "unit_price"),
]

_SHIPPED_NOTHING = '$error("Nothing was shipped, so there is nothing to book.")'

SHIPMENT_OUT = [
    Row("reference", f'status = "cancelled" ? {_SHIPPED_NOTHING} : order_number'),
    Row("shipment", "number"),
    Row("site", "site"),
    # Also the mark by which a repeated delivery is known, so it is never empty.
    Row("tracking", "tracking[0] ? tracking[0] : number"),
    Row("shipped_on", "$date(shipped_at)"),
    Row("lines[]", "lines[$number(shipped) > 0]"),
    Row("lines[].item", _ITEM),
    Row("lines[].qty", f'uom = "EA" or $not($exists(uom)) ? shipped : {_EACHES_ONLY}'),
]

ADJUSTMENT_OUT = [
    Row("reference", "number"),
    Row("site", "site"),
    Row("booked_on", "$date(adjusted_on)"),
    Row("lines[]", "lines"),
    Row("lines[].number", "$string($index + 1)"),
    Row("lines[].item", _ITEM),
    Row("lines[].qty", f'uom = "EA" or $not($exists(uom)) ? delta : {_EACHES_ONLY}'),
    Row("lines[].reason", "reason"),
]
