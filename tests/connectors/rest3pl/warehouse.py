"""A warehouse that implements the published shape."""

from typing import Any
from urllib.parse import unquote

from tests.connectors.described.lists import Asked, Reply
from tests.connectors.described.vendor import KEY

LISTS = ("shipments", "receipts", "adjustments", "returns", "stock")


class Warehouse:
    def __init__(self) -> None:
        self.rows: dict[str, list[dict[str, Any]]] = {name: [] for name in LISTS}
        self.put: dict[str, dict[str, Any]] = {}
        self.changes = 0
        self.packed: set[str] = set()
        self.tokens = {KEY}

    def effects(self) -> int:
        return self.changes

    def answer(self, asked: Asked) -> Reply:
        if asked.headers.get("authorization", "").removeprefix("Bearer ") not in self.tokens:
            return Reply(401, {"error": {"message": "This token is not known here."}})
        path = asked.path.removeprefix("/v1/")
        name, _, key = path.partition("/")
        if asked.method == "GET" and path == "status":
            return Reply(said={"ok": True})
        if asked.method == "GET" and name in LISTS:
            return self._listed(name, asked.query)
        if asked.method == "PUT" and name in {"orders", "inbound-shipments", "products"}:
            return self._put(f"{name}/{unquote(key)}", asked.body)
        return Reply(404, {"error": {"message": "There is nothing."}})

    def _listed(self, name: str, query: dict[str, str]) -> Reply:
        since = query.get("changed_since", "")
        rows = [row for row in self.rows[name] if row.get("updated_at", "9") >= since]
        start, size = int(query.get("cursor", 0)), min(int(query["limit"]), 100)
        following = start + size if start + size < len(rows) else None
        return Reply(said={"rows": rows[start : start + size], "next": following})

    def _put(self, path: str, body: dict[str, Any]) -> Reply:
        if any(line["sku"].startswith("NO-") for line in body.get("lines", [])):
            return Reply(422, {"error": {"message": "Item NO-1 is not on file."}})
        known = self.put.get(path)
        if path in self.packed and known != body:
            return Reply(409, {"error": {"message": "The order is packed."}})
        if known != body:
            self.put[path] = body
            self.changes += 1
        return Reply(200 if known else 201, {"id": f"W-{path}"})
