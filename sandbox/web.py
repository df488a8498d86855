"""A small HTTP/1.1 server over asyncio: kept-alive connections, JSON, outages on purpose."""

import asyncio
import json
import signal
from collections.abc import Callable, Coroutine
from http import HTTPStatus
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, unquote, urlsplit

MAX_HEAD = 64 * 1024
MAX_BODY = 32 * 1024 * 1024


class Request(NamedTuple):
    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes
    target: str

    def json(self) -> Any:
        """The decoded body; raises ValueError when it is not JSON."""
        return json.loads(self.body) if self.body else {}


class Response(NamedTuple):
    status: int
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = ()
    delay: float = 0.0


Handler = Callable[[Request], Response | None]
Answer = Response | None


def json_response(value: Any, *, status: int = 200, headers: tuple = ()) -> Response:
    body = json.dumps(value, separators=(",", ":")).encode()
    return Response(status, body, (("Content-Type", "application/json; charset=UTF-8"), *headers))


def _encode(response: Response, *, close: bool) -> bytes:
    lines = [f"HTTP/1.1 {response.status} {_phrase(response.status)}"]
    lines += [f"{name}: {value}" for name, value in response.headers]
    lines.append(f"Content-Length: {len(response.body)}")
    if close:
        lines.append("Connection: close")
    return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + response.body


def _phrase(status: int) -> str:
    return HTTPStatus(status).phrase


class _Head(NamedTuple):
    method: str
    target: str
    headers: dict[str, str]
    length: int
    size: int


class _RefusedError(Exception):
    def __init__(self, status: int) -> None:
        self.status = status


def _parse_head(raw: bytes, size: int) -> _Head:
    first, *rest = raw.decode("latin-1").split("\r\n")
    parts = first.split(" ")
    if len(parts) != 3:
        raise _RefusedError(400)
    headers = {}
    for line in rest:
        name, _, value = line.partition(":")
        headers[name.lower()] = value.strip()
    if "transfer-encoding" in headers:
        raise _RefusedError(411)
    length = headers.get("content-length", "0")
    if not length.isdigit():
        raise _RefusedError(400)
    if int(length) > MAX_BODY:
        raise _RefusedError(413)
    return _Head(parts[0], parts[1], headers, int(length), size)


def _request(head: _Head, body: bytes) -> Request:
    url = urlsplit(head.target)
    query = dict(parse_qsl(url.query, keep_blank_values=True)) if url.query else {}
    return Request(head.method, unquote(url.path), query, head.headers, body, head.target)


class _Connection(asyncio.Protocol):
    def __init__(self, listener: "Listener") -> None:
        self.listener = listener
        self.buffer = bytearray()
        self.head: _Head | None = None
        self.busy = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport: Any = transport
        self.listener.connections.add(self)

    def connection_lost(self, error: Exception | None) -> None:
        self.listener.connections.discard(self)

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        self.advance()

    def advance(self) -> None:
        try:
            while not self.busy and (request := self.next_request()) is not None:
                self.answer(request)
        except _RefusedError as refused:
            self.transport.write(_encode(Response(refused.status), close=True))
            self.transport.close()

    def next_request(self) -> Request | None:
        if self.head is None:
            end = self.buffer.find(b"\r\n\r\n")
            if end < 0:
                if len(self.buffer) > MAX_HEAD:
                    raise _RefusedError(431)
                return None
            self.head = _parse_head(bytes(self.buffer[:end]), end + 4)
            if self.head.headers.get("expect", "").lower() == "100-continue":
                self.transport.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        head = self.head
        total = head.size + head.length
        if len(self.buffer) < total:
            return None
        body = bytes(self.buffer[head.size : total])
        del self.buffer[:total]
        self.head = None
        return _request(head, body)

    def answer(self, request: Request) -> None:
        response = self.listener.handler(request)
        close = request.headers.get("connection", "").lower() == "close"
        if response is None:
            self.busy = True
        elif response.delay:
            self.busy = True
            asyncio.get_running_loop().call_later(response.delay, self.finish, response, close)
        else:
            self.write(response, close)

    def finish(self, response: Response, close: bool) -> None:
        self.busy = False
        self.write(response, close)
        self.advance()

    def write(self, response: Response, close: bool) -> None:
        if self.transport.is_closing():
            return
        self.transport.write(_encode(response, close=close))
        if close:
            self.transport.close()


class Listener:
    """One loopback port. `outage` closes it: new connections are refused, old ones are cut."""

    def __init__(self, handler: Handler, port: int) -> None:
        self.handler = handler
        self.port = port
        self.connections: set[_Connection] = set()
        self.server: asyncio.Server | None = None
        self.reopening: asyncio.TimerHandle | None = None

    async def open(self) -> None:
        loop = asyncio.get_running_loop()
        self.server = await loop.create_server(
            lambda: _Connection(self), "127.0.0.1", self.port, backlog=1024
        )
        self.port = self.server.sockets[0].getsockname()[1]

    def close(self) -> None:
        if self.server is not None:
            self.server.close()
            self.server = None
        for connection in list(self.connections):
            connection.transport.abort()

    def outage(self, seconds: float) -> None:
        """Refuse connections for so many seconds; 0 ends an outage at once."""
        if self.reopening is not None:
            self.reopening.cancel()
            self.reopening = None
        loop = asyncio.get_running_loop()
        if seconds > 0:
            # The caller's own answer still has to leave when it came over this port.
            loop.call_later(0.05, self.close)
            self.reopening = loop.call_later(seconds + 0.05, self._reopen)
        elif self.server is None:
            self._reopen()

    def _reopen(self) -> None:
        self.reopening = None
        self.opening = asyncio.get_running_loop().create_task(self.open())


async def _serve(
    name: str,
    listeners: list[Listener],
    background: list[Callable[[], Coroutine[Any, Any, None]]],
    extra: str,
) -> None:
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopping.set)
    for listener in listeners:
        await listener.open()
    tasks = [asyncio.create_task(start()) for start in background]
    for task in tasks:
        task.add_done_callback(lambda done: _stop_on_error(done, stopping))
    addresses = [f"http://127.0.0.1:{listener.port}" for listener in listeners]
    print(f"ready {name} {' control '.join(addresses)}{extra}", flush=True)
    await stopping.wait()
    for task in tasks:
        if task.done() and not task.cancelled() and task.exception():
            raise task.exception()  # type: ignore[misc]
        task.cancel()
    for listener in listeners:
        listener.close()


def _stop_on_error(task: "asyncio.Task[None]", stopping: asyncio.Event) -> None:
    if not task.cancelled() and task.exception():
        stopping.set()


def serve(
    name: str,
    listeners: list[Listener],
    *,
    background: tuple[Callable[[], Coroutine[Any, Any, None]], ...] = (),
    extra: str = "",
) -> None:
    """Listen until SIGTERM or SIGINT; prints one `ready` line with the first listener's address."""
    asyncio.run(_serve(name, listeners, list(background), extra))
