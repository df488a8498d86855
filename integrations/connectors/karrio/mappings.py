"""The default mappings between Karrio's shipments and the canonical ones.

`derived` is what `mapper.read` adds to a native document. What the hub has of a shipment is kept: of these
rows only carrier, tracking, labels, freight and how far it is are laid over it.
"""

from integrations.mapping import Row

SHIPMENT_IN = [
    Row("number", "derived.number"),
    Row("site", "derived.site"),
    Row("order_number", "order_id ? order_id : derived.number"),
    Row("shipped_at", "$utc(created_at)"),
    Row("status", '"complete"'),
    Row("carrier.name", "derived.carrier ? derived.carrier"),
    Row("carrier.service", "service ? service"),
    Row("carrier.scac", "derived.scac ? derived.scac"),
    Row("tracking[]", "[tracking_number]"),
    Row("tracking_state", "derived.state ? derived.state"),
    Row("labels[]", "derived.label ? [derived.label]"),
    Row("freight.amount", "selected_rate.total_charge ? $decimal(selected_rate.total_charge)"),
    Row("freight.currency", "selected_rate.currency ? selected_rate.currency"),
    Row("ship_to.name", "recipient.person_name ? recipient.person_name : recipient.company_name"),
    Row("ship_to.company", "recipient.company_name ? recipient.company_name"),
    Row(
        "ship_to.lines[]",
        'recipient ? [recipient.address_line1, recipient.address_line2][$ != null and $ != ""]',
    ),
    Row("ship_to.city", "recipient.city ? recipient.city"),
    Row("ship_to.region", "recipient.state_code ? recipient.state_code"),
    Row("ship_to.postal_code", "recipient.postal_code ? recipient.postal_code"),
    Row("ship_to.country", "recipient.country_code ? recipient.country_code"),
    # A shipment has lines; where nobody says what is inside, one of nothing stands for them.
    Row(
        "lines",
        "$count(derived.items) > 0"
        ' ? [derived.items.{"sku": $lookup("sku", sku), "shipped": $string(quantity)}]'
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
    Row("recipient.person_name", f"{_TO}.name"),
    Row("recipient.company_name", f"{_TO}.company"),
    Row("recipient.address_line1", f"{_TO}.lines[0]"),
    Row(
        "recipient.address_line2", f'$join([{_TO}.lines[1], {_TO}.lines[2], {_TO}.lines[3]], ", ")'
    ),
    Row("recipient.city", f"{_TO}.city"),
    Row("recipient.state_code", f"{_TO}.region"),
    Row("recipient.postal_code", f"{_TO}.postal_code"),
    Row("recipient.country_code", f"{_TO}.country"),
    Row("recipient.phone_number", f"{_TO}.phone"),
    Row("recipient.email", f"{_TO}.email"),
    Row("recipient.residential", f"{_TO}.residential"),
]
