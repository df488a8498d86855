"""A small server that behaves as Odoo does, by JSON-2 and by JSON-RPC.

Records have references as numbers; what is read has them as [id, name], and false where nothing is. A field or
model that is not there is an exception, a record that is gone is one too. In JSON-RPC every exception comes
with status 200; in JSON-2 with the status of its kind.
"""

import json
import re
import threading
from contextlib import suppress
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

DATABASE, LOGIN = "harbor", "portal@harbor.example"
_STATUS = {
    "odoo.exceptions.UserError": 422,
    "odoo.exceptions.ValidationError": 422,
    "odoo.exceptions.AccessError": 403,
    "odoo.exceptions.AccessDenied": 403,
    "odoo.exceptions.MissingError": 404,
    "odoo.exceptions.LockError": 409,
    "werkzeug.exceptions.NotFound": 404,
    "werkzeug.exceptions.Unauthorized": 401,
}
_COMPARED = {
    "=": lambda a, b: a == b or (b is False and not a),
    "!=": lambda a, b: bool(a) if b is False else a != b,
    ">": lambda a, b: bool(a) and a > b,
    ">=": lambda a, b: bool(a) and a >= b,
    "in": lambda a, b: bool(set(a) & set(b)) if isinstance(a, list) else a in b,
    "not in": lambda a, b: a not in b,
}


class OdooError(Exception):
    """An exception as Odoo raises it: its full name and its words."""

    def __init__(self, name: str, words: str) -> None:
        super().__init__(words)
        self.name, self.words = name, words


