"""python -m sandbox.orderdesk: a small shop with a JSON API of its own, on the standard library alone.

Orders come by the time of their last change, in pages, and only to whoever has the token. It takes parcels
for its orders, each number once, and when told so asks to be left alone for a second (429).
"""

import argparse
import json
import threading
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

Reply = tuple[int, Any]
SKUS = ("TENT-2P", "STOVE-1", "LAMP-HD", "MUG-TI")
LARGEST_PAGE = 50
WRONG_TOKEN: Reply = (401, {"error": {"code": "token", "message": "This token is not known."}})


class Desk:
    """Orders in the order of their changes. `waits`: how many calls are still answered with 429."""

    def __init__(self, token: str) -> None:
        self.token, self.lock = token, threading.Lock()
        self.orders: dict[int, dict[str, Any]] = {}
        self.parcels: dict[str, dict[str, Any]] = {}
        self.parcels_by_key: dict[str, str] = {}
        self.calls = self.refused = self.waits = 0
        self.now = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=1)

    def place(self, count: int, *, at_once: int) -> list[int]:
        """Place orders, so many of them in one second."""
        made = range(len(self.orders) + 1, len(self.orders) + count + 1)
        for number in made:
            self.now += timedelta(seconds=1 if number % at_once == 0 else 0)
            self.orders[number] = {
                "id": number,
                "ref": f"D-{1000 + number}",
                "state": "paid",
                "placed": _stamp(self.now),
                "changed": _stamp(self.now),
                "currency": "USD",
                "recipient": {"name": f"Ann Ex {number}", "street": "400 Quay Street",
                              "city": "Reno", "state": "NV", "zip": "89502", "country": "US"},
                "items": [{"pos": 1, "sku": SKUS[number % len(SKUS)], "count": 2, "each": "61.50"}],
                "freight": "5.00", "vat": "0.00", "sum": "128.00",
            }  # fmt: skip
        return list(made)

    def touch(self, number: int) -> None:
        """Somebody changes an order: it moves to the end of the list."""
        self.now += timedelta(seconds=1)
        self.orders[number]["changed"] = _stamp(self.now)

    def listed(self, query: dict[str, str]) -> Reply:
        since = query.get("changed_since", "")
        rows = sorted(
            (row for row in self.orders.values() if row["changed"] >= since),
            key=lambda row: (row["changed"], row["id"]),
        )
        size = min(int(query.get("page_size", 20)), LARGEST_PAGE)
        page = int(query.get("page", 1))
        part = rows[(page - 1) * size : page * size]
        return 200, {
            "data": {"orders": part},
            "meta": {"page": page, "pages": -(-len(rows) // size)},
        }

    def ship(self, number: int, body: Any, key: str) -> Reply:
        parcel = body.get("parcel") if isinstance(body, dict) else None
        if number not in self.orders:
            return _refusal(404, "order", f"There is no order {number}.")
        if not isinstance(parcel, dict) or not parcel.get("number"):
            return _refusal(422, "parcel", "A parcel needs its number.")
        if key and key in self.parcels_by_key:
            return 201, {"parcel": {"id": self.parcels_by_key[key]}}
        if parcel["number"] in self.parcels:
            return _refusal(409, "parcel", "This parcel is known.")
        self.parcels[parcel["number"]] = {**parcel, "order": number}
        self.parcels_by_key[key] = f"p-{len(self.parcels)}"
        self.orders[number]["state"] = "shipped"
        self.touch(number)
        return 201, {"parcel": {"id": f"p-{len(self.parcels)}"}}

    def known(self, query: dict[str, str]) -> Reply:
        number = query.get("number", "")
        place = list(self.parcels).index(number) + 1 if number in self.parcels else 0
        return 200, {"parcels": [{"id": f"p-{place}", "number": number}] if place else []}

    def effects(self) -> dict[str, Any]:
        return {"calls": self.calls, "refused": self.refused, "parcels": self.parcels,
                "orders": [row["ref"] for row in self.orders.values()]}  # fmt: skip


def _stamp(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


def _refusal(status: int, code: str, message: str) -> Reply:
    return status, {"error": {"code": code, "message": message}}


class Handler(BaseHTTPRequestHandler):
    desk: Desk
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self._answer(None)

    def do_POST(self) -> None:
        raw = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self._answer(json.loads(raw) if raw else {})

    def _answer(self, body: Any) -> None:
        url = urlsplit(self.path)
        with self.desk.lock:
            if url.path.startswith("/_sandbox/"):
                status, said = 200, self._control(url.path.removeprefix("/_sandbox/"), body)
            else:
                status, said = self._api(url.path.split("/")[1:], dict(parse_qsl(url.query)), body)
        text = json.dumps(said).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        if status == 429:
            self.send_header("Retry-After", "1")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def _api(self, path: list[str], query: dict[str, str], body: Any) -> Reply:
        desk = self.desk
        desk.calls += 1
        if self.headers.get("Authorization") != f"Bearer {desk.token}":
            return WRONG_TOKEN
        if desk.waits:
            desk.waits, desk.refused = desk.waits - 1, desk.refused + 1
            return _refusal(429, "pace", "Come again in a second.")
        match self.command, path:
            case "GET", ["v1", "me"]:
                return 200, {"name": "Order desk"}
            case "GET", ["v1", "orders"]:
                return desk.listed(query)
            case "GET", ["v1", "parcels"]:
                return desk.known(query)
            case "POST", ["v1", "orders", number, "parcels"] if number.isdigit():
                return desk.ship(int(number), body, self.headers.get("Idempotency-Key", ""))
        return _refusal(404, "path", "There is nothing here.")

    def _control(self, verb: str, body: Any) -> Any:
        match verb:
            case "orders":
                return self.desk.place(body["count"], at_once=body.get("at_once", 5))
            case "touch":
                self.desk.touch(body["id"])
            case "wait":
                self.desk.waits = body["calls"]
        return self.desk.effects()

    def log_message(self, *_: Any) -> None:
        pass


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m sandbox.orderdesk", description=__doc__)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--token", default="desk-token")
    arguments = parser.parse_args()
    Handler.desk = Desk(arguments.token)
    server = ThreadingHTTPServer(("127.0.0.1", arguments.port), Handler)
    server.daemon_threads = True
    print(f"ready orderdesk http://127.0.0.1:{server.server_address[1]}", flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
