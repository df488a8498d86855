"""Do two people ever get the same case? Twenty take cases at once, again and again.

`python -m benchmarks.takers`: twenty processes, each somebody who takes the next case, works on it for a
moment and gives it back, against a database of their own. Two at once on one case would be a double lease.
"""

import multiprocessing
import os
import random
import time
from typing import Any

from benchmarks import limits, report
from benchmarks.rig import SCHEMA, rig

TAKERS = 20
CASES = 30
SECONDS = 8.0


def main() -> None:
    with rig() as one:
        people = _seed()
        with multiprocessing.get_context("spawn").Pool(TAKERS) as pool:
            taken = pool.starmap(_work, [(pk, SECONDS) for pk in people])
        with one.database() as connection:
            row = connection.execute(_DOUBLE).fetchone() or (0,)
        commits = limits.commits_per_second(one)
    count = sum(len(found) for found in taken)
    waits = sorted(wait for found in taken for wait in found)
    report.show(
        report.row(
            "take_next", count / SECONDS, "leases/s", limit=commits, limit_is=limits.BARE_COMMIT,
            takers=TAKERS, leases=count, double_leases=row[0],
            p95_ms=round(waits[int(len(waits) * 0.95)], 1),
        )
    )  # fmt: skip
    if row[0] or not count:
        raise SystemExit(f"{row[0]} double leases of {count}.")


# Two leases of one case that overlap in time.
_DOUBLE = """
    SELECT count(*) FROM monitoring_lease a JOIN monitoring_lease b
        ON a.case_id = b.case_id AND a.id < b.id
        AND a.began_at < coalesce(b.ended_at, 'infinity') AND b.began_at < coalesce(a.ended_at, 'infinity')
"""


def _django() -> None:
    import django

    os.environ["DJANGO_SETTINGS_MODULE"] = "portal.settings"
    django.setup()


def _seed() -> list[int]:
    """People and cases; returns the people's ids."""
    _django()
    from uuid import uuid4

    from django_tenants.utils import schema_context

    from integrations.models import Endpoint
    from monitoring.domain import opening
    from monitoring.models import ExceptionCase
    from portal.accounts.models import Person, Role
    from portal.customers.models import Customer

    with schema_context(SCHEMA):
        customer = Customer.objects.create(slug="harbor", name="Harbor")
        shop = Endpoint.objects.create(
            customer=customer, slug="shop", label="Shop", connector="http"
        )
        cases = [
            ExceptionCase(
                customer=customer, endpoint=shop, fingerprint=uuid4(), code="unknown_sku", severity=2,
                title=f"SKU {n} is not known", customer_title="", value=str(n),
            )
            for n in range(CASES)
        ]  # fmt: skip
        opening.begin(ExceptionCase.objects.bulk_create(cases))
        role = Role.objects.get(slug="operator")
        return [
            Person.objects.create_person(
                email=f"p{n}@bench.test", name=f"Person {n}", role=role, password=None
            ).pk
            for n in range(TAKERS)
        ]


def _work(person_id: int, seconds: float) -> list[float]:
    """Take, work, give back until the time is over. Returns the milliseconds of each take."""
    _django()
    from django_tenants.utils import schema_context

    from monitoring.domain import leases
    from monitoring.models import ExceptionCase
    from monitoring.queries.urgency import ranked
    from portal.accounts.models import Person
    from portal.core import clock

    waits: list[float] = []
    with schema_context(SCHEMA):
        person: Any = Person.objects.get(pk=person_id)
        ends = time.monotonic() + seconds
        while time.monotonic() < ends:
            began = time.perf_counter()
            open_now = ExceptionCase.objects.filter(closed_at=None)
            lease = leases.take_next(ranked(open_now, at=clock.now()).order_by("-rank"), person)
            if lease is None:
                continue
            waits.append(1000 * (time.perf_counter() - began))
            time.sleep(random.uniform(0.001, 0.02))
            leases.release(lease.case_id, person)
    return waits


if __name__ == "__main__":
    main()