class OdooServer:
    """`fields` of a model: name → the model it refers to, or "" for a plain one."""

    def __init__(self, key: str, fields: dict[str, dict[str, str]]) -> None:
        self.key, self.fields = key, fields
        self.records: dict[str, dict[int, dict[str, Any]]] = {name: {} for name in fields}
        self.asked: list[tuple[str, str, dict[str, Any]]] = []  # model, method, what was given
        self.headers: list[dict[str, str]] = []
        # Method → what happens instead, once: an exception, "lost" (done, and no answer), or (status, headers).
        self.faults: list[tuple[str, Any]] = []
        self.refuses: dict[str, OdooError] = {}  # model → the exception of whoever reads it
        self.created = 0
        self.currency, self.wizard, self.form_confirms = "USD", False, False
        self._lock = threading.RLock()
        handler = type("Handler", (_Handler,), {"owner": self})
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, args=(0.005,), daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def add(self, model: str, record_id: int, **values: Any) -> dict[str, Any]:
        made = {"write_date": "2026-03-02 14:00:00", "active": True, **values, "id": record_id}
        self.records[model][record_id] = made
        return made

    def calls(self, method: str, model: str = "") -> list[dict[str, Any]]:
        return [
            given for asked, name, given in self.asked if name == method and model in {"", asked}
        ]

    def call(self, model: str, method: str, ids: list[int] | None, given: dict[str, Any]) -> Any:
        with self._lock:
            self.asked.append((model, method, {"ids": ids, **given}))
            if model == "res.users" and method == "context_get":
                return {"lang": "en_US", "tz": "UTC", "uid": 2}
            if model not in self.fields:
                raise OdooError(
                    "werkzeug.exceptions.NotFound", f"the model '{model}' does not exist"
                )
            if model in self.refuses and method != "fields_get":
                raise self.refuses[model]
            found = getattr(self, f"_{method}", None)
            if found is None:
                words = f"The method '{model}.{method}' does not exist"
                raise OdooError("werkzeug.exceptions.NotFound", words)
            return found(model, given) if ids is None else found(model, ids, given)

    def _fields_get(self, model: str, given: dict[str, Any]) -> Any:
        return {name: {"type": "char"} for name in ("id", "write_date", *self.fields[model])}

    def _search_read(self, model: str, given: dict[str, Any]) -> Any:
        self._known(model, given["fields"])
        tests_active = given["context"].get("active_test", True) and "active" in self.fields[model]
        assert given["order"] == "id"
        rows = [
            row
            for _, row in sorted(self.records[model].items())
            if (row["active"] or not tests_active) and self._holds(model, row, given["domain"])
        ]
        rows = rows[: given.get("limit") or None]
        return [
            {"id": row["id"], **{name: self._shown(model, row, name) for name in given["fields"]}}
            for row in rows
        ]

    def _known(self, model: str, names: Any) -> None:
        for name in names:
            if name not in {"id", "write_date", *self.fields[model]}:
                raise OdooError("builtins.ValueError", f"Invalid field '{name}' on '{model}'")

    def _shown(self, model: str, row: dict[str, Any], name: str) -> Any:
        value, target = row.get(name, False), self.fields[model].get(name)
        if not target or isinstance(value, list) or not value:
            return value if value is not None else False
        there = self.records[target][value]
        return [value, there.get("display_name") or there.get("name") or f"{target},{value}"]

    def _holds(self, model: str, row: dict[str, Any], domain: list[Any]) -> bool:
        """Polish notation, in which what has no operator before it is joined by and."""
        rest = list(domain)

        def term() -> bool:
            first = rest.pop(0)
            if first in ("|", "&"):
                a, b = term(), term()
                return (a or b) if first == "|" else (a and b)
            path, operator, value = first
            return bool(_COMPARED[operator](self._at(model, row, path), value))

        return all([term() for _ in range(len(domain)) if rest])

    def _at(self, model: str, row: dict[str, Any], path: str) -> Any:
        name, _, further = path.partition(".")
        self._known(model, [name])
        value = row.get(name, False)
        if not further:
            return value
        target = self.fields[model][name]
        return self._at(target, self.records[target][value], further) if value else False

    def _create(self, model: str, given: dict[str, Any]) -> Any:
        return [self._make(model, dict(vals)) for vals in given["vals_list"]]

    def _make(self, model: str, vals: dict[str, Any]) -> int:
        lines = vals.pop("order_line", [])
        self._known(model, vals)
        for name, value in vals.items():
            self._check_reference(self.fields[model].get(name), value)
        made = max(self.records[model], default=100) + 1
        row = self.add(model, made, **vals)
        if model == "sale.order":
            self.created += 1
            row |= {"name": f"S{made:05}", "state": "draft", "currency_id": self._currency()}
            row.setdefault("partner_shipping_id", vals["partner_id"])
            self._command(made, lines)
        return made

    def _check_reference(self, target: str | None, value: Any) -> None:
        if target and type(value) is int and value not in self.records[target]:
            words = (
                f"Record does not exist or has been deleted. (Record: {target}({value},), User: 2)"
            )
            raise OdooError("odoo.exceptions.MissingError", words)

    def _currency(self) -> int:
        found = self.records["res.currency"].values()
        return next(row["id"] for row in found if row["name"] == self.currency)

    def _command(self, order: int, commands: list[list[Any]]) -> None:
        lines = self.records["sale.order.line"]
        for command, _, vals in commands:
            if command == 5:
                for number in [n for n, line in lines.items() if line["order_id"] == order]:
                    del lines[number]
            else:
                # Prices have two places where nobody said otherwise.
                price = round(vals.get("price_unit", 1.0), 2)
                self._make("sale.order.line", {**vals, "order_id": order, "price_unit": price})

    def _rows(self, model: str, ids: list[int]) -> list[dict[str, Any]]:
        for number in ids:
            self._check_reference(model, number)
        return [self.records[model][number] for number in ids]

    def _write(self, model: str, ids: list[int], given: dict[str, Any]) -> Any:
        vals = dict(given["vals"])
        lines = vals.pop("order_line", [])
        self._known(model, vals)
        for row in self._rows(model, ids):
            row |= vals
            self._command(row["id"], lines)
        return True

    def _action_confirm(self, model: str, ids: list[int], given: dict[str, Any]) -> Any:
        for row in self._rows(model, ids):
            if row["state"] not in {"draft", "sent"}:
                words = "Some orders are not in a state requiring confirmation."
                raise OdooError("odoo.exceptions.UserError", words)
            if self.form_confirms:
                return {"type": "ir.actions.act_window", "res_model": "sale.order.approve"}
            row["state"] = "sale"
        return True

    def _action_cancel(self, model: str, ids: list[int], given: dict[str, Any]) -> Any:
        rows = self._rows(model, ids)
        warned = given["context"].get("disable_cancel_warning")
        if self.wizard or (not warned and any(row["state"] != "draft" for row in rows)):
            return {"type": "ir.actions.act_window", "res_model": "sale.order.cancel"}
        for row in rows:
            row["state"] = "cancel"
        return True


