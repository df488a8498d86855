"""A warehouse is down: one case, its orders wait, nothing else stops; it comes back and all flow in order."""

import hashlib
import hmac
import json
from datetime import UTC, datetime
from typing import Any

import psycopg
import pytest
import requests

from portal import embedded
from portal.demo.database import ERP
from portal.demo.orders import maris_order
from portal.demo.people import PARTNER
from tests.live import Installation, until

pytestmark = [pytest.mark.chaos, pytest.mark.live]

ORDERS = 12
CASES = (
    "SELECT c.state FROM monitoring_exceptioncase c JOIN integrations_endpoint e ON e.id = c.endpoint_id"
    " WHERE e.slug = 'harborwms' AND c.number > %s"
)
AT_THE_FLOW = (
    "SELECT m.state, count(*) FROM integrations_message m JOIN integrations_flow f ON f.id = m.flow_id"
    " WHERE f.slug = %s AND split_part(m.business_key, '/', 2) = ANY(%s) GROUP BY m.state"
)
ARRIVED = (
    "SELECT split_part(m.business_key, '/', 2), m.record_version FROM integrations_message m"
    " JOIN integrations_flow f ON f.id = m.flow_id"
    " JOIN integrations_messageevent e ON e.message_id = m.id AND e.to_state = 'delivered'"
    " WHERE f.slug = 'harbor-orders-to-warehouse' AND split_part(m.business_key, '/', 2) = ANY(%s)"
    " ORDER BY e.id"
)


def test_a_warehouse_that_is_down_for_a_moment_stops_nothing_else(installation: Installation):
    _outage(installation, seconds=20, back_within=90)


@pytest.mark.chaos_long
def test_a_warehouse_that_is_down_for_ten_minutes_stops_nothing_else(installation: Installation):
    _outage(installation, seconds=600, back_within=400)


def _outage(installation: Installation, *, seconds: float, back_within: float) -> None:
    last_case = installation.number("SELECT coalesce(max(number), 0) FROM monitoring_exceptioncase")
    before = len(installation.warehouse.effects()["orders"])
    installation.warehouse.tell("misbehave", outage=seconds)
    placed = installation.store.tell("orders", count=ORDERS, rate=4, seed=int(seconds))["ids"]
    numbers = [str(order) for order in placed]
    others = [f"OUT-{int(seconds)}-{n}" for n in range(5)]
    for number in others:
        _order_at_maris(installation, number)

    until(lambda: installation.rows(CASES, last_case) == [("new",)], seconds=seconds)
    until(lambda: set(others) <= _arrived_at_maris(installation), seconds=seconds)
    until(lambda: set(numbers) <= _booked_in_the_erp(installation), seconds=seconds)
    assert installation.rows(AT_THE_FLOW, "harbor-orders-to-warehouse", numbers) == [
        ("waiting", ORDERS)
    ]
    assert len(installation.warehouse.effects()["orders"]) == before

    until(
        lambda: set(numbers) <= set(installation.store.effects()["shipments"]),
        seconds=seconds + back_within,
    )
    until(lambda: installation.rows(CASES, last_case) == [("resolved",)], seconds=20)
    assert installation.rows(ARRIVED, numbers) == [(number, 1) for number in numbers]
    effects = installation.warehouse.effects()
    assert {n: effects["orders"][n] for n in numbers} == dict.fromkeys(numbers, 1)
    assert effects["double_effects"] == installation.store.effects()["double_effects"] == 0
    assert installation.manage("audit_ledger", "--partner", PARTNER).returncode == 0


def _order_at_maris(installation: Installation, number: str) -> None:
    body = json.dumps(maris_order(number, at=datetime.now(UTC))).encode()
    digest = hmac.new(installation.maris_secret.encode(), body, hashlib.sha256).hexdigest()
    answer = requests.post(
        f"http://127.0.0.1:{installation.port}/in/{PARTNER}/marisshop",
        data=body,
        headers={"X-Hub-Signature-256": f"sha256={digest}", "X-Event-Id": number},
        timeout=10,
    )
    assert answer.status_code == 200, answer.text


def _arrived_at_maris(installation: Installation) -> set[str]:
    return set(installation.sink.ask("effects?arrivals=1")["arrivals"])


def _booked_in_the_erp(installation: Installation) -> set[str]:
    """The web order numbers that the ERP's own tables hold."""
    sockets = embedded.find_place(installation.name).sockets
    address = f"postgresql://{embedded.OWNER}@/{ERP}?host={sockets}"
    with psycopg.connect(address, connect_timeout=10) as connection:
        rows: list[Any] = connection.execute("SELECT cust_ref FROM sales_order").fetchall()
    return {reference for (reference,) in rows}
