"""A whole installation for one benchmark: a database of its own, web server, workers, sandboxes."""

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import psycopg
import yaml

from portal import env
from portal.demo import ports

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT / ".data" / "bench"
SCHEMA = "bench"
DATABASE = "crossdock_bench"
SECRET = "a webhook secret"


class Rig:
    """Processes on free ports, set up as shipped. Whatever is started here ends with `stop`."""

    def __init__(self) -> None:
        self.port = ports.find_free()
        chosen = {
            "CROSSDOCK_EMBEDDED": "bench",
            "CROSSDOCK_DATABASE_NAME": DATABASE,
            "CROSSDOCK_PORT": str(self.port),
            "CROSSDOCK_ALLOWED_NETWORKS": "127.0.0.0/8",
            "CROSSDOCK_ALLOWED_FILES": str(DATA),
            "CROSSDOCK_DATA": str(DATA),
            "CROSSDOCK_LOG_JSON": "1",
            "BENCH_SECRET": SECRET,
            "BENCH_KEY": "ck_1",
            "BENCH_CONSUMER": "cs_1",
            "BENCH_PASSWORD": "pw",
        }
        os.environ.update(chosen)
        self.processes: dict[str, subprocess.Popen] = {}

    def manage(self, *arguments: str) -> None:
        command = [sys.executable, "manage.py", *arguments]
        subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)

    def tell(self, *arguments: str) -> str:
        """What a management command prints, nobody sitting at a terminal."""
        command = [sys.executable, "manage.py", *arguments]
        done = subprocess.run(
            command,
            cwd=ROOT,
            check=True,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            text=True,
        )
        return done.stdout

    def configure(self, configuration: Mapping[str, Any]) -> None:
        """Apply a configuration as its file would be."""
        path = DATA / "configuration.yaml"
        path.write_text(yaml.safe_dump(dict(configuration)))
        self.manage("apply", "--partner", SCHEMA, str(path))

    def start(self, name: str, *command: str, port: int = 0) -> None:
        """Start `python COMMAND`; with `port`, return once something listens there."""
        with (DATA / f"{name}.log").open("ab") as log:
            self.processes[name] = subprocess.Popen(
                [sys.executable, *command], cwd=ROOT, stdout=log, stderr=log, start_new_session=True
            )
        if port:
            wait_for(port)

    def start_web(self) -> None:
        self.start(
            "web", "-m", "granian", "--interface", "asgi", "--host", "127.0.0.1",
            "--port", str(self.port), "--workers", "1", "--no-ws", "--log-level", "warning",
            "portal.asgi:application", port=self.port,
        )  # fmt: skip

    def start_workers(self) -> None:
        self.start("worker", "manage.py", "qcluster")
        self.start("beat", "manage.py", "beat")

    def start_sink(self) -> "Sink":
        port = ports.find_free()
        self.start("sink", "-m", "sandbox.sink", "--port", str(port), port=port)
        return Sink(f"http://127.0.0.1:{port}")

    def database(self) -> psycopg.Connection:
        """An owner's connection that sees the partner's tables."""
        connection = psycopg.connect(env.database_url(), dbname=DATABASE, autocommit=True)
        connection.execute(f"SET search_path = {SCHEMA}, public")
        return connection

    def stop(self) -> None:
        for process in self.processes.values():
            _signal(process, signal.SIGTERM)
        for process in self.processes.values():
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(5)
            _signal(process, signal.SIGKILL)
            process.wait()


class Sink:
    """The HTTP target, seen from its controls."""

    def __init__(self, url: str) -> None:
        self.url = url

    def effects(self) -> dict[str, Any]:
        """What arrived; `arrivals` tells for each order number when."""
        return read_json(f"{self.url}/_sandbox/effects?arrivals=1")


@contextlib.contextmanager
def rig() -> Iterator[Rig]:
    """An installation with one empty partner in a fresh database. Nothing runs in it yet."""
    DATA.mkdir(parents=True, exist_ok=True)
    signal.signal(signal.SIGTERM, _end)  # so that `finally` below also runs when somebody ends us
    one = Rig()
    try:
        _create_database()
        one.manage("migrate_partners")
        one.manage("open_partner", SCHEMA, "--name", "Bench")
        yield one
    finally:
        one.stop()


@contextlib.contextmanager
def webhook_to_sink() -> Iterator[tuple[Rig, Sink]]:
    """A running installation whose endpoint `shop` takes orders that flow on to the sink."""
    with rig() as one:
        sink = one.start_sink()
        one.configure(shop_to(sink.url))
        one.start_web()
        one.start_workers()
        yield one, sink


def shop_to(sink_url: str) -> dict[str, Any]:
    """The configuration of a signed webhook `shop` whose orders flow to an HTTP system `sink`."""
    return {
        "customers": [{"slug": "harbor", "name": "Harbor"}],
        "endpoints": [
            {
                "slug": "shop", "customer": "harbor", "label": "Shop", "connector": "http",
                "secrets": {"webhook_secret": "${BENCH_SECRET}"},
            },
            {
                "slug": "sink", "customer": "harbor", "label": "Sink", "connector": "http",
                "rate_per_second": 10_000, "concurrency": 8, "settings": {"url": sink_url},
            },
        ],
        "flows": [
            {"slug": "orders", "customer": "harbor", "object": "order", "from": "shop",
             "to": "sink"}
        ],
    }  # fmt: skip


def _create_database() -> None:
    with psycopg.connect(env.database_url(), autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {DATABASE} WITH (FORCE)")
        connection.execute(f"CREATE DATABASE {DATABASE}")


def _end(number: int, frame: object) -> None:
    sys.exit(128 + number)


def _signal(process: subprocess.Popen, number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, number)


def read_json(url: str) -> Any:
    with urllib.request.urlopen(url, timeout=30) as answer:
        return json.load(answer)


def post_json(url: str, body: Any) -> Any:
    head = {"Content-Type": "application/json"}
    request = urllib.request.Request(url, json.dumps(body).encode(), head)
    with urllib.request.urlopen(request, timeout=60) as answer:
        return json.load(answer)


def wait_for(port: int, *, seconds: float = 30) -> None:
    def answers() -> bool:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return True
        return False

    wait_until(answers, what=f"something to listen on port {port}", seconds=seconds)


def wait_until(done: Callable[[], bool], *, what: str, seconds: float) -> None:
    """Ask `done` twenty times a second; RuntimeError when it takes longer than `seconds`."""
    deadline = time.monotonic() + seconds
    while not done():
        if time.monotonic() > deadline:
            raise RuntimeError(f"Waited {seconds:.0f} s for {what}. See {DATA}/*.log")
        time.sleep(0.05)
