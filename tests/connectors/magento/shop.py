"""A shop that behaves as Magento: signed calls, searchCriteria, its last page again, and what it refuses."""

import base64
import hashlib
import hmac
import re
from copy import deepcopy
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote, unquote

from tests.connectors.described.lists import Asked, Reply
from tests.connectors.described.vendor import KEY

STAMP = "%Y-%m-%d %H:%M:%S"
CONSUMER = ("ck", f"cs-{KEY}", f"ts-{KEY}")  # key, secret, token's secret
_FILTER = "searchCriteria[filter_groups][0][filters][0]"


class Shop:
    def __init__(self, goldens: dict[str, Any], *, orders: int = 0) -> None:
        begun = datetime.now(UTC) - timedelta(hours=3)
        self.bearer_allowed = True
        self.orders: dict[int, dict[str, Any]] = {}
        self.shipments: list[dict[str, Any]] = []
        self.stock: dict[str, Any] = {}
        self.prices: list[dict[str, Any]] = []
        self.calls: list[Asked] = []
        stamp = begun.strftime(STAMP)
        self.products = [
            {"id": n, "sku": f"T-{n}", "name": f"Tent {n}", "price": 10.5, "status": 1,
             "type_id": "simple", "updated_at": stamp} for n in range(1, 4)
        ]  # fmt: skip
        self.customers = [
            {"id": n, "email": f"c{n}@example.com", "firstname": "Sam", "lastname": str(n),
             "addresses": [], "updated_at": stamp} for n in range(1, 3)
        ]  # fmt: skip
        memo = {k: v for k, v in goldens["return"].items() if k != "order"}
        self.memos = [memo | {"entity_id": 9, "order_id": 1, "updated_at": stamp}]
        for number in range(1, orders + 1):
            self.add(goldens["order"], number, begun + timedelta(seconds=number))

    def add(self, order: dict[str, Any], number: int, at: datetime) -> None:
        made = deepcopy(order)
        named = {"entity_id": number, "increment_id": f"{number:09}"}
        self.orders[number] = made | named | {"updated_at": at.strftime(STAMP)}

    def effects(self) -> int:
        return len(self.shipments)

    def answer(self, asked: Asked) -> Reply:
        self.calls.append(asked)
        if not self._knows(asked):
            said = "The consumer isn't authorized to access %resources."
            return Reply(
                401, {"message": said, "parameters": {"resources": "Magento_Sales::sales"}}
            )
        path = asked.path.removeprefix("/rest/all/V1")
        if found := re.fullmatch(r"/orders/(\d+)", path):
            order = self.orders.get(int(found[1]))
            return Reply(said=order) if order else self._gone()
        if found := re.fullmatch(r"/order/(\d+)/ship", path):
            return self._ship(int(found[1]), asked.body)
        match asked.method, path:
            case "GET", "/store/storeViews":
                return Reply(said=[{"id": 1, "code": "default"}])
            case "GET", "/orders":
                return self._listed(asked, list(self.orders.values()))
            case "GET", "/products":
                return self._listed(asked, self.products)
            case "GET", "/customers/search":
                return self._listed(asked, self.customers)
            case "GET", "/creditmemos":
                return self._listed(asked, self.memos)
            case "GET", "/shipments":
                assert asked.query[f"{_FILTER}[field]"] == "order_id"
                wanted = asked.query[f"{_FILTER}[value]"]
                rows = [one for one in self.shipments if str(one["order_id"]) == wanted]
                return Reply(said={"items": rows, "total_count": len(rows)})
            case "POST", "/inventory/source-items":
                return self._save(asked.body["sourceItems"])
            case "POST", "/products/base-prices":
                return self._price(asked.body["prices"])
        return self._gone()

    def _gone(self) -> Reply:
        said = "The entity that was requested doesn't exist. Verify the entity and try again."
        return Reply(404, {"message": said})

    def _knows(self, asked: Asked) -> bool:
        given = asked.headers.get("authorization", "")
        if given.startswith("Bearer "):
            return self.bearer_allowed and given == f"Bearer {KEY}"
        parts = {n: unquote(t) for n, t in re.findall(r'(\w+)="([^"]*)"', given)}
        signature = parts.pop("oauth_signature", "")
        pairs = sorted((_q(n), _q(t)) for n, t in {**asked.query, **parts}.items())
        address = f"http://{asked.headers['host']}{asked.path}"
        told = "&".join(f"{n}={t}" for n, t in pairs)
        base = f"{asked.method}&{_q(address)}&{_q(told)}"
        secret = f"{_q(CONSUMER[1])}&{_q(CONSUMER[2])}".encode()
        wanted = base64.b64encode(hmac.new(secret, base.encode(), hashlib.sha256).digest()).decode()
        return signature == wanted and parts["oauth_token"] == KEY

    def _listed(self, asked: Asked, rows: list[dict[str, Any]]) -> Reply:
        assert asked.query[f"{_FILTER}[field]"] == "updated_at"
        assert asked.query[f"{_FILTER}[condition_type]"] == "gteq"
        since = asked.query[f"{_FILTER}[value]"]
        found = sorted((row for row in rows if row["updated_at"] >= since), key=_changed)
        size = int(asked.query["searchCriteria[pageSize]"])
        last = max(1, -(-len(found) // size))
        # Whoever asks for the page behind the last one is given the last one again.
        page = min(int(asked.query["searchCriteria[currentPage]"]), last)
        some = found[(page - 1) * size : page * size]
        return Reply(said={"items": some or None, "total_count": len(found)})

    def _ship(self, number: int, body: dict[str, Any]) -> Reply:
        order = self.orders.get(number)
        if order is None:
            return self._gone()
        items = {item["item_id"]: item for item in order["items"]}
        for one in body["items"]:
            item = items[one["order_item_id"]]
            if one["qty"] > item["qty_ordered"] - item["qty_shipped"]:
                said = "Shipment Document Validation Error(s):\nThe quantity to ship must not be greater."
                return Reply(400, {"message": said})
        for one in body["items"]:
            items[one["order_item_id"]]["qty_shipped"] += one["qty"]
        made = {
            "entity_id": 70 + len(self.shipments),
            "order_id": number,
            "items": body["items"],
            "tracks": body["tracks"],
            "comments": [{"comment": "Packed.", "entity_id": 1}, body["comment"]],
            "asked": body,
        }
        self.shipments.append(made)
        return Reply(said=made["entity_id"])

    def _save(self, items: list[dict[str, Any]]) -> Reply:
        if any(item["sku"].startswith("NO-") for item in items):
            return Reply(
                400, {"message": "Validation Failed", "errors": [{"message": "No such SKU"}]}
            )
        self.stock |= {item["sku"]: item for item in items}
        return Reply(said=[])

    def _price(self, prices: list[dict[str, Any]]) -> Reply:
        self.prices += prices
        bad = [one["sku"] for one in prices if one["sku"].startswith("NO-")]
        said = "Requested product doesn't exist. Row ID: SKU = %SKU."
        return Reply(said=[{"message": said, "parameters": [sku]} for sku in bad])


def _changed(row: dict[str, Any]) -> str:
    return str(row["updated_at"])


def _q(text: str) -> str:
    return quote(text, safe="-._~")
