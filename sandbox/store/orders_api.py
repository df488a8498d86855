"""Writing orders: create, update, batch, notes and refunds as WooCommerce v3 does them."""

import random
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from sandbox.orders import build_order, cents, stamps
from sandbox.store import shipments
from sandbox.store.lists import ORDER_STATUSES
from sandbox.store.products_api import sell
from sandbox.store.replies import ApiError, bad_parameter
from sandbox.store.state import State, now

PLAIN_FIELDS = [
    "status",
    "customer_note",
    "transaction_id",
    "payment_method",
    "payment_method_title",
    "currency",
    "customer_id",
    "billing",
    "shipping",
    "line_items",
    "shipping_lines",
    "fee_lines",
    "coupon_lines",
    "tax_lines",
    "number",
    "total",
    "total_tax",
    "shipping_total",
    "discount_total",
    "prices_include_tax",
]
BATCH_LIMIT = 100


class Written(dict):
    """An order after a write; `changed` says whether the write altered anything."""

    changed: bool = True


def load(state: State, order_id: int) -> dict[str, Any]:
    order = state.get("orders", order_id)
    if order is None:
        raise ApiError(404, "woocommerce_rest_shop_order_invalid_id", "No order has this ID.")
    return order


def _check(body: Any) -> dict[str, Any]:
    if not isinstance(body, dict):
        raise ApiError(400, "rest_invalid_json", "The body is not a JSON object.")
    if "status" in body and body["status"] not in ORDER_STATUSES:
        raise bad_parameter("status")
    if not isinstance(body.get("meta_data", []), list):
        raise bad_parameter("meta_data")
    return body


def merge_meta(state: State, current: list[dict], sent: list[dict]) -> list[dict[str, Any]]:
    """By id when given, else by key; a null value removes the entry."""
    merged = [dict(meta) for meta in current]
    for meta in sent:
        if "id" not in meta and "key" not in meta:
            raise bad_parameter("meta_data")
        field = "id" if meta.get("id") else "key"
        match = next((m for m in merged if m[field] == meta.get(field)), None)
        if meta.get("value") is None:
            merged = [m for m in merged if m is not match]
        elif match is not None:
            match.update({key: meta[key] for key in ("key", "value") if key in meta})
        else:
            new_id = state.take_ids("meta")[0]
            merged.append({"id": new_id, "key": meta["key"], "value": meta["value"]})
    return merged


def _merged(state: State, order: dict[str, Any], sent: dict[str, Any]) -> dict[str, Any]:
    changed = {**order}
    for field in PLAIN_FIELDS:
        if field in sent:
            old, new = order.get(field), sent[field]
            if isinstance(old, dict) and isinstance(new, dict):
                new = {**old, **new}
            changed[field] = new
    if "meta_data" in sent:
        changed["meta_data"] = merge_meta(state, order["meta_data"], sent["meta_data"])
    return changed


def update(state: State, order_id: int, body: Any) -> Written:
    sent = _check(body)
    order = load(state, order_id)
    changed = Written(_merged(state, order, sent))
    changed.changed = changed != order
    shipments.record_repeat(state, sent.get("meta_data", []), order["meta_data"])
    shipments.record_meta(state, order_id, order["meta_data"], changed["meta_data"])
    state.count("updates.orders")
    if changed.changed:
        _stamp(changed, was=order["status"])
        state.save_order(changed)
    return changed


def _stamp(order: dict[str, Any], *, was: str) -> None:
    moment = now()
    order.update(stamps("modified", moment))
    if order["status"] == "completed" != was:
        order.update(stamps("completed", moment))


def place(
    state: State, order_id: int, *, rng: random.Random, at: datetime, unknown_sku: str | None = None
) -> str:
    """A shopper's order; returns its JSON as the webhooks send it."""
    order = build_order(order_id, rng=rng, placed_at=at, unknown_sku=unknown_sku)
    sell(state, order["line_items"])
    return state.save_order(order)


def create(state: State, body: Any) -> Written:
    """An order with the caller's fields over a generated one: partial bodies become whole."""
    sent = _check(body)
    order_id = state.take_ids("orders")[0]
    order = build_order(order_id, rng=random.Random(order_id), placed_at=now())
    order["created_via"] = "rest-api"
    lines = sent.get("line_items")
    if lines is not None:
        sent = {**sent, "line_items": [_line(order, line, n) for n, line in enumerate(lines)]}
    order = _merged(state, {**order, "status": sent.get("status", "processing")}, sent)
    if lines is not None and "total" not in sent:
        _total(order)
    shipments.record_meta(state, order_id, [], order["meta_data"])
    state.save_order(order)
    return Written(order)


