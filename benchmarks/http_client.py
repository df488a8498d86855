"""What the HTTP client costs over a bare requests.Session: `python -m benchmarks.http_client`.

Small JSON POSTs from eight threads over kept-alive connections to a server in a process of its own;
both clients take turns, and the medians are compared. The last line is one JSON object.
"""

import asyncio
import multiprocessing
import statistics
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from multiprocessing.connection import Connection

import requests

from benchmarks import report
from portal.core import http

THREADS = 8
REQUESTS = 2_000
ROUNDS = 7
ORDER = {"number": "1001", "lines": [{"sku": f"SKU-{n}", "quantity": "2"} for n in range(5)]}
ANSWER = b'HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\n{"ok":true}'


class _Sink(asyncio.Protocol):
    """Answers each whole request; understands no more of HTTP than the load below needs."""

    def __init__(self) -> None:
        self.received = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        self.received += data
        head, blank, body = self.received.partition(b"\r\n\r\n")
        length = int(head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0] or 0)
        if blank and len(body) >= length:
            self.received = b""
            self.transport.write(ANSWER)


def _serve(pipe: Connection) -> None:
    async def main() -> None:
        server = await asyncio.get_running_loop().create_server(_Sink, "127.0.0.1", 0)
        pipe.send(server.sockets[0].getsockname()[1])
        await server.serve_forever()

    asyncio.run(main())


def _per_second(send: Callable[[int], object], pool: ThreadPoolExecutor) -> float:
    started = time.perf_counter()
    for _ in pool.map(send, range(REQUESTS), chunksize=1):
        pass
    return REQUESTS / (time.perf_counter() - started)


def measure(url: str) -> tuple[float, float]:
    """Requests a second: ours and the bare session's, each the median of alternating rounds."""
    session = requests.Session()
    adapter = requests.adapters.HTTPAdapter(pool_maxsize=THREADS)
    session.mount("http://", adapter)
    ours, bare = [], []
    with ThreadPoolExecutor(THREADS) as pool:
        for _ in range(ROUNDS):
            bare.append(_per_second(lambda _: session.post(url, json=ORDER).content, pool))
            ours.append(_per_second(lambda _: http.request("POST", url, json=ORDER).body, pool))
    return statistics.median(ours), statistics.median(bare)


def main() -> None:
    """Start the server, measure, print."""
    http.set_allowed_networks(lambda: ["127.0.0.0/8"])
    here, there = multiprocessing.Pipe()
    server = multiprocessing.get_context("spawn").Process(target=_serve, args=(there,), daemon=True)
    server.start()
    try:
        ours, bare = measure(f"http://127.0.0.1:{here.recv()}/orders")
    finally:
        server.terminate()
    limit_is = "a bare requests.Session that sends the same requests in turn with ours"
    report.show(report.row("http_client", ours, "requests/s", limit=bare, limit_is=limit_is))


if __name__ == "__main__":
    main()
