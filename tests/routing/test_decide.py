"""Which site is chosen, and what is said about it."""

import itertools
import json
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from integrations.routing import Quote, Site
from tests.routing.orders import ATL2, DFW1, RNO1, SITES, order, route

pytestmark = pytest.mark.pure

HARBOR: list[dict[str, Any]] = [
    {"n": 10, "if": {"ship_to.region": ["HI", "AK", "PR"]}, "then": {"allow": ["RNO1"]}},
    {"n": 20, "if": {"any_item.hazmat": True}, "then": {"require_site_flag": "hazmat"}},
    {"n": 30, "if": {"channel": "retailer-x"}, "then": {"force": "ATL2", "split": "never"}},
    {
        "n": 90,
        "if": {},
        "then": {"rank": ["complete", "promise", "landed_cost", "balance", "site_order"]},
    },
]
GAS = frozenset({"GAS-230"})
GAS_EVERYWHERE = {(site.code, "GAS-230"): Decimal(40) for site in SITES}


def tents(**levels: int) -> dict[tuple[str, str], Decimal]:
    return {(site, "TENT-2P"): Decimal(quantity) for site, quantity in levels.items()}


def rank(*criteria: str) -> list[dict[str, Any]]:
    return [{"n": 90, "if": {}, "then": {"rank": list(criteria)}}]


def test_a_dangerous_order_goes_to_the_cheapest_site_with_the_permit() -> None:
    decision = route(
        order(lines=[("GAS-230", "1")], requested_delivery="2026-03-06"),
        HARBOR,
        stock=GAS_EVERYWHERE,
        hazmat_skus=GAS,
        quotes={
            "RNO1": Quote(date(2026, 3, 4), Decimal("5.10")),
            "ATL2": Quote(date(2026, 3, 6), Decimal("9.12")),
            "DFW1": Quote(date(2026, 3, 5), Decimal("9.80")),
        },
    )
    assert decision.chosen == "ATL2"
    assert decision.ranked == ("ATL2", "DFW1")
    assert decision.problem is None
    assert decision.reasons == (
        "RNO1 rejected: hazmat flag missing (rule 20)",
        (
            "ATL2 chosen: complete, promise 2026-03-06 met, cost 9.12, leaves 97% of GAS-230, "
            "site order 2"
        ),
        (
            "DFW1 second: complete, promise 2026-03-06 met, cost 9.80, leaves 97% of GAS-230, "
            "site order 3"
        ),
    )


def test_an_order_to_hawaii_is_allowed_from_reno_only() -> None:
    decision = route(order(region="HI"), HARBOR)
    assert decision.ranked == ("RNO1",)
    assert decision.reasons[:2] == (
        "ATL2 rejected: not allowed (rule 10)",
        "DFW1 rejected: not allowed (rule 10)",
    )


def test_a_retailers_order_ships_from_its_forced_site() -> None:
    decision = route(order(channel="retailer-x"), HARBOR)
    assert decision.ranked == ("ATL2",)
    assert decision.reasons == (
        "RNO1 rejected: ATL2 is forced (rule 30)",
        "DFW1 rejected: ATL2 is forced (rule 30)",
        (
            "ATL2 chosen: forced (rule 30), complete, no promise made, cost unknown, "
            "leaves 90% of TENT-2P, site order 2"
        ),
    )


def test_without_rules_complete_sites_stand_in_their_fixed_order() -> None:
    decision = route(order())
    assert decision.ranked == ("RNO1", "ATL2", "DFW1")
    assert decision.reasons[0] == "RNO1 chosen: complete, site order 1"


def test_the_explanation_is_json_and_names_rules_ranking_and_every_site() -> None:
    decision = route(
        order(lines=[("GAS-230", "1")]),
        [HARBOR[1], *rank("complete")],
        stock=GAS_EVERYWHERE,
        hazmat_skus=GAS,
    )
    assert json.loads(json.dumps(decision.explanation)) == {
        "chosen": "ATL2",
        "problem": None,
        "text": "RNO1 rejected: hazmat flag missing (rule 20); "
        "ATL2 chosen: complete, site order 2; DFW1 second: complete, site order 3",
        "rules": [20, 90],
        "rank": ["complete", "site_order"],
        "sites": [
            {"site": "ATL2", "place": 1, "why": "complete, site order 2"},
            {"site": "DFW1", "place": 2, "why": "complete, site order 3"},
            {"site": "RNO1", "place": None, "why": "hazmat flag missing (rule 20)"},
        ],
    }


def test_a_site_that_cannot_ship_every_line_is_rejected_with_the_figures() -> None:
    decision = route(order(), stock=tents(RNO1=9, ATL2=10))
    assert decision.ranked == ("ATL2",)
    assert decision.reasons[0] == "RNO1 rejected: TENT-2P needs 10, has 9"
    assert decision.reasons[1] == "DFW1 rejected: TENT-2P needs 10, has 0"


