"""A shop over HTTP: Vendure's keys, sessions and errors around `shop.Shop`."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tests.connectors.conformance import SECRET_MARK
from tests.connectors.graphql.executing import Document
from tests.connectors.vendure.shop import RefusedError, Shop, forbidden, refusal

KEY = f"key-{SECRET_MARK}"
USER, PASSWORD = "hub", f"password-{SECRET_MARK}"


class Server:
    """`asked` are the operations, by name, with their variables and headers; `next` are answers to give
    instead, one after the other; `sessions` are those it knows."""

    def __init__(self) -> None:
        self.shop = Shop()
        self.asked: list[tuple[str, dict[str, Any], dict[str, str]]] = []
        self.next: list[dict[str, Any]] = []
        self.sessions: set[str] = set()
        self.bears = True
        self.lock = threading.Lock()
        handler = type("Handler", (_Handler,), {"owner": self})
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}/admin-api"

    def names(self) -> list[str]:
        return [name for name, _, _ in self.asked]

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def answer(self, said: dict[str, Any], headers: dict[str, str]) -> tuple[dict[str, Any], str]:
        """What is answered, and the token of a new session."""
        document, variables = Document(said["query"]), said["variables"]
        with self.lock:
            self.asked.append((document.name, variables, headers))
            if document.name == "Login":
                return self._login(document, variables)
            session = headers.get("authorization", "").removeprefix("Bearer ")
            if headers.get("vendure-api-key") != KEY and session not in self.sessions:
                return forbidden(), ""
            if self.next:
                return self.next.pop(0), ""
            try:
                return {"data": document.run(self.shop.root(), variables)}, ""
            except RefusedError as error:
                return {"errors": [error.said], "data": None}, ""

    def _login(self, document: Document, variables: dict[str, Any]) -> tuple[dict[str, Any], str]:
        made = ""
        result = refusal(
            "InvalidCredentialsError",
            "INVALID_CREDENTIALS_ERROR",
            "The provided credentials are invalid",
        )
        if variables == {"username": USER, "password": PASSWORD}:
            made = f"session-{len(self.asked)}-{SECRET_MARK}" if self.bears else ""
            self.sessions.add(made)
            result = {"__typename": "CurrentUser"}
        root = {"login": lambda username, password: result}
        return {"data": document.run(root, variables)}, made


class _Handler(BaseHTTPRequestHandler):
    owner: Server
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        headers = {name.lower(): value for name, value in self.headers.items()}
        said, session = self.owner.answer(json.loads(body), headers)
        answer = json.dumps(said).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json; charset=utf-8")
        if session:
            self.send_header("vendure-auth-token", session)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_: Any) -> None:
        pass
