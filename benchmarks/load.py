"""A light load generator: signed orders over kept-alive connections, paced or flat out."""

import asyncio
import hashlib
import hmac
import json
import time
from typing import NamedTuple

from benchmarks.rig import SECRET

SKUS = [f"SKU-{n:03d}" for n in range(50)]
Request = tuple[str, bytes]  # order number, the whole HTTP request


class Sent(NamedTuple):
    """What was accepted: order number → when its request began, and how long all took."""

    began: dict[str, float]
    accepted: int
    refused: int
    seconds: float


def order(number: str, *, salt: int = 0) -> dict:
    """A five-line order in canonical shape, about 1.6 kB."""
    lines = [
        {
            "line_no": str(n),
            "sku": SKUS[(salt + n) % len(SKUS)],
            "description": "A thing that is sold by the piece",
            "quantity": str(n + 1),
            "uom": "EA",
            "unit_price": "19.99",
            "total": f"{19.99 * (n + 1):.2f}",
        }
        for n in range(5)
    ]
    address = {
        "name": "Ann Example", "company": "Example Outfitters", "lines": ["400 Quay Street", "Dock 4"],
        "city": "Reno", "region": "NV", "postal_code": "89502", "country": "US",
    }  # fmt: skip
    return {
        "number": number, "channel": "shop", "placed_at": "2026-03-02T13:58:04Z", "currency": "USD",
        "status": "open", "po_number": f"PO-{number}", "ship_to": address, "bill_to": address,
        "customer": {"account": "C-1001", "name": "Example Outfitters", "email": "ann@example.com"},
        "totals": {"lines": "299.85", "discount": "0.00", "shipping": "9.00", "tax": "0.00",
                   "total": "308.85"},
        "lines": lines,
    }  # fmt: skip


def request(path: str, body: bytes, *, event: str) -> bytes:
    signature = hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()
    head = (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
        f"X-Hub-Signature-256: sha256={signature}\r\nX-Event-Id: {event}\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def orders(count: int, *, prefix: str, path: str = "/in/bench/shop") -> list[Request]:
    """`count` different orders, each with an event id of its own."""
    numbers = [f"{prefix}-{n}" for n in range(count)]
    return [
        (number, request(path, json.dumps(order(number, salt=n)).encode(), event=number))
        for n, number in enumerate(numbers)
    ]


def send(port: int, requests: list[Request], *, connections: int, rate: float = 0) -> Sent:
    """Send every request over `connections` sockets; `rate` per second, 0 for as fast as they go.

    A paced request begins when it is due, also if it then has to wait for a free connection: what
    queues up counts as latency.
    """
    return asyncio.run(_send(port, requests, connections=connections, rate=rate))


async def _send(port: int, requests: list[Request], *, connections: int, rate: float) -> Sent:
    began: dict[str, float] = {}
    counts = {True: 0, False: 0}
    waiting = iter(enumerate(requests))
    start = time.time()

    async def worker() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        for index, (number, data) in waiting:
            due = start + index / rate if rate else time.time()
            await asyncio.sleep(max(0.0, due - time.time()))
            began[number] = due
            counts[await _status(reader, writer, data) == 200] += 1
        writer.close()

    await asyncio.gather(*[worker() for _ in range(connections)])
    return Sent(began, counts[True], counts[False], time.time() - start)


async def _status(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, data: bytes) -> int:
    writer.write(data)
    head = await reader.readuntil(b"\r\n\r\n")
    length = int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0])
    await reader.readexactly(length)
    return int(head[9:12])
