"""Vendure, Tryton and a warehouse behind OpenSSH's server, connected: from a checkout to its parcel."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django_tenants.utils import schema_context

from integrations.models import Endpoint, Message, Problem, Record
from monitoring.models import ExceptionCase
from tests.counterparts.openssh_running import openssh
from tests.counterparts.trade import FOLDERS, Depot, Trade
from tests.counterparts.tryton_running import Tryton
from tests.counterparts.vendure_running import Vendure, vendure
from tests.scenarios import committed

pytestmark = [pytest.mark.counterpart(system="vendure, tryton, openssh"), pytest.mark.db]
CASH = pytest.mark.counterpart(
    flow="a checkout becomes a sale, a 940 and a parcel with its tracking"
)
STOCK = pytest.mark.counterpart(flow="stock of ERP and warehouse is for sale in the shop")
ONCE = pytest.mark.counterpart(flow="nothing twice: killed workers, repeated parcels, a slow ERP")
REFUSED = pytest.mark.counterpart(flow="goods the ERP does not have: a case, mended and retried")


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Vendure]:
    with vendure(tmp_path_factory.mktemp("vendure")) as started:
        yield started


@pytest.fixture(scope="module")
def depot() -> Iterator[Depot]:
    with openssh(FOLDERS) as server:
        started = Depot(server)
        yield started
        started.close()


@pytest.fixture(scope="module")
def trade(
    django_db_setup: None, django_db_blocker: Any, shop: Vendure, erp: Tryton, depot: Depot
) -> Iterator[Trade]:
    with django_db_blocker.unblock(), committed.swept_afterwards():
        site = committed.site("kestrel")
        with schema_context("kestrel"):
            yield Trade(site, shop, erp, depot)


def state(shop: Vendure, placed: dict[str, Any]) -> str:
    return str(shop.order(placed["id"])["state"])


def on_hand(shop: Vendure, sku: str) -> int:
    return int(shop.variant(sku)["stockLevels"][0]["stockOnHand"])


def fulfilments(shop: Vendure, placed: dict[str, Any]) -> list[tuple[str, str, int]]:
    """State, tracking code and pieces of each."""
    return [
        (one["state"], one["trackingCode"], sum(line["quantity"] for line in one["lines"]))
        for one in shop.order(placed["id"])["fulfillments"]
    ]


def sales(erp: Tryton, placed: dict[str, Any]) -> list[str]:
    """How far each sale of the order has shipped: one, whatever happened."""
    return [sale["shipment_state"] for sale in erp.sales(placed["code"])]


def parcels(erp: Tryton, placed: dict[str, Any]) -> list[tuple[str, str | None, list[str]]]:
    """State, our number, and tracking notes of each shipment of the order's sale."""
    [sale] = erp.sales(placed["code"])
    found = []
    for number in sorted(sale["shipments"]):
        [one] = erp.find("stock.shipment.out", "state reference", ["id", "=", number])
        notes = erp.find("ir.note", "message", ["resource", "=", f"stock.shipment.out,{number}"])
        found.append((one["state"], one["reference"], [note["message"] for note in notes]))
    return found


def told(text: str, *segment: str) -> list[str]:
    """What stands behind the beginning of a segment of an X12 text."""
    return re.findall(rf"^{re.escape('*'.join(segment))}\*([^*~]+)", text, re.MULTILINE)


def cases() -> list[tuple[str, str]]:
    """What waits for a person."""
    found = ExceptionCase.objects.filter(closed_at=None).exclude(object_type="availability")
    return [(case.code, case.value) for case in found]


def words(placed: dict[str, Any]) -> str:
    """Why the order is held."""
    return Problem.objects.get(message__business_key__endswith=placed["code"], closed_at=None).text


def arrive(trade: Trade, shop: Vendure, erp: Tryton, *orders: dict[str, Any]) -> None:
    """Work until every system knows that the orders have left."""

    def known() -> bool:
        return all(
            state(shop, one) == "Shipped"
            and sales(erp, one) == ["sent"]
            and trade.is_at_rest(one["code"])
            for one in orders
        )

    trade.work(known)


