"""The default mappings between SAP's documents and the canonical ones.

`derived` is what `mapper.read` adds to a native document: values that want exact arithmetic, depend on the
endpoint's settings, or stand in one of several places.
"""

from integrations.mapping import Row

_SETTINGS = "$context.settings"
_UOM_IN = '{0} ? $lookup("uom", {0}, {0})'
_SOLD_TO = (
    f"{_SETTINGS}.sold_to ? {_SETTINGS}.sold_to"
    ' : $lookup("customer_out", customer.account, customer.account)'
)

SHIPMENT_IN = [
    Row("number", "derived.number"),
    Row("site", '$lookup("site", derived.plant, derived.plant)'),
    # The number of the order that we know under SAP's number.
    Row("order_number", '$binding("order", derived.order, derived.order)'),
    Row("bol", "$text(BillOfLading)"),
    Row(
        "shipped_at",
        "ActualGoodsMovementDate ? $date(ActualGoodsMovementDate) : $date(DeliveryDate)",
    ),
    Row("status", "derived.status"),
    Row(
        "weight",
        'derived.weight and HeaderWeightUnit ? {"value": $decimal(derived.weight),'
        ' "uom": $lookup("uom", HeaderWeightUnit, HeaderWeightUnit)}',
    ),
    Row("lines[]", "to_DeliveryDocumentItem"),
    Row("lines[].line_no", "DeliveryDocumentItem"),
    Row("lines[].sku", '$lookup("sku", Material)'),
    Row("lines[].shipped", "derived.shipped"),
    Row("lines[].uom", _UOM_IN.format("derived.uom")),
    Row("lines[].lot", "$text(Batch)"),
    Row("lines[].expiry", "$date(ShelfLifeExpirationDate)"),
]

INVENTORY_IN = [
    Row("site", '$lookup("site", derived.plant, derived.plant)'),
    Row("sku", '$lookup("sku", Material)'),
    Row("lot", "derived.lot"),
    Row("uom", _UOM_IN.format("MaterialBaseUnit")),
    Row("on_hand", "derived.on_hand"),
    Row("quality_hold", "derived.quality_hold"),
    Row("damaged", "derived.damaged"),
    Row("as_of", "$utc(derived.read_at)"),
]

PRODUCT_IN = [
    Row("sku", '$lookup("sku", Product)'),
    Row("title", "derived.title ? derived.title : Product"),
    Row(
        "status",
        'IsMarkedForDeletion ? "discontinued" : $text(CrossPlantStatus) ? "blocked" : "active"',
    ),
    Row("gtins", 'derived.gtin ? [{"gtin": derived.gtin, "level": "each"}]'),
    Row("base_uom", _UOM_IN.format("BaseUnit")),
    Row("units", 'BaseUnit ? [{"uom": $lookup("uom", BaseUnit, BaseUnit), "factor": "1"}]'),
    Row(
        "weight",
        'derived.weight ? {"value": derived.weight, "uom": $lookup("uom", WeightUnit, WeightUnit)}',
    ),
]

CUSTOMER_IN = [
    Row("account", "Customer"),
    Row("name", "derived.name ? derived.name : Customer"),
    Row("type", 'BusinessPartnerCategory = "1" ? "person" : "company"'),
    Row("email", "$text(derived.email)"),
    Row("phone", "$text(derived.phone)"),
    Row("addresses[]", "derived.addresses"),
    Row("addresses[].role", '"bill_to"'),
    Row("addresses[].name", "$root.derived.name ? $root.derived.name : $root.Customer"),
    Row("addresses[].lines", "[street]"),
    Row("addresses[].city", "CityName"),
    Row("addresses[].region", "$text(Region)"),
    Row("addresses[].postal_code", "$text(PostalCode)"),
    Row("addresses[].country", "Country"),
    Row("credit_status", 'BusinessPartnerIsBlocked ? "hold" : "ok"'),
]

INVOICE_IN = [
    Row("number", "BillingDocument"),
    # M invoice, P debit memo, O credit memo, N and S cancel one, U pro forma.
    Row(
        "type",
        'SDDocumentCategory = "U" ? "proforma" : SDDocumentCategory in ["O", "N"] ? "credit" : "invoice"',
    ),
    Row("order_number", 'derived.order ? $binding("order", derived.order, derived.order)'),
    Row("issued_on", "$date(BillingDocumentDate)"),
    Row("due_on", "$date(NetDueDate)"),
    Row("currency", "TransactionCurrency"),
    Row(
        "status",
        'BillingDocumentIsCancelled ? "void"'
        ' : (AccountingPostingStatus ? AccountingPostingStatus : AccountingTransferStatus) = "C"'
        ' ? "posted" : "draft"',
    ),
    Row("totals.lines", "$money(TotalNetAmount, TransactionCurrency)"),
    Row("totals.tax", "$money(TotalTaxAmount, TransactionCurrency)"),
    Row("totals.total", "$money(derived.total, TransactionCurrency)"),
    Row("lines[]", "to_Item"),
    Row("lines[].line_no", "BillingDocumentItem"),
    Row("lines[].sku", 'Material ? $lookup("sku", Material)'),
    Row("lines[].description", "$text(BillingDocumentItemText)"),
    Row("lines[].quantity", "$decimal(BillingQuantity ? BillingQuantity : 0)"),
    Row("lines[].uom", _UOM_IN.format("BillingQuantityUnit")),
    Row("lines[].unit_price", "derived.unit_price"),
    Row("lines[].total", "$money(NetAmount, $root.TransactionCurrency)"),
]

ORDER_OUT = [
    Row("status", "status"),
    Row("SalesOrderType", f"$text({_SETTINGS}.order_type)"),
    Row("SalesOrganization", f"$text({_SETTINGS}.sales_organization)"),
    Row("DistributionChannel", f"$text({_SETTINGS}.distribution_channel)"),
    Row("OrganizationDivision", f"$text({_SETTINGS}.division)"),
    Row("SoldToParty", _SOLD_TO),
    # By this an order is found again. A buyer's own number may stand here where each is used once.
    Row("PurchaseOrderByCustomer", "number"),
    Row("CustomerPurchaseOrderDate", "$date(placed_at)"),
    Row("TransactionCurrency", "currency"),
    Row("RequestedDeliveryDate", "$date(requested_delivery)"),
    Row("to_Item[]", "lines"),
    Row("to_Item[].Material", '$binding("product", sku, $lookup("sku_out", sku, sku))'),
    Row("to_Item[].RequestedQuantity", "quantity"),
    Row("to_Item[].RequestedQuantityUnit", '$lookup("uom_out", uom, uom)'),
    Row(
        "to_Item[].to_PricingElement",
        f'{_SETTINGS}.price_condition ? [{{"ConditionType": {_SETTINGS}.price_condition,'
        ' "ConditionRateValue": unit_price, "ConditionCurrency": $root.currency}]',
    ),
    Row("to_Partner[]", f"{_SETTINGS}.ship_to_function ? [ship_to]"),
    Row("to_Partner[].PartnerFunction", f"{_SETTINGS}.ship_to_function"),
    Row("to_Partner[].Customer", _SOLD_TO.replace("customer.account", "$root.customer.account")),
    Row(
        "to_Partner[].to_Address",
        '[{"OrganizationName1": company ? company : name, "OrganizationName2": company ? name,'
        ' "StreetName": lines[0], "StreetPrefixName1": lines[1], "CityName": city,'
        ' "PostalCode": postal_code, "Region": region, "Country": country,'
        ' "EmailAddress": email, "PhoneNumber": phone}]',
    ),
]
