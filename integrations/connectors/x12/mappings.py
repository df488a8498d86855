"""The default mappings between X12 documents and the canonical ones.

A document in is the set's neutral document; `derived` is what the mapper adds: values that depend
on the endpoint's settings, or that a set spells in several ways. A document out is what
`documents.prepare` takes.
"""

from integrations.mapping import Row

_SITE = "derived.site ? derived.site : $context.site"
_SKU_IN = '$lookup("sku", derived.item)'
_CARRIER_CODE = "/^[A-Z]{2,4}$/"


def _ship_to_in() -> list[Row]:
    party = 'parties[role = "ST"][0]'
    # Only with an address: a name and a store number alone are no address.
    address = f"{party}.address"
    plain = ("city", "region", "postal_code")
    return [
        Row("ship_to.name", f"{address} ? {party}.name"),
        Row("ship_to.lines", f"{address} ? [{address}.line1, {address}.line2]"),
        *(Row(f"ship_to.{name}", f"{address}.{name}") for name in plain),
        Row("ship_to.country", f'{address} ? ({address}.country ? {address}.country : "US")'),
        Row("ship_to.location_id", f"{address} ? {party}.id"),
    ]


SHIPMENT_IN = [
    Row("number", "derived.number"),
    Row("site", _SITE),
    Row("order_number", "depositor_order ? depositor_order : po_number"),
    Row("po_number", "po_number"),
    Row("bol", "derived.bol"),
    Row("carrier.scac", f"$match(carrier.scac, {_CARRIER_CODE}) ? carrier.scac"),
    Row("carrier.service", "carrier.routing"),
    Row("carrier.name", 'carrier.scac ? $lookup("carrier", carrier.scac)'),
    Row("tracking", "derived.tracking"),
    Row("shipped_at", "derived.shipped_at"),
    Row("estimated_delivery", "derived.estimated_delivery"),
    *_ship_to_in(),
    Row(
        "weight",
        'totals.weight ? {"value": totals.weight,'
        ' "uom": totals.weight_uom ? totals.weight_uom : "LB"}',
    ),
    Row("status", "derived.status"),
    Row("lines[]", "lines"),
    Row("lines[].line_no", "derived.line_no"),
    Row("lines[].sku", _SKU_IN),
    Row("lines[].gtin", "derived.gtin"),
    Row("lines[].ordered", "derived.ordered"),
    Row("lines[].shipped", "derived.shipped"),
    Row("lines[].short", "derived.short"),
    Row("lines[].uom", 'uom ? $lookup("uom", uom) : "EA"'),
    Row("lines[].lot", "derived.lot"),
    Row("lines[].serials", "derived.serials"),
    Row("lines[].status", "derived.status"),
    Row("lines[].sscc", "derived.sscc"),
]

INVENTORY_IN = [
    Row("site", _SITE),
    Row("sku", _SKU_IN),
    Row("lot", "derived.lot"),
    Row("uom", 'derived.uom ? $lookup("uom", derived.uom) : "EA"'),
    Row("on_hand", "derived.on_hand"),
    Row("committed", "derived.committed"),
    Row("damaged", "derived.damaged"),
    Row("quality_hold", "derived.quality_hold"),
    Row("incoming", "derived.incoming"),
    Row("available", "derived.available"),
    Row("as_of", "derived.as_of"),
    Row("report_id", "report_id"),
    Row("full_report", "derived.full_report"),
]

RECEIPT_IN = [
    Row("number", "derived.number"),
    Row("site", _SITE),
    Row("order_number", "derived.order_number"),
    Row("received_on", "derived.received_on"),
    Row("lines[]", "lines"),
    Row("lines[].sku", _SKU_IN),
    Row("lines[].uom", 'uom ? $lookup("uom", uom) : "EA"'),
    Row("lines[].received", "derived.received"),
    Row("lines[].damaged", "derived.damaged"),
    Row("lines[].lot", "derived.lot"),
    Row("lines[].condition", "derived.condition"),
]

