"""A whole installation for one benchmark: its own database, web server, workers, and a sink."""

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import psycopg

ROOT = Path(__file__).resolve().parent.parent
SCHEMA = "bench"
SECRET = "a webhook secret"
NAME = "bench"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Rig:
    """Processes on free ports; `env` is what they run with."""

    def __init__(self, *, workers: int = 2) -> None:
        self.port, self.sink_port = free_port(), free_port()
        self.env = {
            **os.environ,
            "CROSSDOCK_EMBEDDED": NAME,
            "CROSSDOCK_PORT": str(self.port),
            "CROSSDOCK_WORKERS": str(workers),
            "CROSSDOCK_ALLOWED_NETWORKS": "127.0.0.0/8",
            "CROSSDOCK_DATA": str(ROOT / ".data" / "bench"),
            "CROSSDOCK_LOG_JSON": "1",
        }
        os.environ.update({k: v for k, v in self.env.items() if k.startswith("CROSSDOCK")})
        self.processes: dict[str, subprocess.Popen] = {}

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def sink_url(self) -> str:
        return f"http://127.0.0.1:{self.sink_port}"

    def manage(self, *arguments: str) -> None:
        subprocess.run(
            [sys.executable, "manage.py", *arguments], cwd=ROOT, env=self.env, check=True,
            stdout=subprocess.DEVNULL,
        )  # fmt: skip

    def start(self, name: str, *command: str) -> None:
        log = (ROOT / ".data" / "bench" / f"{name}.log").open("ab")
        self.processes[name] = subprocess.Popen(
            [sys.executable, *command], cwd=ROOT, env=self.env, stdout=log, stderr=log,
            start_new_session=True,
        )  # fmt: skip

    def start_web(self) -> None:
        self.start(
            "web", "-m", "granian", "--interface", "asgi", "--host", "127.0.0.1",
            "--port", str(self.port), "--workers", "1", "--no-ws", "--log-level", "warning",
            "portal.asgi:application",
        )  # fmt: skip
        wait_for(self.port)

    def start_workers(self) -> None:
        self.start("worker", "manage.py", "qcluster")
        self.start("beat", "manage.py", "beat")

    def start_sink(self) -> None:
        self.start("sink", "-m", "sandbox.sink", "--port", str(self.sink_port))
        wait_for(self.sink_port)

    def database(self) -> psycopg.Connection:
        from portal import env

        connection = psycopg.connect(env.database_url(), autocommit=True)
        connection.execute(f"SET search_path = {SCHEMA}, public")
        return connection

    def sink_effects(self) -> dict:
        with urllib.request.urlopen(f"{self.sink_url}/_sandbox/effects?arrivals=1") as answer:
            return json.load(answer)

    def stop(self) -> None:
        for process in self.processes.values():
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGTERM)
        for process in self.processes.values():
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(5)
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)


def wait_for(port: int, *, seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.05)
    raise RuntimeError(f"nothing listens on port {port}; see .data/bench/*.log")


@contextlib.contextmanager
def rig(*, workers: int = 2) -> Iterator[Rig]:
    """An installation with one partner, one customer, a webhook endpoint `shop` and a target `sink`."""
    (ROOT / ".data" / "bench").mkdir(parents=True, exist_ok=True)
    one = Rig(workers=workers)
    one.manage("migrate_partners")
    with one.database() as connection:
        connection.execute("DELETE FROM public.jobs_wake")
        connection.execute("DELETE FROM public.django_q_ormq")
        known = connection.execute(
            "SELECT 1 FROM public.tenants_partner WHERE schema_name = %s", [SCHEMA]
        ).fetchone()
        if not known:
            one.manage("open_partner", SCHEMA, "--name", "Bench")
        tables = connection.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = %s AND (tablename LIKE 'integrations_%%'"
            " OR tablename LIKE 'monitoring_%%' OR tablename LIKE 'customers_%%')", [SCHEMA],
        ).fetchall()  # fmt: skip
        connection.execute("TRUNCATE " + ", ".join(t for (t,) in tables) + " CASCADE")
    try:
        one.start_sink()
        _configure(one)
        yield one
    finally:
        one.stop()


def _configure(one: Rig) -> None:
    script = f"""
from django_tenants.utils import schema_context
from portal.core.secrets import encrypt
from portal.customers.models import Customer
from integrations.models import Endpoint, Flow
with schema_context({SCHEMA!r}):
    customer = Customer.objects.create(slug="harbor", name="Harbor")
    shop = Endpoint.objects.create(customer=customer, slug="shop", label="Shop", connector="http",
        secrets=encrypt({{"webhook_secret": {SECRET!r}}}), settings={{}})
    sink = Endpoint.objects.create(customer=customer, slug="sink", label="Sink", connector="http",
        settings={{"url": {one.sink_url!r}}}, rate_per_second=100000, concurrency=8)
    Flow.objects.create(customer=customer, slug="orders", object_type="order", source=shop, target=sink)
"""
    one.manage("shell", "-v", "0", "-c", script)
