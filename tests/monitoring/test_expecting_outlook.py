"""What is to be expected is worked out once, until it is learned anew or the days change."""

from datetime import date
from typing import Any

import pytest

from monitoring.domain import expecting_outlook
from monitoring.domain.expecting_days import of_expectations
from monitoring.domain.expecting_outlook import outlook_of
from monitoring.expect.profile import Outlook
from monitoring.models import Expectation, MarkedDays
from tests.monitoring.test_expecting_feeds import shop

__all__ = ["shop"]
pytestmark = pytest.mark.db


def outlook() -> Outlook:
    one = Expectation.objects.select_related("customer").get(kind="feed")
    return outlook_of(one, of_expectations([one])[one.customer_id])


def test_the_same_is_given_until_it_is_learned_anew(shop: Any) -> None:
    first = outlook()
    assert outlook() is first
    profile = Expectation.objects.get(kind="feed").profile
    Expectation.objects.update(profile={**profile, "clump": 2.0})
    assert outlook().profile.clump == 2.0


def test_a_marked_day_is_heeded_at_once(shop: Any) -> None:
    first = outlook()
    MarkedDays.objects.create(
        customer_id=shop.customer_id, first=date(2026, 3, 2), last=date(2026, 3, 3), factor=3,
        reason="Sale", author_name="Ana",
    )  # fmt: skip
    assert outlook() is not first
    assert outlook().days.of(date(2026, 3, 2)).factor == 3


def test_only_the_newest_are_remembered(shop: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr(expecting_outlook, "MOST", 2)
    first = outlook()
    one = Expectation.objects.select_related("customer").get(kind="feed")
    days = of_expectations([one])[one.customer_id]
    for pk in (-1, -2):
        one.pk = pk
        outlook_of(one, days)
    assert outlook() is not first
