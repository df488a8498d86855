"""100,000 items at three sites: compared in memory, and with everything kept and read again."""

import random
import time
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

from benchmarks.reconciliation_plants import site
from monitoring.reconcile import (
    ALL,
    Definition,
    Item,
    Level,
    Movement,
    Side,
    Snapshot,
    all_off,
    causes,
    compare,
    judge,
    metrics,
    twins,
)

ITEMS, SITES = 100_000, ("RNO1", "DFW1", "ATL2")
MOVEMENTS = 20_000
AT = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
DEFINITION = Definition(1, "inventory", (Side("erp", "live"), Side("warehouse", "document")))


def _world() -> tuple[list[Level], list[Level], dict[str, Item], list[Movement]]:
    """One pair in a thousand differs, every twelfth is counted in cases, some moved in the night."""
    chance = random.Random(20_260_302)
    skus = [f"SKU-{n:06d}" for n in range(ITEMS)]
    units = {"EA": Fraction(1), "CA": Fraction(12)}
    items = {
        sku: Item("EA", units, "ABC"[n % 3], n % 50 == 0, Decimal("12.35"))
        for n, sku in enumerate(skus)
    }
    left, right = [], []
    for n, (place, sku) in enumerate((place, sku) for place in SITES for sku in skus):
        quantity = chance.randrange(500)
        left.append(Level(place, sku, ALL, ALL, "EA", str(quantity)))
        counted = quantity + (n % 1000 == 0)
        in_cases = counted % 12 == 0
        uom, said = ("CA", counted // 12) if in_cases else ("EA", counted)
        right.append(Level(place, sku, ALL, ALL, uom, str(said)))
    at = AT - timedelta(hours=9)
    moved = [
        Movement(chance.choice(SITES), chance.choice(skus), ALL, ALL, "EA", "-3", at, "ship", f"SH-{n}",
                 posted={"the ERP": at, "the warehouse": at})
        for n in range(MOVEMENTS)
    ]  # fmt: skip
    return left, right, items, moved


def in_memory() -> float:
    """Seconds of one comparison: both sides indexed, rolled and joined, every gap with its causes."""
    left, right, items, moved = _world()
    began = time.perf_counter()
    result = compare(
        DEFINITION,
        Snapshot("the ERP", "", AT, left),
        Snapshot("the warehouse", "", AT, right),
        at=AT,
        items=items,
        movements=moved,
    )
    judged = judge(result.rows, {}, at=AT, agreeing_runs=1)
    twins(result.rows)
    everywhere = all_off(result)
    for one in judged:
        causes(one, item=items[one.row.key.sku], everywhere=everywhere)
    metrics(result, judged)
    took = time.perf_counter() - began
    if len(judged) + result.counts().get("in_tolerance", 0) != ITEMS * len(SITES) // 1000:
        raise SystemExit(f"{result.counts()} is not what was planted.")
    return took


def through_database() -> float:
    """Seconds from rows at hand to a run's result: kept, read again, compared, written as rows."""
    from monitoring.domain import reconcile_define, reconcile_run, reconcile_store, reconcile_values
    from monitoring.domain.reconcile_scope import CHANNEL, ERP, PUBLISHED, WAREHOUSE
    from monitoring.domain.reconcile_store import Said
    from monitoring.models import ReconRun
    from portal.customers.models import Customer

    left, right, items, moved = _world()
    sides = [{"role": "erp", "source": "live", "endpoint": "erp"},
             {"role": "warehouse", "source": "hub", "endpoint": "depot"}]  # fmt: skip
    with site():
        one = reconcile_define.create(
            Customer.objects.get(), label="Scale", content={"kind": "inventory", "sides": sides},
            actor="bench", hourly=False, nightly_at=None,
        )  # fmt: skip
        run = ReconRun.objects.create(
            reconciliation=one,
            version=1,
            trigger="person",
            state="running",
            began_at=AT,
            at=AT,
            step=4,
        )
        began = time.perf_counter()
        levels: dict[str, Any] = {"left": (ERP, left), "right": (WAREHOUSE, right),
                                  "told": (PUBLISHED, []), "shown": (CHANNEL, [])}  # fmt: skip
        for name, (side, rows) in levels.items():
            head = {"side": side, "full": True, "yesterday": None}
            kept = [reconcile_values.level(level) for level in rows]
            reconcile_store.keep(run, Said(name, kept, "bench", AT, head, sku_at=1))
        kept = [reconcile_values.movement(one_) for one_ in moved]
        reconcile_store.keep(run, Said("movements", kept, sku_at=1))
        reconcile_store.keep(
            run, Said("items", [reconcile_values.item(*i) for i in items.items()], sku_at=0)
        )
        for name in ("sales", "free"):
            reconcile_store.keep(run, Said(name, []))
        reconcile_run.step(one.pk)
        took = time.perf_counter() - began
        run.refresh_from_db()
        if run.state != "done":
            raise SystemExit(f"The run is {run.state}: {run.trouble}")
    return took
