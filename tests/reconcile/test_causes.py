"""What a gap looks like."""

from datetime import timedelta
from fractions import Fraction

import pytest

from monitoring.reconcile import Item, Past, Seen, Suspect, all_off, causes, judge, twins
from tests.reconcile.sides import TWO, cased, erp, level, movement, run, warehouse

pytestmark = pytest.mark.pure
DAY = timedelta(days=1)
PLAIN = Item()


def judged(left, right, *, gaps=(), moved=(), every=DAY, items=None, **more):
    """A row of the last of several runs, a day apart, whose gaps were `gaps`."""
    result = run(
        erp(level("TENT-2P", left)),
        warehouse(level("TENT-2P", right)),
        movements=moved,
        items=items,
    )
    (row,) = result.rows
    trail = tuple(Seen(TWO - (len(gaps) - n) * every, gap) for n, gap in enumerate(gaps))
    past = {row.key: Past(gaps[-1], 1, trail[0].at, trail)} if gaps else {}
    (found,) = judge(result.rows, past, at=TWO, agreeing_runs=1)
    return found


def codes(found):
    return [cause.code for cause in found]


def test_a_gap_of_whole_cases_was_booked_in_the_wrong_unit():
    (cause,) = causes(judged(500, 476), item=cased(12))
    assert (cause.code, cause.confidence) == ("unit", 0.7)
    assert cause.evidence == (("Unit", "1 CA = 12 EA"), ("Gap", "−24 = −2 CA"))


def test_sides_that_are_a_case_apart_count_in_different_units():
    (cause,) = causes(judged(24, 2), item=cased(12))
    assert (cause.code, cause.confidence) == ("unit", 0.95)  # 24 = 2 × 12, though 22 is no multiple


def test_a_gap_that_is_no_whole_case_is_not_about_units():
    assert causes(judged(500, 475), item=cased(12)) == []


def test_a_945_that_never_came_is_named_with_its_order():
    lost = Suspect("SO-77", 7, TWO - DAY, reports=0)
    other = Suspect("SO-78", 6, TWO - DAY, reports=0)
    (cause,) = causes(judged(100, 93), item=PLAIN, suspects=[other, lost])
    assert (cause.code, cause.confidence) == ("lost_945", 0.9)
    assert cause.sentence == "The gap is just what order SO-77 took: its 945 was lost."
    assert ("945s received", "0") in cause.evidence


def test_a_945_that_was_booked_twice_is_named_with_its_order():
    twice = Suspect("SO-77", 7, TWO - DAY, shipment="SH-9", reports=2, postings=2)
    once = Suspect("SO-79", 7, TWO - DAY, reports=1, postings=1)
    (cause,) = causes(judged(93, 100), item=PLAIN, suspects=[once, twice])
    assert (cause.code, cause.confidence) == ("doubled_945", 0.9)
    assert ("Shipment", "SH-9") in cause.evidence


def test_several_orders_of_that_quantity_make_each_less_probable():
    suspects = [Suspect(f"SO-{n}", 7, TWO - DAY, reports=0) for n in range(4)]
    found = causes(judged(100, 93), item=PLAIN, suspects=suspects)
    assert [cause.confidence for cause in found] == [0.45] * 3  # 0.9 / √4, the first three


def test_an_order_that_was_reported_and_booked_once_is_no_suspect():
    suspects = [Suspect("SO-77", 7, TWO - DAY, reports=1, postings=1)]
    assert causes(judged(100, 93), item=PLAIN, suspects=suspects) == []


def test_a_gap_that_never_changes_is_the_opening_balance():
    (cause,) = causes(judged(100, 95, gaps=[-5] * 30), item=PLAIN)
    assert (cause.code, cause.confidence) == ("opening_balance", 0.8)
    assert cause.evidence == (("Since", "31 Jan 2026"), ("Runs that agree", "31"))


@pytest.mark.parametrize(("days", "found"), [(6, []), (7, ["opening_balance"])])
def test_an_offset_of_less_than_a_week_proves_nothing(days, found):
    assert codes(causes(judged(100, 95, gaps=[-5] * days), item=PLAIN)) == found


def test_a_gap_that_changed_once_is_no_opening_balance():
    assert causes(judged(100, 95, gaps=[-3] + [-5] * 20), item=PLAIN) == []


def test_a_gap_that_grows_every_day_is_a_movement_that_is_not_booked():
    (cause,) = causes(judged(100, 91, gaps=[-2, -4, -7]), item=PLAIN)
    assert (cause.code, "issues" in cause.sentence) == ("unposted_movement", True)
    assert cause.evidence == (
        ("Gaps by day", "−2, −4, −7, −9"),
        ("A day", "−2.33"),
    )


def test_a_gap_that_grows_upwards_is_receipts():
    (cause,) = causes(judged(100, 104, gaps=[1, 2, 3]), item=PLAIN)
    assert "receipts" in cause.sentence


@pytest.mark.parametrize("gaps", [[-2, -4, -4], [-8, -4, -7], [-4, -7]])
def test_a_gap_that_does_not_grow_every_day_is_something_else(gaps):
    assert "unposted_movement" not in codes(causes(judged(100, 91, gaps=gaps), item=PLAIN))


