"""Each condition, with an order it holds for and one it does not."""

from datetime import UTC, datetime
from typing import Any

import pytest

from tests.routing.orders import order, route

pytestmark = pytest.mark.pure


def holds(condition: dict[str, Any], body: dict[str, Any], **given: Any) -> bool:
    decision = route(body, [{"n": 10, "if": condition, "then": {"exclude": "DFW1"}}], **given)
    return bool(decision.explanation["rules"] == [10])


@pytest.mark.parametrize(
    ("condition", "matching", "other"),
    [
        ({"ship_to.region": ["HI", "AK"]}, {"region": "hi"}, {"region": "CA"}),
        ({"ship_to.region": "HI"}, {"region": "HI"}, {"region": ""}),
        ({"ship_to.country": ["CA"]}, {"country": "CA"}, {"country": "US"}),
        ({"ship_to.postal_prefix": ["941", "90"]}, {"postal_code": "94110"}, {"postal_code": "89"}),
        ({"ship_to.postal_prefix": "SW1A"}, {"postal_code": "sw1 a1aa"}, {"postal_code": "SW2"}),
        ({"channel": "retailer-x"}, {"channel": "retailer-x"}, {"channel": "Retailer-X"}),
        ({"order_value": {"min": 100}}, {"total": "100.00"}, {"total": "99.99"}),
        ({"order_value": {"max": "100.10"}}, {"total": "100.10"}, {"total": "100.11"}),
        ({"order_value": {"min": 5, "max": 5}}, {"total": "5.00"}, {"total": "5.01"}),
        ({"order_value": {"min": 0.1, "max": 5}}, {"total": "0.10"}, {"total": "5.01"}),
        (
            {"sku": ["STOVE", "TENT-2P"]},
            {"lines": [("LAMP", "1"), ("TENT-2P", "1")]},
            {"lines": [("LAMP", "1")]},
        ),
        ({"service_level": "AIR2"}, {"service_level": "AIR2"}, {}),
        ({"tags": ["vip", "press"]}, {"tags": ["new", "press"]}, {"tags": ["new"]}),
    ],
)
def test_a_condition_on_the_order_holds_only_for_the_matching_one(
    condition: dict[str, Any], matching: dict[str, Any], other: dict[str, Any]
) -> None:
    assert holds(condition, order(**matching))
    assert not holds(condition, order(**other))


def test_an_order_without_region_or_postal_code_matches_neither_condition() -> None:
    body = order()
    del body["ship_to"]["region"], body["ship_to"]["postal_code"]
    assert not holds({"ship_to.region": "CA"}, body)
    assert not holds({"ship_to.postal_prefix": "9"}, body)


def test_hazmat_looks_for_one_dangerous_item_among_the_lines() -> None:
    body = order(lines=[("TENT-2P", "1"), ("GAS-230", "2")])
    assert holds({"any_item.hazmat": True}, body, hazmat_skus=frozenset({"GAS-230"}))
    assert not holds({"any_item.hazmat": True}, body, hazmat_skus=frozenset({"OTHER"}))
    assert holds({"any_item.hazmat": False}, body, hazmat_skus=frozenset({"OTHER"}))


def test_an_item_tag_comes_from_the_products_of_the_lines() -> None:
    tags = {"TENT-2P": frozenset({"bulky"}), "LAMP": frozenset({"fragile"})}
    assert holds({"any_item.tag": ["bulky"]}, order(), item_tags=tags)
    assert not holds({"any_item.tag": ["fragile"]}, order(), item_tags=tags)


def test_a_customer_group_is_given_beside_the_order() -> None:
    assert holds({"customer_group": ["dealer"]}, order(), customer_group="dealer")
    assert not holds({"customer_group": ["dealer"]}, order())


def test_the_weekday_is_that_of_the_given_time_in_its_own_zone() -> None:
    friday = datetime(2026, 3, 6, 23, 59, tzinfo=UTC)
    assert holds({"weekday": ["fri", "sat"]}, order(), now=friday)
    assert not holds({"weekday": ["sat"]}, order(), now=friday)


def test_all_conditions_of_a_rule_must_hold() -> None:
    both = {"ship_to.region": "CA", "channel": "webshop"}
    assert holds(both, order(region="CA", channel="webshop"))
    assert not holds(both, order(region="CA", channel="phone"))


def test_a_rule_without_conditions_holds_for_every_order() -> None:
    assert holds({}, order())
