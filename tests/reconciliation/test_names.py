"""One item under several names: both sides are compared by the item, and what has no name is told as that."""

import pytest
import requests

from integrations.domain import changes
from integrations.models import LookupRow, LookupTable
from monitoring.domain import reconcile_correct
from monitoring.domain.states import NotNowError
from monitoring.models import Break
from sandbox.catalog import opening_stock
from tests.pages.scenery import page, texts
from tests.reconciliation.conftest import ITEMS, only_break, run, twice
from tests.reconciliation.test_sources import store, three, web

__all__ = ["store", "web"]
pytestmark = [pytest.mark.db, pytest.mark.long]
TENTS = opening_stock("TENT-2P", "RNO1")


def name(house, code: str, sku: str, *, table: str = "sku") -> None:
    """Somebody adds a row to a crosswalk."""
    found, _ = LookupTable.objects.get_or_create(customer_id=house.customer_id, name=table)
    LookupRow.objects.create(table=found, code=code, value=sku)
    changes.touch(house.customer_id)


def report(house, sku: str, quantity: int, *, at: str) -> None:
    body = {"site": "RNO1", "sku": sku, "on_hand": str(quantity), "as_of": at, "uom": "EA"}
    house.arrive(house.reno, body, "inventory")


def put(house, item: str, quantity: int) -> None:
    house.erp.rows(
        "INSERT INTO item (item_no, descr, stock_uom, case_qty) VALUES (:item, 'X', 'EA', 1)",
        item=item,
    )
    house.erp.rows(
        "INSERT INTO stock (site, item_no, on_hand) VALUES ('RNO1', :item, :n)",
        item=item,
        n=quantity,
    )


def test_what_the_warehouse_reported_under_another_code_is_its_item(house):
    house.count()
    report(house, "T2", 9, at="2030-01-01T00:00:00Z")
    put(house, "A-100", 9)
    one = house.define()
    run(one)
    assert {b.sku: b.cause for b in Break.objects.all()} == dict.fromkeys(
        ("A-100", "T2"), "not_cross_referenced"
    )
    name(house, "T2", "A-100")
    run(one)
    assert not Break.objects.exclude(status="closed").exists()


def test_a_code_the_flows_only_send_is_known_when_it_comes_back(house):
    house.count()
    put(house, "T2-ERP", 9)
    name(house, "T2", "T2-ERP", table="erp_item")  # what goes out: our SKU → the ERP's item
    report(house, "T2", 9, at="2030-01-01T00:00:00Z")
    done = run(house.define())
    assert done.counts == {"match": 51, "oversell_risk": 0}  # the 50 of the catalog and T2


def test_two_codes_of_one_item_in_the_erp_are_added_up(house):
    house.count({"TENT-2P": 4})
    put(house, "TENT-OLD", 4)
    name(house, "TENT-OLD", "TENT-2P")
    assert run(house.define()).counts == {"match": 50, "oversell_risk": 0}


def test_a_report_from_before_its_crosswalk_row_does_not_count_twice(house):
    report(house, "T2", TENTS, at="2026-03-01T00:00:00Z")
    name(house, "T2", "TENT-2P")
    house.count()  # newer, and under the item itself
    assert run(house.define()).counts == {"match": 50, "oversell_risk": 0}


def test_an_sku_that_is_a_code_of_another_item_stays_its_own(house):
    house.count()
    put(house, "200", 5)
    put(house, "300", 7)
    name(house, "200", "100")  # the ERP's 200 is our 100, and its 300 is our 200
    name(house, "300", "200")
    report(house, "100", 5, at="2030-01-01T00:00:00Z")
    report(house, "200", 7, at="2030-01-01T00:00:00Z")
    done = run(house.define())
    assert done.counts["match"] == 50 + 2 and not Break.objects.exists()


def test_no_adjustment_is_offered_for_a_code_without_its_item(operator, house, ana):
    house.count()
    put(house, "A-100", 9)
    one = house.define()
    twice(one)
    found = only_break(one)
    with pytest.raises(NotNowError, match="Post an adjustment does not help against this."):
        reconcile_correct.ask(found.pk, "adjust", actor=ana, reason="Counted")
    shown = page(operator.get(f"/reconciliation/breaks/{found.pk}/"))
    assert "Post the adjustment" not in texts(shown, "aside h3")
    assert texts(shown, "#name-it h3") == ["Say which item it is"]
    assert shown.select_one("#name-it a")["href"] == "/lookups/"


def count_all_but(house, *skus: str) -> None:
    for sku in ITEMS.keys() - set(skus):
        report(house, sku, opening_stock(sku, "RNO1"), at="2026-03-02T14:00:00Z")


def shows(store: str, sku: str) -> int:
    found = requests.get(
        f"{store}/wp-json/wc/v3/products", {"sku": sku}, auth=("ck", "cs"), timeout=10
    )
    return found.json()[0]["stock_quantity"]


def test_a_shop_that_offers_what_no_site_has_is_a_risk(house, web, store, operator):
    count_all_but(house, "MUG-12", "LAMP-H3")
    house.erp.rows("DELETE FROM stock WHERE item_no = :item", item=ITEMS["LAMP-H3"])
    one = house.define("inventory", *three(house))
    done = twice(one)
    assert done.figures["oversell"] == 1  # nobody keeps the lamp: a shop may sell other things
    found = Break.objects.get(code="oversell_risk")
    assert (found.sku, found.gap) == ("MUG-12", str(shows(store, "MUG-12")))
    assert (found.status, found.cause) == ("open", "not_cross_referenced")
    shown = page(operator.get(f"/reconciliation/breaks/{found.pk}/"))
    assert "Send again" not in texts(shown, "aside h3")


def test_a_shop_listing_under_another_code_counts_for_its_item(house, web, store):
    count_all_but(house, "MUG-12")
    house.erp.rows("DELETE FROM stock WHERE item_no = :item", item=ITEMS["MUG-12"])
    LookupRow.objects.filter(code__in=("MUG-12", ITEMS["MUG-12"])).update(value="TENT-2P")
    changes.touch(house.customer_id)
    run(house.define("inventory", *three(house)))
    risk = Break.objects.get(code="oversell_risk")
    # Both listings together; the shop was told all that is free.
    assert (risk.sku, risk.gap) == ("TENT-2P", str(shows(store, "MUG-12")))
