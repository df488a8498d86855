"""mock-edi as a process of its own, trading over the folders of a test's server."""

import json
import socket
import subprocess
import time
import urllib.request
from typing import Any

from tests.connectors.x12.server import Server
from tests.counterparts.mock_edi_install import PROGRAM


class Partner:
    """The running mock, trading over the folders of our server."""

    def __init__(self, server: Server, *more: str) -> None:
        self.port = _free_port()
        self.process = subprocess.Popen(
            [PROGRAM, "--port", str(self.port), "--drop-dir", server.root / "in", "--pickup-dir",
             server.root / "out", "--drop-interval-ms", "600000", "--drop-settle-ms", "0", "-q", *more],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        ends = time.monotonic() + 15
        while not self._answers():
            assert time.monotonic() < ends, "mock-edi did not start"
            time.sleep(0.05)

    def _answers(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0

    def ask(self, method: str, path: str, body: Any = None) -> Any:
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}/_mock/{path}",
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=10) as answer:
            return json.loads(answer.read())

    def close(self) -> None:
        self.process.terminate()
        self.process.wait(10)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
