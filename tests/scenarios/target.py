"""A system that takes JSON over HTTP and answers as it is told."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock, Thread


class Target(ThreadingHTTPServer):
    """`taken`: what it accepted, in order. `tried`: the names of all it was offered.

    A document is named by its order number, else by its SKU. `refusing` answers some names as told;
    everything else is answered with `status`, after `seconds`.
    """

    def __init__(self) -> None:
        self.taken: list[dict] = []
        self.tried: list[str] = []
        self.status, self.headers, self.seconds = 200, {}, 0.0
        self.refusing: dict[str, int] = {}
        self.lock = Lock()
        super().__init__(("127.0.0.1", 0), _Handler)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    @property
    def names(self) -> list[str]:
        return [name_of(document) for document in self.taken]

    def judge(self, document: dict) -> int:
        with self.lock:
            name = name_of(document)
            self.tried.append(name)
            status = self.refusing.get(name, self.status)
            if status == 200:
                self.taken.append(document)
            return status


def name_of(document: dict) -> str:
    return document.get("number") or document.get("sku") or ""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Target

    def do_GET(self) -> None:
        """A look at it, as the test of a connection does."""
        self.send_response(self.server.status)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    def do_POST(self) -> None:
        document = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        time.sleep(self.server.seconds)
        status = self.server.judge(document)
        answer = json.dumps({"id": f"T-{name_of(document)}"}).encode() if status == 200 else b"no"
        self.send_response(status)
        for name, value in self.server.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *args: object) -> None:
        pass


@contextmanager
def running() -> Iterator[Target]:
    server = Target()
    Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
