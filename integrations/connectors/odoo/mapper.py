"""Odoo's records made ready for mapping. Pure."""

import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any, Final

from integrations.canonical.problem import Problem
from integrations.connectors import json_object
from integrations.connectors.connection import Connection
from integrations.connectors.connector import Mappings, Streams
from integrations.connectors.inbound import Native
from integrations.connectors.odata.amounts import ZERO, amount, each, objects, text
from integrations.connectors.odoo import mappings

MAPPINGS: Mappings = {
    ("shipment", "in"): mappings.SHIPMENT_IN,
    ("inventory", "in"): mappings.INVENTORY_IN,
    ("product", "in"): mappings.PRODUCT_IN,
    ("customer", "in"): mappings.CUSTOMER_IN,
    ("invoice", "in"): mappings.INVOICE_IN,
    ("order", "out"): mappings.ORDER_OUT,
}
STREAMS: Streams = {
    "deliveries": "shipment",
    "stock": "inventory",
    "products": "product",
    "customers": "customer",
    "invoices": "invoice",
}
# Where false is an answer; elsewhere it says that a field is empty.
_FLAGS: Final = frozenset({"active", "is_company", "sale_ok"})
_BETWEEN: Final = re.compile(r"[,;+\s]+")
_PAID: Final = {
    "paid": "paid", "in_payment": "paid", "partial": "partially_paid", "reversed": "credited",
}  # fmt: skip
Document = dict[str, Any]

split = json_object.split


def read(object_type: str, topic: str, body: bytes, connection: Connection) -> Native:
    """Decode one document and add `derived`, see `mappings`. One product's stock in several warehouses is
    several documents. None: it is no news to the hub, as a delivery that is for no sales order."""
    native = json_object.read(object_type, topic, body, connection)
    if native.problems:
        return native
    [document] = native.documents
    problems: list[Problem] = []
    record = document.get("record")
    if not isinstance(record, dict):
        problems.append(Problem("missing_field", "record", "", "record is missing."))
        return Native(object_type, [], problems)
    joined = {name: objects(document, name, problems) for name in _JOINED[object_type]}
    plain = {name: [_plain(one) for one in rows] for name, rows in joined.items()}
    plain["read_at"] = document.get("read_at")  # type: ignore[assignment]
    found = _PREPARE[object_type](_plain(record), plain, connection, problems)
    return Native(object_type, [] if problems else found, problems)


def remote_id(object_type: str, document: Document) -> str | None:
    """Odoo's own id of a native document as `read` gave it; of stock the product, warehouse and lot."""
    found = document.get("derived", {}).get("id") or document.get("id")
    return None if found in (None, "") else str(found)


def _plain(record: Document) -> Document:
    """Without what is empty, which Odoo says by false."""
    return {
        name: value
        for name, value in record.items()
        if name in _FLAGS or (value is not False and value is not None and value != "")
    }


def _id(value: Any) -> Any:
    """The id of what a field refers to by [id, name]."""
    return value[0] if isinstance(value, list) and value else None


def _name(value: Any) -> str | None:
    return str(value[1]) if isinstance(value, list) and len(value) == 2 else None


def _by_id(rows: list[Document], name: str) -> dict[Any, Any]:
    return {row.get("id"): row.get(name) for row in rows}


def _order(orders: list[Document]) -> Document:
    """Odoo's number of the order and ours, which it carries as the customer's reference."""
    if len(orders) != 1:
        return {"order_id": None, "order": None}
    [one] = orders
    number = one.get("client_order_ref") or one.get("name")
    return {"order_id": str(one.get("id")), "order": None if number is None else str(number)}


def _shipment(
    record: Document, joined: dict[str, Any], connection: Connection, problems: list[Problem]
) -> list[Document]:
    # Goods that go back to a vendor leave as well, and are no order's.
    if not joined["orders"]:
        return []
    lines = _moved(joined, problems)
    if not lines and not problems:
        return []
    weight = amount(record, "shipping_weight", "record", problems)
    tracking = str(record.get("carrier_tracking_ref") or "")
    derived = {
        **_order(joined["orders"]),
        "site": next((row.get("code") for row in joined["warehouses"]), None),
        "status": "partial" if joined["open"] else "complete",
        "carrier": _name(record.get("carrier_id")),
        "tracking": [one for one in _BETWEEN.split(tracking) if one],
        "weight": text(weight) if weight > 0 and record.get("weight_uom_name") else None,
        "lines": lines,
    }
    return [{**record, "derived": derived}]


def _moved(joined: dict[str, Any], problems: list[Problem]) -> list[Document]:
    """What left, by product, lot and unit: a lot that is in several packages has a row for each."""
    codes = _by_id(joined["products"], "default_code")
    lots = {row.get("id"): row for row in joined["lots"]}
    found: dict[tuple[Any, ...], Document] = {}
    sums: dict[tuple[Any, ...], Decimal] = {}
    for position, line in enumerate(joined["lines"]):
        name = "quantity" if "quantity" in line else "qty_done"
        lot_id, product = _id(line.get("lot_id")), _id(line.get("product_id"))
        lot = lots.get(lot_id, {})
        named = lot.get("name") or _name(line.get("lot_id")) or line.get("lot_name")
        uom = _name(line.get("product_uom_id"))
        key = (product, lot_id, named, uom)
        sums[key] = sums.get(key, ZERO) + amount(line, name, f"lines[{position}]", problems)
        said = {"lot": named, "expiry": lot.get("expiration_date"), "uom": uom}
        found[key] = {"sku": codes.get(product), **said, "shipped": text(sums[key])}
    return [line for key, line in found.items() if sums[key] > 0]


