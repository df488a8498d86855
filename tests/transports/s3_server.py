"""A strict store of the tests' own: checks every signature by the published algorithm, on its own.

Knows what an S3-compatible server has to: list type 2 with pages, get with ranges, put, copy and
delete with their conditions. It can ignore conditions, answer a fault, and stop in mid-move.
"""

import email.utils
import hashlib
import hmac
import re
import ssl
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, quote, unquote, urlsplit
from xml.sax.saxutils import escape

BUCKET, REGION, KEY_ID, SECRET = "partner-files", "eu-test-1", "AKIATEST7", "s3cr3t/of+the=tests"
_PROOF = re.compile(
    r"AWS4-HMAC-SHA256 Credential=([^/]+)/(\d{8})/([^/]+)/s3/aws4_request, "
    r"SignedHeaders=([a-z0-9;-]+), Signature=([0-9a-f]{64})"
)
NAMESPACE = "http://s3.amazonaws.com/doc/2006-03-01/"


class Stored:
    def __init__(self, body: bytes, meta: dict[str, str], at: float) -> None:
        self.body, self.meta, self.at = body, meta, at
        self.etag = f'"{hashlib.md5(body).hexdigest()}"'


class Store:
    """Objects by key, and how the server behaves."""

    def __init__(self, certificate: str = "") -> None:
        self.objects: dict[str, Stored] = {}
        self.lock = threading.Lock()
        self.requests: list[tuple[str, str]] = []
        self.page = 1000
        self.ignores_conditions = False
        # What is answered instead, for a request the function says True of: (status, body, headers).
        self.fault: Callable[[str, str], tuple[int, bytes, dict[str, str]] | None] = (
            lambda method, key: None
        )
        self.clock: Callable[[], float] = time.time
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), type("H", (_Door,), {"store": self}))
        self._server.daemon_threads = True
        self._scheme = "https" if certificate else "http"
        if certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate)
            self._server.socket = context.wrap_socket(self._server.socket, server_side=True)
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.02,), daemon=True
        )
        self._thread.start()

    @property
    def address(self) -> str:
        return f"{self._scheme}://127.0.0.1:{self._server.server_address[1]}"

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


class _Refused(Exception):
    def __init__(self, status: int, code: str, words: str = "") -> None:
        self.status, self.code, self.words = status, code, words


