"""Where sides come from: a whole report of a warehouse, a shop that is asked, and what channels promise."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
import requests

from integrations.domain import changes
from integrations.models import Message
from monitoring.domain import reconcile_correct
from monitoring.models import Break, ExceptionCase
from portal.accounts.models import Person
from portal.core import clock
from tests import pipeline
from tests.connectors.counterparts import start_process, stop_process
from tests.pages.scenery import page, texts
from tests.reconciliation.conftest import ITEMS, only_break, run, twice
from tests.scenarios.test_x12 import received

pytestmark = pytest.mark.db
SETTINGS = {
    "host": "127.0.0.1", "port": 1, "user": "portal", "host_key": "x", "site": "RNO1",
    "own_id": "PORTAL", "partner_id": "NWIND3PL", "usage": "T",
}  # fmt: skip


def advice(lines: dict[str, int], *, number: str = "R1") -> str:
    rows = "".join(
        f"LIN*{n}*VN*{sku}~QTY*17*{quantity}*EA~"
        for n, (sku, quantity) in enumerate(lines.items(), 1)
    )
    body = f"ST*846*0001~BIA*00*SI*{number}*20260302*1400~N1*WH*NORTHWIND*92*RNO1~{rows}CTT*{len(lines)}~"
    return f"{body}SE*{body.count('~') + 1}*0001~"


def warehouse(house, **settings: Any):
    return pipeline.endpoint(
        house.customer_id, "northwind", "x12", site="RNO1", label="Northwind",
        secrets={"password": "pw"}, settings={**SETTINGS, **settings},
    )  # fmt: skip


def sides():
    return (
        {"role": "erp", "source": "live", "endpoint": "books"},
        {"role": "warehouse", "source": "document", "endpoint": "northwind"},
    )


def send(house, endpoint, text: str, *, control: int) -> None:
    pipeline.store(endpoint, received("IB", text, control=control), object_type="interchange")
    pipeline.run(house.customer_id)


def erp_levels(house) -> dict[str, int]:
    names = {item: sku for sku, item in ITEMS.items()}
    rows = house.erp.rows("SELECT item_no, on_hand FROM stock WHERE site = 'RNO1' ORDER BY item_no")
    return {names[row["item_no"]]: row["on_hand"] for row in rows}


def test_the_last_whole_report_of_a_warehouse_is_compared(house):
    depot = warehouse(house, full_846=True)
    levels = erp_levels(house)
    send(house, depot, advice(levels), control=1)
    send(house, depot, advice({**levels, "TENT-2P": levels["TENT-2P"] - 3}), control=2)
    one = house.define("inventory", *sides())
    run(one)
    assert [(b.sku, b.gap) for b in Break.objects.all()] == [("TENT-2P", "-3")]


def test_a_code_that_no_crosswalk_knows_shows_as_an_item_nobody_has(house):
    depot = warehouse(house, full_846=True)
    levels = erp_levels(house)
    tents = levels.pop("TENT-2P")
    send(house, depot, advice({**levels, "T2-OLD": tents}), control=1)
    one = house.define("inventory", *sides())
    run(one)
    found = Break.objects.get(sku="TENT-2P")
    assert (found.state, found.cause) == ("missing_right", "not_cross_referenced")
    assert f"{int(tents):,} of T2-OLD" in found.sentence


def test_reports_of_changes_prove_nothing(house):
    depot = warehouse(house, full_846=False)
    send(house, depot, advice(erp_levels(house)), control=1)
    refused = run(house.define("inventory", *sides()))
    assert refused.state == "refused" and "no full stock report lately" in refused.trouble
    assert ExceptionCase.objects.get(code="recon_refused").endpoint == depot


@pytest.fixture
def store():
    process, line = start_process("sandbox.store", "--key", "ck", "--secret", "cs")
    yield line.split()[2]
    stop_process(process)


@pytest.fixture
def web(house, store):
    """A real shop that is told what it may sell."""
    made = pipeline.endpoint(
        house.customer_id, "web", "woocommerce", label="Web store", channel={"share": 1, "buffer": 0},
        settings={"url": store}, secrets={"consumer_key": "ck", "consumer_secret": "cs",
        "webhook_secret": "w"}, rate_per_second=1000,
    )  # fmt: skip
    pipeline.flow(house.reno, made, "inventory")
    return made


def show(store: str, sku: str, quantity: int) -> None:
    """Somebody changes a product's quantity in the shop."""
    products = requests.get(
        f"{store}/wp-json/wc/v3/products", {"sku": sku}, auth=("ck", "cs"), timeout=10
    )
    number = products.json()[0]["id"]
    changed = requests.put(f"{store}/wp-json/wc/v3/products/{number}", json={"stock_quantity": quantity},
                           auth=("ck", "cs"), timeout=10)  # fmt: skip
    assert changed.status_code == 200


