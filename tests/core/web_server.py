"""A web server that misbehaves on request."""

import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Handler(BaseHTTPRequestHandler):
    """The path says what happens; what arrived is kept on the server."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: "Server"

    def log_message(self, *args: object) -> None: ...

    def setup(self) -> None:
        super().setup()
        self.server.connections += 1

    def do_GET(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        self.server.requests.append((self.command, self.path, dict(self.headers), body))
        self.server.answers.get(self.path.partition("?")[0], answer())(self)

    do_POST = do_PUT = do_HEAD = do_GET


class Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.connections = 0
        self.requests: list[tuple[str, str, dict[str, str], bytes]] = []
        self.answers: dict[str, Callable[[Handler], None]] = {}
        self.scheme = "http"

    def url(self, path: str = "/", *, host: str = "127.0.0.1") -> str:
        return f"{self.scheme}://{host}:{self.server_port}{path}"

    def handle_error(self, *args: object) -> None: ...


def answer(
    status: int = 200, body: bytes = b'{"ok": true}', **headers: str
) -> Callable[[Handler], None]:
    """Answer at once; underscores in header names stand for dashes."""

    def respond(handler: Handler) -> None:
        handler.send_response(status)
        for name, value in {"Content_Length": str(len(body)), **headers}.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.end_headers()
        handler.wfile.write(body)

    return respond


def drip(body: bytes, *, pause: float, length: int) -> Callable[[Handler], None]:
    """Announce `length` bytes, send `body` byte by byte, then hang up."""

    def respond(handler: Handler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Length", str(length))
        handler.end_headers()
        for byte in body:
            handler.wfile.write(bytes([byte]))
            handler.wfile.flush()
            time.sleep(pause)
        handler.close_connection = True

    return respond


def hang_up(handler: Handler) -> None:
    """Take the request and close without a word."""
    handler.close_connection = True
