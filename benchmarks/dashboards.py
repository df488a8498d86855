"""How long do the dashboards take over a million messages, or over ten?

`python -m benchmarks.dashboards [MESSAGES …]`: each role's first page and its parts, over HTTP, one after
the other, in an installation of twenty customers, sixty endpoints and twelve weeks. Of the sums of traffic
some are not folded yet, and those that were leave dead rows, as on a busy day. Then documents come while two
people have a dashboard open: how long until they see it. The headline is the slowest page at the last size;
the others stand beside it. `python -m benchmarks.dashboards 10_000_000` asks the same of ten million.
"""

import os
import statistics
import sys
import time
from collections.abc import Mapping
from typing import Any

import psycopg

from benchmarks import dashboard_news, dashboard_rows, report
from benchmarks.bad_day_operator import PASSWORD, Operator
from benchmarks.dashboard_news import Watcher
from benchmarks.rig import SCHEMA, Rig, rig, shop_to

SIZES = (1_000_000,)  # ten million only for who asks: writing them takes long
ROUNDS = 40
LIMIT_MS = 200.0
LIMIT_SECONDS = 5.0
BETWEEN_FOLDS, FOLDS = (
    2_000,
    9,
)  # 400 documents a second; dead rows nearly as many as are vacuumed at
ROLES = ("operator", "engineer", "admin", "viewer")
PAGES: Mapping[str, tuple[str, ...]] = {
    "operator": (
        "/now/", "/now/budgets/", "/now/cases/", "/now/queues/", "/now/pace/", "/now/latency/",
    ),
    "engineer": (
        "/flow-map/", "/flow-map/flows/", "/flow-map/mappings/", "/flow-map/connectors/",
        "/flow-map/slowest/", "/endpoints/endpoint7/",
    ),
    "admin": ("/overview/", "/overview/customers/", "/overview/documents/"),
    "viewer": ("/home/", "/home/promises/", "/home/orders/", "/home/causes/"),
}  # fmt: skip


def main() -> None:
    sizes = [int(text.replace("_", "")) for text in sys.argv[1:]] or list(SIZES)
    rows = [row for size in sizes for row in _measured(size)]
    pages = [row for row in rows if row["unit"].startswith("ms")]
    slowest = max(pages[-sum(map(len, PAGES.values())) :], key=lambda row: row["value"])
    report.show(slowest, *(row for row in rows if row is not slowest))
    late = [row["name"] for row in rows if row["value"] > row["limit"]]
    if late:
        raise SystemExit(f"Slower than they may be: {', '.join(late)}")


def _measured(size: int) -> list[dict[str, Any]]:
    with rig() as one:
        one.configure(shop_to("http://127.0.0.1:9"))
        _seed()
        with one.database() as connection:
            began = time.monotonic()
            dashboard_rows.fill(connection, messages=size)
            _sum_up()
            connection.execute("VACUUM ANALYZE")
            connection.execute("CHECKPOINT")  # or it would be at work while pages are measured
            print(f"{size:,} messages in {time.monotonic() - began:.0f} s", file=sys.stderr)
            _busy(connection)
            one.start_web()
            return [*_rows(one, size), _news(one, connection, size)]


def _busy(connection: psycopg.Connection) -> None:
    """Sums as they are on a busy day: some just folded, some not yet."""
    from django_tenants.utils import schema_context

    from integrations.domain import rollup

    for _ in range(FOLDS):
        dashboard_rows.take(connection, documents=BETWEEN_FOLDS)
        with schema_context(SCHEMA):
            rollup.fold()
    dashboard_rows.take(connection, documents=BETWEEN_FOLDS)


def _rows(one: Rig, size: int) -> list[dict[str, Any]]:
    found = []
    for role, paths in PAGES.items():
        person = _person(one, role)
        for path in paths:
            row = _row(path, size, _milliseconds(person, path))
            print(f"{row['name']}: {row['value']} ms", file=sys.stderr)
            found.append(row)
    return found