def _line(order: dict[str, Any], sent: dict[str, Any], position: int) -> dict[str, Any]:
    """A sent line over a generated one; prices follow from price and quantity when not sent."""
    base = order["line_items"][0]
    line = {**base, "quantity": 1, **sent, "id": order["id"] * 100 + position}
    try:
        total = Decimal(str(line["price"])) * Decimal(str(line["quantity"]))
    except (InvalidOperation, TypeError, KeyError):
        return line
    amount = cents(total)
    defaults: dict[str, Any] = {"subtotal": amount, "total": amount, "taxes": []}
    defaults |= {"subtotal_tax": "0.00", "total_tax": "0.00"}
    return line | {name: value for name, value in defaults.items() if name not in sent}


def _total(order: dict[str, Any]) -> None:
    lines = order["line_items"]
    goods = sum((Decimal(str(line["total"])) for line in lines), Decimal(0))
    tax = sum((Decimal(str(line["total_tax"])) for line in lines), Decimal(0))
    shipping = Decimal(order["shipping_total"])
    order["total"] = cents(goods + tax + shipping)
    order["total_tax"] = order["cart_tax"] = cents(tax)


def delete(state: State, order_id: int, *, force: bool) -> dict[str, Any]:
    """Into the bin, or away for good; answers with the order as it was."""
    order = load(state, order_id)
    if force:
        state.forget_order(order_id)
    else:
        state.save_order({**order, "status": "trash", **stamps("modified", now())})
    state.count("deletes.orders")
    return order


def batch(state: State, body: Any) -> tuple[dict[str, list], list[tuple[str, dict]]]:
    """The answer, and (event, order) of every write for the webhooks."""
    if not isinstance(body, dict):
        raise ApiError(400, "rest_invalid_json", "The body is not a JSON object.")
    if sum(len(body.get(kind, [])) for kind in ("create", "update", "delete")) > BATCH_LIMIT:
        raise ApiError(
            413, "woocommerce_rest_request_entity_too_large", "At most 100 items in a batch."
        )
    answer: dict[str, list] = {}
    events = []
    for kind, event, write in (("create", "created", create), ("update", "updated", _update_item)):
        for item in body.get(kind, []):
            try:
                order = write(state, item)
                if order.changed:
                    events.append((event, dict(order)))
                answer.setdefault(kind, []).append(order)
            except ApiError as error:
                failed = {"id": item.get("id", 0), "error": error.as_dict()}
                answer.setdefault(kind, []).append(failed)
    return answer, events


def _update_item(state: State, item: dict[str, Any]) -> Written:
    return update(state, int(item.get("id", 0)), item)


def add_note(state: State, order_id: int, body: Any) -> dict[str, Any]:
    load(state, order_id)
    note = body.get("note") if isinstance(body, dict) else None
    if not isinstance(note, str) or not note:
        raise ApiError(400, "rest_missing_callback_param", "Missing parameter(s): note")
    saved = {
        "id": state.take_ids("notes")[0],
        "author": "WooCommerce",
        **stamps("created", now()),
        "note": note,
        "customer_note": bool(body.get("customer_note", False)),
    }
    state.add_child("notes", order_id, saved)
    shipments.record_note(state, order_id, note)
    state.count("updates.notes")
    return saved


def add_refund(state: State, order_id: int, body: Any) -> dict[str, Any]:
    order = load(state, order_id)
    try:
        amount = Decimal(str(body["amount"]))
    except (KeyError, TypeError, InvalidOperation):
        raise bad_parameter("amount") from None
    refunded = sum(Decimal(part["total"].lstrip("-")) for part in order["refunds"])
    if amount <= 0 or amount + refunded > Decimal(order["total"]):
        raise ApiError(
            400, "woocommerce_rest_invalid_order_refund", "The amount is more than is left."
        )
    refund_id = state.take_ids("refunds")[0]
    refund = {
        "id": refund_id,
        "parent_id": order_id,
        **stamps("created", now()),
        "amount": cents(amount),
        "reason": str(body.get("reason", "")),
        "refunded_by": 1,
        "refunded_payment": bool(body.get("api_refund", False)),
        "meta_data": body.get("meta_data", []),
        "line_items": body.get("line_items", []),
    }
    state.add_child("refunds", order_id, refund)
    entry = {"id": refund_id, "reason": refund["reason"], "total": f"-{cents(amount)}"}
    order["refunds"] = [*order["refunds"], entry]
    _stamp(order, was=order["status"])
    state.save_order(order)
    state.count("updates.refunds")
    return refund
