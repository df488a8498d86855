"""The store's control routes under /_sandbox/: place orders, misbehave, and tell what happened."""

import asyncio
import json
import random
from collections.abc import Callable
from typing import Any

from sandbox.catalog import LEGACY_LISTING
from sandbox.control import Routes, answered, misbehave
from sandbox.faults import Faults
from sandbox.store import orders_api, shipments, webhooks
from sandbox.store.replies import ApiError
from sandbox.store.state import State, now, text
from sandbox.store.webhooks import Webhooks
from sandbox.web import Request, Response

MOST_ORDERS = 100_000


class Control:
    def __init__(self, state: State, faults: Faults, hooks: Webhooks) -> None:
        self.state, self.faults, self.webhooks = state, faults, hooks
        self.outage: Callable[[float], None] = lambda seconds: None
        self.sending: set[asyncio.Task[None]] = set()
        self.routes: Routes = {
            ("POST", "/_sandbox/orders"): self.place_orders,
            ("POST", "/_sandbox/order"): self.place_order,
            ("GET", "/_sandbox/effects"): self.effects,
            ("GET", "/_sandbox/deliveries"): self.deliveries,
            ("POST", "/_sandbox/misbehave"): self.misbehave,
            ("POST", "/_sandbox/webhooks"): self.change_webhooks,
        }

    def __call__(self, request: Request) -> Response:
        try:
            return answered(self.routes, request)
        except ApiError as error:
            return error.response()

    def place_orders(self, request: Request) -> dict[str, Any]:
        """{count, unknown_sku, unknown_sku_code, rate, webhooks, seed} → ids at once."""
        wanted = request.json()
        count, unknown = int(wanted.get("count", 1)), int(wanted.get("unknown_sku", 0))
        if not 0 <= unknown <= count <= MOST_ORDERS:
            raise ValueError(f"count goes up to {MOST_ORDERS}, unknown_sku up to count")
        code = wanted.get("unknown_sku_code", LEGACY_LISTING)
        rng = random.Random(wanted.get("seed", 1))
        strangers = set(rng.sample(range(count), unknown))
        started = now()
        with self.state.transaction():
            ids = self.state.take_ids("orders", count)
            for position, order_id in enumerate(ids):
                orders_api.place(
                    self.state,
                    order_id,
                    rng=rng,
                    at=started,
                    unknown_sku=code if position in strangers else None,
                )
        if wanted.get("webhooks", True):
            self._send_later(ids, float(wanted.get("rate", 0)))
        return {"ids": list(ids), "unknown_sku_ids": [ids[n] for n in sorted(strangers)]}

    def _send_later(self, ids: range, rate: float) -> None:
        task = asyncio.get_running_loop().create_task(self._send(ids, rate))
        self.sending.add(task)
        task.add_done_callback(self.sending.discard)

    async def _send(self, ids: range, rate: float) -> None:
        """Announce the orders at so many a second; 0 is as fast as the receiver answers."""
        loop = asyncio.get_running_loop()
        started = loop.time()
        for position, order_id in enumerate(ids):
            if rate:
                await asyncio.sleep(max(0.0, started + position / rate - loop.time()))
            elif position % 50 == 0:
                await asyncio.sleep(0)
            body = self.state.rows("SELECT body FROM orders WHERE id = ?", (order_id,))[0][0]
            self.webhooks.emit("order.created", order_id, body.encode())

    def place_order(self, request: Request) -> dict[str, Any]:
        order = orders_api.create(self.state, request.json())
        self.webhooks.emit("order.created", order["id"], text(order).encode())
        return order

    def effects(self, request: Request) -> dict[str, Any]:
        counters = self.state.counters()
        products = [json.loads(row[0]) for row in self.state.rows("SELECT body FROM products")]
        orders = "SELECT json_extract(body, '$.number'), status FROM orders ORDER BY id"
        return {
            **shipments.effects(self.state),
            "repeats": counters.get("repeats", 0),
            "updates": {
                name.partition(".")[2]: value
                for name, value in counters.items()
                if name.startswith("updates.")
            },
            "status": dict(self.state.rows(orders)),
            "stock": {product["sku"]: product["stock_quantity"] for product in products},
            "prices": {product["sku"]: product["regular_price"] for product in products},
            "waiting_webhooks": self.webhooks.queue.qsize(),
        }

    def deliveries(self, request: Request) -> list[dict[str, Any]]:
        return [outcome._asdict() for outcome in self.webhooks.log]

    def misbehave(self, request: Request) -> dict[str, Any]:
        return misbehave(request.json(), self.faults, outage=self.outage)

    def change_webhooks(self, request: Request) -> list[dict[str, Any]]:
        """Change every webhook alike: {"status": "active"} switches disabled ones on again."""
        changed = [
            webhooks.change(self.state, hook["id"], request.json())
            for hook in self.state.webhooks()
        ]
        self.webhooks.reload()
        return [webhooks.shown(hook) for hook in changed]
