"""How many SQL statements does one order cost on its way from stored webhook to confirmed delivery?

`python -m benchmarks.queries_per_order`. In this process, through the lanes' own functions, for bites
of 1, 20 and 200 orders; transactions' BEGIN and COMMIT count as statements too.
"""

import json
import os
from typing import TYPE_CHECKING

import django

from benchmarks import load, report
from benchmarks.rig import SCHEMA, rig, shop_to

if TYPE_CHECKING:
    from integrations.models import Endpoint

BITES = (200, 20, 1)
LIMIT_IS = "a relay that does nothing but one INSERT an order"


def main() -> None:
    with rig() as one:
        sink = one.start_sink()
        one.configure(shop_to(sink.url))
        os.environ["DJANGO_SETTINGS_MODULE"] = "portal.settings"
        django.setup()
        counted = _count_all()
    rows = [
        report.row(
            "queries_per_order" if bite == max(BITES) else f"queries_per_order_bite_{bite}",
            counted[bite], "statements/order", limit=1, limit_is=LIMIT_IS, bite=bite,
        )
        for bite in BITES
    ]  # fmt: skip
    report.show(*rows)


def _count_all() -> dict[int, float]:
    from django_tenants.utils import schema_context

    from integrations.models import Endpoint

    with schema_context(SCHEMA):
        shop, sink = (Endpoint.objects.get(slug=slug) for slug in ("shop", "sink"))
        _statements(shop, sink, 10, prefix="warm")
        return {bite: _statements(shop, sink, bite, prefix=f"b{bite}") / bite for bite in BITES}


def _statements(shop: "Endpoint", sink: "Endpoint", count: int, *, prefix: str) -> int:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from integrations.domain import deliver, receive

    with CaptureQueriesContext(connection) as captured:
        _store(shop, count, prefix=prefix)
        done = (receive.receive(shop.customer_id).done, deliver.deliver(sink.pk).done)
    if done != (count, count):
        raise SystemExit(
            f"Of a bite of {count}, {done[0]} were translated and {done[1]} delivered."
        )
    return len(captured)


def _store(shop: "Endpoint", count: int, *, prefix: str) -> None:
    """What the door does with webhooks of one group."""
    from integrations.connectors.inbound import Received
    from integrations.queries import intake

    bodies = [load.order(f"{prefix}-{n}", salt=n) for n in range(count)]
    documents = [
        Received("order", "order", json.dumps(body).encode(), body["number"]) for body in bodies
    ]
    intake.store([intake.Arrival(shop.pk, shop.customer_id, document) for document in documents])


if __name__ == "__main__":
    main()
