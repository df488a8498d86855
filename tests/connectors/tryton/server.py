"""The small ERP's REST API: addresses, key, context, fields and errors as Tryton 8.2 has them."""

import base64
import json
import re
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.connectors.tryton.company import Company
from tests.connectors.tryton.erp import MissingError, UserError, on_the_wire

PATH = re.compile(r"/erp/rest/model/([a-z.]+)(?:/(\d+))?(?:/([a-z_]+))?")
PAGE = b"<!doctype html>\n<title>401 Unauthorized</title>"


class Server:
    """Answers for a company on this machine. `key` is the one it knows."""

    def __init__(self, company: Company, key: str) -> None:
        self.company, self.key = company, key
        self.lose: list[
            str
        ] = []  # the next request whose address ends so is done, its answer cut off
        self.locked = 0
        self.slow = 0.0
        self.asked: list[tuple[str, str]] = []
        handler = type("Handler", (_Handler,), {"server_of": self})
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self._http.daemon_threads = True
        threading.Thread(target=self._http.serve_forever, args=(0.05,), daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._http.server_address[1]}"

    def close(self) -> None:
        self._http.shutdown()
        self._http.server_close()


class _Handler(BaseHTTPRequestHandler):
    server_of: Server
    protocol_version = "HTTP/1.1"
    wbufsize = -1  # head and body in one: two would wait for one another
    disable_nagle_algorithm = True

    def _answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        server, parts = self.server_of, urlsplit(self.path)
        server.asked.append((self.command, parts.path))
        if self.headers.get("Authorization") != f"bearer {server.key}":
            self._reply(401, PAGE, "text/html")
            return
        match = PATH.fullmatch(parts.path)
        if match is None:
            self._reply(404, b"<title>404 Not Found</title>", "text/html")
            return
        if self.command != "GET" and server.locked:
            server.locked -= 1
            self._reply(423, b"<title>423 Locked</title>", "text/html")
            return
        try:
            found = self._do(match, parse_qs(parts.query), json.loads(body or b"{}"))
        except UserError as error:
            said = {"status": 400, "message": str(error), "description": ""}
            self._reply(400, json.dumps(said).encode())
            return
        except MissingError:
            self._reply(404, b"<title>404 Not Found</title>", "text/html")
            return
        if server.lose and parts.path.endswith(server.lose[0]) and self.command != "GET":
            server.lose.pop(0)
            self.close_connection = True
            return
        self._reply(200, json.dumps(found).encode())

    def _do(self, match: re.Match[str], query: dict[str, list[str]], body: dict[str, Any]) -> Any:
        company = self.server_of.company
        model, record, action = match[1], match[2], match[3]
        fields = query.get("f", ["rec_name"])
        if action == "get_preferences":
            return {"company": 1, "company.rec_name": "Dunder Mifflin", "groups": [5]}
        if action == "get_access":
            every = dict.fromkeys(("read", "write", "create", "delete"), 1)
            return dict.fromkeys(body["models"], every)
        if not record and not action and self.command == "GET":
            return self._search(model, query, fields)
        time.sleep(self.server_of.slow)
        number = int(record or 0)
        if not record:
            number = company.create(model, body)
        elif action:
            company.press(model, number, action)
        elif self.command == "PUT":
            company.write(model, number, body)
        return company.read(model, number, fields)

    def _search(self, model: str, query: dict[str, list[str]], fields: list[str]) -> list[Any]:
        company = self.server_of.company
        context = _unpacked(self.headers.get("X-Tryton-Context"), {})
        found = company.search(model, _unpacked(query.get("d", [""])[0], []))
        found = found[: int(query.get("s", ["1000000"])[0])]
        shown = [company.read(model, one["id"], fields) for one in found]
        if model == "product.product" and "locations" in context:
            for one in shown:
                product = company.of(model, one["id"])
                one.update(company.levels(product, context["locations"]))
        return [{name: on_the_wire(value) for name, value in one.items()} for one in shown]

    def _reply(self, status: int, body: bytes, kind: str = "application/json") -> None:
        self.send_response_only(status)
        self.send_header("Date", self.server_of.company.now.strftime("%a, %d %b %Y %H:%M:%S GMT"))
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_POST = do_PUT = _answer

    def log_message(self, *_: Any) -> None:
        pass


def _unpacked(text: str | None, otherwise: Any) -> Any:
    return json.loads(base64.urlsafe_b64decode(text)) if text else otherwise
