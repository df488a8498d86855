"""What a customer is promised."""

import pytest

from portal.customers.targets import target_problems, targets

pytestmark = pytest.mark.pure


@pytest.mark.parametrize(
    ("severity", "ours"), [(1, (30, 240)), (2, (60, 480)), (3, (240, 2160)), (4, (480, 3600))]
)
def test_every_severity_has_targets(severity, ours):
    assert targets({}, severity) == ours


def test_a_customer_may_have_their_own():
    policies = {"case_targets": {"1": [15, 120]}, "approval": {}}
    assert targets(policies, 1) == (15, 120)
    assert targets(policies, 2) == (60, 480)


@pytest.mark.parametrize(
    ("content", "path", "sentence"),
    [
        ([30, 240], (), 'It must be a group of severities, such as {"1": [30, 240]}.'),
        ({"5": [30, 240]}, ("5",), "There is no such severity. There are: 1, 2, 3, 4."),
        ({"1": [30]}, ("1",),
         "Two whole numbers of minutes: to acknowledge, to resolve. Such as [30, 240]."),
        ({"1": [30, True]}, ("1",),
         "Two whole numbers of minutes: to acknowledge, to resolve. Such as [30, 240]."),
        ({"1": [0, 240]}, ("1",), "A target is at least 1 minute."),
        ({"1": [30, 100_001]}, ("1",), "A target is at most 100000 minutes."),
        ({"1": [240, 30]}, ("1",),
         "Resolving in 30 min would come before acknowledging in 240."),
    ],
)  # fmt: skip
def test_what_is_wrong_with_targets_is_told(content, path, sentence):
    assert list(target_problems(content)) == [(path, sentence)]


def test_good_targets_have_no_problems():
    assert list(target_problems({"1": [30, 30], "4": [1, 100_000]})) == []