@CASH
def test_a_checkout_becomes_a_sale_and_a_parcel_whose_tracking_comes_back(
    trade: Trade, shop: Vendure, erp: Tryton, depot: Depot
) -> None:
    lay = erp.quantity("TENT-2P")
    placed = shop.buy([("TENT-2P", 2), ("STOVE-1", 1)])
    number = placed["code"]
    arrive(trade, shop, erp, placed)

    [ours] = depot.taken("940", number)
    assert told(ours, "W05", "N") == [number]
    assert told(ours, "N1", "ST") == ["Sam Reyes"]
    assert told(ours, "W01", "2", "EA", "", "VN") == ["TENT-2P"]
    assert told(ours, "W01", "1", "EA", "", "VN") == ["STOVE-1B"]
    [advice] = depot.given("945", number)
    [parcel], [tracking] = re.findall(r"^W06\*F\*.*\*(.+)~", advice, re.M), told(advice, "N9", "CN")
    cartons = told(advice, "MAN", "GM")
    assert len(cartons) == 2

    assert fulfilments(shop, placed) == [("Shipped", tracking, 3)]
    [sale] = erp.sales(number)
    # 2 × 189.00 and 39.95, and 10 % tax of the products' category
    assert (sale["state"], sale["total_amount"]) == ("processing", "459.75")
    assert parcels(erp, placed) == [("done", parcel, [tracking])]
    assert erp.quantity("TENT-2P") == lay - 2
    [shipment] = Record.objects.filter(object_type="shipment", number=parcel)
    assert [line["sscc"] for line in shipment.body["lines"]] == [one[2:] for one in cartons]
    assert trade.order(number).state == "shipped"
    # Its 997 confirmed our 940, ours its 945; what came twice would count here.
    assert [one.state for one in trade.sent(trade.depot, "order", number)] == ["confirmed"]
    trade.work(lambda: depot.effects()["unacknowledged"] == [])
    assert depot.effects()["orders"][number] == 1
    assert cases() == []


@CASH
def test_what_the_warehouse_has_too_little_of_ships_in_part_everywhere(
    trade: Trade, shop: Vendure, erp: Tryton, depot: Depot
) -> None:
    depot.tell("misbehave", short=1)
    placed = shop.buy([("TENT-2P", 3)])
    trade.work(
        lambda: state(shop, placed) == "PartiallyShipped" and trade.is_at_rest(placed["code"])
    )
    [advice] = depot.given("945", placed["code"])
    [tracking] = told(advice, "N9", "CN")
    assert fulfilments(shop, placed) == [("Shipped", tracking, 2)]
    assert sales(erp, placed) == ["partially shipped"]
    [gone, rest] = parcels(erp, placed)
    assert (gone[0], gone[2]) == ("done", [tracking])
    assert rest == ("waiting", None, [])
    assert trade.order(placed["code"]).state == "partially_shipped"
    assert cases() == []


@STOCK
def test_what_is_free_in_the_erp_is_for_sale_in_the_shop(
    trade: Trade, shop: Vendure, erp: Tryton, depot: Depot
) -> None:
    depot.tell("misbehave", late_945=3600)
    placed = shop.buy([("STOVE-1", 3)])
    trade.work(lambda: sales(erp, placed) == ["waiting"] and trade.is_at_rest(placed["code"]))
    depot.tell("misbehave", late_945=0)
    erp.count("STOVE-1", 70)
    trade.polls(trade.erp, "stock")
    # Goods that the shop does not sell are told one by one and hinder nobody.
    # A look within the second of the sale counts the three twice, here and there: less is for sale until the
    # next one.
    unsold = ExceptionCase.objects.filter(object_type="availability", code="unknown_sku")
    trade.work(lambda: unsold.count() == 3 and on_hand(shop, "STOVE-1") == 70)
    assert {case.value for case in unsold} == {"MUG-330", "ROPE-10", "LAMP-LED"}
    # Three of the seventy are the order's, which waits in all three systems.
    [level] = shop.variant("STOVE-1")["stockLevels"]
    assert (level["stockOnHand"], level["stockAllocated"]) == (70, 3)
    assert cases() == []


@STOCK
def test_what_the_warehouse_counted_is_for_sale_in_the_shop(
    trade: Trade, shop: Vendure, depot: Depot
) -> None:
    assert on_hand(shop, "MUG-1") == 3
    depot.tell("inventory", skus=["MUG-12"])
    trade.work(lambda: on_hand(shop, "MUG-1") == 500)
    assert cases() == []


@ONCE
@pytest.mark.parametrize(
    "step", ["", "integrations.connectors.tryton.api:Api:press"], ids=["done", "half way"]
)
def test_a_worker_that_dies_once_the_erp_has_the_order_leaves_one_sale(
    trade: Trade, shop: Vendure, erp: Tryton, step: str
) -> None:
    placed = shop.buy([("TENT-2P", 1)])
    number = placed["code"]
    trade.work(lambda: bool(known(trade, number, trade.erp, "order")), resting=trade.erp)
    trade.die(trade.erp, step)
    assert len(erp.sales(number)) == 1
    assert [one.state for one in trade.sent(trade.erp, "order", number)] == ["sending"]
    arrive(trade, shop, erp, placed)
    [message] = trade.sent(trade.erp, "order", number)
    assert (message.state, message.attempts) == ("confirmed", 2)
    assert cases() == []


