"""What is planted for the comparison to find: one dropped line, and five gaps of stock."""

import json
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

from benchmarks import load
from benchmarks.rig import DATA, SCHEMA

COUNT = 10_000
BUNDLES_EVERY = 4
DROPPED = "R-6280"  # an order with the bundle
KIT = (("SKU-101", 1), ("SKU-102", 2), ("SKU-103", 1))
EXPECTED = {"code": "dropped_line", "order": DROPPED, "line": "1", "sku": "SKU-102",
            "cause": "dropped_line"}  # fmt: skip
DAYS = (0, 7, 14, 21, 26, 27, 28, 29, 30)
ERP_FILE = DATA / "reconciliation-erp.sqlite"
ITEMS = [f"STK-{n:02d}" for n in range(30)]
# Item → the cause it has to be given, and its gap (warehouse − ERP) on the day of a run.
PLANTED = {
    "STK-01": ("unit", lambda day: -24 if day >= 29 else 0),
    "STK-02": ("lost_945", lambda day: -7 if day >= 29 else 0),
    "STK-03": ("opening_balance", lambda day: -5),
    "STK-04": ("unposted_movement", lambda day: -max(0, day - 25)),
    "STK-05": ("sign_error", lambda day: -4 if day < 30 else -8),
}


def configuration(sink_url: str) -> dict[str, Any]:
    """A shop whose orders go to a warehouse by a mapping with one fault, and an ERP that is a table."""
    fault = f'lines[$not(sku = "SKU-102" and $root.number = "{DROPPED}")]'
    return {
        "customers": [{"slug": "harbor", "name": "Harbor"}],
        "endpoints": [
            {"slug": "shop", "customer": "harbor", "label": "Shop", "connector": "http",
             "secrets": {"webhook_secret": "${BENCH_SECRET}"}},
            {"slug": "depot", "customer": "harbor", "label": "Depot", "connector": "http", "site": "RNO1",
             "rate_per_second": 10_000, "concurrency": 8,
             "settings": {"url": sink_url, "object_type": "shipment"},
             "secrets": {"webhook_secret": "${BENCH_SECRET}"}},
            {"slug": "erp", "customer": "harbor", "label": "ERP", "connector": "sql",
             "settings": {"url": f"sqlite:///{ERP_FILE}", "snapshots":
                          "stock: SELECT location, item, quantity, uom FROM stock"}},
        ],
        "flows": [
            {"slug": "orders", "customer": "harbor", "object": "order", "from": "shop", "to": "depot"},
        ],
        "mappings": [{"endpoint": "depot", "object": "order", "direction": "out", "rows": [
            ["number", "number"], ["ship_to", "ship_to"], ["lines[]", fault],
            ["lines[].line_no", "line_no"], ["lines[].sku", "sku"], ["lines[].quantity", "quantity"],
            ["lines[].uom", "uom"],
        ]}],
    }  # fmt: skip


def begin_django() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "portal.settings"
    import django

    django.setup()
    with site():
        _product("BUNDLE", components=[{"sku": s, "quantity": str(q)} for s, q in KIT])
        for item in ITEMS:
            _product(
                item,
                price="10.00",
                units=[{"uom": "EA", "factor": "1"}, {"uom": "CA", "factor": "12"}],
            )


@contextmanager
def site() -> Iterator[None]:
    """The bench partner, in this process."""
    from django.db import connections
    from django_tenants.utils import schema_context

    with schema_context(SCHEMA):
        yield
    connections.close_all()


def _product(sku: str, **fields: Any) -> None:
    body = {"sku": sku, "title": sku, "status": "active", "base_uom": "EA", **fields}
    _offer("shop", "product", body)


def _offer(slug: str, object_type: str, *bodies: dict[str, Any]) -> None:
    """Bodies into the hub, as an endpoint's documents would have come."""
    from integrations.canonical.content import content_hash
    from integrations.canonical.keys import business_key
    from integrations.domain import hub
    from integrations.domain.hub import Offer
    from integrations.models import Endpoint

    source = Endpoint.objects.get(slug=slug)
    offers = [
        Offer(None, source.pk, object_type, business_key(object_type, body), body, json.dumps(body),
              content_hash(body))
        for body in bodies
    ]  # fmt: skip
    hub.apply(source.customer_id, offers)


