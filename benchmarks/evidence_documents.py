"""Native documents as shops, warehouses and ERPs send them, the same ones for the same seed."""

from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

PEOPLE = (
    ("Dana", "Ortiz"),
    ("jo", "field"),
    ("Müller", "Grün"),
    ("Aiko", "Tanaka"),
    ("Lars", "Ødegård"),
    ("Maria", "da Silva"),
    ("sam", "O'Neil"),
    ("Priya", "Nair"),
)
PLACES = (
    ("2200 Industrial Way", "Fernley", "NV", "89408", "US"),
    ("7 Harbor Street", "Boston", "MA", "02110", "US"),
    ("19 Old Mill Road", "Newark", "NJ", "07102-3311", "US"),
    ("400 Peachtree Street", "Atlanta ", "GA", "30308", "US"),
    ("88 Mission Street", "San Francisco", "CA", "94105", "US"),
    ("12 Elm Avenue", "Hartford", "CT", "06103", "US"),
    ("Lindenstraße 4", "Leipzig", "SN", "04109", "DE"),
    ("5 Rue du Bac", "Paris", "", "75007", "FR"),
    ("31 King's Road", "London", "", "SW3 4RP", "GB"),
)
ITEMS = (
    ("TENT-2P", "Tent for two", "0840012300014", 12),
    ("TENT-4P", "Tent for four", "0840012300021", 6),
    ("LAMP-01", "Camp lamp", "0840012300038", 24),
    ("LAMP-02", "Camp lamp, large", "0840012300045", 24),
    ("0047-ROPE", "Rope, 20 m", "0840012300052", 48),
    ("STOVE-A", "Gas stove", "0840012300069", 8),
    ("MAT-L", "Sleeping mat, long", "0840012300076", 10),
    ("CUP-6", "Cups, set of six", "0840012300083", 36),
    ("BAG-70", "Backpack 70 l", "0840012300090", 5),
)
UNKNOWN_ITEM = "NEW-2026"
METHODS = ("Flat rate", "Express", "Local pickup", "Freight")
CURRENCIES = ("USD", "USD", "USD", "EUR", "GBP")
START = datetime(2026, 2, 1, 6, 0, tzinfo=UTC)

Document = dict[str, Any]


def orders(random: Random, count: int) -> list[Document]:
    """WooCommerce orders; a few name an item that no lookup row is for."""
    return [_order(random, 7000 + n * 3, 1001 + n) for n in range(count)]


def _order(random: Random, order_id: int, number: int) -> Document:
    lines = [_order_line(random, order_id * 10 + n) for n in range(random.choice((1, 2, 3, 4, 7)))]
    if random.random() < 0.03:
        lines[0]["sku"] = UNKNOWN_ITEM
    shipping = random.choice((0, 495, 1000, 2450))
    tax = sum(line["cents"] for line in lines) * random.choice((0, 7, 19)) // 100
    fees = [{"id": 1, "name": "Gift wrap", "total": "3.50"}] if random.random() < 0.2 else []
    net = sum(line.pop("cents") for line in lines) + (350 if fees else 0)
    before = sum(line.pop("full") for line in lines)
    placed = START + timedelta(minutes=random.randrange(40_000), seconds=random.randrange(60))
    billing = _party(random)
    apart = random.random() < 0.6
    return {
        "id": order_id,
        "number": str(number),
        "order_key": f"wc_order_{order_id:x}",
        "status": random.choice(("processing", "processing", "processing", "pending", "cancelled")),
        "currency": random.choice(CURRENCIES),
        "date_created": _text(placed - timedelta(hours=8)),
        "date_created_gmt": _text(placed),
        "date_modified_gmt": _text(placed + timedelta(minutes=random.randrange(1, 500))),
        "discount_total": _money(before - net + (350 if fees else 0)),
        "shipping_total": _money(shipping),
        "total_tax": _money(tax),
        "total": _money(net + shipping + tax),
        "prices_include_tax": False,
        "customer_id": random.choice((0, random.randrange(20, 400))),
        "customer_note": random.choice(("", "", "Leave at the gate.", "Ring twice, please")),
        "billing": billing,
        "shipping": _party(random) if apart else {},
        "payment_method": random.choice(("stripe", "paypal", "bacs")),
        "transaction_id": f"ch_{random.randrange(10**9)}",
        "date_paid_gmt": _text(placed + timedelta(seconds=3)) if random.random() < 0.8 else None,
        "shipping_lines": [{"id": 1, "method_title": random.choice(METHODS)}],
        "meta_data": [{"id": 9, "key": "_po_number", "value": f"PO-{random.randrange(10**5):06}"}]
        if random.random() < 0.4
        else [],
        "fee_lines": fees,
        "line_items": lines,
    }


