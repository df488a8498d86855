"""A store that behaves as BigCommerce: its token, its lists, its limits and what it refuses."""

import re
from copy import deepcopy
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime, parsedate_to_datetime
from typing import Any

from tests.connectors.described.lists import Asked, Reply
from tests.connectors.described.vendor import KEY

STORE = "/stores/harb0r"


class Store:
    def __init__(self, order: dict[str, Any], *, orders: int = 0) -> None:
        begun = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=3)
        self.orders: dict[int, dict[str, Any]] = {}
        self.products: dict[int, list[dict[str, Any]]] = {}
        self.addresses: dict[int, list[dict[str, Any]]] = {}
        self.shipments: dict[int, list[dict[str, Any]]] = {}
        self.stock: dict[str, int] = {}
        self.prices: dict[str, Any] = {}
        self.calls: list[str] = []
        self.left = 140
        self.catalogue = [
            {"id": n, "name": f"Tent {n}", "sku": f"T-{n}", "price": 10.5, "variants": [],
             "date_modified": (begun + timedelta(seconds=n)).isoformat()}
            for n in range(1, 5)
        ]  # fmt: skip
        self.customers = [
            {"id": n, "email": f"c{n}@example.com", "first_name": "Sam", "last_name": str(n),
             "company": "", "addresses": [], "date_modified": (begun + timedelta(seconds=n)).isoformat()}
            for n in range(1, 4)
        ]  # fmt: skip
        for number in range(1, orders + 1):
            self.add(order, 100 + number, begun + timedelta(seconds=number))

    def add(self, order: dict[str, Any], number: int, at: datetime) -> None:
        made = deepcopy(order)
        self.products[number] = made.pop("order_products")
        self.addresses[number] = made.pop("order_addresses")
        self.orders[number] = made | {
            "id": number,
            "date_modified": format_datetime(at),
            "products": {"url": "https://api.example.com/products", "resource": "/products"},
        }

    def effects(self) -> int:
        return sum(map(len, self.shipments.values()))

    def answer(self, asked: Asked) -> Reply:
        self.calls.append(f"{asked.method} {asked.path}")
        counted = {
            "X-Rate-Limit-Requests-Left": str(self.left),
            "X-Rate-Limit-Time-Reset-Ms": "15000",
            "X-Rate-Limit-Time-Window-Ms": "30000",
        }
        reply = self._answer(asked)
        return reply._replace(headers={**counted, **reply.headers})

    def _answer(self, asked: Asked) -> Reply:
        if asked.headers.get("x-auth-token") != KEY:
            return Reply(401, {"status": 401, "title": "Unauthorized", "type": "about:blank"})
        if not asked.path.startswith(f"{STORE}/"):
            return Reply(404, {"status": 404, "title": "Not found"})
        path = asked.path.removeprefix(STORE)
        if found := re.fullmatch(r"/v2/orders/(\d+)/(\w+)", path):
            return self._of_order(asked, int(found[1]), found[2])
        match asked.method, path:
            case "GET", "/v2/store":
                return Reply(said={"id": "harb0r", "name": "Harbor"})
            case "GET", "/v2/orders":
                return self._v2(asked, self._changed(asked))
            case "GET", "/v3/catalog/products":
                return self._v3(asked, self.catalogue)
            case "GET", "/v3/customers":
                return self._v3(asked, self.customers)
            case "PUT", "/v3/inventory/adjustments/absolute":
                return self._adjust(asked.body["items"])
            case "PUT", "/v3/pricelists/5/records":
                self.prices |= {one["sku"]: one for one in asked.body}
                return Reply(said={})
        return Reply(404, {"status": 404, "title": "Not found"})

    def _changed(self, asked: Asked) -> list[dict[str, Any]]:
        assert asked.query["sort"] == "date_modified:asc"
        since = parsedate_to_datetime(asked.query["min_date_modified"])
        rows = [(parsedate_to_datetime(o["date_modified"]), o) for o in self.orders.values()]
        return [order for at, order in sorted(rows, key=lambda row: row[0]) if at >= since]

    def _v2(self, asked: Asked, rows: list[dict[str, Any]]) -> Reply:
        """V2 answers a list without rows with no content."""
        page, limit = int(asked.query.get("page", 1)), min(int(asked.query.get("limit", 50)), 250)
        some = rows[(page - 1) * limit : page * limit]
        return Reply(said=some) if some else Reply(204, b"")

    def _v3(self, asked: Asked, rows: list[dict[str, Any]]) -> Reply:
        since = asked.query.get("date_modified:min", "")
        rows = [row for row in rows if row["date_modified"].replace("+00:00", "Z") >= since]
        page, limit = int(asked.query["page"]), int(asked.query["limit"])
        return Reply(said={"data": rows[(page - 1) * limit : page * limit], "meta": {}})

    def _of_order(self, asked: Asked, number: int, what: str) -> Reply:
        if number not in self.orders:
            return Reply(404, [{"status": 404, "message": "The requested resource was not found."}])
        if asked.method == "POST":
            return self._ship(number, asked.body)
        lists = {
            "products": self.products,
            "shipping_addresses": self.addresses,
            "shipments": self.shipments,
        }
        return self._v2(asked, lists[what].get(number, []))

    def _ship(self, number: int, body: dict[str, Any]) -> Reply:
        addresses = {address["id"] for address in self.addresses[number]}
        if body["order_address_id"] not in addresses:
            return Reply(
                400, [{"status": 400, "message": "The field 'order_address_id' is invalid."}]
            )
        products = {one["id"]: one for one in self.products[number]}
        for item in body["items"]:
            product = products[item["order_product_id"]]
            if item["quantity"] > product["quantity"] - product["quantity_shipped"]:
                said = "The quantity of an item is more than was not shipped yet."
                return Reply(400, [{"status": 400, "message": said}])
        for item in body["items"]:
            products[item["order_product_id"]]["quantity_shipped"] += item["quantity"]
        made = {"id": 500 + self.effects(), "order_id": number, **body}
        self.shipments.setdefault(number, []).append(made)
        return Reply(201, made)

    def _adjust(self, items: list[dict[str, Any]]) -> Reply:
        unknown = [item["sku"] for item in items if item["sku"].startswith("NO-")]
        if unknown:
            said = {"status": 422, "title": f"Unknown SKU {unknown[0]}", "errors": {}}
            return Reply(422, said)
        assert all(item["location_id"] == 1 for item in items)
        self.stock |= {item["sku"]: item["quantity"] for item in items}
        return Reply(said={"transaction_id": "0189"})
