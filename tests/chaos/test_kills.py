"""Workers, the web process and PostgreSQL are killed while orders flow: everything arrives once."""

import json
import os
import random
import time

import pytest

from portal.demo.people import PARTNER
from tests.chaos import processes
from tests.chaos.killer import Killer
from tests.live import Installation, until

pytestmark = [pytest.mark.chaos, pytest.mark.live]

HANDFUL = 5
UNDER_WAY = (
    "SELECT count(*) FROM integrations_message WHERE object_type IN ('order', 'shipment')"
    " AND state IN ('received', 'waiting', 'sending')"
)


def test_everything_arrives_once_when_processes_are_killed(installation: Installation):
    _suffer(installation, kills=4, orders=60, rate=2.5, settle_within=240)


@pytest.mark.chaos_long
def test_everything_arrives_once_when_processes_are_killed_twenty_times(installation: Installation):
    _suffer(installation, kills=20, orders=300, rate=2, settle_within=400)


def test_work_goes_on_when_a_worker_that_waits_for_tasks_is_killed(installation: Installation):
    """The one that waits holds the lock of the task queue: see portal.jobs.crew."""
    leader, _, *members = processes.of_group(installation.pid("worker") or 0)
    processes.kill(members[0].id)
    until(lambda: installation.pid("worker") not in (None, leader.id), seconds=15)
    [order] = installation.store.tell("orders", count=1)["ids"]
    until(lambda: str(order) in installation.store.effects()["shipments"], seconds=60)


def _suffer(
    installation: Installation, *, kills: int, orders: int, rate: float, settle_within: float
) -> None:
    seed = int(os.environ.get("CHAOS_SEED") or random.randrange(10**6))
    print(f"\nCHAOS_SEED={seed}")
    killer = Killer(installation, seed=seed)
    numbers: set[str] = set()
    kills_due = killer.plan(kills, seconds=orders / rate)
    while kills_due or len(numbers) < orders:
        at = time.monotonic() - killer.started
        if kills_due and at >= kills_due[0][0]:
            killer.kill(kills_due.pop(0)[1])
            installation.store.tell("webhooks", status="active")  # as a shop's keeper would
        elif len(numbers) < orders and at >= len(numbers) / rate:
            placed = installation.store.tell("orders", count=HANDFUL, seed=seed + len(numbers))
            numbers |= {str(order) for order in placed["ids"]}
        else:
            time.sleep(0.05)
    _settle(installation, numbers, seconds=settle_within, since=killer.started)
    _each_order_is_at_the_warehouse_once(installation, numbers)
    _each_shipment_is_at_the_store_once(installation, numbers)
    _what_was_answered_is_stored(installation)
    _the_books_balance(installation)


def _settle(installation: Installation, numbers: set[str], *, seconds: float, since: float) -> None:
    """Wait until nothing is under way. Whether all arrived is for the others to say."""

    def is_through() -> bool:
        if numbers - set(installation.store.effects()["shipments"]):
            return False
        return installation.number(UNDER_WAY) == 0

    came = until(is_through, seconds=seconds, strict=False)
    print(f"{time.monotonic() - since:6.1f} s  {'all through' if came else 'NOT through'}")
    if not came:
        print(installation.words())


def _each_order_is_at_the_warehouse_once(installation: Installation, numbers: set[str]) -> None:
    effects = installation.warehouse.effects()
    assert numbers - set(effects["orders"]) == set(), "missing at the warehouse"
    assert {n: times for n, times in effects["orders"].items() if times != 1} == {}
    assert effects["double_effects"] == 0
    assert effects["errors"] == []


def _each_shipment_is_at_the_store_once(installation: Installation, numbers: set[str]) -> None:
    effects = installation.store.effects()
    assert numbers - set(effects["shipments"]) == set(), "not told to the store"
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
