"""A server of lists in every kind of paging, and of writes. It notes what it was asked."""

import json
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, urlsplit

from integrations.connectors import registry
from integrations.connectors.connection import Connection
from tests.connectors.conformance import connection


class Asked(NamedTuple):
    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: Any


class Reply(NamedTuple):
    status: int = 200
    said: Any = None
    headers: dict[str, str] = {}


class Lists:
    """`answer` says what every call gets."""

    def __init__(self) -> None:
        self.asked: list[Asked] = []
        self.answer: Callable[[Asked], Reply] = lambda asked: Reply(said=[])
        handler = type("Handler", (_Handler,), {"owner": self})
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def connection(self, description: str, *, base: str = "/api", **secrets: str) -> Connection:
        return connection(
            registry.get("rest"),
            settings={"url": f"{self.url}{base}", "description": description},
            secrets=secrets or {"token": "t-5up3r-hidden"},
        )

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


class _Handler(BaseHTTPRequestHandler):
    owner: Lists
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def _answer(self) -> None:
        raw = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        url = urlsplit(self.path)
        headers = {name.lower(): value for name, value in self.headers.items()}
        query = dict(parse_qsl(url.query, keep_blank_values=True))
        is_form = "form-urlencoded" in headers.get("content-type", "")
        said = dict(parse_qsl(raw.decode())) if is_form else json.loads(raw) if raw else None
        asked = Asked(self.command, url.path, query, headers, said)
        self.owner.asked.append(asked)
        reply = self.owner.answer(asked)
        body = reply.said if isinstance(reply.said, bytes) else json.dumps(reply.said).encode()
        self.send_response(reply.status)
        for name, value in {"Content-Type": "application/json", **reply.headers}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_POST = do_PUT = do_PATCH = _answer

    def log_message(self, *_: Any) -> None:
        pass