def _stock(
    record: Document, joined: dict[str, Any], connection: Connection, problems: list[Problem]
) -> list[Document]:
    places = {row.get("id"): _id(row.get("warehouse_id")) for row in joined["locations"]}
    codes = _by_id(joined["warehouses"], "code")
    wanted = connection.lines("warehouses")
    sums: dict[tuple[str, str], tuple[Decimal, Decimal]] = {
        (code, ""): (ZERO, ZERO) for code in wanted
    }
    for position, quant in enumerate(joined["quants"]):
        path = f"quants[{position}]"
        there = amount(quant, "quantity", path, problems)
        held = amount(quant, "reserved_quantity", path, problems)
        site = codes.get(places.get(_id(quant.get("location_id"))))
        if not site or (wanted and site not in wanted):
            continue
        key = (str(site), _name(quant.get("lot_id")) or "")
        before = sums.get(key, (ZERO, ZERO))
        sums[key] = (before[0] + there, before[1] + held)
    return [
        {**record, "derived": _level(record, (site, lot), joined["read_at"], found)}
        for (site, lot), found in sums.items()
    ]


def _level(
    record: Document, where: tuple[str, str], read_at: Any, found: tuple[Decimal, Decimal]
) -> Document:
    (site, lot), (there, held) = where, found
    return {
        "id": "/".join(filter(None, (str(record.get("id") or ""), site, lot))),
        "site": site,
        "lot": lot or None,
        "uom": _name(record.get("uom_id")),
        "on_hand": text(there),
        "committed": text(held),
        "read_at": read_at,
    }


def _product(
    record: Document, joined: dict[str, Any], connection: Connection, problems: list[Problem]
) -> list[Document]:
    gtin = record.get("barcode")
    plausible = isinstance(gtin, str) and gtin.isascii() and gtin.isdigit() and 8 <= len(gtin) <= 14
    weight = amount(record, "weight", "record", problems)
    changed = [record.get("write_date"), *(row.get("write_date") for row in joined["templates"])]
    derived = {
        "gtin": gtin if plausible else None,
        "uom": _name(record.get("uom_id")),
        "weight": text(weight) if weight > 0 and record.get("weight_uom_name") else None,
        "changed": max((str(one) for one in changed if one), default=None),
        "status": _status(record),
    }
    return [{**record, "derived": derived}]


def _status(record: Document) -> str:
    if record.get("active") is False:
        return "discontinued"
    return "blocked" if record.get("sale_ok") is False else "active"


def _customer(
    record: Document, joined: dict[str, Any], connection: Connection, problems: list[Problem]
) -> list[Document]:
    countries = _by_id(joined["countries"], "code")
    states = _by_id(joined["states"], "code")
    addresses = []
    for role, one in [("bill_to", record), *(("ship_to", row) for row in joined["contacts"])]:
        country = countries.get(_id(one.get("country_id")))
        lines = [one[name] for name in ("street", "street2") if one.get(name)]
        if lines and one.get("city") and country:
            named = one.get("name") or record.get("name")
            where = {"region": states.get(_id(one.get("state_id"))), "country": country}
            addresses.append({**one, **where, "role": role, "name": named, "lines": lines})
    account = record.get("ref") or record.get("id")
    derived = {"account": None if account is None else str(account), "addresses": addresses}
    return [{**record, "derived": derived}]


def _invoice(
    record: Document, joined: dict[str, Any], connection: Connection, problems: list[Problem]
) -> list[Document]:
    # One that was cancelled before it was posted never was an invoice.
    if record.get("name") in (None, "/") or not record.get("invoice_date"):
        return []
    codes = _by_id(joined["products"], "default_code")
    # Taxes, the receivable, notes and headings are lines as well.
    rows = [row for row in joined["lines"] if row.get("display_type", "product") == "product"]
    rows.sort(key=lambda row: (_whole(row.get("sequence")), _whole(row.get("id"))))
    lines = []
    for position, row in enumerate(rows):
        quantity = amount(row, "quantity", f"lines[{position}]", problems)
        total = amount(row, "price_subtotal", f"lines[{position}]", problems)
        lines.append(
            {
                "line_no": str(position + 1),
                "sku": codes.get(_id(row.get("product_id"))),
                "description": row.get("name"),
                "quantity": text(quantity),
                "uom": _name(row.get("product_uom_id")),
                "unit_price": each(total, quantity),
                "total": text(total),
            }
        )
    whole = amount(record, "amount_total", "record", problems)
    derived = {
        **_order(joined["orders"]),
        "currency": _name(record.get("currency_id")),
        "status": "void"
        if record.get("state") == "cancel"
        else _PAID.get(str(record.get("payment_state")), "posted"),
        "total": text(whole),
        "paid": text(whole - amount(record, "amount_residual", "record", problems))
        if "amount_residual" in record
        else None,
        "lines": lines,
    }
    return [{**record, "derived": derived}]


def _whole(value: Any) -> int:
    return value if isinstance(value, int) else 0


_JOINED: Final = {
    "shipment": ("lines", "products", "lots", "orders", "open", "warehouses"),
    "inventory": ("quants", "locations", "warehouses"),
    "product": ("templates",),
    "customer": ("contacts", "countries", "states"),
    "invoice": ("lines", "products", "orders"),
}
_PREPARE: Final[
    dict[str, Callable[[Document, dict[str, Any], Connection, list[Problem]], list[Document]]]
] = {
    "shipment": _shipment,
    "inventory": _stock,
    "product": _product,
    "customer": _customer,
    "invoice": _invoice,
}
