"""Valid canonical bodies to break in one place."""

from typing import Any

ADDRESS = {
    "name": "Ridgeline DC West",
    "lines": ["2200 Industrial Way"],
    "city": "Fernley",
    "region": "NV",
    "postal_code": "89408",
    "country": "US",
}


def order(**changes: Any) -> dict[str, Any]:
    """Two lines: 2 × 61.50 + 3 × 18.25 = 177.75, with 10.00 shipping and 1.35 tax 189.10."""
    return {
        "number": "1001",
        "channel": "harbor-store",
        "placed_at": "2026-03-02T13:58:04Z",
        "currency": "USD",
        "status": "open",
        "customer": {"name": "Dana Ortiz"},
        "ship_to": ADDRESS,
        "totals": {
            "lines": "177.75",
            "discount": "0",
            "shipping": "10.00",
            "tax": "1.35",
            "total": "189.10",
        },
        "lines": [
            line(),
            line(line_no="2", sku="ROPE-8", quantity="3", unit_price="18.25"),
        ],
    } | changes


def line(**changes: Any) -> dict[str, Any]:
    return {
        "line_no": "1",
        "sku": "TENT-2P",
        "quantity": "2",
        "uom": "EA",
        "unit_price": "61.50",
    } | changes


def shipment(**changes: Any) -> dict[str, Any]:
    return {
        "number": "S-77",
        "site": "RNO1",
        "order_number": "so-1001",
        "po_number": "4500118203",
        "bol": "BOL9",
        "carrier": {"scac": "UPSN"},
        "tracking": ["1Z999"],
        "shipped_at": "2026-03-03",
        "status": "complete",
        "packages": [{"sscc": "000123450000000010", "tracking": "1z999"}],
        "lines": [{"sku": "TENT-2P", "shipped": "2"}],
    } | changes


MINIMAL: dict[str, dict[str, Any]] = {
    "order": order(),
    "shipment": shipment(),
    "inventory": {
        "site": "RNO1",
        "sku": "TENT-2P",
        "on_hand": "310",
        "as_of": "2026-03-02T02:00:00Z",
    },
    "availability": {"channel": "harbor-store", "sku": "TENT-2P", "quantity": "228"},
    "return": {"number": "RMA-5", "status": "received"},
    "customer": {"account": "C100", "name": "Ridgeline Supply"},
    "product": {"sku": "TENT-2P", "title": "Tent for two", "status": "active"},
    "price_list": {"list": "B2B", "currency": "USD"},
    "invoice": {
        "number": "INV-9",
        "type": "invoice",
        "issued_on": "2026-03-05",
        "currency": "USD",
        "status": "posted",
        "totals": {"total": "189.10"},
    },
    "receipt": {
        "number": "R-3",
        "site": "RNO1",
        "received_on": "2026-03-04",
        "lines": [{"sku": "TENT-2P", "received": "24"}],
    },
    "adjustment": {
        "number": "A-3",
        "site": "RNO1",
        "adjusted_on": "2026-03-04",
        "lines": [{"sku": "TENT-2P", "delta": "-2"}],
    },
    "inbound_shipment": {
        "number": "IN-1",
        "site": "RNO1",
        "lines": [{"sku": "TENT-2P", "quantity": "24", "uom": "EA"}],
    },
}
