"""How many usage events a second are taken over HTTP, with every duplicate ignored? And how long from a
document that was delivered until the preview of its bill has it?

`python -m benchmarks.usage [EVENTS]`: batches of 1,000 go to the usage API over kept-alive connections, one
batch in ten a second time. Then the books: each event once. After that orders flow at a steady rate to an
HTTP system, are metered by the workers, and the preview of their customer is made over and over.
"""

import json
import os
import statistics
import sys
import threading
import time
from datetime import UTC, datetime
from typing import Any, Final

import psycopg
import requests

from benchmarks import load, report
from benchmarks.replay import configuration
from benchmarks.rig import SCHEMA, Rig, rig, wait_until

EVENTS: Final = 100_000
BATCH: Final = 1_000
CONNECTIONS: Final = 4
AGAIN: Final = 10  # one batch in so many comes twice
TARGET: Final = 5_000.0
ORDERS, RATE = 600, 20.0
LIMIT_SECONDS: Final = 5.0
_LAG: Final = """
    SELECT extract(epoch FROM f.noted_at - f.happened_at)::float FROM billing_usagefact f
    WHERE f.kind = 'document' AND f.noted_at >= %s
"""


def main() -> None:
    events = int(sys.argv[1]) if len(sys.argv) > 1 else EVENTS
    with rig() as one:
        sink = one.start_sink()
        one.configure(configuration(sink.url))
        _django()
        key, account = _prepare()
        one.start_web()
        bare = _bare(one, events)
        seconds = _send(one, key, account, events)
        taken = _books(one, events)
        one.start_workers()
        waits, previews = _until_preview(one, account)
    p99 = statistics.quantiles(waits, n=100)[98]
    preview = statistics.quantiles(previews, n=100)[98]
    report.show(
        report.row(
            "usage_intake", (events + events // AGAIN) / seconds, "events/s", limit=bare,
            limit_is="COPY of the same rows into the same table by one connection",
            target=TARGET, events=events, sent_twice=events // AGAIN, noted=taken,
        ),
        report.row(
            "usage_to_preview", p99 + preview, "s p99", limit=LIMIT_SECONDS,
            limit_is="what may pass from a delivered document to the preview of its bill",
            documents=len(waits), metered_median=round(statistics.median(waits), 2),
            preview_p99=round(preview, 3), facts_in_the_month=taken,
        ),
    )  # fmt: skip
    if taken != events:
        raise SystemExit(f"{events} events were sent, {taken} noted.")


def _django() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "portal.settings"
    import django

    django.setup()


def _prepare() -> tuple[str, str]:
    """A source, a plan that counts what it sends and what moves, and the account's short name."""
    from django_tenants.utils import schema_context

    from billing.api.key import new_source
    from billing.domain import accounts
    from billing.models import Account, Metric

    with schema_context(SCHEMA):
        accounts.open_missing()
        account = Account.objects.get()
        for code, kinds, about in (
            ("labels", ["label"], {}),
            ("orders", ["document"], {"object_type": ["order"]}),
        ):
            Metric.objects.update_or_create(
                code=code,
                defaults={
                    "name": code, "unit": "piece", "kinds": kinds, "aggregation": "sum", "filters": about,
                },
            )  # fmt: skip
        _sell(account)
        return new_source("bench", "Bench", by="bench")[1], account.slug


def _sell(account: Any) -> None:
    from types import SimpleNamespace

    from billing.domain import plans, subscriptions

    charges = [
        {"key": code, "name": code, "metric": code, "model": "graduated",
         "terms": {"tiers": [{"up_to": "1000", "unit_amount": "0.5"}, {"up_to": None, "unit_amount": "0.1"}]}}
        for code in ("labels", "orders")
    ]  # fmt: skip
    nobody: Any = SimpleNamespace(pk=0, name="Bench")
    draft = plans.begin(
        "Bench", "bench", {"currency": account.currency, "charges": charges}, author=nobody
    )
    version = plans.publish(
        draft, edition=1, by=nobody, note="", moves=False, from_month="", second_person=False
    )
    today = datetime.now(UTC).date().replace(day=1)
    subscriptions.subscribe(account, version, begins=today, by="Bench")


def _bare(one: Rig, events: int) -> float:
    """Rows a second of a COPY, which then are taken away by rolling back."""
    with one.database() as connection, connection.transaction(force_rollback=True):
        row = connection.execute("SELECT id, customer_id FROM billing_account").fetchone()
        assert row is not None
        now = datetime.now(UTC)
        began = time.perf_counter()
        with connection.cursor().copy(
            "COPY billing_usagefact (account_id, customer_id, kind, key, revision, happened_at, day,"
            " billed_in, quantity, times, properties, free, reason) FROM STDIN"
        ) as copy:
            for n in range(events):
                copy.write_row(
                    (
                        *row,
                        "label",
                        f"bare/{n}",
                        0,
                        now,
                        now.date(),
                        f"{now:%Y-%m}",
                        1,
                        1,
                        "{}",
                        "",
                        "",
                    )
                )
        return events / (time.perf_counter() - began)


def _send(one: Rig, key: str, account: str, events: int) -> float:
    """Seconds until every batch is answered."""
    now = datetime.now(UTC).isoformat()
    bodies = [_body(range(at, at + BATCH), account, now) for at in range(0, events, BATCH)]
    bodies += bodies[::AGAIN]
    each = [bodies[n::CONNECTIONS] for n in range(CONNECTIONS)]
    failures: list[str] = []
    threads = [
        threading.Thread(target=_post, args=(one.port, key, mine, failures)) for mine in each
    ]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise SystemExit(failures[0])
    return time.perf_counter() - began


def _body(numbers: range, account: str, now: str) -> bytes:
    events = [
        {"account": account, "kind": "label", "key": f"label-{n}", "happened_at": now, "quantity": "1",
         "properties": {"carrier": "UPS", "service": "ground"}}
        for n in numbers
    ]  # fmt: skip
    return json.dumps({"events": events}).encode()


def _post(port: int, key: str, bodies: list[bytes], failures: list[str]) -> None:
    session = requests.Session()
    session.headers.update(
        {
            "Authorization": f"Bearer {key}",
            "Content-Type": "application/json",
            "Host": "bench.localhost",
        }
    )
    for body in bodies:
        answer = session.post(f"http://127.0.0.1:{port}/api/usage/", data=body, timeout=60)
        if answer.status_code != 200 or answer.json()["refused"]:
            failures.append(f"{answer.status_code}: {answer.text[:300]}")
            return


def _books(one: Rig, events: int) -> int:
    with one.database() as connection:
        row = connection.execute(
            "SELECT count(*), count(DISTINCT key) FROM billing_usagefact WHERE kind = 'label'"
        ).fetchone()
    assert row is not None
    if row[0] != row[1]:
        raise SystemExit("An event was noted twice.")
    return int(row[0])


def _until_preview(one: Rig, slug: str) -> tuple[list[float], list[float]]:
    """Seconds from delivery to the fact of each order, and how long each preview took meanwhile."""
    from django_tenants.utils import schema_context

    from billing.domain import accounts, drafts
    from billing.models import Account

    began = datetime.now(UTC)
    sending = threading.Thread(
        target=load.send, args=(one.port, load.orders(ORDERS, prefix="u")),
        kwargs={"connections": 8, "rate": RATE},
    )  # fmt: skip
    sending.start()
    previews: list[float] = []
    with schema_context(SCHEMA):
        account = Account.objects.get(slug=slug)
        while sending.is_alive():
            at = time.perf_counter()
            made = drafts.preview(account, accounts.this_month(account))
            previews.append(time.perf_counter() - at)
            time.sleep(0.2)
        with one.database() as connection:
            wait_until(
                lambda: len(_lags(connection, began)) >= ORDERS, what="orders metered", seconds=60
            )
            made = drafts.preview(account, accounts.this_month(account))
            counted = sum(
                line.quantity or 0 for line in made.content.lines if line.charge == "orders"
            )
            if counted != ORDERS:
                raise SystemExit(f"The preview has {counted} of {ORDERS} orders.")
            return _lags(connection, began), previews


def _lags(connection: psycopg.Connection, began: datetime) -> list[float]:
    return [row[0] for row in connection.execute(_LAG, [began]).fetchall()]


if __name__ == "__main__":
    main()
