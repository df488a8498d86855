"""Starting the sandbox systems as processes, on free ports, for one test each."""

import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import paramiko
import pytest
import requests

ROOT = Path(__file__).resolve().parents[2]
KEY, SECRET = "ck_test", "cs_test"
API = "/wp-json/wc/v3"


@dataclass
class System:
    """A running process and the addresses of its ready line."""

    process: subprocess.Popen[str]
    ready: str

    @property
    def url(self) -> str:
        return self.ready.split()[2]

    @property
    def control(self) -> str:
        """The port that stays up in an outage, where the system has one."""
        words = self.ready.split()
        return words[words.index("control") + 1] if "control" in words else self.url

    @property
    def sftp_port(self) -> int:
        return int(self.ready.rsplit(":", 1)[1])

    def effects(self) -> dict[str, Any]:
        return requests.get(f"{self.control}/_sandbox/effects", timeout=5).json()

    def post(self, path: str, body: dict[str, Any]) -> requests.Response:
        return requests.post(f"{self.control}/_sandbox/{path}", json=body, timeout=5)

    def misbehave(self, **faults: Any) -> None:
        answer = self.post("misbehave", faults)
        assert answer.status_code == 200, answer.text

    def kill(self) -> None:
        self.process.kill()
        self.process.wait(10)

    def api(self, method: str, path: str, **named: Any) -> requests.Response:
        named.setdefault("auth", (KEY, SECRET))
        named.setdefault("timeout", 5)
        return requests.request(method, f"{self.url}{API}{path}", **named)


Start = Callable[..., System]


@pytest.fixture
def start() -> Iterator[Start]:
    started: list[subprocess.Popen[str]] = []

    def run(module: str, *arguments: str) -> System:
        command = [sys.executable, "-m", f"sandbox.{module}", *map(str, arguments)]
        process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
        started.append(process)
        assert process.stdout is not None
        line = process.stdout.readline().strip()
        assert line.startswith(f"ready {module} "), line
        return System(process, line)

    yield run
    for process in started:
        process.terminate()
        process.wait(10)
        assert process.stdout is not None
        process.stdout.close()


@pytest.fixture
def start_store(start: Start, tmp_path: Path) -> Start:
    def run(*arguments: str) -> System:
        state = str(tmp_path / "store.sqlite")
        return start(
            *("store", "--control-port", "0", "--state", state),
            *("--key", KEY, "--secret", SECRET, *arguments),
        )

    return run


@pytest.fixture
def store(start_store: Start) -> System:
    return start_store()


@pytest.fixture
def start_warehouse(start: Start, tmp_path: Path) -> Start:
    def run(*arguments: str) -> System:
        return start(
            *("warehouse", "--root", str(tmp_path / "wms"), "--user", "portal"),
            *("--password", "pw", "--host-key", str(tmp_path / "host.key")),
            *("--ship-after", "0.05", *arguments),
        )

    return run


@pytest.fixture
def warehouse(start_warehouse: Start) -> System:
    return start_warehouse()


@pytest.fixture
def eventually() -> Callable[..., Any]:
    """Wait until the question has a true answer and return it."""

    def wait(ask: Callable[[], Any], seconds: float = 8.0) -> Any:
        until = time.monotonic() + seconds
        while not (answer := ask()):
            assert time.monotonic() < until, "did not come true in time"
            time.sleep(0.05)
        return answer

    return wait


class Portal:
    """The other side of the warehouse's SFTP: drops files and looks for answers."""

    def __init__(self, port: int, **login: Any) -> None:
        self.transport = paramiko.Transport(("127.0.0.1", port))
        self.transport.connect(username="portal", **login)
        sftp = paramiko.SFTPClient.from_transport(self.transport)
        assert sftp is not None
        self.sftp = sftp

    def drop(self, name: str, text: str) -> None:
        with self.sftp.open(f"/in/{name}.tmp", "wb") as file:
            file.write(text.encode())
        self.sftp.posix_rename(f"/in/{name}.tmp", f"/in/{name}")

    def files(self, kind: str) -> list[str]:
        """Contents of the files of one kind in /out, oldest first."""
        names = sorted(name for name in self.sftp.listdir("/out") if name.startswith(f"{kind}_"))
        return [self.read(f"/out/{name}") for name in names if not name.endswith(".tmp")]

    def read(self, path: str) -> str:
        with self.sftp.open(path, "rb") as file:
            return file.read().decode()

    def close(self) -> None:
        self.transport.close()


@pytest.fixture
def portal() -> Iterator[Callable[..., Portal]]:
    opened: list[Portal] = []

    def connect(system: System, **login: Any) -> Portal:
        opened.append(Portal(system.sftp_port, **(login or {"password": "pw"})))
        return opened[-1]

    yield connect
    for one in opened:
        one.close()


class Receiver:
    """Keeps every webhook that it gets; `status` is what it answers."""

    def __init__(self) -> None:
        self.status = 200
        self.requests: list[tuple[dict[str, str], bytes]] = []
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                receiver.requests.append((dict(self.headers.items()), body))
                self.send_response(receiver.status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *values: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/hook"
        threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True).start()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    running = Receiver()
    yield running
    running.server.shutdown()
    running.server.server_close()
