"""Numbers as people read them."""

from datetime import timedelta

import pytest

from monitoring.expect.words import about, at_words, chance_words, span_words
from tests.customers.calendars import local

pytestmark = pytest.mark.pure


@pytest.mark.parametrize(
    ("chance", "words"),
    [
        (0.9, "more than 1 in 2"),
        (0.05, "1 in 20"),
        (1 / 743, "1 in 740"),
        (5e-5, "1 in 20,000"),
        (1e-300, "less than 1 in 1,000,000,000"),
    ],
)
def test_chances_are_odds_of_two_figures(chance, words):
    assert chance_words(chance) == words


@pytest.mark.parametrize(
    ("number", "words"), [(0.42, "0.4"), (3.0, "3"), (9.96, "10"), (1234.5, "1,234")]
)
def test_what_is_expected_is_told_no_finer_than_it_is_known(number, words):
    assert about(number) == words


@pytest.mark.parametrize(
    ("at", "words"),
    [
        ("2026-03-04 09:12", "09:12"),
        ("2026-03-03 23:59", "Tue 23:59"),
        ("2026-02-20 08:00", "20 Feb 08:00"),
    ],
)
def test_times_say_as_much_of_the_day_as_is_needed(at, words):
    assert at_words(local(at), "America/Los_Angeles", local("2026-03-04 12:00")) == words


@pytest.mark.parametrize(
    ("minutes", "words"), [(44, "44 min"), (86, "1 h 26"), (60 * 24 * 3, "3 days")]
)
def test_how_long_it_lasted(minutes, words):
    assert span_words(timedelta(minutes=minutes)) == words
