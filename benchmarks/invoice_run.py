"""How long does an invoice run take for a thousand customers, and what does a killed one come to?

`python -m benchmarks.invoice_run [EVENTS]`: 1,000 customers, whose usage of a month is 100,000 events in
all unless said otherwise, one in a hundred of them amended, on a plan with graduated, package and volume
prices, a commitment and a discount. A process of its own makes the run, twice: undisturbed, and killed with
SIGKILL again and again until it is through. Both have to come to the same bytes, invoice for invoice.
"""

import os
import signal
import subprocess
import sys
import time
from typing import Any, Final

import psycopg

from benchmarks import report
from benchmarks.rig import ROOT, SCHEMA, rig

CUSTOMERS: Final = 1_000
EVENTS: Final = 100_000
MONTH: Final = "2026-10"
LIMIT_SECONDS: Final = 300.0
LIVES: Final = 4.0  # seconds until a run is killed
_WORK: Final = f"""
from django_tenants.utils import schema_context
from billing.domain import runs
with schema_context("{SCHEMA}"):
    runs.finish()
"""
_START: Final = f"""
from django_tenants.utils import schema_context
from billing.domain import runs
with schema_context("{SCHEMA}"):
    runs.start("{MONTH}", by="Bench")
"""
_SETS: Final = (
    """INSERT INTO customers_customer (slug, name, time_zone, currency, extensions, policies, calendar,
        config_version, created_at)
    SELECT 'c' || n, 'Customer ' || n, 'UTC', 'USD', '{{}}', '{{}}', '{{}}', 1, '2026-09-01'
    FROM generate_series(1, {customers}) n""",
    """INSERT INTO billing_account (slug, customer_id, entity_id, name, address, tax_number, reference,
        recipients, currency, time_zone, treatment, tax_code, exempt_reason, open_from, reckon_from,
        alert_at, created_at)
    SELECT c.slug, c.id, (SELECT min(id) FROM billing_legalentity), c.name, '', '', '', '{{}}', 'USD', 'UTC',
        'none', '', '', '{month}', '', '{{}}', now() FROM customers_customer c""",
    """INSERT INTO billing_usagefact (account_id, customer_id, kind, key, revision, happened_at, day,
        billed_in, quantity, times, properties, free, reason)
    SELECT a.id, a.customer_id, 'document', 'b/' || n, 0, at.at, at.at::date, '{month}', 1, 1,
        jsonb_build_object('object_type', (ARRAY['order','shipment','inventory'])[1 + n % 3],
            'endpoint', n % 7, 'latency', 'realtime'), '', ''
    FROM generate_series(1, {events}) n
    JOIN (SELECT id, customer_id, row_number() OVER (ORDER BY id) - 1 AS place FROM billing_account) a
        ON a.place = n % {customers},
    LATERAL (SELECT timestamptz '{month}-01 00:00+00' + n * (interval '30 days' / {events}) AS at) at""",
    """INSERT INTO billing_usagefact (account_id, customer_id, kind, key, revision, happened_at, day,
        billed_in, quantity, times, properties, free, reason)
    SELECT account_id, customer_id, kind, key, 1, happened_at, day, billed_in, 3, 1, properties, '', 'bench'
    FROM billing_usagefact WHERE id % 100 = 0""",
    "ANALYZE billing_usagefact",
)


def main() -> None:
    events = int(sys.argv[1].replace("_", "")) if len(sys.argv) > 1 else EVENTS
    with rig() as one, one.database() as connection:
        _django()
        _sell(connection, events)
        bare = _bare(connection)
        began = time.perf_counter()
        _run(_START)
        _run(_WORK)
        seconds = time.perf_counter() - began
        whole, total = _hashes(connection)
        connection.execute("DELETE FROM billing_invoice")
        _run(_START)
        kills = _killed(connection)
        again, _ = _hashes(connection)
    same = sum(whole[pk] == again.get(pk) for pk in whole)
    report.show(
        report.row(
            "invoice_run", seconds, "s", limit=bare,
            limit_is="one query that adds up the same events by account and kind",
            target=LIMIT_SECONDS, customers=len(whole), events=events, net=str(total), kills=kills,
            same_bytes_after_kills=same,
        )
    )  # fmt: skip
    if not len(whole) == len(again) == same == CUSTOMERS:
        raise SystemExit(f"{len(whole)} invoices, {len(again)} after kills, {same} the same.")