class _Handler(BaseHTTPRequestHandler):
    owner: OdooServer
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers.get("Content-Length") or 0)))
        self.owner.headers.append({name.lower(): value for name, value in self.headers.items()})
        if self.path == "/jsonrpc":
            self._by_rpc(body)
        elif match := re.fullmatch(r"/json/2/([a-z.]+)/([a-z_]+)", self.path):
            self._by_json_2(match[1], match[2], body)
        else:
            self._answer(404, b"<html>not found</html>")

    def _by_json_2(self, model: str, method: str, body: dict[str, Any]) -> None:
        try:
            if self.headers.get("Authorization") != f"bearer {self.owner.key}":
                raise OdooError("werkzeug.exceptions.Unauthorized", "Invalid apikey")
            if self.headers.get("X-Odoo-Database") != DATABASE:
                raise OdooError("werkzeug.exceptions.NotFound", "No such database")
            ids = body.pop("ids", None)
            value = self._performed(model, method, ids, body)
        except OdooError as error:
            said = {"name": error.name, "message": error.words, "arguments": [error.words],
                    "context": {}, "debug": "Traceback (most recent call last): /opt/odoo/models.py"}  # fmt: skip
            self._answer(_STATUS.get(error.name, 500), json.dumps(said).encode())
        else:
            self._answer(200, json.dumps(value).encode())

    def _by_rpc(self, body: dict[str, Any]) -> None:
        params = body["params"]
        try:
            value = self._dispatched(params["service"], params["method"], params["args"])
        except OdooError as error:
            data = {"name": error.name, "message": error.words, "arguments": [error.words],
                    "debug": "Traceback (most recent call last): /opt/odoo/models.py"}  # fmt: skip
            said = {"code": 200, "message": "Odoo Server Error", "data": data}
            answer: dict[str, Any] = {"jsonrpc": "2.0", "id": body["id"], "error": said}
        else:
            answer = {"jsonrpc": "2.0", "id": body["id"]}
            if value is not None:
                answer["result"] = value
        self._answer(200, json.dumps(answer).encode())

    def _dispatched(self, service: str, method: str, args: list[Any]) -> Any:
        if args[0] != DATABASE:
            words = f'FATAL:  database "{args[0]}" does not exist'
            raise OdooError("psycopg2.OperationalError", words)
        if (service, method) == ("common", "authenticate"):
            return 2 if args[1:3] == [LOGIN, self.owner.key] else False
        _, uid, key, model, called, placed, named = args
        if (uid, key) != (2, self.owner.key):
            raise OdooError("odoo.exceptions.AccessDenied", "Access Denied")
        if called == "create":
            return self._performed(model, called, None, {"vals_list": placed[0], **named})
        return self._performed(model, called, placed[0] if placed else None, named)

    def _performed(self, model: str, method: str, ids: list[int] | None, given: Any) -> Any:
        owner = self.owner
        fault = next((f for f in owner.faults if f[0] == method), None)
        if fault is None:
            return owner.call(model, method, ids, given)
        owner.faults.remove(fault)
        if isinstance(fault[1], OdooError):
            raise fault[1]
        if fault[1] == "lost":
            owner.call(model, method, ids, given)
            self.close_connection = True
        self._fault = fault[1]
        return None

    _fault: Any = None

    def _answer(self, status: int, body: bytes) -> None:
        fault, self._fault = self._fault, None
        if fault == "lost":
            return
        headers = {}
        if fault is not None:
            status, headers = fault
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        with suppress(ConnectionError):
            self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        pass


def now() -> str:
    """The time as Odoo writes it."""
    return datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S")
