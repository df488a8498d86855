"""The door as partners meet it: a web server process of its own, raw bytes over TCP."""

import contextlib
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from http.client import HTTPConnection

import pytest

from integrations.models import DoorRefusal, Message, Payload
from portal import env
from portal.demo import ports
from tests import pipeline
from tests.door.conftest import until

pytestmark = pytest.mark.live

SHOP = "/in/kestrel/shop"
BODY = json.dumps(pipeline.order()).encode()


@pytest.fixture
def port(shop) -> Iterator[int]:
    """A web server on the test database."""
    number = ports.find_free()
    command = [
        sys.executable, "-m", "granian", "--interface", "asgi", "--host", "127.0.0.1", "--port",
        str(number), "--workers", "1", "--no-ws", "--log-level", "warning", "portal.asgi:application",
    ]  # fmt: skip
    process = subprocess.Popen(command, cwd=env.ROOT, env={**os.environ, "CROSSDOCK_HOSTS": "*"})
    try:
        until(lambda: process.poll() is not None or _listens(number), seconds=30)
        yield number
    finally:
        process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(5)
        process.kill()
        process.wait(5)


def _listens(port: int) -> bool:
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
        return True
    return False


def post(port: int, path: str = SHOP, body: bytes = BODY, **headers: str) -> tuple[int, dict]:
    sent = {"x-hub-signature-256": pipeline.signature(body), **headers}
    connection = HTTPConnection("127.0.0.1", port, timeout=20)
    with contextlib.closing(connection):
        connection.request("POST", path, body, {k.replace("_", "-"): v for k, v in sent.items()})
        answer = connection.getresponse()
        return answer.status, json.loads(answer.read())


def raw(port: int, *pieces: bytes, end: bool = False) -> bytes:
    """Send pieces as they are and read to the end; a server may answer before it got them all."""
    with socket.create_connection(("127.0.0.1", port), 20) as client:
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            for piece in pieces:
                client.sendall(piece)
            if end:
                client.shutdown(socket.SHUT_WR)
        answer = b""
        with contextlib.suppress(ConnectionResetError, TimeoutError):
            while piece := client.recv(65536):
                answer += piece
                if b"}" in piece:
                    break
        return answer


def head(path: str, *lines: str, method: str = "POST") -> bytes:
    start = f"{method} {path} HTTP/1.1\r\nHost: shop.example.com\r\n"
    return (start + "".join(f"{line}\r\n" for line in lines) + "\r\n").encode("latin-1")


def test_a_real_server_stores_refuses_and_survives(port):
    """One server for all of it: starting one costs two seconds."""
    assert post(port, x_event_id="e1") == (200, {"status": "stored"})
    assert post(port, x_event_id="e1") == (200, {"status": "stored"})
    assert Message.objects.count() == 1
    assert bytes(Payload.objects.get().body) == BODY

    wrong = post(port, x_hub_signature_256="sha256=00")
    assert wrong[0] == 401
    assert "Send documents with POST" in raw(port, head(SHOP, method="GET")).decode()
    until(lambda: DoorRefusal.objects.filter(reason="signature", count=1).exists(), seconds=2)

    _refuses_what_is_too_large(port)
    _refuses_what_is_cut_off(port)
    _finds_no_way_around_an_address(port)
    _bears_hostile_headers(port)

    assert post(port, x_event_id="e2")[0] == 200
    assert Message.objects.count() == 3


def _refuses_what_is_too_large(port: int) -> None:
    announced = head(SHOP, f"Content-Length: {20 * 2**20}")
    assert raw(port, announced).startswith(b"HTTP/1.1 413")
    assert raw(port, announced, *[b"x" * 2**20] * 20).startswith(b"HTTP/1.1 413")
    chunk = b"100000\r\n" + b"x" * 2**20 + b"\r\n"
    signature = "X-Hub-Signature-256: sha256=00"
    start = head(SHOP, "Transfer-Encoding: chunked", signature)
    chunked = raw(port, start, *[chunk] * 20, b"0\r\n\r\n")
    assert chunked.startswith(b"HTTP/1.1 413")
    assert b"at most 10 MB" in chunked


def _refuses_what_is_cut_off(port: int) -> None:
    signature = f"X-Hub-Signature-256: {pipeline.signature(BODY[:10])}"
    raw(port, head(SHOP, "Content-Length: 500", signature) + BODY[:10], end=True)
    raw(port, head(SHOP, "Transfer-Encoding: chunked", signature) + b"a\r\n" + BODY[:10], end=True)
    time.sleep(0.2)
    assert Message.objects.count() == 1