def three(house):
    return (*house.sides, {"role": "channel", "source": "live", "endpoint": "web"})


def test_a_shop_that_shows_what_it_was_told_is_right(house, web, store):
    house.count()
    done = run(house.define("inventory", *three(house)))
    assert (done.state, done.counts) == ("done", {"match": 50, "oversell_risk": 0})
    assert Message.objects.filter(endpoint=web, object_type="availability").count() == 50


def test_a_shop_that_shows_more_is_told_and_is_a_risk(house, web, store):
    house.count()
    show(store, "TENT-2P", 99_999)
    one = house.define("inventory", *three(house))
    done = twice(one)
    assert done.figures["oversell"] == 1
    codes = {b.code: (b.status, b.endpoint.slug) for b in Break.objects.all()}
    assert codes == {"recon_channel": ("open", "web"), "oversell_risk": ("open", "web")}
    titles = sorted(ExceptionCase.objects.values_list("title", flat=True))
    assert titles == [
        "Web store promises more of TENT-2P than is free",
        "Web store shows another quantity of TENT-2P than it was told",
    ]


def test_pages_name_the_sides_of_a_channel_and_the_channel_as_people_do(
    house, web, store, operator
):
    house.count()
    show(store, "TENT-2P", 99_999)
    done = twice(house.define("inventory", *three(house)))
    shown = page(operator.get(f"/reconciliation/runs/{done.pk}/"))
    assert texts(shown, "#run thead th")[1:3] == ["One side", "The other"]
    rows = {texts(row, "th")[0]: texts(row, "td")[:2] for row in shown.select("#run tbody tr")}
    assert rows["TENT-2P may be oversold · Web store"][0] == "99,999 Promised"
    assert rows["TENT-2P differ · Web store"][1] == "99,999 Shown"
    found = Break.objects.get(code="recon_channel")
    one = page(operator.get(f"/reconciliation/breaks/{found.pk}/"))
    assert texts(one, ".figures > div")[1] == "99,999 shown"
    assert "and shows 99,999." in texts(one, "h1")[0]
    assert "web" not in texts(one, "aside dd")
    ledger = page(operator.get(f"/reconciliation/runs/{done.pk}/ledger/?q=TENT-2P"))
    assert texts(ledger, "#ledger tbody tr:first-child td")[4].startswith("99,999 told ")


def test_two_light_runs_close_what_a_shop_shows_again(house, web, store):
    house.count()
    show(store, "TENT-2P", 99_999)
    one = house.define("inventory", *three(house))
    twice(one)
    told = Message.objects.get(endpoint=web, object_type="availability", record__number="TENT-2P")
    show(store, "TENT-2P", int(Decimal(told.record.body["quantity"])))
    statuses = []
    for _ in range(2):
        run(one, "hourly", light=True)
        statuses.append({b.code: b.status for b in Break.objects.all()})
    assert statuses == [dict.fromkeys(("recon_channel", "oversell_risk"), status)
                        for status in ("open", "closed")]  # fmt: skip


def test_what_the_shop_shows_is_sent_again(house, web, store, operator):
    house.count()
    show(store, "TENT-2P", 99_999)
    one = house.define("inventory", *three(house))
    twice(one)
    ana = Person.objects.get(email="operator@kestrel.test")
    found = Break.objects.get(code="recon_channel")
    done = reconcile_correct.ask(found.pk, "resend", actor=ana, reason="Changed by hand")
    assert done.state == "done"
    pipeline.run(house.customer_id)
    run(one)
    assert not Break.objects.exclude(status="closed").exists()


def test_an_order_that_never_came_is_fetched_by_its_number(house, web, store, operator):
    placed = requests.post(f"{store}/_sandbox/order", timeout=10, json={
        "date_created_gmt": "2026-03-02T13:00:00", "line_items": [
            {"sku": "TENT-2P", "quantity": 1, "price": "129.00", "total": "129.00"}]}).json()  # fmt: skip
    one = house.define(
        "orders",
        {"role": "channel", "source": "live", "endpoint": "web"},
        {"role": "erp", "source": "live", "endpoint": "books"},
        settle_minutes=1,
    )
    with clock.freeze(clock.now() + timedelta(minutes=20)):
        twice(one)
    found = only_break(one)
    assert (found.code, found.subject) == ("missed_order", str(placed["number"]))
    assert ExceptionCase.objects.get().severity == 1
    ana = Person.objects.get(email="operator@kestrel.test")
    done = reconcile_correct.ask(found.pk, "reingest", actor=ana, reason="The webhook was off")
    assert done.state == "done", done.outcome
    changes.touch(house.customer_id)
    pipeline.run(house.customer_id)
    with clock.freeze(clock.now() + timedelta(minutes=40)):
        run(one)
    assert Break.objects.get(code="missed_order").status == "closed"
