"""The way of an order line after it was sent."""

from datetime import UTC, datetime, timedelta

import pytest

from monitoring.reconcile.milestones import (
    STEPS,
    LineTrail,
    Report,
    first_missing,
    repeated,
    reused_tracking,
)

pytestmark = pytest.mark.pure
NOW = datetime(2026, 3, 5, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
RELEASED = NOW - 100 * HOUR


def trail(order="SO-1", steps=STEPS, **hours_after):
    happened = {step: RELEASED + hours * HOUR for step, hours in hours_after.items()}
    return LineTrail(order, "1", "MUG", RELEASED, steps, happened)


def missing(*trails, at=NOW):
    return [(one.order, one.step) for one in first_missing(trails, at=at)]


def test_only_the_first_missing_step_is_told():
    assert missing(trail(sent=0)) == [("SO-1", "acknowledged")]


def test_the_step_says_by_when_it_should_have_come():
    (found,) = first_missing([trail(sent=0, acknowledged=1)], at=NOW)
    assert found.due_at == RELEASED + 25 * HOUR  # a day after it was acknowledged
    assert found.sentence == (
        "Line 1 of order SO-1 (MUG) should have been reported as shipped (945) by 02 Mar 09:00 UTC."
    )


def test_a_step_that_may_still_come_is_not_missing():
    assert missing(trail(sent=0, acknowledged=1), at=RELEASED + 25 * HOUR) == []
    assert missing(trail(), at=RELEASED + HOUR / 4) == []


def test_a_later_step_proves_the_ones_before():
    assert missing(trail(shipped=30), at=RELEASED + 31 * HOUR) == [("SO-1", "erp_posted")]


def test_what_is_told_side_by_side_proves_nothing_of_each_other():
    found = trail(shipped=30, channel_told=30.1)
    assert missing(found) == [("SO-1", "erp_posted")]


def test_a_step_nobody_tells_of_is_passed_over():
    steps = ("sent", "shipped", "channel_told")
    assert missing(trail(steps=steps, sent=0, shipped=30)) == [("SO-1", "channel_told")]
    assert missing(trail(steps=steps, sent=0, shipped=30, channel_told=31)) == []


def test_the_longest_overdue_stands_first():
    late = LineTrail("SO-2", "1", "CUP", RELEASED - HOUR, STEPS, {})
    assert missing(trail(), late) == [("SO-2", "sent"), ("SO-1", "sent")]


def report(shipment, content, order="SO-1", tracking=()):
    return Report("RNO1", shipment, order, content, NOW, tracking)


def test_the_same_945_again_is_a_copy_and_another_text_a_version():
    reports = [
        report("SH-1", b"a"),
        report("SH-1", b"a"),
        report("SH-1", b"b"),
        report("SH-2", b"a"),
    ]
    assert repeated(reports) == [("RNO1", "SH-1", 1, 2)]


def test_a_tracking_number_of_two_orders_was_used_twice():
    reports = [
        report("SH-1", b"a", "SO-1", ("1Z1", "1Z2")),
        report("SH-1", b"b", "SO-1", ("1Z2",)),
        report("SH-2", b"c", "SO-2", ("1Z1",)),
    ]
    assert reused_tracking(reports) == [("1Z1", ("SO-1", "SO-2"))]
