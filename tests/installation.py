"""A second installation beside the developer's, as processes: for live, browser, chaos and bench runs.

    with Installation(tmp_path) as site:
        site.wait_for_catalogue()
        site.store.post("orders", count=20)
        site.wait_until(lambda: len(site.warehouse.effects()["orders"]) == 20)
        site.kill("worker")

It is what `make demo` starts, in its own folder, on its own port, with its own embedded server, and with
no orders but those a test places. Leaving the block stops all of it and deletes its database.
"""

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

import psycopg
import requests

from portal import embedded
from portal.demo.people import PARTNER, PEOPLE
from portal.demo.ports import find_free

ROOT = Path(__file__).resolve().parents[1]
_OURS = ("CROSSDOCK_", "DEMO_", "DATABASE_URL", "DJANGO_SETTINGS_MODULE")


class Control(NamedTuple):
    """The control routes of one stand-in, see sandbox/README.md."""

    address: str

    def effects(self, **query: Any) -> dict[str, Any]:
        """What took effect there."""
        answer = requests.get(f"{self.address}/_sandbox/effects", params=query, timeout=20)
        answer.raise_for_status()
        return answer.json()

    def post(self, route: str, **values: Any) -> Any:
        """Ask for something: `store.post("orders", count=20, rate=10)`."""
        answer = requests.post(f"{self.address}/_sandbox/{route}", json=values, timeout=60)
        assert answer.ok, answer.text
        return answer.json()

    def misbehave(self, **faults: Any) -> None:
        self.post("misbehave", **faults)


class Installation:
    """`name` names its embedded server: two that run at the same time need different ones."""

    def __init__(self, folder: Path, *, name: str = "live", port: int = 0, **options: Any) -> None:
        self.folder, self.name = Path(folder), name
        self.port = port or find_free()
        kept = {key: value for key, value in os.environ.items() if not key.startswith(_OURS)}
        self.environment = {
            **kept,
            "CROSSDOCK_DATA": str(self.folder),
            "CROSSDOCK_PORT": str(self.port),
            "CROSSDOCK_EMBEDDED": name,
            "DEMO_ORDERS": "0",
            "DEMO_SHIP_AFTER": "0.2",
            **{key: str(value) for key, value in options.items()},
        }
        self.process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> "Installation":
        try:
            self.start()
            self.wait_ready()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        if self.process and self.process.poll() is None:
            self.stop()
        place = embedded.find_place(self.name)
        if (place.data / "postmaster.pid").exists():  # the supervisor was killed before it could
            with contextlib.suppress(embedded.EmbeddedDatabaseError):
                embedded.stop(place)
        shutil.rmtree(place.home, ignore_errors=True)

    def start(self) -> None:
        """Start the supervisor, which starts everything else."""
        self.folder.mkdir(parents=True, exist_ok=True)
        (self.folder / "run" / "ready").unlink(missing_ok=True)
        with (self.folder / "said.txt").open("ab") as said:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "portal.demo"], cwd=ROOT, env=self.environment, stdout=said,
                stderr=said, stdin=subprocess.DEVNULL, start_new_session=True,
            )  # fmt: skip

    def wait_ready(self, seconds: float = 120) -> None:
        """Return when everything answers; fails with what was said when the start ends."""
        self.wait_until(self._is_ready, seconds)

    def _is_ready(self) -> bool:
        assert self.process, "it was not started"
        assert self.process.poll() is None, f"it ended\n{self.said()}"
        return (self.folder / "run" / "ready").exists()

    def stop(self, number: int = signal.SIGINT, *, seconds: float = 40) -> int:
        """Signal the supervisor and wait for its end. Returns its exit status."""
        assert self.process, "it was not started"
        self.process.send_signal(number)
        return self.process.wait(seconds)

    def said(self) -> str:
        """What the supervisor has printed."""
        return (self.folder / "said.txt").read_text()

    def log(self, name: str) -> str:
        """What one process has written."""
        return (self.folder / "logs" / f"{name}.log").read_text(errors="replace")

    def pid(self, name: str) -> int:
        """The main process of web, worker, beat, store, warehouse, sink, erp or postgres."""
        if name == "postgres":
            first = (embedded.find_place(self.name).data / "postmaster.pid").read_text().split()[0]
            return int(first)
        return int((self.folder / "run" / f"{name}.pid").read_text())

    def kill(self, name: str) -> int:
        """SIGKILL a process and everything it forked; of postgres the main process. Returns its id."""
        pid = self.pid(name)
        with contextlib.suppress(ProcessLookupError):
            (os.kill if name == "postgres" else os.killpg)(pid, signal.SIGKILL)
        return pid

    def processes(self, name: str) -> list[int]:
        """The ids of a program's processes, the main one first."""
        main = self.pid(name)
        listed = subprocess.run(
            ["ps", "-eo", "pid=,pgid=,stat="], capture_output=True, text=True, check=True
        )
        rows = [line.split() for line in listed.stdout.splitlines()]
        found = [int(pid) for pid, group, state in rows if int(group) == main and state[0] != "Z"]
        return sorted(found, key=lambda pid: (pid != main, pid))

    def manage(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run `manage.py` in this installation; the caller looks at status and output."""
        return subprocess.run(
            [sys.executable, "manage.py", *arguments], cwd=ROOT, env=self.environment,
            capture_output=True, text=True, check=False, timeout=120,
        )  # fmt: skip

    def database(self, schema: str = PARTNER) -> psycopg.Connection:
        """A connection as the tables' owner, in a partner's schema, committing each statement."""
        place = embedded.find_place(self.name)
        address = f"postgresql://{embedded.OWNER}@/{embedded.DATABASE}?host={place.sockets}"
        connection = psycopg.connect(address, autocommit=True)
        connection.execute(f"SET search_path = {schema}, public")
        return connection

    def ledger(self, partner: str = PARTNER) -> dict[str, Any]:
        """What `audit_ledger` counts; its keys lost and effects_doubled must be 0."""
        done = self.manage("audit_ledger", "--partner", partner)
        assert done.stdout, done.stderr
        return json.loads(done.stdout)

    def wait_until(self, question: Callable[[], Any], seconds: float = 60) -> Any:
        """The first true answer. Fails when there is none in time."""
        deadline = time.monotonic() + seconds
        while not (answer := question()):
            assert time.monotonic() < deadline, f"not within {seconds} s\n{self.said()[-2000:]}"
            time.sleep(0.1)
        return answer

    def wait_for_catalogue(self, seconds: float = 60) -> None:
        """Return when the hub knows the fifty products of the ERP."""
        counting = "SELECT count(*) FROM integrations_record WHERE object_type = 'product'"
        with self.database() as connection:
            self.wait_until(lambda: connection.execute(counting).fetchone() == (50,), seconds)

    def url(self, path: str = "/", *, site: str = PARTNER) -> str:
        """An address on the partner's site, or with site="platform" on the console."""
        return f"http://{site}.localhost:{self.port}{path}"

    def login(self, role: str) -> tuple[str, str]:
        """E-mail and password of the demo's person with that role."""
        email = next(person.email for person in PEOPLE if person.role == role)
        return email, self._memory["password"]

    @cached_property
    def _memory(self) -> dict[str, Any]:
        return json.loads((self.folder / "demo.json").read_text())

    def _control(self, name: str) -> Control:
        return Control(f"http://127.0.0.1:{self._memory['ports'][name]}")

    @property
    def store(self) -> Control:
        return self._control("store_control")

    @property
    def warehouse(self) -> Control:
        return self._control("warehouse")

    @property
    def sink(self) -> Control:
        return self._control("sink_control")
