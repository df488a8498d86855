"""The ERP's master data: items, customers, two price lists, stock per site."""

import random
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, Engine, text

from sandbox.addresses import buyer
from sandbox.catalog import PRODUCTS, SITES, Product, opening_stock

HOUSE_ACCOUNT = "WEB"
CASE_DISCOUNT = Decimal("0.92")
DEALER_DISCOUNT = Decimal("0.80")


def _insert(connection: Connection, table: str, rows: list[dict[str, Any]]) -> None:
    columns = ", ".join(rows[0])
    places = ", ".join(f":{name}" for name in rows[0])
    connection.execute(text(f"INSERT INTO {table} ({columns}) VALUES ({places})"), rows)


def _item(product: Product) -> dict[str, Any]:
    return {
        "item_no": product.erp_item,
        "descr": product.title.upper(),
        "upc": product.upc,
        "case_gtin": product.case_gtin,
        "stock_uom": "EA",
        "case_qty": product.case_pack,
        "weight_lb": product.weight_lb,
    }


def _prices(product: Product) -> list[dict[str, Any]]:
    price = Decimal(product.price)
    rows = []
    for code, factor in (("BASE", Decimal(1)), ("DEALER", DEALER_DISCOUNT)):
        for least, discount in ((1, Decimal(1)), (product.case_pack, CASE_DISCOUNT)):
            row = {"list_code": code, "item_no": product.erp_item, "uom": "EA", "min_qty": least}
            amount = (price * factor * discount).quantize(Decimal("0.0001"))
            rows.append({**row, "unit_price": str(amount), "currency": "USD"})
    # A pack of one has no case price of its own.
    return rows if product.case_pack > 1 else rows[::2]


def _customer(number: int) -> dict[str, Any]:
    address = buyer(random.Random(9000 + number))
    name = address["company"] or f"{address['last_name']} TRADING"
    return {
        "cust_no": f"C{10000 + number}",
        "name": name.upper(),
        "addr1": address["address_1"].upper(),
        "addr2": address["address_2"].upper(),
        "city": address["city"].upper(),
        "state": address["state"],
        "zip": address["postcode"],
        "country": "US",
        "email": address["email"],
        "phone": address["phone"],
        "terms": "NET30",
        "price_list": "DEALER" if number % 2 else "BASE",
        "credit_hold": "Y" if number == 7 else "N",
        "credit_limit": 5000 * number,
    }


def fill(engine: Engine) -> None:
    """Fill an empty ERP; one that holds items is left as it is."""
    house = {**_customer(0), "cust_no": HOUSE_ACCOUNT, "name": "WEB STORE HOUSE ACCOUNT"}
    with engine.begin() as connection:
        if connection.execute(text("SELECT count(*) FROM item")).scalar():
            return
        _insert(connection, "item", [_item(product) for product in PRODUCTS])
        _insert(connection, "customer", [house, *(_customer(n) for n in range(1, 12))])
        _insert(connection, "price", [row for product in PRODUCTS for row in _prices(product)])
        stock = [
            {"site": site, "item_no": p.erp_item, "on_hand": opening_stock(p.sku, site)}
            for site in SITES
            for p in PRODUCTS
        ]
        _insert(connection, "stock", stock)
