"""What the customers' customers do: they order, a few every second, and some order what nobody knows."""

import base64
import contextlib
import hashlib
import hmac
import http.client
import json
import os
import random
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from portal.demo.memory import Memory
from portal.demo.people import PARTNER

EVERY = 2.0  # seconds between two handfuls of orders
UNKNOWN_SHARE = 0.024  # 12 of 500 order a listing that the ERP does not have
MARIS_SHARE = 0.1
RETURNS = 4  # orders of which an item goes back
WHY = ("Too small", "Arrived damaged", "Ordered twice", "Colour is not as shown")
PANTRY = (("OATS-5KG", "18.50"), ("OIL-3L", "31.20"), ("RICE-10KG", "22.75"), ("SALT-1KG", "1.90"))
_DIRECTLY = urllib.request.build_opener(urllib.request.ProxyHandler({}))  # never by a proxy
_LOST = (OSError, http.client.HTTPException, urllib.error.URLError, ValueError)


class Shoppers:
    """Places orders until the store has as many as wanted, once the catalogue has been read."""

    def __init__(self, memory: Memory, *, web_port: int, is_open: Callable[[], bool]) -> None:
        self.control = f"http://127.0.0.1:{memory.ports['store_control']}/_sandbox"
        self.warehouse = f"http://127.0.0.1:{memory.ports['warehouse']}/_sandbox"
        self.order_desk = f"http://127.0.0.1:{web_port}/in/{PARTNER}/marisshop"
        self.maris_secret = memory.maris_secret.encode()
        self.is_open = is_open
        self.wanted = int(os.environ.get("DEMO_ORDERS", "500"))
        self.rate = float(os.environ.get("DEMO_RATE", "4"))
        self.placed: int | None = None if self.wanted else 0
        self.store = f"http://127.0.0.1:{memory.ports['store']}/wp-json/wc/v3"
        self.store_key = f"{memory.consumer_key}:{memory.consumer_secret}".encode()
        self.to_return = min(RETURNS, self.wanted // 10)
        self._due = 0.0

    def shop(self) -> str:
        """Place the next handful when it is time. Returns what happened, if anything."""
        if time.monotonic() < self._due or (self.placed == self.wanted and not self.to_return):
            return ""
        self._due = time.monotonic() + EVERY
        if not self.is_open():
            return ""
        with contextlib.suppress(*_LOST):  # a system that was just killed: next time
            return self._give_back() if self.placed == self.wanted else self._place()
        return ""

    def _place(self) -> str:
        if self.placed is None:
            # Before the catalogue was read, nobody would have known what it counts.
            _call(f"{self.warehouse}/inventory", {})
            self.placed = min(len(_call(f"{self.control}/effects")["status"]), self.wanted)
            if self.placed == self.wanted:
                return f"the store has {self.placed} orders"
            return f"placing {self.wanted - self.placed} orders, {self.rate:g} a second"
        count = min(max(1, round(self.rate * EVERY)), self.wanted - self.placed)
        unknown = _share(UNKNOWN_SHARE, self.placed, count)
        order = {"count": count, "unknown_sku": min(unknown, count), "seed": self.placed}
        _call(f"{self.control}/orders", order)
        for number in range(_share(MARIS_SHARE, self.placed, count)):
            self._order_at_maris(f"MF-{self.placed:05d}-{number}")
        self.placed += count
        return f"placed all {self.placed} orders" if self.placed == self.wanted else ""

    def _give_back(self) -> str:
        """Somebody sends the first item of a shipped order back, and gets the money."""
        orders = json.loads(_send(f"{self.store}/orders?per_page=50&status=any", None, self._key()))
        shipped = set(_call(f"{self.control}/effects")["shipments"])
        whole = [one for one in orders if one["number"] in shipped and not one["refunds"]]
        if not whole:
            return ""
        order, self.to_return = whole[-1], self.to_return - 1
        line = order["line_items"][0]
        item = {"sku": line["sku"], "quantity": -1, "name": line["name"]}
        told = {"amount": f"{float(line['price']):.2f}", "reason": WHY[self.to_return % len(WHY)],
                "line_items": [item]}  # fmt: skip
        url = f"{self.store}/orders/{order['id']}/refunds"
        _send(url, json.dumps(told).encode(), self._key())
        return f"an item of order {order['number']} went back"

    def _key(self) -> dict[str, str]:
        return {"Authorization": f"Basic {base64.b64encode(self.store_key).decode()}"}

    def _order_at_maris(self, number: str) -> None:
        body = json.dumps(maris_order(number, at=datetime.now(UTC))).encode()
        digest = hmac.new(self.maris_secret, body, hashlib.sha256).hexdigest()
        headers = {"X-Hub-Signature-256": f"sha256={digest}", "X-Event-Id": number}
        _send(self.order_desk, body, headers)


def _share(share: float, before: int, count: int) -> int:
    """How many of the next `count` belong to the share, so that the sum over all comes out right."""
    return int((before + count) * share + 1e-9) - int(before * share + 1e-9)


def maris_order(number: str, *, at: datetime) -> dict[str, Any]:
    """An order as Maris Foods' order desk sends it; the same number gives the same goods."""
    rng = random.Random(number)  # noqa: S311  goods, not keys
    lines, cents = [], 0
    for line_no, (sku, price) in enumerate(rng.sample(PANTRY, rng.randint(1, 3)), start=1):
        quantity = rng.randint(1, 40)
        cents += quantity * int(price.replace(".", ""))
        line = {"line_no": str(line_no), "sku": sku, "quantity": str(quantity), "uom": "EA"}
        lines.append({**line, "unit_price": price})
    total = f"{cents // 100}.{cents % 100:02d}"
    return {
        "number": number,
        "channel": "marisshop",
        "placed_at": f"{at:%Y-%m-%dT%H:%M:%SZ}",
        "currency": "USD",
        "status": "open",
        "ship_to": {
            "name": "Maris Foods Depot 4",
            "lines": ["18 Fish Pier Road"],
            "city": "Boston",
            "region": "MA",
            "postal_code": "02210",
            "country": "US",
        },
        "totals": {
            "lines": total,
            "discount": "0.00",
            "shipping": "0.00",
            "tax": "0.00",
            "total": total,
        },
        "lines": lines,
    }


def reopen_webhooks(memory: Memory) -> None:
    """Switch the store's webhooks on again: it gives up on a receiver that was away for a while."""
    with contextlib.suppress(*_LOST):
        _call(
            f"http://127.0.0.1:{memory.ports['store_control']}/_sandbox/webhooks",
            {"status": "active"},
        )


def _call(url: str, value: Any = None) -> Any:
    return json.loads(_send(url, None if value is None else json.dumps(value).encode()))


def _send(url: str, body: bytes | None, headers: dict[str, str] | None = None) -> bytes:
    content = {"Content-Type": "application/json", **(headers or {})}
    request = urllib.request.Request(url, body, content)  # noqa: S310  http, and our own machine
    with _DIRECTLY.open(request, timeout=10) as answer:
        return bytes(answer.read())
