"""How long does the desk's page take with 5,000 open cases of 100,000 problems over a million messages?

`python -m benchmarks.desk`: the pages an operator opens, over HTTP, one after the other: the queue, its
next page, tabs, filters, a search by an order's number, the preview of a case, and the question whether
anything is new. The headline is the p95 of the queue; the others stand beside it.
"""

import os
import statistics
import time
from typing import Any

from benchmarks import report
from benchmarks.bad_day_operator import PASSWORD, Operator
from benchmarks.desk_rows import CASES, PROBLEMS, fill
from benchmarks.rig import SCHEMA, rig, shop_to

ROUNDS = 60
LIMIT_MS = 200.0
EMAIL = "ana@bench.test"
PAGES = {
    "queue": "/desk/",
    "free": "/desk/?view=free",
    "cutoff_today": "/desk/?view=today",
    "customer": "/desk/?customer=customer7",
    "severe": "/desk/?severity=1",
    "search_order": "/desk/?q=PO-950001",
    "search_value": "/desk/?q=SKU-4711",
    "preview": "/desk/?case=1017",
}


def main() -> None:
    with rig() as one:
        one.configure(shop_to("http://127.0.0.1:9"))
        _seed()
        with one.database() as connection:
            fill(connection)
        one.start_web()
        operator = Operator(one.port, f"{SCHEMA}.localhost", EMAIL)
        pages = {**PAGES, **_further(operator)}
        took = {name: _milliseconds(operator, path) for name, path in pages.items()}
    rows = [_row(f"desk_{name}", samples) for name, samples in took.items()]
    report.show(*rows)
    late = [row["name"] for row in rows if row["value"] > LIMIT_MS]
    if late:
        raise SystemExit(f"Slower than {LIMIT_MS:.0f} ms: {', '.join(late)}")


def _seed() -> None:
    """One case as the pattern of all, and the operator."""
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
        Person.objects.create_person(
            email=EMAIL, name="Ana", role=Role.objects.get(slug="operator"), password=PASSWORD
        )
    connections.close_all()


def _further(operator: Operator) -> dict[str, str]:
    """The addresses that the first page itself gives: its next page, and its question for news."""
    page = operator.open("/desk/")
    shown = page.select_one("#cases tbody [data-row]")
    older = page.select_one("a[rel=next], .pager a")
    pulse = page.select_one("#pulse")
    if shown is None or older is None or pulse is None:
        raise SystemExit("The desk shows no rows, no next page or asks for no news.")
    return {"next_page": str(older["href"]), "news": str(pulse["hx-get"])}


def _milliseconds(operator: Operator, path: str) -> list[float]:
    """How long each of the rounds took, after a first one that does not count."""
    samples = []
    for n in range(ROUNDS + 1):
        began = time.perf_counter()
        answer = operator.http.get(operator.site + path, timeout=60, allow_redirects=False)
        if answer.status_code not in (200, 204):
            raise SystemExit(f"{path}: {answer.status_code}")
        if n:
            samples.append(1000 * (time.perf_counter() - began))
    return samples


def _row(name: str, samples: list[float]) -> dict[str, Any]:
    p95 = statistics.quantiles(samples, n=100)[94]
    return report.row(
        name, p95, "ms p95", limit=LIMIT_MS, limit_is=f"what a page may take; {CASES:,} cases,"
        f" {PROBLEMS:,} problems", median=round(statistics.median(samples), 1),
    )  # fmt: skip


if __name__ == "__main__":
    main()
