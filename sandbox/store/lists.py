"""List queries of orders, products and customers: filters, order and paging."""

from datetime import UTC, datetime
from typing import Any

from sandbox.orders import STORE_ZONE
from sandbox.store.replies import bad_parameter, number, page_response
from sandbox.store.state import State
from sandbox.web import Request, Response

ORDERED_BY = {"date": "created", "modified": "modified", "id": "id", "include": "id"}
ORDER_STATUSES = [
    "pending",
    "processing",
    "on-hold",
    "completed",
    "cancelled",
    "refunded",
    "failed",
    "trash",
    "checkout-draft",
]
TIME_FILTERS = {
    "after": "created > ?",
    "before": "created < ?",
    "modified_after": "modified > ?",
    "modified_before": "modified < ?",
}


def _utc(request: Request, name: str) -> str:
    """A time without a zone is the shop's own, unless the caller says that dates are in UTC."""
    try:
        moment = datetime.fromisoformat(request.query[name])
    except ValueError:
        raise bad_parameter(name) from None
    if moment.tzinfo is None:
        in_utc = request.query.get("dates_are_gmt", "").lower() in ("true", "1")
        moment = moment.replace(tzinfo=UTC if in_utc else STORE_ZONE)
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S")


def _filters(request: Request, table: str) -> tuple[str, list[Any]]:
    conditions, values = ["1"], []
    for name, condition in TIME_FILTERS.items():
        if name in request.query:
            conditions.append(condition)
            values.append(_utc(request, name))
    wanted = [part for part in request.query.get("status", "any").split(",") if part != "any"]
    if table == "orders" and not set(wanted) <= set(ORDER_STATUSES):
        raise bad_parameter("status")
    lists = [("status", wanted), ("id", _split(request, "include"))]
    if table == "products":
        lists.append(("sku", _split(request, "sku")))
    for column, parts in lists:
        if parts:
            conditions.append(f"{column} IN ({','.join('?' * len(parts))})")
            values += parts
    return " AND ".join(conditions), values


def _split(request: Request, name: str) -> list[str]:
    return [part for part in request.query.get(name, "").split(",") if part]


def list_page(state: State, request: Request, table: str) -> Response:
    page = number(request, "page", default=1, most=10**9)
    per_page = number(request, "per_page", default=10, most=100)
    order = request.query.get("order", "desc")
    column = ORDERED_BY.get(request.query.get("orderby", "date"))
    if column is None:
        raise bad_parameter("orderby")
    if order not in ("asc", "desc"):
        raise bad_parameter("order")
    where, values = _filters(request, table)
    offset = request.query.get("offset", "")
    if offset and not offset.isdigit():
        raise bad_parameter("offset")
    start = int(offset) if offset else (page - 1) * per_page
    total = state.rows(f"SELECT count(*) FROM {table} WHERE {where}", values)[0][0]
    rows = state.rows(
        f"SELECT body FROM {table} WHERE {where} ORDER BY {column} {order}, id {order} "
        "LIMIT ? OFFSET ?",
        [*values, per_page, start],
    )
    bodies = [row[0] for row in rows]
    return page_response(request, bodies, total=total, page=page, per_page=per_page)