def _django() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "portal.settings"
    import django

    django.setup()


def _sell(connection: psycopg.Connection, events: int) -> None:
    from datetime import date
    from types import SimpleNamespace

    from django_tenants.utils import schema_context

    from billing.domain import accounts, plans
    from billing.models import Account, Discount, Metric, Subscription

    with schema_context(SCHEMA):
        accounts.entity()
        for text in _SETS[:2]:
            connection.execute(text.format(customers=CUSTOMERS, month=MONTH))
        for code, aggregation, field, types in (
            ("documents", "sum", "", ["order", "shipment"]),
            ("stock", "count", "", ["inventory"]),
            ("endpoints", "unique", "endpoint", []),
        ):
            Metric.objects.update_or_create(
                code=code,
                defaults={
                    "name": code, "unit": "piece", "kinds": ["document"], "aggregation": aggregation,
                    "field": field, "filters": {"object_type": types} if types else {},
                },
            )  # fmt: skip
        nobody: Any = SimpleNamespace(pk=0, name="Bench")
        draft = plans.begin("Bench", "bench", _CONTENT, author=nobody)
        version = plans.publish(
            draft, edition=1, by=nobody, note="", moves=False, from_month="", second_person=False
        )
        begins = date(2026, 10, 1)
        sold = Subscription.objects.bulk_create(
            Subscription(account=one, version=version, begins=begins, since=begins)
            for one in Account.objects.all()
        )
        Discount.objects.bulk_create(
            Discount(
                subscription=one, name="Early", percent=5, begins=MONTH, reason="bench", author="b"
            )
            for one in sold[::3]
        )
    for text in _SETS[2:]:
        connection.execute(text.format(customers=CUSTOMERS, month=MONTH, events=events))


_CONTENT: Final[dict[str, Any]] = {
    "currency": "USD",
    "commitment": "50",
    "charges": [
        {"key": "base", "name": "Base", "metric": "", "model": "flat", "terms": {"amount": "20"},
         "due": "advance"},
        {"key": "documents", "name": "Documents", "metric": "documents", "model": "graduated",
         "included": "10", "terms": {"tiers": [
             {"up_to": "50", "unit_amount": "0.5"}, {"up_to": None, "unit_amount": "0.2"}]}},
        {"key": "stock", "name": "Stock", "metric": "stock", "model": "package",
         "terms": {"amount": "2", "package_size": "10"}},
        {"key": "endpoints", "name": "Endpoints", "metric": "endpoints", "model": "volume",
         "terms": {"tiers": [{"up_to": "5", "unit_amount": "4"}, {"up_to": None, "unit_amount": "3"}]}},
    ],
}  # fmt: skip


def _bare(connection: psycopg.Connection) -> float:
    began = time.perf_counter()
    connection.execute(
        "SELECT account_id, kind, sum(quantity) FROM billing_usagefact GROUP BY 1, 2"
    ).fetchall()
    return time.perf_counter() - began


def _run(text: str) -> None:
    subprocess.run(
        [sys.executable, "manage.py", "shell", "-c", text], cwd=ROOT, check=True, stdout=sys.stderr
    )


def _killed(connection: psycopg.Connection) -> int:
    """Kill the process of the run every few seconds until it is through; returns how often."""
    kills = 0
    while True:
        child = subprocess.Popen(
            [sys.executable, "manage.py", "shell", "-v", "0", "-c", _WORK],
            cwd=ROOT,
            stdout=sys.stderr,
        )
        try:
            child.wait(LIVES)
        except subprocess.TimeoutExpired:
            child.send_signal(signal.SIGKILL)
            child.wait()
            kills += 1
        row = connection.execute(
            "SELECT count(*) FROM billing_invoicerun WHERE state = 'running'"
        ).fetchone()
        if row == (0,):
            return kills


def _hashes(connection: psycopg.Connection) -> tuple[dict[int, str], Any]:
    rows = connection.execute("SELECT account_id, hash FROM billing_invoice").fetchall()
    total = connection.execute("SELECT sum(net) FROM billing_invoice").fetchone()
    return dict(rows), total[0] if total else 0


if __name__ == "__main__":
    main()
