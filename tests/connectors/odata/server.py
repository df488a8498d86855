"""A small system that speaks OData 2 or 4 over a real socket: tokens, forged-request tokens, pages, versions.

It keeps what it is given. What it is asked to get wrong once is in `faults`.
"""

import base64
import json
import re
import threading
import uuid
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from tests.connectors.odata import filters

Answer = tuple[int, dict[str, str], bytes]


class ODataServer:
    """`sets`: path of an entity set → rows by key. `page`: most rows in one answer. `creates`: the sets that
    take a POST, with their key and the navigation of their lines."""

    def __init__(self, version: int, *, root: str, secret: str, page: int = 2) -> None:
        self.version, self.root, self.secret, self.page = version, root, secret, page
        self.sets: dict[str, dict[str, dict[str, Any]]] = {}
        self.keys: dict[str, str] = {}
        self.creates: dict[str, str] = {}
        self.refuses: dict[str, tuple[str, str]] = {}  # a value in a POST → code and words
        self.tokens: set[str] = set()
        self.csrf: dict[str, str] = {}  # session → token
        self.csrf_fetched = 0
        self.faults: list[tuple[str, Answer | str]] = []  # (method, answer | "lost" | "changed")
        self.asked: list[tuple[str, str, dict[str, str], bytes]] = []
        self.created = 0
        self._lock = threading.RLock()
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

    def fill(self, path: str, key: str, rows: list[dict[str, Any]]) -> None:
        self.keys[path] = key
        self.sets[path] = {str(row[key]): row for row in rows}

    def answer(
        self, method: str, target: str, headers: dict[str, str], body: bytes
    ) -> Answer | str:
        with self._lock:
            self.asked.append((method, unquote(target), headers, body))
            if target == "/token":
                return self._grant(headers, body)
            if headers.get("authorization", "").removeprefix("Bearer ") not in self.tokens:
                return self._error(
                    401, "Authentication_InvalidCredentials", "The token is not valid."
                )
            fault = self._fault(method)
            if isinstance(fault, tuple):
                return fault
            found = self._route(method, target, headers, body, changed=fault == "changed")
            return "lost" if fault == "lost" else found

    def _fault(self, method: str) -> Any:
        at = next((n for n, (name, _) in enumerate(self.faults) if name == method), None)
        return None if at is None else self.faults.pop(at)[1]

    def _grant(self, headers: dict[str, str], body: bytes) -> Answer:
        form = dict(parse_qsl(body.decode()))
        given = form.get("client_secret", "")
        if headers.get("authorization", "").startswith("Basic "):
            pair = base64.b64decode(headers["authorization"][6:]).decode()
            given = unquote(pair.partition(":")[2])
        if given != self.secret:
            return _json(401, {"error": "invalid_client", "error_description": "unknown client"})
        token = uuid.uuid4().hex
        self.tokens.add(token)
        return _json(200, {"access_token": token, "token_type": "Bearer", "expires_in": 3600})

    def _route(
        self, method: str, target: str, headers: dict[str, str], body: bytes, *, changed: bool
    ) -> Answer:
        parts = urlsplit(target)
        path = unquote(parts.path).removeprefix(self.root)
        query = dict(parse_qsl(parts.query))
        extra = {}
        if self.version == 2 and method != "GET":
            session = dict(re.findall(r"(\w+)=([^;]+)", headers.get("cookie", ""))).get(
                "SAP_SESSION", ""
            )
            if self.csrf.get(session, "none") != headers.get("x-csrf-token"):
                return 403, {"x-csrf-token": "Required"}, b"CSRF token validation failed"
        if headers.get("x-csrf-token") == "Fetch":
            session, token = uuid.uuid4().hex, uuid.uuid4().hex
            self.csrf[session] = token
            self.csrf_fetched += 1
            cookie = f"SAP_SESSION={session}; path=/; HttpOnly, lb=7; expires=Thu, 01 Jan 2099 00:00:00 GMT"
            extra = {"x-csrf-token": token, "Set-Cookie": cookie}
        if path.endswith("/"):
            return _json(200, {"d": {"EntitySets": []}}, extra)
        status, said, content = self._serve(method, path, query, headers, body, changed=changed)
        return status, {**said, **extra}, content

    def _serve(self, method, path, query, headers, body, *, changed: bool) -> Answer:
        if path in self.sets:
            return self._create(path, body) if method == "POST" else self._list(path, query)
        name, _, inside = path.removesuffix(")").rpartition("(")
        if name not in self.sets:
            return self._error(404, "BadRequest_ResourceNotFound", f"Resource not found: {path}")
        entity = self.sets[name].get(_key(inside))
        if entity is None:
            return self._error(404, "Internal_RecordNotFound", "The entity does not exist.")
        if method == "GET":
            return _json(200, {"d": entity} if self.version == 2 else entity)
        if changed:
            self._touch(entity)
        return self._modify(method, name, entity, headers, body)

    def _modify(self, method, name, entity, headers, body) -> Answer:
        wanted = headers.get("if-match")
        if wanted is None:
            return self._error(428, "", "If-Match is required.")
        if wanted not in ("*", self._etag(entity)):
            if self.version == 4:
                return self._error(
                    409, "Request_EntityChanged", "Another user has already changed it."
                )
            return self._error(412, "/IWFND/CM_BEC/026", "Precondition failed")
        if method == "DELETE":
            del self.sets[name][str(entity[self.keys[name]])]
        else:
            entity.update(json.loads(body))
            self._touch(entity)
        return 204, {}, b""

    def _etag(self, entity: dict[str, Any]) -> str:
        held = entity.get("__metadata", {}) if self.version == 2 else entity
        return held.get("etag" if self.version == 2 else "@odata.etag", "")

    def _touch(self, entity: dict[str, Any]) -> None:
        etag = f'W/"{uuid.uuid4().hex}"'
        if self.version == 2:
            entity["__metadata"] = {**entity.get("__metadata", {}), "etag": etag}
        else:
            entity["@odata.etag"] = etag

    def _create(self, path: str, body: bytes) -> Answer:
        for text, (code, words) in self.refuses.items():
            if text.encode() in body:
                return self._error(400, code, words)
        lines = self.creates[path]
        entity = json.loads(body, parse_float=str)
        self.created += 1
        name = self.keys[path]
        entity[name] = str(4800 + self.created) if self.version == 2 else str(uuid.uuid4())
        entity.setdefault("number", f"S-ORD{101000 + self.created}")
        made = [
            {**line, "SalesOrderItem": str(10 * n)}
            for n, line in enumerate(entity.get(lines, []), 1)
        ]
        entity[lines] = {"results": made} if self.version == 2 else made
        self._touch(entity)
        self.sets[path][entity[name]] = entity
        return _json(201, {"d": entity} if self.version == 2 else entity)

    def _list(self, path: str, query: dict[str, str]) -> Answer:
        rows = list(self.sets[path].values())
        try:
            if "$filter" in query:
                rows = [row for row in rows if filters.matches(row, query["$filter"])]
        except filters.Malformed as error:
            return self._error(400, "BadRequest_InvalidRequestUrl", str(error))
        if "$orderby" in query:
            rows.sort(key=lambda row: str(row[query["$orderby"]]))
        begin = int(query.get("$skiptoken", 0))
        most = min(self.page, int(query.get("$top", self.page)))
        shown, more = rows[begin : begin + most], len(rows) > begin + most
        more = more and len(shown) < int(query.get("$top", 1_000_000))
        token = f"{self.url}{self.root}{path}?$skiptoken={begin + most}"
        if "$filter" in query:
            from urllib.parse import quote

            token += f"&$filter={quote(query['$filter'])}"
        if self.version == 2:
            return _json(200, {"d": {"results": shown, **({"__next": token} if more else {})}})
        link = {"@odata.nextLink": token} if more else {}
        return _json(200, {"@odata.context": f"{self.url}$metadata", "value": shown, **link})

    def _error(self, status: int, code: str, words: str) -> Answer:
        if self.version == 2:
            details = [{"code": code, "message": words, "severity": "error", "target": ""},
                       {"code": "V1/555", "message": "Sold-to party is blocked", "severity": "warning"}]  # fmt: skip
            said: Any = {"code": code, "message": {"lang": "en", "value": words},
                         "innererror": {"errordetails": details}}  # fmt: skip
        else:
            said = {"code": code, "message": f"{words}  CorrelationId:  {uuid.uuid4()}."}
        return _json(status, {"error": said})


def _key(inside: str) -> str:
    """The last of the keys in brackets: `'4711'`, `SalesOrder='4711',SalesOrderItem='10'`, a GUID."""
    return inside.rpartition(",")[2].rpartition("=")[2].strip("'").replace("''", "'")


def _json(status: int, said: Any, headers: dict[str, str] | None = None) -> Answer:
    return (
        status,
        {"Content-Type": "application/json", **(headers or {})},
        json.dumps(said).encode(),
    )


class _Handler(BaseHTTPRequestHandler):
    owner: ODataServer
    protocol_version = "HTTP/1.1"

    def _answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        headers = {name.lower(): value for name, value in self.headers.items()}
        found = self.owner.answer(self.command, self.path, headers, body)
        if isinstance(found, str):
            self.close_connection = True
            return
        status, said, content = found
        self.send_response(status)
        for name, value in said.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    do_GET = do_POST = do_PATCH = do_DELETE = _answer

    def log_message(self, *_: Any) -> None:
        pass