def _finds_no_way_around_an_address(port: int) -> None:
    for path in (
        "/in/kestrel/nobody",
        "/in/public/shop",
        "/in/kestrel/../shop",
        "/in/aurora/../kestrel/shop",
        "/in/kestrel/%2e%2e/shop",
        "/in/kestrel/shop%00",
        "/in/kestrel/sh%C3%B6p",
        "/in/kestrel/" + "s" * 4000,
        "/in/%6bestrel/shop/",
    ):
        status = post(port, path)[0]
        assert status == (200 if path == "/in/%6bestrel/shop/" else 404), path
    Message.objects.exclude(dedup_key__startswith="e1:").delete()


def _bears_hostile_headers(port: int) -> None:
    signature = f"X-Hub-Signature-256: {pipeline.signature(BODY)}"
    length = f"Content-Length: {len(BODY)}"
    for line in ("X-Event-Id: a\x00b", "Content-Length: 5"):
        answer = raw(port, head(SHOP, signature, length, line) + BODY)
        assert answer.startswith(b"HTTP/1.1 400"), (line, answer[:80])
    assert Message.objects.count() == 1
    assert post(port, x_event_id="x" * 200_000)[0] == 200
    assert Message.objects.filter(dedup_key=None).count() == 1


SITE = {"Host": "kestrel.localhost"}


def visit(port: int, path: str, method: str = "GET", body: bytes | None = None, **more: str):
    """Status, seconds and page of a request to the pages."""
    began = time.monotonic()
    with contextlib.closing(HTTPConnection("127.0.0.1", port, timeout=20)) as connection:
        connection.request(method, path, body, {**SITE, **more})
        answer = connection.getresponse()
        return answer.status, time.monotonic() - began, answer.read().decode()


def slow(port: int, path: str, *lines: str) -> socket.socket:
    """A sender that begins a body and stays silent."""
    start = f"POST {path} HTTP/1.1\r\nHost: kestrel.localhost\r\nContent-Length: 1000\r\n"
    form = "Content-Type: application/x-www-form-urlencoded\r\n"
    client = socket.create_connection(("127.0.0.1", port), 30)
    client.sendall((start + form + "".join(f"{line}\r\n" for line in lines) + "\r\na=").encode())
    return client


def test_slow_large_and_hostile_requests_keep_nobody_else_waiting(port):
    assert visit(port, "/login/")[0] == 200
    with contextlib.ExitStack() as opened:
        began = time.monotonic()
        token = "Cookie: csrftoken=" + "a" * 32  # without one a form is refused unread
        at_pages = [opened.enter_context(slow(port, "/login/", token)) for _ in range(16)]
        signature = "X-Hub-Signature-256: sha256=00"
        at_the_door = [opened.enter_context(slow(port, SHOP, signature)) for _ in range(16)]
        time.sleep(0.5)

        assert_everything_answers(port)
        _a_hostile_path_is_an_ordinary_404(port)
        _uploads_are_taken_up_to_their_size(port)
        _unsigned_documents_are_not_kept(port)
        assert_everything_answers(port)

        for client in at_pages + at_the_door:
            assert client.recv(65536).startswith(b"HTTP/1.1 408")
        assert 20 <= time.monotonic() - began < 25
    assert_everything_answers(port)


def assert_everything_answers(port: int) -> None:
    status, seconds, _ = visit(port, "/login/")
    assert (status, seconds < 2) == (200, True)
    began = time.monotonic()
    assert post(port)[0] == 200
    assert time.monotonic() - began < 2


def _a_hostile_path_is_an_ordinary_404(port: int) -> None:
    for path in ("/token%3C" + "a" * 32_000, "/token" + "a-eyJ" * 6_000):
        status, seconds, _ = visit(port, path)
        assert (status, seconds < 2) == (404, True)


def _uploads_are_taken_up_to_their_size(port: int) -> None:
    part = b'--b\r\nContent-Disposition: form-data; name="f"; filename="f"\r\n\r\n'
    body = part + b"x" * 10 * 2**20 + b"\r\n--b--\r\n"
    kind = {"Content-Type": "multipart/form-data; boundary=b"}
    status, _, text = visit(port, "/login/", "POST", body, **kind)
    assert (status, "open for too long" in text) == (403, True)  # read whole, and without a token

    announced = {"Content-Length": str(11 * 2**20), **kind}
    status, _, text = visit(port, "/login/", "POST", b"", **announced)
    assert (status, "This is too large" in text, "Kestrel Point" in text) == (413, True, True)


def _unsigned_documents_are_not_kept(port: int) -> None:
    with slow(port, SHOP) as client:
        assert client.recv(65536).startswith(b"HTTP/1.1 401")
