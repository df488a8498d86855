"""The store's HTTP surface: authentication, the REST routes, and the control routes beside them."""

import asyncio
import base64
import binascii
import hmac
import re
from collections.abc import Callable
from typing import Any

from sandbox.faults import HTTP_FAULTS, Faults, misbehaving
from sandbox.store import customers_api, orders_api, products_api, webhooks
from sandbox.store.control import Control
from sandbox.store.lists import list_page
from sandbox.store.replies import ApiError
from sandbox.store.state import State, text
from sandbox.store.webhooks import Webhooks
from sandbox.web import Request, Response, json_response

BASE = "/wp-json/wc/v3"
FAULT_COUNTS = (*HTTP_FAULTS, "duplicate_delivery", "bad_signature", "malformed")
WEBHOOK_TOPICS = {
    "created": "order.created",
    "updated": "order.updated",
    "deleted": "order.deleted",
}


class App:
    def __init__(self, state: State, *, key: str, secret: str) -> None:
        self.state = state
        self.key, self.secret = key, secret
        self.faults = Faults(counts=FAULT_COUNTS)
        self.webhooks = Webhooks(state, self.faults)
        products_api.seed(state)
        customers_api.seed(state)
        self.control = Control(state, self.faults, self.webhooks)
        self.routes: list[tuple[str, re.Pattern[str], Callable[..., Response]]] = [
            (method, re.compile(BASE + pattern + "/?"), handler)
            for method, pattern, handler in (
                ("GET", "/orders", lambda request: list_page(state, request, "orders")),
                ("POST", "/orders", self.create_order),
                ("POST", "/orders/batch", self.batch_orders),
                ("GET", r"/orders/(\d{1,18})", self.get_order),
                ("PUT POST PATCH", r"/orders/(\d{1,18})", self.update_order),
                ("DELETE", r"/orders/(\d{1,18})", self.delete_order),
                ("GET", r"/orders/(\d{1,18})/notes", self.list_notes),
                ("POST", r"/orders/(\d{1,18})/notes", self.add_note),
                ("GET", r"/orders/(\d{1,18})/refunds", self.list_refunds),
                ("POST", r"/orders/(\d{1,18})/refunds", self.add_refund),
                ("GET", "/products", lambda request: list_page(state, request, "products")),
                ("POST", "/products/batch", self.batch_products),
                ("GET", r"/products/(\d{1,18})", self.get_product),
                ("PUT POST PATCH", r"/products/(\d{1,18})", self.update_product),
                ("GET", "/customers", lambda request: list_page(state, request, "customers")),
                ("GET", "/webhooks", self.list_webhooks),
                ("POST", "/webhooks", self.create_webhook),
                ("PUT POST PATCH", r"/webhooks/(\d{1,18})", self.change_webhook),
            )
        ]

    async def run(self) -> None:
        """Start the webhook senders; their results come back to this thread."""
        loop = asyncio.get_running_loop()

        def report(outcome: webhooks.Outcome) -> None:
            loop.call_soon_threadsafe(self.webhooks.settle, outcome)

        self.webhooks.start(report)
        await asyncio.Event().wait()

    def __call__(self, request: Request) -> Response | None:
        if request.path.startswith("/_sandbox/"):
            return self.control(request)
        return misbehaving(self.faults, request, self.answer)

    def answer(self, request: Request) -> Response:
        try:
            if request.path.rstrip("/") == "/wp-json":
                return json_response(_index(request))
            self.authenticate(request)
            return self.route(request)
        except ApiError as error:
            return error.response()

    def authenticate(self, request: Request) -> None:
        key, secret = _credentials(request)
        if not hmac.compare_digest(key.encode(), self.key.encode()):
            raise ApiError(
                401, "woocommerce_rest_cannot_view", "This key may not see the resource."
            )
        if not hmac.compare_digest(secret.encode(), self.secret.encode()):
            raise ApiError(
                401, "woocommerce_rest_authentication_error", "The consumer secret is wrong."
            )

    def route(self, request: Request) -> Response:
        for methods, pattern, handler in self.routes:
            match = pattern.fullmatch(request.path)
            if match and request.method in methods.split():
                with self.state.transaction():
                    return handler(request, *map(int, match.groups()))
        raise ApiError(404, "rest_no_route", "No route matches the URL and method.")

    def get_order(self, request: Request, order_id: int) -> Response:
        return json_response(orders_api.load(self.state, order_id))

    def create_order(self, request: Request) -> Response:
        order = orders_api.create(self.state, _json(request))
        self.emit("created", order)
        return json_response(order, status=201)

    def update_order(self, request: Request, order_id: int) -> Response:
        order = orders_api.update(self.state, order_id, _json(request))
        if order.changed:
            self.emit("updated", order)
        return json_response(order)

    def delete_order(self, request: Request, order_id: int) -> Response:
        order = orders_api.delete(self.state, order_id, force=request.query.get("force") == "true")
        self.emit("deleted", {"id": order_id})
        return json_response(order)

    def batch_orders(self, request: Request) -> Response:
        answer, events = orders_api.batch(self.state, _json(request))
        for event, order in events:
            self.emit(event, order)
        return json_response(answer)

    def emit(self, event: str, order: dict[str, Any]) -> None:
        self.webhooks.emit(WEBHOOK_TOPICS[event], order["id"], text(order).encode())

    def list_notes(self, request: Request, order_id: int) -> Response:
        orders_api.load(self.state, order_id)
        return json_response(self.state.children("notes", order_id))

    def add_note(self, request: Request, order_id: int) -> Response:
        note = orders_api.add_note(self.state, order_id, _json(request))
        return json_response(note, status=201)

    def list_refunds(self, request: Request, order_id: int) -> Response:
        orders_api.load(self.state, order_id)
        return json_response(self.state.children("refunds", order_id))

    def add_refund(self, request: Request, order_id: int) -> Response:
        refund = orders_api.add_refund(self.state, order_id, _json(request))
        self.emit("updated", orders_api.load(self.state, order_id))
        return json_response(refund, status=201)

    def get_product(self, request: Request, product_id: int) -> Response:
        return json_response(products_api.load(self.state, product_id))

    def update_product(self, request: Request, product_id: int) -> Response:
        return json_response(products_api.update(self.state, product_id, _json(request)))

    def batch_products(self, request: Request) -> Response:
        return json_response(products_api.batch(self.state, _json(request)))

    def list_webhooks(self, request: Request) -> Response:
        return json_response([webhooks.shown(hook) for hook in self.state.webhooks()])

    def create_webhook(self, request: Request) -> Response:
        webhook = webhooks.register(self.state, _json(request))
        self.webhooks.reload()
        self.webhooks.ping(webhook)
        return json_response(webhooks.shown(webhook), status=201)

    def change_webhook(self, request: Request, webhook_id: int) -> Response:
        webhook = webhooks.change(self.state, webhook_id, _json(request))
        self.webhooks.reload()
        return json_response(webhooks.shown(webhook))


def _json(request: Request) -> Any:
    try:
        return request.json()
    except ValueError:
        raise ApiError(400, "rest_invalid_json", "The body is not JSON.") from None


def _credentials(request: Request) -> tuple[str, str]:
    scheme, _, encoded = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "basic":
        try:
            key, _, secret = base64.b64decode(encoded).decode().partition(":")
        except (binascii.Error, UnicodeDecodeError):
            return "", ""
        return key, secret
    return request.query.get("consumer_key", ""), request.query.get("consumer_secret", "")


def _index(request: Request) -> dict[str, Any]:
    return {
        "name": "Harbor Outfitters",
        "description": "Gear for the trail",
        "url": f"http://{request.headers.get('host', '127.0.0.1')}",
        "gmt_offset": "-8",
        "timezone_string": "America/Los_Angeles",
        "namespaces": ["wp/v2", "wc/v3"],
        "authentication": [],
    }