def orders() -> list[load.Request]:
    """Orders of the last day; every fourth sells a bundle and lists its components at no price."""
    now = datetime.now(UTC)
    made = []
    for n in range(COUNT):
        body = load.order(f"R-{n}", salt=n)
        placed = now - timedelta(minutes=30 + n * 1400 // COUNT)
        body["placed_at"] = placed.strftime("%Y-%m-%dT%H:%M:%SZ")
        if n % BUNDLES_EVERY == 0:
            body["lines"] = _bundle_lines()
        made.append((body["number"], _request("shop", body, body["number"])))
    return made


def _bundle_lines() -> list[dict[str, str]]:
    sold = [("BUNDLE", 1, "299.85"), *((sku, quantity, "0.00") for sku, quantity in KIT)]
    return [
        {"line_no": str(n), "sku": sku, "quantity": str(quantity), "uom": "EA", "unit_price": price}
        for n, (sku, quantity, price) in enumerate(sold, 1)
    ]


def _request(slug: str, body: dict[str, Any], event: str) -> bytes:
    return load.request(f"/in/{SCHEMA}/{slug}", json.dumps(body).encode(), event=event)


def shipments() -> list[load.Request]:
    """What the warehouse reports: all of what it was sent, order by order."""
    from django.db import connection

    with site(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT p.body FROM integrations_message m JOIN integrations_payload p ON p.sha256 ="
            " m.payload_id WHERE m.direction = 'out' AND m.object_type = 'order'"
        )
        sent = [json.loads(bytes(row[0])) for row in cursor.fetchall()]
    at = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return [
        (one["number"], _request("depot", _shipment(one, at), f"s-{one['number']}")) for one in sent
    ]


def _shipment(sent: dict[str, Any], at: str) -> dict[str, Any]:
    lines = [
        {"sku": line["sku"], "ordered": line["quantity"], "shipped": line["quantity"], "uom": "EA",
         "status": "complete"}
        for line in sent["lines"] if line["sku"] != "BUNDLE"
    ]  # fmt: skip
    return {"number": f"SH-{sent['number']}", "site": "RNO1", "order_number": sent["number"],
            "shipped_at": at, "status": "complete", "lines": lines}  # fmt: skip


def green() -> dict[str, int]:
    """What would show that something is wrong: unconfirmed messages, problems, cases."""
    from integrations.models import Message, Problem
    from monitoring.models import ExceptionCase

    with site():
        fine = ("applied", "unchanged", "confirmed", "superseded")
        return {
            "messages": Message.objects.exclude(state__in=fine).count(),
            "problems": Problem.objects.filter(closed_at=None).count(),
            "cases": ExceptionCase.objects.filter(closed_at=None).count(),
        }


def define_orders() -> int:
    from monitoring.domain import reconcile_define
    from portal.customers.models import Customer

    sides = [{"role": "channel", "source": "hub", "endpoint": "shop"},
             {"role": "warehouse", "source": "hub", "endpoint": "depot"}]  # fmt: skip
    with site():
        return reconcile_define.create(
            Customer.objects.get(), label="Orders", content={"kind": "orders", "sides": sides},
            actor="bench", hourly=False, nightly_at=None,
        ).pk  # fmt: skip


def begin(reconciliation_id: int) -> None:
    from monitoring.domain import reconcile_run
    from monitoring.models import Reconciliation

    with site():
        reconcile_run.begin(
            Reconciliation.objects.get(pk=reconciliation_id), "person", actor="bench"
        )


def is_live(reconciliation_id: int) -> bool:
    from monitoring.models import ReconRun

    with site():
        live = ReconRun.objects.filter(reconciliation_id=reconciliation_id, state__in=ReconRun.LIVE)
        return live.exists()


def told(reconciliation_id: int) -> dict[str, Any]:
    """The cases that were opened, each by what its break names, and what the last run looked into."""
    from monitoring.models import Break, CaseCause, ReconRun

    with site():
        causes = dict(CaseCause.objects.values_list("fingerprint", "case__code"))
        breaks = Break.objects.filter(reconciliation_id=reconciliation_id).exclude(status="closed")
        found = [
            {"code": causes[one.fingerprint], "order": one.subject, "line": one.line_no, "sku": one.sku,
             "cause": one.cause}
            for one in breaks if one.fingerprint in causes
        ]  # fmt: skip
        last = ReconRun.objects.filter(reconciliation_id=reconciliation_id).order_by("-pk")[0]
        return {"cases": found, "breaks": len(breaks), "hours": last.figures.get("hours"),
                "trouble": last.trouble}  # fmt: skip


def named_signatures() -> dict[str, str]:
    """The planted items whose cause was named rightly, after runs on nine of thirty days."""
    from integrations.models import Record, Reservation
    from monitoring.domain import reconcile_define, reconcile_run
    from monitoring.models import Break
    from portal.core import clock
    from portal.customers.models import Customer

    sides = [{"role": "erp", "source": "live", "endpoint": "erp"},
             {"role": "warehouse", "source": "hub", "endpoint": "depot"}]  # fmt: skip
    start = datetime.now(UTC)
    _report({}, start)
    with site():
        order = Record.objects.filter(object_type="order").order_by("pk")[0]
        Reservation.objects.create(
            order=order, customer_id=order.customer_id, line_no="1", site="RNO1", sku="STK-02",
            quantity=7, state="sent",
        )  # fmt: skip
        one = reconcile_define.create(
            Customer.objects.get(), label="Stock", content={"kind": "inventory", "sides": sides},
            actor="bench", hourly=False, nightly_at=None,
        )  # fmt: skip
    for day in DAYS:
        at = start + timedelta(days=day)
        _report({item: gap(day) for item, (_, gap) in PLANTED.items()}, at)
        with site(), clock.freeze(at):
            reconcile_run.begin(one, "nightly")
            while reconcile_run.step(one.pk).done:
                pass
    with site():
        found = dict(Break.objects.filter(reconciliation=one).values_list("sku", "cause"))
    return {sku: found[sku] for sku, (cause, _) in PLANTED.items() if found.get(sku) == cause}


def _report(gaps: dict[str, int], at: datetime) -> None:
    """The ERP has a hundred of each and so much more as the warehouse lacks."""
    with sqlite3.connect(ERP_FILE) as erp:
        erp.execute("CREATE TABLE IF NOT EXISTS stock (location, item PRIMARY KEY, quantity, uom)")
        erp.executemany(
            "INSERT OR REPLACE INTO stock VALUES ('RNO1', ?, ?, 'EA')",
            [(item, 100 - gaps.get(item, 0)) for item in ITEMS],
        )
    as_of = at.strftime("%Y-%m-%dT%H:%M:%SZ")
    with site():
        _offer("depot", "inventory", *(
            {"site": "RNO1", "sku": item, "on_hand": "100", "uom": "EA", "as_of": as_of} for item in ITEMS
        ))  # fmt: skip
