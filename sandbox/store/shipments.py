"""The judge of exactly-once: how often each tracking number of an order was applied."""

import json
import re
from collections import Counter
from typing import Any

from sandbox.store.state import State

NUMBER_KEYS = ("tracking_number", "tracking", "shipment_number", "number", "value")
NOT_A_NUMBER = re.compile(r"(provider|carrier|url|link|date|service|status|scac)$", re.IGNORECASE)
ABOUT_SHIPPING = re.compile(r"track|shipment", re.IGNORECASE)
TOKEN = re.compile(r"\b(?=[A-Z-]*\d)[A-Z0-9][A-Z0-9-]{5,}\b")
DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


def in_meta(meta_data: list[dict[str, Any]]) -> Counter[str]:
    """Tracking and shipment numbers in an order's meta data, each as often as it is written."""
    found: Counter[str] = Counter()
    for meta in meta_data:
        key = str(meta.get("key", ""))
        if ABOUT_SHIPPING.search(key) and not NOT_A_NUMBER.search(key):
            found.update(_numbers(meta.get("value")))
    return found


def in_note(note: str) -> Counter[str]:
    """Number-like words of a note: capitals and digits, six or more, with a digit, not a date."""
    return Counter(token for token in set(TOKEN.findall(note)) if not DATE.fullmatch(token))


def _numbers(value: Any) -> list[str]:
    if isinstance(value, str) and value[:1] in "[{":
        try:
            value = json.loads(value)
        except ValueError:
            return [value]
    if isinstance(value, list):
        return [number for part in value for number in _numbers(part)]
    if isinstance(value, dict):
        return next((_numbers(value[key]) for key in NUMBER_KEYS if value.get(key)), [])
    return [part.strip() for part in str(value).split(",") if part.strip()] if value else []


def record_meta(state: State, order_id: int, before: list[dict], after: list[dict]) -> None:
    """Count what the change applied anew; the same numbers sent again are repeats."""
    old, new = in_meta(before), in_meta(after)
    _apply(state, order_id, place="meta", applied=new - old)


def record_repeat(state: State, sent: list[dict], before: list[dict]) -> None:
    repeated = in_meta(sent) & in_meta(before)
    if repeated:
        state.count("repeats", repeated.total())


def record_note(state: State, order_id: int, note: str) -> None:
    _apply(state, order_id, place="note", applied=in_note(note))


def _apply(state: State, order_id: int, *, place: str, applied: Counter[str]) -> None:
    for tracking, times in applied.items():
        state.db.execute(
            "INSERT INTO shipments VALUES (?1, ?2, ?3, ?4) "
            "ON CONFLICT (order_id, place, tracking) DO UPDATE SET times = times + ?4",
            (order_id, place, tracking, times),
        )


def effects(state: State) -> dict[str, Any]:
    """Shipments by order number; a number applied twice in one place is a double effect."""
    shipments: dict[str, list[str]] = {}
    doubled = 0
    for number, tracking, times in state.rows(
        "SELECT json_extract(body, '$.number'), tracking, max(times) FROM shipments "
        "JOIN orders ON orders.id = order_id GROUP BY order_id, tracking ORDER BY order_id, 2"
    ):
        shipments.setdefault(number, []).append(tracking)
        doubled += times - 1
    return {"shipments": shipments, "double_effects": doubled}
