"""Whom an alert goes to when, while nobody has it."""

import pytest

from monitoring.alerting.steps import Move, first, following
from tests.customers.calendars import utc

pytestmark = pytest.mark.pure
TEN = utc("2026-11-25 10:00")


def test_the_first_step_comes_at_once_or_after_its_wait():
    assert first([0, 15], raised_at=TEN) == Move(0, TEN)
    assert first([5], raised_at=TEN) == Move(0, utc("2026-11-25 10:05"))
    assert first([], raised_at=TEN) is None


def test_each_step_waits_from_when_the_one_before_was_told():
    waits = [0, 15, 30]
    assert following(waits, step=0, told_at=TEN, repeat=None) == Move(1, utc("2026-11-25 10:15"))
    later = utc("2026-11-25 10:20")
    assert following(waits, step=1, told_at=later, repeat=None) == Move(2, utc("2026-11-25 10:50"))


def test_past_the_last_step_it_is_said_again_or_left_at_that():
    assert following([0, 15], step=1, told_at=TEN, repeat=60) == Move(1, utc("2026-11-25 11:00"))
    assert following([0, 15], step=1, told_at=TEN, repeat=None) is None
    assert following([], step=0, told_at=TEN, repeat=60) is None
