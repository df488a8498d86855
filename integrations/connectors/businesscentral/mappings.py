"""The default mappings between Business Central's documents and the canonical ones.

`derived` is what `mapper.read` adds to a native document: values that want exact arithmetic, depend on the
endpoint's settings, or stand in one of several places.
"""

from integrations.mapping import Row

_HOUSE = "$context.settings.house_account"
_CHANGED = Row("source_updated_at", "$utc(lastModifiedDateTime)")
_UOM_IN = '{0} ? $lookup("uom", {0}, {0})'

SHIPMENT_IN = [
    Row("number", "number"),
    Row("site", '$lookup("site", derived.site, derived.site)'),
    # An order carries our number as its external document number, and so does what comes of it.
    Row("order_number", "derived.order"),
    Row("po_number", "$text(customerPurchaseOrderReference)"),
    Row("shipped_at", "$date(postingDate)"),
    Row("status", "derived.status"),
    Row("lines[]", "salesShipmentLines"),
    Row("lines[].line_no", "$string(sequence)"),
    Row("lines[].sku", '$lookup("sku", lineObjectNumber)'),
    Row("lines[].shipped", "derived.shipped"),
    Row("lines[].uom", _UOM_IN.format("unitOfMeasureCode")),
    _CHANGED,
]

INVENTORY_IN = [
    Row("site", '$lookup("site", derived.site, derived.site)'),
    Row("sku", '$lookup("sku", number)'),
    Row("uom", _UOM_IN.format("baseUnitOfMeasureCode")),
    Row("on_hand", "derived.on_hand"),
    Row("as_of", "$utc(derived.read_at)"),
]

PRODUCT_IN = [
    Row("sku", '$lookup("sku", number)'),
    Row("title", "displayName ? displayName : number"),
    Row("status", 'blocked ? "blocked" : "active"'),
    Row("gtins", 'derived.gtin ? [{"gtin": derived.gtin, "level": "each"}]'),
    Row("base_uom", _UOM_IN.format("baseUnitOfMeasureCode")),
    Row(
        "units",
        "baseUnitOfMeasureCode ?"
        ' [{"uom": $lookup("uom", baseUnitOfMeasureCode, baseUnitOfMeasureCode), "factor": "1"}]',
    ),
    Row("price", "$decimal(unitPrice)"),
    _CHANGED,
]

CUSTOMER_IN = [
    Row("account", "number"),
    Row("name", "displayName ? displayName : number"),
    Row("type", 'type = "Person" ? "person" : "company"'),
    Row("email", "$text(email)"),
    Row("phone", "$text(phoneNumber)"),
    Row("addresses[]", "derived.addresses"),
    Row("addresses[].role", '"bill_to"'),
    Row("addresses[].name", "displayName ? displayName : number"),
    Row("addresses[].lines", "[$text(addressLine1), $text(addressLine2)]"),
    Row("addresses[].city", "city"),
    Row("addresses[].region", "$text(state)"),
    Row("addresses[].postal_code", "$text(postalCode)"),
    Row("addresses[].country", "country"),
    Row("credit_status", 'derived.is_blocked ? "hold" : "ok"'),
    Row("credit_limit", "creditLimit ? $decimal(creditLimit)"),
    _CHANGED,
]

INVOICE_IN = [
    Row("number", "number"),
    Row("type", "derived.type"),
    Row("order_number", "$text(derived.order)"),
    Row("issued_on", "$date(derived.issued_on)"),
    Row("due_on", "$date(dueDate)"),
    Row("currency", "currencyCode"),
    Row("status", "derived.status"),
    Row("totals.lines", "$money(totalAmountExcludingTax, currencyCode)"),
    Row("totals.tax", "$money(totalTaxAmount, currencyCode)"),
    Row("totals.total", "$money(totalAmountIncludingTax, currencyCode)"),
    Row("totals.paid", "$money(derived.paid, currencyCode)"),
    Row("lines[]", "derived.lines"),
    Row("lines[].line_no", "$string(sequence)"),
    Row("lines[].sku", 'derived.sku ? $lookup("sku", derived.sku)'),
    Row("lines[].description", "$text(description)"),
    Row("lines[].quantity", "$decimal(quantity ? quantity : 0)"),
    Row("lines[].uom", _UOM_IN.format("unitOfMeasureCode")),
    Row("lines[].unit_price", "$decimal(unitPrice ? unitPrice : 0)"),
    Row("lines[].total", "$money(netAmount ? netAmount : 0, $root.currencyCode)"),
    _CHANGED,
]

ORDER_OUT = [
    Row("status", "status"),
    # By this an order is found again, and its shipments and invoices name it.
    Row("externalDocumentNumber", "number"),
    Row(
        "customerNumber",
        f'{_HOUSE} ? {_HOUSE} : $lookup("customer_out", customer.account, customer.account)',
    ),
    Row("orderDate", "$date(placed_at)"),
    Row("requestedDeliveryDate", "$date(requested_delivery)"),
    Row("currencyCode", "currency"),
    Row("shipToName", "ship_to.company ? ship_to.company : ship_to.name"),
    Row("shipToContact", "ship_to.company ? ship_to.name"),
    Row("shipToAddressLine1", "ship_to.lines[0]"),
    Row("shipToAddressLine2", "ship_to.lines[1]"),
    Row("shipToCity", "ship_to.city"),
    Row("shipToState", "ship_to.region"),
    Row("shipToPostCode", "ship_to.postal_code"),
    Row("shipToCountry", "ship_to.country"),
    Row("salesOrderLines[]", "lines"),
    Row("salesOrderLines[].lineType", '"Item"'),
    Row("salesOrderLines[].lineObjectNumber", '$lookup("sku_out", sku, sku)'),
    Row("salesOrderLines[].quantity", "quantity"),
    Row("salesOrderLines[].unitOfMeasureCode", '$lookup("uom_out", uom, uom)'),
    Row("salesOrderLines[].unitPrice", "unit_price"),
    Row("salesOrderLines[].discountAmount", "discount"),
]
