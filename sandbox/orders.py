"""Orders as WooCommerce REST v3 shows them; the same seed gives the same orders."""

import hashlib
import random
from collections.abc import Sequence
from datetime import UTC, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any
from zoneinfo import ZoneInfo

from sandbox.addresses import TAX_RATES, buyer
from sandbox.catalog import BY_SKU, PRODUCTS, Product

STORE_ZONE = ZoneInfo("America/Los_Angeles")
CENT = Decimal("0.01")
SHIPPING = (
    ("flat_rate", "Ground", Decimal("8.95")),
    ("flat_rate:2", "Two day", Decimal("19.50")),
    ("free_shipping", "Free shipping", Decimal(0)),
)
PAYMENTS = (("stripe", "Credit card"), ("paypal", "PayPal"), ("cod", "Invoice, net 30"))


def cents(amount: Decimal) -> str:
    return str(amount.quantize(CENT, ROUND_HALF_UP))


def stamps(name: str, at: datetime) -> dict[str, str]:
    """WooCommerce's pair: shop-local time without a zone, and the same moment in UTC."""
    utc = at.astimezone(UTC)
    local = at.astimezone(STORE_ZONE)
    return {
        f"date_{name}": local.strftime("%Y-%m-%dT%H:%M:%S"),
        f"date_{name}_gmt": utc.strftime("%Y-%m-%dT%H:%M:%S"),
    }


def _line(line_id: int, sku: str, product: Product, quantity: int, rate: Decimal) -> dict[str, Any]:
    total = Decimal(product.price) * quantity
    tax = cents(total * rate)
    return {
        "id": line_id,
        "name": product.title,
        "product_id": 101 + PRODUCTS.index(product),
        "variation_id": 0,
        "quantity": quantity,
        "tax_class": "",
        "subtotal": cents(total),
        "subtotal_tax": tax,
        "total": cents(total),
        "total_tax": tax,
        "taxes": [{"id": 1, "total": tax, "subtotal": tax}],
        "meta_data": [],
        "sku": sku,
        "global_unique_id": product.upc,
        "price": float(product.price),
        "image": {"id": "", "src": ""},
        "parent_name": None,
    }


def _lines(rng: random.Random, first_id: int, rate: Decimal, count: int | None) -> list[dict]:
    wanted = count if count is not None else rng.choice((1, 1, 2, 2, 3, 5))
    picked = rng.sample(PRODUCTS, min(wanted, len(PRODUCTS)))
    return [
        _line(first_id + number, product.sku, product, rng.randint(1, 4), rate)
        for number, product in enumerate(picked)
    ]


def _sum(lines: Sequence[dict[str, Any]], field: str) -> Decimal:
    return sum((Decimal(line[field]) for line in lines), Decimal(0))


def _totals(lines: Sequence[dict[str, Any]], shipping: Decimal) -> dict[str, str]:
    goods, tax = _sum(lines, "total"), _sum(lines, "total_tax")
    return {
        "discount_total": "0.00",
        "discount_tax": "0.00",
        "shipping_total": cents(shipping),
        "shipping_tax": "0.00",
        "cart_tax": cents(tax),
        "total": cents(goods + shipping + tax),
        "total_tax": cents(tax),
    }


def _tax_lines(state: str, rate: Decimal, tax: str, first_id: int) -> list[dict[str, Any]]:
    if not rate:
        return []
    return [
        {
            "id": first_id,
            "rate_code": f"US-{state}-TAX-1",
            "rate_id": 1,
            "label": "Sales tax",
            "compound": False,
            "tax_total": tax,
            "shipping_tax_total": "0.00",
            "rate_percent": float(rate * 100),
            "meta_data": [],
        }
    ]


def _shipping_lines(method: tuple[str, str, Decimal], line_id: int) -> list[dict[str, Any]]:
    code, title, amount = method
    return [
        {
            "id": line_id,
            "method_title": title,
            "method_id": code.split(":")[0],
            "instance_id": "1",
            "total": cents(amount),
            "total_tax": "0.00",
            "taxes": [],
            "meta_data": [],
        }
    ]


def build_order(
    order_id: int,
    *,
    rng: random.Random,
    placed_at: datetime,
    unknown_sku: str | None = None,
    line_count: int | None = None,
) -> dict[str, Any]:
    """One paid order in the shape of `GET /wp-json/wc/v3/orders/<id>`.

    With `unknown_sku` the first line is sold under that SKU, as when a store lists an item that
    nobody has set up in the other systems.
    """
    address = buyer(rng)
    rate = TAX_RATES[address["state"]]
    lines = _lines(rng, order_id * 100, rate, line_count)
    if unknown_sku is not None:
        lines[0] = _line(order_id * 100, unknown_sku, BY_SKU["TENT-2P"], rng.randint(1, 4), rate)
        lines[0]["product_id"] = 101 + len(PRODUCTS)
    method = rng.choice(SHIPPING)
    payment, payment_title = rng.choice(PAYMENTS)
    totals = _totals(lines, method[2])
    shipping = {key: value for key, value in address.items() if key != "email"}
    key = hashlib.sha256(f"{order_id}{address['email']}".encode()).hexdigest()[:13]
    return {
        "id": order_id,
        "parent_id": 0,
        "status": "processing",
        "currency": "USD",
        "version": "10.2.1",
        "prices_include_tax": False,
        **stamps("created", placed_at),
        **stamps("modified", placed_at),
        **totals,
        "customer_id": 0,
        "order_key": f"wc_order_{key}",
        "billing": address,
        "shipping": shipping,
        "payment_method": payment,
        "payment_method_title": payment_title,
        "transaction_id": "" if payment == "cod" else f"txn_{key}",
        "customer_ip_address": "192.0.2.10",
        "customer_user_agent": "Mozilla/5.0",
        "created_via": "checkout",
        "customer_note": rng.choice(("", "", "", "", "Ring the bell twice", "Gift, no invoice")),
        **stamps("paid", placed_at),
        "date_completed": None,
        "date_completed_gmt": None,
        "cart_hash": key,
        "number": str(order_id),
        "meta_data": [],
        "line_items": lines,
        "tax_lines": _tax_lines(address["state"], rate, totals["cart_tax"], order_id * 100 + 80),
        "shipping_lines": _shipping_lines(method, order_id * 100 + 90),
        "fee_lines": [],
        "coupon_lines": [],
        "refunds": [],
        "payment_url": "",
        "is_editable": False,
        "needs_payment": False,
        "needs_processing": True,
        "currency_symbol": "$",
    }
