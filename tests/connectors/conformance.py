"""What the conformance suite (test_conformance.py) asks a connector's harness.

To put a connector under the suite: register it, and write `tests/connectors/<slug>/harness.py` with
a class `Harness` that satisfies the protocol below. The suite does the rest. Counterparts are real
processes or servers over real sockets; `Answering` and `start_process` help with that.
"""

import json
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, NamedTuple, Protocol

from integrations.connectors.base import Client, Connection, Connector, Outbound, Received
from portal.core.errors import CrossdockError
from portal.core.secrets import Secret

ROOT = Path(__file__).resolve().parents[2]

FAULTS = ("401", "403", "404", "409", "429", "500", "no answer", "cut off")

# What the suite plants and then looks for in texts, representations and errors.
SECRET_MARK = "5up3r-hidden"


class Sample(NamedTuple):
    """A document as the system sends it, its topic as the system calls it."""

    object_type: str
    topic: str
    body: bytes


class Harness(Protocol):
    """One connector with its counterpart, started once per test session."""

    slug: str
    # Fault → the error it must become; a fault that the system cannot have → why not.
    faults: Mapping[str, type[CrossdockError] | str]
    # Stream → how many documents the counterpart holds; empty for a connector that does not poll.
    streams: Mapping[str, int]

    def close(self) -> None:
        """Stop the counterpart."""

    def connection(self) -> Connection:
        """With the right credentials. Every secret's text holds SECRET_MARK."""

    def with_wrong_key(self) -> Connection: ...

    def with_nobody_there(self) -> Connection:
        """Right credentials, and an address where nothing listens."""

    def meeting(self, fault: str) -> Connection:
        """A connection whose next call meets `fault`, one of those in `faults` that is an error."""

    def samples(self) -> list[Sample]:
        """One good document of every object type in the manifest's `reads`."""

    def minimal(self) -> list[Sample]:
        """The same without any field that the system may leave out."""

    def with_unknown_fields(self) -> list[Sample]:
        """The same with fields, or elements, that the connector does not know."""

    def order_like(self, *, name: str, lines: int) -> Sample | None:
        """A document with a person's name and so many lines; None where there is no such thing."""

    def outbound(self, *, key: str, retried: bool = False) -> Outbound | None:
        """Something to deliver, the same for the same key; None where nothing is delivered."""

    def effects(self) -> int:
        """How many deliveries the counterpart let take effect so far."""


def connection(
    connector: Connector,
    *,
    settings: Mapping[str, Any],
    secrets: Mapping[str, str],
    slug: str = "harbor",
    concurrency: int = 4,
) -> Connection:
    """A connection as the engine makes it: defaults filled in, secrets wrapped."""
    defaults = {s.name: s.default for s in connector.settings if not s.secret}
    return Connection(
        endpoint_id=7,
        slug=slug,
        settings={**defaults, **settings},
        secrets={name: Secret(text) for name, text in secrets.items()},
        concurrency=concurrency,
    )


@contextmanager
def client_of(connector: Connector, to: Connection) -> Iterator[Client]:
    client = connector.client(to)
    try:
        yield client
    finally:
        client.close()


def read_stream(
    client: Client, stream: str, cursor: Mapping[str, Any]
) -> Iterator[tuple[list[Received], dict[str, Any]]]:
    """Documents and cursor of every page from `cursor` to the end of a pass. Pages may be empty."""
    for _ in range(200):
        # A cursor is stored as JSON between two fetches.
        page = client.fetch(stream, json.loads(json.dumps(cursor)), now=datetime.now(UTC))
        cursor = page.cursor
        yield page.documents, page.cursor
        if not page.more:
            return
    raise AssertionError("the stream never ends")


def start_process(module: str, *arguments: str) -> tuple[subprocess.Popen[str], str]:
    """A sandbox process and the line it prints when it is ready."""
    process = subprocess.Popen(
        [sys.executable, "-m", module, *arguments], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    line = process.stdout.readline().strip()
    assert line.startswith("ready "), line
    return process, line


def stop_process(process: subprocess.Popen[str]) -> None:
    process.terminate()
    process.wait(10)
    assert process.stdout is not None
    process.stdout.close()


class Answering:
    """An HTTP server that gives every request the same answer, or none. Notes what it was asked."""

    def __init__(self) -> None:
        self.status = 200
        self.body = b"{}"
        self.headers: dict[str, str] = {"Content-Type": "application/json"}
        self.silent = False
        self.cuts = False
        self.asked: list[tuple[str, str, dict[str, str], bytes]] = []
        self._release = threading.Event()
        owner = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def _answer(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                headers = {name.lower(): value for name, value in self.headers.items()}
                owner.asked.append((self.command, self.path, headers, body))
                if owner.silent:
                    owner._release.wait(10)
                if owner.silent or owner.cuts:
                    self.close_connection = True
                    return
                self.send_response(owner.status)
                for name, value in owner.headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(owner.body)))
                self.end_headers()
                self.wfile.write(owner.body)

            do_GET = do_POST = do_PUT = do_PATCH = _answer

            def log_message(self, *_: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
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