@ONCE
@pytest.mark.parametrize(
    "step",
    ["", "integrations.connectors.vendure.orders:OrderWriter:_shipped"],
    ids=["done", "half way"],
)
def test_a_worker_that_dies_once_the_shop_has_the_parcel_leaves_one_fulfilment(
    trade: Trade, shop: Vendure, erp: Tryton, step: str
) -> None:
    placed = shop.buy([("TENT-2P", 1)])
    number = placed["code"]
    trade.work(lambda: bool(known(trade, number, trade.shop, "shipment")), resting=trade.shop)
    trade.die(trade.shop, step)
    assert len(fulfilments(shop, placed)) == 1
    arrive(trade, shop, erp, placed)
    [message] = trade.sent(trade.shop, "shipment", number)
    assert (message.state, message.attempts) == ("confirmed", 2)
    assert len(fulfilments(shop, placed)) == 1


def known(trade: Trade, number: str, to: Endpoint, object_type: str) -> list[Message]:
    if not Record.objects.filter(object_type="order", number=number).exists():
        return []
    return list(trade.sent(to, object_type, number))


@ONCE
@pytest.mark.parametrize("fault", ["duplicate_945", "duplicate_file"])
def test_a_parcel_that_is_told_of_twice_is_one_fulfilment(
    trade: Trade, shop: Vendure, erp: Tryton, depot: Depot, fault: str
) -> None:
    depot.tell("misbehave", **{fault: 1})
    placed = shop.buy([("TENT-2P", 2)])
    trade.work(lambda: len(depot.given("945", placed["code"])) == 2)
    arrive(trade, shop, erp, placed)
    [(_, _, pieces)] = fulfilments(shop, placed)
    assert pieces == 2
    assert len(parcels(erp, placed)) == 1
    assert cases() == []


def refused(
    trade: Trade, shop: Vendure, erp: Tryton, sku: str
) -> tuple[dict[str, Any], ExceptionCase]:
    """An order that Tryton does not take and its case, once another order is through."""
    strange, usual = shop.buy([(sku, 1)]), shop.buy([("TENT-2P", 1)])
    trade.work(lambda: sales(erp, usual) == ["sent"] and state(shop, strange) == "Shipped")
    assert sales(erp, strange) == []
    [case] = ExceptionCase.objects.filter(closed_at=None, object_type="order")
    # What has left waits for its order.
    [shipment] = trade.sent(trade.erp, "shipment", strange["code"])
    assert shipment.state == "waiting"
    return strange, case


@REFUSED
def test_goods_that_the_erp_does_not_have_are_one_case_and_flow_once_it_has_them(
    trade: Trade, shop: Vendure, erp: Tryton
) -> None:
    placed, case = refused(trade, shop, erp, "TENT-4P")
    assert (case.code, case.value) == ("unknown_sku", "TENT-4P")
    assert words(placed) == "Tryton has no product with the code TENT-4P."
    erp.new_variant("TENT-4P", of="TENT-2P")
    trade.retry(case)
    arrive(trade, shop, erp, placed)
    assert cases() == []


@REFUSED
def test_goods_that_the_erp_does_not_sell_are_told_in_its_words_and_flow_once_it_does(
    trade: Trade, shop: Vendure, erp: Tryton
) -> None:
    erp.sells("STOVE-1", really=False)
    placed, case = refused(trade, shop, erp, "STOVE-1")
    assert case.code == "erp_refused"
    assert words(placed).startswith('Tryton says: The value "[STOVE-1] Camping stove" for field')
    erp.sells("STOVE-1", really=True)
    trade.retry(case)
    arrive(trade, shop, erp, placed)
    assert cases() == []


@ONCE
def test_more_orders_than_the_erp_takes_do_not_delay_the_warehouse(
    trade: Trade, shop: Vendure, erp: Tryton, depot: Depot
) -> None:
    pace = Endpoint.objects.filter(pk=trade.erp.pk)
    pace.update(rate_per_second=0.2)
    orders = [shop.buy([("TENT-2P", 1)]) for _ in range(4)]
    trade.work(lambda: all(depot.taken("940", one["code"]) for one in orders))
    behind = [one for one in orders if not erp.sales(one["code"])]
    assert len(behind) > 1
    pace.update(rate_per_second=50)
    arrive(trade, shop, erp, *orders)
    assert cases() == []
