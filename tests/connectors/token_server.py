"""A token server and the system behind it, both over real sockets."""

import json
import threading
import time
from base64 import urlsafe_b64encode
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, urlencode, urlsplit

from integrations.transports.token_server import TokenClient
from portal.core.secrets import Secret

SECRET = "5up3r-hidden/&+ü ="  # whatever may stand in a secret


def grant(token_url: str, **more: Any) -> TokenClient:
    """A client whose id and secret want to be encoded."""
    return TokenClient(token_url, "portal:a b", Secret(SECRET), **more)


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
    did not revoke. `says` stands for the answer to every token request, when it is set.

    For a code it gives a refresh token too, which is good once: whoever uses it again has stolen it, and
    every token ends.
    """

    def __init__(self, mark: str = "5up3r-hidden") -> None:
        self.mark = mark
        self.lasts: Any = 3600
        self.says: tuple[int, dict[str, str], bytes] | None = None
        self.more: dict[str, Any] = {}  # beside the token, or instead of what stands there
        self.seconds = 0.0  # how long it thinks
        self.valid: set[str] = set()
        self.refuses_all = False
        self.refreshes = True  # whether it gives refresh tokens at all
        self.codes: dict[str, str] = {}  # code → what its verifier has to hash to
        self.refresh = ""  # the one that is good
        self.thefts = 0
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
            more = self._of_a_person(asked.form)
            if more is None:
                return 400, {"Content-Type": "application/json"}, b'{"error":"invalid_grant"}'
            self.valid.add(token)
        said = {"access_token": token, "token_type": "Bearer", "expires_in": self.lasts}
        said |= more | self.more
        told = {name: value for name, value in said.items() if value is not None}
        return 200, {"Content-Type": "application/json"}, json.dumps(told).encode()

    def say_yes(self, page: str) -> str:
        """What a person's yes on the page at `page` sends the browser back with."""
        asked = dict(parse_qsl(urlsplit(page).query))
        code = f"code-{len(self.codes)}-{self.mark}"
        self.codes[code] = asked["code_challenge"]
        return f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}"

    def _of_a_person(self, form: dict[str, str]) -> dict[str, str] | None:
        """What is given beside a token; None where none is given."""
        if form["grant_type"] == "client_credentials":
            return {}
        if form["grant_type"] == "authorization_code":
            hashed = sha256(form["code_verifier"].encode()).digest()
            proof = urlsafe_b64encode(hashed).rstrip(b"=").decode()
            if self.codes.pop(form["code"], "") != proof:
                return None
        elif form["refresh_token"] != self.refresh:
            self.thefts += 1
            self.valid.clear()
            self.refresh = ""
            return None
        self.refresh = f"refresh-{len(self.granted)}-{self.mark}"
        return {"refresh_token": self.refresh} if self.refreshes else {}

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
