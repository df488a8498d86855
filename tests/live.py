"""A whole installation, as `make demo` starts it, beside others: own folder, ports and database server."""

import contextlib
import ctypes
import json
import os
import secrets
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import requests

from portal import embedded, env
from portal.demo import ports
from portal.demo.people import PARTNER
from sandbox.catalog import PRODUCTS

READY_WITHIN = 240.0  # a slow machine makes a database, migrates and starts seven processes
STOP_WITHIN = 60.0
_OURS = ("CROSSDOCK_", "DEMO_", "DJANGO_", "DATABASE_")
_DIE_WITH_PARENT = 1  # PR_SET_PDEATHSIG


class Control:
    """The control routes of one sandbox system."""

    def __init__(self, port: int) -> None:
        self.url = f"http://127.0.0.1:{port}/_sandbox"
        self._http = requests.Session()
        self._http.trust_env = False  # never by a proxy

    def tell(self, path: str, **body: Any) -> Any:
        answer = self._http.post(f"{self.url}/{path}", json=body, timeout=60)
        answer.raise_for_status()
        return answer.json()

    def ask(self, path: str) -> Any:
        answer = self._http.get(f"{self.url}/{path}", timeout=60)
        answer.raise_for_status()
        return answer.json()

    def effects(self) -> dict[str, Any]:
        return self.ask("effects")


class Installation:
    """Starts with `start`; everything it made is gone after `stop`. It places no orders of its own."""

    def __init__(self, folder: Path, **settings: str) -> None:
        self.folder = folder
        self.name = f"live{secrets.token_hex(3)}"
        self.port = ports.find_free()
        inherited = {k: v for k, v in os.environ.items() if not k.startswith(_OURS)}
        self.environment = {
            **inherited,
            "CROSSDOCK_DATA": str(folder),
            "CROSSDOCK_EMBEDDED": self.name,
            "CROSSDOCK_PORT": str(self.port),
            "DEMO_ORDERS": "0",
            "DEMO_SHIP_AFTER": "1",
            **settings,
        }

    def start(self) -> None:
        """Return when it is ready; AssertionError with its last words when it gives up."""
        self.folder.mkdir(parents=True, exist_ok=True)
        parent = os.getpid()
        with (self.folder / "demo.log").open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "portal.demo"],
                cwd=env.ROOT,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=lambda: _end_with_parent(parent),
            )
        until(self._is_ready_or_over, seconds=READY_WITHIN)
        assert self.process.poll() is None, self.words()
        memory = json.loads((self.folder / "demo.json").read_text())
        self.ports: dict[str, int] = memory["ports"]
        self.password: str = memory["password"]
        self.maris_secret: str = memory["maris_secret"]
        self.store = Control(self.ports["store_control"])
        self.warehouse = Control(self.ports["warehouse"])
        self.sink = Control(self.ports["sink_control"])

    def _is_ready_or_over(self) -> bool:
        return (self.folder / "run" / "ready").exists() or self.process.poll() is not None

    def words(self) -> str:
        """What the start and the supervisor have said."""
        return (self.folder / "demo.log").read_text(errors="replace")

    def stop(self) -> None:
        """End everything and remove the database."""
        self.process.terminate()
        try:
            self.process.wait(STOP_WITHIN)
        except subprocess.TimeoutExpired:
            self.process.kill()  # its children die with it
            self.process.wait(10)
        place = embedded.find_place(self.name)
        until(lambda: not (place.data / "postmaster.pid").exists(), seconds=30, strict=False)
        if (place.data / "postmaster.pid").exists():
            embedded.stop(place)
        shutil.rmtree(place.home, ignore_errors=True)

    def pid(self, program: str) -> int | None:
        """The main process of web, worker, beat, store, warehouse, erp, sink or postgres, if any."""
        file = self.folder / "run" / f"{program}.pid"
        if program == "postgres":
            file = embedded.find_place(self.name).data / "postmaster.pid"
        with contextlib.suppress(FileNotFoundError, ValueError, IndexError):
            return int(file.read_text().splitlines()[0])
        return None

    def manage(self, *command: str) -> "subprocess.CompletedProcess[str]":
        """Run a command of manage.py in this installation."""
        return subprocess.run(
            [sys.executable, "manage.py", *command],
            cwd=env.ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )

    def rows(self, statement: str, *values: Any) -> list[tuple[Any, ...]]:
        """The rows of a query in the partner's schema; waits for a database that is coming back."""
        deadline = time.monotonic() + 60
        while True:
            try:
                return self._rows(statement, values)
            except psycopg.OperationalError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.2)

    def _rows(self, statement: str, values: tuple[Any, ...]) -> list[tuple[Any, ...]]:
        sockets = embedded.find_place(self.name).sockets
        address = f"postgresql://{embedded.OWNER}@/{embedded.DATABASE}?host={sockets}"
        options = f"-c search_path={PARTNER},public"
        with psycopg.connect(address, options=options, connect_timeout=10) as connection:
            return connection.execute(statement, values).fetchall()  # type: ignore[arg-type]

    def number(self, statement: str, *values: Any) -> int:
        return int(self.rows(statement, *values)[0][0])

    def wait_for_catalogue(self) -> None:
        """Return when the hub knows the ERP's products and the warehouse's stock."""
        until(lambda: self._knows("product"), seconds=90)
        self.warehouse.tell("inventory")  # it counts once a minute by itself
        until(lambda: self._knows("inventory"), seconds=90)

    def _knows(self, object_type: str) -> bool:
        question = "SELECT count(*) FROM integrations_record WHERE object_type = %s"
        return self.number(question, object_type) >= len(PRODUCTS)


@contextmanager
def running(folder: Path, **settings: str) -> Iterator[Installation]:
    """An installation that runs inside the block."""
    installation = Installation(folder, **settings)
    try:
        installation.start()
        yield installation
    finally:
        installation.stop()


def until(holds: Callable[[], object], *, seconds: float, strict: bool = True) -> bool:
    """Wait for what other processes do. Returns whether it came to be; raises if it must (`strict`)."""
    deadline = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > deadline:
            assert not strict, f"still not so after {seconds} s"
            return False
        time.sleep(0.1)
    return True


def _end_with_parent(parent: int) -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_DIE_WITH_PARENT, signal.SIGTERM)
        if os.getppid() != parent:
            os._exit(1)
