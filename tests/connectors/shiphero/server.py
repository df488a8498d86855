"""An account of ShipHero over HTTP: its tokens, credits, errors and offset cursors, and what it holds."""

import base64
import json
import threading
from contextlib import suppress
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tests.connectors.conformance import SECRET_MARK
from tests.connectors.graphql.executing import Document

REFRESH = f"refresh {SECRET_MARK}"
NOON = datetime(2026, 11, 30, 12, tzinfo=UTC)


def stamp(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%S")


def pages(rows: Any) -> Any:
    """A connection with edges, whose cursors count rows."""

    def page(first: int = 100, after: str | None = None) -> dict[str, Any]:
        start = int(base64.b64decode(after).decode().partition(":")[2]) + 1 if after else 0
        part = rows()[start : start + first]
        end = base64.b64encode(f"arrayconnection:{start + len(part) - 1}".encode()).decode()
        info = {"hasNextPage": start + first < len(rows()), "endCursor": end}
        return {"edges": [{"node": row} for row in part], "pageInfo": info}

    return page


class Server:
    """`refuses` answers the next calls, one after the other; `fault` every call, as one of FAULTS says."""

    def __init__(self) -> None:
        self.shipments: list[dict[str, Any]] = []
        self.stock: list[dict[str, Any]] = []
        self.orders: list[dict[str, Any]] = []
        self.held: list[dict[str, Any]] = []
        self.cancelled: list[dict[str, Any]] = []
        self.asked: list[str] = []
        self.refuses: list[dict[str, Any]] = []
        self.tokens: set[str] = set()
        self.fault = ""
        self.lock = threading.Lock()
        self.release = threading.Event()
        handler = type("Handler", (_Handler,), {"owner": self})
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def close(self) -> None:
        self.release.set()
        self._server.shutdown()
        self._server.server_close()

    def ship(self, number: int, *, lines: int = 2, at: datetime = NOON, **more: Any) -> None:
        items = [
            {"id": f"L{number}-{n}", "quantity": n + 1,
             "line_item": {"sku": f"SKU-{n}", "partner_line_item_id": str(n + 1)}}
            for n in range(lines)
        ]  # fmt: skip
        order = {"id": f"O{number}", "order_number": str(number), "fulfillment_status": "fulfilled"}
        label = {"tracking_number": f"1Z{number}", "carrier": "UPS", "shipping_method": "Ground",
                 "status": "valid"}  # fmt: skip
        self.shipments.append(
            {"id": f"U{number}", "legacy_id": number, "created_date": stamp(at), "order": order,
             "warehouse": {"identifier": "Primary"}, "shipping_labels": [label],
             "line_items": pages(lambda: items), **more}
        )  # fmt: skip

    def keep(self, sku: str, on_hand: int, *, at: datetime = NOON) -> None:
        self.stock.append(
            {"id": f"W{sku}", "sku": sku, "on_hand": on_hand, "allocated": 2, "available": on_hand - 2,
             "reserve_inventory": 0, "non_sellable_quantity": 0, "updated_at": stamp(at),
             "warehouse": {"identifier": "Primary"}}
        )  # fmt: skip

    def root(self) -> dict[str, Any]:
        def data(rows: Any) -> dict[str, Any]:
            return {"data": pages(rows)}

        def since(rows: list[dict[str, Any]], name: str, at: str | None) -> Any:
            return lambda: [row for row in rows if not at or row[name] >= at]

        return {
            "account": {
                "data": {"email": "a@b.c", "warehouses": [{"id": "WH1", "identifier": "Primary"}]}
            },
            "shipments": lambda date_from=None, **_: data(
                since(self.shipments, "created_date", date_from)
            ),
            "shipment": lambda **given: {
                "data": next(one for one in self.shipments if one["id"] == given["id"])
            },
            "warehouse_products": lambda updated_from=None, **_: data(
                since(self.stock, "updated_at", updated_from)
            ),
            "orders": lambda partner_order_id=None, **_: data(
                lambda: [one for one in self.orders if one["partner_order_id"] == partner_order_id]
            ),
            "order_create": self.create,
            "order_update_holds": lambda data: (
                self.held.append(data),
                {"order": {"id": data["order_id"]}},
            )[1],
            "order_cancel": lambda data: (
                self.cancelled.append(data),
                {"order": {"id": data["order_id"]}},
            )[1],
        }

    def create(self, data: dict[str, Any]) -> dict[str, Any]:
        items = [{"id": str(n), **line} for n, line in enumerate(data["line_items"])]
        order = {**data, "id": f"O{len(self.orders)}", "line_items": pages(lambda: items)}
        self.orders.append(order)
        return {"request_id": "r", "complexity": 1, "order": order}

    def answer(self, said: dict[str, Any]) -> dict[str, Any]:
        document = Document(said["query"])
        with self.lock:
            self.asked.append(document.name)
            if self.refuses:
                return self.refuses.pop(0)
            return {"data": document.run(self.root(), said["variables"])}


class _Handler(BaseHTTPRequestHandler):
    owner: Server
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        owner = self.owner
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        status, said = 200, {}
        if self.path == "/auth/refresh":
            token = f"jwt-{len(owner.tokens)}-{SECRET_MARK}"
            if body != {"refresh_token": REFRESH}:
                status, said = 401, {"message": "Unknown or invalid refresh token."}
            else:
                owner.tokens.add(token)
                said = {"access_token": token, "expires_in": 2419200, "token_type": "Bearer"}
        elif owner.fault in {"no answer", "cut off"}:
            if owner.fault == "no answer":
                owner.release.wait(10)
            self.close_connection = True
            return
        elif owner.fault:
            status, said = int(owner.fault), {"message": "It did not work."}
        elif self.headers.get("Authorization", "").removeprefix("Bearer ") not in owner.tokens:
            status, said = 401, {"message": "Unauthorized"}
        else:
            said = owner.answer(body)
        text = json.dumps(said).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        if status == 429:
            self.send_header("Retry-After", "17")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        with suppress(ConnectionError):
            self.wfile.write(text)

    def log_message(self, *_: Any) -> None:
        pass
