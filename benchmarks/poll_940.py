"""How many orders a second go from a polled page of a store to 940 files on a warehouse's SFTP server?

`python -m benchmarks.poll_940`. The orders are in the store before; the clock starts when the poll
becomes due and stops with the last file. The warehouse's office is closed while it runs, because its
own reading is not the question; afterwards it reads every file and counts what it accepted.
"""

import contextlib
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

import paramiko

from benchmarks import limits, processor, report
from benchmarks.rig import SCHEMA, Rig, post_json, read_json, rig, wait_until
from portal.demo import ports
from portal.jobs.lanes import CHANNEL, WAKE_SQL

COUNT = 3_000
WARM = 300
_NEVER = "86400"
DELIVERED = """
    SELECT count(*) FROM integrations_message WHERE direction = 'out' AND state = 'delivered'
"""


class Systems(NamedTuple):
    """The store's address and the warehouse's: controls, SFTP port, folder, pinned key."""

    store: str
    warehouse: str
    sftp_port: int
    folder: Path
    host_key: str

    def accepted(self) -> dict[str, int]:
        """Order number → how often the warehouse booked it."""
        return read_json(f"{self.warehouse}/_sandbox/effects")["orders"]

    def close(self, closed: bool) -> None:
        """While closed, files lie where they were put."""
        post_json(f"{self.warehouse}/_sandbox/misbehave", {"closed": closed})

    def last_file(self) -> float:
        """When the newest 940 file was written, in seconds since 1970."""
        files = [path for path in (self.folder / "in").rglob("*") if path.is_file()]
        return max(path.stat().st_mtime for path in files)


def main() -> None:
    with TemporaryDirectory() as folder, rig() as one, _systems(one, Path(folder)) as systems:
        one.configure(_configuration(systems))
        one.start_workers()
        systems.close(True)
        _move(one, systems, WARM, expected=WARM)
        time.sleep(1)
        before = processor.seconds(one)
        seconds = _move(one, systems, COUNT, expected=COUNT + WARM)
        spent = processor.per_order(before, processor.seconds(one), COUNT)
        systems.close(False)
        files = _check_books(one, systems, COUNT + WARM)
        commits = limits.commits_per_second(one)
    print(f"{COUNT:,} orders in {seconds:.2f} s")
    report.show(
        report.row(
            "poll_940", COUNT / seconds, "orders/s", limit=commits, limit_is=limits.BARE_COMMIT,
            orders=COUNT, files=files, double_effects=0, cpu_ms_per_order=spent,
        )
    )  # fmt: skip


@contextlib.contextmanager
def _systems(one: Rig, folder: Path) -> Iterator[Systems]:
    store, control, sftp = ports.find_free()()()
    keys = ("--key", "ck_1", "--secret", "cs_1")
    one.start("store", "-m", "sandbox.store", "--port", str(store), *keys, port=store)
    one.start(
        "warehouse", "-m", "sandbox.warehouse", "--sftp-port", str(sftp), "--control-port",
        str(control), "--root", str(folder / "files"), "--user", "portal", "--password", "pw",
        "--host-key", str(folder / "key"), "--ship-after", _NEVER, "--stock", "1000000",
        port=control,
    )  # fmt: skip
    key = paramiko.PKey.from_path(folder / "key")
    pinned = f"{key.get_name()} {key.get_base64()}"
    yield Systems(
        f"http://127.0.0.1:{store}", f"http://127.0.0.1:{control}", sftp, folder / "files", pinned
    )


def _configuration(systems: Systems) -> dict[str, Any]:
    login = {"host": "127.0.0.1", "port": systems.sftp_port, "user": "portal"}
    parties = {"own_id": "PORTAL", "partner_id": "NWIND3PL", "usage": "T", "site": "RNO1"}
    return {
        "customers": [{"slug": "harbor", "name": "Harbor"}],
        "endpoints": [
            {
                "slug": "store", "customer": "harbor", "label": "Store", "connector": "woocommerce",
                "settings": {"url": systems.store, "overlap_seconds": 0},
                "secrets": {"consumer_key": "${BENCH_KEY}", "consumer_secret": "${BENCH_CONSUMER}"},
                "poll": {"orders": int(_NEVER)},
            },
            {
                "slug": "warehouse", "customer": "harbor", "label": "Warehouse", "connector": "x12",
                "site": "RNO1", "rate_per_second": 10_000,
                "settings": {**login, **parties, "host_key": systems.host_key},
                "secrets": {"password": "${BENCH_PASSWORD}"},
            },
        ],
        "flows": [
            {"slug": "orders", "customer": "harbor", "object": "order", "from": "store",
             "to": "warehouse", "routed": True}
        ],
        "routes": [
            {"customer": "harbor", "rules": [{"n": 10, "if": {}, "then": {"rank": ["site_order"]}}]}
        ],
        "lookups": [{"customer": "harbor", "name": "sku", "default": "pass"}],
    }  # fmt: skip


def _move(one: Rig, systems: Systems, count: int, *, expected: int) -> float:
    """Place `count` orders, then poll. Returns the seconds until the last file was written."""
    time.sleep(1.1)  # the store's clock ticks in seconds; the cursor must not stand in this one
    post_json(f"{systems.store}/_sandbox/orders", {"count": count, "webhooks": False})
    started = time.time()
    _poll_now(one)
    with one.database() as connection:
        wait_until(
            lambda: connection.execute(DELIVERED).fetchone() == (expected,),
            what=f"{expected} orders in files", seconds=50,
        )  # fmt: skip
    return systems.last_file() - started


def _poll_now(one: Rig) -> None:
    """Make the store's poll due, and say so as any change does."""
    with one.database() as connection:
        (endpoint,) = connection.execute(
            "UPDATE integrations_pollcursor SET due_at = now() RETURNING endpoint_id"
        ).fetchone() or (None,)
        wake = {"schema": SCHEMA, "kind": "poll", "key": str(endpoint), "at": "now()"}
        connection.execute(WAKE_SQL, wake)
        connection.execute("SELECT pg_notify(%s, '')", [CHANNEL])


def _check_books(one: Rig, systems: Systems, orders: int) -> int:
    """Every order once at the warehouse and noted as delivered. Returns how many files there were."""
    wait_until(
        lambda: len(systems.accepted()) == orders, what=f"{orders} orders booked", seconds=50
    )
    accepted = systems.accepted()
    if (len(accepted), sum(accepted.values())) != (orders, orders):
        raise SystemExit(f"{len(accepted)} orders were booked {sum(accepted.values())} times.")
    books = """
        SELECT count(*) FILTER (WHERE state = 'delivered'), count(*) FILTER (WHERE state <> 'delivered'),
            count(DISTINCT interchange_id) FROM integrations_message WHERE direction = 'out'
    """
    with one.database() as connection:
        delivered, others, files = connection.execute(books).fetchone() or (0, 0, 0)
    if (delivered, others) != (orders, 0):
        raise SystemExit(f"{delivered} messages are delivered, {others} are not.")
    return files


if __name__ == "__main__":
    main()