def _order_line(random: Random, line_id: int) -> Document:
    sku, name, gtin, _ = random.choice(ITEMS)
    quantity, price = random.choice((1, 1, 2, 3, 10, 24)), random.randrange(199, 28_000)
    full = quantity * price
    paid = full * 9 // 10 if random.random() < 0.25 else full
    return {
        "id": line_id,
        "sku": sku,
        "name": name,
        "quantity": quantity,
        "subtotal": _money(full),
        "total": _money(paid),
        "total_tax": "0.00",
        "global_unique_id": random.choice(("", gtin)),
        "cents": paid,
        "full": full,
    }


def _party(random: Random) -> Document:
    first, last = random.choice(PEOPLE)
    street, city, state, postcode, country = random.choice(PLACES)
    return {
        "first_name": first,
        "last_name": last,
        "company": random.choice(("", "", "Northwind Outfitters", "Peak & Co.")),
        "address_1": street,
        "address_2": random.choice(("", "", "Suite 12", "2nd floor")),
        "city": city,
        "state": state,
        "postcode": postcode,
        "country": country,
        "email": f"{first}.{last}@Example.com".replace(" ", ""),
        "phone": random.choice(("", "+1 775 555 0100")),
    }


def products(random: Random, count: int) -> list[Document]:
    """Rows of an ERP's item table."""
    found = []
    for n in range(count):
        _, name, gtin, pack = random.choice(ITEMS)
        found.append(
            {
                "item_no": f"ITM{n:04}",
                "descr": random.choice((name, f" {name} ", f"{name} – DISCONTINUED")),
                "item_status": random.choice(("A", "A", "A", "B")),
                "upc": gtin,
                "case_gtin": random.choice((None, f"1{gtin}")),
                "case_qty": str(pack),
                "stock_uom": random.choice(("EA", None)),
                "weight_lb": f"{random.randrange(10, 4000) / 100:.2f}",
                "changed_at": f"2026-03-0{random.randrange(1, 9)}T1{random.randrange(10)}:15:00",
            }
        )
    return found


def shipments(random: Random, count: int) -> list[Document]:
    """945s as the X12 reader gives them."""
    return [_shipment(random, n) for n in range(count)]


def _shipment(random: Random, n: int) -> Document:
    street, city, state, postcode, country = random.choice(PLACES)
    first, last = random.choice(PEOPLE)
    scac = random.choice(("UPSN", "FDEG", "RDWY"))
    items = random.sample(ITEMS, random.choice((1, 2, 3, 6)))
    return {
        "depositor_order": str(1001 + n),
        "shipment_id": f"{n:08}",
        "po_number": f"PO-{n:06}",
        "ship_date": f"2026-03-{random.randrange(1, 28):02}",
        "dates": [{"qualifier": "17", "date": f"2026-04-{random.randrange(1, 28):02}"}],
        "carrier": {"scac": scac, "routing": random.choice(("Ground", "2nd Day Air"))},
        "refs": [{"qualifier": "CN", "value": f"1Z{random.randrange(10**12):012}"}],
        "parties": [
            {
                "role": "ST",
                "name": f"{first} {last}",
                "id": f"0{random.randrange(100):03}",
                "address": {
                    "line1": street,
                    "city": city,
                    "region": state,
                    "postal_code": postcode,
                    "country": country,
                },
            }
        ],
        "totals": {"weight": f"{random.randrange(100, 90_000) / 100:.2f}", "weight_uom": "LB"},
        "lines": [_shipped(random, place, item) for place, item in enumerate(items, 1)],
    }