def _news(one: Rig, connection: psycopg.Connection, size: int) -> dict[str, Any]:
    watchers = [
        Watcher(_person(one, "operator"), "/now/", "pace"),
        Watcher(_person(one, "admin"), "/overview/", "documents"),
    ]
    samples = dashboard_news.seconds_until_seen(connection, watchers)
    return report.row(
        f"dashboard_event_to_visible_{_millions(size)}", statistics.quantiles(samples, n=100)[94],
        "s p95", limit=LIMIT_SECONDS, limit_is="what may pass until it is seen; a panel asks every 3 s",
        median=round(statistics.median(samples), 2), max=round(max(samples), 2), samples=len(samples),
    )  # fmt: skip


def _person(one: Rig, role: str) -> Operator:
    return Operator(one.port, f"{SCHEMA}.localhost", _email(role))


def _millions(size: int) -> str:
    return f"{size / 1_000_000:g}m"


def _email(role: str) -> str:
    return f"{role}@bench.test"


def _seed() -> None:
    """One case as the pattern of all, and somebody of each role."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "portal.settings"
    import django
    from django_tenants.utils import schema_context

    django.setup()
    from django.db import connections

    from integrations.models import Endpoint
    from monitoring.domain import opening
    from monitoring.models import ExceptionCase
    from portal.accounts.models import Person, Role

    with schema_context(SCHEMA):
        shop = Endpoint.objects.get(slug="shop")
        case = ExceptionCase(
            customer=shop.customer, endpoint=shop, code="unknown_sku", severity=2, title="A pattern",
            fingerprint="00000000-0000-4000-8000-000000000000", object_type="order",
            customer_title="Item is not known", path="lines[0].sku", currency="USD",
        )  # fmt: skip
        opening.begin(ExceptionCase.objects.bulk_create([case]))
        for role in ROLES:
            Person.objects.create_person(
                email=_email(role), name=role.title(), role=Role.objects.get(slug=role),
                password=PASSWORD, customer_id=shop.customer_id if role == "viewer" else None,
            )  # fmt: skip
    connections.close_all()


def _sum_up() -> None:
    """Make the sums of traffic, and promise every customer what is usual, half of it measured."""
    from django.db import connections, transaction
    from django_tenants.utils import schema_context

    from integrations.domain import rollup
    from monitoring.domain import objectives
    from monitoring.models import Objective, ObjectiveWindow
    from portal.core import clock
    from portal.customers.models import Customer

    now = clock.now()
    with schema_context(SCHEMA):
        with transaction.atomic():
            rollup.add_up()
        for customer in Customer.objects.all():
            objectives.begin(customer)
        for objective in Objective.objects.all():
            window = objective.promise.window.of(now)
            ObjectiveWindow.objects.get_or_create(
                objective=objective, begins=window.begins,
                defaults={
                    "customer_id": objective.customer_id, "ends": window.ends, "total": 1000,
                    "planned": 1000, "allowed": 20, "used": objective.pk % 25, "measured_at": now,
                    "missed_us": objective.pk % 25, "share": objective.pk % 25 / 20,
                },
            )  # fmt: skip
    connections.close_all()


def _milliseconds(person: Operator, path: str) -> list[float]:
    """How long each of the rounds took, after a first one that does not count."""
    samples = []
    for n in range(ROUNDS + 1):
        began = time.perf_counter()
        answer = person.http.get(person.site + path, timeout=60, allow_redirects=False)
        if answer.status_code not in (200, 204):
            raise SystemExit(f"{path}: {answer.status_code}")
        if n:
            samples.append(1000 * (time.perf_counter() - began))
    return samples


def _row(path: str, size: int, samples: list[float]) -> dict[str, Any]:
    name = path.strip("/").replace("/", "_").replace("-", "_")
    return report.row(
        f"dashboard_{name}_{_millions(size)}", statistics.quantiles(samples, n=100)[94], "ms p95",
        limit=LIMIT_MS, limit_is=f"what a page may take; {size:,} messages",
        median=round(statistics.median(samples), 1),
    )  # fmt: skip


if __name__ == "__main__":
    main()
