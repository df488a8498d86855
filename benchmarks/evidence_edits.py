"""Thirty edits of shipped mappings, their lookups and the routing. Ten do harm that no schema sees.

What is harmful is said here and nowhere else: the detection never reads it.
"""

from benchmarks.evidence_streams import RULES, Edit


def _ship_to_from(source: str) -> dict[str, str | None]:
    plain = {"city": "city", "region": "state", "postal_code": "postcode", "country": "country"}
    lines = f'[{source}.address_1, {source}.address_2][$ != ""]'
    fields = {f"ship_to.{ours}": f"{source}.{theirs}" for ours, theirs in plain.items()}
    return {"ship_to.lines[]": lines, **fields}


_PLAIN_CODE = "$match(derived.ship_to.postcode, /^[0-9]+$/)"
_PROPER = "function($w){$uppercase($substring($w, 0, 1)) & $substring($w, 1)}"
_NAME = '$split($trim(billing.first_name & " " & billing.last_name), " ")'
_POUNDS_TO_KILOS = "$decimal($round($number(weight_lb) * 0.45359237, 3))"

HARMFUL = (
    Edit("orders keyed by the shop's id", "shop orders", True, {"number": "$string(id)"}),
    Edit("ship to the billing address", "shop orders", True, _ship_to_from("billing")),
    Edit("local time taken for UTC", "shop orders", True, {"placed_at": "$utc(date_created)"}),
    Edit("line total as unit price", "shop orders", True, {"lines[].unit_price": "subtotal"}),
    Edit("only the first five lines", "shop orders", True, {"lines[]": "line_items[[0..4]]"}),
    Edit(
        "postal code by way of a number",
        "shop orders",
        True,
        {
            "ship_to.postal_code": f"{_PLAIN_CODE} ? $string($number(derived.ship_to.postcode))"
            " : derived.ship_to.postcode"
        },
    ),
    Edit("held orders are let go", "shop orders", True, {"status": '"open"'}),
    Edit("cases looked up as eaches", "shipments", True, {}, {("uom", "CA"): "EA"}),
    Edit("two lamps become one", "stock", True, {}, {("sku", "LAMP-02"): "LAMP-01"}),
    Edit(
        "a routing rule that is too wide",
        "shop orders",
        True,
        rules=[{"n": 1, "if": {"ship_to.country": ["US"]}, "then": {"force": "ATL2"}}, RULES[1]],
    ),
)

HARMLESS = (
    Edit(
        "descriptions in capitals",
        "shop orders",
        False,
        {"lines[].description": "$uppercase(name)"},
    ),
    Edit(
        "service level by lookup",
        "shop orders",
        False,
        {"service_level": '$lookup("service", shipping_lines[0].method_title)'},
        {
            ("service", "Flat rate"): "GROUND",
            ("service", "Express"): "NEXT DAY",
            ("service", "Local pickup"): "PICKUP",
            ("service", "Freight"): "GROUND",
        },
    ),
    Edit(
        "a note for the warehouse",
        "shop orders",
        False,
        {
            "notes": '$append([{"audience": "warehouse", "text": "No polystyrene."}],'
            ' customer_note ? [{"audience": "warehouse", "text": customer_note}] : [])'
        },
    ),
    Edit(
        "mail in lower case", "shop orders", False, {"customer.email": "$lowercase(billing.email)"}
    ),
    Edit(
        "names with capitals",
        "shop orders",
        False,
        {"customer.name": f'$join($map({_NAME}, {_PROPER}), " ")'},
    ),
    Edit("cities trimmed", "shop orders", False, {"ship_to.city": "$trim(derived.ship_to.city)"}),
    Edit("a wish for the day", "shop orders", False, {"requested_ship": "$date(date_created_gmt)"}),
    Edit("an extension", "shop orders", False, {"extensions.`acme.order`.key": "order_key"}),
    Edit(
        "sums without zeros",
        "shop orders",
        False,
        {"totals.lines": "$decimal(derived.lines_total)"},
    ),
    Edit(
        "fees said to be none",
        "shop orders",
        False,
        {"totals.fees": 'derived.fees_total ? derived.fees_total : "0"'},
    ),
    Edit(
        "payment methods by lookup",
        "shop orders",
        False,
        {"payment.method": '$lookup("payment", payment_method)'},
        {
            ("payment", "stripe"): "card",
            ("payment", "paypal"): "wallet",
            ("payment", "bacs"): "transfer",
        },
    ),
    Edit("a missing item added", "shop orders", False, {}, {("sku", "NEW-2026"): "TENT-6P"}),
    Edit(
        "a rule for islands nobody orders from",
        "shop orders",
        False,
        rules=[
            RULES[0],
            {"n": 2, "if": {"ship_to.region": ["HI"]}, "then": {"force": "ATL2"}},
            {**RULES[1], "n": 3},
        ],
    ),
    Edit(
        "the order key as a reference",
        "shop orders",
        False,
        {"external_refs[]": '$append(derived.references, {"kind": "key", "value": order_key})'},
    ),
    Edit(
        "a carrier's full name",
        "shipments",
        False,
        {},
        {("carrier", "UPSN"): "United Parcel Service"},
    ),
    Edit("pieces are eaches", "shipments", False, {}, {("uom", "PC"): "EA"}),
    Edit(
        "weight in kilograms",
        "ERP products",
        False,
        {"weight": f'weight_lb ? {{"value": {_POUNDS_TO_KILOS}, "uom": "KG"}}'},
    ),
    Edit(
        "what is available worked out",
        "stock",
        False,
        {
            "available": "derived.available ? derived.available"
            " : $decimal($number(derived.on_hand) - $number(derived.committed))"
        },
    ),
    Edit(
        "no freight of zero",
        "ERP invoices",
        False,
        {"totals.freight": "$number(freight) != 0 ? $money(freight, currency)"},
    ),
    Edit(
        "titles without their mark",
        "ERP products",
        False,
        {"title": '$replace($text(descr), " – DISCONTINUED", "")'},
    ),
)

EDITS = (*HARMFUL, *HARMLESS)
