"""A bad day's orders: most are good, and a thousand fail for six causes, some of them for two."""

import json
from typing import Any, NamedTuple

from benchmarks import load

ALL = 20_000
UNTIL_OUTAGE = 0.4  # this part of the day is over when the bookkeeping goes away


class Cause(NamedTuple):
    """`bad` orders of the day, that one remedy mends with what is `given`. `value` tells cases of one
    code apart."""

    name: str
    bad: int
    code: str
    value: str
    remedy: str
    given: dict[str, str]


CAUSES = (
    Cause("old item", 400, "unknown_sku", "SKU-OLD", "lookup", {"value": "SKU-001"}),
    Cause("case unit", 250, "uom_mismatch", "", "lookup", {"value": "EA"}),
    Cause(
        "new item", 120, "unknown_sku", "LAMP-G", "product", {"title": "Lamp, green", "uom": "EA"}
    ),
    Cause("carrier", 80, "carrier_unmapped", "", "lookup", {"value": "UPSN"}),
    Cause("other dates", 100, "wrong_format", "", "mapping", {}),
    Cause(
        "no country", 50, "address_invalid", "", "skip", {"reason": "test orders of the channel"}
    ),
)
BAD = sum(cause.bad for cause in CAUSES)
BOTH = 30  # of the orders with the old item come in the unknown unit, too
SKIPPED = next(cause.bad for cause in CAUSES if cause.remedy == "skip")
MAPPING = [
    ["number", "number"], ["channel", "channel"], ["placed_at", "placed_at"],
    ["currency", "currency"], ["status", "status"], ["po_number", "po_number"],
    ["ship_to", "ship_to"], ["bill_to", "bill_to"], ["customer", "customer"], ["totals", "totals"],
    ["carrier", "$lookup('carrier', carrier)"],
    ["lines[]", "lines"], ["lines[].line_no", "line_no"], ["lines[].sku", "$lookup('sku', sku)"],
    ["lines[].quantity", "quantity"], ["lines[].uom", "$lookup('uom', uom)"],
    ["lines[].unit_price", "unit_price"], ["lines[].total", "total"],
]  # fmt: skip
MENDED_DATE = (
    "$contains(placed_at, '/') ? $substring(placed_at, 6, 4) & '-' & $substring(placed_at, 0, 2)"
    " & '-' & $substring(placed_at, 3, 2) & 'T00:00:00Z' : placed_at"
)


def day(prefix: str) -> list[load.Request]:
    """The orders of one day in the order in which they come, the bad ones spread over it."""
    every = ALL // BAD
    kinds = _kinds()
    return [
        _request(f"{prefix}-{n:05d}", n, kinds[n // every] if n % every == 0 else ())
        for n in range(ALL)
    ]


def _kinds() -> list[tuple[str, ...]]:
    """What is wrong with each of the bad orders, the causes taking turns."""
    left = {cause.name: cause.bad for cause in CAUSES}
    both = BOTH
    kinds: list[tuple[str, ...]] = []
    while any(left.values()):
        for cause in CAUSES:
            if left[cause.name]:
                left[cause.name] -= 1
                twice = cause.name == "old item" and both > 0
                both -= twice
                kinds.append((cause.name, "case unit") if twice else (cause.name,))
    return kinds


def _request(number: str, salt: int, wrong: tuple[str, ...]) -> load.Request:
    body = load.order(number, salt=salt)
    body["carrier"] = "UPS Ground"
    for name in wrong:
        _break(body, name, salt)
    raw = json.dumps(body).encode()
    return number, load.request("/in/bench/shop", raw, event=number)


def _break(body: dict[str, Any], wrong: str, salt: int) -> None:
    line = body["lines"][2]
    match wrong:
        case "old item":
            line["sku"] = "SKU-OLD"
        case "case unit":
            line["uom"] = "STK"
        case "new item":
            line["sku"] = "LAMP-G"
        case "carrier":
            body["carrier"] = "Parcel Express 24"
        case "other dates":
            body["placed_at"] = f"03/{1 + salt // 20 % 28:02d}/2026"
        case "no country":
            body["ship_to"] = {k: v for k, v in body["ship_to"].items() if k != "country"}


def configuration(erp_url: str, books_url: str) -> dict[str, Any]:
    """A shop whose orders go to an ERP and to the books; one person may make a mapping live."""
    products = [f"SKU-{n:03d}" for n in range(50)]
    return {
        "customers": [
            {"slug": "harbor", "name": "Harbor", "policies": {"approval": {"mapping": "one"}},
             "calendar": {"hours": dict.fromkeys(("mon", "tue", "wed", "thu", "fri", "sat", "sun"),
                                                 "00:00-24:00")}},
        ],
        "endpoints": [
            {"slug": "shop", "customer": "harbor", "label": "Shop", "connector": "http",
             "secrets": {"webhook_secret": "${BENCH_SECRET}"}},
            *[{"slug": slug, "customer": "harbor", "label": label, "connector": "http",
               "rate_per_second": 10_000, "concurrency": 8, "settings": {"url": url}}
              for slug, label, url in (("erp", "ERP", erp_url), ("books", "Books", books_url))],
        ],
        "flows": [
            {"slug": f"orders-{to}", "customer": "harbor", "object": "order", "from": "shop", "to": to}
            for to in ("erp", "books")
        ],
        "lookups": [
            {"customer": "harbor", "name": "sku", "default": "master",
             "rows": {product: product for product in products}},
            {"customer": "harbor", "name": "uom", "default": "hold", "rows": {"EA": "EA"}},
            {"customer": "harbor", "name": "carrier", "default": "hold",
             "rows": {"UPS Ground": "UPSN"}},
        ],
        "mappings": [
            {"endpoint": "shop", "object": "order", "direction": "in", "rows": MAPPING}
        ],
    }  # fmt: skip
