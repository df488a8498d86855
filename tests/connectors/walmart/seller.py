"""A seller's account that behaves as Walmart: its tokens, lists, limits and what it refuses."""

import re
from copy import deepcopy
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from integrations.transports.http import basic_auth
from tests.connectors.conformance import SECRET_MARK
from tests.connectors.described.lists import Asked, Reply
from tests.connectors.described.vendor import KEY

TOKEN = f"eyJ.{SECRET_MARK}"
CLIENT = "harbor-client"
_PAGE = 25


def error(status: int, code: str, text: str) -> Reply:
    said = {"code": code, "description": text, "severity": "ERROR", "category": "DATA"}
    return Reply(status, {"errors": {"error": [said]}})


def lines_in(order: dict[str, Any]) -> list[dict[str, Any]]:
    return list(order["orderLines"]["orderLine"])


class Seller:
    def __init__(self, order: dict[str, Any], *, orders: int = 0) -> None:
        begun = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=3)
        self.orders: dict[str, dict[str, Any]] = {}
        self.changed: dict[str, datetime] = {}
        self.stock: dict[str, Any] = {}
        self.calls: list[str] = []
        self.ids: set[str] = set()
        self.left = "20"
        self.tokens = self.shipped = 0
        for number in range(1, orders + 1):
            self.add(order, f"{1090000000000 + number}", begun + timedelta(seconds=number))

    def add(self, order: dict[str, Any], number: str, at: datetime) -> None:
        made = deepcopy(order) | {
            "purchaseOrderId": number,
            "orderDate": int(at.timestamp()) * 1000,
        }
        for line in lines_in(made):
            line["statusDate"] = int(at.timestamp()) * 1000
        self.orders[number], self.changed[number] = made, at

    def effects(self) -> int:
        return self.shipped

    def answer(self, asked: Asked) -> Reply:
        assert asked.headers["wm_svc.name"] == "Walmart Marketplace"
        assert asked.headers["wm_qos.correlation_id"] not in self.ids
        self.ids.add(asked.headers["wm_qos.correlation_id"])
        if asked.path == "/v3/token":
            return self._token(asked)
        self.calls.append(f"{asked.method} {asked.path}")
        if asked.headers.get("wm_sec.access_token") != TOKEN:
            return error(
                401, "UNAUTHORIZED.GMP_GATEWAY_API", "Unauthorized token or incorrect header"
            )
        reply = self._answer(asked)
        ends = int((datetime.now(UTC) + timedelta(seconds=90)).timestamp() * 1000)
        counted = {"x-current-token-count": self.left, "x-next-replenishment-time": str(ends)}
        return reply._replace(headers={**counted, **reply.headers})

    def _token(self, asked: Asked) -> Reply:
        assert asked.body["grant_type"] == "client_credentials"
        if asked.headers.get("authorization") != basic_auth(CLIENT, KEY):
            return Reply(
                401, {"error": "invalid_client", "error_description": "Bad client credentials"}
            )
        self.tokens += 1
        return Reply(said={"access_token": TOKEN, "token_type": "Bearer", "expires_in": 900})

    def _answer(self, asked: Asked) -> Reply:
        if (asked.method, asked.path) == ("GET", "/v3/orders"):
            return self._list(asked.query)
        if (asked.method, asked.path) == ("PUT", "/v3/inventory"):
            return self._set(asked.query["sku"], asked.body)
        found = re.fullmatch(r"/v3/orders/(\d+)(/acknowledge|/shipping)?", asked.path)
        if not found or found[1] not in self.orders:
            return error(
                404, "CONTENT_NOT_FOUND.GMP_ORDER_API", "Order not found for given purchaseOrderId."
            )
        order = self.orders[found[1]]
        match found[2]:
            case "/acknowledge":
                for state in (s for line in lines_in(order) for s in self._states(line)):
                    state["status"] = (
                        "Acknowledged" if state["status"] == "Created" else state["status"]
                    )
            case "/shipping":
                return self._ship(order, asked.body)
        return Reply(said={"order": order})

    def _states(self, line: dict[str, Any]) -> list[dict[str, Any]]:
        return line["orderLineStatuses"]["orderLineStatus"]

    def _list(self, query: dict[str, str]) -> Reply:
        if "hasMoreElements" not in query:
            assert query["shipNodeType"] == "SellerFulfilled"
            assert "nextCursor" not in query  # it would be heeded by nobody
        since = datetime.fromisoformat(query["lastModifiedStartDate"])
        # What was placed before is left out, whenever it changed.
        floor = (
            datetime.fromisoformat(query["createdStartDate"])
            if "createdStartDate" in query
            else None
        )
        floor = floor or datetime.now(UTC) - timedelta(days=7)
        rows = [
            order
            for number, order in sorted(self.orders.items(), key=lambda row: self.changed[row[0]])
            if self.changed[number] >= since
            and datetime.fromtimestamp(order["orderDate"] / 1000, UTC) >= floor
        ]
        if not rows:
            text = "Failed when called getAllOrders. Orders not found for given search parameters"
            return error(404, "CONTENT_NOT_FOUND.GMP_ORDER_API", text)
        begins = int(query.get("poIndex", 0))
        ends = begins + min(_PAGE, int(query["limit"]))
        rest = {**query, "hasMoreElements": "true", "soIndex": str(len(rows)), "poIndex": str(ends)}
        cursor = f"?{urlencode(rest)}" if ends < len(rows) else None
        meta = {"totalCount": len(rows), "limit": int(query["limit"]), "nextCursor": cursor}
        return Reply(said={"list": {"meta": meta, "elements": {"order": rows[begins:ends]}}})

    def _ship(self, order: dict[str, Any], body: dict[str, Any]) -> Reply:
        lines = {line["lineNumber"]: line for line in lines_in(order)}
        told = body["orderShipment"]["orderLines"]["orderLine"]
        for one in told:
            [state] = one["orderLineStatuses"]["orderLineStatus"]
            known = {s["status"]: s for s in self._states(lines[one["lineNumber"]])}
            pieces = int(state["statusQuantity"]["amount"])
            if "Acknowledged" not in known:
                return error(
                    400, "INVALID_REQUEST_CONTENT.GMP_ORDER_API", "The line is not acknowledged."
                )
            if pieces > int(known["Acknowledged"]["statusQuantity"]["amount"]):
                return error(
                    400, "INVALID_REQUEST_CONTENT.GMP_ORDER_API", "More than the line has left."
                )
            if state["trackingInfo"]["carrierName"]["carrier"] not in {
                "UPS",
                "USPS",
                "FedEx",
                "OnTrac",
            }:
                return error(
                    400, "INVALID_REQUEST_CONTENT.GMP_ORDER_API", "carrierName is not supported."
                )
        for one in told:
            [state] = one["orderLineStatuses"]["orderLineStatus"]
            states = self._states(lines[one["lineNumber"]])
            [open_] = [s for s in states if s["status"] == "Acknowledged"]
            left = int(open_["statusQuantity"]["amount"]) - int(state["statusQuantity"]["amount"])
            open_["statusQuantity"]["amount"] = str(left)
            states[:] = [s for s in states if s is not open_ or left] + [state]
        self.shipped += 1
        return Reply(said={"order": order})

    def _set(self, sku: str, body: dict[str, Any]) -> Reply:
        assert body["sku"] == sku
        if sku.startswith("NO-"):
            return error(404, "CONTENT_NOT_FOUND.GMP_INVENTORY_API", f"The SKU {sku} is not there.")
        self.stock[sku] = body["quantity"]
        return Reply(said=body)
