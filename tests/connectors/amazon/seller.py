"""A seller's account that behaves as Amazon: its tokens, lists, buckets and what it refuses."""

import re
from copy import deepcopy
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.connectors.conformance import SECRET_MARK
from tests.connectors.described.lists import Asked, Reply
from tests.connectors.described.vendor import KEY

TOKEN = f"Atza|{SECRET_MARK}"
REFRESH = f"Atzr|{SECRET_MARK}"
_PAGE = 25  # fewer than are asked for


def error(status: int, code: str, text: str) -> Reply:
    return Reply(status, {"errors": [{"code": code, "message": text, "details": ""}]})


def written(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


class Seller:
    def __init__(self, order: dict[str, Any], *, orders: int = 0) -> None:
        begun = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=3)
        self.orders: dict[str, dict[str, Any]] = {}
        self.packages: dict[str, dict[str, dict[str, Any]]] = {}
        self.stock: dict[str, Any] = {}
        self.calls: list[str] = []
        self.tokens = 0
        self.limit = "200.0"  # a second; said with every answer
        for number in range(1, orders + 1):
            self.add(order, f"114-0000000-{number:07}", begun + timedelta(seconds=number))

    def add(self, order: dict[str, Any], number: str, at: datetime) -> None:
        self.orders[number] = deepcopy(order) | {"orderId": number, "lastUpdatedTime": written(at)}

    def effects(self) -> int:
        return sum(map(len, self.packages.values()))

    def answer(self, asked: Asked) -> Reply:
        if asked.path == "/auth/o2/token":
            return self._token(asked.body)
        self.calls.append(f"{asked.method} {asked.path}")
        if asked.headers.get("x-amz-access-token") != TOKEN or "authorization" in asked.headers:
            return error(403, "Unauthorized", "Access to requested resource is denied.")
        reply = self._answer(asked)
        return reply._replace(headers={"x-amzn-RateLimit-Limit": self.limit, **reply.headers})

    def _token(self, form: dict[str, str]) -> Reply:
        if form["client_id"] != "amzn1.harbor" or form["client_secret"] != KEY:
            said = {"error": "invalid_client", "error_description": "Client authentication failed"}
            return Reply(401, said)
        if form["grant_type"] != "refresh_token" or form["refresh_token"] != REFRESH:
            said = {
                "error": "invalid_grant",
                "error_description": "The request has an invalid grant",
            }
            return Reply(400, said)
        self.tokens += 1
        return Reply(said={"access_token": TOKEN, "token_type": "bearer", "expires_in": 3600,
                           "refresh_token": REFRESH})  # fmt: skip

    def _answer(self, asked: Asked) -> Reply:
        path = asked.path
        if (asked.method, path) == ("GET", "/orders/2026-01-01/orders"):
            return self._search(asked.query)
        if found := re.fullmatch(r"/orders/2026-01-01/orders/([0-9-]+)", path):
            return self._order(found[1])
        if found := re.fullmatch(r"/orders/v0/orders/([0-9-]+)/shipmentConfirmation", path):
            return self._confirm(found[1], asked.body)
        if found := re.fullmatch(r"/listings/2021-08-01/items/A2HARBOR1/(.+)", path):
            return self._patch(found[1], asked)
        return error(404, "NotFound", "The resource does not exist.")

    def _search(self, query: dict[str, str]) -> Reply:
        asked_for = {"BUYER", "RECIPIENT", "PROCEEDS", "CANCELLATION", "FULFILLMENT"}
        assert set(query["includedData"].split(",")) == asked_for
        if "lastUpdatedAfter" not in query:
            return error(
                400, "InvalidInput", "Exactly one of createdAfter and lastUpdatedAfter is needed."
            )
        by = query["fulfilledBy"].split(",")
        rows = sorted(
            (
                one
                for one in self.orders.values()
                if one["lastUpdatedTime"] >= query["lastUpdatedAfter"]
                and one["fulfillment"]["fulfilledBy"] in by
                and one["salesChannel"]["marketplaceId"] in query["marketplaceIds"].split(",")
            ),
            key=lambda one: one["lastUpdatedTime"],
        )
        begins = 0
        if token := query.get("paginationToken"):
            if not token.startswith("page+/"):
                return error(400, "InvalidInput", "The pagination token is invalid or has expired.")
            begins = int(token.removeprefix("page+/"))
        ends = begins + min(_PAGE, int(query["maxResultsPerPage"]))
        more = {"pagination": {"nextToken": f"page+/{ends}"}} if ends < len(rows) else {}
        return Reply(said={"orders": rows[begins:ends], **more})

    def _order(self, number: str) -> Reply:
        if number not in self.orders:
            return error(404, "NotFound", f"Order {number} does not exist.")
        packages = list(self.packages.get(number, {}).values())
        return Reply(said={"order": {**self.orders[number], "packages": packages}})

    def _confirm(self, number: str, body: dict[str, Any]) -> Reply:
        package = body["packageDetail"]
        items = {one["orderItemId"]: one for one in self.orders[number]["orderItems"]}
        known = self.packages.setdefault(number, {})
        before = known.get(package["packageReferenceId"], {"orderItems": []})["orderItems"]
        assert int(package["packageReferenceId"]) > 0
        for one in package["orderItems"]:
            had = sum(p["quantity"] for p in before if p["orderItemId"] == one["orderItemId"])
            left = items[one["orderItemId"]]["fulfillment"]["quantityUnfulfilled"] + had
            if one["quantity"] > left:
                return error(400, "InvalidInput", "The quantity is more than was ordered.")
            items[one["orderItemId"]]["fulfillment"]["quantityUnfulfilled"] = left - one["quantity"]
        known[package["packageReferenceId"]] = package
        return Reply(204, b"")

    def _patch(self, sku: str, asked: Asked) -> Reply:
        assert asked.method == "PATCH"
        assert asked.query["marketplaceIds"] == "ATVPDKIKX0DER"
        if sku.startswith("NO-"):
            issue = {
                "code": "13013",
                "message": f"No listing has the SKU {sku}.",
                "severity": "ERROR",
            }
            return Reply(
                said={"sku": sku, "status": "INVALID", "submissionId": "f1", "issues": [issue]}
            )
        self.stock[sku] = asked.body
        return Reply(said={"sku": sku, "status": "ACCEPTED", "submissionId": "f1", "issues": []})
