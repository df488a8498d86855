"""Products: the opening shelf, reading by id, and writing stock and price."""

from decimal import Decimal, InvalidOperation
from typing import Any

from sandbox.catalog import LEGACY_LISTING, PRODUCTS, SITES, Product, opening_stock
from sandbox.orders import stamps
from sandbox.store.replies import ApiError, bad_parameter
from sandbox.store.state import State, now

WRITABLE = [
    "name",
    "status",
    "manage_stock",
    "stock_quantity",
    "stock_status",
    "regular_price",
    "sale_price",
    "meta_data",
]


def _body(product_id: int, product: Product, sku: str, stock: int) -> dict[str, Any]:
    moment = now()
    return {
        "id": product_id,
        "name": product.title,
        "slug": sku.lower(),
        "permalink": f"https://shop.example.com/product/{sku.lower()}/",
        **stamps("created", moment),
        **stamps("modified", moment),
        "type": "simple",
        "status": "publish",
        "catalog_visibility": "visible",
        "description": "",
        "short_description": "",
        "sku": sku,
        "global_unique_id": product.upc,
        "price": product.price,
        "regular_price": product.price,
        "sale_price": "",
        "on_sale": False,
        "purchasable": True,
        "total_sales": 0,
        "tax_status": "taxable",
        "tax_class": "",
        "manage_stock": True,
        "stock_quantity": stock,
        "backorders": "no",
        "stock_status": "instock",
        "weight": product.weight_lb,
        "dimensions": {"length": "", "width": "", "height": ""},
        "categories": [{"id": 15, "name": "Outdoor", "slug": "outdoor"}],
        "attributes": [],
        "variations": [],
        "meta_data": [],
    }


def seed(state: State) -> None:
    """Put the catalogue on the shelf, with last season's listing as the fifty-first product."""
    if state.rows("SELECT 1 FROM products LIMIT 1"):
        return
    with state.transaction():
        for number, product in enumerate(PRODUCTS):
            stock = sum(opening_stock(product.sku, site) for site in SITES)
            state.save_product(_body(101 + number, product, product.sku, stock))
        state.save_product(_body(101 + len(PRODUCTS), PRODUCTS[0], LEGACY_LISTING, 250))


def load(state: State, product_id: int) -> dict[str, Any]:
    product = state.get("products", product_id)
    if product is None:
        raise ApiError(404, "woocommerce_rest_product_invalid_id", "No product has this ID.")
    return product


def sell(state: State, lines: list[dict[str, Any]]) -> None:
    """Take an order's quantities off the shelf; the shop sells below zero when it has to."""
    for line in lines:
        product = state.get("products", line["product_id"])
        if product is not None and product["manage_stock"]:
            product["stock_quantity"] -= line["quantity"]
            product.update(_stock_status(product))
            state.save_product(product)


def _stock_status(product: dict[str, Any]) -> dict[str, str]:
    if not product["manage_stock"] or product["stock_quantity"] is None:
        return {}
    return {"stock_status": "instock" if product["stock_quantity"] > 0 else "outofstock"}


def _checked(sent: dict[str, Any]) -> dict[str, Any]:
    change = {field: sent[field] for field in WRITABLE if field in sent}
    quantity = change.get("stock_quantity")
    if quantity is not None:
        try:
            change["stock_quantity"] = int(quantity)
        except (TypeError, ValueError):
            raise bad_parameter("stock_quantity") from None
    for field in ("regular_price", "sale_price"):
        if change.get(field):
            try:
                Decimal(change[field])
            except (InvalidOperation, TypeError, ValueError):
                raise bad_parameter(field) from None
    return change


def update(state: State, product_id: int, sent: Any) -> dict[str, Any]:
    if not isinstance(sent, dict):
        raise ApiError(400, "rest_invalid_json", "The body is not a JSON object.")
    product = load(state, product_id)
    changed = {**product, **_checked(sent)}
    if "regular_price" in sent or "sale_price" in sent:
        changed["price"] = changed["sale_price"] or changed["regular_price"]
    if "stock_quantity" in sent or "manage_stock" in sent:
        changed.update(_stock_status(changed))
    _count(state, product, changed)
    if changed != product:
        changed.update(stamps("modified", now()))
        state.save_product(changed)
    return changed


def _count(state: State, before: dict[str, Any], after: dict[str, Any]) -> None:
    state.count("updates.products")
    for name, field in (("stock", "stock_quantity"), ("price", "regular_price")):
        if before[field] != after[field]:
            state.count(f"updates.{name}")


def batch(state: State, body: Any) -> dict[str, list]:
    items = body.get("update", []) if isinstance(body, dict) else None
    if not isinstance(items, list):
        raise bad_parameter("update")
    if len(items) > 100:
        raise ApiError(
            413, "woocommerce_rest_request_entity_too_large", "At most 100 items in a batch."
        )
    answers: list[dict[str, Any]] = []
    for item in items:
        try:
            answers.append(update(state, int(item.get("id", 0)), item))
        except ApiError as error:
            answers.append({"id": item.get("id", 0), "error": error.as_dict()})
    return {"update": answers}
