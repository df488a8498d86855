"""Key by key: what agrees, what does not, and what cannot be said."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitoring.reconcile import ALL, Item, Key, Movement, Tolerance, compare
from tests.reconcile.sides import HOUR, TWO, cased, definition, erp, level, movement, run, warehouse

pytestmark = pytest.mark.pure


def states(result):
    return {row.key.sku: row.state for row in result.rows}


def test_what_agrees_is_only_counted():
    result = run(erp(level("A", 5), level("B", 7)), warehouse(level("B", "7.0"), level("A", 5)))
    assert (result.rows, result.matched, result.counts()) == ((), 2, {"match": 2})
    assert result.tallies["RNO1"].units == 12


def test_an_item_of_one_side_alone_is_missing_at_the_other():
    result = run(erp(level("A", 5), level("B", 1)), warehouse(level("B", 1), level("C", 3)))
    assert states(result) == {"A": "missing_right", "C": "missing_left"}
    assert [row.gap for row in result.rows] == [-5, 3]
    assert result.tallies["RNO1"].phantom == 1  # only A: C has stock at the warehouse


def test_nothing_at_one_side_and_no_row_at_the_other_agree():
    assert run(erp(level("A", 0)), warehouse(level("B", 0))).matched == 2


def test_of_watched_keys_it_is_said_whether_they_were_looked_at_and_match():
    items = {"A": Item(item_class="A"), "B": Item(item_class="B"), "C": Item(item_class="A")}
    left = erp(level("A", 5), level("B", 5), level("C", 5))
    right = warehouse(level("A", 5), level("B", 5), level("C", 4))
    watched = [Key("RNO1", sku) for sku in "ABCD"]
    full, light = (
        compare(definition(), left, right, at=TWO, items=items, light=light, watched=watched)
        for light in (False, True)
    )
    assert (full.agreed, full.matched) == ({Key("RNO1", "A"), Key("RNO1", "B")}, 2)
    assert light.agreed == {Key("RNO1", "A")}
    assert compare(definition(), left, right, at=TWO, items=items).agreed == frozenset()


def test_a_report_of_changes_cannot_prove_zero():
    result = run(erp(level("A", 5), level("B", 5)), warehouse(level("B", 4), full=False))
    assert states(result) == {"A": "not_comparable", "B": "variance"}
    assert "report of changes" in result.rows[0].note


def test_cases_are_counted_as_the_pieces_in_them():
    items = {"MUG": cased(12)}
    result = run(erp(level("MUG", 24, uom="EA")), warehouse(level("MUG", 2, uom="CA")), items=items)
    assert result.matched == 1


def test_a_third_of_a_unit_stays_exact():
    items = {"OIL": Item("LTR", {"DRM": Fraction(100, 3)})}
    result = run(erp(level("OIL", 100)), warehouse(level("OIL", 3, uom="DRM")), items=items)
    assert result.matched == 1


@pytest.mark.parametrize("side", ["left", "right"])
def test_a_missing_conversion_is_never_a_factor_of_one(side):
    rows = [level("MUG", 24, uom="CA"), level("MUG", 24)]
    left, right = rows if side == "left" else rows[::-1]
    (row,) = run(erp(left), warehouse(right), items={"MUG": Item()}).rows
    assert row.state == "not_comparable"
    assert row.note == "Item MUG has no conversion for the unit CA. Add it to the item."


def test_an_item_nobody_knows_is_compared_in_the_unit_both_sides_use():
    assert run(erp(level("X", 3, uom="CA")), warehouse(level("X", 3, uom="CA"))).matched == 1
    (row,) = run(erp(level("X", 3, uom="CA")), warehouse(level("X", 3, uom="EA"))).rows
    assert (row.state, "CA and EA" in row.note) == ("not_comparable", True)


def test_a_movement_in_an_unknown_unit_makes_its_item_not_comparable():
    moved = movement("TENT-2P", -1, TWO - 9 * HOUR)._replace(uom="PL")
    (row,) = run(erp(level("TENT-2P", 2)), warehouse(level("TENT-2P", 2)), movements=[moved]).rows
    assert row.state == "not_comparable"


@pytest.mark.parametrize(
    ("left", "right", "state"),
    [
        (1000, 995, "in_tolerance"),  # 0.5 % of 1,000 is 5
        (1000, 994, "variance"),
        (10, 9, "in_tolerance"),  # 1 unit is more than 0.5 % of 10
        (10, "8.9", "variance"),
    ],
)
def test_what_is_weighed_may_differ_by_half_a_percent_or_one_unit(left, right, state):
    items = {"RICE": Item("KGM", weighed=True)}
    result = run(erp(level("RICE", left)), warehouse(level("RICE", right)), items=items)
    assert states(result) == {"RICE": state}


def test_a_class_may_have_a_tolerance_of_its_own():
    items = {"NUT": Item(item_class="C"), "TENT": Item(item_class="A")}
    rows = [level("NUT", 500), level("TENT", 500)]
    others = [level("NUT", 497), level("TENT", 499)]
    changes = {"tolerances": {"C": Tolerance(Fraction(1, 100), 0)}}
    result = run(erp(*rows), warehouse(*others), items=items, **changes)
    assert states(result) == {"NUT": "in_tolerance", "TENT": "variance"}
    assert result.tallies["RNO1"].agreed == 1


def test_a_gap_that_just_moved_is_in_flight():
    moved = movement("TENT-2P", -3, TWO - HOUR, posted={"3PL": TWO - HOUR, "ERP": TWO})
    result = run(erp(level("TENT-2P", 10)), warehouse(level("TENT-2P", 7)), movements=[moved])
    assert [(row.state, row.gap) for row in result.rows] == [("in_flight", -3)]


def test_a_gap_that_moved_long_ago_is_a_variance():
    moved = movement("TENT-2P", -3, TWO - 2 * HOUR, posted={"3PL": TWO - HOUR, "ERP": TWO})
    result = run(erp(level("TENT-2P", 10)), warehouse(level("TENT-2P", 7)), movements=[moved])
    assert [(row.state, row.moved) for row in result.rows] == [("variance", False)]


def test_lots_are_told_apart_where_both_sides_know_them():
    left = [level("A", 5, lot="L1"), level("A", 5, lot="L2")]
    right = [level("A", 6, lot="L1"), level("A", 4, lot="L2")]
    assert run(erp(*left), warehouse(*right)).matched == 1
    result = run(erp(*left), warehouse(*right), keys=("location", "sku", "lot"))
    assert [(row.key.lot, row.gap) for row in result.rows] == [("L1", 1), ("L2", -1)]


def test_lots_are_one_where_a_side_does_not_know_them():
    left = [level("A", 5, lot="L1"), level("A", 5, lot="L2")]
    keys = ("location", "sku", "lot")
    assert run(erp(*left), warehouse(level("A", 10)), keys=keys).matched == 1


def test_conditions_are_told_apart_when_the_key_says_so():
    left = [level("A", 8, condition="good"), level("A", 2, condition="damaged")]
    right = [level("A", 9, condition="good"), level("A", 1, condition="damaged")]
    assert run(erp(*left), warehouse(*right)).matched == 1
    result = run(erp(*left), warehouse(*right), keys=("location", "sku", "condition"))
    assert [row.gap for row in result.rows] == [-1, 1]


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"trailer": 3}, "its trailer says 3"),
        ({"yesterday": 13}, "the one before had 13"),  # 10 of 13 is 77 %
        ({"yesterday": 8}, "the one before had 8"),  # 10 of 8 is 125 %
    ],
)
def test_a_report_that_was_cut_off_is_refused_as_a_whole(more, said):
    rows = [level(f"A{n}", 1) for n in range(10)]
    result = run(erp(*rows), warehouse(*rows, **more))
    assert said in result.refused and (result.rows, result.matched) == ((), 0)


@pytest.mark.parametrize("yesterday", [9, 12, None, 0])  # 10 of 12 is 83 %, of 9 it is 111 %
def test_a_report_of_about_the_same_size_is_believed(yesterday):
    rows = [level(f"A{n}", 1) for n in range(10)]
    result = run(erp(*rows), warehouse(*rows, yesterday=yesterday, trailer=10))
    assert (result.refused, result.matched) == ("", 10)


def test_a_light_run_looks_at_class_a_and_at_what_is_used_up():
    items = {"TOP": Item(item_class="A"), "LOW": Item(item_class="C"), "OUT": Item(item_class="C")}
    left = erp(level("TOP", 9), level("LOW", 9), level("OUT", 9), level("MANY", 9))
    right = warehouse(level("TOP", 8), level("LOW", 8), level("OUT", 0), level("MANY", 9))
    result = run(left, right, items=items, light=True)
    assert states(result) == {"TOP": "variance", "OUT": "variance"}
    assert result.matched == 0


def test_a_row_of_another_moment_than_its_report_is_rolled_from_there():
    moved = movement("TENT-2P", -3, TWO - 9 * HOUR)
    early = level("TENT-2P", 10, at=TWO - 10 * HOUR)
    result = run(
        erp(level("TENT-2P", 7)),
        warehouse(early),
        movements=[moved._replace(posted={"ERP": TWO - 8 * HOUR, "3PL": TWO - 9 * HOUR})],
    )
    assert result.matched == 1


def test_every_figure_is_counted_at_its_site():
    items = {"A": Item(value=Decimal("2.50")), "B": Item(value=Decimal("10"))}
    left = erp(level("A", 4, site="RNO1"), level("B", 3, site="DFW1"))
    right = warehouse(level("A", 4, site="RNO1"), level("B", 1, site="DFW1"))
    reno, dallas = (run(left, right, items=items).tallies[site] for site in ("RNO1", "DFW1"))
    assert (reno.agreed_value, reno.off, reno.net) == (Decimal("10.00"), 0, 0)
    assert (dallas.value, dallas.agreed_value, dallas.off_value) == (30, 0, Decimal("20.00"))
    assert (dallas.off, dallas.net) == (2, -2)


@st.composite
def histories(draw):
    """A true ledger of one item: movements that each side books when it likes, or not yet."""
    hours = st.integers(-48, 3)
    moved = []
    for number in range(draw(st.integers(0, 6))):
        at = TWO + draw(hours) * HOUR
        posted = {"3PL": at}
        if draw(st.booleans()):
            posted["ERP"] = at + draw(st.integers(0, 6)) * HOUR
        moved.append((draw(st.integers(-9, 9)), at, posted, f"M{number}"))
    return moved


@given(histories(), st.integers(0, 4), st.integers(0, 4))
def test_sides_that_are_behind_agree_once_they_are_rolled(history, erp_hours, warehouse_hours):
    moved = [
        Movement("RNO1", "TENT-2P", ALL, ALL, "", str(q), at, "ship", name, posted=posted)
        for q, at, posted, name in history
    ]

    def figure(side, as_of):
        return 100 + sum(
            q for q, _, posted, _ in history if posted.get(side, as_of + HOUR) <= as_of
        )

    ends = TWO + erp_hours * HOUR, TWO + warehouse_hours * HOUR
    result = run(
        erp(level("TENT-2P", figure("ERP", ends[0])), as_of=ends[0]),
        warehouse(level("TENT-2P", figure("3PL", ends[1])), as_of=ends[1]),
        movements=moved,
    )
    assert (result.rows, result.matched) == ((), 1)


@given(
    st.lists(
        st.tuples(st.sampled_from("ABCDE"), st.integers(-3, 9), st.integers(-3, 9)), max_size=9
    )
)
def test_the_order_of_the_rows_changes_nothing(rows):
    left, right = [level(s, q) for s, q, _ in rows], [level(s, q) for s, _, q in rows]
    there = run(erp(*left), warehouse(*right))
    back = run(erp(*left[::-1]), warehouse(*right[::-1]))
    assert (there.rows, there.matched, there.tallies) == (back.rows, back.matched, back.tallies)
    assert there.matched + len(there.rows) == len({s for s, _, _ in rows})


def test_a_quantity_that_is_no_number_is_an_error():
    with pytest.raises(ValueError, match="“many” is no quantity"):
        run(erp(level("A", "many")), warehouse(level("A", 1)))
