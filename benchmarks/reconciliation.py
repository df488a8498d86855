"""Does a comparison find what everybody else calls green, name what it looks like, and is it fast?

`python -m benchmarks.reconciliation`, three questions:

(a) One component of a bundle is dropped by a mapping in one of 10,000 orders. All messages are confirmed,
    all shipments complete, no case is open. The comparison runs in the workers' own lane; the figure is
    how long two runs take until the break is a case that names order, line and item.
(b) Five gaps are planted in an ERP's table of stock over 30 days: whole cases, one order's quantity, a
    constant offset, one that grows by the day, a wrong sign. How many are named.
(c) 100,000 items at 3 sites, ERP against warehouse, in plain Python in one process: how long one
    comparison takes, and how long with everything kept in the database and read from it again.
"""

import json
import sys
import time
from typing import Any

from benchmarks import reconciliation_plants as plants
from benchmarks import reconciliation_scale as scale
from benchmarks import report
from benchmarks.load import send
from benchmarks.rig import SCHEMA, Rig, rig, wait_until

CONNECTIONS = 32
PATIENCE = 400.0
RUN_LIMIT = 60.0
SCALE_LIMIT = 10.0


def main() -> None:
    with rig() as one:
        sink = one.start_sink()
        one.configure(plants.configuration(sink.url))
        plants.begin_django()
        one.start_web()
        one.start_workers()
        dropped = _dropped_line(one)
        named = plants.named_signatures()
        kept = scale.through_database()
    pure = scale.in_memory()
    rows = [
        report.row(
            "recon_dropped_line", dropped["seconds"], "s to the case", limit=RUN_LIMIT,
            limit_is="what two runs over 10,000 orders may take", **dropped,
        ),
        report.row(
            "recon_signatures", len(named), "named", limit=len(plants.PLANTED),
            limit_is="gaps planted, each of another kind", causes=named,
        ),
        report.row(
            "recon_300k_pairs", pure, "s", limit=SCALE_LIMIT,
            limit_is="what 100,000 items at 3 sites may take in plain Python",
        ),
        report.row(
            "recon_300k_kept", kept, "s", limit=RUN_LIMIT,
            limit_is="what the same may take with all of it kept and read again",
        ),
    ]  # fmt: skip
    for row in rows:
        print(json.dumps(row), file=sys.stderr)
    report.show(*rows)
    wrong = [row["name"] for row in rows if row["name"] != "recon_signatures" and row["ratio"] > 1]
    if wrong or len(named) != len(plants.PLANTED):
        sys.exit(f"This is not what a comparison should come to: {wrong or named}")


def _dropped_line(one: Rig) -> dict[str, Any]:
    """From 10,000 green orders to the case of the one that is not."""
    orders = plants.orders()
    _settle(one, "orders", orders)
    _settle(one, "shipments", plants.shipments())
    green = plants.green()
    if any(green.values()):
        raise SystemExit(f"Not everything is green before the comparison: {green}")
    reconciliation_id = plants.define_orders()
    began = time.perf_counter()
    for _ in range(2):
        plants.begin(reconciliation_id)
        wait_until(lambda: not plants.is_live(reconciliation_id), what="the run", seconds=PATIENCE)
    took = time.perf_counter() - began
    found = plants.told(reconciliation_id)
    if found["cases"] != [plants.EXPECTED]:
        raise SystemExit(f"Found {found}, and {plants.EXPECTED} was dropped.")
    return {
        "seconds": took,
        "orders": len(orders),
        "breaks": found["breaks"],
        "hours": found["hours"],
    }


def _settle(one: Rig, what: str, requests: list[Any]) -> None:
    """Send the documents, and wait until nothing moves any more."""
    began = time.perf_counter()
    sent = send(one.port, requests, connections=CONNECTIONS)
    if sent.accepted != len(requests):
        raise SystemExit(f"Of {len(requests)} {what} {sent.accepted} were accepted.")
    _at_rest(one)
    took = time.perf_counter() - began
    print(f"{len(requests)} {what} at rest after {took:.0f} s", file=sys.stderr, flush=True)


def _at_rest(one: Rig) -> None:
    open_ = (
        f"SELECT count(*) FROM {SCHEMA}.integrations_message"
        " WHERE state IN ('received', 'waiting', 'sending')"
    )
    with one.database() as connection:
        wait_until(
            lambda: connection.execute(open_).fetchone() == (0,),
            what="the documents to come to rest",
            seconds=PATIENCE,
        )


if __name__ == "__main__":
    main()
