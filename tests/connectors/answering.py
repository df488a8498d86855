"""An HTTP server that does as it is told, for one fault after the other."""

import threading
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class Answering:
    """Gives every request the same answer, or none. Notes what it was asked."""

    def __init__(self) -> None:
        self.status = 200
        self.body = b"{}"
        self.headers: dict[str, str] = {"Content-Type": "application/json"}
        self.silent = False
        self.cuts = False
        self.asked: list[tuple[str, str, dict[str, str], bytes]] = []
        self._release = threading.Event()
        handler = type("Handler", (_Handler,), {"owner": self})
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def meet(self, fault: str) -> None:
        """Answer from now on as one of FAULTS says."""
        self.silent, self.cuts = fault == "no answer", fault == "cut off"
        self.status = int(fault) if fault.isdigit() else 200
        self.headers = {"Content-Type": "application/json"}
        if fault == "429":
            self.headers["Retry-After"] = "17"
        self.body = b'{"code":"failed","message":"It did not work."}'

    def close(self) -> None:
        self._release.set()
        self._server.shutdown()
        self._server.server_close()

    def hold(self) -> None:
        """Keep a request waiting, until the server closes at the latest."""
        self._release.wait(10)


class _Handler(BaseHTTPRequestHandler):
    owner: Answering
    protocol_version = "HTTP/1.1"

    def _answer(self) -> None:
        owner = self.owner
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        headers = {name.lower(): value for name, value in self.headers.items()}
        owner.asked.append((self.command, self.path, headers, body))
        if owner.silent:
            owner.hold()
        if owner.silent or owner.cuts:
            self.close_connection = True
            return
        self.send_response(owner.status)
        for name, value in owner.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(owner.body)))
        self.end_headers()
        with suppress(ConnectionError):  # a client may have heard enough
            self.wfile.write(owner.body)

    do_GET = do_POST = do_PUT = do_PATCH = _answer

    def log_message(self, *_: Any) -> None:
        pass
