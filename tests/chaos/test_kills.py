"""Workers, the web process and PostgreSQL are killed while orders flow: everything arrives once."""

import json
import os
import random
import time
from pathlib import Path

import pytest

from portal.demo.people import PARTNER
from tests import live
from tests.chaos.killer import Killer
from tests.live import Installation, until

pytestmark = [pytest.mark.chaos, pytest.mark.live]

HARBOR_OPEN = (
    "SELECT count(*) FROM integrations_message WHERE object_type IN ('order', 'shipment')"
    " AND state IN ('received', 'waiting', 'sending')"
)


def test_everything_arrives_once_when_processes_are_killed(tmp_path: Path):
    with live.running(tmp_path / "short") as installation:
        _suffer(installation, kills=4, orders=60, rate=2.5, settle_within=240)


@pytest.mark.chaos_long
def test_everything_arrives_once_when_processes_are_killed_twenty_times(tmp_path: Path):
    with live.running(tmp_path / "long") as installation:
        _suffer(installation, kills=20, orders=300, rate=2, settle_within=400)


def _suffer(
    installation: Installation, *, kills: int, orders: int, rate: float, settle_within: float
) -> None:
    seed = int(os.environ.get("CHAOS_SEED") or random.randrange(10**6))
    print(f"\nCHAOS_SEED={seed}")
    installation.wait_for_catalogue()
    killer = Killer(installation, seed=seed)
    installation.store.tell("orders", count=orders, rate=rate, seed=seed)
    for moment, kind in killer.plan(kills, seconds=orders / rate):
        time.sleep(max(0.0, killer.started + moment - time.monotonic()))
        killer.kill(kind)
        installation.store.tell("webhooks", status="active")  # as a shop's keeper would
    _settles(installation, orders=orders, seconds=settle_within, since=killer.started)
    _each_order_is_at_the_warehouse_once(installation, orders)
    _each_shipment_is_at_the_store_once(installation, orders)
    _what_was_answered_is_stored(installation)
    _the_books_balance(installation)


def _settles(installation: Installation, *, orders: int, seconds: float, since: float) -> None:
    """Wait until all has arrived, or until waiting any longer is of no use."""

    def is_through() -> bool:
        if len(installation.store.effects()["shipments"]) < orders:
            return False
        return installation.number(HARBOR_OPEN) == 0

    came = until(is_through, seconds=seconds, strict=False)
    print(f"{time.monotonic() - since:6.1f} s  {'all through' if came else 'NOT through'}")
    if not came:
        print(installation.words())


def _each_order_is_at_the_warehouse_once(installation: Installation, orders: int) -> None:
    numbers = set(installation.store.effects()["status"])
    effects = installation.warehouse.effects()
    assert len(numbers) == orders
    assert numbers - set(effects["orders"]) == set(), "missing at the warehouse"
    assert {n: times for n, times in effects["orders"].items() if times != 1} == {}
    assert effects["double_effects"] == 0
    assert effects["errors"] == []


def _each_shipment_is_at_the_store_once(installation: Installation, orders: int) -> None:
    effects = installation.store.effects()
    assert set(effects["status"]) - set(effects["shipments"]) == set(), "shipment not told"
    assert len(effects["shipments"]) == orders
    assert effects["double_effects"] == 0


def _what_was_answered_is_stored(installation: Installation) -> None:
    deliveries = installation.store.ask("deliveries")
    answered = {d["delivery_id"] for d in deliveries if d["status"] == 200}
    keys = installation.rows(
        "SELECT dedup_key FROM integrations_message WHERE topic IN ('order.created', 'order.updated')"
    )
    assert answered, "no webhook ever came through"
    assert answered - {key.partition(":")[0] for (key,) in keys} == set()


def _the_books_balance(installation: Installation) -> None:
    audit = installation.manage("audit_ledger", "--partner", PARTNER)
    print(audit.stdout)
    books = json.loads(audit.stdout)
    assert (books["lost"], books["effects_doubled"]) == (0, 0), books["findings"]
    assert audit.returncode == 0, audit.stderr
