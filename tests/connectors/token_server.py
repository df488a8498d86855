"""A token server and the system behind it, both over real sockets."""

import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple
from urllib.parse import parse_qsl


class Asked(NamedTuple):
    """One request: to the token server with its form, or to the system with its body."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def form(self) -> dict[str, str]:
        return dict(parse_qsl(self.body.decode(), keep_blank_values=True))


class TokenServer:
    """Gives `token-1`, `token-2` and so on at /token, and takes at every other path what it gave and
    did not revoke. `says` stands for the answer to every token request, when it is set."""

    def __init__(self, mark: str = "5up3r-hidden") -> None:
        self.mark = mark
        self.lasts: Any = 3600
        self.says: tuple[int, dict[str, str], bytes] | None = None
        self.more: dict[str, Any] = {}  # beside the token, or instead of what stands there
        self.seconds = 0.0  # how long it thinks
        self.valid: set[str] = set()
        self.refuses_all = False
        self.granted: list[Asked] = []  # token requests
        self.called: list[Asked] = []  # calls of the system
        self.thinking = self.most_thinking = 0
        self._lock = threading.Lock()
        handler = type("Handler", (_Handler,), {"owner": self})
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    @property
    def token_url(self) -> str:
        return f"{self.url}/token"

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def refuse(self, status: int, **said: str) -> None:
        """Answer every token request so from now on."""
        self.says = status, {"Content-Type": "application/json"}, json.dumps(said).encode()

    def token(self, number: int) -> str:
        return f"token-{number}-{self.mark}"

    def answer(self, asked: Asked) -> tuple[int, dict[str, str], bytes]:
        return self._grant(asked) if asked.path == "/token" else self._take(asked)

    def _grant(self, asked: Asked) -> tuple[int, dict[str, str], bytes]:
        with self._lock:
            self.granted.append(asked)
            self.thinking += 1
            self.most_thinking = max(self.most_thinking, self.thinking)
            token = self.token(len(self.granted))
        time.sleep(self.seconds)
        with self._lock:
            self.thinking -= 1
            if self.says:
                return self.says
            self.valid.add(token)
        said = {"access_token": token, "token_type": "Bearer", "expires_in": self.lasts} | self.more
        told = {name: value for name, value in said.items() if value is not None}
        return 200, {"Content-Type": "application/json"}, json.dumps(told).encode()

    def _take(self, asked: Asked) -> tuple[int, dict[str, str], bytes]:
        with self._lock:
            self.called.append(asked)
            token = asked.headers.get("authorization", "").removeprefix("Bearer ")
            good = token in self.valid and not self.refuses_all
        if good:
            return 200, {"Content-Type": "application/json"}, b'{"id":"A-7"}'
        return 401, {"Content-Type": "text/plain"}, f"no good: {token}".encode()


class _Handler(BaseHTTPRequestHandler):
    owner: TokenServer
    protocol_version = "HTTP/1.1"

    def _answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        headers = {name.lower(): value for name, value in self.headers.items()}
        status, said, content = self.owner.answer(Asked(self.command, self.path, headers, body))
        self.send_response(status)
        for name, value in said.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    do_GET = do_POST = do_PUT = _answer

    def log_message(self, *_: Any) -> None:
        pass