def _shipped(random: Random, place: int, item: tuple[str, str, str, int]) -> Document:
    ordered = random.randrange(2, 60)
    short = random.choice((0, 0, 0, 1))
    return {
        "ids": {"VN": item[0]},
        "upc": item[2][1:],
        "uom": random.choice(("EA", "EA", "CA", "PC")),
        "ordered": str(ordered),
        "shipped": str(ordered - short),
        "difference": str(short),
        "status": "CP" if short else "CC",
        "refs": [{"qualifier": "LI", "value": str(place)}],
    }


def levels(random: Random, count: int) -> list[Document]:
    """846s of one line each, with a lot, so that each names stock of its own."""
    return [
        {
            "report_id": f"R{n // 20:05}",
            "date": f"2026-03-{1 + n % 27:02}",
            "time": "18:30",
            "lines": [
                {
                    "ids": {"VN": ITEMS[n % len(ITEMS)][0]},
                    "lot": f"L{n // len(ITEMS):03}",
                    "quantities": [
                        {"qualifier": "17", "quantity": str(random.randrange(900)), "uom": "EA"},
                        {"qualifier": "27", "quantity": str(random.randrange(40)), "uom": "EA"},
                        *(
                            [
                                {
                                    "qualifier": "33",
                                    "quantity": str(random.randrange(800)),
                                    "uom": "EA",
                                }
                            ]
                            if random.random() < 0.5
                            else []
                        ),
                    ],
                }
            ],
        }
        for n in range(count)
    ]


def invoices(random: Random, count: int) -> list[Document]:
    """An ERP's invoices with their lines; some are credits."""
    return [_invoice(random, n) for n in range(count)]


def _invoice(random: Random, n: int) -> Document:
    sign = -1 if random.random() < 0.1 else 1
    lines = []
    for place in range(1, random.choice((2, 3, 5))):
        sku, name, _, _ = random.choice(ITEMS)
        quantity, price = random.randrange(1, 30), random.randrange(150, 20_000)
        lines.append(
            {
                "line_no": place,
                "item_no": sku,
                "descr": name,
                "qty": str(quantity * sign),
                "uom": "EA",
                "unit_price": f"{price / 100:.4f}",
                "amount": _money(quantity * price * sign),
                "cents": quantity * price * sign,
            }
        )
    goods = sum(line.pop("cents") for line in lines)
    tax, freight = goods * 8 // 100, random.choice((0, 0, 1250)) * sign
    return {
        "inv_no": f"{n:07}",
        "cust_ref": str(1001 + n),
        "inv_date": f"2026-03-{random.randrange(1, 12):02}",
        "due_date": f"2026-04-{random.randrange(1, 12):02}",
        "currency": random.choice(CURRENCIES),
        "status": random.choice(("POSTED", "PAID", "PART_PAID")),
        "goods": _money(goods),
        "tax": _money(tax),
        "freight": _money(freight),
        "total": _money(goods + tax + freight),
        "paid_amount": "0.00",
        "lines": lines,
        "changed_at": f"2026-03-12T10:{n % 60:02}:00",
    }


def price_lists(random: Random, count: int) -> list[Document]:
    """Price lists of an ERP, with steps by quantity."""
    return [
        {
            "list_code": f"{n:03}-{random.choice(('RETAIL', 'DEALER'))}",
            "currency": random.choice(CURRENCIES),
            "changed_at": "2026-03-12T10:00:00",
            "lines": [
                {
                    "item_no": sku,
                    "uom": None,
                    "min_qty": step,
                    "unit_price": f"{random.randrange(150, 20_000) / 100:.4f}",
                }
                for sku, _, _, _ in random.sample(ITEMS, 4)
                for step in (1, 12)
            ],
        }
        for n in range(count)
    ]


def _text(moment: datetime) -> str:
    return moment.replace(tzinfo=None).isoformat()


def _money(cents: int) -> str:
    sign, cents = "-" if cents < 0 else "", abs(cents)
    return f"{sign}{cents // 100}.{cents % 100:02}"