def test_two_lines_of_one_sku_need_their_sum() -> None:
    decision = route(order(lines=[("TENT-2P", "6"), ("TENT-2P", "4.5")]), stock=tents(RNO1=10))
    assert decision.reasons[0] == "RNO1 rejected: TENT-2P needs 10.5, has 10"


def test_a_long_list_of_shortages_is_cut_after_three() -> None:
    lines = [(f"SKU-{n}", "1") for n in range(1, 6)]
    decision = route(order(lines=lines), sites=[RNO1], stock={})
    assert decision.reasons[0] == (
        "RNO1 rejected: SKU-1 needs 1, has 0, SKU-2 needs 1, has 0, SKU-3 needs 1, has 0, "
        "2 more short"
    )


def test_no_stock_anywhere_is_insufficient_stock() -> None:
    decision = route(order(), stock={})
    assert decision.chosen is None
    assert decision.ranked == ()
    assert decision.problem == "insufficient_stock"
    assert decision.reasons[-1] == "insufficient stock: no allowed site can ship every line"
    assert decision.explanation["problem"] == "insufficient_stock"


def test_unknown_stock_is_not_zero_but_ranks_after_a_complete_site() -> None:
    silent = Site("SEA1", order=0, stocked=False)
    decision = route(order(), sites=[silent, DFW1])
    assert decision.reasons == (
        "DFW1 chosen: complete, site order 3",
        "SEA1 second: stock unknown, site order 0",
    )
    assert route(order(), sites=[silent], stock={}).chosen == "SEA1"


def test_unknown_stock_ranks_last_even_where_the_ranking_does_not_name_complete() -> None:
    silent = Site("SEA1", order=0, stocked=False)
    assert route(order(), rank("site_order"), sites=[silent, DFW1]).chosen == "DFW1"


def test_a_ranking_may_put_complete_later_on_purpose() -> None:
    silent = Site("SEA1", order=0, stocked=False)
    assert route(order(), rank("site_order", "complete"), sites=[silent, DFW1]).chosen == "SEA1"


def test_an_inactive_site_is_rejected() -> None:
    decision = route(order(), sites=[RNO1._replace(active=False), ATL2])
    assert decision.chosen == "ATL2"
    assert decision.reasons[0] == "RNO1 rejected: not active"
    assert (decision.chosen, decision.waits) == ("ATL2", False)


def test_an_inactive_site_is_chosen_to_wait_for_where_no_active_one_could_ship() -> None:
    sites = [RNO1._replace(active=False), ATL2._replace(active=False)]
    decision = route(order(), [{"n": 10, "if": {}, "then": {"allow": ["RNO1"]}}], sites=sites)
    assert (decision.chosen, decision.problem, decision.waits) == ("RNO1", None, True)
    assert decision.reasons == (
        "ATL2 rejected: not active, not allowed (rule 10)",
        "RNO1 chosen: paused, the order waits for it, complete, site order 1",
    )


def test_allow_lists_narrow_each_other_and_flags_add_up() -> None:
    rules = [
        {"n": 1, "if": {}, "then": {"allow": ["RNO1", "ATL2"]}},
        {"n": 2, "if": {}, "then": {"allow": ["ATL2", "DFW1"], "require_site_flag": "hazmat"}},
        {"n": 3, "if": {}, "then": {"require_site_flag": ["hazmat", "cold"]}},
    ]
    decision = route(order(), rules)
    assert decision.reasons == (
        (
            "RNO1 rejected: not allowed (rule 2), hazmat flag missing (rule 2), "
            "hazmat flag missing (rule 3), cold flag missing (rule 3)"
        ),
        "ATL2 rejected: cold flag missing (rule 3)",
        "DFW1 rejected: not allowed (rule 1), cold flag missing (rule 3)",
        "no site allowed",
    )
    assert decision.problem == "no_site_allowed"


def test_an_excluded_site_is_left_out() -> None:
    decision = route(order(), [{"n": 5, "if": {}, "then": {"exclude": ["RNO1"]}}])
    assert decision.ranked == ("ATL2", "DFW1")
    assert decision.reasons[0] == "RNO1 rejected: excluded (rule 5)"


def test_the_first_matching_force_wins_over_later_ones_and_over_allow_and_exclude() -> None:
    rules = [
        {"n": 1, "if": {"channel": "phone"}, "then": {"force": "RNO1"}},
        {"n": 2, "if": {}, "then": {"force": "DFW1"}},
        {"n": 3, "if": {}, "then": {"force": "ATL2"}},
        {"n": 4, "if": {}, "then": {"allow": "RNO1", "exclude": "DFW1"}},
    ]
    assert route(order(), rules).ranked == ("DFW1",)


