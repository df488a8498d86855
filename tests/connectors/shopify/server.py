"""A shop over HTTP: Shopify's addresses, tokens, throttling and errors around `shop.Shop`."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs

from tests.connectors.conformance import SECRET_MARK
from tests.connectors.graphql.executing import Document
from tests.connectors.shopify.shop import Shop

CLIENT, SECRET = "app-id", f"shpss_{SECRET_MARK}"
OLD_TOKEN = f"shpat_old_{SECRET_MARK}"
PATH = "/admin/api/2026-10/graphql.json"


class Server:
    """`asked` are the operations, by name; `next` are answers to give instead, one after the other."""

    def __init__(self) -> None:
        self.shop = Shop()
        self.asked: list[tuple[str, dict[str, Any]]] = []
        self.next: list[dict[str, Any]] = []
        self.tokens = {OLD_TOKEN}
        self.lock = threading.Lock()
        handler = type("Handler", (_Handler,), {"owner": self})
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def names(self) -> list[str]:
        return [name for name, _ in self.asked]

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def answer(self, said: dict[str, Any]) -> dict[str, Any]:
        document = Document(said["query"])
        with self.lock:
            self.asked.append((document.name, said["variables"]))
            if self.next:
                return self.next.pop(0)
            data = document.run(self.shop.root(), said["variables"])
        status = {"maximumAvailable": 2000.0, "currentlyAvailable": 1900, "restoreRate": 100.0}
        cost = {"requestedQueryCost": 10, "actualQueryCost": 5, "throttleStatus": status}
        return {"data": data, "extensions": {"cost": cost}}

    def token(self, form: dict[str, list[str]]) -> tuple[int, dict[str, Any]]:
        if (form.get("client_id"), form.get("client_secret")) != ([CLIENT], [SECRET]):
            return 400, {"error": "application_cannot_be_found"}
        made = f"shpat_{len(self.tokens)}_{SECRET_MARK}"
        self.tokens.add(made)
        return 200, {"access_token": made, "scope": "read_orders", "expires_in": 86399}


class _Handler(BaseHTTPRequestHandler):
    owner: Server
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.path == "/admin/oauth/access_token":
            status, said = self.owner.token(parse_qs(body.decode()))
        elif self.path != PATH:
            status, said = 404, {"errors": "Not Found"}
        elif self.headers.get("X-Shopify-Access-Token") not in self.owner.tokens:
            text = "[API] Invalid API key or access token (unrecognized login or wrong password)"
            status, said = 401, {"errors": text}
        else:
            status, said = 200, self.owner.answer(json.loads(body))
        answer = json.dumps(said).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json; charset=utf-8")
        self.send_header("X-Shopify-API-Version", "2026-10")
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_: Any) -> None:
        pass