ADJUSTMENT_IN = [
    Row("number", "derived.number"),
    Row("site", _SITE),
    Row("adjusted_on", "derived.adjusted_on"),
    Row("lines[]", "lines"),
    Row("lines[].sku", _SKU_IN),
    Row("lines[].uom", 'uom ? $lookup("uom", uom) : "EA"'),
    Row("lines[].delta", "derived.delta"),
    Row("lines[].reason", "derived.reason"),
    Row("lines[].lot", "derived.lot"),
]


def _address_out(target: str, source: str) -> list[Row]:
    """An address as `documents` makes segments of it."""
    plain = ("name", "company", "city", "region", "postal_code", "country", "phone", "email")
    return [
        *(Row(f"{target}.{name}", f"{source}.{name}") for name in plain),
        Row(f"{target}.lines", f"{source}.lines"),
        Row(f"{target}.id", f"{source}.location_id"),
    ]


# A UPC has twelve digits in W01-03; other bar codes go as a pair.
_UPC = """(
  $c := $replace(gtin, /^0+/, "");
  gtin and $length($c) <= 12 and $length($c) > 8 ? $pad($c, -12, "0")
)"""
_GTIN_PAIR = """(
  $c := $replace(gtin, /^0+/, "");
  $length($c) = 13 ? {"EN": $c} : $length($c) = 14 ? {"UK": $c} : {}
)"""
_SKU_OUT = '$lookup("sku_warehouse", sku, sku)'

ORDER_OUT = [
    # A change of an order the warehouse does not have yet is an original to it.
    Row(
        "purpose",
        'status = "cancelled" ? "F" : ($exists($context.sent_before) ? $context.sent_before'
        ' : $context.version > 1) ? "R" : "N"',
    ),
    Row("depositor_order", "number"),
    Row("po_number", "po_number"),
    *_address_out("ship_to", "ship_to"),
    *_address_out("mark_for", "mark_for"),
    Row("dates.`10`", "requested_ship ? $date(requested_ship)"),
    Row("dates.`02`", "requested_delivery ? $date(requested_delivery)"),
    Row("dates.`38`", "cancel_after ? $date(cancel_after)"),
    Row("notes[]", "notes"),
    Row("notes[].kind", 'audience = "warehouse" ? "WHI" : audience = "customer" ? "DEL" : "GEN"'),
    Row("notes[].text", "text"),
    Row("carrier.payment", "$context.settings.freight_payment"),
    Row("carrier.mode", "$context.settings.mode"),
    Row("carrier.routing", 'service_level ? $lookup("service_out", service_level)'),
    Row("carrier.scac", 'carrier ? $lookup("carrier_out", carrier)'),
    # A cancellation carries the header only.
    Row("lines[]", 'status = "cancelled" ? [] : lines'),
    Row("lines[].line_no", "$string($index + 1)"),
    Row("lines[].quantity", "quantity"),
    Row("lines[].uom", '$lookup("uom_out", uom)'),
    Row("lines[].upc", _UPC),
    Row("lines[].ids", f'$merge([{{"VN": {_SKU_OUT}}}, {_GTIN_PAIR}])'),
    Row("lines[].description", "description"),
    Row("lines[].reference", "line_no"),
]

INBOUND_SHIPMENT_OUT = [
    Row("report_code", '"N"'),
    Row("depositor_order", "number"),
    Row("ship_date", "shipped_on"),
    Row("shipment_id", "bol"),
    Row("po_number", "po_number"),
    *_address_out("ship_from", "ship_from"),
    Row("dates.`11`", "shipped_on"),
    Row("dates.`17`", "expected_on"),
    Row("carrier.mode", "carrier ? $context.settings.mode"),
    Row("carrier.scac", 'carrier ? $lookup("carrier_out", carrier)'),
    Row("lines[]", "lines"),
    Row("lines[].quantity", "quantity"),
    Row("lines[].uom", '$lookup("uom_out", uom)'),
    Row("lines[].upc", _UPC),
    Row("lines[].ids", f'$merge([{{"VN": {_SKU_OUT}}}, {_GTIN_PAIR}])'),
    Row("lines[].lot", "lot"),
    Row("lines[].reference", "line_no"),
]
