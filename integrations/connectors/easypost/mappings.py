"""The default mappings between EasyPost's shipments and the canonical ones.

`derived` is what `mapper.read` adds to a native document. What the hub has of a shipment is kept: of these
rows only carrier, tracking, labels, freight and how far it is are laid over it.
"""

from integrations.mapping import Row

SHIPMENT_IN = [
    Row("number", "derived.number"),
    Row("site", "derived.site"),
    Row("order_number", "derived.order_number"),
    Row("shipped_at", "$utc(derived.shipped_at)"),
    Row("status", '"complete"'),
    Row("carrier.name", "selected_rate.carrier"),
    Row("carrier.service", "selected_rate.service"),
    Row("carrier.scac", "derived.scac ? derived.scac"),
    Row("tracking[]", "tracking_code ? [tracking_code]"),
    Row("tracking_state", "derived.state ? derived.state"),
    Row("labels[]", "postage_label.label_url ? [postage_label.label_url]"),
    Row("freight.amount", "selected_rate.rate ? $string(selected_rate.rate)"),
    Row("freight.currency", "selected_rate.currency ? selected_rate.currency"),
    Row("ship_to.name", "to_address.name ? to_address.name : to_address.company"),
    Row("ship_to.company", "to_address.company ? to_address.company"),
    Row(
        "ship_to.lines[]",
        'to_address ? [to_address.street1, to_address.street2][$ != null and $ != ""]',
    ),
    Row("ship_to.city", "to_address.city ? to_address.city"),
    Row("ship_to.region", "to_address.state ? to_address.state"),
    Row("ship_to.postal_code", "to_address.zip ? to_address.zip"),
    Row("ship_to.country", "to_address.country ? to_address.country"),
    # A shipment has lines; where nobody says what is inside, one of nothing stands for them.
    Row(
        "lines",
        "$count(derived.items) > 0"
        ' ? [derived.items.{"sku": $lookup("sku", code), "shipped": $string(quantity)}]'
        ' : [{"sku": "parcel", "shipped": "0"}]',
    ),
]

_TO = "(ship_to ? ship_to : $context.order.ship_to)"
SHIPMENT_OUT = [
    Row("site", "site"),
    Row("number", "number"),
    Row("order_number", "order_number"),
    Row("status", "status"),
    Row("weight", "weight"),
    Row("packages", "packages"),
    Row("to_address.name", f"{_TO}.name"),
    Row("to_address.company", f"{_TO}.company"),
    Row("to_address.street1", f"{_TO}.lines[0]"),
    Row("to_address.street2", f'$join([{_TO}.lines[1], {_TO}.lines[2], {_TO}.lines[3]], ", ")'),
    Row("to_address.city", f"{_TO}.city"),
    Row("to_address.state", f"{_TO}.region"),
    Row("to_address.zip", f"{_TO}.postal_code"),
    Row("to_address.country", f"{_TO}.country"),
    Row("to_address.phone", f"{_TO}.phone"),
    Row("to_address.email", f"{_TO}.email"),
    Row("to_address.residential", f"{_TO}.residential"),
]