def test_a_forced_site_still_needs_its_permit_and_its_stock() -> None:
    force = {"n": 30, "if": {}, "then": {"force": "RNO1"}}
    gas = order(lines=[("GAS-230", "1")])
    refused = route(gas, [HARBOR[1], force], stock=GAS_EVERYWHERE, hazmat_skus=GAS)
    assert refused.problem == "no_site_allowed"
    assert refused.reasons[0] == "RNO1 rejected: hazmat flag missing (rule 20)"
    empty = route(order(), [force], stock=tents(RNO1=0, ATL2=50))
    assert empty.problem == "insufficient_stock"


def test_a_forced_site_that_does_not_exist_is_said_plainly() -> None:
    decision = route(order(), [{"n": 30, "if": {}, "then": {"force": "ATL9"}}])
    assert decision.chosen is None
    assert decision.problem == "no_site_allowed"
    assert decision.reasons[-1] == "no site allowed: ATL9, forced by rule 30, is not a site here"


def test_a_customer_without_sites_gets_a_reason() -> None:
    decision = route(order(), sites=[])
    assert decision.problem == "no_site_allowed"
    assert decision.reasons == ("no site allowed: there is no site",)


def test_the_first_matching_ranking_counts() -> None:
    rules = [
        {"n": 1, "if": {"channel": "phone"}, "then": {"rank": ["site_order"]}},
        {"n": 2, "if": {}, "then": {"rank": ["balance"]}},
        {"n": 3, "if": {}, "then": {"rank": ["site_order"]}},
    ]
    assert route(order(), rules, stock=tents(RNO1=20, ATL2=200)).chosen == "ATL2"


def test_balance_looks_at_the_sku_that_is_drained_hardest() -> None:
    stock = {
        ("RNO1", "TENT-2P"): Decimal(1000),  # 990 of 1000 left
        ("RNO1", "LAMP"): Decimal(4),  # 3 of 4 left
        ("ATL2", "TENT-2P"): Decimal(200),  # 190 of 200 left
        ("ATL2", "LAMP"): Decimal(10),  # 9 of 10 left
    }
    body = order(lines=[("TENT-2P", "10"), ("LAMP", "1")])
    decision = route(body, rank("balance"), stock=stock)
    assert decision.reasons == (
        "DFW1 rejected: TENT-2P needs 10, has 0, LAMP needs 1, has 0",
        "ATL2 chosen: complete, leaves 90% of LAMP, site order 2",
        "RNO1 second: complete, leaves 75% of LAMP, site order 1",
    )


def test_a_kept_promise_goes_before_an_unknown_and_that_before_a_missed_one() -> None:
    quotes = {"RNO1": Quote(arrives=date(2026, 3, 7)), "DFW1": Quote(arrives=date(2026, 3, 6))}
    body = order(requested_delivery="2026-03-06T23:00:00Z")
    decision = route(body, rank("promise"), quotes=quotes)
    assert decision.reasons == (
        "DFW1 chosen: complete, promise 2026-03-06 met, site order 3",
        "ATL2 second: complete, arrival unknown, site order 2",
        "RNO1 third: complete, promise 2026-03-06 missed, site order 1",
    )


def test_the_lower_cost_goes_first_and_an_unknown_cost_last() -> None:
    quotes = {"DFW1": Quote(cost=Decimal("9.80")), "ATL2": Quote(cost=Decimal("10.00"))}
    assert route(order(), rank("landed_cost"), quotes=quotes).ranked == ("DFW1", "ATL2", "RNO1")


def test_a_site_in_the_region_of_the_order_goes_first_where_region_is_ranked() -> None:
    decision = route(order(region="tx"), rank("region"))
    assert decision.reasons[:2] == (
        "DFW1 chosen: complete, same region, site order 3",
        "RNO1 second: complete, other region, site order 1",
    )


def test_a_site_without_region_is_not_in_the_region_of_an_order_without_one() -> None:
    nowhere = Site("SEA1", order=1)
    stock = tents(SEA1=10)
    decision = route(order(region=""), rank("region"), sites=[nowhere], stock=stock)
    assert decision.reasons == ("SEA1 chosen: complete, other region, site order 1",)


def test_the_order_in_which_sites_are_given_changes_nothing() -> None:
    twins = (RNO1, ATL2._replace(order=1), DFW1._replace(order=1), Site("AAA1", stocked=False))
    closed = (Site("OLD1", active=False, order=9), Site("OLD2", active=False, order=8))
    decisions = [route(order(), sites=given) for given in itertools.permutations(twins + closed)]
    assert decisions[0].reasons[:2] == (
        "OLD2 rejected: not active, TENT-2P needs 10, has 0",
        "OLD1 rejected: not active, TENT-2P needs 10, has 0",
    )
    assert decisions[0].ranked == ("ATL2", "DFW1", "RNO1", "AAA1")
    assert all(decision == decisions[0] for decision in decisions)
