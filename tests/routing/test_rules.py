"""Rules as data: what is refused, and how it is said."""

from typing import Any

import pytest

from integrations.routing import check_rules, compile_rules

pytestmark = pytest.mark.pure


def rule(**parts: Any) -> dict[str, Any]:
    return {"n": 10, "if": {}, "then": {"allow": ["RNO1"]}, **parts}


def test_every_condition_and_action_is_accepted() -> None:
    conditions = {
        "ship_to.region": ["HI", "AK"],
        "ship_to.country": "US",
        "ship_to.postal_prefix": ["967", "968"],
        "channel": "webshop",
        "customer_group": ["dealer"],
        "order_value": {"min": "10.00", "max": 500},
        "any_item.hazmat": True,
        "any_item.tag": "bulky",
        "sku": ["TENT-2P"],
        "service_level": "AIR2",
        "weekday": ["mon", "sun"],
        "tags": ["vip"],
    }
    actions = {
        "allow": ["RNO1", "ATL2"],
        "exclude": "DFW1",
        "require_site_flag": "hazmat",
        "force": "RNO1",
        "rank": ["complete", "promise", "landed_cost", "balance", "region", "site_order"],
        "split": "never",
    }
    assert check_rules([{"n": 10, "if": conditions, "then": actions}]) == []


@pytest.mark.parametrize(
    ("rules", "problem"),
    [
        ({"n": 10}, "rules: must be a list of rules"),
        (["allow RNO1"], 'rule at position 1: must be {"n", "if", "then"}'),
        ([rule(n="10")], "rule at position 1: n: must be a whole number above zero"),
        ([rule(n=True)], "rule at position 1: n: must be a whole number above zero"),
        ([rule(when={})], "rule 10: when: unknown key"),
        ([rule(then={})], "rule 10: then: needs at least one action"),
        ([{"n": 10, "then": {"force": "RNO1"}}], "rule 10: if: must be an object"),
        ([{"n": 10, "if": {}}], "rule 10: then: must be an object"),
        (
            [rule(**{"if": {"ship_to.region": []}})],
            "rule 10: if.ship_to.region: must be a text or a list of texts",
        ),
        (
            [rule(**{"if": {"sku": ["TENT-2P", 7]}})],
            "rule 10: if.sku: must be a text or a list of texts",
        ),
        (
            [rule(**{"if": {"any_item.hazmat": "yes"}})],
            "rule 10: if.any_item.hazmat: must be true or false",
        ),
        (
            [rule(**{"if": {"order_value": {"above": 5}}})],
            (
                'rule 10: if.order_value: must be {"min": number, "max": number}, '
                "either may be left out"
            ),
        ),
        (
            [rule(**{"if": {"order_value": {"min": "1,000"}}})],
            "rule 10: if.order_value: min must be a number",
        ),
        (
            [rule(**{"if": {"order_value": {"min": float("nan")}}})],
            "rule 10: if.order_value: min must be a number",
        ),
        (
            [rule(**{"if": {"order_value": {"min": 6, "max": "5.99"}}})],
            "rule 10: if.order_value: min is above max",
        ),
        (
            [rule(**{"if": {"weekday": ["friday"]}})],
            "rule 10: if.weekday: 'friday' is not one of mon, tue, wed, thu, fri, sat, sun",
        ),
        ([rule(then={"force": ["RNO1"]})], "rule 10: then.force: must be one site code"),
        ([rule(then={"rank": "complete"})], "rule 10: then.rank: must be a list of criteria"),
        (
            [rule(then={"rank": ["complete", "complete"]})],
            "rule 10: then.rank: names a criterion twice",
        ),
        (
            [rule(then={"rank": ["distance"]})],
            (
                "rule 10: then.rank: 'distance' is not one of complete, promise, landed_cost, "
                "balance, region, site_order"
            ),
        ),
    ],
)
def test_a_bad_rule_is_named_with_its_key(rules: Any, problem: str) -> None:
    assert check_rules(rules) == [problem]


def test_a_misspelt_condition_is_refused_with_the_words_that_exist() -> None:
    assert check_rules([rule(**{"if": {"ship_to.regoin": ["HI"]}})]) == [
        (
            "rule 10: if.ship_to.regoin: unknown key, use ship_to.region, ship_to.country, "
            "ship_to.postal_prefix, channel, customer_group, order_value, any_item.hazmat, "
            "any_item.tag, sku, service_level, weekday, tags"
        )
    ]


def test_every_problem_of_every_rule_is_told_at_once() -> None:
    rules = [rule(n=20, then={"force": ""}), rule(n=20, **{"if": {"channel": 5}})]
    assert check_rules(rules) == [
        "rule 20: then.force: must be one site code",
        "rule 20: if.channel: must be a text or a list of texts",
        "rule 20: n: must be above 20, rules stand in the order of their numbers",
    ]


def test_splitting_carriers_and_transport_modes_are_refused_and_not_ignored() -> None:
    actions = {"split": {"max": 2, "min_saving": 8.0}, "service": "AIR2", "mode": ["M"]}
    known = "allow, exclude, require_site_flag, force, rank, split"
    assert check_rules([rule(then=actions)]) == [
        f"rule 10: then.mode: unknown key, use {known}",
        f"rule 10: then.service: unknown key, use {known}",
        'rule 10: then.split: only "never" is supported: an order ships from one site',
    ]


def test_rules_with_a_problem_are_not_compiled() -> None:
    with pytest.raises(ValueError, match=r"^rule 10: then\.force: must be one site code$"):
        compile_rules([rule(then={"force": ""})])