class _Door(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    store: Store

    def log_message(self, *_: object) -> None:
        pass

    def handle_any(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        parts = urlsplit(self.path)
        try:
            _check_signature(self, parts.path, parts.query, body)
            bucket, _, key = unquote(parts.path.removeprefix("/")).partition("/")
            if bucket != BUCKET:
                raise _Refused(404, "NoSuchBucket", "There is none.")
            self.store.requests.append((self.command, key))
            if answer := self.store.fault(self.command, key):
                self._answer(*answer)
                return
            with self.store.lock:
                self._answer(*self._done(key, dict(parse_qsl(parts.query)), body))
        except _Refused as refused:
            said = (
                f"<?xml version='1.0'?><Error><Code>{refused.code}</Code>"
                f"<Message>{escape(refused.words)}</Message></Error>"
            )
            self._answer(refused.status, said.encode(), {})

    do_GET = do_PUT = do_DELETE = do_HEAD = handle_any

    def _answer(self, status: int, body: bytes, headers: dict[str, str]) -> None:
        self.send_response_only(status)
        self.send_header("Date", email.utils.formatdate(self.store.clock(), usegmt=True))
        for name, value in headers.items():
            self.send_header(name, value)
        if "Content-Length" not in headers and status != 204:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def _done(self, key: str, query: dict[str, str], body: bytes):
        if not key:
            return _listed(self.store, query)
        standing = self.store.objects.get(key)
        self._check_conditions(standing)
        if self.command == "PUT":
            return self._put(key, body)
        if self.command == "DELETE":
            self.store.objects.pop(key, None)
            return 204, b"", {}
        if standing is None:
            raise _Refused(404, "NoSuchKey", key)
        headers = {
            "ETag": standing.etag,
            "Last-Modified": email.utils.formatdate(standing.at, usegmt=True),
            **standing.meta,
        }
        if self.command == "HEAD":
            return 200, b"", {**headers, "Content-Length": str(len(standing.body))}
        asked = re.fullmatch(r"bytes=(\d+)-(\d+)", self.headers.get("Range") or "")
        if not asked:
            return 200, standing.body, headers
        if int(asked[1]) >= len(standing.body):
            raise _Refused(416, "InvalidRange", "Past its end.")
        return 206, standing.body[int(asked[1]) : int(asked[2]) + 1], headers

    def _check_conditions(self, standing: Stored | None) -> None:
        if self.store.ignores_conditions:
            return
        if self.headers.get("If-None-Match") == "*" and standing is not None:
            raise _Refused(412, "PreconditionFailed", "It is there.")
        wanted = self.headers.get("If-Match")
        if wanted and standing is None and self.command != "DELETE":
            raise _Refused(404, "NoSuchKey", "")
        if wanted and standing is not None and wanted != standing.etag:
            raise _Refused(412, "PreconditionFailed", "It is another.")

    def _put(self, key: str, body: bytes):
        meta = {n: v for n, v in self.headers.items() if n.lower().startswith("x-amz-meta-")}
        if source := self.headers.get("x-amz-copy-source"):
            copied = self.store.objects.get(unquote(source).removeprefix(f"/{BUCKET}/"))
            if copied is None:
                raise _Refused(404, "NoSuchKey", source)
            body, meta = copied.body, copied.meta
        stored = self.store.objects[key] = Stored(body, meta, self.store.clock())
        if source:
            xml = f'<CopyObjectResult xmlns="{NAMESPACE}"><ETag>{escape(stored.etag)}</ETag></CopyObjectResult>'
            return 200, xml.encode(), {}
        return 200, b"", {"ETag": stored.etag}


def _listed(store: Store, query: dict[str, str]):
    if query.get("list-type") != "2":
        raise _Refused(400, "InvalidArgument", "list-type")
    prefix, delimiter = query.get("prefix", ""), query.get("delimiter", "")
    size = min(store.page, int(query.get("max-keys", "1000")))
    after = query.get("continuation-token", "")
    keys = [key for key in sorted(store.objects) if key.startswith(prefix) and key > after]
    if delimiter:
        keys = [key for key in keys if delimiter not in key.removeprefix(prefix)]
    page, more = keys[:size], len(keys) > size
    show = quote if query.get("encoding-type") == "url" else escape
    rows = "".join(
        f"<Contents><Key>{show(key)}</Key><LastModified>"
        f"{datetime.fromtimestamp(store.objects[key].at, UTC):%Y-%m-%dT%H:%M:%S.000Z}</LastModified>"
        f"<ETag>{escape(store.objects[key].etag)}</ETag><Size>{len(store.objects[key].body)}</Size>"
        "</Contents>"
        for key in page
    )
    token = f"<NextContinuationToken>{escape(page[-1])}</NextContinuationToken>" if more else ""
    xml = (
        f'<?xml version="1.0" encoding="UTF-8"?><ListBucketResult xmlns="{NAMESPACE}">'
        f"<IsTruncated>{'true' if more else 'false'}</IsTruncated>{rows}{token}</ListBucketResult>"
    )
    return 200, xml.encode(), {"Content-Type": "application/xml"}


def _check_signature(door: _Door, path: str, query: str, body: bytes) -> None:
    """Steps 1 to 4 of "Authenticating requests (AWS Signature Version 4)", from the bytes received."""
    headers = door.headers
    proof = _PROOF.fullmatch(headers.get("Authorization") or "")
    if not proof:
        raise _Refused(403, "AccessDenied", "Not signed.")
    key_id, day, region, names, signature = proof.groups()
    stamp = headers.get("x-amz-date") or ""
    if key_id != KEY_ID:
        raise _Refused(403, "InvalidAccessKeyId", "Nobody has this key.")
    if region != REGION:
        raise _Refused(
            400, "AuthorizationHeaderMalformed", f"the region is wrong; expecting '{REGION}'"
        )
    at = datetime.strptime(stamp, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC).timestamp()
    if stamp[:8] != day or abs(at - time.time()) > 900:
        raise _Refused(403, "RequestTimeTooSkewed", "15 minutes at most.")
    if headers.get("x-amz-content-sha256") != hashlib.sha256(body).hexdigest():
        raise _Refused(400, "XAmzContentSHA256Mismatch", "")
    signed = names.split(";")
    must = {"host", *(n.lower() for n in headers if n.lower().startswith("x-amz-"))}
    if signed != sorted(signed) or not must <= set(signed):
        raise _Refused(403, "AccessDenied", "There were headers which were not signed")
    # From what was received, decoded and encoded again: a client that encodes otherwise fails.
    resource = quote(unquote(path), safe="/-_.~")
    pairs = sorted(
        (quote(n, safe="-_.~"), quote(v, safe="-_.~"))
        for n, v in parse_qsl(query, keep_blank_values=True)
    )
    lines = [f"{n}:{' '.join((headers.get(n) or '').split())}\n" for n in signed]
    request = "\n".join(
        [door.command, resource, "&".join(f"{n}={v}" for n, v in pairs), "".join(lines), names,
         hashlib.sha256(body).hexdigest()]
    )  # fmt: skip
    scope = f"{day}/{region}/s3/aws4_request"
    text = f"AWS4-HMAC-SHA256\n{stamp}\n{scope}\n{hashlib.sha256(request.encode()).hexdigest()}"
    key = f"AWS4{SECRET}".encode()
    for part in (day, region, "s3", "aws4_request"):
        key = hmac.digest(key, part.encode(), "sha256")
    if not hmac.compare_digest(hmac.digest(key, text.encode(), "sha256").hex(), signature):
        raise _Refused(403, "SignatureDoesNotMatch", "Check your key and signing method.")
