"""Thirteen edits that the detection was not tuned on. It is measured on them, never fitted to them."""

from benchmarks.evidence_streams import RULES, Edit

EDITS = (
    Edit(
        "net total on invoices", "ERP invoices", True, {"totals.total": "$money(goods, currency)"}
    ),
    Edit("due on the day of issue", "ERP invoices", True, {"due_on": "$date(inv_date)"}),
    Edit(
        "prices in whole units",
        "ERP prices",
        True,
        {"prices[].price": "$string($round($number(unit_price)))"},
    ),
    Edit("one account for every order", "orders to the ERP", True, {"customer": '"WEB"'}),
    Edit(
        "tracking numbers cut",
        "shipments",
        True,
        {"tracking": "[$substring(derived.tracking[0], 0, 10)]"},
    ),
    Edit("purchase orders dropped", "shop orders", True, {"po_number": None}),
    Edit(
        "terms of sale noted", "ERP invoices", False, {"extensions.`acme.invoice`.terms": '"NET30"'}
    ),
    Edit(
        "prices with four decimals",
        "ERP prices",
        False,
        {"prices[].price": '$formatNumber($number(unit_price), "0.0000")'},
    ),
    Edit(
        "company beside the name",
        "orders to the ERP",
        False,
        {"ship_to.name": 'ship_to.company ? ship_to.name & ", " & ship_to.company : ship_to.name'},
    ),
    Edit(
        "service in capitals",
        "shipments",
        False,
        {"carrier.service": "$uppercase(carrier.routing)"},
    ),
    Edit(
        "customers called by their company",
        "shop orders",
        False,
        {
            "customer.name": "billing.company ? billing.company"
            ' : $trim(billing.first_name & " " & billing.last_name)'
        },
    ),
    Edit(
        "no smallest quantity of one",
        "ERP prices",
        False,
        {"prices[].min_quantity": "$number(min_qty) > 1 ? $decimal(min_qty)"},
    ),
    Edit(
        "the rules in two steps",
        "shop orders",
        False,
        rules=[
            {"n": 1, "if": {"ship_to.region": ["GA"]}, "then": {"force": "ATL2"}},
            {"n": 2, "if": {"ship_to.region": ["MA", "NJ", "CT"]}, "then": {"force": "ATL2"}},
            {**RULES[1], "n": 3},
        ],
    ),
)