def test_hours_of_one_day_are_one_day():
    found = judged(100, 91, gaps=[-2, -4, -7], every=timedelta(minutes=20))
    assert "unposted_movement" not in codes(causes(found, item=PLAIN))


def test_a_gap_that_doubled_is_a_wrong_sign():
    (cause,) = causes(judged(100, 90, gaps=[-5, -5]), item=PLAIN)
    assert (cause.code, cause.confidence) == ("sign_error", 0.85)
    assert cause.evidence == (("Gap before", "−5"), ("Gap now", "−10"))


def test_twice_an_adjustment_is_that_adjustment_with_the_wrong_sign():
    posted = {"3PL": TWO - DAY, "ERP": TWO - DAY}
    moved = [movement("TENT-2P", -5, TWO - DAY, "adjust", "ADJ-4", posted=posted)]
    (first, *_) = causes(judged(100, 90, moved=moved), item=PLAIN)
    assert (first.code, first.confidence, "ADJ-4" in first.sentence) == ("sign_error", 0.9, True)


def test_an_item_without_a_row_at_the_warehouse_is_not_cross_referenced():
    result = run(erp(level("TENT-2P", 8)), warehouse())
    (found,) = judge(result.rows, {}, at=TWO, agreeing_runs=1)
    (cause,) = causes(found, item=PLAIN)
    assert (cause.code, cause.confidence) == ("not_cross_referenced", 0.85)


def test_an_item_without_a_row_in_the_erp_is_not_cross_referenced():
    result = run(erp(), warehouse(level("T2-OLD", 8)))
    (found,) = judge(result.rows, {}, at=TWO, agreeing_runs=1)
    (cause,) = causes(found, item=PLAIN)
    assert (cause.code, cause.confidence) == ("not_cross_referenced", 0.85)
    assert cause.sentence == (
        "The ERP has no row for T2-OLD: the item code is not cross-referenced."
    )


def test_an_unknown_item_is_no_opening_balance_however_long_it_stands():
    left, right = erp(level("TENT-2P", 8)), warehouse()
    result = run(left, right)
    trail = tuple(Seen(TWO - DAY * n, -8) for n in range(30, 0, -1))
    past = {result.rows[0].key: Past(-8, 30, TWO - DAY * 30, trail)}
    (found,) = judge(result.rows, past, at=TWO, agreeing_runs=1)
    assert [one.code for one in causes(found, item=PLAIN)] == [
        "not_cross_referenced",
        "opening_balance",
    ]


def test_another_code_with_the_same_stock_at_the_same_site_is_named():
    left = erp(level("TENT-2P", 8), level("MUG", 3), level("CUP", 3))
    right = warehouse(level("10-00217", 8), level("M-1", 3), level("X", 8, site="DFW1"))
    moved = [movement("TENT-2P", -1, TWO - DAY, posted={"3PL": TWO - DAY, "ERP": TWO - DAY})]
    result = run(left, right, movements=moved)
    found = twins(result.rows)
    assert {key.sku: twin.sku for key, twin in found.items()} == {"TENT-2P": "10-00217"}
    (one,) = (
        one
        for one in judge(result.rows, {}, at=TWO, agreeing_runs=1)
        if one.row.key.sku == "TENT-2P"
    )
    (cause,) = causes(one, item=PLAIN, twin=found[one.row.key])
    assert cause.confidence == 0.9 and "10-00217" in cause.sentence


def test_when_all_rows_are_off_it_is_the_report_and_no_item():
    skus = [f"A{n}" for n in range(20)]
    left = erp(*(level(sku, 10) for sku in skus))
    wrong_time = run(left, warehouse(*(level(sku, 9) for sku in skus)))
    few = run(left, warehouse(*(level(sku, 10) for sku in skus[:3])))
    assert all_off(wrong_time).code == "wrong_snapshot_time"
    assert all_off(few).code == "delta_read_as_full"
    one_off = run(left, warehouse(*(level(sku, 10) for sku in skus[:-1]), level("A19", 9)))
    assert all_off(one_off) is None
    found = judge(wrong_time.rows, {}, at=TWO, agreeing_runs=1)[0]
    assert causes(found, item=cased(1), everywhere=all_off(wrong_time))[0].confidence == 0.97


def test_four_of_five_are_nearly_all():
    def off(count):
        right = [level(f"A{n}", 9 if n < count else 10) for n in range(10)]
        return all_off(run(erp(*(level(f"A{n}", 10) for n in range(10))), warehouse(*right)))

    assert (off(7), off(8).evidence) == (None, (("Pairs that differ", "8 of 10"),))


def test_the_most_probable_cause_stands_first():
    lost = Suspect("SO-77", 24, TWO - DAY, reports=0)
    found = causes(judged(100, 76), item=cased(12), suspects=[lost])
    assert codes(found) == ["lost_945", "unit"]


def test_fractions_of_a_case_are_exact():
    item = Item("LTR", {"DRM": Fraction(100, 3)})
    found = judged(200, 100, items={"TENT-2P": item})
    assert causes(found, item=item)[0].evidence[1] == ("Gap", "−100 = −3 DRM")
