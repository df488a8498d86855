"""Vendure, Tryton and a warehouse behind OpenSSH's server, connected: from a checkout to its parcel."""

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from django_tenants.utils import schema_context

from monitoring.models import ExceptionCase
from tests.counterparts.openssh_running import openssh
from tests.counterparts.trade import FOLDERS, Depot, Trade
from tests.counterparts.tryton_running import Tryton
from tests.counterparts.vendure_running import Vendure, vendure
from tests.scenarios import committed

pytestmark = [
    pytest.mark.counterpart(
        system="vendure, tryton, openssh", flow="a checkout becomes a sale, a 940 and a parcel"
    ),
    pytest.mark.db,
]


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


def fulfilled(shop: Vendure, placed: dict[str, Any], state: str) -> bool:
    return shop.order(placed["id"])["state"] == state


def shipped(erp: Tryton, placed: dict[str, Any], state: str = "sent") -> bool:
    return [sale["shipment_state"] for sale in erp.sales(placed["code"])] == [state]


def told(advice: str, *segment: str) -> list[str]:
    """What stands behind the beginning of a segment of an X12 text."""
    begins = re.escape("*".join(segment))
    return re.findall(rf"(?:^|[~\n]){begins}\*([^*~]+)", advice)


def test_a_checkout_becomes_a_sale_and_a_parcel_whose_tracking_comes_back(
    trade: Trade, shop: Vendure, erp: Tryton, depot: Depot
) -> None:
    placed = shop.buy([("TENT-2P", 2), ("STOVE-1", 1)])
    before = erp.quantity("TENT-2P")
    trade.work(lambda: fulfilled(shop, placed, "Shipped") and shipped(erp, placed))
    number = placed["code"]

    [ours] = depot.taken("940", number)
    print(ours)
    [advice] = depot.given("945", number)
    print(advice)
    [sale] = erp.sales(number)
    print(sale)
    print(shop.order(placed["id"]))
    print(trade.order(number).state)
    assert ExceptionCase.objects.count() == 0
