"""How long does it take to seal the month of a large customer, and to prove it again?

`python -m benchmarks.statement_month [ORDERS]`: the legs of 100,000 orders of a month, one in fifty of
them late, and ten outages of the warehouse, are sealed, verified and made again from the records, each in a
process of its own, whose start counts. The last line is one JSON object: seconds, processor seconds and
megabytes of each; the limit is reading the same rows with a bare cursor and hashing them.
"""

import hashlib
import json
import os
import subprocess
import sys
import time
from typing import Any, Final

import psycopg

from benchmarks import report
from benchmarks.rig import ROOT, SCHEMA, rig, shop_to

ORDERS: Final = 100_000
PERIOD: Final = "2026-10"
CUSTOMER: Final = "harbor"
VERBS: Final = ("seal", "verify", "recompute")
_SETS: Final = (
    "UPDATE customers_customer SET created_at = '2026-10-01'",
    """INSERT INTO monitoring_leg (customer_id, kind, subject, endpoint_id, order_id, number, began_at,
        ended_at, outcome)
    SELECT c.id, kind, gen_random_uuid(), CASE kind WHEN 'ingest' THEN 0 ELSE e.id END, gen_random_uuid(),
        'SO-' || n, at.at, at.at + CASE WHEN n % 50 = 0 THEN interval '2 hours' ELSE interval '20 s' END,
        'done'
    FROM generate_series(1, {orders}) n, unnest(ARRAY['ingest', 'transmit', 'confirm']) kind,
        (SELECT min(id) AS id FROM customers_customer) c, (SELECT max(id) AS id FROM integrations_endpoint) e,
        LATERAL (SELECT timestamptz '2026-10-01' + n * interval '30 days' / {orders} AS at) at""",
    """INSERT INTO monitoring_outage (customer_id, endpoint_id, code, text, began_at, failed_until, ended_at)
    SELECT c.id, e.id, 'timeout', 'No answer in 10 s', at.at, at.at + interval '35 min',
        at.at + interval '40 min'
    FROM generate_series(1, 10) n, (SELECT min(id) AS id FROM customers_customer) c,
        (SELECT max(id) AS id FROM integrations_endpoint) e,
        LATERAL (SELECT timestamptz '2026-10-02' + n * interval '2 days' AS at) at""",
    "ANALYZE",
)
_PROMISE: Final = """
from monitoring.domain import objectives
from portal.customers.models import Customer
objectives.begin(Customer.objects.get())
"""


def main() -> None:
    orders = int(sys.argv[1]) if len(sys.argv) > 1 else ORDERS
    with rig() as one:
        one.configure(shop_to("http://127.0.0.1:9"))
        with one.database() as connection:
            for text in _SETS:
                connection.execute(text.format(orders=orders))
            one.manage("tenant_command", "shell", "-c", _PROMISE, f"--schema={SCHEMA}")
            limit = _bare(connection)
            spent = {verb: _timed(verb) for verb in VERBS}
            misses, rows, size = _sealed(connection)
    row = report.row(
        "statement_month", spent["seal"]["seconds"], "s to seal", limit=limit,
        limit_is="reading the same rows with a bare cursor and hashing them",
        orders=orders, misses=misses, evidence_rows=rows, bytes=size,
        **{f"{verb}_{name}": value for verb in VERBS for name, value in spent[verb].items()},
    )  # fmt: skip
    report.show(row)


def _bare(connection: psycopg.Connection) -> float:
    began = time.perf_counter()
    for found in connection.execute("SELECT * FROM monitoring_leg ORDER BY id"):
        hashlib.sha256(json.dumps(found, default=str).encode()).digest()
    return time.perf_counter() - began


def _timed(verb: str) -> dict[str, float]:
    """One verb of `manage.py statement` in a process of its own: its seconds, and its most memory in MB."""
    command = [sys.executable, "manage.py", "statement", verb]
    told = ["--partner", SCHEMA, "--customer", CUSTOMER, "--period", PERIOD]
    began = time.perf_counter()
    child = subprocess.Popen([*command, *told], cwd=ROOT, stdout=sys.stderr)
    _, status, used = os.wait4(child.pid, 0)
    if status:
        raise SystemExit(f"`statement {verb}` failed.")
    return {
        "seconds": round(time.perf_counter() - began, 1),
        "processor_seconds": round(used.ru_utime + used.ru_stime, 1),
        "megabytes": round(used.ru_maxrss / 1024),
    }


def _sealed(connection: psycopg.Connection) -> tuple[Any, ...]:
    found = connection.execute(
        "SELECT jsonb_array_length(convert_from(content, 'UTF8')::jsonb -> 'misses'),"
        " (SELECT count(*) FROM monitoring_statementevidence), length(content) FROM monitoring_statement"
    ).fetchone()
    return found or (0, 0, 0)


if __name__ == "__main__":
    main()
