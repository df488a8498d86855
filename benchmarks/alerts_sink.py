"""A webhook that takes alerts and remembers when it was told of which case."""

import json
import re
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from portal.demo import ports

_CASE = re.compile(r"/cases/(\d+)/")


class AlertSink:
    """Listens from `with` on; `url` is where alerts are posted."""

    def __init__(self) -> None:
        port = ports.find_free()
        self.url = f"http://127.0.0.1:{port}/alerts"
        self.got: list[tuple[float, dict[str, Any]]] = []
        self._server = ThreadingHTTPServer(("127.0.0.1", port), self._handler())

    def __enter__(self) -> "AlertSink":
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        got = self.got

        class Handler(BaseHTTPRequestHandler):
            def log_message(self, *_: object) -> None: ...

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                got.append((time.time(), json.loads(body)))
                self.send_response(200)
                self.send_header("Content-Length", "0")
                self.end_headers()

        return Handler

    def first(self) -> dict[int, float]:
        """Case number → when it stood in a message first."""
        found: dict[int, float] = {}
        for at, message in list(self.got):
            for url in (message["url"], *(one["url"] for one in message["alerts"])):
                if case := _CASE.search(url):
                    found.setdefault(int(case[1]), at)
        return found

    def of(self, number: int) -> list[str]:
        """What was told of one case by itself, in order."""
        return [m["event"] for _, m in list(self.got) if f"/cases/{number}/" in m["url"]]

    def link_of(self, number: int) -> str:
        """The acknowledging link of its first message."""
        urls = (m["acknowledge_url"] for _, m in list(self.got) if f"/cases/{number}/" in m["url"])
        return next(urls)
